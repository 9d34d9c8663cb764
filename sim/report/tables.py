"""The tables of a run and of a comparison, as grids of formatted numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.report import numbers
from sim.report.grids import Grid, Row, Section
from sim.report.rows import Difference, Summary, Under

#: what stands beside a difference, so that colour is never the only sign
MARKS = {"better": "better", "worse": "worse", "changed": "", "uncertain": "~", "no change": "="}

MARK_NOTE = (
    "better, worse: the whole interval lies on that side of zero. ~: the interval includes "
    "no change. =: no change at all. 4 of 5: better in four of five replications."
)

INTERVAL_NOTE = "Intervals are 95 % of the mean over replications."


def comparison(groups: Sequence[Under[Difference]], baseline: str, alternative: str) -> Grid:
    """Set one alternative against the baseline.

    Parameters
    ----------
    groups
        The rows to show (`sim.report.rows.differences`).
    baseline, alternative
        Titles of the arms.
    """
    sections = tuple(
        Section(group.heading, tuple(_difference(line) for line in group.lines)) for group in groups
    )
    return Grid(
        f"{alternative} against {baseline}",
        ("", "baseline", "alternative", "difference (95 % interval)", "in %", "is"),
        sections,
        (MARK_NOTE,),
        words=frozenset({"is"}),
        spare=("alternative", "in %"),
    )


def _difference(line: Difference) -> Row:
    unit = line.meaning.unit
    scale = numbers.scale_for(
        unit, line.baseline, line.alternative, resolution=_finest(line.baseline, line.alternative)
    )
    cells = (
        line.meaning.label,
        scale.write(line.baseline),
        scale.write(line.alternative),
        numbers.difference(line.difference, line.low, line.high, unit),
        "" if unit == "share" else numbers.percent_of(line.difference, line.baseline),
        f"{MARKS[line.verdict]} {how_many(line)}".strip(),
    )
    tone = line.verdict if line.verdict in ("better", "worse") else ""
    return Row(cells, "quiet" if line.verdict in ("uncertain", "no change") else tone)


def _finest(*values: float) -> float | None:
    sizes = [abs(value) for value in values if math.isfinite(value) and value != 0]
    return min(sizes) / 20 if sizes else None


def how_many(line: Difference) -> str:
    """In how many replications the alternative is better: ``5 of 5``; empty if none differs."""
    if not math.isfinite(line.better) or line.same == line.replications:
        return ""
    return f"{line.better:.0f} of {line.replications}"


def summary(groups: Sequence[Under[Summary]], title: str) -> Grid:
    """One scenario's main measures: mean over replications with its interval."""
    sections = tuple(
        Section(group.heading, tuple(_summary(line) for line in group.lines)) for group in groups
    )
    return Grid(title, ("", "mean", "95 % interval"), sections, (INTERVAL_NOTE,))


def _summary(line: Summary) -> Row:
    unit = line.meaning.unit
    bounded = math.isfinite(line.low) and math.isfinite(line.high)
    width = max((line.high - line.low) / 2, abs(line.mean) / 1000) if bounded else 0.0
    scale = numbers.scale_for(
        unit, line.mean, line.low, line.high, resolution=width or _finest(line.mean)
    )
    spread = f"{scale.write(line.low)} to {scale.write(line.high)}" if bounded else ""
    return Row((line.meaning.label, scale.write(line.mean), spread))


def breakdown_summary(groups: Sequence[Under[Summary]], by: str) -> Grid:
    """Main measures of one scenario by the levels of an attribute, one column per level."""
    lines = [line for group in groups for line in group.lines]
    levels = tuple(dict.fromkeys(line.level for line in lines))
    sections = []
    for group in groups:
        rows: dict[str, dict[str, str]] = {}
        for line in group.lines:
            written = numbers.value(line.mean, line.meaning.unit)
            rows.setdefault(line.meaning.label, {})[line.level] = written
        sections.append(Section(group.heading, _columns(rows, levels)))
    return Grid(
        f"By {by.replace('_', ' ')}", ("", *levels), tuple(sections), ("Means over replications.",)
    )


def breakdown_comparison(groups: Sequence[Under[Difference]], by: str, alternative: str) -> Grid:
    """Differences of the main measures by the levels of an attribute, one column per level."""
    lines = [line for group in groups for line in group.lines]
    levels = tuple(dict.fromkeys(line.level for line in lines))
    sections = []
    for group in groups:
        rows: dict[str, dict[str, str]] = {}
        for line in group.lines:
            written = numbers.difference(line.difference, line.low, line.high, line.meaning.unit)
            rows.setdefault(line.meaning.label, {})[line.level] = written
        sections.append(Section(group.heading, _columns(rows, levels)))
    name = by.replace("_", " ")
    return Grid(
        f"{alternative}: differences by {name} (95 % interval)", ("", *levels), tuple(sections)
    )


def _columns(rows: dict[str, dict[str, str]], levels: Sequence[str]) -> tuple[Row, ...]:
    return tuple(
        Row((label, *(cells.get(level, "") for level in levels))) for label, cells in rows.items()
    )
