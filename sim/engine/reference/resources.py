"""What visits ask for, how they wait for it, get it, and lose it to someone more urgent.

The part of the SimPy engine about resources: their queues, who may be interrupted, what is held.
What an episode does otherwise is in `sim.engine.reference.engine`.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from typing import Any

from sim.engine.logs import Fate
from sim.engine.order import Kind
from sim.engine.reference.asking import UNLIMITED, Asking, Line, take_out
from sim.engine.reference.clock import Clock
from sim.engine.reference.columns import (
    CapacityColumns,
    HoldColumns,
    InterruptionColumns,
    VisitColumns,
)
from sim.engine.reference.patient import Held, Kept, Patient, Want
from sim.plan import lookup
from sim.plan.keys import combine
from sim.plan.plan import NONE, Ask, Interrupt

# plain numbers, for looking a name up in an enumeration takes longer than comparing it
_, CAPACITY, END, READY, PATIENCE, MOVE, RISE, _ = (int(kind) for kind in Kind)
WAITING, STARTED, _, RENEGED, _, INTERRUPTED = (int(fate) for fate in Fate)
NEXT, RELEASE = Kept.NEXT, Kept.RELEASE
ANY, SHORTEST = int(Ask.ANY), int(Ask.SHORTEST)
NEVER, REPEAT, RENEGE = int(Interrupt.NEVER), int(Interrupt.REPEAT), int(Interrupt.RENEGE)

#: more units than have breaks
MOST_UNITS = 2**20

#: what is left of a delay that was interrupted while it waited until something opens
NOT_BEGUN = -1.0


class Resources(Asking):
    """The resources of a run: who waits for them, holds them, and may lose them."""

    clock: Clock
    interruptible: list[Line]
    freed: deque[int]
    visits: VisitColumns
    holds: HoldColumns
    interruptions: InterruptionColumns
    capacities: CapacityColumns

    def count_inside(self, step: int, number: int) -> None:
        """Count who comes to a step, or (-1) leaves it, where a signal looks at it."""
        about = self.steps[step]
        for watch in self.world.counters[about.first_counter : about.end_counter]:
            self.world.watching[watch].inside += number

    def free_to(self, patient: Patient, resource: int) -> int:
        """Units that are free to a visit; after closing those that go on, if it came before."""
        standing = self.world.standings[resource]
        late = standing.late if patient.visit < standing.before else 0
        return self.free(resource) + late

    def lose_patience(self, patient: Patient, time: float) -> None:
        """Let the patience of a visit run out at a time."""
        visit = patient.visit
        moment = self.clock.at(time, PATIENCE, visit)
        moment.callbacks.append(lambda _: self.renege(patient, visit))

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
            enough = all(self.free_to(patient, want.resource) >= want.units for want in got)
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
            short = want.units - self.free_to(patient, want.resource)
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
            self.count_inside(victim.step, -1)
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
            take_out(self.interruptible[want.resource], patient)

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
        """Join the queues, in order of priority and then of arrival at the step."""
        step = self.steps[patient.step]
        if patient.request.plain:
            self.read_urgency(patient)
        self.join_queues(patient)
        if step.rises != NONE:
            span = self.world.rising[self.tables.leaf(patient, step.rises)]
            self.expect_rise(patient, self.visits.queued[patient.visit], span.first, span.end)

    def grow_impatient(self, patient: Patient) -> None:
        """Put down when patience runs out, if it does."""
        step = self.steps[patient.step]
        if step.patience != NONE:
            patience = self.tables.duration(
                patient, step.patience, step.key_patience, patient.occurrence
            )
            self.lose_patience(patient, self.clock.now + patience)

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
            take_out(self.queues[want.resource], patient)
            if self.world.resources[want.resource].in_turn:
                self.note_freed(want.resource)

    def renege(self, patient: Patient, visit: int) -> None:
        """Leave the queue if still waiting in it, never started, when patience runs out."""
        if patient.visit != visit or self.visits.fate[visit] != WAITING:
            return
        if patient.joining:
            patient.joining = False
        else:
            self.leave_queues(patient)
        self.visits.fate[visit] = RENEGED
        self.count_inside(patient.step, -1)
        self.visits.ended[visit] = self.clock.now
        self.serve()
        assert patient.moment is not None
        patient.moment.happen(False)

    def expect_rise(self, patient: Patient, came: float, at: int, end: int) -> None:
        """Put down when a priority changes next, if it does; at once if overdue after a join."""
        if at < end:
            visit = patient.visit
            time = max(self.clock.now, came + self.world.rises[at].after)
            moment = self.clock.at(time, RISE, visit)
            moment.callbacks.append(lambda _: self.rise(patient, visit, came, at, end))

    def rise(self, patient: Patient, visit: int, came: float, at: int, end: int) -> None:
        """Change the priority of someone who waits, never started; the place in time stays."""
        if patient.visit != visit or self.visits.fate[visit] != WAITING:
            return
        self.leave_queues(patient)
        patient.priority = self.world.numbers[self.world.rises[at].number]
        self.join_queues(patient)
        self.note_freed(*(want.resource for want in patient.request.wants))
        self.expect_rise(patient, came, at + 1, end)
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
                delay = self.tables.delay(patient, d, step.key_delay)
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
            self.be_ready(held.resource)

    def make_ready(self, resource: int) -> None:
        """The turnaround of a unit is over."""
        self.be_ready(resource)
        self.serve()

    def be_ready(self, resource: int) -> None:
        """Let a unit have a break if it is due to one, or else the next have the unit."""
        standing = self.world.standings[resource]
        standing.in_use -= 1
        if standing.owed:
            self.rest(resource)
        self.note_freed(resource)

    def rest(self, resource: int) -> None:
        """Begin the breaks that are due, of as many units as are free."""
        standing, about = self.world.standings[resource], self.world.resources[resource]
        units = min(standing.owed, self.free(resource))
        if units > 0:
            standing.owed -= units
            standing.in_use += units
            standing.resting += units
            self.write_capacity(resource)
            self.expect_break(resource, about.rest_for, standing.shift, False, units)

    def expect_break(
        self, resource: int, minutes: float, shift: int, is_due: bool, units: int
    ) -> None:
        """Put down when breaks of units of a shift fall due, or are over."""
        behind = len(self.world.watches) + 2 * len(self.queues)
        number = 2 * (shift * len(self.queues) + resource) + is_due
        number = behind + number * MOST_UNITS + units  # of equal ones, the fewest units first
        moment = self.clock.at(self.clock.now + minutes, CAPACITY, number)
        happens = self.fall_due_to_rest if is_due else self.come_back
        moment.callbacks.append(lambda _: happens(resource, shift, units))

    def fall_due_to_rest(self, resource: int, shift: int, units: int) -> None:
        """Breaks of units fall due, if these are still on duty."""
        standing = self.world.standings[resource]
        if shift == standing.shift:
            standing.owed += units
            self.rest(resource)

    def come_back(self, resource: int, shift: int, units: int) -> None:
        """Breaks are over; if the units are still on duty, the next ones come in time."""
        standing, about = self.world.standings[resource], self.world.resources[resource]
        standing.in_use -= units
        standing.resting -= units
        self.write_capacity(resource)
        if shift == standing.shift:
            self.expect_break(resource, about.rest_after, shift, True, units)
        self.note_freed(resource)
        self.serve()

    def write_capacity(self, resource: int) -> None:
        """Write down how many units there are, less those that have a break."""
        standing = self.world.standings[resource]
        units = standing.capacity
        if units > 0:
            units = max(0, units - standing.resting)
        self.capacities.add(resource, self.clock.now, units)

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
            while at < len(queue) and (
                standing.pressing > 0 or self.free(resource) + standing.late > 0
            ):
                if not self.let(queue[at][2], resource):
                    if self.world.resources[resource].in_turn:
                        break
                    at += 1


def is_among(left: list[list[Any]], resource: int) -> bool:
    """Whether a unit of a resource is among those left to be released; counts it as given."""
    for row in left:
        if row[0].first <= resource < row[0].end and row[1] > 0:
            row[1] -= 1
            return True
    return False
