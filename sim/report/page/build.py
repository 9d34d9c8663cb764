"""From results to the content of a page, section by section in the order a reader asks.

Which numbers are shown is decided by the tables' selection; how they look by the templates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.experiment.periods import Per
from sim.measure.facts import UNATTRIBUTED
from sim.report.notices import notices
from sim.report.page import answer, basis, figures, groups, ledger, map, money, words
from sim.report.page.arms import Arm, arms_of
from sim.report.page.content import Fold, Page, Part, Section, Table, Text
from sim.report.tables import headline, measures, numbers, rows
from sim.report.tables.grids import Grid, Row
from sim.report.tables.grids import Section as Rows
from sim.report.tables.rows import Difference, Under
from sim.report.tables.selection import HEADINGS, Heading
from sim.report.world import readable

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results import Comparison, Results


def comparison_page(
    comparison: Comparison, grids: Sequence[Grid], record: Mapping[str, Any], per: Per
) -> Page:
    """The page of a comparison.

    Parameters
    ----------
    comparison
        Its arms must have been run with `sim.report.digest.digest`.
    grids
        The tables that the command prints.
    record
        The manifest of the run.
    per
        Period of counts and sums.
    """
    arms = arms_of(comparison.arms, per)
    baseline, *alternatives = arms
    frame = comparison.table(per)
    headlines = [
        headline.headlines(comparison, frame, number, (baseline.world, arm.world))
        for number, arm in enumerate(alternatives)
    ]
    several = len(alternatives) > 1
    costs: list[Part] = []
    who: list[Part] = []
    work: list[Part] = []
    system: list[Part] = []
    pictures: list[Part] = []
    for number, arm in enumerate(alternatives, start=1):
        mark = f"-{number}" if several else ""
        if several:
            for parts in (costs, who, work, system, pictures):
                parts.append(Text((), arm.title))
        costs += money.parts(baseline, arm)
        who += _groups(frame, arm, baseline)
        work += ledger.parts(baseline, arm)
        system += map.parts((baseline, arm), mark)
        lines = _differences(frame, arm, baseline, [heading.drawn for heading in HEADINGS])
        pictures += figures.differences(lines, arm, mark)
        pictures += figures.moved(baseline, arm, mark)
    shown = arms if len(arms) <= 2 else arms[:1]
    pictures += figures.beds_over_time(arms[:3])
    pictures += figures.pools(shown) + figures.hours(shown) + figures.stays(arms[:4])
    for number, arm in enumerate(alternatives, start=1):
        pictures += figures.cases((baseline, arm), f"-{number}" if several else "")
    before = notices(comparison.arms, [arm.title for arm in arms])
    title = alternatives[0].title if not several else f"{len(alternatives)} alternatives"
    sections = (
        answer.compared(arms, headlines),
        Section("costs", "What it costs and releases", tuple(costs)),
        Section("groups", "Who gains and who loses", tuple(who)),
        Section("work", "Where the work went", tuple(work)),
        Section("system", "The system", tuple(system)),
        Section("pictures", "Pictures", tuple(pictures)),
        basis.section(arms, record),
        _tables(grids, _every_difference(frame, arms)),
    )
    return Page(
        f"{title} against {baseline.title}", _subtitle(baseline), before, sections, _footer()
    )


def run_page(results: Results, grids: Sequence[Grid], record: Mapping[str, Any], per: Per) -> Page:
    """The page of one scenario's run; parameters as of `comparison_page`."""
    arms = arms_of([results], per)
    (arm,) = arms
    frame = results.summary(per)
    found = rows.summaries(frame, [arm.world], (_headline(arm),))
    headlines = [line for group in found for line in group.lines]
    pictures: list[Part] = [*figures.beds_over_time(arms), *figures.pools(arms)]
    pictures += figures.hours(arms) + figures.stays(arms) + figures.cases(arms, "")
    sections = (
        answer.single(arm, headlines),
        Section("system", "The system", map.parts(arms, "")),
        Section("pictures", "Pictures", tuple(pictures)),
        basis.section(arms, record),
        _tables(grids, _every_mean(frame)),
    )
    return Page(arm.title, _subtitle(arm), notices([results], [arm.title]), sections, _footer())


