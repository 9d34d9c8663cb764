"""Arrays by name for compiled functions: one table of addresses instead of a hundred arguments.

numba passes every array of a named tuple as seven numbers, to every function. Handing on one
table in which each array has its place is several times faster to compile and to run. A compiled
function reads ``steps(memory)[step].delay``; the same function, interpreted, is given an object
whose attributes are lists (`sim.engine.interpreted`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import from_dtype, types
from numba.core.cgutils import get_or_insert_function
from numba.extending import intrinsic
from numba.np.arrayobj import make_array, populate_array

from sim.plan.environment import is_checked
from sim.plan.plan import PlanArrays, record, row_types

# numba's own builders, which it does not annotate
_array: Any = make_array
_fill: Any = populate_array
_function: Any = get_or_insert_function

#: what a compiled function is given: where in memory there are the address and the length of the
#: array of each place (one number is handed on faster than one of numba's arrays, which are seven)
Address = int

#: how a resource stands now; `pressing` are those of the waiting who would take units of others,
#: `late` the units that go on after closing for visits with numbers below `before`, `next_change`
#: the change of its capacity to come; of a capacity that reacts, `sheet` is the one in force, `aim`
#: the one it is changing to (or NONE) and `due` when it will have; of one with breaks, `shift`
#: counts the times its capacity has changed, `owed` are breaks due, `resting` units that have one
STANDING = record(
    capacity="i8",
    in_use="i8",
    waiting="i8",
    pressing="i8",
    is_freed="i8",
    next_change="i8",
    late="i8",
    before="i8",
    shift="i8",
    owed="i8",
    resting="i8",
    sheet="i8",
    aim="i8",
    due="f8",
)

#: how a watch stands: on since when, and whether for long enough; how many are inside; the next
#: time at which somebody will have waited for long enough
WATCHING = record(is_on="i8", since="f8", yes="i8", inside="i8", following="f8")

#: a clock of an episode: since when it runs (infinite if it does not), and whether the last step
#: come to had its tag
CLOCK = record(since="f8", on="i8")

_TYPES: Mapping[str, np.dtype[Any]] = {
    **row_types(PlanArrays),
    # what changes while patients move
    "people": np.dtype("i1"),
    "covered_by": np.dtype("f8"),
    "episode_levels": np.dtype("i1"),
    "clocks": CLOCK,  # by (episode, elapsed)
    "standings": STANDING,
    "watching": WATCHING,
}

#: places of the arrays named here; engines put theirs behind
PLACES = {name: place for place, name in enumerate(_TYPES)}


class Memory:
    """The table that compiled functions are given, and the arrays it points to."""

    def __init__(self, places: Mapping[str, int], arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._places = places
        self.arrays: dict[str, npt.NDArray[Any]] = {}
        self._entries = np.zeros(2 * len(places), dtype=np.int64)
        for name, array in arrays.items():
            self[name] = array

    @property
    def table(self) -> Address:
        """What compiled functions are given; good for as long as this object is."""
        return self._entries.ctypes.data

    def __getitem__(self, name: str) -> Any:
        """The array of a name."""
        return self.arrays[name]

    def __setitem__(self, name: str, array: npt.NDArray[Any]) -> None:
        """Put an array (again) in the place of its name."""
        array = np.ascontiguousarray(array)
        place = self._places[name]
        self.arrays[name] = array
        self._entries[2 * place] = array.ctypes.data
        self._entries[2 * place + 1] = len(array)


def memory(
    world: PlanArrays, people: npt.NDArray[np.int8], covered_by: npt.NDArray[np.float64]
) -> Memory:
    """Memory in which nothing moves yet: people only, no episodes.

    Parameters
    ----------
    world
        The arrays of a plan.
    people
        Levels by (person, column), flattened.
    covered_by
        Each person's fixed random number by (person, programme), flattened.
    """
    arrays = {name: getattr(world, name) for name in PLACES if name in PlanArrays._fields}
    return Memory(PLACES, {**arrays, "people": people, "covered_by": covered_by})


def view(name: str, place: int, kind: np.dtype[Any]) -> Callable[[Any], Any]:
    """A function for compiled code that finds the array of a name in a place of the memory.

    The array it finds claims to have no length: numba adds the length to every index that is
    negative, and only a length it knows to be 0 spares the test. Lengths that are needed have
    functions of their own; in the checked build (`sim.plan.checked`) every index is tested.
    """
    found = types.Array(from_dtype(kind), 1, "C")

    def array(table: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            word = ir.IntType(64)
            entries = builder.inttoptr(arguments[0], word.as_pointer())
            address = builder.load(builder.gep(entries, [word(2 * place)]))
            # arrays only move between calls from Python: what was read once holds for the call
            address.set_metadata("invariant.load", builder.module.add_metadata([]))
            made = _array(found)(context, builder)
            _fill(
                made,
                data=builder.inttoptr(address, made.data.type),
                shape=[word(0)],
                strides=[word(kind.itemsize)],
                itemsize=word(kind.itemsize),
                meminfo=None,
            )
            return made._getvalue()

        return found(table), generate

    def plain(typing_context: Any, table: Any) -> Any:
        return array(table)

    made: Any = intrinsic(plain)
    if is_checked():
        from sim.plan.checked import checked_view

        made = checked_view(name, array, partial(_length_at, place))
    return cast("Callable[[Any], Any]", made)


def _length_at(place: int, table: Any) -> Any:
    """Type and code of the length of the array in a place."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        word = ir.IntType(64)
        entries = builder.inttoptr(arguments[0], word.as_pointer())
        return builder.load(builder.gep(entries, [word(2 * place + 1)]))

    return types.int64(table), generate


