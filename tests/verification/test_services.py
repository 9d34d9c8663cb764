"""Services as they are run, against independent programs written for them in SimPy.

The numbers are means of 40 replications of those programs with their 95 % half-widths; our own
interval is added to theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.engine import run
from sim.engine.logs import Logs
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.scenario import load
from sim.scenario.language.model import Scenario

REPLICATIONS = 40

Estimates = Callable[[Plan, Logs], dict[str, float]]


def agree(
    folder: Path, text: str, estimates: Estimates, right: dict[str, tuple[float, float]]
) -> None:
    """Hold the means of some replications against another program's, with both intervals."""
    path = folder / "service.yaml"
    path.write_text(text, encoding="utf-8")
    model: Scenario = load(path).model
    plan = compile_plan(model)
    found = [estimates(plan, run(plan, 1, number)) for number in range(1, REPLICATIONS + 1)]
    for name, (mean, theirs) in right.items():
        values = np.array([each[name] for each in found])
        ours = 2.02 * values.std(ddof=1) / np.sqrt(len(values))
        # two independent intervals of 95 %: their difference is within this 95 times in 100
        assert abs(values.mean() - mean) <= np.hypot(ours, theirs) * 1.3, (
            f"{name}: {values.mean():.2f} ± {ours:.2f}, right {mean} ± {theirs}"
        )


def waits(plan: Plan, logs: Logs, step: str) -> float:
    """Mean wait at a step in the measured time."""
    visits = logs.visits
    here = (visits.step == plan.steps.index(step)) & (visits.queued >= plan.warm_up)
    return float(np.nanmean((visits.started - visits.queued)[here]))


AMBULANCE = """
title: Two crews to half of the most urgent calls; the lesser step up after two hours
run: {start: 2024-01-01, warm_up: 7 days, duration: 56 days}
people: {number: 1000000}
crises:
  incident:
    rate: 6 per hour
    attributes:
      category: {shares: {c1: 0.1, c2: 0.55, c3: 0.25, c4: 0.1}}
      crews_needed: {shares: {by: category, c1: {one: 0.5, two: 0.5}, other: one}}
    first: call
  walk_in: {rate: 3 per hour, first: direct}
resources:
  crews: {capacity: 9, in_turn: true}
  bays: {capacity: 24}
pathway:
  call:
    seize: {crews: {by: crews_needed, two: 2, other: 1}}
    priority: {by: category, c1: 1, c2: 2, c3: 3, c4: 4, none: 4}
    patience: {by: category, c3: 2 h, c4: 2 h, other: never}
    renege_to: stepped_up # behind those who wait there already
    hold: true
    delay: {lognormal: {mean: 15 min, sd: 8 min}}
    route: scene
  stepped_up:
    seize: crews
    priority: {by: category, c4: 3, other: 2}
    hold: true
    delay: {lognormal: {mean: 15 min, sd: 8 min}}
    route: scene
  scene:
    release: {crews: {by: crews_needed, two: 1, other: 0}}
    delay: {lognormal: {mean: 35 min, sd: 15 min}}
    route: {to_ae: 0.6, done: rest}
  to_ae: {delay: {lognormal: {mean: 20 min, sd: 8 min}}, route: handover}
  handover:
    seize: bays
    priority: 1
    hold: true
    delay: {lognormal: {mean: 15 min, sd: 5 min}}
    route: in_bay
  in_bay: {release: crews, delay: {lognormal: {mean: 180 min, sd: 120 min}}, route: done}
  direct: {seize: bays, priority: 2, delay: {lognormal: {mean: 180 min, sd: 120 min}}, route: done}
"""


def responses(plan: Plan, logs: Logs) -> dict[str, float]:
    """Mean time from the call to the scene by category, and the wait for a bay."""
    visits, episodes = logs.visits, logs.episodes
    column = plan.attributes.index("category")
    scene = visits.step == plan.steps.index("scene")
    of = visits.episode[scene]
    times = visits.queued[scene] - episodes.onset[of]
    found = {"handover": waits(plan, logs, "handover")}
    for name in ("c1", "c2", "c3", "c4"):
        code = plan.levels[column].index(name)
        own = (episodes.levels[of, column] == code) & (episodes.onset[of] >= plan.warm_up)
        found[name] = float(times[own].mean())
    return found


