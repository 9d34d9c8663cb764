"""The logs of a compiled run: columns with room for more rows, handed out when the run is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from typing import Any

import numpy as np

from sim.plan.kept_buffers import piece
from sim.plan.memory import PLACES as WORLD_PLACES
from sim.plan.memory import Memory, views

#: kinds of numbers in the columns of each log (`sim.engine.logs` says what they are)
LOGS: Mapping[str, Mapping[str, str]] = {
    "visit": {
        **{"episode": "i4", "step": "i2", "fate": "i1"},
        **{"queued": "f8", "started": "f8", "ended": "f8"},
    },
    "hold": {
        **{"episode": "i4", "visit": "i4", "resource": "i2"},
        **{"seized": "f8", "released": "f8", "ready": "f8"},
    },
    "interruption": {"visit": "i4", "at": "f8", "resumed": "f8", "by": "i4"},
    "capacity": {"resource": "i2", "at": "f8", "units": "i4"},
    "booking": {"visit": "i4", "resource": "i2", "at": "f8", "slots": "i4"},
    "episode": {
        **{"person": "i4", "crisis": "i2", "layer": "i2", "ordinal": "i4"},
        **{"onset": "f8", "ended": "f8", "outcome": "i2", "parent": "i4", "case": "i4"},
    },
    "absorbed": {"person": "i4", "crisis": "i2", "at": "f8"},
}

_KINDS = {
    f"{log}_{name}": np.dtype(kind)
    for log, columns in LOGS.items()
    for name, kind in columns.items()
}

#: columns begin at multiples of so many bytes, a line of the cache
ALIGNED = 64

#: places of the columns in the memory of a run, behind those of the world
PLACES = {name: len(WORLD_PLACES) + at for at, name in enumerate(_KINDS)}


def columns(log: str) -> Iterator[str]:
    """Names of the columns of a log in the memory of a run."""
    return (f"{log}_{name}" for name in LOGS[log])


def make_room(m: Memory, rows: Mapping[str, int]) -> None:
    """Give the logs empty columns of so many rows each.

    All lie in one piece of memory; what is not written to costs nothing.
    """
    sizes = {
        name: count * _KINDS[name].itemsize for log, count in rows.items() for name in columns(log)
    }
    starts = [0, *accumulate(-(-size // ALIGNED) * ALIGNED for size in sizes.values())]
    memory = piece("logs", starts[-1], np.dtype(np.uint8))
    for start, (name, size) in zip(starts, sizes.items(), strict=False):
        m[name] = memory[start : start + size].view(_KINDS[name])


def filled(m: Memory, log: str, rows: int) -> dict[str, Any]:
    """The filled rows of a log's columns."""
    return {name: m[f"{log}_{name}"][:rows] for name in LOGS[log]}


_named = views(PLACES, _KINDS)


def __getattr__(name: str) -> Callable[[Any], Any]:
    """What compiled code finds an array by, as a function of the memory."""
    return _named(name)
