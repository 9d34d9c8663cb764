"""A build of the compiled code that tests every index: URGENTFLOW_CHECKED=1.

Compiled code tests no index of its own, so a number that does not fit its type, or a plan that was
not checked, reads and writes beyond an array: a wrong result or a crash, far from its cause. In
this build the views of `sim.plan.memory` give rows that know whose they are and how many; an index
that is not among them, a negative one too, ends the run with an `OutOfRangeError`. It is several
times slower and is what `.ci/run` compares the engines in.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, cast

from numba.core import cgutils, types
from numba.core.datamodel.models import StructModel
from numba.extending import intrinsic, overload, register_model

_struct: Any = cgutils.create_struct_proxy


class OutOfRangeError(IndexError):
    """An index that an array of the compiled engine does not have.

    `array` is its name in the memory of a run, `length` how many rows it has.
    """

    def __init__(self, array: str, index: int, length: int) -> None:
        super().__init__(array, index, length)
        self.array, self.index, self.length = array, int(index), int(length)

    def __str__(self) -> str:
        return f"index {self.index} of `{self.array}`, which has {self.length} rows"


class Rows(types.Type):
    """numba's type for the rows of the array of a name."""

    def __init__(self, array: str, rows: types.Array) -> None:
        self.array = array
        self.rows = rows
        super().__init__(name=f"Rows({array}, {rows})")


@register_model(Rows)
class _RowsModel(StructModel):
    def __init__(self, manager: Any, kind: Rows) -> None:
        members = [("rows", kind.rows), ("length", types.int64)]
        super().__init__(manager, kind, members)  # type: ignore[no-untyped-call]


def checked_view(array: str, view: Callable[[Any], Any], length: Callable[[Any], Any]) -> Any:
    """A function for compiled code that finds the array in a place, and how long it is.

    Parameters
    ----------
    array
        Its name.
    view, length
        Code for the array without its length, and for the length (`sim.plan.memory`): what
        numba calls to type and to generate an intrinsic.
    """

    def rows(typing_context: Any, address: Any) -> Any:
        signature, generate_array = view(address)
        _, generate_length = length(address)
        kind = Rows(array, signature.return_type)

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            made = _struct(kind)(context, builder)
            made.rows = generate_array(context, builder, signature, arguments)
            made.length = generate_length(context, builder, signature, arguments)
            return made._getvalue()

        return kind(address), generate

    return intrinsic(rows)


def _part(name: str) -> Any:
    def part(typing_context: Any, rows: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return getattr(_struct(rows)(context, builder, value=arguments[0]), name)

        return (rows.rows if name == "rows" else types.int64)(rows), generate

    return intrinsic(part)


_rows: Callable[[Any], Any] = cast(Any, _part("rows"))
_length: Callable[[Any], int] = cast(Any, _part("length"))


@overload(operator.getitem)
def _get(rows: Any, index: Any) -> Any:
    if not isinstance(rows, Rows):
        return None
    array = rows.array

    def get(rows: Any, index: Any) -> Any:
        if index < 0 or index >= _length(rows):
            raise OutOfRangeError(array, index, _length(rows))
        return _rows(rows)[index]

    return get


@overload(operator.setitem)
def _set(rows: Any, index: Any, value: Any) -> Any:
    if not isinstance(rows, Rows):
        return None
    array = rows.array

    def put(rows: Any, index: Any, value: Any) -> None:
        if index < 0 or index >= _length(rows):
            raise OutOfRangeError(array, index, _length(rows))
        _rows(rows)[index] = value

    return put
