"""What must hold in every log, exactly, whatever was simulated.

Each check looks for contradictions in the logs of one replication and says in words what it
found; `violations` makes them all. They use neither the measures nor the engine's own counters,
so that an error in either shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.logs import Fate, Logs
from sim.measure.arrays import Floats, Index, Integers, Mask
from sim.measure.context import Context, bare_context
from sim.measure.joined_logs import capacity_changes, open_ended, starts_of_runs
from sim.measure.occupancy import step_function
from sim.measure.rows import stable_order

if TYPE_CHECKING:
    import pandas as pd

    from sim.plan.plan import Plan

#: sums of the same times in another order differ by rounding only
ROUNDING = 1e-9

#: when a capacity changed, and to how many units
Changes = tuple[Floats, Integers]

Check = Callable[[Context, Logs], Iterator[str]]


def violations(plan: Plan, logs: Logs) -> list[str]:
    """Everything in the logs of one replication that cannot be; empty if all is well."""
    return violations_in(bare_context(plan), logs)


def violations_in(context: Context, logs: Logs) -> list[str]:
    """The same in a context that has been built before."""
    # the other checks look things up by code, so they need sound codes
    return list(codes_in_range(context, logs)) or [
        words for check in CHECKS for words in check(context, logs)
    ]


def breakdown_violations(measures: pd.DataFrame) -> list[str]:
    """Measures whose breakdown does not add up to the total, in a frame that `measure` made."""
    from sim.measure.registry import definitions

    additive = {name for name, definition in definitions().items() if definition.adds_up}
    whole: dict[tuple[str, str], float] = {}
    parts: dict[tuple[str, str, str], list[float]] = {}
    columns = (measures[name].tolist() for name in ("measure", "of", "by", "value"))
    for measure, of, by, value in zip(*columns, strict=True):
        if by:
            parts.setdefault((by, measure, of), []).append(value)
        else:
            whole[measure, of] = value
    return [
        f"{measure} of {of or 'all'} by {by} adds up to {sum(values)}, not to {whole[measure, of]}"
        for (by, measure, of), values in parts.items()
        if measure in additive and not _same_sum(sum(values), whole[measure, of])
    ]


def _same_sum(a: float, b: float) -> bool:
    return bool(np.isclose(a, b, rtol=ROUNDING, atol=ROUNDING, equal_nan=True))


def _first(rows: Index | Mask, what: str) -> Iterator[str]:
    """One sentence for any number of offending rows."""
    rows = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
    if len(rows):
        yield f"{what}: {len(rows)} rows, the first is row {rows[0]}"


def times_in_order(context: Context, logs: Logs) -> Iterator[str]:
    """Times never run backwards, nor to the horizon."""
    visits, holds, episodes = logs.visits, logs.holds, logs.episodes
    yield from _first(visits.started < visits.queued, "visits started before they queued")
    yield from _first(visits.ended < visits.queued, "visits ended before they queued")
    yield from _first(visits.ended < visits.started, "visits ended before they started")
    yield from _first(holds.released < holds.seized, "units released before they were seized")
    yield from _first(holds.ready < holds.released, "units ready before they were released")
    yield from _first(episodes.ended < episodes.onset, "episodes ended before their onset")
    yield from _first(
        np.diff(np.maximum(visits.queued, 0.0)) < 0, "visits not in order of queueing"
    )
    yield from _first(np.diff(np.maximum(holds.seized, 0.0)) < 0, "holds not in order of seizing")
    yield from _first(
        np.diff(np.maximum(episodes.onset, 0.0)) < 0, "episodes not in order of onset"
    )
    times = {
        "visits": (visits.queued, visits.started, visits.ended),
        "holds": (holds.seized, holds.released),
        "interruptions": (logs.interruptions.at, logs.interruptions.resumed),
        "episodes": (episodes.onset, episodes.ended),
        "absorbed crises": (logs.absorbed.at,),
    }
    # who is present at the start has begun before it
    may_be_before = (visits.queued, visits.started, holds.seized, episodes.onset)
    for name, columns in times.items():
        for column in columns:
            outside = (column < 0) | (column >= logs.horizon)
            if any(column is begun for begun in may_be_before):
                outside &= ~(column < 0)
            yield from _first(outside, f"{name} with a time outside [0, horizon)")


def fates_match_times(context: Context, logs: Logs) -> Iterator[str]:
    """What became of a visit is told by its fate and by its times alike."""
    visits = logs.visits
    started, ended = ~np.isnan(visits.started), ~np.isnan(visits.ended)
    joins = np.isin(visits.step, context.joining_steps)
    expected = {
        Fate.WAITING: ~started & ~ended,
        Fate.STARTED: started & ~ended,
        Fate.ENDED: started & ended,
        Fate.RENEGED: ~started & ended,
        Fate.BALKED: ~started & ended & (joins | (visits.ended == visits.queued)),
        Fate.INTERRUPTED: started & ended,
    }
    for fate, holds in expected.items():
        wrong = (visits.fate == fate) & ~holds
        yield from _first(wrong, f"visits of fate {fate.name} whose times say otherwise")
    seizes = np.array(context.step_resource, dtype=np.int64)[visits.step] >= 0
    wrong = ~seizes & ~joins & (visits.started != visits.queued)
    yield from _first(wrong, "visits that seize nothing and yet did not start at once")


def codes_in_range(context: Context, logs: Logs) -> Iterator[str]:
    """Every code names something, so that breakdowns miss nobody."""
    episodes = logs.episodes
    codes: dict[str, tuple[Integers, int, int]] = {
        "step of visits": (logs.visits.step, len(context.steps), 0),
        "episode of visits": (logs.visits.episode, len(episodes.onset), 0),
        "fate of visits": (logs.visits.fate, len(Fate), 0),
        "resource of holds": (logs.holds.resource, len(context.resources), 0),
        "episode of holds": (logs.holds.episode, len(episodes.onset), 0),
        "crisis of episodes": (episodes.crisis, len(context.crises), 0),
        "outcome of episodes": (episodes.outcome, len(context.outcomes), -1),
        "case of episodes": (episodes.case, len(context.cases), -1),
        "parent of episodes": (episodes.parent, len(episodes.onset), -1),
    }
    for name, (column, number, least) in codes.items():
        yield from _first((column < least) | (column >= number), f"{name} out of range")
    for attribute, name in enumerate(context.attributes):
        column = episodes.levels[:, attribute]
        wrong = (column < 0) | (column >= len(context.levels[attribute]))
        yield from _first(wrong, f"level of {name} out of range")


def episodes_add_up(context: Context, logs: Logs) -> Iterator[str]:
    """Arrivals = completed + unfinished, and each episode is the chain of its visits."""
    visits, episodes = logs.visits, logs.episodes
    finished = ~np.isnan(episodes.ended)
    yield from _first(finished != (episodes.outcome >= 0), "episodes ended without an outcome")
    if len(episodes.onset) != finished.sum() + np.count_nonzero(episodes.outcome < 0):
        yield "episodes begun are not the completed and the unfinished"
    order = stable_order(visits.episode)
    episode, queued, ended = visits.episode[order], visits.queued[order], visits.ended[order]
    first = starts_of_runs(episode)
    last = np.append(first[1:], True)[: len(first)]
    if not np.array_equal(episode[first], np.arange(len(episodes.onset))):
        yield "episodes without any visit"
        return
    yield from _first(queued[first] != episodes.onset, "episodes whose first visit is not at onset")
    unlike = ~same_time(ended[last], episodes.ended)
    yield from _first(unlike, "episodes that do not end with their last visit")
    gaps = ~first[1:] & ~same_time(queued[1:], ended[:-1])
    yield from _first(gaps, "visits that do not follow on the one before")


def side_tasks_have_parents(context: Context, logs: Logs) -> Iterator[str]:
    """A side task begins during the episode that spawned it and is of the same person."""
    episodes = logs.episodes
    rows = np.flatnonzero(episodes.parent >= 0)
    parent = episodes.parent[rows]
    yield from _first(rows[parent >= rows], "side tasks that stand before their parent")
    wrong = episodes.person[rows] != episodes.person[parent]
    yield from _first(rows[wrong], "side tasks of another person than their parent")
    began, over = episodes.onset[rows], open_ended(episodes.ended[parent])
    wrong = (began < episodes.onset[parent]) | (began > over)
    yield from _first(rows[wrong], "side tasks begun outside the episode of their parent")


def one_episode_at_a_time(context: Context, logs: Logs) -> Iterator[str]:
    """A person has at most one open episode, and none after death."""
    episodes = logs.episodes
    rows = np.flatnonzero(episodes.parent < 0)
    rows = rows[stable_order(episodes.person[rows])]
    same = np.flatnonzero(~starts_of_runs(episodes.person[rows])) if len(rows) else rows
    before, after = rows[same - 1], rows[same]
    overlapping = open_ended(episodes.ended[before]) > episodes.onset[after]
    yield from _first(after[overlapping], "episodes begun while the person had another")
    if "died" in context.outcomes:
        died = episodes.outcome[before] == context.outcomes.index("died")
        yield from _first(after[died], "episodes begun after death")


def steps_add_up(context: Context, logs: Logs) -> Iterator[str]:
    """At every step: arrivals = ended + reneged + balked + waiting + started, and Little's law."""
    visits = logs.visits
    # one column of counts per fate, for each step
    counts = np.zeros((len(context.steps), len(Fate)), dtype=np.int64)
    np.add.at(counts, (visits.step, visits.fate), 1)
    left = ~np.isnan(visits.ended)
    for step, name in enumerate(context.steps):
        here = visits.step == step
        gone = counts[step, [Fate.ENDED, Fate.RENEGED, Fate.BALKED, Fate.INTERRUPTED]].sum()
        still = counts[step, [Fate.WAITING, Fate.STARTED]].sum()
        if gone != np.count_nonzero(here & left) or still != np.count_nonzero(here & ~left):
            yield f"{name}: visits arrived are not the completed and the unfinished"
        ends = np.fmin(visits.ended[here], logs.horizon)
        yield from _little(f"visits at {name}", visits.queued[here], ends, logs.horizon)
    ends = np.fmin(logs.episodes.ended, logs.horizon)
    yield from _little("episodes", logs.episodes.onset, ends, logs.horizon)


