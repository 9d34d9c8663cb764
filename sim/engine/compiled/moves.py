"""What an episode does, in machine code: the same moves, by the same names, as the SimPy engine.

What each move means is written there (`sim.engine.reference.engine`). Here an episode is a slot,
and its logs are columns of the machine.
"""

from __future__ import annotations

from math import nan

from sim.engine.compiled.agenda import push
from sim.engine.compiled.assigning import assign
from sim.engine.compiled.by_address import (
    ASK_FOR,
    END_INTRICATE,
    LEAVE_QUEUES,
    TASK_IS_OVER,
    call,
)
from sim.engine.compiled.columns import (
    episode_crisis,
    episode_ended,
    episode_layer,
    episode_ordinal,
    episode_outcome,
    visit_ended,
    visit_episode,
    visit_fate,
    visit_queued,
    visit_started,
    visit_step,
)
from sim.engine.compiled.draws import choose, leaf_of
from sim.engine.compiled.episodes import (
    new_episode,
    new_slot,
    note,
    note_what_was_set,
    tell_clocks,
)
from sim.engine.compiled.machine import (
    been,
    class_of,
    counts,
    free,
    held,
    slots,
    tasks,
    unavailable,
    unfinished,
)
from sim.engine.compiled.queues import count_inside, join, leave_queue
from sim.engine.compiled.serving import serve
from sim.engine.compiled.starting import grow_impatient, start
from sim.engine.compiled.units import (
    KEPT_NEXT,
    KEPT_RELEASE,
    be_ready,
    give_back,
    is_free,
    take,
)
from sim.engine.logs import Fate
from sim.engine.order import Kind
from sim.plan.jit import apart, inlined, lean
from sim.plan.keys import combine, uniform
from sim.plan.memory import (
    Address,
    clock_count,
    episode_levels,
    episode_width,
    numbers,
    resources,
    settings,
    spawns,
    standings,
    steps,
)
from sim.plan.plan import ANYWHERE, NONE, Hold

WAITING, _, ENDED, RENEGED, BALKED, _ = (int(fate) for fate in Fate)
ARRIVAL = int(Kind.ARRIVAL)
HOLD_NO, HOLD_NEXT, HOLD_VARIES = int(Hold.NO), int(Hold.NEXT), int(Hold.VARIES)

# why a person has no further episode now
DEAD = 2


@inlined
def enter(m: Address, slot: int, step: int, now: float) -> int:
    """Reach a step: start it or wait. Turned away, go on to where the step says.

    Returns the outcome reached by being turned away, as a negative number, else 0.
    """
    while step >= 0:
        if counts(m)[0].visits == counts(m)[0].room_visit:
            counts(m)[0].fault = 1
            break
        visit = new_visit(m, slot, step, now)
        if clock_count(m) > 0:
            tell_clocks(m, slots(m)[slot].episode, step, now)
        column = steps(m)[step].loop
        if column != NONE:
            at = slot * counts(m)[0].loops + column
            slots(m)[slot].occurrence = been(m)[at]
            been(m)[at] += 1
        else:
            slots(m)[slot].occurrence = 0
        resource = steps(m)[step].seize
        if resource == NONE:
            start(m, slot, now)
            break
        if resource < 0 or not resources(m)[resource].plain:
            if call(m, ASK_FOR, slot, 0, now):
                break
        elif is_free(m, resource):
            take(m, slot, resource, 0, now)
            start(m, slot, now)
            break
        elif not turns_away(m, step, resource):
            wait(m, slot, resource, now)
            break
        visit_fate(m)[visit] = BALKED
        count_inside(m, step, -1)
        visit_ended(m)[visit] = now
        step = goes(m, slot, steps(m)[step].balk_to, steps(m)[step].key_balk_to, now)
    serve(m, now)
    return min(step, 0)


@lean
def goes(m: Address, slot: int, table: int, key: int, now: float) -> int:
    """Choose where an episode goes, with the random number of this visit."""
    return choose(m, slot, table, key, slots(m)[slot].occurrence, now)


@apart
def renege(m: Address, slot: int, now: float) -> int:
    """Leave the queue if never started, and go elsewhere; returns the slot, NONE if it stays."""
    visit, step = slots(m)[slot].visit, slots(m)[slot].step
    if visit_fate(m)[visit] != WAITING:
        return NONE
    if slots(m)[slot].waiting_for < NONE:
        call(m, LEAVE_QUEUES, slot, 0, now)
    else:
        leave_queue(m, slot)
    visit_fate(m)[visit] = RENEGED
    count_inside(m, step, -1)
    visit_ended(m)[visit] = now
    serve(m, now)
    slots(m)[slot].step = goes(m, slot, steps(m)[step].renege_to, steps(m)[step].key_renege_to, now)
    return slot


@apart
def moved_to(m: Address, slot: int, now: float) -> int:
    """Where who was interrupted goes, or who was turned away once side tasks had ended."""
    step = slots(m)[slot].step
    if visit_fate(m)[slots(m)[slot].visit] == BALKED:
        return goes(m, slot, steps(m)[step].balk_to, steps(m)[step].key_balk_to, now)
    target: int = steps(m)[step].interrupted_to
    return target


