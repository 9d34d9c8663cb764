"""The difference between two scenarios, in words.

Compares what the files say after merging, field by field, cell by cell within tables, and leaves
out what means the same (`60 min` and `1 h`, the order of names). Differences that come from an
option are listed under its title.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.scenario.loading import Loaded
from sim.scenario.problems import Path
from sim.scenario.quantities import duration, number
from sim.scenario.scalars import text_of
from sim.scenario.spots import RefusedError, Spot

#: what one thing of a section is called
NOUNS: Mapping[Path, str] = {
    ("crises",): "Crisis",
    ("calendars",): "Calendar",
    ("signals",): "Signal",
    ("attributes",): "Attribute",
    ("programmes",): "Programme",
    ("resources",): "Resource",
    ("pathway",): "Step",
    ("outcomes",): "Outcome",
    ("costs",): "Cost",
    ("measures",): "Measure",
    ("cases",): "Case",
    ("people", "attributes"): "People attribute",
    ("sources",): "Source of",
    ("uncertainty",): "Uncertainty of",
}

#: fields that hold things by name, each compared by itself
NESTED = frozenset({"relative_rates", "attributes", "profile", "set", "spawn"})

#: cells of a table shown one by one; a larger table is only summed up
MOST_CELLS = 8


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: where it stands, and what to say of it."""

    path: Path
    text: str


def differences(a: Loaded, b: Loaded) -> list[str]:
    """What changes from scenario `a` to scenario `b`, one line each, options as headings.

    Empty if both mean the same.
    """
    found = list(_all(a.tree, b.tree))
    titles = {option.file: option.title for option in b.applied if option not in a.applied}
    groups: dict[str, list[str]] = {}
    for difference in found:
        groups.setdefault(_title(difference.path, b, titles), []).append(difference.text)
    if set(groups) <= {""}:
        return groups.get("", [])
    lines = []
    for title in sorted(groups, key=["", *titles.values()].index):
        lines.append(f"{title}:" if title else "Otherwise:")
        lines += [f"  {text}" for text in groups[title]]
    return lines


def _title(path: Path, loaded: Loaded, titles: Mapping[Any, str]) -> str:
    """Title of the option that a value of `loaded` comes from, or an empty string."""
    while path:
        if path in loaded.origins:
            return titles.get(loaded.origins[path][0], "")
        path = path[:-1]
    return ""


def _all(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[Difference]:
    for section in dict.fromkeys([*a, *b]):
        old, new = a.get(section), b.get(section)
        path: Path = (section,)
        if section == "people":
            yield from _people(old or {}, new or {})
        elif path in NOUNS:
            yield from _things(path, old or {}, new or {})
        elif isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from _fields(path, section.capitalize(), old, new)
        else:
            yield from _values(path, section.capitalize(), old, new)


def _people(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    path: Path = ("people", "attributes")
    plain = [{k: v for k, v in each.items() if k != "attributes"} for each in (old, new)]
    yield from _fields(("people",), "People", plain[0], plain[1])
    yield from _things(path, old.get("attributes", {}), new.get("attributes", {}))


def _things(path: Path, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for name in dict.fromkeys([*old, *new]):
        here = (*path, name)
        label = f"{NOUNS[path]} {name}"
        if name not in old:
            yield Difference(here, f"{label} added: {shown(new[name])}")
        elif name not in new:
            yield Difference(here, f"{label} removed")
        elif isinstance(old[name], Mapping) and isinstance(new[name], Mapping):
            yield from _fields(here, label, old[name], new[name])
        else:
            yield from _values(here, label, old[name], new[name])


def _fields(
    path: Path, label: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Difference]:
    for field in dict.fromkeys([*old, *new]):
        here = (*path, field)
        was, now = old.get(field), new.get(field)
        if field in NESTED and isinstance(was, Mapping) and isinstance(now, Mapping):
            yield from _fields(here, f"{label}: {_words(field)}", was, now)
        else:
            separator = ":" if ":" not in label else ""
            yield from _values(here, f"{label}{separator} {_words(field)}", was, now)


def _values(path: Path, label: str, old: Any, new: Any) -> Iterator[Difference]:
    """The difference between two values: by cell where both are tables by the same attribute."""
    if same(old, new):
        return
    if old is None:
        yield Difference(path, f"{label} added: {shown(new)}")
    elif new is None:
        yield Difference(path, f"{label} removed, was {shown(old)}")
    elif _is_table(old) and _is_table(new) and old["by"] == new["by"]:
        for level in dict.fromkeys([*old, *new]):
            if level == "by":
                continue
            was, now = (each.get(level, each.get("other")) for each in (old, new))
            whom = f"for {old['by']} {level}" if level != "other" else f"for other {old['by']}"
            yield from _values((*path, level), f"{label} {whom}", was, now)
    else:
        yield Difference(path, f"{label} changed from {shown(old)} to {shown(new)}")


def same(old: Any, new: Any) -> bool:
    """Whether two values as written mean the same."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return set(old) == set(new) and all(same(old[key], new[key]) for key in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(same, old, new))
    if isinstance(old, Mapping | list) or isinstance(new, Mapping | list):
        return False
    return old == new or _meaning(old) == _meaning(new)


def _meaning(value: Any) -> tuple[str, Any]:
    """A scalar as a duration or a number, if it is one."""
    for kind, parse in (("duration", duration), ("number", number)):
        try:
            return kind, parse(value, Spot())
        except RefusedError:
            pass
    return "text", text_of(value)


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) and "by" in value


def _words(field: str) -> str:
    return field.replace("_", " ")


def shown(value: Any) -> str:
    """A value of a scenario in words."""
    if _is_table(value):
        return _table(value)
    if isinstance(value, Mapping):
        if len(value) == 1 and isinstance(inner := next(iter(value.values())), Mapping):
            return f"{next(iter(value))} ({shown(inner)})"
        return ", ".join(f"{_key(key)} {_inner(part)}" for key, part in value.items())
    if isinstance(value, list):
        if len(value) > MOST_CELLS:
            return f"{len(value)} values from {_extremes(value)}"
        return ", ".join(shown(part) for part in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _table(table: Mapping[str, Any]) -> str:
    cells = {level: part for level, part in table.items() if level != "by"}
    if len(cells) > MOST_CELLS:
        return f"a table by {table['by']} with {len(cells)} cells"
    inner = "; ".join(f"{level}: {_inner(part)}" for level, part in cells.items())
    return f"by {table['by']} ({inner})"


def _key(key: str) -> str:
    return _words(key)


def _inner(value: Any) -> str:
    return f"({shown(value)})" if isinstance(value, Mapping) and "by" not in value else shown(value)


def _extremes(values: list[Any]) -> str:
    try:
        return f"{min(values)} to {max(values)}"
    except TypeError:
        return f"{shown(values[0])} to {shown(values[-1])}"
