"""How far a headline moves with luck, and how far with inputs that are drawn, as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.experiment.designs import Variant
from sim.experiment.drawn import drawn_arms, run_drawn
from sim.experiment.executor import Local
from sim.experiment.experiment import with_room
from sim.experiment.findings.tables import variances
from sim.experiment.settings import Settings, whole
from sim.experiment.tasks.lab import Lab
from sim.report.tables.experiment import headline_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Loaded

#: most draws
MOST_DRAWS = 10_000


def luck_and_inputs(
    arms: Sequence[tuple[str, Loaded]],
    files: Sequence[tuple[str, ...] | Loaded],
    draws: int,
    settings: Settings,
    overrides: Mapping[str, object],
) -> pd.DataFrame:
    """Draw the inputs of every arm and run them.

    Parameters
    ----------
    arms
        Name and scenario of each, the baseline first.
    files
        What each was read from, as `sim.experiment.arm_loading.files_of_arms` says.
    draws
        How many, from 2 on.
    settings, overrides
        How the arms are run, and what is laid over each.

    Returns
    -------
    pandas.DataFrame
        As `sim.experiment.findings.tables.variances` makes it.

    Raises
    ------
    TypeError
        If a scenario was not given by its files, without which no input can be drawn.
    ValueError
        If there are too few draws, or no input is uncertain.
    RuntimeError
        If a draw cannot be run.
    """
    whole("draws", draws, 2, MOST_DRAWS)
    named = []
    for (name, _), read_from in zip(arms, files, strict=True):
        if not isinstance(read_from, tuple):
            raise TypeError("draws are of scenarios given by their files, not by what `load` gave")
        named.append((name, read_from))
    loaded = [each for _, each in arms]
    headline = loaded[0].model.headline
    lab = Lab((), settings.seed, headline or None, settings.engine, overrides)
    variants = drawn_arms(named, draws, lab)
    room = with_room(loaded, settings.workers, settings.engine)
    lab.executor = settings.executor or Local(room)
    return table(variants, lab, headline)


def table(variants: Sequence[Variant], lab: Lab, headline: Sequence[str]) -> pd.DataFrame:
    """Run drawn variants and tell luck from inputs; see `luck_and_inputs`."""
    outcomes = run_drawn(variants, lab).outcomes
    if outcomes.failures:
        raise RuntimeError(f"a draw cannot be run: {outcomes.failures[0]}")
    return variances(outcomes, headline_of(headline, outcomes))
