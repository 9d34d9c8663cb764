"""Everything that changes during a compiled run, as arrays, and how those arrays grow.

An episode that is under way occupies a slot; slots are used again. Logs grow by rows. The event
loop never grows an array itself: before each event it makes sure that the event cannot run out of
room, and otherwise comes back to Python, where `grown` doubles what is short.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.engine.levels import noted_attributes
from sim.plan.lookup import State
from sim.plan.plan import NONE, Bytes, Floats, Hold, Integers, Keys, Plan
from sim.plan.population import Population


class Count(IntEnum):
    """Places in `Machine.counts`."""

    EVENTS = 0  #: events so far
    HEAP = 1  #: events to come
    DUE = 2  #: candidates that have fallen due
    VISITS = 3
    HOLDS = 4
    EPISODES = 5
    ABSORBED = 6
    SLOTS = 7  #: slots in use
    WAITING = 8  #: episodes in all queues
    FREED_FIRST = 9  #: first of the resources freed but not served
    FREED = 10  #: how many there are
    NOW_LIMIT = 11  #: events allowed before the loop comes back


class Room(NamedTuple):
    """What one event can need at most, apart from one of each for everyone waiting."""

    visits: int
    starts: int  #: heap entries per start: the end, and turnarounds of what is given back
    spawns: int


class Heap(NamedTuple):
    """Events to come, a binary heap by time and then by code: the kind, then its number."""

    time: Floats
    code: Integers
    slot: Integers


class Slots(NamedTuple):
    """Episodes under way: who, where, waiting for what; `free` is a stack of free slots."""

    free: Integers
    person: Integers
    episode: Integers
    key: Keys
    is_side_task: Bytes
    step: Integers
    visit: Integers
    occurrence: Integers
    waiting_for: Integers  #: a queue (resource x classes + class), or `NONE`
    before: Integers  #: neighbours in that queue
    behind: Integers
    held: Integers  #: how many units are held
    held_resource: Integers  #: (slot, place), flattened, as the others below
    held_row: Integers
    held_step: Integers
    held_occurrence: Integers
    held_kept: Integers
    been: Integers  #: (slot, step on a loop), flattened


class Queues(NamedTuple):
    """Queues by (resource, class of priority): first and last slot; resources just freed."""

    classes: int
    class_of: Integers  #: class of each number a priority table can give
    first: Integers
    last: Integers
    freed: Integers
    is_freed: Bytes


class VisitLog(NamedTuple):
    """Columns of `sim.engine.logs.Visits`, with room to spare."""

    episode: npt.NDArray[np.int32]
    step: npt.NDArray[np.int16]
    queued: Floats
    started: Floats
    ended: Floats
    fate: Bytes


class HoldLog(NamedTuple):
    """Columns of `sim.engine.logs.Holds`, with room to spare."""

    episode: npt.NDArray[np.int32]
    resource: npt.NDArray[np.int16]
    seized: Floats
    released: Floats
    ready: Floats


class EpisodeLog(NamedTuple):
    """Columns of `sim.engine.logs.Episodes`, with room to spare, and the levels noted."""

    person: npt.NDArray[np.int32]
    crisis: npt.NDArray[np.int16]
    layer: npt.NDArray[np.int16]
    ordinal: npt.NDArray[np.int32]
    onset: Floats
    ended: Floats
    outcome: npt.NDArray[np.int16]
    parent: npt.NDArray[np.int32]
    case: npt.NDArray[np.int16]
    notes: Bytes


class AbsorbedLog(NamedTuple):
    """Columns of `sim.engine.logs.Absorbed`, with room to spare."""

    person: npt.NDArray[np.int32]
    crisis: npt.NDArray[np.int16]
    at: Floats


class Machine(NamedTuple):
    """The whole state of a compiled run."""

    counts: Integers
    room: Room
    state: State
    heap: Heap
    slots: Slots
    queues: Queues
    visits: VisitLog
    holds: HoldLog
    episodes: EpisodeLog
    absorbed: AbsorbedLog
    in_episode: Bytes  #: by person
    dead: Bytes  #: by person
    noted: Integers  #: attributes noted for each episode
    noted_at_end: Bytes  #: which of them are noted again at its end
    loop_column: Integers  #: column of each step in `Slots.been`, or `NONE`
    next_change: Integers  #: per resource: the change of capacity to come
