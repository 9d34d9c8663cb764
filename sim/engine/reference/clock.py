"""SimPy's environment with an explicit order of events at one instant.

SimPy breaks ties by the accident of insertion. Here every event has a place of its own: the time,
then the kind of event, then a number (`sim.engine.order`).
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from heapq import heappush
from operator import attrgetter
from typing import Any

import simpy

from sim.engine.order import Kind

FIRST_KIND = int(min(Kind))


class Moment(simpy.Event):
    """Something that will happen at a time not yet known, or known already (see `Clock.at`).

    Its value tells those who wait for it what happened.
    """

    def __init__(self, clock: Clock, value: Any = None) -> None:
        # what simpy.Event.__init__ does, without the call: there is a moment for every visit
        self.env = clock
        self.callbacks = []
        self._ok = True
        self._value = value

    def __lt__(self, other: Moment) -> bool:
        """Neither comes first: of two with one time, kind and number, one has been put off."""
        return False

    def put_off(self) -> Moment:
        """Another moment for those who wait for this one, at which nothing will happen now."""
        later = Moment(self.env, self._value)  # type: ignore[arg-type]
        later.callbacks, self.callbacks = self.callbacks, []
        return later

    def happen(self, value: Any) -> None:
        """Happen now, within the present event, instead of at a time of its own."""
        self._value = value
        waiting = self.callbacks
        self.callbacks = None  # type: ignore[assignment]
        for resume in waiting:
            resume(self)


class Life(simpy.Process):
    """The process of an episode: it begins at once, within the present event.

    An ordinary process begins, and ends, by an event of its own. Nobody waits for these here,
    and there would be two for every episode.
    """

    def __init__(self, clock: Clock, generator: Generator[Moment, bool, None]) -> None:
        simpy.Event.__init__(self, clock)
        self._generator = generator
        self._target = Moment(clock)
        self._resume(self._target)


class Clock(simpy.Environment):
    """Simulated time in minutes since the start of the run."""

    #: the present time, as in SimPy, but without a call of a Python function each time
    now = property(attrgetter("_now"))

    def schedule(self, event: simpy.Event, *rest: Any) -> None:
        """Schedule an event as SimPy does, but for the end of a life without error."""
        if not (isinstance(event, Life) and event._ok):
            super().schedule(event, *rest)

    def at(self, time: float, kind: int, number: int, moment: Moment | None = None) -> Moment:
        """Let a moment happen at a time, in its explicit place among others at that time."""
        moment = moment or Moment(self)
        heappush(self._queue, (time, kind, number, moment))  # type: ignore[misc]
        return moment


class WatchfulClock(Clock):
    """A clock that calls something whenever an event is over."""

    def __init__(self, after: Callable[[], None]) -> None:
        super().__init__()
        self._after = after

    def step(self) -> None:
        """Let the next event happen, and what comes after it."""
        is_event = self._queue[0][1] >= FIRST_KIND  # and not the beginning or end of a process
        super().step()
        if is_event:
            self._after()
