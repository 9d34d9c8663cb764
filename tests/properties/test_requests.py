"""What must hold of pools and of those who interrupt, whatever the numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.engine import run
from sim.plan.compile import compile_plan
from sim.scenario import load

HEAD = """
title: Practices
run: {start: 2024-01-01, warm_up: 0 min, duration: 20 days, replications: 1}
people:
  number: 4000
  attributes:
    practice:
      levels: [LEVELS]
      shares: {by: side, left: {A: 0.5, B: 0.3, C: 0.1, D: 0.1}, right: D}
    side: {shares: {left: 0.7, right: 0.3}}
"""

POOLS = """
crises: {illness: {rate: 4 per hour, first: gp}}
resources:
  gp: {per: practice, capacity: {by: practice, A: 2, other: 1}, turnaround: 2 min}
pathway:
  gp:
    seize: gp
    patience: {exponential: {mean: 2 h}}
    renege_to: done
    delay: {exponential: {mean: 45 min}}
    route: done
"""

SYSTEMS = """
crises:
  illness: {rate: 4 per hour, first: {by: practice, A: gp_a, B: gp_b, C: gp_c, D: gp_d}}
resources:
  gp_a: {capacity: 2, turnaround: 2 min}
  gp_b: {capacity: 1, turnaround: 2 min}
  gp_c: {capacity: 1, turnaround: 2 min}
  gp_d: {capacity: 1, turnaround: 2 min}
pathway:
"""

STEP = """
  gp_X:
    draws_as: gp
    seize: gp_X
    patience: {exponential: {mean: 2 h}}
    renege_to: done
    delay: {exponential: {mean: 45 min}}
    route: done
"""


def spans(
    folder: Path, text: str, names: str = "A, B, C, D"
) -> list[tuple[int, float, float, float]]:
    """Person, queued, started and ended of every visit, in order."""
    path = folder / "practices.yaml"
    path.write_text(text.replace("LEVELS", names), encoding="utf-8")
    plan = compile_plan(load(path).model)
    logs = run(plan, 1, 1, engine="simpy")
    visits = logs.visits
    person = logs.episodes.person[visits.episode]
    columns = (person, visits.queued, np.nan_to_num(visits.started), np.nan_to_num(visits.ended))
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


def test_four_practices_are_four_systems(tmp_path: Path) -> None:
    apart = SYSTEMS + "".join(STEP.replace("X", letter) for letter in "abcd")
    pools = spans(tmp_path, HEAD + POOLS)
    assert len(pools) > 1_000
    assert pools == spans(tmp_path, HEAD + apart)


def test_renaming_a_level_moves_nobodys_luck(tmp_path: Path) -> None:
    """The first practice has another name, in the same place in the order of levels."""
    text = HEAD + POOLS
    renamed = text.replace("A: ", "zeta: ")
    assert spans(tmp_path, text) == spans(tmp_path, renamed, "zeta, B, C, D")


INTERRUPTED = """
title: The urgent and the routine are different people
run: {start: 2024-01-01, warm_up: 0 min, duration: 3 days, replications: 1}
people: {number: 4000, attributes: {kind: {shares: {urgent: 0.5, routine: 0.5}}}}
crises:
  urgent: {rate: {by: kind, urgent: 45000, routine: 0}, first: urgent}
  routine: {rate: {by: kind, urgent: 0, routine: ROUTINE}, first: routine}
resources: {server: {capacity: 2}}
pathway:
  urgent:
    seize: server
    priority: 1
    preempts: yes
    delay: {exponential: {mean: 6 min}}
    route: done
  routine:
    seize: server
    priority: 2
    interruptible: THEN
    delay: {exponential: {mean: 6 min}}
    route: done
"""


def test_who_interrupts_everybody_else_is_as_if_alone(tmp_path: Path) -> None:
    for then in ("resume", "repeat", "{renege_to: done}"):
        found = []
        for routine in ("60000", "1"):
            path = tmp_path / "interrupted.yaml"
            text = INTERRUPTED.replace("THEN", then).replace("ROUTINE", routine)
            path.write_text(text, encoding="utf-8")
            plan = compile_plan(load(path).model)
            logs = run(plan, 1, 1, engine="simpy")
            visits = logs.visits
            mine = visits.step == plan.steps.index("urgent")
            found.append([visits.queued[mine], visits.started[mine], visits.ended[mine]])
            interrupted = len(logs.interruptions.at)
            if routine != "1":
                assert interrupted > 50
        for busy, alone in zip(*found, strict=True):
            assert len(alone) > 200
            np.testing.assert_array_equal(busy, alone)
