"""The meaning of a plan, in SimPy: every episode is a process that passes from step to step.

One event of the clock stands for one visit: whoever frees a unit starts the next visit that waits
for it, and the process of that episode wakes when its delay is over. Nothing is measured here;
visits, holds and episodes are written down as they happen.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Callable, Generator
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
    InterruptionColumns,
    VisitColumns,
)
from sim.engine.reference.patient import Held, Kept, Patient, Request, Standing, Want
from sim.engine.reference.tables import Tables
from sim.plan import lookup
from sim.plan.keys import combine, uniform
from sim.plan.plan import ANYWHERE, ASKS, NONE, Ask, Hold, Interrupt, Plan, Records
from sim.plan.population import Population

Process = Generator[Moment, bool, None]

# plain numbers, for looking a name up in an enumeration takes longer than comparing it
CAPACITY, END, READY, PATIENCE, MOVE, RISE, ARRIVAL = (int(kind) for kind in Kind)
WAITING, STARTED, ENDED, RENEGED, BALKED, INTERRUPTED = (int(fate) for fate in Fate)
HOLD_NO, HOLD_NEXT, HOLD_VARIES = int(Hold.NO), int(Hold.NEXT), int(Hold.VARIES)
NEXT, RELEASE = Kept.NEXT, Kept.RELEASE
ANY, SHORTEST = int(Ask.ANY), int(Ask.SHORTEST)
NEVER, REPEAT, RENEGE = int(Interrupt.NEVER), int(Interrupt.REPEAT), int(Interrupt.RENEGE)

#: more units than anything has
UNLIMITED = 2**62

#: who waits for a resource or may be interrupted: priority and visit, by which they are sorted
Line = list[tuple[float, int, Patient]]

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
        self.queues: list[Line] = [[] for _ in plan.resources]
        self.interruptible: list[Line] = [[] for _ in plan.resources]
        self.one_of = {
            number: Request((Want(number),), plain=bool(resource.plain))
            for number, resource in enumerate(self.world.resources)
        }
        self.one_of[NONE] = Request()
        self.freed: deque[int] = deque()
        self.in_episode = bytearray(len(population.keys))
        self.dead = bytearray(len(population.keys))
        self.visits = VisitColumns()
        self.holds = HoldColumns()
        self.interruptions = InterruptionColumns()
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
        span = self.world.schedules[self.world.resources[resource].schedule]
        for change in self.world.changes[span.first : span.end]:
            if change.time > 0.0:
                yield self.clock.at(change.time, CAPACITY, resource)
            self.world.standings[resource].capacity = change.value
            self.note_freed(resource)
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
                about = self.steps[step]
                step = self.goes(patient, about.balk_to, about.key_balk_to)
            elif (yield moment):
                step = self.finish(patient)
            elif self.visits.fate[patient.visit] == RENEGED:
                about = self.steps[step]
                step = self.goes(patient, about.renege_to, about.key_renege_to)
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
        if patient.visit % LOOK == 0:
            self.stop_if_running_away(patient.visit)
        if self.steps[step].loop != NONE:
            patient.occurrence = patient.been.get(step, 0)
            patient.been[step] = patient.occurrence + 1
        else:
            patient.occurrence = 0
        patient.request = self.request(patient)
        patient.interruption = NONE
        patient.moment = Moment(self.clock, value=True)
        if not patient.request.plain:
            self.read_urgency(patient)
        if not self.let(patient):
            if self.turns_away(patient):
                self.visits.fate[patient.visit] = BALKED
                self.visits.ended[patient.visit] = self.clock.now
                return None
            self.wait(patient)
        self.serve()
        return patient.moment

    # ---------------------------------------------------------------- asking and getting

    def request(self, patient: Patient) -> Request:
        """What a step asks for, by the levels of this moment."""
        step = self.steps[patient.step]
        if step.seize != ASKS:
            return self.one_of[step.seize]
        about = self.world.requests[step.request]
        span = self.world.lists[self.tables.leaf(patient, about.lists)]
        wants = [self.want(patient, need) for need in self.world.needs[span.first : span.end]]
        wants = [want for want in wants if want.units > 0]
        if about.ask == SHORTEST:
            wants = [self.shortest(wants)]
        return Request(tuple(wants), about.ask == ANY, False, about.attribute)

    def want(self, patient: Patient, need: Any) -> Want:
        """One of the needs of a request: which pool, and how many units of it."""
        resource = need.resource
        if need.levels != NONE:
            resource += self.tables.level(need.levels, patient.person, patient.number)
        units = 1 if need.units == NONE else int(self.tables.number(patient, need.units))
        return Want(resource, units, need.level)

    def shortest(self, wants: list[Want]) -> Want:
        """The first that has a free unit, else the one with the fewest waiting per unit.

        The closed come last; of equals the first.
        """
        best = wants[0]
        for want in wants:
            if self.free(want.resource) > 0 and not self.queues[want.resource]:
                return want
            if self.has_shorter_queue(want.resource, best.resource):
                best = want
        return best

    def has_shorter_queue(self, one: int, other: int) -> bool:
        """Whether fewer wait per unit of one resource than of another."""
        a, b = self.world.standings[one], self.world.standings[other]
        shorter: bool
        if a.capacity == 0 or b.capacity == 0:
            shorter = a.waiting < b.waiting if a.capacity == b.capacity else b.capacity == 0
        elif a.capacity < 0 or b.capacity < 0:  # an unlimited one has no queue
            shorter = a.waiting < b.waiting or (a.capacity < 0 < b.capacity and b.waiting > 0)
        else:
            shorter = a.waiting * b.capacity < b.waiting * a.capacity
        return shorter

    def read_urgency(self, patient: Patient) -> None:
        """Read how urgent a visit is, which it stays until it has waited for long."""
        step = self.steps[patient.step]
        patient.priority = 0.0
        if step.priority != NONE:
            patient.priority = self.tables.number(patient, step.priority)
        patient.presses = False
        if step.preempts != NONE:
            patient.presses = self.tables.number(patient, step.preempts) != 0.0

    def free(self, resource: int) -> int:
        """Units that are free now: negative while more are in use than there are."""
        standing = self.world.standings[resource]
        return UNLIMITED if standing.capacity < 0 else standing.capacity - standing.in_use

    def let(self, patient: Patient, freed: int = NONE) -> bool:
        """Give a visit what it asks for and start it, if it can have it now.

        Who asks for any of several resources is given the first that is free, or only that which
        has been `freed`. Who presses takes units of less urgent visits if need be.
        """
        request = patient.request
        ways = [request.wants]
        if request.any:
            ways = [(want,) for want in request.wants if freed in (NONE, want.resource)]
        victims: list[Patient] | None = []
        for got in ways:
            enough = all(self.free(want.resource) >= want.units for want in got)
            if enough and self.comes_next(patient, got):
                break
        else:
            if not patient.presses:
                return False
            for got in ways:
                if self.comes_next(patient, got):
                    victims = self.victims(patient, got)
                    if victims is not None:
                        break
            else:
                return False
        for victim in victims or ():
            self.interrupt(victim, patient, got)
        if patient.waiting:
            self.leave_queues(patient)
        self.take_all(patient, got)
        self.start(patient)
        return True

    def comes_next(self, patient: Patient, wants: tuple[Want, ...]) -> bool:
        """Whether a visit passes nobody in the queues in which nobody may be passed."""
        for want in wants:
            if self.world.resources[want.resource].in_turn:
                queue = self.queues[want.resource]
                if queue and queue[0][:2] < (patient.priority, patient.visit):
                    return False
        return True

    def victims(self, patient: Patient, wants: tuple[Want, ...]) -> list[Patient] | None:
        """The visits a pressing one interrupts to have what it wants, least urgent first.

        None if there are not enough less urgent ones.
        """
        found: list[Patient] = []
        for want in wants:
            short = want.units - self.free(want.resource)
            for victim in found:
                short -= self.units_of(victim, want.resource)
            for priority, _, victim in reversed(self.interruptible[want.resource]):
                if short <= 0 or priority <= patient.priority:
                    break
                if victim not in found:
                    found.append(victim)
                    short -= self.units_of(victim, want.resource)
            if short > 0:
                return None
        return found

    def units_of(self, patient: Patient, resource: int) -> int:
        """Units of a resource that a visit has got."""
        return sum(want.units for want in patient.got if want.resource == resource)

    def interrupt(self, victim: Patient, by: Patient, wants: tuple[Want, ...]) -> None:
        """Take what a visit has got: of what another wants at once, the rest as always.

        It goes back to its queue, in its old place, or elsewhere.
        """
        now, step = self.clock.now, self.steps[victim.step]
        self.no_longer_interruptible(victim)
        victim.interruption = self.interruptions.add(victim.visit, now, by.visit)
        wanted = {want.resource for want in wants}
        for held in [held for held in victim.held if held.visit == victim.visit]:
            if held.resource in wanted:
                self.hand_over(victim, held)
            else:
                self.give_back(victim, held)
        assert victim.moment is not None
        victim.moment = victim.moment.put_off()
        victim.left = victim.ends - now
        if step.interrupt == RENEGE:
            self.visits.fate[victim.visit] = INTERRUPTED
            self.visits.ended[victim.visit] = now
            victim.moment._value = False
            self.clock.at(now, MOVE, victim.visit, victim.moment)
        else:
            self.join_queues(victim)
            self.note_freed(*(want.resource for want in victim.request.wants))

    def hand_over(self, patient: Patient, held: Held) -> None:
        """Give up a unit that someone else takes as it is."""
        patient.held.remove(held)
        self.holds.released[held.row] = self.holds.ready[held.row] = self.clock.now
        self.world.standings[held.resource].in_use -= 1
        self.note_freed(held.resource)

    def no_longer_interruptible(self, patient: Patient) -> None:
        """Forget a visit that ends or is interrupted among those that may be interrupted."""
        for want in patient.got:
            _take_out(self.interruptible[want.resource], patient)

    def stop_if_running_away(self, visit: int) -> None:
        """Raise an error once there are too many visits at one instant, or too many at all."""
        now = self.clock.now
        if visit >= VISITS_AT_ONCE and self.visits.queued[visit - VISITS_AT_ONCE] == now:
            raise going_round(self.plan, now, self.visits.step[-1000:])
        rows = visit + len(self.holds.seized)
        if rows * ROW_BYTES > log_bytes():
            raise too_much(self.plan, now, rows, [s.waiting for s in self.world.standings])

    def turns_away(self, patient: Patient) -> bool:
        """Whether a step turns away an arrival that would have to wait."""
        about, request = self.steps[patient.step], patient.request
        if not (about.balk_closed or about.balk_full):
            return False
        shut = [self.is_shut(about, want.resource) for want in request.wants]
        return all(shut) if request.any else any(shut)

    def is_shut(self, about: Any, resource: int) -> bool:
        """Whether a resource is closed or its queue full, where a step heeds it."""
        standing = self.world.standings[resource]
        if about.balk_closed and standing.capacity == 0:
            return True
        limit = self.world.resources[resource].queue_limit
        return bool(about.balk_full and limit != NONE and standing.waiting >= limit)

    def wait(self, patient: Patient) -> None:
        """Join the queues, in order of priority and then of arrival; patience starts to run."""
        step, visit, now = self.steps[patient.step], patient.visit, self.clock.now
        if patient.request.plain:
            self.read_urgency(patient)
        self.join_queues(patient)
        if step.patience != NONE:
            patience = self.tables.duration(
                patient, step.patience, step.key_patience, patient.occurrence
            )
            moment = self.clock.at(now + patience, PATIENCE, visit)
            moment.callbacks.append(lambda _: self.renege(patient, visit))
        if step.rises != NONE:
            span = self.world.rising[self.tables.leaf(patient, step.rises)]
            self.expect_rise(patient, now, span.first, span.end)

    def join_queues(self, patient: Patient) -> None:
        """Stand in the queue of everything asked for."""
        patient.waiting = True
        for want in patient.request.wants:
            standing = self.world.standings[want.resource]
            standing.waiting += 1
            standing.pressing += patient.presses
            insort(self.queues[want.resource], (patient.priority, patient.visit, patient))

    def leave_queues(self, patient: Patient) -> None:
        """Stand in no queue any more; where nobody could pass, the next may have its turn."""
        patient.waiting = False
        for want in patient.request.wants:
            standing = self.world.standings[want.resource]
            standing.waiting -= 1
            standing.pressing -= patient.presses
            _take_out(self.queues[want.resource], patient)
            if self.world.resources[want.resource].in_turn:
                self.note_freed(want.resource)

    def renege(self, patient: Patient, visit: int) -> None:
        """Leave the queue if still waiting in it, never started, when patience runs out."""
        if patient.visit != visit or self.visits.fate[visit] != WAITING:
            return
        self.leave_queues(patient)
        self.visits.fate[visit] = RENEGED
        self.visits.ended[visit] = self.clock.now
        self.serve()
        assert patient.moment is not None
        patient.moment.happen(False)

    def expect_rise(self, patient: Patient, joined: float, at: int, end: int) -> None:
        """Put down when a priority changes next, if it does."""
        if at < end:
            visit = patient.visit
            moment = self.clock.at(joined + self.world.rises[at].after, RISE, visit)
            moment.callbacks.append(lambda _: self.rise(patient, visit, joined, at, end))

    def rise(self, patient: Patient, visit: int, joined: float, at: int, end: int) -> None:
        """Change the priority of someone who waits, never started; the place in time stays."""
        if patient.visit != visit or self.visits.fate[visit] != WAITING:
            return
        self.leave_queues(patient)
        patient.priority = self.world.numbers[self.world.rises[at].number]
        self.join_queues(patient)
        self.note_freed(*(want.resource for want in patient.request.wants))
        self.expect_rise(patient, joined, at + 1, end)
        self.serve()

    def take_all(self, patient: Patient, wants: tuple[Want, ...]) -> None:
        """Seize what was asked for; an attribute may be told which resource it is."""
        patient.got = wants
        several = not patient.request.any and len(patient.request.wants) > 1
        for want in wants:
            for number in range(want.units):
                of_several = number + 1 if several or want.units > 1 else 0
                self.take(patient, want.resource, of_several)
            if patient.request.attribute != NONE:
                self.assign(patient, patient.request.attribute, want.level)

    def take(self, patient: Patient, resource: int, number: int) -> None:
        """Seize a unit."""
        self.world.standings[resource].in_use += 1
        row = self.holds.add(patient.number, patient.visit, resource, self.clock.now)
        patient.held.append(
            Held(resource, row, patient.visit, patient.step, patient.occurrence, number)
        )

    def start(self, patient: Patient) -> None:
        """Begin the delay of a visit, or go on with it after an interruption.

        What was kept only until the first start is given back.
        """
        step, now = self.steps[patient.step], self.clock.now
        delay = patient.left
        if patient.interruption == NONE:
            self.visits.started[patient.visit] = now
            self.visits.fate[patient.visit] = STARTED
            self.give_back_kept(patient, step)
        else:
            self.interruptions.resumed[patient.interruption] = now
        if patient.interruption == NONE or step.interrupt == REPEAT:
            delay = 0.0
            if step.delay != NONE:
                delay = self.tables.duration(
                    patient, step.delay, step.key_delay, patient.occurrence
                )
        patient.interruption = NONE
        patient.ends = now + delay
        self.clock.at(patient.ends, END, patient.number, patient.moment)
        if step.interrupt != NEVER:
            for want in patient.got:
                line = self.interruptible[want.resource]
                insort(line, (patient.priority, patient.visit, patient))
                if self.world.standings[want.resource].pressing:
                    self.note_freed(want.resource)

    def give_back_kept(self, patient: Patient, step: Any) -> None:
        """Give back what was kept until now, and what this step releases as it starts."""
        if not patient.held:
            return
        left = [] if step.release_late else self.units_released(patient, step)
        for held in tuple(patient.held):
            if held.kept == NEXT or (held.kept == RELEASE and _is_among(left, held.resource)):
                self.give_back(patient, held)

    def units_released(self, patient: Patient, step: Any) -> list[list[Any]]:
        """What a step releases, and how many units of it, oldest first."""
        return [
            [
                given,
                UNLIMITED if given.units == NONE else int(self.tables.number(patient, given.units)),
            ]
            for given in self.world.releases[step.first_release : step.end_release]
        ]

    def give_back(self, patient: Patient, held: Held) -> None:
        """Release a unit; after its turnaround the next can have it."""
        patient.held.remove(held)
        now, turnaround = self.clock.now, 0.0
        table = self.world.resources[held.resource].turnaround
        if table != NONE:
            key = self.steps[held.step].key_turnaround
            if held.number > 0:  # of several units each has luck of its own
                key = combine(combine(key, self.world.resources[held.resource].key), held.number)
            turnaround = self.tables.duration(patient, table, key, held.occurrence)
        self.holds.released[held.row] = now
        self.holds.ready[held.row] = now + turnaround
        if turnaround > 0.0:
            moment = self.clock.at(now + turnaround, READY, held.row)
            moment.callbacks.append(lambda _: self.make_ready(held.resource))
        else:
            self.world.standings[held.resource].in_use -= 1
            self.note_freed(held.resource)

    def make_ready(self, resource: int) -> None:
        """The turnaround of a unit is over."""
        self.world.standings[resource].in_use -= 1
        self.note_freed(resource)
        self.serve()

    def note_freed(self, *resources: int) -> None:
        """Remember that who waits for a resource may now be served, once for each resource."""
        for resource in resources:
            if self.queues[resource] and resource not in self.freed:
                self.freed.append(resource)

    def serve(self) -> None:
        """Start whoever waits for the units that have just been freed, first freed first.

        Those who wait are looked at in order, and who cannot have all it asks for is passed over,
        unless nobody may pass.
        """
        while self.freed:
            resource = self.freed.popleft()
            queue, standing = self.queues[resource], self.world.standings[resource]
            at = 0
            while at < len(queue) and (standing.pressing > 0 or self.free(resource) > 0):
                if not self.let(queue[at][2], resource):
                    if self.world.resources[resource].in_turn:
                        break
                    at += 1

    def finish(self, patient: Patient) -> int:
        """End a visit: give back its units or keep them, set, spawn, and choose where to go."""
        step = self.steps[patient.step]
        self.visits.ended[patient.visit] = self.clock.now
        self.visits.fate[patient.visit] = ENDED
        if step.interrupt != NEVER:
            self.no_longer_interruptible(patient)
        if step.hold != HOLD_VARIES:
            self.keep_or_give_back(patient, step, ANYWHERE)
        for setting in self.world.settings[step.first_set : step.end_set]:
            self.set_attribute(patient, setting.attribute, setting.table, setting.key)
        for task in self.world.spawns[step.first_spawn : step.end_spawn]:
            self.spawn(patient, task.step, task.table, task.key)
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
                if earlier and held.kept == RELEASE and _is_among(left, held.resource):
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

    def assign(self, patient: Patient, attribute: int, level: int) -> None:
        """Assign a level to an attribute of the episode or of the person."""
        world, column = self.world, self.world.attributes[attribute].column
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


def _take_out(line: Line, patient: Patient) -> None:
    """Take a patient out of a line in which it stands by its priority and visit."""
    del line[bisect_left(line, (patient.priority, patient.visit))]


def _is_among(left: list[list[Any]], resource: int) -> bool:
    """Whether a unit of a resource is among those left to be released; counts it as given."""
    for row in left:
        if row[0].first <= resource < row[0].end and row[1] > 0:
            row[1] -= 1
            return True
    return False
