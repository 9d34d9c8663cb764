"""Which resources are asked for in the plainest way: one unit, and nothing else to look at."""

from __future__ import annotations

from sim.scenario.language.model import Scenario
from sim.scenario.written.values import Rising, leaves


def asked_plainly(model: Scenario) -> set[str]:
    """Resources of which all that is ever asked is one unit, at a priority that stays.

    And that are alike at all hours to those who wait.
    """
    plain = {
        name
        for name, unit in model.resources.items()
        if not unit.in_turn and unit.per is None and unit.at_closing == "wait"
    }
    for step in model.pathway.values():
        rises = step.priority is not None and any(
            isinstance(leaf, Rising) for leaf in leaves(step.priority)
        )
        presses = step.preempts is not None or step.interruptible is not None
        several = step.seize is not None and step.seize.one is None
        alike = step.book is None and not step.join and not several
        if not alike or (step.seize is not None and (rises or presses)):
            plain -= set(step.asked)
    return plain
