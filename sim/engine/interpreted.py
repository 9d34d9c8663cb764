"""The functions of a compiled module, uncompiled: the same lines, on an object made of lists.

The SimPy engine reads tables with the very functions the compiled engine uses. Calling them
compiled from Python would cost more than the lookup itself, so they are interpreted.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from sim.plan.jit import py
from sim.plan.memory import LENGTHS, PLACES
from sim.plan.plan import PlanArrays


def interpreted(module: ModuleType) -> Any:
    """The module's functions in plain Python, calling each other in plain Python."""
    namespace: dict[str, Any] = dict(vars(module))
    namespace.update({name: attrgetter(name) for name in PLACES})
    namespace.update({name: _length_of(array) for name, array in LENGTHS.items()})
    for name, thing in vars(module).items():
        original = py(thing) if callable(thing) else thing
        if isinstance(original, FunctionType) and original.__module__ == module.__name__:
            namespace[name] = FunctionType(original.__code__, namespace, name)
    return SimpleNamespace(**namespace)


def _length_of(name: str) -> Callable[[Any], int]:
    return lambda memory: len(getattr(memory, name))


def listed(world: PlanArrays) -> SimpleNamespace:
    """The world with lists in place of arrays, and rows with names in place of records."""
    return SimpleNamespace(**{name: rows(array) for name, array in world._asdict().items()})


def rows(array: Any) -> Any:
    """The elements of an array as a list; records become named tuples."""
    if not isinstance(array, np.ndarray):
        return array
    if array.dtype.names is None:
        return array.tolist()
    row = _row_of(array.dtype.names)
    return [row(*values) for values in array.tolist()]


@cache
def _row_of(names: tuple[str, ...]) -> type:
    return namedtuple("row", names)
