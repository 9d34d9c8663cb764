"""What a measure is: its name, unit and formula in words, and how it is computed.

The formula in words is part of the definition so that the documentation cannot drift away from
the code; `sim.measure.document` writes it out.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sim.measure.directions import Direction
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
    system). `better` says on which side it is better and why; None where neither is. `adds_up` is
    true where the rows of a breakdown sum to the total, `accumulates` where the number grows with
    the measured time and so needs a period, `may_exceed_one` for a share that is not a part of a
    whole.
    """

    name: str
    title: str
    unit: str
    formula: str
    group: Group
    facts: Callable[[Reading], Facts]
    statistic: Statistic
    of: str = ""
    better: Direction | None = None
    adds_up: bool = False
    accumulates: bool = False
    may_exceed_one: bool = False

    @property
    def direction(self) -> Literal[-1, 0, 1]:
        """-1 where less is better, 1 where more is, 0 where neither is."""
        return 0 if self.better is None else self.better.sign

    @property
    def most(self) -> float:
        """Largest value it can have."""
        return 1.0 if self.unit == "share" and not self.may_exceed_one else math.inf
