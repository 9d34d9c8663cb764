"""What a measure is: its name, unit and formula in words, and how it is computed.

The formula in words is part of the definition so that the documentation cannot drift away from
the code; `sim.measure.document` writes it out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sim.measure.facts import Facts
from sim.measure.joined_logs import Reading
from sim.measure.statistics import Statistic

Group = Literal[
    "Demand",
    "Contacts",
    "Accident and emergency",
    "Beds",
    "Waits",
    "Capacity",
    "Outcomes",
    "Costs",
    "The scenario's own",
]


@dataclass(frozen=True, slots=True)
class Definition:
    """A measure.

    `of` says what its rows are of (``step``, ``resource``, ``tag``, ...; empty for the whole
    system). `better` is -1 where less is better, 1 where more is, 0 where neither is.
    `adds_up` is true where the rows of a breakdown sum to the total.
    """

    name: str
    title: str
    unit: str
    formula: str
    group: Group
    facts: Callable[[Reading], Facts]
    statistic: Statistic
    of: str = ""
    better: Literal[-1, 0, 1] = 0
    adds_up: bool = False
