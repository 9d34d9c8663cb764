"""When the named cases of a scenario fall ill: a case once, its copies spread over days.

Copies all come at the time of day of the case, on days that are as evenly spread as whole days
allow, so that the time of day, which decides who is there, is the same for each.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sim.scenario.language.cases import Case
from sim.scenario.language.model import Run

DAY = timedelta(days=1)


def end_of(run: Run) -> datetime:
    """The moment at which a run ends."""
    return datetime.combine(run.start, time()) + timedelta(minutes=run.warm_up + run.duration)


def days_for_copies(case: Case, run: Run) -> int:
    """On how many days a case can come: one copy on each is the most there can be."""
    end = end_of(run) if case.until is None else datetime.combine(case.until, time())
    return max(0, -((case.at - end) // DAY))


def onsets(case: Case, run: Run) -> list[datetime]:
    """When each copy of a case falls ill, in order; the first is the case's own `at`.

    Of n copies on d days, copy k (from 0) comes on day floor(k d / n) after `at`.
    """
    days = days_for_copies(case, run)
    return [case.at + copy * days // case.copies * DAY for copy in range(case.copies)]
