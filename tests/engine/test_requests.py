"""Asking for several units, any of several, pools, interruptions: traces worked out by hand.

Every trace is run by both engines, whose logs must be the same.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.engine import run
from sim.engine.logs import Fate, Logs
from sim.measure.context import bare_context
from sim.measure.identities import CHECKS
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.scenario import load
from tests.engine.logs_equal import differences

HEAD = """
title: A trace
run: {start: 2024-01-01, warm_up: 0 min, duration: 1 day, replications: 1}
people: {number: 10, attributes: {near: {shares: {north: 0.5, south: 0.5}}}}
crises:
  need:
    rate: 0
    attributes:
      class: {levels: [urgent, routine], shares: {urgent: 0.5, routine: 0.5}}
    first: {by: class, urgent: urgent, routine: routine}
"""

Row = tuple[str, str, float, float, float, str]


class Trace:
    """What came of a few cases: the logs by the names of cases, minutes after 09:00."""

    def __init__(self, plan: Plan, logs: Logs) -> None:
        self.plan, self.logs = plan, logs

    def visits(self) -> list[Row]:
        """Case, step, queued, started, ended and fate of every visit."""
        visits, episodes = self.logs.visits, self.logs.episodes
        return [
            (
                self.plan.cases[episodes.case[episode]],
                self.plan.steps[step],
                queued - 540,
                started - 540,
                ended - 540,
                Fate(fate).name,
            )
            for episode, step, queued, started, ended, fate in zip(
                visits.episode.tolist(),
                visits.step.tolist(),
                visits.queued.tolist(),
                visits.started.tolist(),
                visits.ended.tolist(),
                visits.fate.tolist(),
                strict=True,
            )
        ]

    def served(self, step: str) -> dict[str, tuple[float, float]]:
        """When each case started and ended at a step."""
        return {case: (a, b) for case, at, _, a, b, _ in self.visits() if at == step}

    def held(self) -> list[tuple[str, str, float, float]]:
        """Case, resource, seized and released of every unit."""
        holds, episodes = self.logs.holds, self.logs.episodes
        return [
            (
                self.plan.cases[episodes.case[episode]],
                self.plan.resources[resource],
                seized - 540,
                released - 540,
            )
            for episode, resource, seized, released in zip(
                holds.episode.tolist(),
                holds.resource.tolist(),
                holds.seized.tolist(),
                holds.released.tolist(),
                strict=True,
            )
        ]


def trace(folder: Path, rest: str, *cases: str, days: int = 1) -> Trace:
    """Run cases written `name class minute` (after 09:00), with both engines."""
    text = HEAD.replace("duration: 1 day", f"duration: {days} days") + rest + "\ncases:\n"
    for case in cases:
        name, kind, minute, *near = case.split()
        at = f"2024-01-01 {9 + int(minute) // 60:02d}:{int(minute) % 60:02d}"
        where = f", near: {near[0]}" if near else ""
        text += f"  {name}: {{crisis: need, at: {at}, attributes: {{class: {kind}{where}}}}}\n"
    path = folder / "trace.yaml"
    path.write_text(text, encoding="utf-8")
    plan = compile_plan(load(path).model)
    logs, same = (run(plan, 1, 1, engine=engine) for engine in ("simpy", "compiled"))
    assert differences(logs, same) == []
    context: Any = bare_context(plan)
    assert [line for check in CHECKS for line in check(context, logs)] == []
    return Trace(plan, logs)


def test_the_second_who_needs_both_nurses_starts_when_the_first_has_gone(tmp_path: Path) -> None:
    """Holding one while waiting for the other would leave both waiting for ever."""
    found = trace(
        tmp_path,
        """
resources: {nurses: {capacity: 2}}
pathway:
  urgent: {seize: {nurses: 2}, delay: 20 min, route: done}
  routine: {route: done}
""",
        "a urgent 0",
        "b urgent 0",
    )
    assert sorted(found.served("urgent").values()) == [(0.0, 20.0), (20.0, 40.0)]
    assert len(found.held()) == 4


BOTH = """
resources: {doctors: {capacity: 1}, nurses: {capacity: 1IN_TURN}}
pathway:
  urgent: {seize: {doctors: 1, nurses: 1}, delay: 10 min, route: done}
  routine: {seize: nurses, delay: 30 min, route: more}
  more: {seize: doctors, delay: 60 min, route: done}
