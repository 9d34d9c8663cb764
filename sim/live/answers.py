"""What the replications done so far say, as plain data for the page.

Made with the functions behind `compare` (paired differences, intervals, words), so that the page
and the command show the same numbers to the last digit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.experiment.answers.enough import FIRST, precise
from sim.experiment.bottlenecks import COLUMNS, bottlenecks
from sim.experiment.differences import KEYS, paired_differences
from sim.experiment.intervals import FEWEST
from sim.experiment.periods import in_period
from sim.live.over_time import seen
from sim.live.worlds import FIRST_DAYS, Told
from sim.report.tables import numbers
from sim.report.tables.headline import DEFAULT, GROWING, clauses, headline_from, headline_picks
from sim.report.tables.rows import Difference, differences
from sim.scenario.language.standard_measures import parts_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.settling import Settling
    from sim.experiment.tasks.task import Outcome
    from sim.report.world import World

#: name of the changed world in a frame of differences
CHANGED = "changed"

#: what is said by who gave up or was turned away, which tells whether a change only looks better
LOST = "never_seen"

#: measures of a scenario that names no headline
OTHERWISE = (*DEFAULT, "arrivals")

#: most pools in the table of who waits for what
MOST_POOLS = 8

By = Mapping[int, "Outcome"]


def references(told: Told) -> tuple[str, ...]:
    """The measures of a full replication: what is judged by, and every pool's use and queue."""
    judged = told.loaded.model.headline or OTHERWISE
    pools = [f"{name}/{pool}" for name in COLUMNS.values() for pool in told.plan.resources]
    return tuple(dict.fromkeys((*judged, LOST, *pools)))


def first_references(told: Told) -> tuple[str, ...]:
    """The measures of a first look."""
    return tuple(dict.fromkeys((*(told.loaded.model.headline or OTHERWISE), LOST)))


def answer(before: Told, after: Told, one: By, other: By, margin: float) -> dict[str, Any]:
    """What is known of a change.

    Parameters
    ----------
    before, after
        The baseline and the changed world.
    one, other
        Outcomes of their replications so far, by number.
    margin
        The difference that would matter, as a part of the baseline.
    """
    pairs = sorted(set(one) & set(other))
    days = before.loaded.model.run.duration / 1440
    ours = frame({number: one[number] for number in pairs})
    theirs = frame({number: other[number] for number in pairs})
    pools = _pools(before, after, ours, theirs, days)
    picked = _headline(before, ours, days)
    sides = (before, one), (after, other)
    unsettled = [settling(told, [by[number] for number in pairs]) for told, by in sides]
    growing = tuple(each is not None and each.state.value in GROWING for each in unsettled)
    lines = _lines(before, after, ours, theirs, picked, days, growing)
    return {
        "pairs": len(pairs),
        "rows": [_row(line, _values(line, one, other, pairs)) for line in lines],
        "sentence": f"With this change, {clauses(lines)}." if lines else "",
        "enough": _enough(lines, one, other, pairs, margin) if lines else None,
        "pools": pools,
        "seen": seen(*((told, [by[number] for number in pairs]) for told, by in sides)),
        "growing": [
            "" if each is None or each.state.value not in GROWING else each.state.value
            for each in unsettled
        ],
    }


def settling(told: Told, outcomes: Sequence[Outcome]) -> Settling | None:
    """Whether the queues of a world settled; None while nothing is known of it."""
    from sim.experiment.settling import judge

    return judge(told.context, [each.backlog for each in outcomes]) if outcomes else None


def first_look(before: Told, after: Told, one: Outcome, other: Outcome) -> dict[str, Any]:
    """What the first weeks of one replication say: a hint, and no more."""
    ours, theirs = frame({1: one}), frame({1: other})
    picked = before.loaded.model.headline or tuple(
        name for name in OTHERWISE if one.values.get(name, 0.0) > 0
    )
    lines = _lines(before, after, ours, theirs, tuple(picked)[:5], FIRST_DAYS)
    return {"days": FIRST_DAYS, "rows": [_row(line, []) for line in lines]}