def _little(what: str, begins: Floats, ends: Floats, horizon: float) -> Iterator[str]:
    """The integral of the number present is the sum of the times spent."""
    moments, number = step_function(begins, ends)
    if number.min() < 0:
        yield f"{what}: fewer than none are present at some time"
    lengths = np.diff(np.append(moments[1:], horizon)) if len(moments) > 1 else np.zeros(0)
    integral, spent = float(number[1:] @ lengths), float((ends - begins).sum())
    if not np.isclose(integral, spent, rtol=ROUNDING, atol=ROUNDING * max(1.0, horizon)):
        yield f"{what}: {integral} present x minutes, but {spent} minutes spent"


def units_add_up(context: Context, logs: Logs) -> Iterator[str]:
    """Each unit is held by the visit that started with it, and given back by the end."""
    visits, holds, episodes = logs.visits, logs.holds, logs.episodes
    of_step = np.array(context.step_resource, dtype=np.int64)
    whose = visits.episode.take(holds.visit)
    yield from _first(whose != holds.episode, "units held by another episode than their visit's")
    begun = _spans_begin(logs)
    at = np.column_stack([holds.visit, holds.seized])
    unlike = ~np.isin(at.view("c16").ravel(), begun.view("c16").ravel())
    yield from _first(unlike, "units that no visit started with, or went on with")
    # one unit, at least, unless none was asked for after all
    served = np.flatnonzero(_asks_for_one(context).take(visits.step) & ~np.isnan(visits.started))
    without = np.setdiff1d(served, holds.visit)
    yield from _first(without, "visits started with a unit that nobody holds")
    plain = _asks_for_one(context).take(visits.step.take(holds.visit))
    other = of_step.take(visits.step.take(holds.visit)) != holds.resource
    yield from _first(plain & other, "units that no visit started with, of what it asked for")
    early = holds.released < _spans_end(logs, holds.visit, holds.seized)
    yield from _first(early, "units given back before the visit ended")
    missing = np.isnan(holds.released) != np.isnan(holds.ready)
    yield from _first(missing, "units given back and never ready")
    over = episodes.ended[holds.episode]
    late = ~np.isnan(over) & ~(holds.released <= over)
    yield from _first(late, "units held by a finished episode")


