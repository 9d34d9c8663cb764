"""Doing one task, in whatever process or machine; an error is a result too."""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.experiment.tasks.task import Failure, Outcome, Reference
from sim.experiment.tasks.world import World, code_hash, prepared, scenario_in
from sim.experiment.workers import Tell

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine import EngineName

#: a world by its place in the work, and the number of a replication
Item = tuple[int, int]


@dataclass(frozen=True)
class Work:
    """What all tasks share.

    `measures` are references to those asked for, None for all there are. `code` is the hash of the
    code of whoever asks: who has other code refuses.
    """

    worlds: tuple[World, ...]
    seed: int
    engine: EngineName = "compiled"
    measures: tuple[Reference, ...] | None = None
    code: str = ""


def do_task(work: Work, item: Item, tell: Tell) -> Outcome | Failure:
    """Simulate and measure one replication of one world."""
    place, number = item
    world = work.worlds[place]
    if work.code != code_hash():
        return Failure(
            world.name, work.seed, number, "the worker has another version of urgentflow"
        )
    try:
        return _done(work, world, number, tell)
    except Exception as error:
        said = str(error) or type(error).__name__
        return Failure(world.name, work.seed, number, said, traceback.format_exc())


def _done(work: Work, world: World, number: int, tell: Tell) -> Outcome:
    from sim.engine import run
    from sim.experiment.replicate import SIMULATING
    from sim.measure import measure_in
    from sim.measure.backlog import backlog
    from sim.measure.joined_logs import Reading

    began = time.perf_counter()
    plan, context = prepared(world.model, work.seed)
    part = SIMULATING[work.engine]
    logs = run(plan, work.seed, number, work.engine, watch=lambda done: tell(part * done))
    names = None if work.measures is None else {each.split("/")[0] for each in work.measures}
    rest = 1.0 - part
    frame = measure_in(context, logs, watch=lambda done: tell(part + rest * done), names=names)
    values = _by_reference(frame)
    if work.measures is not None:
        values = {each: values[each] for each in work.measures if each in values}
    kept = backlog(Reading(context, logs))
    return Outcome(values, kept, time.perf_counter() - began)


def _by_reference(frame: pd.DataFrame) -> dict[Reference, float]:
    """The numbers of a tidy frame by measure and what they are of."""
    names, things = frame["measure"].tolist(), frame["of"].tolist()
    whole = [f"{name}/{of}" if of else name for name, of in zip(names, things, strict=True)]
    return dict(zip(whole, frame["value"].tolist(), strict=True))


def warm_up(work: Work, item: Item) -> None:
    """Compile what the first task needs, so that it is there for all."""
    from sim.experiment.job import Arm
    from sim.experiment.warm_start import prepare

    world = work.worlds[item[0]]
    plan, context = prepared(world.model, work.seed)
    prepare(Arm(world.name, plan, scenario_in(world.model), context), work.seed, work.engine)
