"""Logs being written: columns that grow by a row at a time and end up as arrays."""

from __future__ import annotations

from array import array
from math import nan
from typing import Any

import numpy as np

from sim.engine.logs import Absorbed, Bookings, Capacities, Fate, Holds, Interruptions, Visits

# what is not known yet when a row is made is made for many rows at once
ROWS = 4096
UNKNOWN = array("d", [nan] * ROWS)
WAITING = array("b", [Fate.WAITING] * ROWS)
UNFINISHED = array("h", [-1] * ROWS)


class VisitColumns:
    """Visits so far; a row is made when an episode reaches a step."""

    def __init__(self) -> None:
        self.episode = array("i")
        self.step = array("h")
        self.queued = array("d")
        self.started = array("d")
        self.ended = array("d")
        self.fate = array("b")

    def add(self, episode: int, step: int, now: float) -> int:
        """Make the row of a visit that queues now; returns its number."""
        self.episode.append(episode)
        self.step.append(step)
        self.queued.append(now)
        row = len(self.queued) - 1
        if row == len(self.fate):
            self.started.extend(UNKNOWN)
            self.ended.extend(UNKNOWN)
            self.fate.extend(WAITING)
        return row

    def finished(self) -> Visits:
        """The columns as arrays."""
        return Visits(**_filled(self, len(self.queued)))


class HoldColumns:
    """Holds so far; a row is made when a unit is seized."""

    def __init__(self) -> None:
        self.episode = array("i")
        self.visit = array("i")
        self.resource = array("h")
        self.seized = array("d")
        self.released = array("d")
        self.ready = array("d")

    def add(self, episode: int, visit: int, resource: int, now: float) -> int:
        """Make the row of a unit seized now; returns its number."""
        self.episode.append(episode)
        self.visit.append(visit)
        self.resource.append(resource)
        self.seized.append(now)
        row = len(self.seized) - 1
        if row == len(self.ready):
            self.released.extend(UNKNOWN)
            self.ready.extend(UNKNOWN)
        return row

    def finished(self) -> Holds:
        """The columns as arrays."""
        return Holds(**_filled(self, len(self.seized)))


class InterruptionColumns:
    """Interruptions so far; a row is made when a visit loses its units."""

    def __init__(self) -> None:
        self.visit = array("i")
        self.at = array("d")
        self.resumed = array("d")
        self.by = array("i")

    def add(self, visit: int, now: float, by: int) -> int:
        """Make the row of a visit interrupted now; returns its number."""
        self.visit.append(visit)
        self.at.append(now)
        self.resumed.append(nan)
        self.by.append(by)
        return len(self.at) - 1

    def finished(self) -> Interruptions:
        """The columns as arrays."""
        return Interruptions(**_filled(self, len(self.at)))


class CapacityColumns:
    """Changes so far of capacities that react."""

    def __init__(self) -> None:
        self.resource = array("h")
        self.at = array("d")
        self.units = array("i")

    def add(self, resource: int, now: float, units: int) -> None:
        """Note what a capacity is from now on."""
        self.resource.append(resource)
        self.at.append(now)
        self.units.append(units)

    def finished(self) -> Capacities:
        """The columns as arrays."""
        return Capacities(**_filled(self, len(self.at)))


class BookingColumns:
    """Bookings so far."""

    def __init__(self) -> None:
        self.visit = array("i")
        self.resource = array("h")
        self.at = array("d")
        self.slots = array("i")

    def add(self, visit: int, resource: int, at: float, slots: int) -> None:
        """Note which slot a visit waits for."""
        self.visit.append(visit)
        self.resource.append(resource)
        self.at.append(at)
        self.slots.append(slots)

    def finished(self) -> Bookings:
        """The columns as arrays."""
        return Bookings(**_filled(self, len(self.at)))


class EpisodeColumns:
    """Episodes so far, apart from the levels of their attributes."""

    def __init__(self) -> None:
        self.person = array("i")
        self.crisis = array("h")
        self.layer = array("h")
        self.ordinal = array("i")
        self.onset = array("d")
        self.ended = array("d")
        self.outcome = array("h")
        self.parent = array("i")
        self.case = array("i")

    def add(
        self, person: int, crisis: int, layer: int, ordinal: int, now: float, parent: int, case: int
    ) -> int:
        """Make the row of an episode or side task that begins now; returns its number."""
        self.person.append(person)
        self.crisis.append(crisis)
        self.layer.append(layer)
        self.ordinal.append(ordinal)
        self.onset.append(now)
        self.parent.append(parent)
        self.case.append(case)
        row = len(self.person) - 1
        if row == len(self.ended):
            self.ended.extend(UNKNOWN)
            self.outcome.extend(UNFINISHED)
        return row

    def columns(self) -> dict[str, Any]:
        """The columns as arrays, by name."""
        return _filled(self, len(self.person))


class AbsorbedColumns:
    """Crises absorbed so far."""

    def __init__(self) -> None:
        self.person = array("i")
        self.crisis = array("h")
        self.at = array("d")

    def add(self, person: int, crisis: int, now: float) -> None:
        """Note a crisis that found its person in an episode, or dead."""
        self.person.append(person)
        self.crisis.append(crisis)
        self.at.append(now)

    def finished(self) -> Absorbed:
        """The columns as arrays."""
        return Absorbed(**_filled(self, len(self.at)))


def _filled(columns: object, count: int) -> dict[str, Any]:
    """The first rows of all columns, as arrays by name."""
    return {name: np.array(column[:count]) for name, column in vars(columns).items()}
