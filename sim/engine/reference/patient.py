"""One episode, or side task, on its way through the pathway; and how a resource stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from sim.engine.reference.clock import Moment


class Kept(IntEnum):
    """Until when a unit is held."""

    VISIT = 0  #: the visit that seized it has not ended
    NEXT = 1  #: the next step has not started
    RELEASE = 2  #: no later step has released it


@dataclass(slots=True, eq=False)
class Held:
    """A unit held: its resource, its row among the holds, and the visit that seized it."""

    resource: int
    row: int
    step: int
    occurrence: int
    kept: Kept = Kept.VISIT


@dataclass(slots=True, eq=False)
class Patient:
    """Where an episode is, what it holds, and what it waits for.

    `number` is its row among the episodes and `key` names its random numbers. `visit` is the row
    of the present visit, `occurrence` how often it has been at this step before.
    """

    number: int
    person: int
    key: int
    is_side_task: bool
    step: int = -1
    visit: int = -1
    occurrence: int = 0
    waiting: bool = False
    moment: Moment | None = None
    held: list[Held] = field(default_factory=list)
    been: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Standing:
    """How a resource stands now: units it has (negative: no limit), in use, and who waits."""

    capacity: int = 0
    in_use: int = 0
    waiting: int = 0
