"""One measure of all policies as a table whose columns are pairs: what rankings are made of.

A column is a replication, the same luck in every row. Where inputs were drawn it is a draw, the
mean over its replications, so that what is said holds over inputs and not for one guess of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.experiment.tasks.outcomes import Outcomes
from sim.experiment.tasks.task import Reference

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Paired:
    """Numbers of one measure, shape (policies, columns), the baseline first.

    Only columns that every policy has are here; `left_out` is how many are not. `drawn` says that
    columns are draws of inputs.
    """

    measure: Reference
    policies: tuple[str, ...]
    values: Floats
    drawn: bool
    left_out: int

    @property
    def changes(self) -> Floats:
        """Each policy less the baseline."""
        changes: Floats = self.values - self.values[0]
        return changes


def paired(outcomes: Outcomes, measure: Reference) -> Paired:
    """The table of one measure."""
    cube = by_draw(outcomes, measure)
    drawn = cube.shape[1] > 1
    whole = np.asarray(~np.isnan(cube).any(axis=0))
    if drawn:
        # a replication that one policy of a draw does not have is left out of all of them
        kept = np.where(whole, cube, np.nan)
        number = whole.sum(axis=1)
        table = np.nansum(kept, axis=2) / np.where(number, number, 1)
        left_out = int((number == 0).sum())
        table = table[:, number > 0]
    else:
        table, left_out = cube[:, 0, whole[0]], int((~whole).sum())
    return Paired(measure, policies(outcomes), table, drawn, left_out)


def policies(outcomes: Outcomes) -> tuple[str, ...]:
    """Names of the policies, the baseline first."""
    return tuple(dict.fromkeys(variant.policy or variant.name for variant in outcomes.variants))


def by_draw(outcomes: Outcomes, measure: Reference) -> Floats:
    """One measure, shape (policies, draws, replications)."""
    names = policies(outcomes)
    draws = tuple(dict.fromkeys(variant.draw for variant in outcomes.variants))
    cube = np.full((len(names), len(draws), len(outcomes.replications)), np.nan)
    numbers = outcomes.of(measure)
    for place, variant in enumerate(outcomes.variants):
        name = variant.policy or variant.name
        cube[names.index(name), draws.index(variant.draw)] = numbers[place]
    return cube
