"""The functions of a compiled module, uncompiled: the same lines, on an object made of lists.

The SimPy engine reads tables with the very functions the compiled engine uses. Calling them
compiled from Python would cost more than the lookup itself, so they are interpreted.
"""

from __future__ import annotations

from collections import namedtuple
from operator import attrgetter
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from sim.plan.jit import py
from sim.plan.memory import PLACES
from sim.plan.plan import World


def interpreted(module: ModuleType) -> Any:
    """The module's functions in plain Python, calling each other in plain Python."""
    namespace: dict[str, Any] = dict(vars(module))
    namespace.update({name: attrgetter(name) for name in PLACES})
    for name, thing in vars(module).items():
        original = py(thing) if callable(thing) else thing
        if isinstance(original, FunctionType) and original.__module__ == module.__name__:
            namespace[name] = FunctionType(original.__code__, namespace, name)
    return SimpleNamespace(**namespace)


def listed(world: World) -> SimpleNamespace:
    """The world with lists in place of arrays, and rows with names in place of records."""
    return SimpleNamespace(**{name: _listed(array) for name, array in world._asdict().items()})


def _listed(array: Any) -> Any:
    if not isinstance(array, np.ndarray):
        return array
    if array.dtype.names is None:
        return array.tolist()
    row = namedtuple("row", array.dtype.names)  # type: ignore[misc]
    return [row(*values) for values in array.tolist()]
