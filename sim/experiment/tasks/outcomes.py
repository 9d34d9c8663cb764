"""The outcomes of an experiment as one array: variants, replications, measures.

What answers are computed from. Replication k of every variant has the same people with the same
luck, so differences are taken along the first axis, replication by replication.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from sim.experiment.designs.design import Variant
from sim.experiment.tasks.task import Failure, Reference

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Outcomes:
    """Numbers by variant, replication and measure.

    Parameters
    ----------
    variants
        What the first axis is of, the baseline first.
    replications
        Numbers of the replications, what the second axis is of.
    measures
        References to measures (``ae_over_12_hours``, ``wait_mean/ae_doctor``), the third axis.
    values
        Shape (variants, replications, measures), each in the unit of its measure; NaN where a
        measure is not defined, or where the task failed.
    failures
        The tasks that failed.
    days
        Days measured, which counts and sums are of.
    units
        Unit of each measure.
    """

    variants: tuple[Variant, ...]
    replications: tuple[int, ...]
    measures: tuple[Reference, ...]
    values: Floats
    days: float
    units: Mapping[Reference, str] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()

    def __post_init__(self) -> None:
        """Refuse axes that do not fit the values."""
        shape = len(self.variants), len(self.replications), len(self.measures)
        if self.values.shape != shape:
            raise ValueError(f"values have shape {self.values.shape}, not {shape}")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the variants."""
        return tuple(variant.name for variant in self.variants)

    def of(self, measure: Reference) -> Floats:
        """The numbers of one measure, shape (variants, replications).

        Raises
        ------
        KeyError
            If it was not measured.
        """
        return self.values[:, :, self._place(measure)]

    def differences(self, measure: Reference) -> Floats:
        """Each variant less its baseline (of the same draw), shape (variants, replications)."""
        numbers = self.of(measure)
        first: dict[int, int] = {}
        for place, variant in enumerate(self.variants):
            first.setdefault(variant.draw, place)
        return numbers - numbers[[first[variant.draw] for variant in self.variants]]

    def pick(self, places: Sequence[int]) -> Outcomes:
        """The variants at these places only."""
        chosen = tuple(self.variants[place] for place in places)
        return replace(self, variants=chosen, values=self.values[list(places)])

    def of_draw(self, draw: int) -> Outcomes:
        """The variants of one draw of uncertain inputs."""
        return self.pick([at for at, each in enumerate(self.variants) if each.draw == draw])

    def _place(self, measure: Reference) -> int:
        if measure not in self.measures:
            raise KeyError(f"`{measure}` was not measured")
        return self.measures.index(measure)
