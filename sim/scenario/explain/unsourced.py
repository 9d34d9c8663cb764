"""Where the numbers of a scenario come from, and which come from nowhere.

A `sources` entry covers its path and everything below it. It speaks for the value it was written
beside: a value from a later file than its source (an option that overrides a sourced number) has
no source until the later file gives one.

No source is asked for the run itself (`run`), orders of service (`priority`), targets of measures,
opening hours (`calendars`), and `cases`, which are decisions and not facts; nor for 0 anywhere,
nor for 1 as a probability or a factor, which say "none", "always" and "no change".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.scenario.files.overriding import OVERRIDES
from sim.scenario.loading import Loaded
from sim.scenario.problems import Path, dotted
from sim.scenario.rules.sourcing import ASSUMED, ID, evidence_rows

#: fields that hold numbers, by section; `*` is any name, what follows in the value is read whole
FIELDS: Sequence[tuple[str, ...]] = (
    ("parameters", "*", "value"),
    ("people", "number"),
    ("people", "strata"),
    ("people", "attributes", "*", "shares"),
    ("crises", "*", "rate"),
    ("crises", "*", "relative_rates", "*"),
    ("crises", "*", "profile", "hour"),
    ("crises", "*", "profile", "weekday"),
    ("crises", "*", "profile", "month"),
    ("crises", "*", "profile", "growth"),
    ("crises", "*", "profile", "day_to_day"),
    ("crises", "*", "attributes", "*", "shares"),
    ("crises", "*", "first"),
    ("arrivals", "*", "rate"),
    ("arrivals", "*", "profile", "hour"),
    ("arrivals", "*", "profile", "weekday"),
    ("arrivals", "*", "profile", "month"),
    ("arrivals", "*", "profile", "growth"),
    ("arrivals", "*", "profile", "day_to_day"),
    ("arrivals", "*", "attributes", "*", "shares"),
    ("arrivals", "*", "first"),
    ("signals", "*", "at_least"),
    ("signals", "*", "until"),
    ("signals", "*", "waited"),
    ("signals", "*", "for"),
    ("programmes", "*", "coverage"),
    ("programmes", "*", "caseload"),
    ("resources", "*", "capacity"),
    ("resources", "*", "changes"),
    ("resources", "*", "opens_after"),
    ("resources", "*", "closes_after"),
    ("resources", "*", "queue_limit"),
    ("resources", "*", "turnaround"),
    ("resources", "*", "break"),
    ("resources", "*", "slots"),
    ("pathway", "*", "lead"),
    ("pathway", "*", "within"),
    ("pathway", "*", "attend"),
    ("pathway", "*", "length"),
    ("pathway", "*", "patience"),
    ("pathway", "*", "renege_to"),
    ("pathway", "*", "balk_to"),
    ("pathway", "*", "delay"),
    ("pathway", "*", "set", "*"),
    ("pathway", "*", "spawn"),
    ("pathway", "*", "route"),
    ("costs", "*", "each"),
    ("costs", "*", "per_hour"),
    ("costs", "*", "per_day"),
    ("costs", "*", "per_year"),
)

#: fields whose 1 means "always" or "no change"
OF_ONE = frozenset(
    {
        "attend",
        "length",
        "shares",
        "first",
        "set",
        "spawn",
        "route",
        "renege_to",
        "balk_to",
        "relative_rates",
    }
)

STATUSES = ("seen", "recalled", "assumed")

_QUANTITY = re.compile(r"\s*[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?\s*(%|[A-Za-z]+|per\s.*|/.*|$)")


@dataclass(frozen=True, slots=True)
class Unsourced:
    """A field with numbers that nothing vouches for.

    `numbers` is how many of them; `path`, `file` and `line` say where the first one stands.
    """

    field: str
    numbers: int
    path: str
    file: str
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """How many numbers stand on what evidence, and the fields where some stand on none."""

    counts: Mapping[str, int]
    unsourced: tuple[Unsourced, ...]


def numbers_of(tree: Mapping[str, Any]) -> Iterator[tuple[Path, Path]]:
    """Every number that needs a source, as the paths of its field and of itself."""
    for pattern in FIELDS:
        for field, value in _matching(tree, pattern, ()):
            one = bool(OF_ONE & set(pattern))
            for path, number in _numbers(value, field, "set" in pattern):
                if number != 0 and not (one and number == 1):
                    yield field, path


def _matching(tree: Any, pattern: tuple[str, ...], done: Path) -> Iterator[tuple[Path, Any]]:
    if not pattern:
        yield done, tree
    elif isinstance(tree, Mapping):
        for name in list(tree) if pattern[0] == "*" else [pattern[0]]:
            if name in tree:
                yield from _matching(tree[name], pattern[1:], (*done, name))


def _numbers(value: Any, path: Path, levels: bool) -> Iterator[tuple[Path, float]]:
    """Numbers in a value; where it may be a level (`levels`), a lone scalar is a name."""
    if isinstance(value, Mapping):
        table = "by" in value
        for key, part in value.items():
            if key != "by":
                yield from _numbers(part, (*path, key), levels and table)
    elif isinstance(value, list | tuple):
        for i, part in enumerate(value):
            yield from _numbers(part, (*path, i), False)
    elif not levels and (number := _quantity(value)) is not None:
        yield path, number


def _quantity(value: Any) -> float | None:
    """The number in a scalar such as `0.2`, `60 %`, `20 min` or `45 per hour`; else None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str) and len(value) < 60 and (match := _QUANTITY.match(value)):
        number = float(value[: match.start(4)])
        return number / 100 if match[4] == "%" else number
    if isinstance(value, str) and value.endswith(".csv"):
        return float("nan")  # a file of numbers, which is never 0 or 1
    return None


