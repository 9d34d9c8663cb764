"""The events to come: those of the present slice of time on a heap, later ones in lists by slice.

Most events in the future of a hospital are far off (a stay that ends next week), and need no
order yet. A slice is a list of events in any order; when its time has come they go on the heap,
which so stays small. What would happen at the horizon or later is not kept at all.
"""

from __future__ import annotations

from sim.engine.compiled.heap import add, coded
from sim.engine.compiled.machine import counts, later, slices
from sim.plan.jit import apart, inlined
from sim.plan.memory import Address
from sim.plan.plan import NONE


@inlined
def push(m: Address, time: float, kind: int, number: int, slot: int) -> None:
    """Add an event."""
    if time >= counts(m)[0].horizon:
        return
    code = coded(kind, number, slot)
    slice_ = slice_of(m, time)
    if slice_ > counts(m)[0].slice:
        put_off(m, slice_, time, code)
    else:
        add(m, time, code)


@inlined
def slice_of(m: Address, time: float) -> int:
    """The slice in which a time before the horizon lies; no slice is before an earlier time's."""
    return int(time * counts(m)[0].slices_per_minute)


@inlined
def put_off(m: Address, slice_: int, time: float, code: int) -> None:
    """Add an event to the list of a later slice."""
    place = counts(m)[0].spare
    if place == NONE:
        place = counts(m)[0].later
        counts(m)[0].later = place + 1
    else:
        counts(m)[0].spare = later(m)[place].behind
    later(m)[place].time = time
    later(m)[place].code = code
    later(m)[place].behind = slices(m)[slice_]
    slices(m)[slice_] = place


@apart
def advance(m: Address, last: int) -> None:
    """Move the present forward to the next slice that has events, but not beyond `last`."""
    slice_ = counts(m)[0].slice
    while slice_ < last and slices(m)[slice_ + 1] == NONE:
        slice_ += 1
    if slice_ < last:
        slice_ += 1
        place = slices(m)[slice_]
        slices(m)[slice_] = NONE
        while place != NONE:
            add(m, later(m)[place].time, later(m)[place].code)
            behind = later(m)[place].behind
            later(m)[place].behind = counts(m)[0].spare
            counts(m)[0].spare = place
            place = behind
    counts(m)[0].slice = slice_
