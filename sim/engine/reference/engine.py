"""The meaning of a plan, in SimPy: every episode is a process that passes from step to step.

One event of the clock stands for one visit: whoever frees a unit starts the next visit that waits
for it, and the process of that episode wakes when its delay is over. Nothing is measured here;
visits, holds and episodes are written down as they happen.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from dataclasses import replace
from math import inf
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
from sim.engine.reference.asking import Line
from sim.engine.reference.booking import Booking
from sim.engine.reference.clock import Clock, Life, Moment, WatchfulClock
from sim.engine.reference.columns import (
    AbsorbedColumns,
    BookingColumns,
    CapacityColumns,
    EpisodeColumns,
    HoldColumns,
    InterruptionColumns,
    VisitColumns,
)
from sim.engine.reference.patient import (
    Elapsed,
    Kept,
    Patient,
    Request,
    Standing,
    Want,
    Watching,
)
from sim.engine.reference.present import begin_before
from sim.engine.reference.resources import is_among
from sim.engine.reference.tables import Tables
from sim.plan.keys import combine, uniform
from sim.plan.plan import ANYWHERE, JOINS, NONE, Hold, Interrupt, Plan, Records
from sim.plan.population import Population

Process = Generator[Moment, bool, None]

# plain numbers, for looking a name up in an enumeration takes longer than comparing it
CAPACITY, MOVE, ARRIVAL = int(Kind.CAPACITY), int(Kind.MOVE), int(Kind.ARRIVAL)
_, _, ENDED, RENEGED, BALKED, _ = (int(fate) for fate in Fate)
HOLD_NO, HOLD_NEXT, HOLD_VARIES = int(Hold.NO), int(Hold.NEXT), int(Hold.VARIES)
NEXT, RELEASE = Kept.NEXT, Kept.RELEASE
NEVER = int(Interrupt.NEVER)

#: visits between two looks at whether the model runs away
LOOK = 1000


class Engine(Booking):
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
        self.clock = WatchfulClock(self.look) if len(plan.world.watches) else Clock()
        self.world = listed(plan.world)
        self.tables = Tables(self.world, plan.world, self.clock)
        self.steps = self.world.steps
        self.candidates = rows(candidates)
        self.world.people = memoryview(population.levels.copy().data)
        self.world.covered_by = memoryview(population.numbers.data)
        self.world.episode_levels = bytearray()
        self.world.clocks = []
        self.world.standings = [Standing() for _ in plan.resources]
        self.world.watching = [Watching() for _ in plan.world.watches]
        self.queues: list[Line] = [[] for _ in plan.resources]
        self.interruptible: list[Line] = [[] for _ in plan.resources]
        self.one_of = {
            number: Request((Want(number),), plain=bool(resource.plain))
            for number, resource in enumerate(self.world.resources)
        }
        self.one_of[NONE] = self.one_of[JOINS] = Request()
        self.freed: deque[int] = deque()
        self.in_episode = bytearray(len(population.keys))
        self.dead = bytearray(len(population.keys))
        self.visits = VisitColumns()
        self.holds = HoldColumns()
        self.interruptions = InterruptionColumns()
        self.capacities = CapacityColumns()
        self.booked = [0] * len(plan.world.slot_times)
        self.bookings = BookingColumns()
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
            interruptions=self.interruptions.finished(),
            capacities=self.capacities.finished(),
            bookings=self.bookings.finished(),
            episodes=Episodes(**episodes, levels=levels),
            absorbed=self.absorbed.finished(),
            horizon=self.plan.horizon,
        )

    def forget_who_is_under_way(self) -> None:
        """Undo the ties between patients and the clock, which would keep both in memory."""
        self.clock._queue.clear()
        for line in (*self.queues, *self.interruptible):
            line.clear()

    # ---------------------------------------------------------------- what happens by itself

    def change_capacity(self, resource: int) -> Process:
        """Set a resource's capacity whenever its schedule changes, and serve who waits."""
        about = self.world.resources[resource]
        span = self.world.schedules[about.schedule]
        for change in self.world.changes[span.first : span.end]:
            if change.time > 0.0:
                yield self.clock.at(change.time, CAPACITY, resource)
            sheet = self.world.standings[resource].sheet
            self.set_capacity(resource, self.units_on(about, sheet) if sheet else change.value)
            self.serve()

    def let_crises_fall_due(self) -> Process:
        """Start an episode for every candidate that is not thinned, absorbed or too late."""
        self.look()  # all capacities are set by now
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
        here = None if case == NONE else self.world.present[case]
        if here is not None and here.step != NONE:
            self.in_episode[person] = 1
            begin_before(self, candidate, here)
            return
        if self.in_episode[person] or self.dead[person]:
            self.absorbed.add(person, crisis, now)
            return
        self.in_episode[person] = 1
        row = self.episodes.add(person, crisis, candidate.layer, candidate.ordinal, now, NONE, case)
        patient = Patient(row, person, candidate.key, candidate.key, is_side_task=False)
        self.world.clocks.extend(
            Elapsed(now if clock.since_onset else inf) for clock in self.world.elapsed
        )
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
                about = self.steps[step]
                step = self.goes(patient, about.balk_to, about.key_balk_to)
            elif (yield moment):
                step = self.finish(patient)
            elif self.visits.fate[patient.visit] == RENEGED:
                about = self.steps[step]
                step = self.goes(patient, about.renege_to, about.key_renege_to)
            elif self.visits.fate[patient.visit] == BALKED:
                about = self.steps[step]
                step = self.goes(patient, about.balk_to, about.key_balk_to)
            else:
                step = self.steps[step].interrupted_to
        self.leave(patient, -step - 1)

    def goes(self, patient: Patient, table: int, key: int) -> int:
        """Choose where an episode goes, with the random number of this visit."""
        return self.tables.choose(patient, table, key, patient.occurrence)

    def side_task(self, patient: Patient, step: int) -> Process:
        """A side task takes its place among the arrivals of this instant, then lives."""
        number = len(self.candidates) + patient.number
        yield self.clock.at(self.clock.now, ARRIVAL, number)
        yield from self.live(patient, step)

    def enter(self, patient: Patient, step: int) -> Moment | None:
        """Reach a step: start it, wait for what it asks for, or be turned away.

        Returns
        -------
        Moment or None
            What the episode waits for: true when the delay is over, false when it goes elsewhere
            before, for want of patience or because it was interrupted. None if turned away.
        """
        patient.step = step
        patient.visit = self.visits.add(patient.number, step, self.clock.now)
        if self.world.elapsed:
            self.tell_clocks(patient)
        self.count_inside(step, 1)
        if patient.visit % LOOK == 0:
            self.stop_if_running_away(patient.visit)
        if self.steps[step].loop != NONE:
            patient.occurrence = patient.been.get(step, 0)
            patient.been[step] = patient.occurrence + 1
        else:
            patient.occurrence = 0
        patient.interruption = NONE
        patient.moment = Moment(self.clock, value=True)
        if not self.has_joined(patient):
            patient.joining = True
        elif not self.ask(patient):
            self.balk(patient)
            return None
        if patient.joining or patient.waiting:
            self.grow_impatient(patient)
        self.serve()
        return patient.moment

    def ask(self, patient: Patient) -> bool:
        """Start with what a step asks for, or wait for it; False if turned away."""
        patient.request = self.request(patient)
        if not patient.request.plain:
            self.read_urgency(patient)
        if self.steps[patient.step].book != NONE:
            return self.book(patient)
        if not self.let(patient):
            if self.turns_away(patient):
                return False
            self.wait(patient)
        return True

    def balk(self, patient: Patient) -> None:
        """End a visit that is turned away."""
        self.visits.fate[patient.visit] = BALKED
        self.count_inside(patient.step, -1)
        self.visits.ended[patient.visit] = self.clock.now

    def clocks_of(self, episode: int) -> list[Elapsed]:
        """The clocks of an episode, in the order of what they measure."""
        width = len(self.world.elapsed)
        clocks: list[Elapsed] = self.world.clocks[episode * width : (episode + 1) * width]
        return clocks

    def tell_clocks(self, patient: Patient) -> None:
        """Set the clocks whose tag a step has, unless the step before had it as well."""
        first = patient.step * len(self.world.elapsed)
        for at, clock in enumerate(self.clocks_of(patient.number), first):
            has_tag = bool(self.world.timed[at])
            if has_tag and not clock.on:
                clock.since = self.clock.now
            clock.on = has_tag

    def stop_if_running_away(self, visit: int) -> None:
        """Raise an error once there are too many visits at one instant, or too many at all."""
        now = self.clock.now
        if visit >= VISITS_AT_ONCE and self.visits.queued[visit - VISITS_AT_ONCE] == now:
            raise going_round(self.plan, now, self.visits.step[-1000:])
        rows = visit + len(self.holds.seized)
        if rows * ROW_BYTES > log_bytes():
            raise too_much(self.plan, now, rows, [s.waiting for s in self.world.standings])

    def finish(self, patient: Patient) -> int:
        """End a visit: give back its units or keep them, set, spawn, and choose where to go."""
        step = self.steps[patient.step]
        self.visits.ended[patient.visit] = self.clock.now
        self.visits.fate[patient.visit] = ENDED
        self.count_inside(patient.step, -1)
        if step.interrupt != NEVER:
            self.no_longer_interruptible(patient)
        if step.hold != HOLD_VARIES:
            self.keep_or_give_back(patient, step, ANYWHERE)
        for setting in self.world.settings[step.first_set : step.end_set]:
            self.set_attribute(patient, setting.attribute, setting.table, setting.key)
        for task in self.world.spawns[step.first_spawn : step.end_spawn]:
            self.spawn(patient, task)
        target = self.goes(patient, step.route, step.key_route)
        if step.hold == HOLD_VARIES:
            self.keep_or_give_back(patient, step, target)
        return target

    def keep_or_give_back(self, patient: Patient, step: Any, target: int) -> None:
        """Keep what this visit seized or give it back; give back what is released only now."""
        for held in [held for held in patient.held if held.visit == patient.visit]:
            hold = step.hold
            if hold == HOLD_VARIES:
                hold = self.kept_for(step, target, held.resource)
            if hold == HOLD_NO:
                self.give_back(patient, held)
            else:
                held.kept = NEXT if hold == HOLD_NEXT else RELEASE
        if step.release_late:
            left = self.units_released(patient, step)
            for held in tuple(patient.held):
                earlier = held.visit != patient.visit
                if earlier and held.kept == RELEASE and is_among(left, held.resource):
                    self.give_back(patient, held)
        self.serve()

    def kept_for(self, step: Any, target: int, resource: int) -> int:
        """How long a unit is kept by who goes to a target: the first rule that says so."""
        for keep in self.world.keeps[step.first_keep : step.end_keep]:
            if keep.target in (target, ANYWHERE) and keep.first <= resource < keep.end:
                return int(keep.hold)
        return HOLD_NO

    def set_attribute(self, patient: Patient, attribute: int, table: int, key: int) -> None:
        """Assign a level, drawn by shares, to an attribute of the episode or of the person."""
        self.assign(patient, attribute, self.tables.choose(patient, table, key, patient.occurrence))

    def spawn(self, patient: Patient, task: Any) -> None:
        """Perhaps start a side task, which sees what the episode is now and goes its own way."""
        key, probability = task.key, self.tables.number(patient, task.table)
        if uniform(patient.key, key, patient.occurrence) >= probability:
            return
        parent, now = patient.number, self.clock.now
        crisis = self.episodes.crisis[parent]
        layer, ordinal = self.episodes.layer[parent], self.episodes.ordinal[parent]
        row = self.episodes.add(patient.person, crisis, layer, ordinal, now, parent, NONE)
        width = len(self.world.episode_columns)
        self.world.episode_levels.extend(
            self.world.episode_levels[parent * width : (parent + 1) * width]
        )
        if self.world.elapsed:
            self.world.clocks.extend(replace(clock) for clock in self.clocks_of(parent))
        child_key = combine(combine(patient.key, key), patient.occurrence)
        child = Patient(row, patient.person, child_key, patient.luck, is_side_task=True)
        if task.task != NONE:
            child.parent, child.task = patient, task.task
            patient.unfinished[task.task] = patient.unfinished.get(task.task, 0) + 1
        self.note(child)
        Life(self.clock, self.side_task(child, task.step))

    def has_joined(self, patient: Patient) -> bool:
        """Whether the side tasks have ended that a step waits for."""
        step = self.steps[patient.step]
        tasks = self.world.joins[step.first_join : step.end_join]
        return not any(patient.unfinished.get(task, 0) for task in tasks)

    def task_is_over(self, patient: Patient, task: int) -> None:
        """Ask for what a step needs that has waited for a side task, if that was the last."""
        patient.unfinished[task] -= 1
        if patient.joining and self.has_joined(patient):
            patient.joining = False
            if not self.ask(patient):
                assert patient.moment is not None
                self.balk(patient)
                patient.moment._value = False
                self.clock.at(self.clock.now, MOVE, patient.visit, patient.moment)
            self.serve()

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
        if patient.parent is not None:
            self.task_is_over(patient.parent, patient.task)

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
