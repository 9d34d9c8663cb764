"""One mutant put to the proof: read, checked, set against its original, run by both engines."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sim.engine import run
from sim.engine.limits import RunawayError
from sim.plan.compile import compile_plan
from sim.scenario import Loaded, load
from sim.scenario.check import check
from sim.scenario.explain.difference import differences as difference
from sim.scenario.problems import ScenarioError
from tests.engine.logs_equal import differences
from tests.fuzz.mutations import as_text, mutant
from tests.fuzz.subjects import invented, subject, write

#: visits beyond which the SimPy engine, slow as it is, is spared
MOST_VISITS = 20_000

#: people and time of the short runs
FEW_PEOPLE = 500
SHORT = {"run.warm_up": "0 min", "run.duration": "2 days"}


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant: refused, stopped or run; a fault if neither engine differed."""

    kind: str
    fault: str = ""


def made(seed: int, number: int, folder: Path) -> tuple[Path, str]:
    """Write the mutant of a seed and number; returns its file and what was done to what."""
    choose = random.Random(f"{seed}-{number}")
    found = subject(choose)
    others = [invented(choose.randrange(2_000)).tree for _ in range(2)]
    tree, said = mutant(found.tree, others, choose)
    return write(found, as_text(tree), folder), f"{found.name}: {'; '.join(said)}"


def tried(path: Path, doing: Callable[[str], None]) -> Outcome:
    """Read, check and run a mutant; `doing` is told what is done before it is begun.

    Anything but a `ScenarioError` or a `RunawayError` is raised.
    """
    doing("reading")
    try:
        loaded = load(path)
    except ScenarioError as error:
        assert str(error)
        return Outcome("refused")
    doing("checking")
    report = check(loaded)
    if not report.ok:
        return Outcome("not runnable")
    doing("comparing")
    difference(loaded, loaded)
    doing("shortening")
    return _run(_shortened(path, loaded), doing)


def _shortened(path: Path, loaded: Loaded) -> Loaded:
    """The same with few people and a short time, or as it is if that does not fit it."""
    few = loaded.model.people.number
    changes: dict[str, object] = dict(SHORT)
    if few is not None and few > FEW_PEOPLE:
        changes["people.number"] = FEW_PEOPLE
    try:
        return load(path, overrides=changes)
    except ScenarioError:  # a case or a rate may no longer fit
        return loaded


def _run(loaded: Loaded, doing: Callable[[str], None]) -> Outcome:
    doing("compiling")
    plan = compile_plan(loaded.model)
    seed = loaded.model.run.seed
    doing("running the compiled engine")
    try:
        fast = run(plan, seed, 1, engine="compiled")
    except RunawayError:
        return Outcome("stopped")
    if len(fast.visits.step) > MOST_VISITS:
        return Outcome("run")
    doing("running the SimPy engine")
    slow = run(plan, seed, 1, engine="simpy")
    differ = differences(slow, fast)
    return Outcome("compared", "the engines differ: " + "; ".join(differ) if differ else "")
