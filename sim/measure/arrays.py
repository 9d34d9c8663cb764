"""Types of the arrays that measures are made of."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.signedinteger[Any]]
#: numbers of rows
Index = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]