"""


def test_who_cannot_have_all_is_passed_over(tmp_path: Path) -> None:
    """The doctor is busy from 30 to 90: until then a later one may have the nurse."""
    found = trace(
        tmp_path, BOTH.replace("IN_TURN", ""), "r1 routine 0", "u urgent 35", "r2 routine 40"
    )
    assert found.served("routine")["r2"] == (40.0, 70.0)
    assert found.served("urgent")["u"] == (90.0, 100.0)


def test_in_turn_nobody_passes_and_the_next_follows_at_once(tmp_path: Path) -> None:
    found = trace(
        tmp_path,
        BOTH.replace("IN_TURN", ", in_turn: true"),
        "r1 routine 0",
        "u urgent 35",
        "r2 routine 40",
    )
    assert found.served("urgent")["u"] == (90.0, 100.0)
    assert found.served("routine")["r2"] == (100.0, 130.0)


def test_when_the_first_in_turn_gives_up_the_next_is_served(tmp_path: Path) -> None:
    patient = BOTH.replace("IN_TURN", ", in_turn: true").replace(
        "delay: 10 min,", "patience: 15 min, renege_to: done, delay: 10 min,"
    )
    found = trace(tmp_path, patient, "r1 routine 0", "u urgent 35", "r2 routine 40")
    assert found.served("routine")["r2"] == (50.0, 80.0)


def test_some_of_what_is_held_is_given_back(tmp_path: Path) -> None:
    """The second crew leaves after ten minutes, the first stays to the end."""
    found = trace(
        tmp_path,
        """
resources: {crews: {capacity: 2}}
pathway:
  urgent: {seize: {crews: {by: class, urgent: 2, routine: 1}}, delay: 10 min, hold: true, route: on}
  routine: {route: urgent}
  on: {release: {crews: {by: class, urgent: 1, routine: 0}}, delay: 20 min, route: done}
""",
        "a urgent 0",
        "b routine 5",
    )
    assert found.held() == [
        ("a", "crews", 0.0, 10.0),
        ("a", "crews", 0.0, 30.0),
        ("b", "crews", 10.0, 40.0),
    ]


def test_holding_by_name_and_by_route(tmp_path: Path) -> None:
    """The nurse goes at the end of the delay; the bed is kept by those who go to `on` only."""
    found = trace(
        tmp_path,
        """
resources: {beds: {capacity: 2}, nurses: {capacity: 2}}
pathway:
  urgent:
    seize: {beds: 1, nurses: 1}
    delay: 10 min
    hold: {by_route: {on: [beds], other: no}}
    route: {by: class, urgent: on, routine: done}
  routine: {route: urgent}
  on: {release: beds, release_on_leaving: true, delay: 20 min, route: late}
  late: {seize: nurses, delay: 5 min, route: done}
""",
        "a urgent 0",
        "b routine 0",
    )
    assert found.held() == [
        ("a", "beds", 0.0, 30.0),
        ("a", "nurses", 0.0, 10.0),
        ("b", "beds", 0.0, 10.0),
        ("b", "nurses", 0.0, 10.0),
        ("a", "nurses", 30.0, 35.0),
    ]


def test_whoever_is_free_first_and_the_episode_knows_who_it_was(tmp_path: Path) -> None:
    found = trace(
        tmp_path,
        """
resources: {doctors: {capacity: 1}, nurses: {capacity: 1}}
pathway:
  urgent:
    seize: {any_of: [nurses, doctors]}
    as: seen_by
    delay: {by: seen_by, nurses: 30 min, doctors: 20 min}
    route: {by: seen_by, nurses: done, doctors: letter}
  routine: {seize: doctors, delay: 15 min, route: done}
  letter: {delay: 1 min, route: done}
""",
        "a urgent 0",
        "b routine 1",
        "c urgent 2",
        "d urgent 3",
    )
    assert found.served("urgent") == {"a": (0.0, 30.0), "c": (16.0, 36.0), "d": (30.0, 60.0)}
    assert list(found.served("letter")) == ["c"]


def test_the_shortest_queue_is_joined_and_kept(tmp_path: Path) -> None:
    """The second queue frees first, but who has joined the other stays there."""
    found = trace(
        tmp_path,
        """
resources: {desk: {capacity: 1}, kiosk: {capacity: 1}}
pathway:
  urgent: {seize: {shortest: [desk, kiosk]}, delay: 10 min, route: done}
  routine: {seize: desk, delay: 100 min, route: done}
""",
        "r routine 0",
        "a urgent 1",
        "b urgent 2",
        "c urgent 3",
    )
    assert found.served("urgent") == {"a": (1.0, 11.0), "b": (100.0, 110.0), "c": (11.0, 21.0)}


def test_everyone_waits_for_the_pool_of_their_own_level(tmp_path: Path) -> None:
    found = trace(
        tmp_path,
        """
resources: {gp: {per: near, capacity: {by: near, north: 1, south: 1}}}
pathway:
  urgent: {seize: gp, delay: 10 min, route: done}
  routine: {route: urgent}
