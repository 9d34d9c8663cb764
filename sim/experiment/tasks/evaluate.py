"""What answers that run more as they go (searches, stopping rules) ask of whoever runs tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sim.experiment.designs.design import Variant
from sim.experiment.tasks.outcomes import Outcomes


class Evaluate(Protocol):
    """Runs variants and gives their outcomes; what was done before is not done again."""

    def __call__(self, variants: Sequence[Variant], replications: Sequence[int]) -> Outcomes:
        """Outcomes of every replication of every variant, in the order given."""