def _prefetch(typing_context: Any, array: Any, at: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        if not isinstance(array, types.Array):  # in the checked build, which has time
            return context.get_dummy_value()
        rows = _array(signature.args[0])(context, builder, arguments[0]).data
        row = builder.bitcast(builder.gep(rows, [arguments[1]]), ir.IntType(8).as_pointer())
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [row.type, number, number, number])
        prefetch = _function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(prefetch, [row, number(1), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(array, types.int64), generate


#: tell the processor that a row of an array will be needed in a while, so that it is at hand then
prefetch: Callable[[Any, int], None] = cast(Any, intrinsic(_prefetch))


def _length(name: str) -> Callable[[Any], Any]:
    """A function for compiled code that finds the length of an array.

    An intrinsic like `view`, and not a compiled function made here for each name: those would
    share one name themselves, and machine code kept on disk is told apart by names.
    """

    def length(typing_context: Any, table: Any) -> Any:
        return _length_at(PLACES[name], table)

    made: Callable[[Any], Any] = cast(Any, intrinsic(length))
    return made


#: lengths that compiled functions need, and the arrays they are of
LENGTHS = {
    "person_width": "person_columns",
    "episode_width": "episode_columns",
    "programme_count": "coverages",
    "attribute_count": "attributes",
    "clock_count": "elapsed",
}


def views(
    places: Mapping[str, int], kinds: Mapping[str, np.dtype[Any]]
) -> Callable[[str], Callable[[Any], Any]]:
    """A function that makes the `view` of the array of a name, once for each.

    For a module's ``__getattr__``, so that an array need only be named in the table of its type.
    numba wants each function as a global of the module that calls it, which it is when imported.

    Raises
    ------
    AttributeError
        From the function, if no array has the name.
    """

    @cache
    def named(name: str) -> Callable[[Any], Any]:
        if name not in kinds:
            raise AttributeError(f"there is no array {name!r}")
        return view(name, places[name], kinds[name])

    return named


_named = views(PLACES, _TYPES)
_lengths = cache(_length)


def __getattr__(name: str) -> Callable[[Any], Any]:
    """What compiled code finds an array by, or a length, as a function of the memory."""
    return _lengths(LENGTHS[name]) if name in LENGTHS else _named(name)
