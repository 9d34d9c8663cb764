"""One episode, or side task, on its way through the pathway; and how a resource stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from math import inf

from sim.engine.reference.clock import Moment
from sim.plan.plan import NONE


class Kept(IntEnum):
    """Until when a unit is held."""

    VISIT = 0  #: the visit that seized it has not ended
    NEXT = 1  #: the next step has not started
    RELEASE = 2  #: no later step has released it


@dataclass(frozen=True, slots=True)
class Want:
    """So many units of a resource; `level` is that of an attribute told which resource was got."""

    resource: int
    units: int = 1
    level: int = NONE


@dataclass(frozen=True, slots=True)
class Request:
    """What a visit asks for: all of its wants at once, or `any` one of them.

    A plain one is for one unit of a resource of which nobody asks anything else. `attribute` is
    told which resource was got, if any.
    """

    wants: tuple[Want, ...] = ()
    any: bool = False
    plain: bool = True
    attribute: int = NONE


@dataclass(slots=True, eq=False)
class Held:
    """A unit held: its resource, its row among the holds, and the visit that seized it.

    `number` counts the units of one resource that a visit seized with others, from 1; else 0.
    """

    resource: int
    row: int
    visit: int
    step: int
    occurrence: int
    number: int = 0
    kept: Kept = Kept.VISIT


@dataclass(slots=True, eq=False)
class Patient:
    """Where an episode is, what it holds, and what it waits for.

    `unfinished` counts its side tasks that some step joins, by their number; while it is `joining`
    it waits for them. Such a side task knows its `parent` and the number of its `task`.

    `number` is its row among the episodes and `key` names its random numbers, `luck` those that it
    shares with its side tasks. `visit` is the row
    of the present visit, `occurrence` how often it has been at this step before.

    `request` is what it asks for, `got` what of that it has got; `priority` and `presses` say how
    urgently, and whether it takes units of others. `begins` is when the delay begins (after the
    start, if it waits until something opens), `ends` when it is over, `left` what was left of it
    when it was interrupted, `passed` what of it was over at the start of the run, and
    `interruption` the row of that, if the visit has not gone on.
    """

    number: int
    person: int
    key: int
    luck: int
    is_side_task: bool
    parent: Patient | None = None
    task: int = NONE
    joining: bool = False
    step: int = -1
    visit: int = -1
    occurrence: int = 0
    request: Request = Request()
    got: tuple[Want, ...] = ()
    priority: float = 0.0
    presses: bool = False
    waiting: bool = False
    begins: float = 0.0
    ends: float = 0.0
    left: float = 0.0
    passed: float = 0.0
    interruption: int = NONE
    moment: Moment | None = None
    held: list[Held] = field(default_factory=list)
    been: dict[int, int] = field(default_factory=dict)
    unfinished: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Elapsed:
    """A clock of an episode: since when it runs, and whether the last step had its tag."""

    since: float
    on: bool = False


@dataclass(slots=True)
class Standing:
    """How a resource stands now: units it has (negative: no limit), in use, and who waits.

    `pressing` are those of them who would take units of others. After closing, `late` units go on
    for visits with numbers below `before`. Of a capacity that reacts, `sheet` is the one in force,
    `aim` the one it is changing to (or NONE) and `due` when it will have. Of one with breaks,
    `shift` counts the times its capacity has changed, `owed` are the breaks that are due, `resting`
    the units that have one.
    """

    capacity: int = 0
    in_use: int = 0
    waiting: int = 0
    pressing: int = 0
    late: int = 0
    before: int = 0
    shift: int = 0
    owed: int = 0
    resting: int = 0
    sheet: int = 0
    aim: int = NONE
    due: float = inf


@dataclass(slots=True)
class Watching:
    """How a watch of a signal stands: on since when, and whether for long enough to count.

    `inside` is how many are at its steps, `following` the next time at which somebody in its queue
    will have waited for long enough.
    """

    is_on: int = 0
    since: float = 0.0
    yes: int = 0
    inside: int = 0
    following: float = 0.0
