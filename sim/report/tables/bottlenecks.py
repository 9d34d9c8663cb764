"""The table of pools: what binds first, and whether it is short itself or waits for others."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.experiment.periods import Period
from sim.report.tables import numbers
from sim.report.tables.grids import Grid, Row, Section
from sim.report.world import World, readable

if TYPE_CHECKING:
    import pandas as pd

#: most pools that are listed without being asked for all
MOST = 8

COLUMNS = (
    "",
    "units",
    "held",
    "held, most",
    "in use",
    "of it waiting",
    "queue",
    "queue, most",
    "wait, mean",
    "95 in 100 within",
    "left",
    "turned away",
)

#: columns that a narrow terminal may do without, the first to go first
SPARE = ("held, most", "queue, most", "95 in 100 within", "held")

NOTE = (
    "The pool that holds up most people stands first, below it those that mostly wait for others. "
    "Means over replications: units there are; "
    "held on average and at most; share of capacity in use (turnaround too), and of the time held "
    "the share in which the holder waited for something else; people queueing on average and at "
    "most; waits of those served or still waiting. A pool that is little in use and yet queued for "
    "is waited for because of its hours"
)


def bottlenecks(frame: pd.DataFrame, world: World, period: Period, *, every: bool) -> Grid:
    """Write the bottlenecks of one arm as a table.

    Parameters
    ----------
    frame
        As made by `sim.experiment.bottlenecks.bottlenecks`.
    world
        The arm, for titles.
    period
        Of those who left or were turned away.
    every
        List every pool, not only what binds and every pool of beds.
    """
    titles = {item.name: item.title for item in world.resources}
    rows = [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]
    binding = [row for row in rows if row["binds"]][:MOST]
    rest = [row for row in rows if row not in binding]
    beds = [row for row in rest if row["bed"]]
    others = [row for row in rest if not row["bed"]]
    shown = [("What binds", binding), ("Other beds, pool by pool", beds)]
    shown += [("Everything else", others)] if every else []
    sections = tuple(
        Section(heading, tuple(_row(row, titles, period) for row in group))
        for heading, group in shown
        if group
    )
    notes = [f"{NOTE}; who left the queue or was turned away, {period.words}."]
    if others and not every:
        pools = numbers.plural(len(others), "more pool")
        notes.append(f"{pools} with hardly any queue: --all lists every one.")
    return Grid(f"Bottlenecks: {world.title}", COLUMNS, sections, tuple(notes), spare=SPARE)


def _row(row: dict[str, object], titles: dict[str, str], period: Period) -> Row:
    def number(name: str) -> float:
        return float(row[name])  # type: ignore[arg-type]

    capacity = number("capacity")
    resource = str(row["resource"])
    cells = (
        titles.get(resource, readable(resource)),
        "no limit" if math.isnan(capacity) else _size(capacity),
        _size(number("held_mean")),
        _size(number("held_max")),
        _share(number("utilisation")),
        _share(number("waiting_share")),
        _size(number("queue_mean")),
        _size(number("queue_max")),
        _time(number("wait_mean")),
        _time(number("wait_p95")),
        _size(number("reneged") * period.factor),
        _size(number("balked") * period.factor),
    )
    return Row(cells)


def _size(number: float) -> str:
    if math.isnan(number) or number == 0:
        return "" if math.isnan(number) else "0"
    return numbers.value(number, "visits") if number >= 0.05 else "< 0.1"


def _share(number: float) -> str:
    return "" if math.isnan(number) else f"{100 * number:.0f} %"


def _time(number: float) -> str:
    return "" if math.isnan(number) else numbers.duration(number)
