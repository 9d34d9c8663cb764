"""What visits ask for, how they wait for it, get it, and lose it to someone more urgent.

The part of the SimPy engine about resources: their queues, who may be interrupted, what is held.
What an episode does otherwise is in `sim.engine.reference.engine`.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from types import SimpleNamespace
from typing import Any

from sim.engine.logs import Fate
from sim.engine.order import Kind
from sim.engine.reference.clock import Clock
from sim.engine.reference.columns import HoldColumns, InterruptionColumns, VisitColumns
from sim.engine.reference.patient import Held, Kept, Patient, Request, Want
from sim.engine.reference.tables import Tables
from sim.plan import lookup
from sim.plan.keys import combine
from sim.plan.plan import ASKS, NONE, Ask, Interrupt

# plain numbers, for looking a name up in an enumeration takes longer than comparing it
_, END, READY, PATIENCE, MOVE, RISE, _ = (int(kind) for kind in Kind)
WAITING, STARTED, _, RENEGED, _, INTERRUPTED = (int(fate) for fate in Fate)
NEXT, RELEASE = Kept.NEXT, Kept.RELEASE
ANY, SHORTEST = int(Ask.ANY), int(Ask.SHORTEST)
NEVER, REPEAT, RENEGE = int(Interrupt.NEVER), int(Interrupt.REPEAT), int(Interrupt.RENEGE)

#: what is left of a delay that was interrupted while it waited until something opens
NOT_BEGUN = -1.0

#: more units than anything has
UNLIMITED = 2**62

#: who waits for a resource or may be interrupted: priority and visit, by which they are sorted
Line = list[tuple[float, int, Patient]]


class Resources:
    """The resources of a run: who waits for them, holds them, and may lose them."""

    world: SimpleNamespace
    tables: Tables
    clock: Clock
    steps: Any
    queues: list[Line]
    interruptible: list[Line]
    one_of: dict[int, Request]
    freed: deque[int]
    visits: VisitColumns
    holds: HoldColumns
    interruptions: InterruptionColumns

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
        victim.left = victim.ends - now if victim.begins <= now else NOT_BEGUN
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
        step = self.steps[patient.step]
        if patient.request.plain:
            self.read_urgency(patient)
        self.join_queues(patient)
        self.grow_impatient(patient)
        if step.rises != NONE:
            span = self.world.rising[self.tables.leaf(patient, step.rises)]
            self.expect_rise(patient, self.clock.now, span.first, span.end)

    def grow_impatient(self, patient: Patient) -> None:
        """Put down when patience runs out, if it does."""
        step, visit = self.steps[patient.step], patient.visit
        if step.patience != NONE:
            patience = self.tables.duration(
                patient, step.patience, step.key_patience, patient.occurrence
            )
            moment = self.clock.at(self.clock.now + patience, PATIENCE, visit)
            moment.callbacks.append(lambda _: self.renege(patient, visit))

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
        patient.joining = False
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

    def assign(self, patient: Patient, attribute: int, level: int) -> None:
        """Assign a level to an attribute of the episode or of the person."""
        world, column = self.world, self.world.attributes[attribute].column
        if world.attributes[attribute].origin == lookup.PERSON:
            self.world.people[patient.person * len(world.person_columns) + column] = level
        else:
            self.world.episode_levels[patient.number * len(world.episode_columns) + column] = level

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
        begins, delay = now, patient.left
        if patient.interruption == NONE:
            self.visits.started[patient.visit] = now
            self.visits.fate[patient.visit] = STARTED
            self.give_back_kept(patient, step)
        else:
            self.interruptions.resumed[patient.interruption] = now
        if patient.interruption == NONE or step.interrupt == REPEAT or delay == NOT_BEGUN:
            delay = 0.0
            if step.delay != NONE:
                d = self.world.distributions[self.tables.leaf(patient, step.delay)]
                begins = self.tables.begins(d.gate)
                delay = self.tables.drawn(patient, d, step.key_delay, patient.occurrence)
        patient.interruption = NONE
        patient.begins, patient.ends = begins, begins + delay
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
            if held.kept == NEXT or (held.kept == RELEASE and is_among(left, held.resource)):
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


def _take_out(line: Line, patient: Patient) -> None:
    """Take a patient out of a line in which it stands by its priority and visit."""
    del line[bisect_left(line, (patient.priority, patient.visit))]


def is_among(left: list[list[Any]], resource: int) -> bool:
    """Whether a unit of a resource is among those left to be released; counts it as given."""
    for row in left:
        if row[0].first <= resource < row[0].end and row[1] > 0:
            row[1] -= 1
            return True
    return False