""",
        "a urgent 0 north",
        "b urgent 1 north",
        "c urgent 2 south",
    )
    assert found.served("urgent") == {"a": (0.0, 10.0), "b": (10.0, 20.0), "c": (2.0, 12.0)}
    assert [resource for _, resource, _, _ in found.held()] == [
        "gp[north]",
        "gp[south]",
        "gp[north]",
    ]


INTERRUPTED = """
resources: {doctors: {capacity: 1}}
pathway:
  urgent: {seize: doctors, priority: 1, preempts: yes, delay: 10 min, route: done}
  routine:
    seize: doctors
    priority: 2
    interruptible: THEN
    delay: 30 min
    route: done
  again: {delay: 5 min, route: done}
"""


@pytest.mark.parametrize(
    ("then", "ended"), [("resume", 40.0), ("repeat", 50.0), ("{renege_to: again}", 10.0)]
)
def test_the_urgent_interrupt(tmp_path: Path, then: str, ended: float) -> None:
    """A visit of half an hour is interrupted after ten minutes for ten minutes."""
    found = trace(
        tmp_path, INTERRUPTED.replace("THEN", then), "r routine 0", "u urgent 10", "s routine 12"
    )
    assert found.served("urgent")["u"] == (10.0, 20.0)
    assert found.served("routine")["r"] == (0.0, ended)
    breaks = found.logs.interruptions
    assert (breaks.at - 540).tolist() == [10.0]
    again = (breaks.resumed - 540).tolist()
    assert again == [20.0] if then != "{renege_to: again}" else np.isnan(again[0])
    expected = 20.0 if np.isnan(again[0]) else ended  # its place in the queue is the old one
    assert found.served("routine")["s"] == (expected, expected + 30.0)


def test_a_crew_on_its_way_to_a_lesser_call_is_diverted_to_a_worse_one(tmp_path: Path) -> None:
    """The crew that sets out last, to the least urgent, is diverted; it sets out again later."""
    found = trace(
        tmp_path,
        """
resources: {crews: {capacity: 2}}
pathway:
  urgent: {seize: crews, priority: 1, preempts: yes, delay: 15 min, hold: true, route: scene}
  routine:
    seize: crews
    priority: 3
    interruptible: repeat
    delay: 20 min
    hold: true
    route: scene
  scene: {delay: 30 min, route: done}
""",
        "r1 routine 0",
        "r2 routine 5",
        "u urgent 10",
        "v urgent 22",
    )
    assert found.served("urgent") == {"u": (10.0, 25.0), "v": (50.0, 65.0)}
    assert found.served("routine") == {"r1": (0.0, 20.0), "r2": (5.0, 75.0)}


def test_one_who_waits_takes_a_crew_as_soon_as_it_may_be_diverted(tmp_path: Path) -> None:
    """The doctor is busy; when he is free the nurse of the less urgent comes along at once."""
    found = trace(
        tmp_path,
        """
resources: {doctors: {capacity: 1}, nurses: {capacity: 1}}
pathway:
  urgent:
    seize: {doctors: 1, nurses: 1}
    priority: 1
    preempts: yes
    delay: 10 min
    route: done
  routine: {seize: doctors, delay: 30 min, route: care}
  care: {seize: nurses, priority: 2, interruptible: resume, delay: 40 min, route: other}
  other: {route: done}
""",
        "r routine 0",
        "s routine 1",
        "u urgent 32",
    )
    assert found.served("routine") == {"r": (0.0, 30.0), "s": (30.0, 60.0)}
    assert found.served("urgent")["u"] == (60.0, 70.0)
    assert found.served("care") == {"r": (30.0, 80.0), "s": (80.0, 120.0)}


def test_those_who_have_waited_long_go_first(tmp_path: Path) -> None:
    """Patience runs on while the priority rises, and the place in time is the old one."""
    found = trace(
        tmp_path,
        """
resources: {doctors: {capacity: 1}}
pathway:
  urgent: {seize: doctors, priority: 1, delay: 30 min, route: done}
  routine:
    seize: doctors
    priority: {start: 2, after: {50 min: 1, 2 h: 0}}
    patience: {by: near, north: never, south: 100 min}
    renege_to: {by: class, urgent: done, routine: gone}
    delay: 30 min
    route: done
  gone: {delay: 1 min, route: done}
""",
        "u1 urgent 0",
        "r routine 5 north",
        "s routine 6 south",
        "u2 urgent 10",
        "u3 urgent 20",
        "u4 urgent 40",
        "u5 urgent 50",
    )
    assert found.served("routine")["r"] == (60.0, 90.0)
    assert found.served("urgent") == {
        "u1": (0.0, 30.0),
        "u2": (30.0, 60.0),
        "u3": (120.0, 150.0),
        "u4": (150.0, 180.0),
        "u5": (180.0, 210.0),
    }
    assert found.served("routine")["s"] == (90.0, 120.0)
