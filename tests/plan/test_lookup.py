"""Claims about reading the state of the world."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.engine import run
from sim.engine.interpreted import interpreted
from sim.plan import flatten, lookup
from sim.plan.compile import compile_plan
from sim.plan.plan import Watched
from sim.scenario import load
from tests.engine.logs_equal import differences
from tests.generator import Invented
from tests.generator.scenarios import scenario


def is_on(percent: int, capacity: int, in_use: int) -> bool:
    """Whether the signal of an occupancy written in per cent is on."""
    world = SimpleNamespace(
        signals=[
            SimpleNamespace(
                at_least=percent / 100, resource=0, levels=-1, what=Watched.OCCUPANCY, watch=-1
            )
        ],
        standings=[SimpleNamespace(capacity=capacity, in_use=in_use, waiting=0)],
    )
    return bool(interpreted(lookup).signalled(world, 0, 0, 0))


def test_an_occupancy_of_exactly_its_limit_is_enough() -> None:
    """Also where the limit times the capacity is not a whole number in floating point."""
    for capacity in (1, 20, 25, 75, 100, 150, 340):
        for percent in range(1, 101):
            least = -(-percent * capacity // 100)
            assert is_on(percent, capacity, least), (percent, capacity)
            assert not is_on(percent, capacity, least - 1), (percent, capacity)


@pytest.mark.parametrize("number", range(12))
def test_a_table_laid_out_in_pieces_says_what_it_says_as_a_whole(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of more than one invented scenario, with tables of every kind, in both engines."""
    model = load(scenario(number).write(tmp_path)).model
    plan = compile_plan(model)
    whole = run(plan, model.run.seed, 1, engine="compiled")
    monkeypatch.setattr(flatten, "MOST_TOGETHER", 1)
    pieces = compile_plan(model)
    assert len(pieces.world.tables) > len(plan.world.tables)
    for engine in ("compiled", "simpy"):
        assert differences(whole, run(pieces, model.run.seed, 1, engine=engine)) == []


def test_a_deep_table_of_few_leaves_takes_little_room(tmp_path: Path) -> None:
    """Twenty attributes of two levels have a million combinations."""
    names = [f"a{n}" for n in range(20)]
    attributes = {name: {"shares": {"p": 0.5, "q": 0.5}} for name in names}
    delay: Any = "1 min"
    for number, name in enumerate(names, 2):
        delay = {"by": name, "p": f"{number} min", "q": delay}
    tree = {
        "title": "Deep",
        "run": {"start": "2024-04-01", "duration": "2 days"},
        "people": {"number": 5000, "attributes": attributes},
        "crises": {"c": {"rate": 50000, "first": "s"}},
        "pathway": {"s": {"delay": delay, "route": "done"}},
        "outcomes": {"done": "Done"},
    }
    plan = compile_plan(load(Invented(tree, "").write(tmp_path)).model)
    assert len(plan.world.cells) < 10_000
    logs = run(plan, 1, 1, engine="simpy")
    assert differences(logs, run(plan, 1, 1, engine="compiled")) == []
    took = np.round(logs.visits.ended - logs.visits.queued)
    last = (took == 21).mean()  # the last attribute is asked first
    assert 0.4 < last < 0.6 and (took >= 15).mean() > 0.95
