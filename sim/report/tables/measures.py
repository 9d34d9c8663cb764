"""The tables of a run and of a comparison, as grids of formatted numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.experiment.intervals import FEWEST
from sim.report.tables import numbers
from sim.report.tables.grids import Grid, Row, Section
from sim.report.tables.rows import Difference, Summary, Under
from sim.report.world import readable

#: what stands beside a difference, so that colour is never the only sign
MARKS = {
    "better": "better",
    "worse": "worse",
    "changed": "changed",
    "uncertain": "~",
    "no change": "=",
}

MARK_NOTE = (
    "better, worse: the whole interval lies on that side of zero. changed: it does, and neither "
    "side is called better. ~: not told apart from no change. =: no change at all. 4 of 5: better "
    "in four of five replications."
)
KEPT_NOTE = (
    "Fewer people gave up, were turned away, or wait in a queue that grows, and were seen by "
    "nobody after: what also rises because they are seen is not called worse."
)
LOST_NOTE = (
    "More people gave up, were turned away, or wait in a queue that grows, and were seen by "
    "nobody after: what also falls for want of them is not called better."
)

SPARE = ("alternative", "in %")

INTERVAL_NOTE = "Intervals are 95 % of the mean over replications."
RANGE_NOTE = (
    f"[Brackets]: the lowest and highest replication; fewer than {FEWEST} give no 95 % interval."
)


def bounds_title(lines: Sequence[Difference | Summary]) -> str:
    """What the bounds of these lines are, for the head of a column."""
    few = any(line.interval == "range" for line in lines)
    return "lowest to highest" if few and not _any_interval(lines) else "95 % interval"


def _any_interval(lines: Sequence[Difference | Summary]) -> bool:
    return any(line.interval == "95 %" for line in lines)


def _columns(lines: Sequence[Difference]) -> tuple[str, ...]:
    return ("", "baseline", "alternative", f"difference ({bounds_title(lines)})", "in %", "is")


def bounds_notes(lines: Sequence[Difference | Summary]) -> tuple[str, ...]:
    """A note on brackets, if there are any."""
    return (RANGE_NOTE,) if any(line.interval == "range" for line in lines) else ()


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
    lines = [line for group in groups for line in group.lines]
    lost = [LOST_NOTE] if any(line.flattered for line in lines) else []
    lost += [KEPT_NOTE] if any(line.burdened for line in lines) else []
    return Grid(
        f"{alternative} against {baseline}",
        _columns(lines),
        sections,
        (MARK_NOTE, *bounds_notes(lines), *lost),
        words=frozenset({"is"}),
        spare=SPARE,
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
        line.written(),
        "" if unit == "share" else numbers.percent_of(line.difference, line.baseline),
        f"{line.wanted or MARKS[line.verdict]} {how_many(line)}".strip(),
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
    lines = [line for group in groups for line in group.lines]
    notes = ((INTERVAL_NOTE,) if _any_interval(lines) else ()) + bounds_notes(lines)
    return Grid(title, ("", "mean", bounds_title(lines)), sections, notes)


def _summary(line: Summary) -> Row:
    return Row(summary_cells(line))


def summary_cells(line: Summary) -> tuple[str, str, str]:
    """A mean as it stands in a table: its label, the number, and its bounds or nothing."""
    unit = line.meaning.unit
    bounded = math.isfinite(line.low) and math.isfinite(line.high)
    width = max((line.high - line.low) / 2, abs(line.mean) / 1000) if bounded else 0.0
    scale = numbers.scale_for(
        unit, line.mean, line.low, line.high, resolution=width or _finest(line.mean)
    )
    spread = ""
    if line.interval == "no variation":
        spread = numbers.NO_VARIATION
    elif bounded:
        spread = numbers.between(scale.write(line.low), scale.write(line.high), line.interval)
    return line.meaning.label, scale.write(line.mean), spread.strip("()")


def breakdown_summary(groups: Sequence[Under[Summary]], by: str) -> Grid:
    """Main measures of one scenario by the levels of an attribute: a row for each level."""
    lines = [line for group in groups for line in group.lines]
    sections = tuple(
        Section(
            label,
            tuple(
                _named(line.level, _summary(line)) for line in lines if line.meaning.label == label
            ),
        )
        for label in dict.fromkeys(line.meaning.label for line in lines)
    )
    columns = ("", "mean", bounds_title(lines))
    return Grid(f"By {readable(by).lower()}", columns, sections, bounds_notes(lines))


def breakdown_comparison(groups: Sequence[Under[Difference]], by: str, alternative: str) -> Grid:
    """Differences of the main measures by the levels of an attribute: a row for each level."""
    lines = [line for group in groups for line in group.lines]
    sections = tuple(
        Section(
            label,
            tuple(
                _named(line.level, _difference(line))
                for line in lines
                if line.meaning.label == label
            ),
        )
        for label in dict.fromkeys(line.meaning.label for line in lines)
    )
    return Grid(
        f"{alternative}: by {readable(by).lower()}",
        _columns(lines),
        sections,
        bounds_notes(lines),
        words=frozenset({"is"}),
        spare=SPARE,
    )


def _named(name: str, row: Row) -> Row:
    return Row((name, *row.cells[1:]), row.tone)
