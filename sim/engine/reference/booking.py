"""Booking a slot, and coming to it or not: a part of the SimPy engine."""

from __future__ import annotations

from bisect import bisect_left
from operator import attrgetter

from sim.engine.logs import Fate
from sim.engine.order import Kind
from sim.engine.reference.columns import BookingColumns
from sim.engine.reference.patient import Patient
from sim.engine.reference.watching import Reacting
from sim.plan.keys import uniform

APPOINTMENT, RENEGED = int(Kind.APPOINTMENT), int(Fate.RENEGED)


class Booking(Reacting):
    """The slots of a run: how many places of each are taken."""

    booked: list[int]
    bookings: BookingColumns

    def book(self, patient: Patient) -> bool:
        """Take the first free slots far enough ahead, if they are not too far; wait until then."""
        about = self.world.bookings[self.steps[patient.step].book]
        now, slots = self.clock.now, self.world.slot_times
        earliest = now + self.tables.number(patient, about.lead)
        latest = now + self.tables.number(patient, about.within)
        length = int(self.tables.number(patient, about.length))
        (want,) = patient.request.wants
        resource = self.world.resources[want.resource]
        begins = attrgetter("begins")
        first = bisect_left(slots, earliest, resource.first_slot, resource.end_slot, key=begins)
        for slot in range(first, resource.end_slot - length + 1):
            if slots[slot].begins > latest:
                return False
            if self.are_free(slot, length):
                for number in range(slot, slot + length):
                    self.booked[number] += 1
                time, visit = slots[slot].begins, patient.visit
                self.bookings.add(visit, want.resource, time, length)
                moment = self.clock.at(time, APPOINTMENT, visit)
                moment.callbacks.append(lambda _: self.keep_appointment(patient))
                return True
        return False

    def are_free(self, slot: int, length: int) -> bool:
        """Whether so many slots in a row have a place, without a gap between them."""
        slots = self.world.slot_times
        for number in range(slot, slot + length):
            if self.booked[number] >= slots[number].places:
                return False
            if number > slot and slots[number - 1].ends != slots[number].begins:
                return False
        return True

    def keep_appointment(self, patient: Patient) -> None:
        """The slot begins: who comes is next for a unit, who does not goes elsewhere."""
        about = self.world.bookings[self.steps[patient.step].book]
        attend = self.tables.number(patient, about.attend)
        if uniform(patient.key, about.key_attend, patient.occurrence) < attend:
            if not self.let(patient):
                self.join_queues(patient)
            self.serve()
            return
        self.visits.fate[patient.visit] = RENEGED
        self.count_inside(patient.step, -1)
        self.visits.ended[patient.visit] = self.clock.now
        assert patient.moment is not None
        patient.moment.happen(False)
