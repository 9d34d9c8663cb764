"""SimPy's environment with an explicit order of events at one instant.

SimPy breaks ties by the accident of insertion. Here every event has a place of its own: the time,
then the kind of event, then a number (`sim.engine.order`).
"""

from __future__ import annotations

from heapq import heappush
from typing import Any

import simpy

from sim.engine.order import Kind


class Moment(simpy.Event):
    """Something that will happen at a time not yet known, or known already (see `Clock.at`).

    Its value tells those who wait for it what happened.
    """

    def __init__(self, clock: Clock, value: Any = None) -> None:
        super().__init__(clock)
        self._ok = True
        self._value = value

    def happen(self, value: Any) -> None:
        """Happen now, within the present event, instead of at a time of its own."""
        self._value = value
        waiting = self.callbacks
        self.callbacks = None  # type: ignore[assignment]
        for resume in waiting:
            resume(self)


class Clock(simpy.Environment):
    """Simulated time in minutes since the start of the run."""

    def at(self, time: float, kind: Kind, number: int, moment: Moment | None = None) -> Moment:
        """Let a moment happen at a time, in its explicit place among others at that time."""
        moment = moment or Moment(self)
        heappush(self._queue, (time, kind, number, moment))  # type: ignore[misc]
        return moment
