"""Large pieces of memory, used again by the next replication.

To find and clear memory takes the system as long as a third of the simulation that fills it. A
piece is therefore kept when it is handed out, and handed out again once nobody refers to it.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import numpy.typing as npt

#: larger pieces are not kept: one long run should not take memory from the process for ever
LARGEST_KEPT = 2**30

#: references to a piece that nobody uses: a variable and the argument of `getrefcount`
_UNUSED = 2

_kept: dict[str, npt.NDArray[np.uint8]] = {}


def piece(use: str, rows: int, kind: np.dtype[Any]) -> npt.NDArray[Any]:
    """Rows to write to, with anything in them: of a piece kept for a use, if that is free.

    Parameters
    ----------
    use
        What the piece is for; one is kept for each use.
    rows, kind
        Length of the array and type of its rows.
    """
    size = rows * kind.itemsize
    found = _kept.pop(use, None)
    if found is None or len(found) < size or sys.getrefcount(found) > _UNUSED:
        found = np.empty(size, dtype=np.uint8)
    if len(found) <= LARGEST_KEPT:
        _kept[use] = found
    return found[:size].view(kind)
