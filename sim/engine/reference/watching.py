"""Signals that remember, and capacities as they change: with them, and in time (SimPy engine).

Both are looked at when an event is over and all that it brings about has happened: who could be
served has been. What then changes may start others, so one looks again, until nothing changes.
"""

from __future__ import annotations

from math import inf
from typing import Any

from sim.engine.order import LOOKS, Kind
from sim.engine.reference.asking import UNLIMITED
from sim.engine.reference.resources import Resources
from sim.plan.plan import NONE, Closing, Watched

CAPACITY = int(Kind.CAPACITY)
WAITED, INSIDE = int(Watched.WAITED), int(Watched.INSIDE)
SERVE, SEND_AWAY = int(Closing.SERVE), int(Closing.RENEGE)


class Reacting(Resources):
    """The signals of a run that are looked at, and the capacities that follow them."""

    def look(self) -> None:
        """See what signals say now, and let capacities follow."""
        for _ in range(LOOKS):
            if not self.see():
                break
            self.serve()

    def see(self) -> bool:
        """Look at every watch, then at every capacity that reacts; returns whether any changed."""
        changed = False
        for number, watch in enumerate(self.world.watches):
            changed |= self.see_signal(number, watch)
        for resource, about in enumerate(self.world.resources):
            if about.first_sense < about.end_sense:
                changed |= self.follow(resource, about)
        return changed

    def see_signal(self, number: int, watch: Any) -> bool:
        """See whether a signal is on, and for long enough; returns whether it says otherwise."""
        now, state = self.clock.now, self.world.watching[number]
        amount = self.amount(number, watch)
        is_on = amount >= watch.at_least or (state.is_on and amount > watch.until)
        if is_on and not state.is_on:
            state.since = now
            if watch.lasting > 0.0:
                self.look_again(now + watch.lasting, number)
        state.is_on = is_on
        before, state.yes = state.yes, int(is_on and now >= state.since + watch.lasting)
        changed: bool = state.yes != before
        return changed

    def amount(self, number: int, watch: Any) -> float:
        """What a watch sees: how many there are, or which share is in use."""
        if watch.what == INSIDE:
            return float(self.world.watching[number].inside)
        if watch.what == WAITED:
            return self.long_waiting(number, watch)
        amount: float = self.tables.read.amount(self.world, watch.resource, watch.what)
        return amount

    def long_waiting(self, number: int, watch: Any) -> float:
        """How many have waited so long; looks again when there will be one more."""
        now, state, found, following = self.clock.now, self.world.watching[number], 0, inf
        for _, visit, _ in self.queues[watch.resource]:
            due = self.visits.queued[visit] + watch.waited
            if due <= now:
                found += 1
            else:
                following = min(following, due)
        if following < inf and (following < state.following or state.following <= now):
            state.following = following
            self.look_again(following, number)
        return float(found)

    def look_again(self, time: float, number: int) -> None:
        """Look again at a time; the number is that of a watch, or of a resource behind these."""
        self.clock.at(time, CAPACITY, len(self.world.resources) + number)

    def follow(self, resource: int, about: Any) -> bool:
        """Let a capacity change to the sheet its signals choose, once that has taken its time."""
        now, standing = self.clock.now, self.world.standings[resource]
        wanted = 0
        for place, watch in enumerate(self.world.senses[about.first_sense : about.end_sense]):
            wanted += self.world.watching[watch].yes << place
        if wanted == standing.sheet:
            standing.aim = NONE
            return False
        if wanted != standing.aim:
            standing.aim = wanted
            standing.due = now + self.takes(resource, about, wanted)
            if standing.due > now:
                self.look_again(standing.due, len(self.world.watches) + resource)
        if now < standing.due:
            return False
        standing.sheet, standing.aim = wanted, NONE
        self.set_capacity(resource, self.units_on(about, wanted))
        return True

    def takes(self, resource: int, about: Any, sheet: int) -> float:
        """How long a capacity takes to change to another sheet, by whether that has more units."""
        before = self.world.standings[resource].capacity
        after = self.units_on(about, sheet)
        more = (UNLIMITED if after < 0 else after) - (UNLIMITED if before < 0 else before)
        if more == 0:
            return 0.0
        return float(about.opens_after if more > 0 else about.closes_after)

    def units_on(self, about: Any, sheet: int) -> int:
        """The units that a resource's sheet gives now."""
        return int(self.tables.read.scheduled(self.world, about.schedule + sheet, self.clock.now))

    def set_capacity(self, resource: int, units: int) -> None:
        """Set a capacity, and write it down if it is not known; who waits may then be served.

        Those who wait may be sent away because it closes. Breaks are due in time from now on.
        """
        now, about = self.clock.now, self.world.resources[resource]
        standing = self.world.standings[resource]
        before, standing.capacity = standing.capacity, units
        not_known = about.first_sense < about.end_sense or about.rest_for > 0.0
        if not_known and (units != before or now == 0.0):
            self.write_capacity(resource)
        self.note_freed(resource)
        if units != 0:
            standing.late = 0
        elif before != 0:
            self.close(resource, before)
        if about.rest_for > 0.0 and units != before:
            standing.shift += 1
            standing.owed = 0
            if units > 0:
                self.expect_break(resource, about.rest_after, standing.shift, True, units)

    def close(self, resource: int, units: int) -> None:
        """A resource closes that had so many units: go on for those who wait, or send them away."""
        standing = self.world.standings[resource]
        at_closing = self.world.resources[resource].at_closing
        if at_closing == SERVE:
            standing.late, standing.before = max(0, units), len(self.visits.queued)
        elif at_closing == SEND_AWAY:
            for _, _, patient in self.queues[resource]:
                others = patient.request.wants if patient.request.any else ()
                if all(self.world.standings[want.resource].capacity == 0 for want in others):
                    self.lose_patience(patient, self.clock.now)
