"""When resources are there: what becomes of those who wait at closing, and breaks."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.language.model import Resource
from sim.scenario.problems import Path
from sim.scenario.rules.defined_names import Known, cells, given
from sim.scenario.written.positions import Complaint
from sim.scenario.written.scalars import BROKEN
from sim.scenario.written.values import WeeklyCapacity

Complaints = Iterator[Complaint]

#: Most units of a resource whose units have breaks: each has times of its own.
MOST_RESTING = 1_000


def wrong_hours(known: Known, name: str, resource: Resource, path: Path) -> Complaints:
    """Everything that is wrong with the closing and the breaks of a resource."""
    yield from _at_closing(known, name, resource, (*path, "at_closing"))
    if resource.break_ is not None and resource.break_ is not BROKEN:
        yield from _break(name, resource, (*path, "break"))


def _break(name: str, resource: Resource, path: Path) -> Complaints:
    """Breaks of units that cannot be counted."""
    tables = (resource.capacity, *resource.changes.values())
    capacities = [leaf for table in tables for _, leaf in cells(table, ())]
    if "unlimited" in capacities:
        yield Complaint(
            path, f"`{name}` is unlimited, so no unit has a break", allowed="a resource with units"
        )
    most = max((_most(capacity) for capacity in capacities), default=0)
    if most > MOST_RESTING:
        yield Complaint(
            path,
            "too many units for breaks of each",
            found=f"{most:,}",
            allowed=f"at most {MOST_RESTING:,}",
        )


def _most(capacity: object) -> int:
    if isinstance(capacity, WeeklyCapacity):
        return max(capacity.other, *(value for _, value in capacity.periods))
    return capacity if isinstance(capacity, int) else 0


def _at_closing(known: Known, name: str, resource: Resource, path: Path) -> Complaints:
    """Sent home when a resource closes, and nowhere to go; or served out of turn."""
    if resource.at_closing == "serve" and resource.in_turn is True:
        yield Complaint(
            path,
            "who comes after closing stands before those who are still served, and nobody may pass",
            found="at_closing: serve, in_turn: true",
            allowed="one of them",
        )
    if resource.at_closing != "renege":
        return
    for step_name, step in known.model.pathway.items():
        if name in step.asked and not given(step.renege_to):
            yield Complaint(
                ("pathway", step_name, "seize"),
                f"those who wait for `{name}` leave when it closes, but nobody knows where to",
                found="at_closing: renege",
                allowed="add `renege_to`",
            )
