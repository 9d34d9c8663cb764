"""From results to the content of a page, section by section in the order a reader asks.

Which numbers are shown is decided by the tables' selection; how they look by the templates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.experiment.periods import Per
from sim.measure.facts import UNATTRIBUTED
from sim.report.notices import notices
from sim.report.page import answer, basis, binding, figures, groups, ledger, map, money, words
from sim.report.page.arms import Arm, Drawn, arms_of, each_drawn
from sim.report.page.content import Bullets, Fold, Page, Part, Section, Table, Text
from sim.report.page.findings import looked_up
from sim.report.tables import headline, measures, rows
from sim.report.tables.doubt import variance_grids
from sim.report.tables.grids import Grid, Row
from sim.report.tables.grids import Section as Rows
from sim.report.tables.rows import Difference, Under
from sim.report.tables.selection import HEADINGS, Heading
from sim.report.world import readable

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results import Comparison, Results


def comparison_page(
    comparison: Comparison,
    grids: Sequence[Grid],
    record: Mapping[str, Any],
    per: Per,
    drawn: Drawn = "few",
) -> Page:
    """The page of a comparison.

    Several alternatives stand side by side first; what is said of each by itself is folded.

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
    drawn
        Of which alternatives there are pictures of their own, if there are several.
    """
    arms = arms_of(comparison.arms, per)
    baseline, *alternatives = arms
    frame = comparison.table(per)
    headlines = [
        headline.headlines(comparison, frame, number, (baseline.world, arm.world))
        for number, arm in enumerate(alternatives)
    ]
    costs = each(alternatives, lambda arm, _: money.parts(baseline, arm))
    if not costs:
        costs = [Text(("No scenario here states any costs.",))]
    elif len(alternatives) > 1:
        costs = [money.side_by_side(baseline, alternatives), *costs]
    title = alternatives[0].title if len(arms) == 2 else f"{len(alternatives)} alternatives"
    sections = (
        answer.compared(arms, headlines, comparison.variances is not None),
        Section("costs", "What it costs and releases", tuple(costs)),
        Section(
            "groups",
            "Who gains and who loses",
            tuple(each(alternatives, lambda arm, _: _groups(frame, arm, baseline))),
        ),
        Section(
            "work",
            "Where the work went",
            tuple(each(alternatives, lambda arm, _: ledger.parts(baseline, arm))),
        ),
        Section("system", "The system", _systems(baseline, alternatives)),
        Section("pictures", "Pictures", _pictures(frame, arms, drawn)),
        *_luck_and_inputs(comparison.variances),
        basis.section(arms, record),
        # every measure of many alternatives is more than a page can hold: the CSV has it
        _tables(grids, [_every_difference(frame)] if len(arms) == 2 else []),
    )
    before = notices(comparison.arms, [arm.title for arm in arms])
    return Page(
        f"{title} against {baseline.title}", _subtitle(baseline), before, sections, basis.footer()
    )


def each(alternatives: Sequence[Arm], make: Callable[[Arm, str], Sequence[Part]]) -> list[Part]:
    """Parts about every alternative: as they are of one by itself, folded under its title of many.

    `make` is given the arm, and what tells its figures from those of others.
    """
    if len(alternatives) == 1:
        return list(make(alternatives[0], ""))
    made: list[Part] = []
    for number, arm in enumerate(alternatives, start=1):
        parts = tuple(make(arm, f"-{number}"))
        if parts:
            made.append(Fold(arm.title, parts))
    return made


def _systems(baseline: Arm, alternatives: Sequence[Arm]) -> tuple[Part, ...]:
    """The map of the one alternative; of several, that of the baseline and what binds in each."""
    if len(alternatives) == 1:
        return map.parts((baseline, alternatives[0]), "")
    found = tuple((arm.title, binding.bottleneck(arm)[1]) for arm in (baseline, *alternatives))
    return (*map.parts((baseline,), ""), Bullets(found, "What binds in each"))


def _pictures(frame: pd.DataFrame, arms: Sequence[Arm], drawn: Drawn) -> tuple[Part, ...]:
    baseline, *alternatives = arms
    several = len(alternatives) > 1
    if several and not each_drawn(len(alternatives), drawn):
        words = (
            "Pictures of each alternative by itself are left out of a page with so many: "
            "`urgentflow compare --pictures all` draws them."
        )
        own: list[Part] = [Text((words,))]
    else:
        headings = [heading.drawn for heading in HEADINGS]

        def pictured(arm: Arm, mark: str) -> list[Part]:
            lines = _differences(frame, arm, baseline, headings)
            return [
                *figures.differences(lines, arm, mark),
                *figures.moved(baseline, arm, mark),
                *figures.ladders((baseline, arm), mark),
                # a timeline is as large as all the rest
                *(figures.journeys((baseline, arm), mark) if drawn == "all" or not several else ()),
            ]

        own = each(alternatives, pictured)
    shown = arms if not several else arms[:1]
    together = [*figures.beds_over_time(arms[:3]), *figures.pools(shown), *figures.hours(shown)]
    together += figures.stays(arms[:4])
    return (*own, *together) if not several else (*together, *own)


def run_page(results: Results, grids: Sequence[Grid], record: Mapping[str, Any], per: Per) -> Page:
    """The page of one scenario's run; parameters as of `comparison_page`."""
    arms = arms_of([results], per)
    (arm,) = arms
    frame = results.summary(per)
    found = rows.summaries(frame, [arm.world], (_headline(arm),))
    headlines = [line for group in found for line in group.lines]
    pictures: list[Part] = [*figures.beds_over_time(arms), *figures.pools(arms)]
    pictures += figures.hours(arms) + figures.stays(arms) + figures.ladders(arms, "")
    pictures += figures.journeys(arms, "")
    sections = (
        answer.single(arm, headlines, results.variances is not None),
        Section("system", "The system", map.parts(arms, "")),
        Section("pictures", "Pictures", tuple(pictures)),
        *_luck_and_inputs(results.variances),
        basis.section(arms, record),
        _tables(grids, [_every_mean(frame)]),
    )
    return Page(
        arm.title, _subtitle(arm), notices([results], [arm.title]), sections, basis.footer()
    )


