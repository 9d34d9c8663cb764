"""Everything that changes during a compiled run, as arrays, and how those arrays grow.

An episode that is under way occupies a slot; slots are used again. Logs grow by rows. The event
loop never grows an array itself: before each event it makes sure that the event cannot run out of
room, and otherwise comes back to Python, where `grown` doubles what is short.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from sim.engine.compiled.columns import LOGS, columns, make_room
from sim.engine.compiled.columns import PLACES as LOG_PLACES
from sim.engine.levels import noted_attributes
from sim.engine.limits import MOST_ROWS, MOST_SLOTS, RunawayError
from sim.engine.order import LOOKS
from sim.plan.candidates import CANDIDATE
from sim.plan.flatten import leaves_of
from sim.plan.memory import CLOCK, STANDING, WATCHING, Memory, memory, views
from sim.plan.memory import PLACES as WORLD_PLACES
from sim.plan.plan import ASKS, NONE, Hold, Integers, Interrupt, Plan, Records, record
from sim.plan.population import Population

#: an event to come: its code is a kind, a number within it and a slot (`.heap`)
EVENT = record(time="f8", code="i8")

#: an event of a later slice of time, and the place of another of that slice (`.agenda`)
LATER = record(time="f8", code="i8", behind="i8")

#: an episode under way; `waiting_for` is a queue or NONE, `before` and `behind` who stands there
SLOT = record(
    key="u8",
    luck="u8",  #: the key of what an episode and its side tasks draw once
    person="i4",
    episode="i4",
    step="i4",
    visit="i4",
    occurrence="i4",
    waiting_for="i4",
    before="i4",
    behind="i4",
    held="i4",  #: how many units are held
    is_side_task="i4",
)

#: a unit held: by (slot, place), and until when (see `sim.engine.compiled.units`); `number` counts
#: units of one resource that were seized together
HELD = record(resource="i4", row="i4", visit="i4", occurrence="i4", number="i4", kept="i4")

#: what a slot asks for at a resource that is not plain (see `sim.engine.compiled.requests`)
ASKING = record(
    begins="f8",  #: when its delay begins; of every slot, if any can be interrupted
    ends="f8",  #: when its delay is over; likewise
    left="f8",  #: what was left of it when it was interrupted
    wants="i4",  #: how many there are
    any="i4",  #: whether one of them is enough
    several="i4",  #: whether they are numbered
    attribute="i4",  #: told which of them was got, or NONE
    urgency="i4",  #: class of priority
    presses="i4",  #: whether it takes units of others
    got="i4",  #: which of them it has got, or ALL_OF
    interruption="i4",  #: the row of the last one, if the visit has not gone on
    rise="i4",  #: the next change of its priority
    end_rise="i4",
)

#: the side task that a slot is, if any: of which slot, and its number if that is joined, or NONE
TASK = record(parent="i4", task="i4")

#: units of a resource, by (slot, number); `before` and `behind` are who stands there in its queue,
#: or among those that may be interrupted: numbers of such rows
WANT = record(resource="i4", units="i4", level="i4", before="i4", behind="i4")

#: a queue of one resource and one class of priority: first and last slot
QUEUE = record(first="i8", last="i8")

#: what has been counted so far, and numbers of the run that do not change; one record
COUNTS = record(
    now="f8",  #: the present instant
    at_once="i8",  #: visits at this instant
    fault="i8",  #: 1 once a plan has asked for more than its checks allow
    heap="i8",  #: events on the heap
    later="i8",  #: places of later events, those that are free among them
    spare="i8",  #: the first place of these that is free, or NONE
    slice="i8",  #: the present one
    open="i8",  #: whether the place of the first of them is open
    due="i8",  #: candidates that have fallen due
    visits="i8",
    holds="i8",
    interruptions="i8",
    capacities="i8",
    bookings="i8",
    episodes="i8",
    absorbed="i8",
    slots="i8",  #: in use
    victims="i8",  #: visits about to be interrupted
    waiting="i8",  #: episodes in all queues
    freed="i8",  #: resources freed whose queues have not been served
    first_freed="i8",
    # what does not change
    horizon="f8",
    slices_per_minute="f8",
    last_slice="i8",
    candidates="i8",
    died="i8",
    places="i8",  #: units a slot can hold
    wants="i8",  #: resources a slot can ask for at once
    interrupts="i8",  #: 1 if any visit can be interrupted
    loops="i8",  #: steps on a loop
    tasks="i8",  #: side tasks that are joined
    classes="i8",  #: classes of priority
    class_of_none="i8",  #: class of a step without a priority
    noted="i8",
    resources="i8",
    watches="i8",
    rests="i8",  #: 1 if any units have breaks
    restless="i8",  #: 1 if anything watches, has breaks or can be interrupted
    first_break="i8",  #: number from which on events of capacities are breaks
    # rows there is room for
    room_heap="i8",
    room_slots="i8",
    room_visit="i8",
    room_hold="i8",
    room_interruption="i8",
    room_capacity="i8",
    room_booking="i8",
    room_episode="i8",
    room_absorbed="i8",
    # what one event can need at most, besides something for everyone waiting
    most_visits="i8",
    most_starts="i8",  #: events per start: its end, and turnarounds of what is given back
    most_spawns="i8",
    most_units="i8",  #: units per start
    most_looks="i8",  #: changes of capacity, and times at which to look again
)

#: what `waiting_for` says of a slot that waits in the queues of its `wants`
IN_QUEUES = -2

#: what `waiting_for` says of a slot that waits for its side tasks
JOINING = -3

#: what `ends` says of a slot whose delay is not under way
NOT_NOW = -1.0

#: what is left of a delay that was interrupted while it waited until something opens
NOT_BEGUN = -1.0

#: how finely time is sliced: few enough for a small heap, enough that slices are seldom empty
CANDIDATES_PER_SLICE = 64

#: what a slot waits for is a queue, one of every resource and class of priority
MOST_QUEUES = 2**31 - 1

_TYPES: Mapping[str, np.dtype[Any]] = {
    "counts": COUNTS,
    "heap": EVENT,
    "later": LATER,
    "slices": np.dtype("i4"),  # the place of a later event in each slice, or NONE
    "slots": SLOT,
    "free": np.dtype("i8"),  # a stack of slots; the first `counts.slots` are in use
    "held": HELD,
    "asking": ASKING,  # by slot
    "wants": WANT,
    "interruptible": np.dtype("i8"),  # by resource: the first row of `wants`, or NONE
    "victims": np.dtype("i8"),  # slots
    "moves": np.dtype("i8"),  # addresses (`.by_address`)
    "left": np.dtype("i8"),  # units still to be given, by release
    "been": np.dtype("i8"),  # visits by (slot, step on a loop)
    "booked": np.dtype("i8"),  # places taken, by slot of a resource
    "tasks": TASK,  # by slot
    "unfinished": np.dtype("i8"),  # side tasks that are not over, by (slot, number of a task)
    "class_of": np.dtype("i8"),  # class of each number a priority can be
    "queues": QUEUE,  # by (resource, class)
    "freed": np.dtype("i8"),  # a ring of resources
    "unavailable": np.dtype("i1"),  # by person: has an open episode (1), has died (2)
    "noted": np.dtype("i8"),  # attributes noted for each episode
    "noted_at_end": np.dtype("i1"),  # which of them are noted again at its end
    "notes": np.dtype("i1"),  # levels by (episode, noted attribute)
    "candidates": CANDIDATE,
}

_BEFORE = {**WORLD_PLACES, **LOG_PLACES}
PLACES = {**_BEFORE, **{name: len(_BEFORE) + at for at, name in enumerate(_TYPES)}}


def new_machine(plan: Plan, population: Population, candidates: Records) -> Memory:
    """The state of a run before anything has happened, with some room to begin with."""
    world, size = plan.world, 256
    resources = len(plan.resources)
    class_of, class_of_none, classes = _priority_classes(plan)
    noted = noted_attributes(plan)
    counts = np.zeros(1, dtype=COUNTS)
    spawns = world.steps["end_spawn"] - world.steps["first_spawn"]
    slices = len(candidates) // CANDIDATES_PER_SLICE + 1
    counts["horizon"] = plan.horizon
    counts["slices_per_minute"] = slices / plan.horizon
    counts["last_slice"] = slices
    counts["spare"] = NONE
    counts["candidates"] = len(candidates)
    counts["died"] = world.died
    units = most_asked(plan)
    counts["most_units"] = most_units = max([1, *(sum(each.values()) for each in units)])
    counts["places"] = places = units_kept(plan, units) + most_units
    counts["wants"] = wants = int((world.lists["end"] - world.lists["first"]).max(initial=1))
    counts["interrupts"] = bool((world.steps["interrupt"] != Interrupt.NEVER).any())
    counts["loops"] = loops = int((world.steps["loop"] != NONE).sum())
    counts["tasks"] = tasks = int(world.spawns["task"].max(initial=NONE)) + 1
    counts["classes"] = classes
    counts["noted"] = len(noted)
    counts["resources"] = resources
    counts["class_of_none"] = class_of_none
    counts["watches"] = watches = len(world.watches)
    counts["rests"] = rests = bool((world.resources["rest_for"] > 0.0).any())
    counts["restless"] = bool(watches or rests or counts["interrupts"][0])
    counts["first_break"] = watches + 2 * resources
    most_looks = (LOOKS + 1) * (2 * watches + resources) if watches else 0
    counts["most_looks"] = most_looks = most_looks + (resources + 2) * rests
    counts["most_visits"] = len(plan.steps) + 2
    counts["most_starts"] = places + 4
    counts["most_spawns"] = int(spawns.max(initial=0)) + 2
    if resources * classes > MOST_QUEUES:
        raise RunawayError(
            f"more than {MOST_QUEUES:,} queues, one for each of {resources:,} resources and "
            f"{classes:,} priorities"
        )
    queues = np.zeros(resources * classes, dtype=QUEUE)
    queues["first"] = queues["last"] = NONE
    m = Memory(PLACES, memory(world, population.levels.copy(), population.numbers).arrays)
    many = max(size, 3 * len(candidates))
    m["counts"] = counts
    m["episode_levels"] = np.empty(many * len(world.episode_columns), dtype=np.int8)
    m["clocks"] = np.zeros(many * len(world.elapsed), dtype=CLOCK)
    m["standings"] = np.zeros(resources, dtype=STANDING)
    m["watching"] = np.zeros(watches, dtype=WATCHING)
    m["slices"] = np.full(slices + 1, NONE, dtype=np.int32)
    m["slots"] = np.empty(size, dtype=SLOT)
    for name in ("heap", "later"):  # before the first event each capacity has its next change
        m[name] = np.empty(size + resources + most_looks, dtype=_TYPES[name])
    few = ("absorbed", "interruption", "capacity")
    rooms = {log: size + most_looks if log in few else many for log in LOGS}
    rooms["booking"] = int(world.slot_times["places"].sum())  # each booking takes one, for good
    make_room(m, rooms)
    m["booked"] = np.zeros(len(world.slot_times), dtype=np.int64)
    m["heap"]["time"] = np.inf
    m["free"] = np.arange(size)
    m["held"] = np.zeros(size * places, dtype=HELD)
    m["asking"] = np.zeros(size, dtype=ASKING)
    m["wants"] = np.zeros(size * wants, dtype=WANT)
    m["interruptible"] = np.full(resources, NONE)
    m["victims"] = np.zeros(size, dtype=np.int64)
    m["moves"] = np.zeros(0, dtype=np.int64)
    m["left"] = np.zeros(len(world.releases), dtype=np.int64)
    m["been"] = np.zeros(size * loops, dtype=np.int64)
    m["tasks"] = np.zeros(size, dtype=TASK)
    m["unfinished"] = np.zeros(size * tasks, dtype=np.int64)
    m["class_of"] = class_of
    m["queues"] = queues
    m["freed"] = np.zeros(resources + 1, dtype=np.int64)
    m["unavailable"] = np.zeros(len(population.keys), dtype=np.int8)
    m["noted"] = np.array(noted, dtype=np.int64)
    m["noted_at_end"] = np.array([plan.set_on_person[a] for a in noted], dtype=np.int8)
    m["notes"] = np.empty(many * len(noted), dtype=np.int8)
    m["candidates"] = candidates
    _note_room(m)
    return m


def grow(m: Memory) -> None:
    """Make room, at least twice as much, wherever the next event might need more than there is."""
    count = m["counts"][0]
    spawns = count["most_spawns"]
    starts = count["waiting"] + 2 + 2 * count["interrupts"] * count["slots"]
    needed = {
        "visit": count["visits"] + count["most_visits"],
        "hold": count["holds"] + (starts + count["most_visits"]) * count["most_units"],
        "interruption": count["interruptions"] + starts,
        "capacity": count["capacities"]
        + count["most_looks"]
        + count["rests"] * starts * count["most_starts"],
        "heap": count["heap"]
        + count["later"]
        + starts * count["most_starts"]
        + spawns
        + 4
        + count["most_looks"],
        "absorbed": count["absorbed"] + 1,
        "episode": count["episodes"] + spawns,
        "slots": count["slots"] + spawns,
    }
    for name, most in needed.items():
        size = len(m[_ALIKE[name][0]])
        if most > size:
            times = _times_larger(name, int(most), size)
            for column in _ALIKE[name]:
                array = np.empty(times * len(m[column]), dtype=m[column].dtype)
                array[: len(m[column])] = m[column]
                if column == "heap":
                    array["time"][size:] = np.inf
                if column == "free":
                    array[size:] = np.arange(size, len(array))
                m[column] = array
    _note_room(m)


def _times_larger(name: str, most: int, size: int) -> int:
    """By how much to enlarge what has `size` rows and needs `most`.

    Raises
    ------
    RunawayError
        If the rows could no longer be numbered.
    """
    bound, what = (
        (MOST_SLOTS, "episodes under way at one time")
        if name == "slots"
        else (MOST_ROWS, f"rows of {_MEANT.get(name, name)}")
    )
    largest = bound // size
    if most > largest * size:
        raise RunawayError(f"more than {largest * size:,} {what}")
    return min(1 + most // size, largest)


#: what is called otherwise here than by those who read logs
_MEANT = {"visit": "visits", "hold": "holds", "episode": "episodes", "heap": "events to come"}

#: what grows together; the first has a row for each
_ALIKE = {
    **{log: tuple(columns(log)) for log in LOGS},
    "episode": (*columns("episode"), "episode_levels", "notes", "clocks"),
    "heap": ("heap", "later"),
    "slots": (
        *("slots", "free", "held", "been", "tasks", "unfinished", "asking", "wants", "victims"),
    ),
}


def _note_room(m: Memory) -> None:
    for name, arrays in _ALIKE.items():
        m["counts"][f"room_{name}"] = len(m[arrays[0]])


def most_asked(plan: Plan) -> list[dict[int, int]]:
    """For each step, the most units of each resource (its first pool) it may ask for at once."""
    world = plan.world
    found = []
    for step in world.steps:
        most: dict[int, int] = {}
        if step["seize"] == ASKS:
            for number in leaves_of(world, world.requests[step["request"]]["lists"]):
                span = world.lists[number]
                for need in world.needs[span["first"] : span["end"]]:
                    units = [1]
                    if need["units"] != NONE:
                        units = [
                            int(world.numbers[leaf]) for leaf in leaves_of(world, need["units"])
                        ]
                    first = int(need["resource"])
                    most[first] = max(most.get(first, 0), *units)
        elif step["seize"] >= 0:
            most[int(step["seize"])] = 1
        found.append(most)
    return found


def units_kept(plan: Plan, asked: list[dict[int, int]]) -> int:
    """The most units an episode can keep from earlier steps: of each resource those of one step."""
    kept: dict[int, int] = {}
    for step, most in zip(plan.world.steps, asked, strict=True):
        if step["hold"] != Hold.NO:
            for resource, units in most.items():
                kept[resource] = max(kept.get(resource, 0), units)
    return sum(kept.values())


def _priority_classes(plan: Plan) -> tuple[Integers, int, int]:
    """Rank of every number among those a priority can be, rank of 0, and how many ranks."""
    world = plan.world
    used: set[int] = set()
    for table in world.steps["priority"]:
        if table != NONE:
            used |= set(leaves_of(world, table))
    used |= set(world.rises["number"].tolist())
    ranked = sorted({float(world.numbers[leaf]) for leaf in used} | {0.0})
    rank = {value: place for place, value in enumerate(ranked)}
    class_of = [rank.get(float(value), NONE) for value in world.numbers]
    return np.array(class_of, dtype=np.int64), rank[0.0], len(ranked)


_named = views(PLACES, _TYPES)


def __getattr__(name: str) -> Callable[[Any], Any]:
    """What compiled code finds an array by, as a function of the memory."""
    return _named(name)