@inlined
def new_visit(m: Address, slot: int, step: int, now: float) -> int:
    """Write down that an episode reaches a step."""
    visit: int = counts(m)[0].visits
    counts(m)[0].visits = visit + 1
    counts(m)[0].at_once += 1
    visit_episode(m)[visit] = slots(m)[slot].episode
    visit_step(m)[visit] = step
    visit_queued(m)[visit] = now
    visit_started(m)[visit] = nan
    visit_ended(m)[visit] = nan
    visit_fate(m)[visit] = WAITING
    count_inside(m, step, 1)
    slots(m)[slot].step = step
    slots(m)[slot].visit = visit
    return visit


@inlined
def turns_away(m: Address, step: int, resource: int) -> bool:
    """Whether a step turns away an arrival that would have to wait."""
    if steps(m)[step].balk_closed and standings(m)[resource].capacity == 0:
        return True
    limit: int = resources(m)[resource].queue_limit
    waiting: int = standings(m)[resource].waiting
    return limit != NONE and waiting >= limit and steps(m)[step].balk_full != 0


@lean
def wait(m: Address, slot: int, resource: int, now: float) -> None:
    """Join the queue; patience starts to run."""
    step = slots(m)[slot].step
    table = steps(m)[step].priority
    priority_class = counts(m)[0].class_of_none
    if table != NONE:
        priority_class = class_of(m)[leaf_of(m, slot, table, now)]
    join(m, slot, resource, priority_class)
    grow_impatient(m, slot, now)


@apart
def make_ready(m: Address, resource: int, now: float) -> None:
    """The turnaround of a unit is over."""
    be_ready(m, resource, now)
    serve(m, now)


@inlined
def finish(m: Address, slot: int, now: float) -> int:
    """End a visit: give back its unit or keep it, set, spawn, and choose where to go."""
    step, visit = slots(m)[slot].step, slots(m)[slot].visit
    visit_ended(m)[visit] = now
    visit_fate(m)[visit] = ENDED
    count_inside(m, step, -1)
    if steps(m)[step].intricate:
        call(m, END_INTRICATE, slot, ANYWHERE, now)
    elif steps(m)[step].seize != NONE:
        place = slots(m)[slot].held - 1
        hold = steps(m)[step].hold
        if hold == HOLD_NO:
            give_back(m, slot, place, now)
            serve(m, now)
        else:
            at = slot * counts(m)[0].places + place
            held(m)[at].kept = KEPT_NEXT if hold == HOLD_NEXT else KEPT_RELEASE
    occurrence = slots(m)[slot].occurrence
    for at in range(steps(m)[step].first_set, steps(m)[step].end_set):
        set_attribute(m, slot, at, now)
    for at in range(steps(m)[step].first_spawn, steps(m)[step].end_spawn):
        spawn(m, slot, at, now)
    target = choose(m, slot, steps(m)[step].route, steps(m)[step].key_route, occurrence, now)
    if steps(m)[step].hold == HOLD_VARIES:
        call(m, END_INTRICATE, slot, target, now)
    return target


@lean
def set_attribute(m: Address, slot: int, at: int, now: float) -> None:
    """Assign a level to an attribute of the episode or of the person."""
    attribute, occurrence = settings(m)[at].attribute, slots(m)[slot].occurrence
    target = choose(m, slot, settings(m)[at].table, settings(m)[at].key, occurrence, now)
    assign(m, slot, attribute, target)


@apart
def spawn(m: Address, slot: int, at: int, now: float) -> None:
    """Perhaps start a side task, which sees what the episode is now and goes its own way."""
    key, occurrence = spawns(m)[at].key, slots(m)[slot].occurrence
    probability = numbers(m)[leaf_of(m, slot, spawns(m)[at].table, now)]
    if uniform(slots(m)[slot].key, key, occurrence) >= probability:
        return
    parent, person = slots(m)[slot].episode, slots(m)[slot].person
    crisis, layer = episode_crisis(m)[parent], episode_layer(m)[parent]
    row = new_episode(m, person, crisis, layer, episode_ordinal(m)[parent], now, parent, NONE)
    width = episode_width(m)
    for column in range(width):
        episode_levels(m)[row * width + column] = episode_levels(m)[parent * width + column]
    child_key = combine(combine(slots(m)[slot].key, key), occurrence)
    child = new_slot(m, person, row, child_key, 1)
    slots(m)[child].luck = slots(m)[slot].luck
    slots(m)[child].step = spawns(m)[at].step
    task = spawns(m)[at].task
    tasks(m)[child].parent = slot
    tasks(m)[child].task = task
    if task != NONE:
        unfinished(m)[slot * counts(m)[0].tasks + task] += 1
    note(m, child, now)
    push(m, now, ARRIVAL, counts(m)[0].candidates + row, child)


@inlined
def leave(m: Address, slot: int, outcome: int, now: float) -> None:
    """Come to an outcome: give back everything still held."""
    while slots(m)[slot].held > 0:
        give_back(m, slot, 0, now)
    serve(m, now)
    row, person = slots(m)[slot].episode, slots(m)[slot].person
    episode_ended(m)[row] = now
    episode_outcome(m)[row] = outcome
    note_what_was_set(m, row, person)
    if not slots(m)[slot].is_side_task:
        unavailable(m)[person] &= DEAD
    if outcome == counts(m)[0].died:
        unavailable(m)[person] |= DEAD
    slots(m)[slot].visit = NONE
    counts(m)[0].slots -= 1
    free(m)[counts(m)[0].slots] = slot
    if counts(m)[0].tasks > 0 and slots(m)[slot].is_side_task:
        call(m, TASK_IS_OVER, slot, 0, now)
