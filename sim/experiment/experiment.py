"""Running one scenario, or several against each other: compile, replicate, collect.

The one place that knows the order of things; each of them is done elsewhere.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment.arm_loading import check_pairable, title_of
from sim.experiment.executor import Executor, Local
from sim.experiment.job import Arm, Job, Replication
from sim.experiment.replicate import replicate
from sim.experiment.results import Comparison, Results, comparison
from sim.experiment.settings import Settings
from sim.experiment.workers import available_workers

if TYPE_CHECKING:
    from sim.engine import EngineName
    from sim.scenario import Loaded


class UnknownAttributeError(ValueError):
    """A breakdown by an attribute that a scenario does not have; lists what it has."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        from sim.scenario.problems import listed, nearest_name

        names = list(known)
        near = nearest_name(name, names)
        meant = f"; did you mean `{near}`?" if near else "."
        super().__init__(
            f"cannot break down by `{name}`: there is no such attribute{meant} "
            f"There is: {listed(names, most=40)}."
        )


def run_all(arms: Sequence[tuple[str, Loaded]], settings: Settings) -> list[Results]:
    """Run every replication of every arm, with the same seed.

    Parameters
    ----------
    arms
        Name and scenario of each; the first decides seed and replications by default.
    settings
        How to run them.

    Raises
    ------
    ScenarioError
        If an arm cannot be run.
    OversizedError
        If an arm needs more memory than this machine has, unless an executor is to run it.
    UnknownAttributeError
        If an arm has no attribute of a name in `settings.by`.
    NotOursError
        If `settings.store` is in use, or is no store.
    """
    from sim.scenario.check import refuse_unrunnable

    run = arms[0][1].model.run
    seed = run.seed if settings.seed is None else settings.seed
    last = run.replications if settings.replications is None else settings.replications
    numbers = settings.only or tuple(range(1, last + 1))
    for _, loaded in arms:
        refuse_unrunnable(loaded)
    executor = settings.executor or Local(
        with_room([loaded for _, loaded in arms], settings.workers, settings.engine)
    )
    prepared = tuple(_prepared(name, loaded, seed, settings.by) for name, loaded in arms)
    job = Job(prepared, seed, settings.engine, settings.by, settings.digest)
    with _kept([loaded for _, loaded in arms], seed, executor, settings.store) as executor:
        done = replicate(job, numbers, executor, settings.on_progress)
    return [
        _results(loaded, title_of(loaded, arms[0][1]), arm, job, numbers, replications)
        for (_, loaded), arm, replications in zip(arms, prepared, done, strict=True)
    ]


def compare_all(arms: Sequence[tuple[str, Loaded]], settings: Settings) -> Comparison:
    """Run a baseline (the first) and alternatives, and pair their replications.

    Raises
    ------
    ScenarioError
        If the arms do not cover the same time.
    UnknownAttributeError
        If an arm has no attribute of a name in `settings.by`.
    """
    check_pairable(arms)
    baseline, *alternatives = run_all(arms, settings)
    return comparison(baseline, tuple(alternatives))


def with_room(arms: Sequence[Loaded], workers: int | None, engine: EngineName) -> int:
    """How many workers there is memory for; what there is no room for at all is refused.

    Raises
    ------
    OversizedError
        If an arm needs more than there is.
    """
    from sim.experiment.needs import estimated, refuse_oversized, workers_with_room

    wanted = workers or available_workers()
    workers = wanted
    for loaded in arms:
        needs = estimated(loaded.model, engine)
        refuse_oversized(needs)
        workers = min(workers, workers_with_room(wanted, needs))
    if workers < wanted:
        warnings.warn(f"there is memory for {workers} of the {wanted} workers", stacklevel=4)
    return workers


@contextmanager
def _kept(
    arms: Sequence[Loaded], seed: int, executor: Executor, store: Path | None
) -> Iterator[Executor]:
    """The executor, with what it does kept in a store if there is one."""
    if store is None:
        yield executor
        return
    from sim.experiment.tasks.keeping import Keeping
    from sim.experiment.tasks.store import opened
    from sim.experiment.tasks.world import world_key

    with opened(store) as folder:
        yield Keeping(executor, folder, tuple(world_key(loaded, seed) for loaded in arms))


def _prepared(name: str, loaded: Loaded, seed: int, by: tuple[str, ...]) -> Arm:
    from sim.measure import build_context
    from sim.plan.compile import compile_plan

    plan = compile_plan(loaded.model)
    known = (*plan.attributes, "crisis")
    for attribute in by:
        if attribute not in known:
            raise UnknownAttributeError(attribute, known)
    return Arm(name, plan, loaded.model, build_context(plan, loaded.model, seed, by))


def _results(
    loaded: Loaded,
    title: str,
    arm: Arm,
    job: Job,
    numbers: tuple[int, ...],
    replications: list[Replication],
) -> Results:
    import pandas as pd

    from sim.experiment.settling import judge

    frames = [item.measures.assign(replication=item.number) for item in replications]
    measures = pd.concat(frames, ignore_index=True)
    columns = ["replication", *(column for column in measures if column != "replication")]
    return Results(
        name=arm.name,
        title=title,
        scenario=loaded,
        plan=arm.plan,
        seed=job.seed,
        engine=job.engine,
        by=job.by,
        replications=numbers,
        measures=measures[columns],
        settling=judge(arm.context, [item.backlog for item in replications]),
        digests=tuple(item.digest for item in replications),
    )
