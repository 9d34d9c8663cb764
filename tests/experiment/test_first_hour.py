"""The short run that gets the compiled engine ready is a run like any other, only shorter."""

from __future__ import annotations

import time
import warnings
from datetime import datetime
from pathlib import Path

import numba
import numpy as np
import pytest

import sim
from sim.experiment import job, warm_start
from sim.experiment.warm_start import first_hour
from sim.plan.compile import compile_plan
from sim.plan.demand import HOUR, draw_candidates
from sim.plan.population import draw_population, with_cases

CLINIC = """\
title: A clinic
run: {start: 2024-04-01, duration: 30 days}
people: {number: 100}
crises: {fall: {rate: 50000, first: visit}}
pathway: {visit: {delay: 5 min, route: done}}
cases:
  early: {crisis: fall, at: 2024-04-01 00:30}
  late: {crisis: fall, at: 2024-04-20 09:00}
"""


def test_a_case_after_the_first_hour_is_not_among_its_candidates(tmp_path: Path) -> None:
    file = tmp_path / "clinic.yaml"
    file.write_text(CLINIC, encoding="utf-8")
    model = sim.load(file).model
    assert model.cases["late"].at == datetime(2024, 4, 20, 9)
    plan = first_hour(compile_plan(model))
    found = draw_candidates(plan, with_cases(plan, draw_population(plan, 1), 1, 1), 1, 1)
    assert found["time"].max() < HOUR
    assert np.all(np.diff(found["time"]) >= 0)
    assert (found["case"] >= 0).sum() == 1


def test_compiling_is_spoken_of_only_when_something_is_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "clinic.yaml"
    file.write_text(CLINIC, encoding="utf-8")
    sim.run(file, replications=1)  # whatever had to be compiled or loaded now is
    monkeypatch.setattr(warm_start, "PATIENCE", 0.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sim.run(file, replications=1)
    fresh = numba.njit(lambda x: x + 1)

    def slow(*_: object) -> None:
        fresh(1)
        time.sleep(0.2)

    monkeypatch.setattr(warm_start, "run", slow)
    for rest in ("sim.measure.measure_in", "sim.measure.backlog.backlog"):
        monkeypatch.setattr(rest, lambda *_: None)
    monkeypatch.setattr("sim.measure.joined_logs.Reading", lambda *_: None)
    told: list[int] = []
    monkeypatch.setattr(warm_start, "_tell", lambda: told.append(1))
    plan = compile_plan(sim.load(file).model)
    warm_start.prepare(job.Arm("a", plan, sim.load(file).model, None), 1, "compiled")  # type: ignore[arg-type]
    assert told == [1]
