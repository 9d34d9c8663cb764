"""Shipped scenarios and short runs of them, for the tests in this folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from sim.engine import run
from sim.engine.logs import Fate, Logs
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.scenario import Loaded, load

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
BASE = SCENARIOS / "base" / "urgent_care.yaml"
BEFORE = SCENARIOS / "sussex" / "before.yaml"
AFTER = SCENARIOS / "sussex" / "after.yaml"
QUICKSTART = SCENARIOS / "quickstart.yaml"
OPTIONS = sorted((SCENARIOS / "sussex" / "options").glob("*.yaml"))

#: the shipped worlds are measured for a year; here twelve weeks will do
SHORT = "84 days"

#: few people, so that a replication takes a moment; capacities are then never short
FEW = {"people.number": "200", "run.duration": "182 days"}


def option(name: str) -> Path:
    """The file of an option."""
    return SCENARIOS / "sussex" / "options" / f"{name}.yaml"


@cache
def world(file: Path, *options: Path, **changed: str) -> tuple[Loaded, Plan]:
    """A scenario and its plan; `changed` holds overrides with `.` written as `__`."""
    changes = {name.replace("__", "."): value for name, value in changed.items()}
    if file != QUICKSTART:
        changes.setdefault("run.duration", SHORT)
    loaded = load(file, options, changes)
    return loaded, compile_plan(loaded.model)


@lru_cache(maxsize=6)  # a replication of the whole place is some hundred megabytes
def logs(
    file: Path, *options: Path, replication: int = 1, engine: str = "compiled", **changed: str
) -> Logs:
    """One replication of a scenario."""
    loaded, plan = world(file, *options, **changed)
    return run(plan, loaded.model.run.seed, replication, engine)  # type: ignore[arg-type]


def steps(plan: Plan, log: Logs, episode: int) -> list[str]:
    """Steps an episode entered, in order."""
    return [plan.steps[code] for code in log.visits.step[log.visits.episode == episode]]


def story(plan: Plan, log: Logs, episode: int) -> list[str]:
    """Steps of one copy of the case, then those of the side tasks begun for her."""
    tasks = np.flatnonzero(log.episodes.parent == episode)
    return steps(plan, log, episode) + [s for task in tasks for s in steps(plan, log, int(task))]


def stories(file: Path, replications: int, **changed: str) -> Iterator[list[str]]:
    """The steps of each copy of the case in some replications of a run with few people."""
    settings = {name.replace(".", "__"): value for name, value in FEW.items()} | changed
    plan = world(file, **settings)[1]
    for k in range(1, replications + 1):
        log = logs(file, replication=k, **settings)
        for episode in np.flatnonzero(log.episodes.case >= 0):
            yield story(plan, log, int(episode))


def shares(told: list[list[str]]) -> Mapping[str, float]:
    """Share of stories in which each step occurs."""
    count = Counter(step for one in told for step in set(one))
    return {step: number / len(told) for step, number in count.items()}


def served(plan: Plan, log: Logs, *names: str) -> set[int]:
    """Episodes that were served at one of some steps."""
    codes = [plan.steps.index(name) for name in names]
    rows = np.isin(log.visits.step, codes) & np.isin(log.visits.fate, (Fate.STARTED, Fate.ENDED))
    return set(log.visits.episode[rows].tolist())


def tagged(loaded: Loaded, tag: str) -> tuple[str, ...]:
    """Steps that carry a tag."""
    return tuple(name for name, step in loaded.model.pathway.items() if tag in step.tags)


def identity(log: Logs, episode: int) -> tuple[int, ...]:
    """What names the same episode in every arm of a comparison."""
    e = log.episodes
    columns = (e.person, e.crisis, e.layer, e.ordinal)
    return tuple(int(column[episode]) for column in columns)