def _subtitle(arm: Arm) -> str:
    number = len(arm.results.replications)
    return (
        f"Simulated patient flow, {number} {'replication' if number == 1 else 'replications'} of "
        f"{arm.world.duration / 1440:,.10g} days, seed {arm.results.seed}"
    )


def _footer() -> str:
    from sim.version import __version__

    return f"Written by urgentflow {__version__}. Nothing on this page is loaded from elsewhere."


def _headline(baseline: Arm) -> Heading:
    return headline.headline_picks(headline.headline_of(baseline.results))


def _differences(
    frame: pd.DataFrame, arm: Arm, baseline: Arm, headings: Sequence[Heading], by: str = ""
) -> list[Difference]:
    both = (baseline.world, arm.world)
    intends = headline.intentions(arm.results, baseline.results)
    found = rows.differences(frame, arm.results.name, both, headings, by, intends)
    return [line for group in found for line in group.lines]


def _groups(frame: pd.DataFrame, arm: Arm, baseline: Arm) -> list[Part]:
    """Headline measures by each attribute that says who gains and who loses."""
    parts: list[Part] = []
    for by in baseline.results.by:
        # money has its own section, and most of what a service costs belongs to no group
        lines = [
            line
            for line in _differences(frame, arm, baseline, (_headline(baseline),), by)
            if line.meaning.unit != "GBP" and line.level not in ("", UNATTRIBUTED)
        ]
        if lines:
            title = words.lower(_attribute_title(arm, by))
            parts.append(Text(groups.finding(lines, title), f"By {title}"))
            grid = measures.breakdown_comparison([Under("", tuple(lines))], by, arm.title)
            parts.append(Table(grid, f"by_{by}"))
    if not parts:
        parts.append(Text(("Results were not broken down by any attribute of people.",)))
    return parts


def _attribute_title(arm: Arm, by: str) -> str:
    drawn = arm.results.scenario.model.people.attributes.get(by)
    return drawn.title if drawn is not None and drawn.title else readable(by)


def _tables(grids: Sequence[Grid], everything: Grid) -> Section:
    intro = (
        "What the command prints, then every measure there is. The files beside this page have "
        "the same numbers with all their digits."
    )
    parts: list[Part] = [Text((intro,))]
    for grid in (*(grid for grid in grids if grid.sections), everything):
        rows_of = numbers.plural(sum(len(section.rows) for section in grid.sections), "row")
        table = Table(grid, "measures" if grid is everything else "", filtered=True)
        # the first is what was asked for; the others are many and for looking things up
        parts.append(table if len(parts) == 1 else Fold(f"{grid.title} ({rows_of})", (table,)))
    return Section("tables", "All tables", tuple(parts))


_NEVER = "What is 0 everywhere, or not known, is left out here; the CSV files have every row."


def _every_difference(frame: pd.DataFrame, arms: Sequence[Arm]) -> Grid:
    """All overall rows of the differences, as in `differences.csv`."""
    numbers = ("baseline", "value", "difference", "low", "high")
    titles = {arm.results.name: arm.title for arm in arms} if len(arms) > 2 else {}
    columns = ("of", "baseline", "alternative", "difference", "low", "high")
    return Grid("Every measure", columns, _every(frame, numbers, titles), (_NEVER,))


def _every_mean(frame: pd.DataFrame) -> Grid:
    """All overall rows of the means, as in `summary.csv`."""
    sections = _every(frame, ("mean", "low", "high"), {})
    return Grid("Every measure", ("of", "mean", "low", "high"), sections, (_NEVER,))


def _every(
    frame: pd.DataFrame, numbers: Sequence[str], titles: Mapping[str, str]
) -> tuple[Rows, ...]:
    """A section for each measure (and alternative, where there are `titles`)."""
    found: dict[str, list[Row]] = {}
    for row in frame[frame["by"] == ""].to_dict("records"):
        values = [float(row[name]) for name in numbers]
        if any(value and value == value for value in values):
            title = titles.get(str(row.get("alternative", "")), "")
            words = f"{row['measure']}, {row['unit']} {row['period']}".strip()
            cells = ("" if value != value else f"{value:.5g}" for value in values)
            heading = f"{title}: {words}" if title else words
            found.setdefault(heading, []).append(Row((str(row["of"]) or "all", *cells)))
    return tuple(Rows(heading, tuple(rows)) for heading, rows in found.items())
