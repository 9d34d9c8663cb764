"""The model agrees with theory, in every system whose answer is known exactly.

The same cases at the same precision as `urgentflow verify`, on the compiled engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.experiment.verification import Result, scenario_folder, verify
from sim.experiment.verification.cases import all_cases


@pytest.fixture(scope="module")
def results(request: pytest.FixtureRequest) -> Iterator[list[Result]]:
    """Results of the cases that this session will ask for, run side by side."""
    here = [item for item in request.session.items if item.fspath == request.fspath]
    asked = {item.callspec.params["name"] for item in here if hasattr(item, "callspec")}
    yield verify([case.name for case in all_cases() if case.name in asked])


@pytest.mark.slow
@pytest.mark.parametrize("name", [case.name for case in all_cases()])
def test_the_model_agrees_with_theory(name: str, results: list[Result]) -> None:
    own = [result for result in results if result.case == name]
    assert own
    assert [result for result in own if not result.passed] == []


def test_both_engines_verify_alike() -> None:
    """To the last bit, so that what one engine has shown holds for the other."""
    assert verify(["relative_rates"], "simpy") == verify(["relative_rates"], "compiled")


def test_every_verification_scenario_has_its_claims() -> None:
    files = {path.stem for path in scenario_folder().glob("*.yaml")}
    assert files == {case.name for case in all_cases()}
    assert all(case.claims for case in all_cases())


def test_cases_are_found_by_name_only() -> None:
    with pytest.raises(KeyError):
        verify(["no_such_case"])


def test_the_page_has_a_row_for_every_system() -> None:
    """If not: python -m sim.experiment.verification prints the table."""
    page = (Path(__file__).parents[2] / "docs" / "verification.md").read_text(encoding="utf-8")
    assert [case.name for case in all_cases() if f"| `{case.name}` " not in page] == []
