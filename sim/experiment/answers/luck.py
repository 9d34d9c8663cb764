"""Random numbers for statistics, a function of a name: the same table twice has the same bounds.

They decide no trajectory, only how precisely a probability is worked out.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def uniforms(name: str, shape: tuple[int, ...]) -> Floats:
    """Independent uniform numbers between 0 and 1 of a name."""
    from sim.plan.jit import py
    from sim.plan.keys import mix64, name_key

    places = np.arange(1, math.prod(shape) + 1, dtype=np.uint64)
    step = np.uint64(0x9E3779B97F4A7C15)  # of splitmix64, as in `sim.plan.keys`
    scrambled: Any = py(mix64)  # as it is written, it takes arrays too
    bits = scrambled(np.uint64(name_key("statistics", name)) + places * step)
    found: Floats = ((bits >> np.uint64(12)) * 2.0**-52 + 2.0**-53).reshape(shape)
    return found


@lru_cache(maxsize=4)
def normals(name: str, shape: tuple[int, ...]) -> Floats:
    """Independent standard normal numbers of a name, not to be written to.

    The last few are kept: tables of many measures ask for the same again and again.
    """
    from scipy.special import ndtri

    found: Floats = ndtri(uniforms(name, shape))
    found.flags.writeable = False
    return found
