"""A visit counts at every queue that it stood in: of several resources, of any, of its own pool."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sim.engine import run
from sim.measure import measure
from sim.plan.compile import compile_plan
from sim.scenario import load

SCENARIO = """
title: Queues of several resources
run: {start: 2024-01-01, warm_up: 0 min, duration: 1 day, replications: 1}
people: {number: 10, attributes: {near: {shares: {north: 0.5, south: 0.5}}}}
crises:
  need:
    rate: 0
    attributes: {kind: {levels: [busy, both, any, gp], shares: {busy: 1, both: 0, any: 0, gp: 0}}}
    first: {by: kind, busy: busy, both: both, any: any, gp: gp}
resources:
  doctors: {capacity: 1}
  nurses: {capacity: 1}
  gp: {per: near, capacity: 1}
pathway:
  busy: {seize: {doctors: 1, nurses: 1}, delay: 60 min, route: done}
  both:
    seize: {doctors: 1, nurses: {by: kind, gp: 0, other: 1}}
    patience: 20 min
    renege_to: done
    route: done
  any: {seize: {any_of: [nurses, doctors]}, delay: 10 min, route: done}
  gp: {seize: gp, delay: 30 min, route: done}
costs:
  gps: {resource: gp, per_hour: 10}
  rooms: {resource: gp, per_day: 24, of: capacity}
cases:
  a: {crisis: need, at: 2024-01-01 09:00, attributes: {kind: busy}}
  b: {crisis: need, at: 2024-01-01 09:10, attributes: {kind: both}}
  c: {crisis: need, at: 2024-01-01 09:40, attributes: {kind: any}}
  d: {crisis: need, at: 2024-01-01 09:00, attributes: {kind: gp, near: south}}
  e: {crisis: need, at: 2024-01-01 09:00, attributes: {kind: gp, near: south}}
  f: {crisis: need, at: 2024-01-01 09:00, attributes: {kind: gp, near: north}}
"""


@pytest.fixture(scope="module")
def measures(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    path = tmp_path_factory.mktemp("places") / "places.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    model = load(path).model
    plan = compile_plan(model)
    return measure(plan, model, run(plan, 1, 1, engine="simpy"))


def of(measures: pd.DataFrame, name: str) -> dict[str, float]:
    """A measure by what it is of, without those that are nought."""
    rows = measures[(measures["measure"] == name) & (measures["by"] == "")]
    return {o: v for o, v in zip(rows["of"], rows["value"], strict=True) if v != 0.0}


def test_who_gives_up_leaves_the_queue_of_everything_asked_for(measures: pd.DataFrame) -> None:
    assert of(measures, "pool_reneged") == {"doctors": 1, "nurses": 1}


def test_who_asks_for_any_waits_in_every_queue(measures: pd.DataFrame) -> None:
    """b waits from 10 to 30 for both, c from 40 to 60 for either; a day has 1,440 minutes."""
    queues = of(measures, "queue_length_mean")
    assert queues["doctors"] == queues["nurses"] == pytest.approx(40 / 1440)
    assert of(measures, "queue_length_max") == {"doctors": 1, "nurses": 1, "gp[south]": 1}


def test_a_pool_has_its_own_wait(measures: pd.DataFrame) -> None:
    """The second from the south waits half an hour; nobody from the north does."""
    waits = of(measures, "pool_wait_mean")
    assert waits["gp[south]"] == 15.0 and "gp[north]" not in waits


def test_a_resource_with_pools_has_one_price(measures: pd.DataFrame) -> None:
    """Three visits of half an hour; three pools, of which one is for who has no level."""
    cost = of(measures, "cost")
    pools = sum(1 for name in of(measures, "capacity_mean") if name.startswith("gp["))
    assert cost == {"gps": 15.0, "rooms": 24.0 * pools}


def test_interruptions_are_counted_and_timed(tmp_path: Path) -> None:
    """r is interrupted at 10 and goes on at 20, s while it waits is not."""
    from tests.engine.test_requests import HEAD, INTERRUPTED

    path = tmp_path / "interrupted.yaml"
    arrivals = (("r", "routine", "00"), ("u", "urgent", "10"), ("s", "routine", "12"))
    cases = "".join(
        f"  {name}: {{crisis: need, at: 2024-01-01 09:{at}, attributes: {{class: {kind}}}}}\n"
        for name, kind, at in arrivals
    )
    text = HEAD + INTERRUPTED.replace("THEN", "resume") + "\ncases:\n" + cases
    path.write_text(text, encoding="utf-8")
    model = load(path).model
    plan = compile_plan(model)
    found = measure(plan, model, run(plan, 1, 1, engine="simpy"))
    assert of(found, "interruptions") == {"routine": 1}
    assert of(found, "set_aside_mean") == {"routine": 10.0}
