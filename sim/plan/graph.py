"""Which steps can follow which, and which an episode may visit more than once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from sim.scenario.model import Step
from sim.scenario.values import leaves


def successors(step: Step) -> Iterator[str]:
    """Names of steps and outcomes an episode may go to from a step."""
    for shares in leaves(step.route):
        yield from (name for name, share in shares.items() if share > 0.0)
    yield from (name for name in (step.renege_to, step.balk_to) if name is not None)


def on_a_loop(pathway: Mapping[str, Step], names: tuple[str, ...]) -> npt.NDArray[np.int64]:
    """1 for each of the steps `names` that an episode can come back to, else 0."""
    number = {name: i for i, name in enumerate(names)}
    reach = np.zeros((len(names), len(names)), dtype=bool)
    for name in names:
        for other in successors(pathway[name]):
            if other in number:
                reach[number[name], number[other]] = True
    for middle in range(len(names)):
        reach |= reach[:, middle, None] & reach[None, middle]
    return np.diagonal(reach).astype(np.int64)
