"""Both engines draw the same from every distribution, and `check` expects what they draw."""

from pathlib import Path

import numpy as np
import pytest

from sim.engine import run
from sim.plan.compile import compile_plan
from sim.scenario import load
from sim.scenario.analysis.means import mean
from tests.engine.logs_equal import differences

STEPS = {
    "a": "{normal: {mean: 30 min, sd: 20 min, at_least: 5 min}}",
    "b": "{log_logistic: {shape: 3, median: 20 min, plus: 5 min}}",
    "c": "{lognormal: {log_mean: 0.5, log_sd: 0.6, unit: h, at_most: 6 h}}",
    "d": "{quantiles: {points: [[0, 1 min], [50 %, 9 min], [1, 40 min]], at_least: 3 min}}",
    "e": "{gamma: {mean: 30 min, sd: 25 min, times: 1.5, at_least: 10 min, at_most: 2 h}}",
    "f": "{empirical: {values: [5 min, 10 min, 30 min], at_most: 12 min}}",
}


def test_both_engines_draw_the_same_with_the_means_that_check_reckons_with(tmp_path: Path) -> None:
    steps = [*STEPS, "home"]
    pathway = "".join(
        f"  {step}: {{delay: {delay}, route: {steps[place + 1]}}}\n"
        for place, (step, delay) in enumerate(STEPS.items())
    )
    path = tmp_path / "all.yaml"
    path.write_text(
        "title: All\nrun: {start: 2024-04-01, duration: 60 days}\npeople: {number: 20000}\n"
        "crises:\n  fall: {rate: 1000, first: a}\n"
        f"pathway:\n{pathway}outcomes: {{home: At home}}\n"
    )
    model = load(path).model
    plan = compile_plan(model)
    simpy = run(plan, model.run.seed, 1, engine="simpy")
    assert differences(simpy, run(plan, model.run.seed, 1, engine="compiled")) == []
    visits = simpy.visits
    for step in STEPS:
        of = (visits.step == plan.steps.index(step)) & np.isfinite(visits.ended)
        drawn = (visits.ended - visits.started)[of]
        assert len(drawn) > 2000
        assert drawn.mean() == pytest.approx(mean(model.pathway[step].delay), rel=0.08)
