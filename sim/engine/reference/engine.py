"""The meaning of a plan, in SimPy: every episode is a process that passes from step to step.

One event of the clock stands for one visit: whoever frees a unit starts the next visit that waits
for it, and the process of that episode wakes when its delay is over. Nothing is measured here;
visits, holds and episodes are written down as they happen.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from heapq import heappop, heappush

import numpy as np

from sim.engine.interpreted import interpreted, listed
from sim.engine.levels import episode_levels, noted_attributes
from sim.engine.logs import Episodes, Fate, Logs
from sim.engine.order import Kind
from sim.engine.reference.clock import Clock, Moment
from sim.engine.reference.columns import (
    AbsorbedColumns,
    EpisodeColumns,
    HoldColumns,
    VisitColumns,
)
from sim.engine.reference.patient import Held, Kept, Patient
from sim.plan import lookup
from sim.plan.demand import Candidates
from sim.plan.keys import combine, draw, uniform
from sim.plan.plan import NONE, Hold, Plan
from sim.plan.population import Population
from sim.plan.samplers import EMPIRICAL, sample

Process = Generator[Moment, bool, None]


class Engine:
    """One replication of a plan: its clock, its resources and queues, and what is written down."""

    def __init__(self, plan: Plan, population: Population, candidates: Candidates) -> None:
        self.plan = plan
        self.clock = Clock()
        self.read = interpreted(lookup)
        self.world = listed(plan.world)
        self.steps = self.world.steps
        self.candidates = Candidates(*(column.tolist() for column in vars(candidates).values()))
        resources = range(len(plan.resources))
        self.state = lookup.State(
            people=memoryview(population.levels.copy()),  # type: ignore[arg-type]
            numbers=memoryview(population.numbers),  # type: ignore[arg-type]
            episodes=bytearray(),  # type: ignore[arg-type]
            capacity=[0 for _ in resources],  # type: ignore[arg-type]
            in_use=[0 for _ in resources],  # type: ignore[arg-type]
            waiting=[0 for _ in resources],  # type: ignore[arg-type]
        )
        self.queues: list[list[tuple[float, int, Patient]]] = [[] for _ in resources]
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
        for number, outcome in enumerate(self.episodes.outcome):
            if outcome == NONE:
                self.note_what_was_set(number)

    def logs(self) -> Logs:
        """Everything written down, as arrays."""
        episodes = self.episodes.columns()
        levels = episode_levels(
            self.plan,
            np.frombuffer(self.state.people, dtype=np.int8),
            self.state.numbers,
            episodes["person"],
            episodes["onset"],
            np.frombuffer(self.state.episodes, dtype=np.int8),
            np.frombuffer(self.notes, dtype=np.int8),
        )
        return Logs(
            visits=self.visits.finished(),
            holds=self.holds.finished(),
            episodes=Episodes(**episodes, levels=levels),
            absorbed=self.absorbed.finished(),
            horizon=self.plan.horizon,
        )

    # ---------------------------------------------------------------- what happens by itself

    def change_capacity(self, resource: int) -> Process:
        """Set a resource's capacity whenever its schedule changes, and serve who waits."""
        schedules = self.world.capacities
        for at in range(schedules.first[resource], schedules.first[resource + 1]):
            if schedules.times[at] > 0.0:
                yield self.clock.at(schedules.times[at], Kind.CAPACITY, resource)
            self.state.capacity[resource] = schedules.values[at]
            self.freed.append(resource)
            self.serve()

    def let_crises_fall_due(self) -> Process:
        """Start an episode for every candidate that is not thinned, absorbed or too late."""
        for number, time in enumerate(self.candidates.time):
            yield self.clock.at(time, Kind.ARRIVAL, number)
            self.fall_due(number)

    def fall_due(self, number: int) -> None:
        """Start the episode of a candidate crisis, unless something prevents it."""
        due = self.candidates
        person, crisis, case = due.person[number], due.crisis[number], due.case[number]
        if case == NONE and due.thin[number] >= self.relative_rate(crisis, person):
            return
        if self.in_episode[person] or self.dead[person]:
            self.absorbed.add(person, crisis, self.clock.now)
            return
        self.in_episode[person] = 1
        layer, ordinal = due.layer[number], due.ordinal[number]
        row = self.episodes.add(person, crisis, layer, ordinal, self.clock.now, NONE, case)
        patient = Patient(row, person, due.key[number], is_side_task=False)
        self.draw_attributes(patient, crisis, case)
        self.note(patient)
        route, key = self.world.crises.route[crisis], self.world.crises.key_route[crisis]
        first = self.choose(patient, route, key, 0)
        self.clock.process(self.live(patient, first))

    def relative_rate(self, crisis: int, person: int) -> float:
        """Product of a crisis' relative rates for a person now."""
        crises = self.world.crises
        product = 1.0
        for at in range(crises.first_factor[crisis], crises.first_factor[crisis + 1]):
            leaf = self.read.leaf(
                self.world, self.state, crises.factor[at], person, 0, self.clock.now
            )
            product *= self.world.numbers[leaf]
        return product

    def draw_attributes(self, patient: Patient, crisis: int, case: int) -> None:
        """Draw the attributes of an episode; a case brings some of its own."""
        attributes, crises = self.world.attributes, self.world.crises
        columns = attributes.of_episode_column
        self.state.episodes.extend(attributes.initial[a] for a in columns)
        for at in range(crises.first_drawn[crisis], crises.first_drawn[crisis + 1]):
            attribute = crises.drawn_attribute[at]
            level = NONE
            if case != NONE:
                level = self.world.case_levels[case * len(attributes.origin) + attribute]
            if level == NONE:
                level = self.choose(patient, crises.drawn_table[at], crises.drawn_key[at], 0)
            self.state.episodes[patient.number * len(columns) + attributes.column[attribute]] = (
                level
            )

    # ---------------------------------------------------------------- the life of an episode

    def live(self, patient: Patient, step: int) -> Process:
        """Pass from step to step until an outcome, which is a negative number."""
        while step >= 0:
            moment = self.enter(patient, step)
            if moment is None:
                step = self.steps.balk_to[step]
            elif (yield moment):
                step = self.finish(patient)
            else:
                step = self.steps.renege_to[step]
        self.leave(patient, -step - 1)

    def side_task(self, patient: Patient, step: int) -> Process:
        """A side task takes its place among the arrivals of this instant, then lives."""
        number = len(self.candidates.time) + patient.number
        yield self.clock.at(self.clock.now, Kind.ARRIVAL, number)
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
        if self.steps.loops[step]:
            patient.occurrence = patient.been.get(step, 0)
            patient.been[step] = patient.occurrence + 1
        else:
            patient.occurrence = 0
        resource = self.steps.seize[step]
        if resource != NONE and not self.is_free(resource) and self.turns_away(step, resource):
            self.visits.fate[patient.visit] = Fate.BALKED
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

    def is_free(self, resource: int) -> bool:
        """Whether a unit is free: who waits is always served before anyone new arrives."""
        capacity: int = self.state.capacity[resource]
        return capacity < 0 or self.state.in_use[resource] < capacity

    def turns_away(self, step: int, resource: int) -> bool:
        """Whether a step turns away an arrival that would have to wait."""
        if self.steps.balk_closed[step] and self.state.capacity[resource] == 0:
            return True
        limit = self.world.resources.queue_limit[resource]
        full = limit != NONE and self.state.waiting[resource] >= limit
        return bool(full and self.steps.balk_full[step])

    def wait(self, patient: Patient, resource: int) -> None:
        """Join the queue, in order of priority and then of arrival; patience starts to run."""
        table = self.steps.priority[patient.step]
        priority = 0.0 if table == NONE else self.number(patient, table)
        patient.waiting = True
        self.state.waiting[resource] += 1
        heappush(self.queues[resource], (priority, patient.visit, patient))
        table = self.steps.patience[patient.step]
        if table != NONE:
            key = self.steps.key_patience[patient.step]
            time = self.clock.now + self.duration(patient, table, key, patient.occurrence)
            moment = self.clock.at(time, Kind.PATIENCE, patient.visit)
            visit = patient.visit
            moment.callbacks.append(lambda _: self.renege(patient, visit))

    def renege(self, patient: Patient, visit: int) -> None:
        """Leave the queue if still waiting in it when patience runs out."""
        if not patient.waiting or patient.visit != visit:
            return
        patient.waiting = False
        self.state.waiting[self.steps.seize[patient.step]] -= 1
        self.visits.fate[visit] = Fate.RENEGED
        self.visits.ended[visit] = self.clock.now
        assert patient.moment is not None
        patient.moment.happen(False)

    def take(self, patient: Patient, resource: int) -> None:
        """Seize a unit."""
        self.state.in_use[resource] += 1
        row = self.holds.add(patient.number, resource, self.clock.now)
        patient.held.append(Held(resource, row, patient.step, patient.occurrence))

    def start(self, patient: Patient) -> None:
        """Begin the delay of a visit, and give back what was kept only until now."""
        step, now = patient.step, self.clock.now
        self.visits.started[patient.visit] = now
        self.visits.fate[patient.visit] = Fate.STARTED
        first, end = self.steps.first_release[step], self.steps.first_release[step + 1]
        given = self.steps.release[first:end]
        for held in tuple(patient.held):
            if held.kept == Kept.NEXT or (held.kept == Kept.RELEASE and held.resource in given):
                self.give_back(patient, held)
        table, delay = self.steps.delay[step], 0.0
        if table != NONE:
            delay = self.duration(patient, table, self.steps.key_delay[step], patient.occurrence)
        self.clock.at(now + delay, Kind.END, patient.number, patient.moment)

    def give_back(self, patient: Patient, held: Held) -> None:
        """Release a unit; after its turnaround the next can have it."""
        patient.held.remove(held)
        now, turnaround = self.clock.now, 0.0
        table = self.world.resources.turnaround[held.resource]
        if table != NONE:
            key = self.steps.key_turnaround[held.step]
            turnaround = self.duration(patient, table, key, held.occurrence)
        self.holds.released[held.row] = now
        self.holds.ready[held.row] = now + turnaround
        if turnaround > 0.0:
            moment = self.clock.at(now + turnaround, Kind.READY, held.row)
            moment.callbacks.append(lambda _: self.make_ready(held.resource))
        else:
            self.state.in_use[held.resource] -= 1
            self.freed.append(held.resource)

    def make_ready(self, resource: int) -> None:
        """The turnaround of a unit is over."""
        self.state.in_use[resource] -= 1
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
                    self.state.waiting[resource] -= 1
                    self.take(patient, resource)
                    self.start(patient)

    def finish(self, patient: Patient) -> int:
        """End a visit: give back its unit or keep it, set, spawn, and choose where to go."""
        step = patient.step
        self.visits.ended[patient.visit] = self.clock.now
        self.visits.fate[patient.visit] = Fate.ENDED
        if self.steps.seize[step] != NONE:
            held = patient.held[-1]
            if self.steps.hold[step] == Hold.NO:
                self.give_back(patient, held)
                self.serve()
            else:
                held.kept = Kept.NEXT if self.steps.hold[step] == Hold.NEXT else Kept.RELEASE
        for at in range(self.steps.first_set[step], self.steps.first_set[step + 1]):
            self.set_attribute(patient, at)
        for at in range(self.steps.first_spawn[step], self.steps.first_spawn[step + 1]):
            self.spawn(patient, at)
        return self.choose(
            patient, self.steps.route[step], self.steps.key_route[step], patient.occurrence
        )

    def set_attribute(self, patient: Patient, at: int) -> None:
        """Assign a level to an attribute of the episode or of the person."""
        attributes, attribute = self.world.attributes, self.steps.set_attribute[at]
        level = self.choose(
            patient, self.steps.set_table[at], self.steps.set_key[at], patient.occurrence
        )
        column = attributes.column[attribute]
        if attributes.origin[attribute] == lookup.PERSON:
            width = len(attributes.of_person_column)
            self.state.people[patient.person * width + column] = level
        else:
            width = len(attributes.of_episode_column)
            self.state.episodes[patient.number * width + column] = level

    def spawn(self, patient: Patient, at: int) -> None:
        """Perhaps start a side task, which sees what the episode is now and goes its own way."""
        key = self.steps.spawn_key[at]
        probability = self.number(patient, self.steps.spawn_table[at])
        if uniform(patient.key, key, patient.occurrence) >= probability:
            return
        parent, now = patient.number, self.clock.now
        crisis = self.episodes.crisis[parent]
        layer, ordinal = self.episodes.layer[parent], self.episodes.ordinal[parent]
        row = self.episodes.add(patient.person, crisis, layer, ordinal, now, parent, NONE)
        width = len(self.world.attributes.of_episode_column)
        self.state.episodes.extend(self.state.episodes[parent * width : (parent + 1) * width])
        key = combine(combine(patient.key, key), patient.occurrence)
        child = Patient(row, patient.person, key, is_side_task=True)
        self.note(child)
        self.clock.process(self.side_task(child, self.steps.spawn_step[at]))

    def leave(self, patient: Patient, outcome: int) -> None:
        """Come to an outcome: give back everything still held."""
        for held in list(patient.held):
            self.give_back(patient, held)
        self.serve()
        self.episodes.ended[patient.number] = self.clock.now
        self.episodes.outcome[patient.number] = outcome
        self.note_what_was_set(patient.number)
        if not patient.is_side_task:
            self.in_episode[patient.person] = 0
        if outcome == self.world.died:
            self.dead[patient.person] = 1

    def note(self, patient: Patient) -> None:
        """Note the levels at onset of attributes that cannot be worked out afterwards."""
        world, state, now = self.world, self.state, self.clock.now
        self.notes.extend(
            self.read.level(world, state, attribute, patient.person, patient.number, now)
            for attribute in self.noted
        )

    def note_what_was_set(self, number: int) -> None:
        """Note the last levels in an episode of attributes that steps set on its person."""
        for at, attribute in enumerate(self.noted):
            if self.plan.set_on_person[attribute]:
                self.notes[number * len(self.noted) + at] = self.read.level(
                    self.world, self.state, attribute, self.episodes.person[number], number, 0.0
                )

    # ---------------------------------------------------------------- reading tables

    def leaf(self, patient: Patient, table: int) -> int:
        """The leaf a table gives for a patient now."""
        leaf: int = self.read.leaf(
            self.world, self.state, table, patient.person, patient.number, self.clock.now
        )
        return leaf

    def number(self, patient: Patient, table: int) -> float:
        """The number a table gives for a patient now."""
        number: float = self.world.numbers[self.leaf(patient, table)]
        return number

    def choose(self, patient: Patient, table: int, key: int, occurrence: int) -> int:
        """Choose a target by the shares a table gives for a patient now."""
        row = self.leaf(patient, table)
        target: int = self.read.chosen(
            self.world.choices, row, uniform(patient.key, key, occurrence)
        )
        return target

    def duration(self, patient: Patient, table: int, key: int, occurrence: int) -> float:
        """Draw a duration in minutes from the distribution a table gives for a patient now."""
        at, d = self.leaf(patient, table), self.plan.world.distributions
        lists = self.world.distributions
        kind = lists.kind[at]
        if kind != EMPIRICAL:
            return draw(patient.key, key, occurrence, kind, lists.a[at], lists.b[at], lists.c[at])
        u = uniform(patient.key, key, occurrence)
        first, count = lists.first[at], lists.count[at]
        return sample(kind, 0.0, 0.0, 0.0, d.values, d.cumulative, first, count, u)
