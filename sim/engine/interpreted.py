"""The functions of a compiled module, uncompiled: the same lines on lists instead of arrays.

The SimPy engine reads tables with the very functions the compiled engine uses. Calling them
compiled from Python would cost more than the lookup itself, so they are interpreted.
"""

from __future__ import annotations

from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

from sim.plan.jit import py


def interpreted(module: ModuleType) -> Any:
    """The module's functions in plain Python, calling each other in plain Python."""
    namespace: dict[str, Any] = dict(vars(module))
    for name, thing in vars(module).items():
        original = py(thing) if callable(thing) else thing
        if isinstance(original, FunctionType) and original.__module__ == module.__name__:
            namespace[name] = FunctionType(original.__code__, namespace, name)
    return SimpleNamespace(**namespace)


def listed(arrays: Any) -> Any:
    """A named tuple of arrays (nested or not) with lists in their place."""
    if isinstance(arrays, tuple):
        return type(arrays)(*(listed(item) for item in arrays))
    return arrays.tolist() if hasattr(arrays, "tolist") else arrays
