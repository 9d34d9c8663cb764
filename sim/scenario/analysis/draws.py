"""Draws of episodes that nothing is drawn with."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.language.model import Scenario
from sim.scenario.written.positions import Complaint
from sim.scenario.written.values import Distribution, Until, leaves


def idle_draws(model: Scenario) -> Iterator[Complaint]:
    """A complaint for each draw of a crisis or stream that no distribution is drawn with."""
    tables = [table for step in model.pathway.values() for table in (step.delay, step.patience)]
    tables += [resource.turnaround for resource in model.resources.values()]
    used = set()
    for table in tables:
        for leaf in leaves(table) if table is not None else ():
            drawn = leaf.then if isinstance(leaf, Until) else leaf
            if isinstance(drawn, Distribution) and drawn.luck is not None:
                used.add(drawn.luck.name)
    for section in ("crises", "arrivals"):
        for name, kind in getattr(model, section).items():
            for draw in kind.draws:
                if draw not in used:
                    yield Complaint(
                        (section, name, "draws"),
                        f"nothing is drawn with `{draw}`",
                        allowed=f"`draw: {draw}` or `against: {draw}` beside a distribution",
                    )