def provenance(loaded: Loaded) -> Provenance:
    """How many numbers of a scenario were seen, recalled or assumed, and what has no source."""
    statuses = evidence_statuses(loaded)
    entries = _entries(loaded)
    order = {str(file): number for number, file in enumerate(loaded.files)}
    order[OVERRIDES] = len(order)
    counts = dict.fromkeys((*STATUSES, "unsourced"), 0)
    missing: dict[Path, list[tuple[Path, str]]] = {}
    for field, path in numbers_of(loaded.tree):
        entry = _covering(path, entries)
        why = _why_unsourced(loaded, path, entry, order)
        if why:
            counts["unsourced"] += 1
            missing.setdefault(field, []).append((path, why))
        else:
            counts[_status(str(loaded.tree["sources"][entry]), statuses)] += 1
    return Provenance(
        counts, tuple(_unsourced(loaded, field, found) for field, found in missing.items())
    )


def evidence_statuses(loaded: Loaded) -> dict[str, str]:
    """Status of every row of the scenario's evidence table, by id; empty without a table."""
    if loaded.evidence is None:
        return {}
    rows = evidence_rows(loaded.evidence)
    return {row[ID].strip(): (row.get("status") or "").strip() for row in rows if row[ID]}


def _entries(loaded: Loaded) -> dict[str, str]:
    """Files that `sources` entries come from, by path."""
    sources = loaded.tree.get("sources") or {}
    return {path: loaded.origins[("sources", path)][0] for path in sources}


def _covering(path: Path, entries: Mapping[str, str]) -> str | None:
    """The longest path in `sources` that covers a value."""
    text = dotted(path)
    while text and text not in entries:
        text = text.rpartition(".")[0]
    return text or None


def _why_unsourced(loaded: Loaded, path: Path, entry: str | None, order: Mapping[str, int]) -> str:
    """Why nothing vouches for a number; empty if something does."""
    if entry is None:
        return "no source"
    written = loaded.origins[path][0]
    source = loaded.origins[("sources", entry)][0]
    if order.get(written, 0) > order.get(source, 0):
        return f"changed since its source was given (sources: {entry})"
    return ""


def _status(source: str, statuses: Mapping[str, str]) -> str:
    """The weakest status among the evidence a source names."""
    if source.startswith(ASSUMED):
        return "assumed"
    found = {statuses.get(name.strip(), "") for name in source.split(",")}
    return next((status for status in reversed(STATUSES) if status in found), "seen")


def _unsourced(loaded: Loaded, field: Path, found: Sequence[tuple[Path, str]]) -> Unsourced:
    first, why = found[0]
    file, line = loaded.origins[first]
    return Unsourced(dotted(field), len(found), dotted(first), str(file), line, why)


@dataclass(frozen=True, slots=True)
class Entry:
    """A field with numbers and what vouches for them; `numbers` is how many there are.

    `source` is what `sources` says, empty if nothing does; `status` is one of `STATUSES` or
    ``unsourced``. `value` is the field as it was written.
    """

    field: str
    value: Any
    numbers: int
    source: str
    status: str
    file: str
    line: int


def book(loaded: Loaded) -> tuple[Entry, ...]:
    """Every field with numbers of a scenario, in the order of the files, with its sources.

    A field whose parts have several sources has an entry for each of them.
    """
    statuses = evidence_statuses(loaded)
    entries = _entries(loaded)
    order = {str(file): number for number, file in enumerate(loaded.files)}
    order[OVERRIDES] = len(order)
    found: dict[tuple[Path, str | None, str], list[Path]] = {}
    for field, path in numbers_of(loaded.tree):
        entry = _covering(path, entries)
        why = _why_unsourced(loaded, path, entry, order)
        found.setdefault((field, entry, why), []).append(path)
    made = []
    for (field, entry, why), paths in found.items():
        source = "" if why or entry is None else str(loaded.tree["sources"][entry])
        file, line = loaded.origins[paths[0]]
        status = _status(source, statuses) if source else "unsourced"
        value = _at(loaded.tree, field)
        made.append(Entry(dotted(field), value, len(paths), source, status, str(file), line))
    return tuple(made)


def _at(tree: Any, path: Path) -> Any:
    for name in path:
        tree = tree[name]
    return tree
