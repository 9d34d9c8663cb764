"""Which resource binds in an arm, in words: short itself, or mostly shut."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

from sim.experiment.bottlenecks import FULL
from sim.report.page.arms import Arm

#: share of its capacity in use below which a resource is waited for because of its hours
LITTLE_USED = 0.5

#: mean number waiting below which nobody is held up, unless the resource is full
HARDLY_ANYONE = 0.05


def bottleneck(arm: Arm) -> tuple[str, str]:
    """The resource that holds up most people, and what to say of it.

    Returns
    -------
    tuple of str
        Its name, empty if nothing binds; and the finding. Where most people wait for something
        that is little used, both are told: that these wait for its hours, and what is short.
    """
    table = arm.results.bottlenecks()
    rows = table[table["binds"]].to_dict("records")
    rows = [row for row in rows if _worth_naming(row)]
    if not rows:
        return "", "No resource holds anybody up for long."
    short = [row for row in rows if not _shut(arm, row)]
    titles = {item.name: item.title for item in arm.world.resources}
    if not short or short[0] is rows[0]:
        name = str(rows[0]["resource"])
        why = ", so that they wait for its hours" if not short else ""
        return name, f"The bottleneck is {titles[name]}: {_numbers(rows[0])}{why}."
    shut, name = titles[str(rows[0]["resource"])], str(short[0]["resource"])
    return name, (
        f"The bottleneck is {titles[name]}: {_numbers(short[0])}. More people wait for {shut} "
        f"({_numbers(rows[0])}), but for its hours."
    )


def _worth_naming(row: Mapping[Hashable, Any]) -> bool:
    return float(row["queue_mean"]) >= HARDLY_ANYONE or float(row["utilisation"]) >= FULL


def _shut(arm: Arm, row: Mapping[Hashable, Any]) -> bool:
    """Whether a resource is little used while it is open, and shut at times."""
    plan = arm.results.plan
    units = plan.capacity_values[plan.resources.index(str(row["resource"]))]
    return float(row["utilisation"]) < LITTLE_USED and int(units.min()) == 0


def _numbers(row: Mapping[Hashable, Any]) -> str:
    use = float(row["utilisation"])
    text = f"{float(row['queue_mean']):,.1f} people waiting on average"
    return text if math.isnan(use) else f"{text}, {100 * use:.0f} % in use"
