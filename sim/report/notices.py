"""What must be read before any number of a run or a comparison: what had not settled, by arm."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.report.world import view

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
        for text in (_titled(arm, words) for words in sentences(arm.settling))
    )


def _titled(arm: Results, words: str) -> str:
    """A sentence with what resources are called in place of their names in backticks."""
    titles = {item.name: item.title for item in view(arm.scenario.model, arm.plan).resources}
    return re.sub("`([^`]+)`", lambda found: titles.get(found[1], found[1]), words)
