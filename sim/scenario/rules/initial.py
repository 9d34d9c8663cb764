"""Who is there at the start of a run: in which steps somebody can be, and how."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.analysis.plain import asked_plainly
from sim.scenario.language.initial import Present
from sim.scenario.language.model import Scenario, Step
from sim.scenario.problems import Path
from sim.scenario.rules.defined_names import Known, given
from sim.scenario.written.positions import Complaint
from sim.scenario.written.scalars import BROKEN
from sim.scenario.written.values import Until, leaves

Complaints = Iterator[Complaint]

#: Most people of all rows of `initial`.
MOST_PRESENT = 50_000


def wrong_initial(known: Known) -> Complaints:
    """Everything that is wrong with who is there at the start."""
    rows = known.model.initial
    for name, row in rows.items():
        yield from _wrong_row(known, row, ("initial", name))
    there = sum(row.number for row in rows.values() if row.number is not BROKEN)
    if there > MOST_PRESENT:
        yield Complaint(
            ("initial",),
            "more people present at the start than can be placed",
            found=f"{there:,}",
            allowed=f"at most {MOST_PRESENT:,}",
        )


def _wrong_row(known: Known, row: Present, path: Path) -> Complaints:
    """Everything that is wrong with where somebody is at the start."""
    if known.in_doubt("pathway", "resources", "crises", "arrivals"):
        return
    step = known.model.pathway.get(row.step) if isinstance(row.step, str) else None
    if step is None or row.crisis not in known.model.demand:
        return
    if row.step not in known.reached(row.crisis):
        yield Complaint(
            (*path, "step"),
            f"no episode of `{row.crisis}` comes to `{row.step}`",
            allowed="a step that its routes lead to",
        )
    why = _not_plain(known.model, step)
    if why:
        yield Complaint(
            (*path, "step"),
            f"nobody can be placed in `{row.step}` at the start: {why}",
            allowed="a step that takes its delay at once, with one unit of a resource or none",
        )
    elif row.waiting is True and given(step.patience):
        yield Complaint(
            (*path, "waiting"),
            f"`{row.step}` has `patience`, and how much of it is left is not known",
            allowed="`waiting` in steps without `patience`",
        )
    if row.waiting is True and not step.asked:
        yield Complaint(
            (*path, "waiting"),
            f"`{row.step}` seizes nothing, so that nobody waits in it",
            allowed="`waiting: false`",
        )


def _not_plain(model: Scenario, step: Step) -> str:
    """Why nobody can be placed in a step; empty if somebody can."""
    if given(step.book):
        return "it is by appointment"
    if step.join:
        return "it waits for side tasks"
    if (
        step.delay is not None
        and given(step.delay)
        and any(isinstance(leaf, Until) for leaf in leaves(step.delay))
    ):
        return "its delay lasts until something opens"
    if given(step.interruptible) or given(step.preempts):
        return "it may be interrupted, or interrupts others"
    if step.asked and not set(step.asked) <= asked_plainly(model):
        return f"`{step.asked[0]}` is not asked for plainly by all steps"
    return ""
