"""A cluster of Dask on loopback: the same results as here, also when a worker dies."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.cli.main import main
from sim.experiment.cluster import Cluster, ClusterError
from sim.experiment.designs import Variant
from sim.experiment.executor import Local
from sim.experiment.tasks.lab import Lab
from tests.experiment.tasks import dies_once

distributed = pytest.importorskip("distributed")

MM5 = "scenarios/verification/mm5.yaml"
TWO_DAYS = {"run.duration": "2 days"}
VARIANTS = (Variant("baseline"), Variant("6", overrides={"resources.server.capacity": 6}))


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A scheduler and two workers, each a process of its own."""
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
    ) as made:
        yield made


def test_a_cluster_gives_what_this_machine_gives(cluster: Any) -> None:
    there = Lab((MM5,), overrides=TWO_DAYS, executor=Cluster(cluster.scheduler_address))
    here = Lab((MM5,), overrides=TWO_DAYS, executor=Local(1))
    found = there(VARIANTS, (1, 2, 3))
    assert not found.failures
    np.testing.assert_array_equal(found.values, here(VARIANTS, (1, 2, 3)).values)


@pytest.mark.skipif(sys.platform == "win32", reason="an ending process is not told apart there")
def test_what_a_dead_worker_had_is_done_by_another(cluster: Any, tmp_path: Path) -> None:
    done: dict[int, int] = {}
    Cluster(cluster.scheduler_address)(
        dies_once, str(tmp_path / "marker"), range(6), done.__setitem__, lambda part: None
    )
    assert done == {task: task * task for task in range(6)}


def test_no_scheduler_is_said_in_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.experiment.cluster.PATIENCE", 1.0)
    with pytest.raises(ClusterError, match="no scheduler answers at tcp://127"):
        Cluster("tcp://127.0.0.1:9")(dies_once, "", (1,), print, print)
    command = ["sweep", MM5, "--set", "resources.server.capacity=5,6", "--days", "1"]
    assert main([*command, "--replications", "1", "--scheduler", "nonsense"]) == 2
    assert "no scheduler answers at nonsense" in capsys.readouterr().err
