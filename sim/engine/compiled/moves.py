"""What an episode does, in machine code: the same moves, by the same names, as the SimPy engine.

What each move means is written there (`sim.engine.reference.engine`). Here an episode is a slot,
and its logs are columns of the machine.
"""

from __future__ import annotations

from math import nan

from sim.engine.compiled.heap import push
from sim.engine.compiled.machine import Count, Machine
from sim.engine.compiled.queues import (
    first_waiting,
    join,
    leave_queue,
    next_freed,
    note_freed,
)
from sim.engine.logs import Fate
from sim.engine.order import Kind
from sim.plan.jit import jit
from sim.plan.keys import combine, uniform
from sim.plan.lookup import PERSON, chosen, leaf, level
from sim.plan.plan import NONE, Hold, World
from sim.plan.samplers import sample

EPISODES, HOLDS, SLOTS, VISITS = (
    int(Count.EPISODES),
    int(Count.HOLDS),
    int(Count.SLOTS),
    int(Count.VISITS),
)
WAITING, STARTED, ENDED, RENEGED, BALKED = (int(fate) for fate in Fate)
END, READY, PATIENCE, ARRIVAL = (
    int(Kind.END),
    int(Kind.READY),
    int(Kind.PATIENCE),
    int(Kind.ARRIVAL),
)
HOLD_NO, HOLD_NEXT = int(Hold.NO), int(Hold.NEXT)

# until when a unit is held: its visit ends, the next step starts, a later step releases it
KEPT_VISIT, KEPT_NEXT, KEPT_RELEASE = 0, 1, 2


@jit
def leaf_of(w: World, m: Machine, slot: int, table: int, now: float) -> int:
    """The leaf a table gives for an episode now."""
    return leaf(w, m.state, table, m.slots.person[slot], m.slots.episode[slot], now)


@jit
def choose(
    w: World, m: Machine, slot: int, table: int, key: int, occurrence: int, now: float
) -> int:
    """Choose a target by the shares a table gives for an episode now."""
    row = leaf_of(w, m, slot, table, now)
    return chosen(w.choices, row, uniform(m.slots.key[slot], key, occurrence))


@jit
def duration(
    w: World, m: Machine, slot: int, table: int, key: int, occurrence: int, now: float
) -> float:
    """Draw a duration from the distribution a table gives for an episode now."""
    at = leaf_of(w, m, slot, table, now)
    d = w.distributions
    u = uniform(m.slots.key[slot], key, occurrence)
    return sample(
        d.kind[at], d.a[at], d.b[at], d.c[at], d.values, d.cumulative, d.first[at], d.count[at], u
    )


@jit
def is_free(m: Machine, resource: int) -> bool:
    """Whether a unit is free."""
    capacity = m.state.capacity[resource]
    return capacity < 0 or m.state.in_use[resource] < capacity


