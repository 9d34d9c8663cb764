"""Scenarios small enough to work out every number of their plan on paper."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.scenario import load
from sim.scenario.language.model import Scenario
from tests.generator import Invented


def tree(**changes: Any) -> dict[str, Any]:
    """A clinic from Wednesday 2024-05-01 on, to which nobody comes, with sections replaced."""
    return {
        "title": "A clinic",
        "run": {"start": "2024-05-01", "duration": "28 days"},
        "people": {"number": 20},
        "crises": {"need": {"rate": 0, "first": "serve"}},
        "resources": {"nurse": {"capacity": 1}},
        "pathway": {"serve": {"seize": "nurse", "delay": "1 h", "route": "done"}},
        "outcomes": {"done": "Done"},
        **changes,
    }


def model(strata: str = "", **changes: Any) -> Scenario:
    """The checked scenario."""
    with tempfile.TemporaryDirectory() as folder:
        return load(Invented(tree(**changes), strata).write(Path(folder))).model


def plan(strata: str = "", **changes: Any) -> Plan:
    """Its plan."""
    return compile_plan(model(strata, **changes))
