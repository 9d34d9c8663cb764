"""Which steps an episode may visit more than once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from sim.scenario.analysis.graph import edges_of
from sim.scenario.language.model import Step


def on_a_loop(pathway: Mapping[str, Step], names: tuple[str, ...]) -> npt.NDArray[np.int64]:
    """1 for each of the steps `names` that an episode can come back to, else 0."""
    number = {name: i for i, name in enumerate(names)}
    reach = np.zeros((len(names), len(names)), dtype=bool)
    for name in names:
        for edge in edges_of(name, pathway[name]):
            if edge.possible and edge.target in number:
                reach[number[name], number[edge.target]] = True
    for middle in range(len(names)):
        reach |= reach[:, middle, None] & reach[None, middle]
    return np.diagonal(reach).astype(np.int64)
