"""On which dates of a run there are bank holidays, and which day of the week each is like.

The dates come from the library `holidays`. Those at weekends are left out, as gov.uk does: the
substitute day is the bank holiday.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from sim.scenario.language.model import Scenario
from sim.scenario.written.holidays import PLACES

#: ordinals of dates, each with the day of the week (Monday 0) that it is like
Holidays = Mapping[int, int]

NO_HOLIDAYS: Final[Holidays] = MappingProxyType({})


def bank_holidays(model: Scenario, beyond: float = 0.0) -> Holidays:
    """The bank holidays from the start of a run to its end; none unless the scenario has them.

    `beyond` are minutes after the end that are looked at as well.
    """
    if model.holidays is None:
        return {}
    from holidays import country_holidays  # which takes its time, and few scenarios need it

    first = model.run.start
    last = first + timedelta(minutes=model.run.warm_up + model.run.duration + beyond)
    years = range(first.year, last.year + 1)
    found = country_holidays("GB", subdiv=PLACES[model.holidays.place], years=years)
    like = model.holidays.like
    return {
        day.toordinal(): day.weekday() if like is None else like
        for day in sorted(found)
        if first <= day <= last and day.weekday() < 5
    }
