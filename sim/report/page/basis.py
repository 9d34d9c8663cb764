"""What a result rests on: every number with its source, what is not modelled, the manifest."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.report.page import stress_des
from sim.report.page.arms import Arm
from sim.report.page.content import SUPPLY, Bullets, Fold, Part, Section, Table, Text
from sim.report.tables import numbers
from sim.report.tables.grids import Grid, Row
from sim.report.tables.grids import Section as Rows
from sim.scenario.explain.unsourced import STATUSES, Entry, book
from sim.scenario.rules.sourcing import ASSUMED, ID, evidence_rows

#: what the program leaves out whatever the scenario, with what that means for a reader
NOT_MODELLED = (
    ("Planned care", "beyond what the scenario brings, with all the staff and rooms it takes."),
    (
        "People do not age, move, or join",
        "the population is as drawn at the start, less those who die on the pathway; one person "
        "has one episode at a time. Who arrives in a stream is somebody else each time.",
    ),
    ("Space and travel", "travel times are delays; vehicles have no position."),
    (
        "Staff",
        "change over at once at the hours given and finish what they have begun; nobody is "
        "interrupted for somebody more urgent unless a step is `interruptible`.",
    ),
    (
        "Behaviour",
        "reacts only where the scenario says so. Better access does not bring more demand by "
        "itself.",
    ),
    ("Health", "beyond what the pathway has: no quality of life."),
    (
        "Uncertainty of the inputs",
        "intervals are over luck, given the inputs; `--draws` shows what inputs do, where the "
        "scenario says how uncertain they are.",
    ),
    ("Clock changes and leap years", "every day has 24 hours."),
)

#: the order of the assumptions book: what a reader should doubt first
WEAKEST = ("unsourced", "assumed", "recalled", "seen")

_LONGEST = 240  # characters of a value


#: what stands where nobody wrote what a result must not be used for
UNSAID = (
    f"{SUPPLY}. Whoever wrote the scenario has not said what its results must not be used for "
    "(`not_for`); until they do, take them for an illustration."
)

SAME_LUCK = "All arms have the same people with the same luck, so that what differs is the change."

#: what intervals are over, and what they are not
OVER_DRAWS = (
    "Intervals are over luck and over the inputs that were drawn. “What is doubtful” says which of "
    "these matter; of all others the numbers in the files are taken as given."
)

LUCK_AND_INPUTS = (
    "Intervals are over luck only; how far the inputs that were drawn move the same numbers stands "
    "under “Luck and inputs”. Of all others the numbers in the files are taken as given."
)

OVER_LUCK = (
    "Luck only, inputs taken as given: intervals are over luck, and how sure the numbers in the "
    "files are stands under “What it rests on”."
)

MANIFEST = "Manifest: what is needed to get the same results again"


def footer() -> str:
    """What wrote the page."""
    from sim.version import __version__

    return f"Written by urgentflow {__version__}. Nothing on this page is loaded from elsewhere."


def section(arms: Sequence[Arm], record: Mapping[str, Any]) -> Section:
    """What the result rests on.

    Parameters
    ----------
    arms
        The baseline, then the alternatives.
    record
        The manifest of the run (`sim.experiment.store.manifest`).
    """
    parts: list[Part] = []
    base = book(arms[0].results.scenario)
    counts = dict.fromkeys((*STATUSES, "unsourced"), 0)
    for entry in base:
        counts[entry.status] += entry.numbers
    said = ", ".join(f"{number:,} {status}" for status, number in counts.items() if number)
    parts.append(
        Text(
            (
                f"“{arms[0].title}” has {sum(counts.values()):,} numbers: {said}. Seen: read in "
                "the source. Recalled: quoted without the source at hand. Assumed: somebody's "
                "judgement, with the reason given.",
                "Weakest first: what has no source, what is assumed, what is recalled, what was "
                "seen. How much each matters to the result is not known from this run.",
            ),
            "Assumptions book",
        )
    )
    for arm in arms[1:]:
        known = set(map(_same, base))
        changed = [e for e in book(arm.results.scenario) if _same(e) not in known]
        title = f"{arm.title}: what it changes"
        parts.append(_book(title, changed, arm, f"assumptions-{arm.results.name}"))
    parts.append(_book(f"{arms[0].title}: every number", base, arms[0], "assumptions"))
    parts.append(Bullets(NOT_MODELLED, "What is not modelled"))
    not_for = [arm.results.scenario.model.not_for.strip() for arm in arms]
    told = tuple(dict.fromkeys(text for text in not_for if text)) or (UNSAID,)
    parts.append(Text(told, "What the result must not be used for"))
    parts.append(
        Fold("STRESS-DES: the checklist for reporting simulations", stress_des.parts(arms))
    )
    parts.append(Fold(MANIFEST, (manifest(record),)))
    return Section("basis", "What it rests on", tuple(parts))


def _same(entry: Entry) -> tuple[str, str, str]:
    return entry.field, compact(entry.value), entry.source


def _book(title: str, entries: Sequence[Entry], arm: Arm, name: str) -> Fold:
    loaded = arm.results.scenario
    rows_of = (
        {row[ID].strip(): row for row in evidence_rows(loaded.evidence)}
        if (loaded.evidence)
        else {}
    )
    rows = []
    for entry in sorted(entries, key=lambda entry: WEAKEST.index(entry.status)):
        value = compact(entry.value)
        if len(value) > _LONGEST:
            value = value[: _LONGEST - 1] + "…"
        who = _who(entry.source, rows_of)
        where = f"{Path(os.path.relpath(entry.file)).as_posix()}:{entry.line}"
        rows.append(Row((entry.field, value, entry.status, who, where)))
    columns = ("what", "value", "status", "source: who says so", "where it is written")
    grid = Grid(title, columns, (Rows("", tuple(rows)),), words=frozenset(columns))
    summary = f"{title} ({numbers.plural(sum(e.numbers for e in entries), 'number')})"
    return Fold(summary, (Table(grid, name, filtered=True),))


def _who(source: str, rows: Mapping[str, Mapping[str, str]]) -> str:
    """Evidence ids with who says so, or the reason of an assumption."""
    if not source:
        return SUPPLY
    if source.startswith(ASSUMED):
        return source
    said = []
    for name in (part.strip() for part in source.split(",")):
        row = rows.get(name, {})
        details = ", ".join(text for key in ("source", "year") if (text := row.get(key, "")))
        said.append(f"{name}: {details}" if details else name)
    return "; ".join(said)


def compact(value: Any) -> str:
    """A value as it would stand on one line of a file."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {compact(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(compact(part) for part in value) + "]"
    return str(value)


def manifest(record: Mapping[str, Any]) -> Part:
    """What is needed to get the same results again, as a table."""
    items = []
    for key, value in record.items():
        if key == "scenarios":
            for scenario in value:
                text = f"SHA-256 {scenario['sha256']}"
                items.append((f"scenario {scenario['name']}", text))
                items += [
                    (f"file {file}", f"SHA-256 {sha}") for file, sha in scenario["files"].items()
                ]
        else:
            text = " ".join(map(str, value)) if isinstance(value, list) else compact(value)
            items.append((key, text))
    rows = tuple(Row(item) for item in dict.fromkeys(items))
    return Table(
        Grid("Manifest", ("what", "value"), (Rows("", rows),), words=frozenset(("what", "value")))
    )
