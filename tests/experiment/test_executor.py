"""Claims about where replications are run: anywhere, in any order, with the same results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from sim.experiment.experiment import compare_all
from sim.experiment.job import Progress
from sim.experiment.settings import Settings
from sim.experiment.workers import Tell
from sim.scenario import load

SCENARIO = """\
title: One desk
run: {start: 2024-04-01, duration: 5 days, replications: 3}
people: {number: 500}
crises: {need: {rate: 9000, first: serve}}
resources: {desk: {capacity: 1}}
pathway: {serve: {seize: desk, delay: {exponential: {mean: 30 min}}, route: done}}
"""


class Backwards:
    """Does tasks here, the last one first, and counts them."""

    def __init__(self) -> None:
        self.done = 0

    def __call__(
        self,
        function: Callable[[Any, Any, Tell], Any],
        context: Any,
        tasks: Sequence[Any],
        finished: Callable[[Any, Any], None],
        advanced: Callable[[float], None],
    ) -> None:
        for task in reversed(tasks):
            finished(task, function(context, task, lambda part: None))
            self.done += 1
            advanced(float(self.done))


def test_no_result_depends_on_where_or_in_which_order_replications_are_run(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(SCENARIO)
    two = "title: Two\nextends: one.yaml\nresources: {desk: {capacity: 2}}\n"
    (tmp_path / "two.yaml").write_text(two)
    arms = [(name, load(tmp_path / f"{name}.yaml")) for name in ("one", "two")]
    told: list[Progress] = []
    backwards = Backwards()
    there = compare_all(arms, Settings(executor=backwards, on_progress=told.append))
    here = compare_all(arms, Settings(workers=1))
    assert backwards.done == 6 and told[-1].done == told[-1].total == 6
    pd.testing.assert_frame_equal(there.measures, here.measures, check_exact=True)
    pd.testing.assert_frame_equal(there.differences, here.differences, check_exact=True)
    said = sim.run(tmp_path / "one.yaml", executor=Backwards())
    pd.testing.assert_frame_equal(said.measures, here.baseline.measures, check_exact=True)


def test_workers_beside_an_executor_are_refused_and_not_ignored() -> None:
    with pytest.raises(ValueError, match="workers are of this machine"):
        Settings(executor=Backwards(), workers=2)
