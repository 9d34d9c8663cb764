"""When resources are there: who waits at closing, breaks, bank holidays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sim.scenario.language.model import Calendar, Resource
from sim.scenario.problems import Path
from sim.scenario.rules.defined_names import Known, cells, given
from sim.scenario.written.positions import Complaint
from sim.scenario.written.scalars import BROKEN
from sim.scenario.written.values import WeeklyCapacity
from sim.scenario.written.weeks import DAY

Complaints = Iterator[Complaint]

#: Most units of a resource whose units have breaks: each has times of its own.
MOST_RESTING = 1_000

#: Years whose bank holidays are known: from the law they go by to as far as they are worked out.
HOLIDAY_YEARS = (1971, 2100)


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


def unknown_holidays(known: Known, calendar: Calendar, path: Path) -> Complaints:
    """A calendar of bank holidays where nobody says whose."""
    said = given(known.model.holidays) or known.in_doubt("holidays")
    if given(calendar.holidays) and not said:
        yield Complaint(
            path,
            "nothing says whose bank holidays there are",
            allowed="add `holidays: england` to the scenario, or `{of: england, like: itself}`",
        )


def far_holidays(known: Known) -> Complaints:
    """Bank holidays in years of which nobody knows them."""
    run = known.model.run
    if not given(known.model.holidays) or BROKEN in (run.start, run.warm_up, run.duration):
        return
    first, last = HOLIDAY_YEARS
    lasting = (run.warm_up + run.duration) / DAY
    end = run.start.toordinal() + lasting
    if run.start.year < first or end >= date(last + 1, 1, 1).toordinal():
        yield Complaint(
            ("holidays",),
            "the run goes on where bank holidays are not known",
            found=f"{run.start} and {lasting:g} days",
            allowed=f"{first} to {last}",
        )