def baseline_numbers(told: Told, outcomes: By) -> dict[str, Any]:
    """The numbers of the baseline by itself."""
    ours = frame(outcomes)
    days = told.loaded.model.run.duration / 1440
    picked = _headline(told, ours, days)
    lines = _lines(told, told, ours, ours, picked, days)
    return {
        "pairs": len(outcomes),
        "rows": [
            {"title": line.meaning.label, "before": numbers.value(line.baseline, line.meaning.unit)}
            for line in lines
        ],
        "pools": _pools(told, told, ours, ours, days),
        "seen": seen((told, list(outcomes.values()))),
    }


def frame(outcomes: By) -> pd.DataFrame:
    """Outcomes as tidy measures, with the columns that differences are made of."""
    import pandas as pd

    from sim.measure import definitions

    known = definitions()
    rows = []
    for number, outcome in sorted(outcomes.items()):
        for reference, value in outcome.values.items():
            measure, of = parts_of(reference)
            rows.append((number, measure, of, "", "", value, known[measure].unit))
    return pd.DataFrame(rows, columns=["replication", *KEYS, "value", "unit"])


def _headline(told: Told, measured: pd.DataFrame, days: float) -> tuple[str, ...]:
    named = told.loaded.model.headline
    if named or not len(measured):
        return named
    totals = measured[measured["of"] == ""].groupby("measure")["value"].sum()
    table = bottlenecks(measured, days, _beds(told))
    pool = str(table["resource"].iloc[0]) if len(table) else ""
    return headline_from({str(name): float(total) for name, total in totals.items()}, pool)


def _beds(told: Told) -> dict[str, str]:
    return {pool.name: pool.bed or "" for pool in told.meaning.resources}


def _lines(
    before: Told,
    after: Told,
    ours: pd.DataFrame,
    theirs: pd.DataFrame,
    picked: Sequence[str],
    days: float,
    growing: tuple[bool, ...] = (False, False),
) -> tuple[Difference, ...]:
    from sim.measure import definitions

    if not len(ours):
        return ()
    changes = paired_differences(ours, theirs, CHANGED, definitions())
    changes = in_period(changes, "run", days)
    worlds: tuple[World, ...] = (before.meaning, after.meaning)
    intends: dict[str, Any] = {}
    for option in after.loaded.applied:
        if option not in before.loaded.applied:
            intends |= option.intends
    found = differences(
        changes,
        CHANGED,
        worlds,
        (headline_picks(picked),),
        intends=intends,
        unsettled=(growing[0], growing[1]),
    )
    return tuple(line for group in found for line in group.lines)


def _values(line: Difference, one: By, other: By, pairs: Sequence[int]) -> list[float]:
    """The difference of each replication, in per cent of the baseline's mean."""
    name = f"{line.measure}/{line.of}" if line.of else line.measure
    ours = [one[number].values.get(name, math.nan) for number in pairs]
    theirs = [other[number].values.get(name, math.nan) for number in pairs]
    mean = sum(ours) / len(ours) if ours else math.nan
    if not mean or not math.isfinite(mean):
        return []
    changes = [100 * (b - a) / abs(mean) for a, b in zip(ours, theirs, strict=True)]
    return [each for each in changes if math.isfinite(each)]


def _row(line: Difference, values: Sequence[float]) -> dict[str, Any]:
    percent = [_finite(line.percent(each)) for each in (line.difference, line.low, line.high)]
    return {
        "measure": f"{line.measure}/{line.of}" if line.of else line.measure,
        "title": line.meaning.label,
        "before": numbers.value(line.baseline, line.meaning.unit),
        "after": numbers.value(line.alternative, line.meaning.unit),
        "difference": line.written(),
        "percent": numbers.percent_of(line.difference, line.baseline),
        "raw": [_finite(each) for each in (line.baseline, line.alternative, line.difference)],
        "shown": percent,
        "each": [round(each, 4) for each in values],
        "interval": line.interval,
        "verdict": line.verdict,
        "intended": line.wanted,
        "beware": _beware(line),
        "chance": _chance(line),
    }


