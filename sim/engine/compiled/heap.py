"""Events in order of time, kind and number: a heap of which each node has four below.

Four children are one cache line. When an event happens its place is not filled at once but left
open for the first event that it brings about (`open_first`), which seldom has far to sink.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from sim.engine.compiled.machine import counts, heap
from sim.engine.limits import SLOT_BITS
from sim.engine.order import Kind
from sim.plan.jit import inlined
from sim.plan.memory import Address

# a code is a kind, a number within it and a slot (or resource) in one integer
NUMBER_BITS = 37
NUMBERS = 1 << NUMBER_BITS
KIND_AT = NUMBER_BITS + SLOT_BITS

#: kinds are counted from the first in a code, whose sign they must not reach: there may be sixteen
FIRST_KIND = int(min(Kind))


@inlined
def coded(kind: int, number: int, slot: int) -> int:
    """Put kind, number and slot into one integer, which sorts by kind and then by number."""
    return (((kind - FIRST_KIND) << NUMBER_BITS) | number) << SLOT_BITS | slot


def _before(typing_context: Any, time: Any, code: Any, other_time: Any, other_code: Any) -> Any:
    """Time and code as the two halves of one number: times are not negative, so their bits sort.

    Such numbers are compared in two instructions and without a branch, which would often be
    mispredicted.
    """
    word, double = ir.IntType(64), ir.IntType(128)

    def joined(builder: Any, time: Any, code: Any) -> Any:
        high = builder.zext(builder.bitcast(time, word), double)
        return builder.or_(builder.shl(high, double(64)), builder.zext(code, double))

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        one, other = joined(builder, *given[:2]), joined(builder, *given[2:])
        return builder.icmp_unsigned("<", one, other)

    event = (types.float64, types.int64)
    return types.boolean(*event, *event), generate


#: whether the event of a time and a code comes before that of another time and code
before: Callable[[float, int, float, int], bool] = cast(Any, intrinsic(_before))


@inlined
def add(m: Address, time: float, code: int) -> None:
    """Add an event."""
    if counts(m)[0].open:
        counts(m)[0].open = 0
        sink(m, time, code, counts(m)[0].heap)
        return
    events = heap(m)
    at = counts(m)[0].heap
    counts(m)[0].heap = at + 1
    while at > 0:
        parent = (at - 1) >> 2
        if not before(time, code, events[parent].time, events[parent].code):
            break
        move(events, parent, at)
        at = parent
    events[at].time = time
    events[at].code = code


@inlined
def open_first(m: Address) -> int:
    """Take the first event, whose place stays open until `close_first`; returns its code."""
    counts(m)[0].open = 1
    code: int = heap(m)[0].code
    return code


@inlined
def close_first(m: Address) -> None:
    """Fill the place of the first event if nothing has been put there."""
    if counts(m)[0].open:
        counts(m)[0].open = 0
        last = counts(m)[0].heap - 1
        counts(m)[0].heap = last
        time, code = heap(m)[last].time, heap(m)[last].code
        heap(m)[last].time = inf
        if last > 0:
            sink(m, time, code, last)


@inlined
def sink(m: Address, time: float, code: int, size: int) -> None:
    """Put an event in the first place of a heap of a size, and then where it belongs.

    Places beyond the size hold events at infinity, so that there are always four children.
    """
    events = heap(m)
    at = 0
    child = 1
    while child < size:
        left = child + int(earlier(events, child + 1, child))
        right = child + 2 + int(earlier(events, child + 3, child + 2))
        least = right if earlier(events, right, left) else left
        if not before(events[least].time, events[least].code, time, code):
            break
        move(events, least, at)
        at = least
        child = 4 * at + 1
    events[at].time = time
    events[at].code = code


@inlined
def earlier(events: Any, one: int, other: int) -> bool:
    """Whether the event in one place comes before the event in another."""
    return before(events[one].time, events[one].code, events[other].time, events[other].code)


@inlined
def move(events: Any, origin: int, to: int) -> None:
    """Copy an event to another place."""
    events[to].time = events[origin].time
    events[to].code = events[origin].code
