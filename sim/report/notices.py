"""What must be read before any number of a run or a comparison: what had not settled, by arm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.experiment.results import Results


def notices(arms: Sequence[Results], labels: Sequence[str]) -> tuple[str, ...]:
    """A sentence for each thing that had not settled; empty if everything had.

    Parameters
    ----------
    arms
        The baseline and its alternatives, or the one scenario run.
    labels
        What each is called, which is said where there are several.
    """
    from sim.experiment.settling.words import sentences

    named = len(arms) > 1
    return tuple(
        f"{label}: {text}" if named else text
        for arm, label in zip(arms, labels, strict=True)
        for text in sentences(arm.settling)
    )