def _chance(line: Difference) -> str:
    """How likely the change is for the better, by luck alone, in words."""
    number = line.replications
    if line.verdict == "no change":
        return "no difference at all"
    direction = 0 if line.verdict == "changed" else line.meaning.direction
    word = "better" if direction else "more"
    if line.interval == "no variation":
        return f"the same in all {number}"
    counted = direction and not math.isnan(line.better)
    count = f"better in {line.better:.0f} of {number}" if counted else ""
    if line.interval != "95 %" or not line.high > line.low:
        return count or "too few to tell"
    from scipy.special import stdtr

    from sim.experiment.intervals import t_quantile

    error = (line.high - line.low) / 2 / t_quantile(number - 1)
    share = float(stdtr(number - 1, (direction or 1) * line.difference / error))
    return f"{_share(share)} chance of {word}" + (f", {count}" if count else "")


def _beware(line: Difference) -> str:
    """Why a change is not called better or worse although it may look so."""
    if line.verdict != "changed" or not line.meaning.direction:
        return ""
    if line.flattered:
        return "more people give up or are turned away, which makes this look better"
    return "fewer people give up or are turned away, which makes this look worse"


def _share(share: float) -> str:
    if share > 0.995:
        return "over 99 %"
    return "under 1 %" if share < 0.005 else f"{100 * share:.0f} %"


def _enough(
    lines: Sequence[Difference], one: By, other: By, pairs: Sequence[int], margin: float
) -> dict[str, Any]:
    """Whether the first of the headline is known as closely as was asked for."""
    import numpy as np

    line = lines[0]
    name = f"{line.measure}/{line.of}" if line.of else line.measure
    table = np.array([[each[k].values.get(name, math.nan) for k in pairs] for each in (one, other)])
    table = table[:, ~np.isnan(table).any(axis=0)]
    number, title = table.shape[1], line.meaning.title
    wanted = f"{100 * margin:.10g} % of the baseline"
    if number < FEWEST:
        return {
            "enough": False,
            "text": f"Too early to decide: {number} of at least {FIRST} pairs.",
        }
    said = precise(margin, relative=True)(table)
    half = 100 * (line.high - line.low) / 2 / abs(line.baseline) if line.baseline else math.nan
    known = title + (f" known to ± {half:.2g} %" if math.isfinite(half) and half else " known")
    if said.content and number >= FIRST:
        return {"enough": True, "text": f"Enough to decide: {known}, and {wanted} would matter."}
    if said.content:
        return {
            "enough": False,
            "text": f"Nearly enough: {known}; {FIRST} pairs are run before that is believed.",
        }
    more = f"about {said.needed:,} pairs would do" if said.needed < 10**6 else "no number of pairs"
    matters = margin * abs(line.baseline)
    if line.low > matters or line.high < -matters:  # NaN is neither
        beyond = f"{title} differs by more than {wanted}"
        if number >= FIRST:
            size = known.removeprefix(title).strip()
            return {"enough": True, "text": f"Enough to decide: {beyond} ({size})."}
        return {
            "enough": False,
            "text": f"It looks clear: {beyond}; {FIRST} pairs are run before that is believed.",
        }
    return {"enough": False, "text": f"Not enough yet: {known}, and {wanted} would matter; {more}."}


def _pools(
    before: Told, after: Told, ours: pd.DataFrame, theirs: pd.DataFrame, days: float
) -> list[dict[str, Any]]:
    """The pools that bind in either world, the most binding first."""
    if not len(ours):
        return []
    tables = [
        bottlenecks(measured, days, _beds(told)).set_index("resource")
        for told, measured in ((before, ours), (after, theirs))
    ]
    names = [name for table in tables for name in table.index[table["binds"]]]
    titles = {pool.name: pool.title for told in (before, after) for pool in told.meaning.resources}
    found = []
    for name in list(dict.fromkeys(names))[:MOST_POOLS]:
        sides = [table.loc[name] if name in table.index else None for table in tables]
        cells = {"name": name, "title": titles[name]}
        for word, side in zip(("before", "after"), sides, strict=True):
            use = math.nan if side is None else float(side["utilisation"])
            queue = math.nan if side is None else float(side["queue_mean"])
            wait = math.nan if side is None else float(side["wait_mean"])
            cells[word] = {
                "use": numbers.value(use, "share"),
                "queue": numbers.value(queue, "people"),
                "wait": numbers.duration(wait),
            }
        found.append(cells)
    return found


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