def _asks_for_one(context: Context) -> Mask:
    """For each step, whether it asks for one unit of one resource, at once or after waiting."""
    asked = np.array(context.step_resource, dtype=np.int64) >= 0
    asked[list(context.asks_otherwise)] = False
    return asked


def _spans_begin(logs: Logs) -> Floats:
    """Visit and time of every start and every going on after an interruption; shape (n, 2)."""
    visits, breaks = logs.visits, logs.interruptions
    number = np.arange(len(visits.step), dtype=np.float64)
    first = np.column_stack([number, visits.started])
    again = np.column_stack([breaks.visit.astype(np.float64), breaks.resumed])
    return np.ascontiguousarray(np.concatenate([first, again]))


def _spans_end(logs: Logs, visit: Integers, begun: Floats) -> Floats:
    """When the span of a visit that began at a time ended: interrupted, or with the visit."""
    ended = logs.visits.ended.take(visit)
    breaks = logs.interruptions
    for row in range(len(breaks.at)):
        here = (visit == breaks.visit[row]) & (begun <= breaks.at[row])
        ended[here] = np.fmin(ended[here], breaks.at[row])
    return ended


def capacity_suffices(context: Context, logs: Logs) -> Iterator[str]:
    """Busy time is the sum of holds, within capacity but for overtime; nobody waits needlessly."""
    for number, (name, changes) in enumerate(
        zip(context.resources, capacity_changes(context, logs), strict=True)
    ):
        rows = np.flatnonzero(logs.holds.resource == number)
        seized, ready = logs.holds.seized[rows], open_ended(logs.holds.ready[rows])
        moments, in_use = step_function(seized, ready)
        ends = np.minimum(ready, logs.horizon)
        yield from _little(f"units of {name} in use", seized, ends, logs.horizon)
        if changes[1].min() < 0:
            continue
        used = in_use[np.searchsorted(moments, seized, side="right") - 1]
        beyond = used > _most_at(changes, seized)
        beyond &= seized >= 0.0  # more may be present at the start than there is room for
        if number not in context.works_late:
            yield from _first(rows[beyond], f"units of {name} seized beyond its capacity")
        if number not in context.asked_otherwise:  # else a free unit may not be enough
            yield from _idle(context, logs, number, changes, moments, in_use)


