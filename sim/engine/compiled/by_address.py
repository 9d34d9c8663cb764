"""Calling moves that few scenarios need by their address.

The event loop would take several times as long to compile together with them. They are compiled
only when a plan needs them (`sim.engine.compiled.rare`), and found in the memory of the run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from sim.engine.compiled.machine import PLACES

ASK_FOR, SERVE_QUEUE, END_INTRICATE, LEAVE_QUEUES, RISE_NOW, TASK_IS_OVER, LOOK = range(7)
OPEN_OR_CLOSE, REST, BREAK_NOW, KEEP_APPOINTMENT = range(7, 11)


def _call(typing_context: Any, memory: Any, move: Any, slot: Any, other: Any, now: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        word, real = ir.IntType(64), ir.DoubleType()
        entries = builder.inttoptr(given[0], word.as_pointer())
        table = builder.load(builder.gep(entries, [word(2 * PLACES["moves"])]))
        row = builder.gep(builder.inttoptr(table, word.as_pointer()), [given[1]])
        kind = ir.FunctionType(word, [word, word, word, real]).as_pointer()
        move = builder.inttoptr(builder.load(row), kind)
        return builder.call(move, [given[0], given[2], given[3], given[4]])

    whole = types.int64
    return whole(whole, whole, whole, whole, types.float64), generate


#: call a move for a slot (or resource) with another number, at a time
call: Callable[[int, int, int, int, float], int] = cast(Any, intrinsic(_call))
