"""What an experiment does and what comes of it, as data: arms, the job, replications, progress."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine import EngineName
    from sim.engine.logs import Logs
    from sim.measure import Context
    from sim.measure.backlog import Backlog
    from sim.plan.plan import Plan
    from sim.scenario.language.model import Scenario

#: what else to keep of a replication's logs; a module-level function, called in worker processes
Digest = Callable[["Plan", "Scenario", "Logs"], Any]


@dataclass(frozen=True)
class Arm:
    """One world of an experiment, ready to run and to be measured."""

    name: str
    plan: Plan
    model: Scenario
    context: Context


@dataclass(frozen=True)
class Job:
    """What is done in every replication of every arm."""

    arms: tuple[Arm, ...]
    seed: int
    engine: EngineName = "compiled"
    by: tuple[str, ...] = ()
    digest: Digest | None = None


@dataclass(frozen=True)
class Replication:
    """What one replication of one arm left: its measures, its digest, seconds it took.

    From its `backlog` and those of the others it is judged whether queues settled.
    """

    arm: int
    number: int
    measures: pd.DataFrame
    backlog: Backlog
    digest: Any
    seconds: float


@dataclass(frozen=True)
class Progress:
    """How far a job is.

    Of `total` replications `done` are done, and of those under way parts that add up to
    `under_way`. `latest` is the replication that has just been finished, if one has.
    """

    done: int
    total: int
    elapsed: float
    latest: Replication | None = None
    under_way: float = 0.0

    @property
    def seconds_left(self) -> float:
        """Seconds the rest will take at the pace so far; infinite before anything is done."""
        behind = self.done + self.under_way
        return self.elapsed / behind * (self.total - behind) if behind > 0.0 else math.inf
