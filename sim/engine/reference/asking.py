"""What visits ask for, and how urgently, by the levels of the moment at which they come."""

from __future__ import annotations

from bisect import bisect_left
from types import SimpleNamespace
from typing import Any

from sim.engine.reference.patient import Patient, Request, Want
from sim.engine.reference.tables import Tables
from sim.plan.plan import ASKS, NONE, Ask

ANY, SHORTEST = int(Ask.ANY), int(Ask.SHORTEST)

#: more units than anything has
UNLIMITED = 2**62

#: who waits for a resource or may be interrupted: priority and visit, by which they are sorted
Line = list[tuple[float, int, Patient]]


class Asking:
    """The requests of visits in a run, with what they depend on."""

    world: SimpleNamespace
    tables: Tables
    steps: Any
    queues: list[Line]
    one_of: dict[int, Request]

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


def take_out(line: Line, patient: Patient) -> None:
    """Take a patient out of a line in which it stands by its priority and visit."""
    del line[bisect_left(line, (patient.priority, patient.visit))]