def _luck_and_inputs(variances: pd.DataFrame | None) -> tuple[Section, ...]:
    """A section that tells luck from doubt of the inputs, if any were drawn."""
    if variances is None or not len(variances):
        return ()
    draws, within = (variances[name].iloc[0] for name in ("draws", "replications"))
    said = (
        f"{draws} draws of all inputs that the scenarios call uncertain, the same in every arm, "
        f"with {within} replications of each."
    )
    tables = (Table(grid, "variances") for grid in variance_grids(variances))
    return (Section("inputs", "Luck and inputs", (Text((said,)), *tables)),)


def _subtitle(arm: Arm) -> str:
    number = len(arm.results.replications)
    return (
        f"Simulated patient flow, {number} {'replication' if number == 1 else 'replications'} of "
        f"{arm.world.duration / 1440:,.10g} days, seed {arm.results.seed}"
    )


def _headline(baseline: Arm) -> Heading:
    return headline.headline_picks(headline.headline_of(baseline.results))


def _differences(
    frame: pd.DataFrame, arm: Arm, baseline: Arm, headings: Sequence[Heading], by: str = ""
) -> list[Difference]:
    both = (baseline.world, arm.world)
    intends = headline.intentions(arm.results, baseline.results)
    unsettled = headline.both_unsettled(baseline.results, arm.results)
    found = rows.differences(frame, arm.results.name, both, headings, by, intends, unsettled)
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


def _tables(grids: Sequence[Grid], everything: Sequence[Grid]) -> Section:
    """What the command prints, and every measure there is."""
    intro = (
        "What the command prints, then every measure there is. "
        if everything
        else "What the command prints. "
    ) + "The files beside this page have the same numbers with all their digits."
    return Section("tables", "All tables", (Text((intro,)), *looked_up((*grids, *everything))))


_NEVER = "What is 0 everywhere, or not known, is left out here; the CSV files have every row."


def _every_difference(frame: pd.DataFrame) -> Grid:
    """All overall rows of the differences of one alternative, as in `differences.csv`."""
    columns = ("of", "baseline", "alternative", "difference", "low", "high")
    values = ("baseline", "value", "difference", "low", "high")
    return Grid("Every measure", columns, _every(frame, values), (_NEVER,))


def _every_mean(frame: pd.DataFrame) -> Grid:
    """All overall rows of the means, as in `summary.csv`."""
    columns = ("of", "mean", "low", "high")
    return Grid("Every measure", columns, _every(frame, columns[1:]), (_NEVER,))


def _every(frame: pd.DataFrame, columns: Sequence[str]) -> tuple[Rows, ...]:
    """A section for each measure."""
    found: dict[str, list[Row]] = {}
    for row in frame[frame["by"] == ""].to_dict("records"):
        values = [float(row[name]) for name in columns]
        if any(value and value == value for value in values):
            cells = ("" if value != value else f"{value:.5g}" for value in values)
            heading = f"{row['measure']}, {row['unit']} {row['period']}".strip()
            found.setdefault(heading, []).append(Row((str(row["of"]) or "all", *cells)))
    return tuple(Rows(heading, tuple(rows)) for heading, rows in found.items())
