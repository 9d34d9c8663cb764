"""Invented scenarios through the public door: written, loaded, compiled, run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.engine import run
from sim.engine.logs import Logs
from sim.plan.compile import compile_plan
from sim.scenario import load
from sim.scenario.language.model import Scenario
from tests.generator.scenarios import Invented


def loaded_and_run(
    invented: Invented, folder: Path, replication: int = 1, **overrides: Any
) -> tuple[Scenario, Any, Logs]:
    """The model, plan and logs of one replication of an invented scenario."""
    model = load(invented.write(folder), **overrides).model
    plan = compile_plan(model)
    return model, plan, run(plan, model.run.seed, replication)
