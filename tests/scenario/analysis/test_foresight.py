"""Forgetting what nobody will read again changes no estimate, only how long it takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario import load
from sim.scenario.analysis import work
from sim.scenario.analysis.foresight import read_ahead
from sim.scenario.analysis.offered_load import Loads, offered_loads
from sim.scenario.analysis.work import flows_of
from sim.scenario.language.attributes import declared
from tests.generator import scenario

ROOT = Path(__file__).parents[3]
BEFORE = ROOT / "scenarios" / "sussex" / "before.yaml"


def remembering_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "read_ahead", lambda model: {})


def numbers(loads: Loads) -> dict[str, tuple[float, ...]]:
    return {row.resource: (row.per_day, row.mean_minutes, row.offered) for row in loads.rows}


@pytest.mark.parametrize("number", range(40))
def test_offered_loads_of_invented_scenarios_are_the_same(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = load(scenario(number).write(tmp_path)).model
    short = numbers(offered_loads(model, declared(model)))
    remembering_everything(monkeypatch)
    whole = numbers(offered_loads(model, declared(model)))
    assert short.keys() == whole.keys()
    for name, values in whole.items():
        assert short[name] == pytest.approx(values, rel=1e-9)


def test_the_whole_system_unfolds_into_fewer_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    model = load(BEFORE).model
    short = len(flows_of(model, declared(model)).network.onward)
    remembering_everything(monkeypatch)
    assert short < 0.8 * len(flows_of(model, declared(model)).network.onward)


def test_an_attribute_matters_up_to_where_it_is_read_and_no_further(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(
        "title: x\n"
        "run: {start: 2024-01-01, duration: 1 day}\n"
        "people: {number: 10}\n"
        "crises: {c: {rate: 10, first: early}}\n"
        "attributes: {seen: {levels: [no, yes], initially: no}}\n"
        "pathway:\n"
        "  early: {delay: 1 min, route: choose}\n"
        "  choose: {delay: 1 min, set: {seen: {yes: 0.5, no: rest}}, route: between}\n"
        "  between: {delay: 1 min, route: late}\n"
        "  late: {delay: {by: seen, yes: 1 min, no: 2 min}, route: after}\n"
        "  after: {delay: 1 min, route: done}\n"
    )
    ahead = read_ahead(load(file).model)
    assert {name for name, attributes in ahead.items() if "seen" in attributes} == {
        "between",
        "late",
    }