@jit
def enter(w: World, m: Machine, slot: int, step: int, now: float) -> int:
    """Reach a step: start it or wait. Turned away, go on to where the step says.

    Returns the outcome reached by being turned away, as a negative number, else 0.
    """
    while step >= 0:
        visit = new_visit(m, slot, step, now)
        column = m.loop_column[step]
        if column != NONE:
            at = slot * (len(m.slots.been) // len(m.slots.step)) + column
            m.slots.occurrence[slot] = m.slots.been[at]
            m.slots.been[at] += 1
        else:
            m.slots.occurrence[slot] = 0
        resource = w.steps.seize[step]
        if resource == NONE:
            start(w, m, slot, now)
            break
        if is_free(m, resource):
            take(m, slot, resource, now)
            start(w, m, slot, now)
            break
        if not turns_away(w, m, step, resource):
            wait(w, m, slot, resource, now)
            break
        m.visits.fate[visit] = BALKED
        m.visits.ended[visit] = now
        step = w.steps.balk_to[step]
    serve(w, m, now)
    return min(step, 0)


@jit
def new_visit(m: Machine, slot: int, step: int, now: float) -> int:
    """Write down that an episode reaches a step."""
    visit = m.counts[VISITS]
    m.counts[VISITS] = visit + 1
    m.visits.episode[visit] = m.slots.episode[slot]
    m.visits.step[visit] = step
    m.visits.queued[visit] = now
    m.visits.started[visit] = nan
    m.visits.ended[visit] = nan
    m.visits.fate[visit] = WAITING
    m.slots.step[slot] = step
    m.slots.visit[slot] = visit
    return visit


@jit
def turns_away(w: World, m: Machine, step: int, resource: int) -> bool:
    """Whether a step turns away an arrival that would have to wait."""
    if w.steps.balk_closed[step] and m.state.capacity[resource] == 0:
        return True
    limit = w.resources.queue_limit[resource]
    return w.steps.balk_full[step] and limit != NONE and m.state.waiting[resource] >= limit


@jit
def wait(w: World, m: Machine, slot: int, resource: int, now: float) -> None:
    """Join the queue; patience starts to run."""
    step = m.slots.step[slot]
    table = w.steps.priority[step]
    priority_class = 0
    if table != NONE:
        priority_class = m.queues.class_of[leaf_of(w, m, slot, table, now)]
    join(m, slot, resource, priority_class)
    table = w.steps.patience[step]
    if table != NONE:
        occurrence = m.slots.occurrence[slot]
        patience = duration(w, m, slot, table, w.steps.key_patience[step], occurrence, now)
        push(m, now + patience, PATIENCE, m.slots.visit[slot], slot)


@jit
def take(m: Machine, slot: int, resource: int, now: float) -> None:
    """Seize a unit."""
    m.state.in_use[resource] += 1
    row = m.counts[HOLDS]
    m.counts[HOLDS] = row + 1
    m.holds.episode[row] = m.slots.episode[slot]
    m.holds.resource[row] = resource
    m.holds.seized[row] = now
    m.holds.released[row] = nan
    m.holds.ready[row] = nan
    at = slot * (len(m.slots.held_row) // len(m.slots.step)) + m.slots.held[slot]
    m.slots.held[slot] += 1
    m.slots.held_resource[at] = resource
    m.slots.held_row[at] = row
    m.slots.held_step[at] = m.slots.step[slot]
    m.slots.held_occurrence[at] = m.slots.occurrence[slot]
    m.slots.held_kept[at] = KEPT_VISIT


@jit
def start(w: World, m: Machine, slot: int, now: float) -> None:
    """Begin the delay of a visit, and give back what was kept only until now."""
    step, visit = m.slots.step[slot], m.slots.visit[slot]
    m.visits.started[visit] = now
    m.visits.fate[visit] = STARTED
    if m.slots.held[slot] > 0:
        give_back_kept(w, m, slot, step, now)
    table = w.steps.delay[step]
    delay = 0.0
    if table != NONE:
        key, occurrence = w.steps.key_delay[step], m.slots.occurrence[slot]
        delay = duration(w, m, slot, table, key, occurrence, now)
    push(m, now + delay, END, m.slots.episode[slot], slot)


@jit
def give_back_kept(w: World, m: Machine, slot: int, step: int, now: float) -> None:
    """Give back units kept until the next step started, and those this step releases."""
    first = slot * (len(m.slots.held_row) // len(m.slots.step))
    place = 0
    while place < m.slots.held[slot]:
        kept = m.slots.held_kept[first + place]
        given = kept == KEPT_NEXT
        if kept == KEPT_RELEASE:
            for at in range(w.steps.first_release[step], w.steps.first_release[step + 1]):
                given = given or w.steps.release[at] == m.slots.held_resource[first + place]
        if given:
            give_back(w, m, slot, place, now)
        else:
            place += 1


@jit
def give_back(w: World, m: Machine, slot: int, place: int, now: float) -> None:
    """Release the unit held in a place; after its turnaround the next can have it."""
    at = slot * (len(m.slots.held_row) // len(m.slots.step)) + place
    resource, row = m.slots.held_resource[at], m.slots.held_row[at]
    step, occurrence = m.slots.held_step[at], m.slots.held_occurrence[at]
    end = at - place + m.slots.held[slot] - 1
    while at < end:
        m.slots.held_resource[at] = m.slots.held_resource[at + 1]
        m.slots.held_row[at] = m.slots.held_row[at + 1]
        m.slots.held_step[at] = m.slots.held_step[at + 1]
        m.slots.held_occurrence[at] = m.slots.held_occurrence[at + 1]
        m.slots.held_kept[at] = m.slots.held_kept[at + 1]
        at += 1
    m.slots.held[slot] -= 1
    table = w.resources.turnaround[resource]
    turnaround = 0.0
    if table != NONE:
        turnaround = duration(w, m, slot, table, w.steps.key_turnaround[step], occurrence, now)
    m.holds.released[row] = now
    m.holds.ready[row] = now + turnaround
    if turnaround > 0.0:
        push(m, now + turnaround, READY, row, resource)
    else:
        m.state.in_use[resource] -= 1
        if m.state.waiting[resource] > 0:
            note_freed(m, resource)


@jit
def make_ready(w: World, m: Machine, resource: int, now: float) -> None:
    """The turnaround of a unit is over."""
    m.state.in_use[resource] -= 1
    note_freed(m, resource)
    serve(w, m, now)


@jit
def serve(w: World, m: Machine, now: float) -> None:
    """Start whoever waits for the units that have just been freed, first freed first."""
    resource = next_freed(m)
    while resource != NONE:
        while m.state.waiting[resource] > 0 and is_free(m, resource):
            slot = first_waiting(m, resource)
            leave_queue(m, slot)
            take(m, slot, resource, now)
            start(w, m, slot, now)
        resource = next_freed(m)


@jit
def finish(w: World, m: Machine, slot: int, now: float) -> int:
    """End a visit: give back its unit or keep it, set, spawn, and choose where to go."""
    step, visit = m.slots.step[slot], m.slots.visit[slot]
    m.visits.ended[visit] = now
    m.visits.fate[visit] = ENDED
    if w.steps.seize[step] != NONE:
        place = m.slots.held[slot] - 1
        hold = w.steps.hold[step]
        if hold == HOLD_NO:
            give_back(w, m, slot, place, now)
            serve(w, m, now)
        else:
            at = slot * (len(m.slots.held_row) // len(m.slots.step)) + place
            m.slots.held_kept[at] = KEPT_NEXT if hold == HOLD_NEXT else KEPT_RELEASE
    occurrence = m.slots.occurrence[slot]
    for at in range(w.steps.first_set[step], w.steps.first_set[step + 1]):
        set_attribute(w, m, slot, at, now)
    for at in range(w.steps.first_spawn[step], w.steps.first_spawn[step + 1]):
        spawn(w, m, slot, at, now)
    return choose(w, m, slot, w.steps.route[step], w.steps.key_route[step], occurrence, now)


@jit
def set_attribute(w: World, m: Machine, slot: int, at: int, now: float) -> None:
    """Assign a level to an attribute of the episode or of the person."""
    attribute, occurrence = w.steps.set_attribute[at], m.slots.occurrence[slot]
    target = choose(w, m, slot, w.steps.set_table[at], w.steps.set_key[at], occurrence, now)
    column = w.attributes.column[attribute]
    if w.attributes.origin[attribute] == PERSON:
        width = len(w.attributes.of_person_column)
        m.state.people[m.slots.person[slot] * width + column] = target
    else:
        width = len(w.attributes.of_episode_column)
        m.state.episodes[m.slots.episode[slot] * width + column] = target


@jit
def spawn(w: World, m: Machine, slot: int, at: int, now: float) -> None:
    """Perhaps start a side task, which sees what the episode is now and goes its own way."""
    key, occurrence = w.steps.spawn_key[at], m.slots.occurrence[slot]
    probability = w.numbers[leaf_of(w, m, slot, w.steps.spawn_table[at], now)]
    if uniform(m.slots.key[slot], key, occurrence) >= probability:
        return
    parent, person = m.slots.episode[slot], m.slots.person[slot]
    crisis, layer = m.episodes.crisis[parent], m.episodes.layer[parent]
    row = new_episode(m, person, crisis, layer, m.episodes.ordinal[parent], now, parent, NONE)
    width = len(w.attributes.of_episode_column)
    for column in range(width):
        m.state.episodes[row * width + column] = m.state.episodes[parent * width + column]
    child_key = combine(combine(m.slots.key[slot], key), occurrence)
    child = new_slot(m, person, row, child_key, 1)
    m.slots.step[child] = w.steps.spawn_step[at]
    note(w, m, child, now)
    push(m, now, ARRIVAL, m.first_side_task[0] + row, child)


@jit
def new_episode(
    m: Machine,
    person: int,
    crisis: int,
    layer: int,
    ordinal: int,
    now: float,
    parent: int,
    case: int,
) -> int:
    """Write down that an episode or side task begins."""
    row = m.counts[EPISODES]
    m.counts[EPISODES] = row + 1
    m.episodes.person[row] = person
    m.episodes.crisis[row] = crisis
    m.episodes.layer[row] = layer
    m.episodes.ordinal[row] = ordinal
    m.episodes.onset[row] = now
    m.episodes.ended[row] = nan
    m.episodes.outcome[row] = NONE
    m.episodes.parent[row] = parent
    m.episodes.case[row] = case
    return row


@jit
def new_slot(m: Machine, person: int, episode: int, key: int, is_side_task: int) -> int:
    """A slot for an episode that begins."""
    used = m.counts[SLOTS]
    m.counts[SLOTS] = used + 1
    slot = m.slots.free[used]
    m.slots.person[slot] = person
    m.slots.episode[slot] = episode
    m.slots.key[slot] = key
    m.slots.is_side_task[slot] = is_side_task
    m.slots.waiting_for[slot] = NONE
    m.slots.held[slot] = 0
    width = len(m.slots.been) // len(m.slots.step)
    for column in range(width):
        m.slots.been[slot * width + column] = 0
    return slot


@jit
def leave(w: World, m: Machine, slot: int, outcome: int, now: float) -> None:
    """Come to an outcome: give back everything still held."""
    while m.slots.held[slot] > 0:
        give_back(w, m, slot, 0, now)
    serve(w, m, now)
    row, person = m.slots.episode[slot], m.slots.person[slot]
    m.episodes.ended[row] = now
    m.episodes.outcome[row] = outcome
    note_what_was_set(w, m, row, person)
    if not m.slots.is_side_task[slot]:
        m.in_episode[person] = 0
    if outcome == w.died:
        m.dead[person] = 1
    m.slots.visit[slot] = NONE
    m.counts[SLOTS] -= 1
    m.slots.free[m.counts[SLOTS]] = slot


@jit
def note(w: World, m: Machine, slot: int, now: float) -> None:
    """Note the levels at onset of attributes that cannot be worked out afterwards."""
    row, person = m.slots.episode[slot], m.slots.person[slot]
    for at in range(len(m.noted)):
        m.episodes.notes[row * len(m.noted) + at] = level(
            w, m.state, m.noted[at], person, row, now
        )


@jit
def note_what_was_set(w: World, m: Machine, row: int, person: int) -> None:
    """Note the last levels in an episode of attributes that steps set on its person."""
    for at in range(len(m.noted)):
        if m.noted_at_end[at]:
            m.episodes.notes[row * len(m.noted) + at] = level(
                w, m.state, m.noted[at], person, row, 0.0
            )
