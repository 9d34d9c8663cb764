"""What users are shown, the standard measures, says the same as the verification's own estimates.

Averages over time must agree to rounding. Averages over visits may count those under way at
either end of the measured time differently, which long runs make small.
"""

from __future__ import annotations

from typing import Any

import pytest

import sim
from sim.engine import run
from sim.engine.logs import Fate
from sim.experiment.verification import estimators as of
from sim.experiment.verification import scenario_folder
from sim.plan.compile import compile_plan

ROUNDING, ENDS = 1e-9, 5e-3


@pytest.mark.parametrize(
    ("scenario", "measure", "thing", "estimate", "within"),
    [
        ("mm1", "wait_mean", "serve", of.mean_wait("serve"), ENDS),
        ("mm1", "present_at_step_mean", "serve", of.number_at("serve"), ROUNDING),
        ("mm1", "wait_any", "serve", of.share_waiting("serve"), ENDS),
        ("mm1", "utilisation", "server", of.units_busy("server"), ROUNDING),
        ("turnaround", "utilisation", "server", of.units_busy("server"), ROUNDING),
        ("erlang_b", "balked_share", "serve", of.share_with_fate("serve", Fate.BALKED), ENDS),
        ("erlang_a", "reneged_share", "serve", of.share_with_fate("serve", Fate.RENEGED), ENDS),
        ("erlang_a", "queue_length_at_step_mean", "serve", of.number_waiting("serve"), ROUNDING),
        ("tandem_blocking", "wait_mean", "second", of.mean_wait("second"), ENDS),
        ("jackson", "present_at_step_mean", "ward_stay", of.number_at("ward_stay"), ROUNDING),
    ],
)
def test_a_measure_agrees_with_the_estimate(
    scenario: str, measure: str, thing: str, estimate: of.Estimator, within: float
) -> None:
    loaded = sim.load(scenario_folder() / f"{scenario}.yaml", duration="3 days")
    plan = compile_plan(loaded.model)
    logs = run(plan, loaded.model.run.seed, 1)
    expected = estimate(of.Window(plan, logs, plan.warm_up, plan.horizon))
    assert _measured(loaded, measure, thing) == pytest.approx(expected, rel=within)


def _measured(loaded: Any, measure: str, thing: str) -> float:
    """One measure of the first replication."""
    summary = sim.run(loaded, replications=1).summary()
    row = summary[(summary.measure == measure) & (summary.of == thing) & (summary.by == "")]
    assert len(row) == 1
    return float(row["mean"].iloc[0])
