"""Arms whose uncertain inputs are drawn: the same draws in every arm, few replications in each.

The draws, the design and the tables are those of experiments; here arms are named as `run` and
`compare` name them, by their files.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.experiment.designs.build import Asked, every_draw
from sim.experiment.designs.design import Variant
from sim.experiment.tasks.lab import Lab, Runs

#: replications within a draw: the fewest that tell luck from inputs
WITHIN = 2


class NothingUncertainError(ValueError):
    """No arm has an uncertain input."""

    def __init__(self) -> None:
        super().__init__("nothing is uncertain: no scenario says how far an input may be off")


def drawn_arms(
    arms: Sequence[tuple[str, tuple[str, ...]]], draws: int, lab: Lab, seed: int = 1
) -> tuple[Variant, ...]:
    """Every arm with every draw of its inputs, checked.

    Parameters
    ----------
    arms
        Name and files in order of each arm, the baseline first.
    draws
        How many, from 2 on.
    lab
        A laboratory without a baseline of its own: arms may have no file in common.
    seed
        Of the draws.

    Raises
    ------
    NothingUncertainError
        If no arm has an input to draw.
    ScenarioError
        With everything that is wrong with any arm in any draw.
    """
    policies = [Variant(name, options=files, policy=name) for name, files in arms]
    if not any(lab.loaded(each).model.uncertainty for each in policies):
        raise NothingUncertainError
    variants = tuple(every_draw(Asked(draws=draws, seed=seed), policies, lab.loaded))
    lab.worlds(variants)
    return variants


def run_drawn(variants: Sequence[Variant], lab: Lab) -> Runs:
    """Run every draw of every arm that the laboratory's store does not have."""
    return lab.run(variants, range(1, WITHIN + 1))