def _idle(
    context: Context,
    logs: Logs,
    resource: int,
    capacity: Changes,
    moments: Floats,
    in_use: Index,
) -> Iterator[str]:
    """Moments at which someone waits although a unit is free."""
    visits = logs.visits
    here = np.array(context.step_resource, dtype=np.int64)[visits.step] == resource
    left = np.where(np.isnan(visits.started), visits.ended, visits.started)
    changes, waiting = step_function(visits.queued[here], open_ended(left[here]))
    times = np.union1d(np.union1d(moments, changes), capacity[0])
    times = times[(times >= 0) & (times < logs.horizon)]
    queue = waiting[np.searchsorted(changes, times, side="right") - 1]
    used = in_use[np.searchsorted(moments, times, side="right") - 1]
    idle = times[(queue > 0) & (used < _capacity_at(capacity, times))]
    if len(idle):
        name = context.resources[resource]
        yield f"{name}: someone waits while a unit is free, first at minute {idle[0]}"


def _capacity_at(changes: Changes, times: Floats) -> Index:
    """Units from each time on, as far as that instant settles it."""
    units: Index = changes[1][np.searchsorted(changes[0], times, side="right") - 1]
    return units


def _most_at(changes: Changes, times: Floats) -> Index:
    """The most units at each instant, as a capacity may change after a unit has been seized.

    Capacities that change at one instant do so one after another, and one that opens, or somebody
    who misses a slot or is sent away then, may free a unit of another that is about to close.
    """
    at = np.searchsorted(changes[0], times, side="left")
    units = changes[1][np.maximum(at - 1, 0)]  # just before
    for later in range(int(np.unique(changes[0], return_counts=True)[1].max())):
        row = np.minimum(at + later, len(changes[0]) - 1)
        units = np.where(changes[0][row] == times, np.maximum(units, changes[1][row]), units)
    return units


def same_time(a: Floats, b: Floats) -> Mask:
    """Whether two times are the same, or neither has come."""
    same: Mask = (a == b) | (np.isnan(a) & np.isnan(b))
    return same


CHECKS: tuple[Check, ...] = (
    times_in_order,
    fates_match_times,
    episodes_add_up,
    side_tasks_have_parents,
    one_episode_at_a_time,
    steps_add_up,
    units_add_up,
    capacity_suffices,
)
