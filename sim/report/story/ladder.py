"""The case's own table: how many journeys come to what in each world, and what that takes.

Rows are those of the case's `ladder`; then every step that some journeys in twenty pass; then days
in bed and how it ended. Differences are over replications: each is the mean of its copies, and only
replications are independent of each other.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from sim.experiment.intervals import difference_interval, mean_interval
from sim.report.pictures.rungs import Rate
from sim.report.story.draws import Arm, Story
from sim.report.story.timeline import Timeline
from sim.report.tables import numbers
from sim.report.tables.grids import Grid, Row, Section
from sim.report.world import DAY, Rung
from sim.scenario.language.tags import AE_ATTENDANCE, EMERGENCY_ADMISSION

#: share of journeys that must pass a step in some world for it to have a row
SOME = 0.05

#: heading of how long things take
DAYS = "Mean; median, half between"

#: what is asked of a case without a ladder of its own
USUAL: tuple[tuple[str, Callable[[Timeline], bool]], ...] = (
    ("Attends A&E", lambda item: item.reached(AE_ATTENDANCE)),
    ("Admitted to hospital", lambda item: item.reached(EMERGENCY_ADMISSION)),
    ("Uses a community bed", lambda item: item.bed_days("community") > 0),
)

LENGTHS: tuple[tuple[str, Callable[[Timeline], float]], ...] = (
    ("Days in acute beds", lambda item: item.bed_days("acute")),
    ("Days in community beds", lambda item: item.bed_days("community")),
    ("Days from onset to leaving the last bed", lambda item: item.days_to_leaving),
    (
        "Days waiting while keeping a bed, cubicle or crew",
        lambda item: item.minutes("blocked") / DAY,
    ),
)


def passes(rung: Rung) -> Callable[[Timeline], bool]:
    """Whether a journey comes to what a row of a ladder names."""

    def test(item: Timeline) -> bool:
        return (
            any(item.levels.get(name) in levels for name, levels in rung.levels)
            or item.outcome_name in rung.outcomes
            or any(
                stage.step in rung.steps or not stage.tags.isdisjoint(rung.tags)
                for stage in item.stages
                if math.isfinite(stage.started)
            )
        )

    return test


def distribution(story: Story) -> Grid:
    """The case over all journeys: its ladder, its steps, days in bed, and how it ended."""
    own = tuple((rung.title, passes(rung)) for rung in rungs(story))
    sections = (
        Section("How many journeys come to it", _shares(story, own or USUAL)),
        Section("How many pass each step", _shares(story, _steps(story))),
        Section(DAYS, tuple(_length(story, *item) for item in LENGTHS)),
        Section("How it ended: share, median days from onset", _endings(story)),
    )
    return Grid(
        f"{story.case.title}: over all journeys",
        ("", *(arm.title for arm in story.arms), *_difference_columns(story)),
        tuple(section for section in sections if section.rows),
        (_counts(story), stands_for(story)) if stands_for(story) else (_counts(story),),
    )


def own_table(story: Story) -> Grid:
    """The part of `distribution` that is read first: the ladder, the days in bed, whom it is of."""
    whole = distribution(story)
    kept = (whole.sections[0], *(part for part in whole.sections if part.heading == DAYS))
    return replace(whole, title=f"{story.case.title}: the ladder", sections=kept)


def rates(story: Story) -> tuple[Rate, ...]:
    """The ladder in numbers: for each rung the share in every world, and what differs."""
    own = tuple((rung.title, passes(rung)) for rung in rungs(story))
    return tuple(
        Rate(
            title,
            tuple(
                sum(map(test, arm.known)) / len(arm.known) if arm.known else math.nan
                for arm in story.arms
            ),
            "".join(_paired(story, _as_number(test), "share")),
        )
        for title, test in own or USUAL
    )


def rungs(story: Story) -> tuple[Rung, ...]:
    """The rows of the ladders of all worlds, those of the first first, each name once."""
    found: dict[str, Rung] = {}
    for arm in story.arms:
        for case in arm.world.cases:
            if case.name == story.case.name:
                for rung in case.ladder:
                    found.setdefault(rung.name, rung)
    return tuple(found.values())


def _steps(story: Story) -> tuple[tuple[str, Callable[[Timeline], bool]], ...]:
    """Every step that some journeys pass in some world, in the order in which they come to it."""
    places: dict[tuple[str, bool], list[int]] = {}
    often: Counter[tuple[str, bool]] = Counter()
    for arm in story.arms:
        passed: Counter[tuple[str, bool]] = Counter()
        for item in arm.known:
            seen: dict[tuple[str, bool], int] = {}
            for place, stage in enumerate(item.told):
                if math.isfinite(stage.started):
                    seen.setdefault((stage.title, stage.side), place)
            for key, place in seen.items():
                places.setdefault(key, []).append(place)
            passed.update(seen.keys())
        for key, number in passed.items():
            if number >= SOME * len(arm.known):
                often[key] += 1
    ordered = sorted(often, key=lambda key: float(np.mean(places[key])))
    return tuple((_step_title(*key), _passed(*key)) for key in ordered)


def _step_title(title: str, side: bool) -> str:
    return f"(meanwhile) {title}" if side else title


def _passed(title: str, side: bool) -> Callable[[Timeline], bool]:
    def test(item: Timeline) -> bool:
        return any(
            stage.title == title and stage.side == side and math.isfinite(stage.started)
            for stage in item.stages
        )

    return test


def _difference_columns(story: Story) -> tuple[str, ...]:
    return ("difference of means",) if len(story.arms) == 2 else ()


def _shares(
    story: Story, tests: Sequence[tuple[str, Callable[[Timeline], bool]]]
) -> tuple[Row, ...]:
    rows = []
    for title, test in tests:
        cells = [_share(sum(map(test, arm.known)), len(arm.known)) for arm in story.arms]
        rows.append(Row((title, *cells, *_paired(story, _as_number(test), "share"))))
    return tuple(rows)


def _as_number(test: Callable[[Timeline], bool]) -> Callable[[Timeline], float]:
    """1 where a test holds and 0 where not, so that a mean is a share."""
    return lambda item: float(test(item))


def _share(number: int, whole: int) -> str:
    return f"{100 * number / whole:.0f} % ({number} of {whole})" if whole else numbers.UNDEFINED


def _length(story: Story, title: str, get: Callable[[Timeline], float]) -> Row:
    cells = [_spread([get(item) for item in arm.known]) for arm in story.arms]
    return Row((title, *cells, *_paired(story, get, "days")))


def _spread(known: Sequence[float]) -> str:
    values = [value for value in known if not math.isnan(value)]
    if not values:
        return numbers.UNDEFINED
    low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
    return f"{np.mean(values):.1f}; {middle:.1f}, {low:.1f} to {high:.1f}"


def _paired(story: Story, get: Callable[[Timeline], float], unit: str) -> tuple[str, ...]:
    """The mean difference over replications, of the draws that both worlds have."""
    if len(story.arms) != 2:
        return ()
    changes = _by_replication(story, get)
    found = difference_interval(
        np.array([np.mean(values) for values in changes.values()]),
        1.0 if unit == "share" else math.inf,
    )
    return (
        numbers.difference(
            found.mean, found.low, found.high, unit, kind=found.kind, most_decimals=2
        ),
    )


def _by_replication(story: Story, get: Callable[[Timeline], float]) -> Mapping[int, list[float]]:
    first, second = story.arms
    changes: dict[int, list[float]] = {}
    for draw in story.shared:
        before, after = first.timelines[draw], second.timelines[draw]
        assert before is not None
        assert after is not None
        change = get(after) - get(before)
        if not math.isnan(change):
            changes.setdefault(draw.replication, []).append(change)
    return changes


def _endings(story: Story) -> tuple[Row, ...]:
    counted = Counter(item.outcome or "" for arm in story.arms for item in arm.known)
    rows = []
    for outcome, _ in sorted(counted.items(), key=lambda pair: (pair[0] == "", -pair[1])):
        cells = [_ending(arm, outcome) for arm in story.arms]
        title = outcome or "Not finished at the end of the run"
        get = _as_number(_ended_as(outcome))
        rows.append(Row((title, *cells, *_paired(story, get, "share"))))
    return tuple(rows)


def _ended_as(outcome: str) -> Callable[[Timeline], bool]:
    return lambda item: (item.outcome or "") == outcome


def _ending(arm: Arm, outcome: str) -> str:
    days = [item.days for item in arm.known if (item.outcome or "") == outcome]
    text = _share(len(days), len(arm.known))
    return f"{text}, {np.median(days):.1f} days" if days and outcome else text


def _counts(story: Story) -> str:
    number = len(story.arms[0].timelines)
    replications = len({draw.replication for draw in story.arms[0].timelines})
    each = " in each world" if len(story.arms) > 1 else ""
    text = (
        f"{numbers.plural(number, 'journey')}{each}, from "
        f"{numbers.plural(replications, 'replication')}, which differences are over."
    )
    for arm in story.arms:
        missing = len(arm.timelines) - len(arm.known)
        if missing:
            text += (
                f" {arm.title}: no such episode in {missing} of them "
                "(already in another episode, or dead)."
            )
        later = sum(item.later > 0 for item in arm.known)
        if later:
            text += f" {arm.title}: further crises later in {later}."
    return text


def stands_for(story: Story) -> str:
    """How many people a year the case stands for, in a sentence; empty if that is not known."""
    alike = story.arms[0].alike
    if not alike:
        return ""
    found = mean_interval(alike)
    if not found.mean:
        return (
            "Nobody with exactly these attributes came with this crisis in "
            f"“{story.arms[0].title}”: the case shows what would happen, and stands for no number."
        )
    count = numbers.value(found.mean, "episodes")
    bounds = ""
    if found.kind in ("95 %", "range"):
        low, high = (numbers.value(bound, "episodes") for bound in (found.low, found.high))
        bounds = " " + numbers.between(low, high, found.kind)
    return (
        f"The case stands for {count}{bounds} episodes a year: of people with the same attributes "
        f"and the same crisis, in “{story.arms[0].title}”."
    )


def chains(story: Story, most: int = 3) -> str:
    """The most frequent routes of each world, as plain text."""
    parts = []
    for arm, routes in zip(story.arms, frequent_routes(story, most), strict=True):
        lines = [f"  {share}: {route}" for share, route in routes]
        parts.append("\n".join([f"The most frequent routes: {arm.title}", *lines]))
    return "\n\n".join(parts) + "\n"


def frequent_routes(story: Story, most: int = 3) -> tuple[tuple[tuple[str, str], ...], ...]:
    """For each world its most frequent routes: what share takes it, and its whole chain."""
    return tuple(
        tuple(
            (_share(count, len(arm.known)), " > ".join(route) or "no step")
            for route, count in story.routes(number).most_common(most)
        )
        for number, arm in enumerate(story.arms)
    )
