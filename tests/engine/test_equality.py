"""Both engines give the same logs, bit for bit, on invented scenarios and on shipped ones."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from sim.engine import run
from sim.engine.logs import Logs
from sim.measure import measure
from sim.measure.context import bare_context
from sim.measure.identities import CHECKS
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.scenario import load
from sim.scenario.language.model import Scenario
from tests.engine.logs_equal import differences
from tests.generator.features import ASKING, asking_features, features, gaps
from tests.generator.scenarios import asking, scenario

ROOT = Path(__file__).parents[2]

#: invented scenarios compared; a long run sets more (2,000 before a release)
COUNT = int(os.environ.get("URGENTFLOW_SCENARIOS", "200"))


def test_engines_agree_on_invented_scenarios_that_reach_every_feature(tmp_path: Path) -> None:
    """Each is run by both engines; together they must exercise the whole language."""
    exercised: Counter[str] = Counter()
    for number in range(COUNT):
        model = load(scenario(number).write(tmp_path)).model
        plan = compile_plan(model)
        simpy = run(plan, model.run.seed, 1, engine="simpy")
        compiled = run(plan, model.run.seed, 1, engine="compiled")
        assert differences(simpy, compiled) == [], f"scenario {number}"
        exercised.update(features(model, plan, simpy))
    assert gaps(exercised) == []


def test_engines_agree_on_invented_requests_that_reach_every_feature(tmp_path: Path) -> None:
    """Several units, any of several, pools, interruptions, priorities that rise."""
    exercised: Counter[str] = Counter()
    for number in range(COUNT):
        model = load(asking(number).write(tmp_path)).model
        plan = compile_plan(model)
        simpy = run(plan, model.run.seed, 1, engine="simpy")
        compiled = run(plan, model.run.seed, 1, engine="compiled")
        assert differences(simpy, compiled) == [], f"scenario {number}"
        assert broken_identities(plan, simpy) == [], f"scenario {number}"
        exercised.update(asking_features(model, plan, simpy))
    assert [name for name in ASKING if name not in exercised] == []


def broken_identities(plan: Plan, logs: Logs) -> list[str]:
    """What contradicts itself in the logs of a run."""
    context = bare_context(plan)
    return [line for check in CHECKS for line in check(context, logs)]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "scenarios" / "verification").glob("*.yaml")), ids=lambda path: path.stem
)
def test_engines_agree_on_verification_scenarios(path: Path) -> None:
    """A part of each, for the SimPy engine is slow."""
    model = load(path, overrides={"run.warm_up": "0 min", "run.duration": "1 day"}).model
    plan = compile_plan(model)
    simpy, compiled = (run(plan, 3, 2, engine=engine) for engine in ("simpy", "compiled"))
    assert differences(simpy, compiled) == []


SUSSEX = ROOT / "scenarios" / "sussex"

#: scenarios a user may run as they are, and each option upon the case before
SHIPPED = pytest.mark.parametrize(
    ("path", "options"),
    [
        *((path, ()) for path in (ROOT / "scenarios" / "quickstart.yaml", *SUSSEX.glob("*.yaml"))),
        *((SUSSEX / "before.yaml", (one,)) for one in sorted((SUSSEX / "options").glob("*.yaml"))),
    ],
    ids=lambda part: part.stem if isinstance(part, Path) else "+".join(one.stem for one in part),
)


@SHIPPED
def test_engines_agree_on_shipped_scenarios_at_full_size(
    path: Path, options: tuple[Path, ...]
) -> None:
    """Everyone in the place, from an empty start, for some days."""
    changes = {"run.warm_up": "0 min", "run.duration": "10 days", "run.start": "2023-05-04"}
    if path.parent == SUSSEX:
        changes["cases.mrs_b.copies"] = "1"
    model = load(path, options, changes).model
    visits = agree_on(model)
    assert visits > (10_000 if path.parent == SUSSEX else 500)


@SHIPPED
def test_engines_agree_on_shipped_scenarios_for_a_year(
    path: Path, options: tuple[Path, ...]
) -> None:
    """Few people, through every season and date."""
    changes = {"run.warm_up": "0 min", "run.duration": "365 days", "people.number": 5000}
    model = load(path, options, changes).model
    visits = agree_on(model)
    assert visits > 2_000


def agree_on(model: Scenario) -> int:
    """Hold logs and measures against each other; returns how many visits there were."""
    plan = compile_plan(model)
    simpy, compiled = (run(plan, 1, 1, engine=engine) for engine in ("simpy", "compiled"))
    assert differences(simpy, compiled) == []
    pd.testing.assert_frame_equal(
        measure(plan, model, simpy), measure(plan, model, compiled), check_exact=True
    )
    return len(simpy.visits.step)
