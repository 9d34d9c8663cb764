"""Replications: the same plan run again and again with other luck, measured each time.

A replication is a function of the job and its number alone: it is the same by itself or in a
batch, here or in a worker process. The logs are measured where they are made and then dropped,
for they are large; a `digest` keeps whatever else is wanted of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.experiment.executor import Executor
from sim.experiment.job import Job, Progress, Replication
from sim.experiment.workers import Tell

if TYPE_CHECKING:
    from sim.engine import EngineName

#: about what part of a replication's time goes into simulating; the rest goes into measuring
SIMULATING: Mapping[EngineName, float] = {"compiled": 0.5, "simpy": 0.95}


def replicate(
    job: Job,
    numbers: Sequence[int],
    executor: Executor,
    on_progress: Callable[[Progress], None] | None = None,
) -> list[list[Replication]]:
    """Run replications of every arm.

    Parameters
    ----------
    job
        Arms, seed, engine and what to measure.
    numbers
        Numbers of the replications, each at least 1.
    executor
        Where the replications are run, which never changes a result.
    on_progress
        Called in this thread after each replication, and a few times a second within them.
        All arms of the first replication are begun before any of the second, so that a first
        comparison is there early.

    Returns
    -------
    list of lists
        For each arm its replications in the order of `numbers`.
    """
    from sim.experiment.warm_start import prepare

    tasks = [(arm, number) for number in numbers for arm in range(len(job.arms))]
    prepare(job.arms[0], job.seed, job.engine)  # before the first worker, so that it is done once
    collected = _Collected(len(tasks), on_progress)  # its clock leaves out the compilation
    executor(run_one, job, tasks, collected.add, collected.advance)
    return [[collected.items[arm, number] for number in numbers] for arm in range(len(job.arms))]


def run_one(job: Job, task: tuple[int, int], tell: Tell) -> Replication:
    """Run and measure one replication of one arm, given as ``(arm, number)``."""
    from sim.engine import run
    from sim.measure import measure_in
    from sim.measure.backlog import backlog
    from sim.measure.joined_logs import Reading

    began = time.perf_counter()
    number_of_arm, number = task
    arm = job.arms[number_of_arm]
    simulating = SIMULATING[job.engine]
    logs = run(arm.plan, job.seed, number, job.engine, watch=lambda part: tell(simulating * part))
    measures = measure_in(
        arm.context, logs, job.by, lambda part: tell(simulating + (1.0 - simulating) * part)
    )
    kept = backlog(Reading(arm.context, logs))
    digest = None if job.digest is None else job.digest(arm.plan, arm.model, logs)
    return Replication(number_of_arm, number, measures, kept, digest, time.perf_counter() - began)


@dataclass
class _Collected:
    """Results as they come, reported one by one, and how much is done in between."""

    total: int
    on_progress: Callable[[Progress], None] | None
    items: dict[tuple[int, int], Replication] = field(default_factory=dict)
    behind: float = 0.0
    began: float = field(default_factory=time.perf_counter)

    def add(self, task: tuple[int, int], result: Replication) -> None:
        self.items[task] = result
        self.behind = max(self.behind, len(self.items))
        self._report(result)

    def advance(self, behind: float) -> None:
        self.behind = behind
        self._report(None)

    def _report(self, latest: Replication | None) -> None:
        if self.on_progress is not None:
            done, elapsed = len(self.items), time.perf_counter() - self.began
            self.on_progress(Progress(done, self.total, elapsed, latest, self.behind - done))
