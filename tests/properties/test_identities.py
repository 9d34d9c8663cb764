"""What must hold in every run, exactly, over invented scenarios."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given

from sim.measure.identities import violations
from tests.generator import Invented, scenario, scenarios
from tests.generator.features import features, gaps
from tests.generator.running import loaded_and_run
from tests.properties.comparing import quickly


@quickly
@given(scenarios())
def test_every_run_keeps_its_books(invented: Invented) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _, plan, logs = loaded_and_run(invented, Path(folder))
    assert violations(plan, logs) == []


def test_invented_scenarios_exercise_every_feature_and_keep_their_books(tmp_path: Path) -> None:
    found: set[str] = set()
    for number in range(200):
        model, plan, logs = loaded_and_run(scenario(number), tmp_path)
        assert violations(plan, logs) == [], f"scenario({number})"
        found |= features(model, plan, logs)
    assert gaps(found) == []


def test_the_same_number_invents_the_same_scenario() -> None:
    assert scenario(7) == scenario(7)
    assert scenario(7) != scenario(8)
