"""Measures of cost: what was done, at the prices of the scenario.

Prices turn activity into money. Less activity is money saved only where an item is marked as
cash; elsewhere it is capacity freed, valued at unit cost. The two are kept apart throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from sim.measure import statistics as take
from sim.measure.context import Context, Price
from sim.measure.definition import Definition
from sim.measure.facts import NOBODY, SYSTEM, Facts, Floats, Integers, nothing_in_particular
from sim.measure.reading import Reading
from sim.plan.plan import YEAR
from sim.scenario.values import By, Table


def costs(reading: Reading) -> Facts:
    """GBP by cost item: of each visit, each unit held, and of what is nobody's."""
    charges = list(_charges(reading))
    number = [len(value) for _, value in charges]
    return Facts(
        tuple(price.name for price in reading.context.prices),
        np.repeat(np.arange(len(charges), dtype=np.int16), number),
        np.concatenate([np.zeros(0, dtype=np.int64), *(episode for episode, _ in charges)]),
        np.concatenate([np.zeros(0), *(value for _, value in charges)]),
    )


def _charges(reading: Reading) -> Iterator[tuple[Integers, Floats]]:
    """For each price, the episodes charged and GBP."""
    context = reading.context
    for price in context.prices:
        if price.charge == "tag":
            yield _per_visit(reading, price)
        elif price.charge == "use":
            yield _in_use(reading, price)
        elif price.charge == "capacity":
            minutes = context.capacity_minutes(context.resources.index(price.of))
            yield _nobodys(minutes * price.per_minute)
        else:
            yield _nobodys(context.covered_years[price.of] * YEAR * price.per_minute)


def _per_visit(reading: Reading, price: Price) -> tuple[Integers, Floats]:
    episode = reading.logs.visits.episode[reading.started_tagged(price.of)]
    levels = reading.logs.episodes.levels[episode]
    return episode, looked_up(price.each, levels, reading.context)


def _in_use(reading: Reading, price: Price) -> tuple[Integers, Floats]:
    holds = reading.logs.holds
    rows = np.flatnonzero(holds.resource == reading.context.resources.index(price.of))
    minutes = reading.minutes_in_window(holds.seized[rows], holds.ready[rows])
    return holds.episode[rows], minutes * price.per_minute


def _nobodys(value: float) -> tuple[Integers, Floats]:
    return np.array([NOBODY]), np.array([value])


def looked_up(table: Table[float], levels: Integers, context: Context) -> Floats:
    """Value of a table for each row of levels (one column per attribute); NaN if it has none."""
    if not isinstance(table, By):
        return np.full(len(levels), float(table))
    column = context.attributes.index(table.attribute)
    names = context.levels[column]
    if table.other is None:
        result = np.full(len(levels), np.nan)
    else:
        result = looked_up(table.other, levels, context)
    for name, cell in table.cells.items():
        if name in names:
            chosen = np.flatnonzero(levels[:, column] == names.index(name))
            result[chosen] = looked_up(cell, levels[chosen], context)
    return result


def of_items(belongs: Callable[[Price], bool]) -> Callable[[Reading], Facts]:
    """Make facts of some of the cost items, taken together."""

    def facts(reading: Reading) -> Facts:
        every = reading.once(costs)
        prices = reading.context.prices
        chosen = np.array([belongs(price) for price in prices], dtype=np.bool_)
        rows = np.flatnonzero(chosen[every.of])
        of = nothing_in_particular(len(rows))
        return Facts(SYSTEM, of, every.episode[rows], every.value[rows])

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
        better=-1,
        adds_up=True,
    ),
    Definition(
        "cost_total",
        "Cost, total",
        "GBP",
        "Sum of all cost items.",
        "Costs",
        all_items,
        take.total,
        better=-1,
        adds_up=True,
    ),
    Definition(
        "cost_per_person_year",
        "Cost per person a year",
        "GBP",
        "Sum of all cost items over the person-years of everyone in the measured time.",
        "Costs",
        all_items,
        take.per_person_year,
        better=-1,
    ),
    Definition(
        "cost_cash",
        "Cost in cash",
        "GBP",
        "Sum of the cost items marked `cash: true`: a difference here is money spent or saved.",
        "Costs",
        of_items(lambda price: price.cash),
        take.total,
        better=-1,
        adds_up=True,
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
        better=-1,
        adds_up=True,
    ),
    Definition(
        "cost_of_activity",
        "Cost of activity",
        "GBP",
        "Sum of the cost items charged per tagged visit and per resource in use.",
        "Costs",
        of_items(lambda price: price.charge in ("tag", "use")),
        take.total,
        better=-1,
        adds_up=True,
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
        better=-1,
        adds_up=True,
    ),
)
