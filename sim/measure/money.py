"""Measures of cost: what was done, at the prices of the scenario.

Prices turn activity into money. Less activity is money saved only where an item is marked as
cash; elsewhere it is capacity freed, valued at unit cost. The two are kept apart throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from sim.measure import statistics as take
from sim.measure.arrays import Floats, Integers
from sim.measure.context import Price
from sim.measure.definition import Definition
from sim.measure.directions import LESS_COST
from sim.measure.facts import NOBODY, Facts, system_facts
from sim.measure.joined_logs import Reading
from sim.scenario.written.quantities import YEAR
from sim.scenario.written.values import By, Table

#: episodes charged, or `NOBODY`, and GBP
Charged = tuple[Integers, Floats]


def costs(reading: Reading) -> Facts:
    """GBP by cost item: of each visit, each unit held, and of what is nobody's."""
    made = reading.once(charges)
    number = [len(value) for _, value in made]
    of = np.repeat(np.arange(len(made), dtype=np.int16), number)
    return Facts(tuple(price.name for price in reading.context.prices), of, *_together(made))


def _together(charges: Iterable[Charged]) -> Charged:
    """Several charges in one, one behind the other."""
    episodes, values = zip((np.zeros(0, dtype=np.int32), np.zeros(0)), *charges, strict=True)
    return np.concatenate(episodes), np.concatenate(values)


def charges(reading: Reading) -> list[Charged]:
    """What is charged at each price."""
    return [_charge(reading, price) for price in reading.context.prices]


def _charge(reading: Reading, price: Price) -> Charged:
    context = reading.context
    if price.charge == "tag":
        return _per_visit(reading, price)
    if price.charge == "use":
        return _in_use(reading, price)
    if price.charge == "capacity":
        minutes = reading.capacity_minutes.take(context.pools_of(price.of)).sum()
        return _nobodys(float(minutes) * price.per_minute)
    return _nobodys(context.covered_years[price.of] * YEAR * price.per_minute)


def _per_visit(reading: Reading, price: Price) -> Charged:
    episode = reading.logs.visits.episode.take(reading.started_tagged(price.of))
    return episode, _looked_up(price.each, episode, reading)


def _in_use(reading: Reading, price: Price) -> Charged:
    holds = reading.logs.holds
    is_paid = np.zeros(len(reading.context.resources), dtype=np.bool_)
    is_paid[reading.context.pools_of(price.of)] = True
    rows = reading.holds_by_resource.together(is_paid)
    minutes = reading.minutes_in_window(holds.seized.take(rows), holds.ready.take(rows))
    return holds.episode.take(rows), minutes * price.per_minute


def _nobodys(value: float) -> Charged:
    return np.array([NOBODY], dtype=np.int32), np.array([value])


def _looked_up(table: Table[float], episode: Integers, reading: Reading) -> Floats:
    """Value of a table at the levels of episodes; NaN if it has none."""
    if not isinstance(table, By):
        return np.full(len(episode), float(table))
    column = reading.context.attributes.index(table.attribute)
    names = reading.context.levels[column]
    level = reading.logs.episodes.levels[episode, column]
    if table.other is None:
        result = np.full(len(episode), np.nan)
    else:
        result = _looked_up(table.other, episode, reading)
    for name, cell in table.cells.items():
        if name in names:
            chosen = np.flatnonzero(level == names.index(name))
            result[chosen] = _looked_up(cell, episode.take(chosen), reading)
    return result


def of_items(belongs: Callable[[Price], bool]) -> Callable[[Reading], Facts]:
    """Make facts of some of the cost items, taken together."""

    def facts(reading: Reading) -> Facts:
        priced = zip(reading.context.prices, reading.once(charges), strict=True)
        return system_facts(*_together(charge for price, charge in priced if belongs(price)))

    return facts


all_items = of_items(lambda price: True)

DEFINITIONS = (
    Definition(
        "cost",
        "Cost, by item",
        "GBP",
        "Activity of the measured time at the item's price. Per tagged visit: `each`, at the "
        "levels the episode has in the log, for every visit that started. Per resource in use: "
        "units held or in turnaround, times time. Per resource's capacity: units there, times "
        "time. Per programme: person-years covered. What belongs to no episode (capacity, "
        "programmes) stands in a breakdown under `unattributed`.",
        "Costs",
        costs,
        take.total,
        of="cost",
        better=LESS_COST,
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "cost_total",
        "Cost, total",
        "GBP",
        "Sum of all cost items.",
        "Costs",
        all_items,
        take.total,
        better=LESS_COST,
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "cost_per_person_year",
        "Cost per person a year",
        "GBP",
        "Sum of all cost items over the person-years of everyone in the measured time.",
        "Costs",
        all_items,
        take.per_person_year,
        better=LESS_COST,
    ),
    Definition(
        "cost_cash",
        "Cost in cash",
        "GBP",
        "Sum of the cost items marked `cash: true`: a difference here is money spent or saved.",
        "Costs",
        of_items(lambda price: price.cash),
        take.total,
        better=LESS_COST,
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "cost_capacity",
        "Cost in capacity",
        "GBP",
        "Sum of the cost items not marked as cash, at unit cost: a difference here is capacity "
        "taken up or freed, which saves money only if it is closed or put to other use.",
        "Costs",
        of_items(lambda price: not price.cash),
        take.total,
        better=LESS_COST,
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "cost_of_activity",
        "Cost of activity",
        "GBP",
        "Sum of the cost items charged per tagged visit and per resource in use.",
        "Costs",
        of_items(lambda price: price.charge in ("tag", "use")),
        take.total,
        better=LESS_COST,
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "cost_of_provision",
        "Cost of provision",
        "GBP",
        "Sum of the cost items charged per resource's capacity and per person covered by a "
        "programme, whether used or not.",
        "Costs",
        of_items(lambda price: price.charge in ("capacity", "programme")),
        take.total,
        better=LESS_COST,
        adds_up=True,
        accumulates=True,
    ),
)
