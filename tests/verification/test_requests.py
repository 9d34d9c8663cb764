"""What steps ask for, against queueing theory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.engine import run
from sim.plan.compile import compile_plan
from sim.scenario import load

#: how far from the truth a mean may lie, in standard errors
MOST_Z = 3.3

INTERRUPTED = """
title: One server; the urgent interrupt the routine
run: {start: 2024-01-01, warm_up: 10 days, duration: 150 days}
people: {number: 1000000}
crises:
  urgent: {rate: 0.2 per min, first: urgent}
  routine: {rate: 0.6 per min, first: routine}
resources: {server: {capacity: 1}}
pathway:
  urgent:
    seize: server
    priority: 1
    preempts: yes
    delay: {exponential: {mean: 1 min}}
    route: done
  routine:
    seize: server
    priority: 2
    interruptible: resume
    delay: {exponential: {mean: 1 min}}
    route: done
"""

#: mean time in the system: 1 / (1 - .2) and 1 / ((1 - .2)(1 - .8)) services (Jaiswal 1968)
EXACT = {"urgent": 1.25, "routine": 6.25}


@pytest.mark.slow
def test_times_in_a_queue_in_which_the_urgent_interrupt(tmp_path: Path) -> None:
    path = tmp_path / "interrupted.yaml"
    path.write_text(INTERRUPTED, encoding="utf-8")
    plan = compile_plan(load(path).model)
    times: dict[str, list[float]] = {name: [] for name in EXACT}
    for replication in range(1, 9):
        visits = run(plan, 1, replication).visits
        for name in EXACT:
            here = (visits.step == plan.steps.index(name)) & (visits.queued >= plan.warm_up)
            times[name].append(float(np.nanmean((visits.ended - visits.queued)[here])))
    for name, exact in EXACT.items():
        error = np.std(times[name], ddof=1) / np.sqrt(len(times[name]))
        assert abs(np.mean(times[name]) - exact) <= MOST_Z * error
