"""The plan: the executable form of a scenario, flat arrays that both engines run.

Names are sorted, by their letters, and turned into numbers, tables into flat arrays of cells,
dates into minutes since the start of the run.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Bytes = npt.NDArray[np.int8]
Records = npt.NDArray[np.void]

#: no table, no step, no resource
NONE = -1


class Origin(IntEnum):
    """Where the level of an attribute is read."""

    PERSON = 0  #: drawn once per person, or set on the person
    EPISODE = 1  #: drawn per episode, or set on the episode
    PROGRAMME = 2
    CALENDAR = 3
    SIGNAL = 4
    ELAPSED = 5


#: what a step seizes that does not just ask for one unit of one resource: see its `request`
ASKS = -2

#: what a step seizes that seizes nothing, but waits for side tasks: see its joins
JOINS = -3

#: a target that stands for every target
ANYWHERE = -(2**31)


class Hold(IntEnum):
    """How long a step keeps the units it seized."""

    NO = 0  #: until its own delay ends
    NEXT = 1  #: until the next step has started
    TRUE = 2  #: until a later step releases it, or the end
    VARIES = 3  #: by resource, or by where the episode goes next: see `keeps`


class Watched(IntEnum):
    """What a signal looks at."""

    OCCUPANCY = 0  #: share of a capacity that is in use
    QUEUE = 1  #: number waiting
    WAITED = 2  #: number who have waited for so long
    INSIDE = 3  #: number at some steps


class Ask(IntEnum):
    """What of the needs of a request must be met."""

    ALL = 0  #: everything, at once
    ANY = 1  #: whichever can be had first
    SHORTEST = 2  #: the one with the fewest waiting per unit when it is asked for


class Closing(IntEnum):
    """What becomes of those who wait when a resource closes."""

    WAIT = 0
    SERVE = 1  #: they are served all the same, by as many units as there were
    RENEGE = 2  #: they leave, unless something else that would do is open


class Interrupt(IntEnum):
    """What becomes of a visit whose units a more urgent one takes."""

    NEVER = 0
    RESUME = 1  #: it goes on later with what is left of its delay
    REPEAT = 2  #: it begins again later
    RENEGE = 3  #: it goes elsewhere


def record(**fields: str) -> np.dtype[np.void]:
    """The type of a row with the given fields, aligned."""
    return np.dtype(list(fields.items()), align=True)


#: a table varies by dims[first_dim:end_dim]; its leaf is cells[first_cell + sum(level x stride)],
#: or what a further table gives if that is a cell of one (`sim.plan.lookup.FURTHER`)
TABLE = record(first_dim="i8", end_dim="i8", first_cell="i8")
DIM = record(attribute="i8", stride="i8")
#: a leaf that is a distribution, as `sim.plan.samplers.sample` takes it, in minutes; it begins when
#: its gate opens: a schedule that is not 0, a minute m of the day written as -(m + 2), or NONE.
#: `luck` is the key of the episode's draw it is drawn with (`shared`), perhaps 1 minus it
DISTRIBUTION = record(
    kind="i8",
    a="f8",
    b="f8",
    c="f8",
    first="i8",
    count="i8",
    gate="i8",
    shared="i8",
    against="i8",
    luck="u8",
)
#: a leaf that is a choice has branches from its first on, up to a cumulative share of 1; the
#: target is a level of an attribute, a step, or an outcome o written as -(o + 1)
BRANCH = record(target="i8", cumulative="f8")
#: `column`: in the levels of a person or episode, or the row of the programme, schedule or signal
ATTRIBUTE = record(origin="i8", column="i8", initial="i8")
#: a piecewise function of time: points[first:end]
SPAN = record(first="i8", end="i8")
CHANGE = record(time="f8", value="i8")  #: piecewise constant; capacity NONE is unlimited
POINT = record(time="f8", share="f8")  #: piecewise linear
RATE = record(time="f8", per_minute="f8")  #: piecewise constant
#: `levels`: the attribute whose level says which pool, counted from `resource`, or NONE
SIGNAL = record(
    resource="i8",
    levels="i8",
    what="i8",  #: see `Watched`
    at_least="f8",
    watch="i8",  #: the first watch it is read from (one for each pool), or NONE if it has no memory
)
#: a signal on one pool, looked at when an event is over: on from `at_least`, off at `until` or
#: less, `yes` once it has been on for so many minutes (`lasting`); `waited` minutes make one of the
#: queue count
WATCH = record(resource="i8", what="i8", waited="f8", at_least="f8", until="f8", lasting="f8")
#: a time since the onset of an episode, or since it came to steps with a tag
ELAPSED = record(since_onset="i8", at_least="f8")
#: `schedule`: the span of its capacity, the first of several sheets if it reacts: one for each
#: combination of what it senses, in which the first of its senses is the lowest bit; all sheets
#: change at the same times. Limits and tables may be NONE
RESOURCE = record(
    plain="i8",  #: whether all that is ever asked of it is one unit, and nobody presses or rises
    queue_limit="i8",
    turnaround="i8",
    in_turn="i8",  #: whether nobody passes the first in its queue
    rest_for="f8",  #: how long a break is; 0 if there are none
    schedule="i8",
    first_sense="i8",
    end_sense="i8",
    opens_after="f8",
    closes_after="f8",
    at_closing="i8",  #: what becomes of those who wait
    rest_after="f8",  #: how long a unit is on duty before a break
    key="u8",  #: its name, without the level of a pool
    first_slot="i8",  #: its slots, if any can be booked
    end_slot="i8",
)
#: tables may be NONE; spans are of keeps, releases, settings and spawns. What every visit needs
#: comes first: it then lies together, in few lines of the processor's cache
STEP = record(
    loop="i8",  #: number among the steps an episode may return to, or NONE
    seize="i8",  #: the resource of which one unit is asked for, NONE, ASKS, or JOINS
    delay="i8",
    key_delay="u8",
    route="i8",
    key_route="u8",
    intricate="i8",  #: whether it ends otherwise than by giving back or keeping one unit
    hold="i8",
    first_set="i8",
    end_set="i8",
    first_spawn="i8",
    end_spawn="i8",
    first_counter="i8",
    end_counter="i8",
    priority="i8",
    patience="i8",
    balk_full="i8",
    balk_closed="i8",
    request="i8",  #: the request if `seize` is ASKS
    rises="i8",  #: table of spans of rises
    preempts="i8",  #: table of 0 and 1
    interrupt="i8",  #: what becomes of a visit that is interrupted
    interrupted_to="i8",  #: a target
    renege_to="i8",  #: table of targets
    balk_to="i8",  #: table of targets
    release_late="i8",  #: whether its releases wait until it ends
    key_patience="u8",
    key_renege_to="u8",
    key_balk_to="u8",
    key_turnaround="u8",
    first_keep="i8",
    end_keep="i8",
    first_release="i8",
    end_release="i8",
    first_join="i8",
    end_join="i8",
    book="i8",  #: number of its booking, or NONE
)
#: how a step books, before it asks: tables of minutes (`lead`, `within`), of numbers of slots
#: (`length`), and of the probability of coming
BOOKING = record(lead="i8", within="i8", length="i8", attend="i8", key_attend="u8")
#: a slot of a pool: from when until when, and for how many
SLOT_TIME = record(begins="f8", ends="f8", places="i8")
#: `lists`: table of spans of needs; `attribute`: told which resource was got, or NONE
REQUEST = record(ask="i8", lists="i8", attribute="i8")
#: `levels`: the attribute whose level says which pool, counted from `resource`, or NONE;
#: `units`: table of numbers, or NONE for one; `level`: of the attribute of the request
NEED = record(resource="i8", levels="i8", units="i8", level="i8")
#: `number`: the priority, among numbers, that somebody has who has waited so long
RISE = record(after="f8", number="i8")
#: how long units of first <= resource < end are kept by who goes to a target (or ANYWHERE)
KEEP = record(target="i8", first="i8", end="i8", hold="i8")
#: units of first <= resource < end given back: a table of numbers, or NONE for all
RELEASE = record(first="i8", end="i8", units="i8")
#: of each case, or row of `initial`: the step somebody is in at the start (NONE for a case), for
#: how long already, and whether they still wait
PRESENT = record(step="i8", since="f8", waiting="i8")
SETTING = record(attribute="i8", table="i8", key="u8")
#: `task`: its number among those that are joined, or NONE
SPAWN = record(step="i8", table="i8", key="u8", task="i8")
CRISIS = record(
    key="u8",
    rate="i8",  #: table: per person and minute
    first_factor="i8",
    end_factor="i8",
    first_drawn="i8",
    end_drawn="i8",
    route="i8",
    key_route="u8",
)
#: a relative rate, and the largest it can be by the people attributes that no step sets (tables)
FACTOR = record(table="i8", bound="i8")


class PlanArrays(NamedTuple):
    """Everything an engine reads while patients move; constant during a run.

    Arrays of records, because one record is read at a time and numba compiles few arrays faster
    than many. The rows are described with their types above. This is the one table of a plan's
    arrays: what compiled functions call them by, and their types there, follow from it.
    """

    tables: Annotated[Records, TABLE]
    dims: Annotated[Records, DIM]
    cells: Integers  #: numbers of leaves; NONE where no episode can come
    distributions: Annotated[Records, DISTRIBUTION]
    values: Floats  #: of empirical distributions
    cumulative: Floats
    choices: Integers  #: first branch of each choice
    branches: Annotated[Records, BRANCH]
    numbers: Floats  #: leaves that are numbers
    attributes: Annotated[Records, ATTRIBUTE]
    person_columns: Integers  #: the attribute in each column of a person's levels
    episode_columns: Integers
    schedules: Annotated[Records, SPAN]  #: spans of changes: calendars (0 or 1), then capacities
    changes: Annotated[Records, CHANGE]
    coverages: Annotated[Records, SPAN]  #: spans of points, by programme
    points: Annotated[Records, POINT]
    signals: Annotated[Records, SIGNAL]
    watches: Annotated[Records, WATCH]
    senses: Integers  #: spans of watches, by resource
    elapsed: Annotated[Records, ELAPSED]
    timed: Bytes  #: flattened (step, elapsed): whether the step has the tag that it is since
    counters: Integers  #: spans of watches that count who is inside, by step
    resources: Annotated[Records, RESOURCE]
    steps: Annotated[Records, STEP]
    requests: Annotated[Records, REQUEST]
    bookings: Annotated[Records, BOOKING]
    slot_times: Annotated[Records, SLOT_TIME]  #: by pool, in order of time
    lists: Annotated[Records, SPAN]  #: spans of needs
    needs: Annotated[Records, NEED]
    rising: Annotated[Records, SPAN]  #: spans of rises
    rises: Annotated[Records, RISE]
    keeps: Annotated[Records, KEEP]
    releases: Annotated[Records, RELEASE]
    joins: Integers  #: numbers of side tasks that must have ended
    settings: Annotated[Records, SETTING]
    spawns: Annotated[Records, SPAWN]
    crises: Annotated[Records, CRISIS]
    factors: Annotated[Records, FACTOR]
    drawn: Annotated[Records, SETTING]  #: settings of an episode's attributes at onset
    case_levels: Bytes  #: flattened (case, attribute), NONE where drawn
    present: Annotated[Records, PRESENT]  #: by case; rows of `initial` stand behind the cases
    died: int  #: the outcome after which a person has no more crises, or NONE


def row_types(arrays: type) -> dict[str, np.dtype[Any]]:
    """The type of a row of each array among the fields of a class such as `PlanArrays`."""
    found = {}
    for name, hint in get_type_hints(arrays, include_extras=True).items():
        if get_origin(hint) is Annotated:
            found[name] = hint.__metadata__[0]
        elif get_origin(hint) is np.ndarray:
            found[name] = np.dtype(get_args(get_args(hint)[1])[0])
    return found


class Profiles(NamedTuple):
    """Per crisis: rate factors on hours of the horizon, and what varies by replication.

    `factor[c, h]` is the deterministic factor in hour h, `day_to_day[c]` the coefficient of
    variation of the daily gamma factor of its own, `shared_days[c]` that of the
    one drawn by `key_shared[c]`, which others may draw by too; `first_day` is the ordinal of the
    first date.
    """

    factor: Floats
    day_to_day: Floats
    key_day: Keys
    shared_days: Floats
    key_shared: Keys
    first_day: int


class Streams(NamedTuple):
    """Arrivals of people who are nobody of the population: when they come, and as what.

    Stream s begins episodes of the kind `crisis[s]`; its rate from `rates["time"]` on (minutes,
    the first 0) is `rates["per_minute"]` times the factor of its kind in that hour, for the rows of
    `spans[s]`.
    """

    crisis: Integers
    keys: Keys
    spans: Records
    rates: Records


@dataclass(frozen=True)
class PopulationPlan:
    """How people are drawn: attributes in the order they depend on each other."""

    number: int
    drawn: tuple[int, ...]  #: attributes to draw, each after those its table varies by
    tables: tuple[int, ...]  #: choices of levels, one table for each of `drawn`
    keys: Keys  #: one for each of `drawn`
    strata_counts: Integers  #: people in each stratum of the CSV, empty without strata
    strata_levels: Bytes  #: shape (strata, attributes), NONE where drawn
    programme_keys: Keys
    eligible: tuple[tuple[tuple[int, tuple[int, ...]], ...], ...]
    #: per programme: (attribute, levels allowed), all of which must hold
    caseload: tuple[int | None, ...]
    # rows of `initial` stand behind the cases, and are like them but for `PlanArrays.present`
    case_levels: Bytes  #: shape (cases, attributes), NONE where drawn
    case_covered: Bytes  #: shape (cases, programmes), NONE where by luck
    case_crisis: Integers
    # of each person who is a copy of a case (most cases have one), case by case
    copy_of: Integers  #: the case
    copy_number: Integers  #: from 0
    copy_keys: Keys
    copy_at: Floats


@dataclass(frozen=True)
class Plan:
    """A scenario compiled: names, times and arrays. Times in minutes since `start` 00:00."""

    title: str
    start: date
    warm_up: float
    horizon: float
    steps: tuple[str, ...]
    resources: tuple[str, ...]
    crises: tuple[str, ...]
    outcomes: tuple[str, ...]
    attributes: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    programmes: tuple[str, ...]
    cases: tuple[str, ...]
    step_tags: tuple[tuple[str, ...], ...]
    set_on_person: tuple[bool, ...]  #: per attribute: may a step change it on the person?
    world: PlanArrays
    profiles: Profiles
    streams: Streams
    people: PopulationPlan

    @property
    def capacity_times(self) -> tuple[Floats, ...]:
        """Per resource: when its capacity changes by itself (minutes, the first 0)."""
        return tuple(changes["time"] for changes in self._capacities())

    @property
    def capacity_values(self) -> tuple[Integers, ...]:
        """Per resource: the capacity from each of `capacity_times` on; -1 is unlimited.

        Of a resource that reacts, the capacity while all that it senses is off.
        """
        return tuple(changes["value"] for changes in self._capacities())

    def _capacities(self) -> list[Records]:
        spans = self.world.schedules[self.world.resources["schedule"]]
        return [self.world.changes[span["first"] : span["end"]] for span in spans]