@pytest.mark.slow
def test_ambulances_of_which_two_go_to_some_calls(tmp_path: Path) -> None:
    """That program puts those who step up behind those who wait; `after` keeps their place."""
    right = {
        "c1": (20.9, 0.2),
        "c2": (23.0, 0.4),
        "c3": (39.0, 1.6),
        "c4": (65.3, 4.8),
        "handover": (3.82, 0.16),
    }
    agree(tmp_path, AMBULANCE, responses, right)


ED = """
title: Cubicles, a doctor twice within, a procedure that takes doctor and nurse at once
run: {start: 2024-01-01, warm_up: 10 days, duration: 60 days}
people: {number: 1000000}
crises:
  walk_in: {rate: 5 per hour, first: arrive}
  slot: {rate: 0, first: booked}
attributes:
  is_booked: {levels: [no, yes], initially: no}
resources:
  nurses: {capacity: {mon-sun 08:00-20:00: 4, other: 2}}
  doctors: {capacity: 2}
  cubicles: {capacity: 8}
pathway:
  booked: {set: {is_booked: yes}, route: {arrive: 90 %, done: rest}} # some do not come
  arrive:
    seize: nurses
    priority: {by: is_booked, yes: 1, no: 2}
    delay: {triangular: {low: 3 min, mode: 5 min, high: 10 min}}
    route: cubicle
  cubicle: {seize: cubicles, hold: true, route: doctor}
  doctor:
    seize: doctors
    priority: {by: is_booked, yes: 1, no: 2}
    delay: {lognormal: {mean: 12 min, sd: 6 min}}
    route: {test: 0.5, procedure: 0.05, done: rest}
  test:
    seize: nurses
    priority: {by: is_booked, yes: 1, no: 2}
    delay: 8 min
    route: result
  result: {delay: {exponential: {mean: 30 min}}, route: doctor_again}
  doctor_again:
    seize: doctors
    priority: 0
    delay: {lognormal: {mean: 8 min, sd: 4 min}}
    route: {procedure: 0.1, done: rest}
  procedure:
    seize: {doctors: 1, nurses: 1}
    priority: {by: is_booked, yes: 1, no: 2}
    delay: 20 min
    route: done
cases:
"""


def with_appointments(text: str) -> str:
    """One on every half hour of every day, from nine to five."""
    for slot in range(16):
        at = f"2024-01-01 {9 + slot // 2:02d}:{30 * (slot % 2):02d}"
        text += f"  slot_{slot}: {{crisis: slot, at: {at}, copies: 70}}\n"
    return text


def waits_in_ed(plan: Plan, logs: Logs) -> dict[str, float]:
    """Mean waits in an emergency department, and the mean time in all of those who came."""
    steps = ("cubicle", "doctor", "doctor_again", "procedure")
    found = {step: waits(plan, logs, step) for step in steps}
    visits, episodes = logs.visits, logs.episodes
    came = np.unique(visits.episode[visits.step == plan.steps.index("arrive")])
    came = came[episodes.onset[came] >= plan.warm_up]
    found["in all"] = float(np.nanmean((episodes.ended - episodes.onset)[came]))
    return found


@pytest.mark.slow
def test_an_emergency_department_with_doctor_and_nurse_at_once(tmp_path: Path) -> None:
    """All or nothing: a program that keeps the doctor while it waits for a nurse says 16.0."""
    right = {
        "cubicle": (13.22, 0.67),
        "doctor": (15.27, 0.19),
        "doctor_again": (3.91, 0.03),
        "procedure": (17.82, 0.30),
        "in all": (76.1, 0.85),
    }
    agree(tmp_path, with_appointments(ED), waits_in_ed, right)
