"""Draws of episodes: who makes them, and that everybody has made those that a step draws with."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.language.model import Step
from sim.scenario.problems import Path, listed
from sim.scenario.rules.defined_names import Known, begun, cells, present_names, unknown
from sim.scenario.written.positions import Complaint
from sim.scenario.written.scalars import BROKEN
from sim.scenario.written.values import Distribution, SharedDraw, Table, Until

Complaints = Iterator[Complaint]


def wrong_draws(known: Known) -> Complaints:
    """Distributions drawn with what is not drawn, or not by everybody who comes there."""
    makers: dict[str, list[str]] = {}
    for section, name, kind in begun(known):
        if kind.draws is BROKEN or known.in_doubt(section):
            return  # a draw that is missed may be there
        for draw in present_names(kind.draws):
            makers.setdefault(draw, []).append(name)
    if known.in_doubt("crises", "arrivals"):
        return
    for path, luck, steps in _uses(known):
        here: Path = (*path, "against" if luck.against else "draw")
        if luck.name not in makers:
            complaint = unknown(here, "draw", luck.name, makers)
            allowed = complaint.allowed if makers else "`draws` of the crises that come here"
            yield Complaint(here, complaint.what, allowed=allowed, nearest=complaint.nearest)
            continue
        lacking = [
            f"`{name}`"
            for name in known.model.demand
            if name not in makers[luck.name] and not steps.isdisjoint(known.reached_by[name])
        ]
        if lacking:
            yield Complaint(
                here,
                f"not everybody who comes here draws `{luck.name}`",
                found=f"{listed(lacking)} can come here without it",
                allowed=f"`draws: [{luck.name}]` at every crisis that can come here",
            )


def _uses(known: Known) -> Iterator[tuple[Path, SharedDraw, frozenset[str]]]:
    """Everything that is drawn with a draw: where it stands, with which, and at which steps."""
    for name, step in known.model.pathway.items():
        yield from _of_step(name, step)
    for name, resource in known.model.resources.items():
        steps = frozenset(n for n, step in known.model.pathway.items() if name in step.asked)
        yield from _in_table(resource.turnaround, ("resources", name, "turnaround"), steps)


def _of_step(name: str, step: Step) -> Iterator[tuple[Path, SharedDraw, frozenset[str]]]:
    for field in ("delay", "patience"):
        yield from _in_table(getattr(step, field), ("pathway", name, field), frozenset({name}))


def _in_table(
    table: Table[object], path: Path, steps: frozenset[str]
) -> Iterator[tuple[Path, SharedDraw, frozenset[str]]]:
    for here, leaf in cells(table, path):
        found = (leaf.then, (*here, "then")) if isinstance(leaf, Until) else (leaf, here)
        if isinstance(found[0], Distribution) and found[0].luck is not None:
            yield found[1], found[0].luck, steps
