"""Workload W of the benchmarks: one definition, whoever simulates it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import sim

BENCHMARKS = Path(__file__).parents[2] / "experiments" / "benchmarks"
DAYS, ROUNDS = 3.0, 4

Module = Callable[[str], ModuleType]


@pytest.fixture(scope="module")
def module() -> Iterator[Module]:
    """Import from the folder of benchmarks, which are scripts and not a package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        yield importlib.import_module


@pytest.fixture(scope="module")
def found(module: Module) -> dict[str, list]:
    """Some rounds of the engines that need nothing more than urgentflow itself does."""
    engines = module("engines").ENGINES
    replicate = {name: engines[name].load() for name in ("compiled", "simpy", "textbook_simpy")}
    return {
        name: [run(DAYS, seed) for seed in range(1, ROUNDS + 1)] for name, run in replicate.items()
    }


def test_the_scenario_file_describes_the_same_workload_as_the_numbers(module: Module) -> None:
    w = module("workload")
    tree = sim.load(BENCHMARKS / "workload.yaml").tree
    need = tree["crises"]["need"]
    assert need["rate"] == f"{w.ARRIVALS_PER_MINUTE:g} per min"
    assert need["attributes"]["urgency"]["shares"]["high"] == f"{w.SHARE_HIGH * 100:g} %"
    assert [*tree["pathway"]] == [node.name for node in w.NODES]
    for node in w.NODES:
        step = tree["pathway"][node.name]
        assert tree["resources"][step["seize"]]["capacity"] == node.servers
        kind, of = next(iter(step["delay"].items()))
        assert kind == ("exponential" if node.sd is None else "lognormal")
        assert of["mean"] == f"{node.mean:g} min"
        assert node.sd is None or of["sd"] == f"{node.sd:g} min"
        route = {"done": 1} if isinstance(step["route"], str) else step["route"]
        shares = {w.NODES[to].name: share for to, share in node.routes}
        assert {to: share for to, share in route.items() if to != "done"} == shares


def test_our_engines_and_textbook_simpy_simulate_the_same_workload(
    module: Module, found: dict[str, list]
) -> None:
    agreement = module("agreement")
    comparisons = agreement.compare(found, DAYS)
    engines = {comparison.engine for comparison in comparisons}
    assert engines == {"compiled", "simpy", "textbook_simpy"}
    too_far = [c for c in comparisons if not abs(c.z) < agreement.LIMIT]
    assert not too_far


def test_units_in_use_are_those_of_theory(module: Module, found: dict[str, list]) -> None:
    exact = module("theory").exact(DAYS)
    for rounds in found.values():
        for node in ("triage", "gp", "call_back", "ae", "ward"):
            mean = np.mean([one["in_use"][node] for one in rounds])
            assert mean == pytest.approx(exact[f"in_use.{node}"], rel=0.15)


def test_our_engines_give_the_same_statistics(module: Module, found: dict[str, list]) -> None:
    assert module("agreement").same_luck_same_result(found)


def test_an_engine_that_serves_too_slowly_is_noticed(
    module: Module, found: dict[str, list]
) -> None:
    """The check of agreement would be worth nothing if everything passed it."""
    textbook, w = module("textbook_simpy"), module("workload")
    nodes = list(w.NODES)
    nodes[w.GP] = replace(nodes[w.GP], mean=1.2 * nodes[w.GP].mean)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(textbook, "NODES", nodes)
        slow = [textbook.replicate(DAYS, seed) for seed in range(1, ROUNDS + 1)]
    comparisons = module("agreement").compare({**found, "slow": slow}, DAYS)
    far = [c for c in comparisons if abs(c.z) >= 5.0]
    assert {c.engine for c in far} == {"slow"}
    assert "in_use.gp" in {c.quantity for c in far}


def test_one_server_waits_as_the_textbook_says(module: Module) -> None:
    theory = module("theory")
    assert theory.probability_of_waiting(1, 0.75) == pytest.approx(0.75)
    # two servers, load 1: C = 1/3
    assert theory.probability_of_waiting(2, 1.0) == pytest.approx(1 / 3)


def test_results_written_twice_stand_there_once(module: Module, tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text("# Title\n\nBefore.\n", encoding="utf-8")
    put = module("records").replace_section
    put(page, "compare", "old")
    put(page, "growth", "other")
    put(page, "compare", "new")
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Title\n\nBefore.\n")
    assert "old" not in text
    assert text.index("new") < text.index("other")
    assert text.count("end of compare") == 1
