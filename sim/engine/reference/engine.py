"""The meaning of a plan, in SimPy: every episode is a process that passes from step to step.

One event of the clock stands for one visit: whoever frees a unit starts the next visit that waits
for it, and the process of that episode wakes when its delay is over. Nothing is measured here;
visits, holds and episodes are written down as they happen.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from heapq import heappop, heappush
from typing import Any

import numpy as np

from sim.engine.interpreted import listed, rows
from sim.engine.levels import episode_levels, noted_attributes
from sim.engine.limits import (
    ROW_BYTES,
    VISITS_AT_ONCE,
    going_round,
    log_bytes,
    too_much,
)
from sim.engine.logs import Episodes, Fate, Logs
from sim.engine.order import Kind
from sim.engine.reference.clock import Clock, Life, Moment
from sim.engine.reference.columns import (
    AbsorbedColumns,
    EpisodeColumns,
    HoldColumns,
    VisitColumns,
)
from sim.engine.reference.patient import Held, Kept, Patient, Standing
from sim.engine.reference.tables import Tables
from sim.plan import lookup
from sim.plan.keys import combine, uniform
from sim.plan.plan import NONE, Hold, Plan, Records
from sim.plan.population import Population

Process = Generator[Moment, bool, None]

# plain numbers, for looking a name up in an enumeration takes longer than comparing it
CAPACITY, END, READY, PATIENCE, ARRIVAL = (int(kind) for kind in Kind)
_, STARTED, ENDED, RENEGED, BALKED = (int(fate) for fate in Fate)
HOLD_NO, HOLD_NEXT = int(Hold.NO), int(Hold.NEXT)
NEXT, RELEASE = Kept.NEXT, Kept.RELEASE

#: visits between two looks at whether the model runs away
LOOK = 1000


class Engine:
    """One replication of a plan: its clock, its resources and queues, and what is written down."""

    def __init__(
        self,
        plan: Plan,
        population: Population,
        candidates: Records,
        watch: Callable[[float], None] | None = None,
    ) -> None:
        self.plan = plan
        self.watch = watch
        self.clock = Clock()
        self.world = listed(plan.world)
        self.tables = Tables(self.world, plan.world, self.clock)
        self.steps = self.world.steps
        self.candidates = rows(candidates)
        self.world.people = memoryview(population.levels.copy().data)
        self.world.covered_by = memoryview(population.numbers.data)
        self.world.episode_levels = bytearray()
        self.world.standings = [Standing() for _ in plan.resources]
        self.queues: list[list[tuple[float, int, Patient]]] = [[] for _ in plan.resources]
        self.freed: deque[int] = deque()
        self.in_episode = bytearray(len(population.keys))
        self.dead = bytearray(len(population.keys))
        self.visits = VisitColumns()
        self.holds = HoldColumns()
        self.episodes = EpisodeColumns()
        self.absorbed = AbsorbedColumns()
        self.noted = noted_attributes(plan)
        self.notes = bytearray()

    def run(self) -> None:
        """Simulate until the horizon; what falls on the horizon itself does not happen."""
        for resource in range(len(self.plan.resources)):
            self.clock.process(self.change_capacity(resource))
        self.clock.process(self.let_crises_fall_due())
        self.clock.run(until=self.plan.horizon)
        for number in range(len(self.episodes.person)):
            if self.episodes.outcome[number] == NONE:
                self.note_what_was_set(number)

    def logs(self) -> Logs:
        """Everything written down, as arrays."""
        episodes = self.episodes.columns()
        levels = episode_levels(
            self.plan,
            np.frombuffer(self.world.people, dtype=np.int8),
            self.world.covered_by,
            episodes["person"],
            episodes["onset"],
            np.frombuffer(self.world.episode_levels, dtype=np.int8),
            np.frombuffer(self.notes, dtype=np.int8),
        )
        self.forget_who_is_under_way()
        return Logs(
            visits=self.visits.finished(),
            holds=self.holds.finished(),
            episodes=Episodes(**episodes, levels=levels),
            absorbed=self.absorbed.finished(),
            horizon=self.plan.horizon,
        )

    def forget_who_is_under_way(self) -> None:
        """Undo the ties between patients and the clock, which would keep both in memory."""
        self.clock._queue.clear()
        for queue in self.queues:
            queue.clear()

    # ---------------------------------------------------------------- what happens by itself

    def change_capacity(self, resource: int) -> Process:
        """Set a resource's capacity whenever its schedule changes, and serve who waits."""
        span = self.world.schedules[self.world.resources[resource].schedule]
        for change in self.world.changes[span.first : span.end]:
            if change.time > 0.0:
                yield self.clock.at(change.time, CAPACITY, resource)
            self.world.standings[resource].capacity = change.value
            self.freed.append(resource)
            self.serve()

    def let_crises_fall_due(self) -> Process:
        """Start an episode for every candidate that is not thinned, absorbed or too late."""
        for number, candidate in enumerate(self.candidates):
            if self.watch is not None and number % 1_000 == 0:
                self.watch(candidate.time / self.plan.horizon)
            yield self.clock.at(candidate.time, ARRIVAL, number)
            self.fall_due(candidate)

    def fall_due(self, candidate: Any) -> None:
        """Start the episode of a candidate crisis, unless something prevents it."""
        person, crisis, case = candidate.person, candidate.crisis, candidate.case
        if case == NONE and candidate.thin >= self.relative_rate(crisis, person):
            return
        now = self.clock.now
        if self.in_episode[person] or self.dead[person]:
            self.absorbed.add(person, crisis, now)
            return
        self.in_episode[person] = 1
        row = self.episodes.add(person, crisis, candidate.layer, candidate.ordinal, now, NONE, case)
        patient = Patient(row, person, candidate.key, is_side_task=False)
        self.draw_attributes(patient, crisis, case)
        if self.noted:
            self.note(patient)
        about = self.world.crises[crisis]
        first = self.tables.choose(patient, about.route, about.key_route, 0)
        Life(self.clock, self.live(patient, first))

    def relative_rate(self, crisis: int, person: int) -> float:
        """Product of a crisis' relative rates for a person now."""
        world, about = self.world, self.world.crises[crisis]
        product = 1.0
        for factor in world.factors[about.first_factor : about.end_factor]:
            product *= self.tables.number_for_person(person, factor.table)
        return product

    def draw_attributes(self, patient: Patient, crisis: int, case: int) -> None:
        """Draw the attributes of an episode; a case brings some of its own."""
        world, about = self.world, self.world.crises[crisis]
        first = patient.number * len(world.episode_columns)
        self.world.episode_levels.extend(world.attributes[a].initial for a in world.episode_columns)
        for drawn in world.drawn[about.first_drawn : about.end_drawn]:
            level = NONE
            if case != NONE:
                level = world.case_levels[case * len(world.attributes) + drawn.attribute]
            if level == NONE:
                level = self.tables.choose(patient, drawn.table, drawn.key, 0)
            self.world.episode_levels[first + world.attributes[drawn.attribute].column] = level

    # ---------------------------------------------------------------- the life of an episode

    def live(self, patient: Patient, step: int) -> Process:
        """Pass from step to step until an outcome, which is a negative number."""
        while step >= 0:
            moment = self.enter(patient, step)
            if moment is None:
                step = self.steps[step].balk_to
            elif (yield moment):
                step = self.finish(patient)
            else:
                step = self.steps[step].renege_to
        self.leave(patient, -step - 1)

    def side_task(self, patient: Patient, step: int) -> Process:
        """A side task takes its place among the arrivals of this instant, then lives."""
        number = len(self.candidates) + patient.number
        yield self.clock.at(self.clock.now, ARRIVAL, number)
        yield from self.live(patient, step)

    def enter(self, patient: Patient, step: int) -> Moment | None:
        """Reach a step: start it, wait for its resource, or be turned away.

        Returns
        -------
        Moment or None
            What the episode waits for: true when the delay is over, false when patience is.
            None if it was turned away.
        """
        patient.step = step
        patient.visit = self.visits.add(patient.number, step, self.clock.now)
        if patient.visit % LOOK == 0:
            self.stop_if_running_away(patient.visit)
        if self.steps[step].loop != NONE:
            patient.occurrence = patient.been.get(step, 0)
            patient.been[step] = patient.occurrence + 1
        else:
            patient.occurrence = 0
        resource = self.steps[step].seize
        if resource != NONE and not self.is_free(resource) and self.turns_away(step, resource):
            self.visits.fate[patient.visit] = BALKED
            self.visits.ended[patient.visit] = self.clock.now
            return None
        patient.moment = Moment(self.clock, value=True)
        if resource == NONE:
            self.start(patient)
        elif self.is_free(resource):
            self.take(patient, resource)
            self.start(patient)
        else:
            self.wait(patient, resource)
        self.serve()
        return patient.moment

    def stop_if_running_away(self, visit: int) -> None:
        """Raise an error once there are too many visits at one instant, or too many at all."""
        now = self.clock.now
        if visit >= VISITS_AT_ONCE and self.visits.queued[visit - VISITS_AT_ONCE] == now:
            raise going_round(self.plan, now, self.visits.step[-1000:])
        rows = visit + len(self.holds.seized)
        if rows * ROW_BYTES > log_bytes():
            raise too_much(self.plan, now, rows, [s.waiting for s in self.world.standings])

    def is_free(self, resource: int) -> bool:
        """Whether a unit is free: who waits is always served before anyone new arrives."""
        standing = self.world.standings[resource]
        free: bool = standing.in_use < standing.capacity or standing.capacity < 0
        return free

    def turns_away(self, step: int, resource: int) -> bool:
        """Whether a step turns away an arrival that would have to wait."""
        about, standing = self.steps[step], self.world.standings[resource]
        if about.balk_closed and standing.capacity == 0:
            return True
        limit = self.world.resources[resource].queue_limit
        return bool(about.balk_full and limit != NONE and standing.waiting >= limit)

    def wait(self, patient: Patient, resource: int) -> None:
        """Join the queue, in order of priority and then of arrival; patience starts to run."""
        step, visit = self.steps[patient.step], patient.visit
        priority = 0.0 if step.priority == NONE else self.tables.number(patient, step.priority)
        patient.waiting = True
        self.world.standings[resource].waiting += 1
        heappush(self.queues[resource], (priority, visit, patient))
        if step.patience != NONE:
            patience = self.tables.duration(
                patient, step.patience, step.key_patience, patient.occurrence
            )
            moment = self.clock.at(self.clock.now + patience, PATIENCE, visit)
            moment.callbacks.append(lambda _: self.renege(patient, visit))

    def renege(self, patient: Patient, visit: int) -> None:
        """Leave the queue if still waiting in it when patience runs out."""
        if not patient.waiting or patient.visit != visit:
            return
        patient.waiting = False
        self.world.standings[self.steps[patient.step].seize].waiting -= 1
        self.visits.fate[visit] = RENEGED
        self.visits.ended[visit] = self.clock.now
        assert patient.moment is not None
        patient.moment.happen(False)

    def take(self, patient: Patient, resource: int) -> None:
        """Seize a unit."""
        self.world.standings[resource].in_use += 1
        row = self.holds.add(patient.number, resource, self.clock.now)
        patient.held.append(Held(resource, row, patient.step, patient.occurrence))

    def start(self, patient: Patient) -> None:
        """Begin the delay of a visit, and give back what was kept only until now."""
        step, now = self.steps[patient.step], self.clock.now
        self.visits.started[patient.visit] = now
        self.visits.fate[patient.visit] = STARTED
        if patient.held:
            given = self.world.releases[step.first_release : step.end_release]
            for held in tuple(patient.held):
                if held.kept == NEXT or (held.kept == RELEASE and held.resource in given):
                    self.give_back(patient, held)
        delay = 0.0
        if step.delay != NONE:
            delay = self.tables.duration(patient, step.delay, step.key_delay, patient.occurrence)
        self.clock.at(now + delay, END, patient.number, patient.moment)

    def give_back(self, patient: Patient, held: Held) -> None:
        """Release a unit; after its turnaround the next can have it."""
        patient.held.remove(held)
        now, turnaround = self.clock.now, 0.0
        table = self.world.resources[held.resource].turnaround
        if table != NONE:
            key = self.steps[held.step].key_turnaround
            turnaround = self.tables.duration(patient, table, key, held.occurrence)
        self.holds.released[held.row] = now
        self.holds.ready[held.row] = now + turnaround
        if turnaround > 0.0:
            moment = self.clock.at(now + turnaround, READY, held.row)
            moment.callbacks.append(lambda _: self.make_ready(held.resource))
        else:
            self.world.standings[held.resource].in_use -= 1
            self.freed.append(held.resource)

    def make_ready(self, resource: int) -> None:
        """The turnaround of a unit is over."""
        self.world.standings[resource].in_use -= 1
        self.freed.append(resource)
        self.serve()

    def serve(self) -> None:
        """Start whoever waits for the units that have just been freed, first freed first."""
        while self.freed:
            resource = self.freed.popleft()
            queue = self.queues[resource]
            while queue and self.is_free(resource):
                _, visit, patient = heappop(queue)
                if patient.waiting and patient.visit == visit:
                    patient.waiting = False
                    self.world.standings[resource].waiting -= 1
                    self.take(patient, resource)
                    self.start(patient)

    def finish(self, patient: Patient) -> int:
        """End a visit: give back its unit or keep it, set, spawn, and choose where to go."""
        step = self.steps[patient.step]
        self.visits.ended[patient.visit] = self.clock.now
        self.visits.fate[patient.visit] = ENDED
        if step.seize != NONE:
            held = patient.held[-1]
            if step.hold == HOLD_NO:
                self.give_back(patient, held)
                self.serve()
            else:
                held.kept = NEXT if step.hold == HOLD_NEXT else RELEASE
        for setting in self.world.settings[step.first_set : step.end_set]:
            self.set_attribute(patient, setting.attribute, setting.table, setting.key)
        for task in self.world.spawns[step.first_spawn : step.end_spawn]:
            self.spawn(patient, task.step, task.table, task.key)
        return self.tables.choose(patient, step.route, step.key_route, patient.occurrence)

    def set_attribute(self, patient: Patient, attribute: int, table: int, key: int) -> None:
        """Assign a level to an attribute of the episode or of the person."""
        world, column = self.world, self.world.attributes[attribute].column
        level = self.tables.choose(patient, table, key, patient.occurrence)
        if world.attributes[attribute].origin == lookup.PERSON:
            self.world.people[patient.person * len(world.person_columns) + column] = level
        else:
            self.world.episode_levels[patient.number * len(world.episode_columns) + column] = level

    def spawn(self, patient: Patient, step: int, table: int, key: int) -> None:
        """Perhaps start a side task, which sees what the episode is now and goes its own way."""
        if uniform(patient.key, key, patient.occurrence) >= self.tables.number(patient, table):
            return
        parent, now = patient.number, self.clock.now
        crisis = self.episodes.crisis[parent]
        layer, ordinal = self.episodes.layer[parent], self.episodes.ordinal[parent]
        row = self.episodes.add(patient.person, crisis, layer, ordinal, now, parent, NONE)
        width = len(self.world.episode_columns)
        self.world.episode_levels.extend(
            self.world.episode_levels[parent * width : (parent + 1) * width]
        )
        child_key = combine(combine(patient.key, key), patient.occurrence)
        child = Patient(row, patient.person, child_key, is_side_task=True)
        self.note(child)
        Life(self.clock, self.side_task(child, step))

    def leave(self, patient: Patient, outcome: int) -> None:
        """Come to an outcome: give back everything still held."""
        for held in list(patient.held):
            self.give_back(patient, held)
        self.serve()
        self.episodes.ended[patient.number] = self.clock.now
        self.episodes.outcome[patient.number] = outcome
        if self.noted:
            self.note_what_was_set(patient.number)
        if not patient.is_side_task:
            self.in_episode[patient.person] = 0
        if outcome == self.world.died:
            self.dead[patient.person] = 1

    def note(self, patient: Patient) -> None:
        """Note the levels at onset of attributes that cannot be worked out afterwards."""
        self.notes.extend(
            self.tables.level(attribute, patient.person, patient.number) for attribute in self.noted
        )

    def note_what_was_set(self, number: int) -> None:
        """Note the last levels in an episode of attributes that steps set on its person."""
        for at, attribute in enumerate(self.noted):
            if self.plan.set_on_person[attribute]:
                self.notes[number * len(self.noted) + at] = self.tables.level(
                    attribute, self.episodes.person[number], number
                )
