"""A world that can be run anywhere: a scenario's content, its name by hash, and how it travels.

Whoever runs it needs this package and no file.
"""

from __future__ import annotations

import hashlib
import pickle
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.measure.context import Context
    from sim.plan.plan import Plan
    from sim.scenario import Loaded
    from sim.scenario.language.model import Scenario

#: sections of a scenario that say something about it and decide nothing in it
ABOUT = frozenset(
    {
        *("title", "description", "headline", "not_for"),
        *("evidence", "sources", "uncertainty", "correlations"),
    }
)

#: fields of `run` that say how often it is run
HOW_OFTEN = frozenset(("seed", "replications"))

#: what decides a result: from reading a file to measuring a log
LAYERS = ("scenario", "plan", "engine", "measure")

#: plans that a process keeps, for the next replications of the same worlds
PLANS_KEPT = 64


@dataclass(frozen=True)
class World:
    """A scenario ready to be run.

    `key` names everything that decides its results (see `Task`); `model` is the scenario, pickled
    and compressed.
    """

    name: str
    key: str
    model: bytes


def world_of(name: str, loaded: Loaded, seed: int) -> World:
    """The world of a scenario that has been read and found fit to run."""
    return World(name, world_key(loaded, seed), packed(loaded.model))


def packed(model: Scenario) -> bytes:
    """A scenario as it travels."""
    return zlib.compress(pickle.dumps(model, protocol=5), level=1)


def world_key(loaded: Loaded, seed: int) -> str:
    """What names the results of a scenario with a seed: equal for equal content."""
    from sim.experiment.store import content, tree_hash

    tree = {name: part for name, part in content(loaded).items() if name not in ABOUT}
    run = {name: part for name, part in tree["run"].items() if name not in HOW_OFTEN}
    return tree_hash({"scenario": {**tree, "run": run}, "code": code_hash(), "seed": seed})


@lru_cache(maxsize=1)
def code_hash() -> str:
    """SHA-256 of the code that decides results, the same on every system."""
    digest = hashlib.sha256()
    package = Path(__file__).parents[2]
    for layer in LAYERS:
        for source in sorted((package / layer).rglob("*.py")):
            digest.update(source.relative_to(package).as_posix().encode())
            digest.update(source.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


@lru_cache(maxsize=PLANS_KEPT)
def prepared(model: bytes, seed: int) -> tuple[Plan, Context]:
    """A world's plan and what its logs are read in."""
    from sim.measure import build_context
    from sim.plan.compile import compile_plan

    scenario = scenario_in(model)
    plan = compile_plan(scenario)
    return plan, build_context(plan, scenario, seed)


def scenario_in(model: bytes) -> Scenario:
    """The scenario of a world."""
    scenario: Any = pickle.loads(zlib.decompress(model))
    return scenario  # type: ignore[no-any-return]
