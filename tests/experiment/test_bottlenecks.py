from __future__ import annotations

from typing import Any

import pandas as pd

from sim.experiment.bottlenecks import COLUMNS, bottlenecks

EMPTY = dict.fromkeys(COLUMNS, 0.0)


def table(**pools: dict[str, Any]) -> pd.DataFrame:
    rows = [
        {"replication": k, "measure": COLUMNS[name], "of": pool, "by": "", "level": "", "value": v}
        for k in (1, 2)
        for pool, numbers in pools.items()
        for name, v in {**EMPTY, "capacity": 10.0, **numbers}.items()
    ]
    return bottlenecks(pd.DataFrame(rows), 10.0, dict.fromkeys(pools, ""))


def test_the_chain_begins_where_the_pool_itself_is_short_and_not_where_it_waits() -> None:
    found = table(
        cubicles={"queue_mean": 30.0, "waiting_share": 0.9, "utilisation": 1.0},
        wards={"queue_mean": 12.0, "waiting_share": 0.2, "utilisation": 0.98},
        porters={"utilisation": 0.3},
    )
    assert found["resource"].tolist() == ["wards", "porters", "cubicles"]
    assert found["binds"].tolist() == [True, False, True]


def test_a_long_queue_for_units_that_only_wait_does_not_hide_where_the_chain_begins() -> None:
    found = table(
        cubicles={"queue_mean": 116.0, "waiting_share": 0.8, "utilisation": 0.87},
        wards={"queue_mean": 5.5, "waiting_share": 0.44, "utilisation": 0.98},
        cottage={"queue_mean": 13.0, "utilisation": 0.99},
    )
    assert found["resource"].tolist() == ["cottage", "wards", "cubicles"]


def test_a_pool_that_turns_people_away_binds_though_nobody_waits() -> None:
    found = table(clinic={"balked": 50.0, "utilisation": 0.4}, nurses={"utilisation": 0.5})
    assert found["resource"].tolist() == ["clinic", "nurses"]
    assert found["binds"].tolist() == [True, False]


def test_every_pool_is_there_even_one_that_nothing_was_measured_of() -> None:
    measures = pd.DataFrame(columns=["replication", "measure", "of", "by", "level", "value"])
    measures["value"] = measures["value"].astype(float)
    found = bottlenecks(measures, 10.0, {"beds": "acute"})
    assert found["resource"].tolist() == ["beds"]
    assert found["bed"].tolist() == ["acute"]
