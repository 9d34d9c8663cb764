"""Several alternatives at a glance: the headline measures of all of them, the best first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.report.page import findings, words
from sim.report.page.content import Figure
from sim.report.pictures import estimates
from sim.report.pictures.estimates import Column
from sim.report.tables import numbers
from sim.report.tables.grids import Grid, Row, Section
from sim.report.tables.measures import bounds_title
from sim.report.tables.rows import Difference


@dataclass(frozen=True)
class Named:
    """What an alternative is called, its headline measures, and what has not settled in it."""

    name: str
    lines: Sequence[Difference]
    unsettled: str = ""

    @property
    def label(self) -> str:
        """The name, with a word where no figure of it can be relied on."""
        return f"{self.name} ({self.unsettled})" if self.unsettled else self.name


def ranking(baseline: str, alternatives: Sequence[Named]) -> list[Figure]:
    """One figure with every alternative's headline differences; none if nothing is measured.

    Parameters
    ----------
    baseline
        What the baseline is called.
    alternatives
        Each with the same measures in the same order; a measure that never happens in one may be
        missing there.
    """
    measures = list(dict.fromkeys(_key(line) for named in alternatives for line in named.lines))
    if not measures:
        return []
    ordered = sorted(alternatives, key=lambda n: (n.unsettled != "", _merit(n.lines, measures[0])))
    names = [named.label for named in ordered]
    columns = [_column(ordered, measure) for measure in measures]
    title = f"All {len(names)} alternatives against “{baseline}”"
    grid = _grid(title, ordered, measures)
    picture = estimates.draw(title, names, columns)
    return [Figure(title, _finding(ordered, measures[0]), picture, grid, "alternatives", wide=True)]


def _key(line: Difference) -> tuple[str, str]:
    return line.measure, line.of


def _line(lines: Sequence[Difference], measure: tuple[str, str]) -> Difference | None:
    return next((line for line in lines if _key(line) == measure), None)


def _merit(lines: Sequence[Difference], measure: tuple[str, str]) -> float:
    """What to sort by: the best first, unknown last; where no side is better, the least first."""
    line = _line(lines, measure)
    if line is None or not math.isfinite(line.difference):
        return math.inf
    return -line.difference * line.meaning.direction if line.meaning.direction else line.difference


def _column(ordered: Sequence[Named], measure: tuple[str, str]) -> Column:
    found = [_line(named.lines, measure) for named in ordered]
    known = [line for line in found if line is not None]
    meaning = known[0].meaning
    factor, unit = words.scale(meaning.unit, [line.difference for line in known])
    made = [None if line is None else findings.estimate(line, factor) for line in found]
    return Column(meaning.title, f"{unit} {meaning.period}".strip(), tuple(made))


def _finding(ordered: Sequence[Named], measure: tuple[str, str]) -> str:
    """What comes first, how many differ from the baseline, and a caution on picking."""
    lines = [line for named in ordered if (line := _line(named.lines, measure)) is not None]
    first = lines[0]
    told = [
        f"{numbers.plural(count, one, many)}"
        for verdict, one, many in (
            ("better", "improvement", "improvements"),
            ("worse", "concern", "concerns"),
            ("changed", "other change", "other changes"),
        )
        if (count := sum(line.verdict == verdict for line in lines))
    ]
    rest = [line for line in lines if line.verdict not in words.TOLD_APART]
    if rest:
        told.append(f"{len(rest)} with {words.untold(rest)}")
    by = "the best first" if first.meaning.direction else "the least first"
    unsettled = sum(named.unsettled != "" for named in ordered)
    last = f" Last, whatever their numbers: {unsettled} that did not settle." if unsettled else ""
    return (
        f"In order of {words.lower(first.meaning.title)}, {by}: {', '.join(told)}.{last} The first "
        "of many is partly there by luck: neighbours whose intervals overlap are not told apart."
    )


def _grid(title: str, ordered: Sequence[Named], measures: Sequence[tuple[str, str]]) -> Grid:
    sections = []
    for measure in measures:
        rows = tuple(
            Row((named.label, *words.both(line), line.written(), words.verdict(line)))
            for named in ordered
            if (line := _line(named.lines, measure)) is not None
        )
        known = next(line for n in ordered if (line := _line(n.lines, measure)) is not None)
        sections.append(Section(known.meaning.label, rows))
    everything = [line for named in ordered for line in named.lines]
    columns = ("", "before", "after", f"difference ({bounds_title(everything)})", "is")
    return Grid(title, columns, tuple(sections), words=frozenset({"is"}))
