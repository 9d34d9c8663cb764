"""What a run leaves behind: visits, holds and episodes, as columns of equal length.

Both engines write exactly these columns and nothing else; every measure is computed from them.
Times are minutes since `run.start` 00:00 (the warm-up included); a time that was not reached
before the horizon is NaN, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Codes = npt.NDArray[np.int16]
Levels = npt.NDArray[np.int8]


class Fate(IntEnum):
    """What became of a visit."""

    WAITING = 0  #: still in the queue at the horizon
    STARTED = 1  #: started, not ended at the horizon
    ENDED = 2  #: started and ended
    RENEGED = 3  #: left the queue when patience ran out
    BALKED = 4  #: turned away on arrival
    INTERRUPTED = 5  #: started, lost its units to someone more urgent and went elsewhere


@dataclass(frozen=True, slots=True)
class Visits:
    """One row per passage of an episode through a step, in order of queueing.

    For a visit that reneged or balked, `ended` is when it left and `started` is NaN. A visit that
    was interrupted has several spans: `started` begins the first, `ended` ends the last, and
    `Interruptions` says what lies between them.
    """

    episode: Ints
    step: Codes
    queued: Floats
    started: Floats
    ended: Floats
    fate: Levels


@dataclass(frozen=True, slots=True)
class Holds:
    """One row per unit of a resource held by an episode, in order of seizing.

    `visit` is the row of the visit that seized it. `ready` is `released` plus turnaround: when
    the unit was free for the next.
    """

    episode: Ints
    visit: Ints
    resource: Codes
    seized: Floats
    released: Floats
    ready: Floats


@dataclass(frozen=True, slots=True)
class Interruptions:
    """One row per interruption of a visit that had started, in order of time.

    `by` is the visit that took its units. `resumed` is when it began again: NaN if it went
    elsewhere, or still waits.
    """

    visit: Ints
    at: Floats
    resumed: Floats
    by: Ints


@dataclass(frozen=True, slots=True)
class Capacities:
    """One row for each change of a capacity that reacts to signals, the first at 0; by time.

    `units` is -1 where unlimited. Several changes of one resource at one instant follow each other.
    """

    resource: Codes
    at: Floats
    units: Ints


@dataclass(frozen=True, slots=True)
class Bookings:
    """One row per booking, in their order: the visit, the pool, and the slot it waits for.

    `slots` is how many in a row are booked.
    """

    visit: Ints
    resource: Codes
    at: Floats
    slots: Ints


@dataclass(frozen=True, slots=True)
class Episodes:
    """One row per episode or side task, in order of onset.

    `outcome` indexes the scenario's outcomes, -1 while unfinished. `parent` is the row that
    spawned a side task, -1 for an episode. `case` indexes the scenario's cases, else -1; the
    `ordinal` of a case is the number of the copy, from 0.
    `(person, crisis, layer, ordinal)` identifies the same episode in every arm of a comparison.
    `levels` has one column per attribute of the plan: the level at onset, except for attributes
    set by steps, whose last level in the episode is kept.
    """

    person: Ints
    crisis: Codes
    layer: Codes
    ordinal: Ints
    onset: Floats
    ended: Floats
    outcome: Codes
    parent: Ints
    case: Ints
    levels: Levels


@dataclass(frozen=True, slots=True)
class Absorbed:
    """Crises that fell due while the same person had an open episode, or after death."""

    person: Ints
    crisis: Codes
    at: Floats


@dataclass(frozen=True, slots=True)
class Logs:
    """Everything one replication leaves behind; `horizon` is in minutes."""

    visits: Visits
    holds: Holds
    interruptions: Interruptions
    capacities: Capacities
    bookings: Bookings
    episodes: Episodes
    absorbed: Absorbed
    horizon: float
