"""Times since something in an episode: traces worked out by hand, run by both engines."""

from __future__ import annotations

from pathlib import Path

from tests.engine.test_requests import trace

ONSET = """
signals: {over_1h: {since: onset, at_least: 1 h}}
resources: {beds: {capacity: 1}}
pathway:
  urgent: {seize: beds, delay: 40 min, spawn: [letter], route: CHOICE}
  letter: {delay: 20 min, route: CHOICE}
  early: {route: done}
  late: {route: done}
  routine: {delay: 1 h, route: CHOICE}
""".replace("CHOICE", "{by: over_1h, yes: late, no: early}")


def test_an_hour_after_the_onset_it_is_an_hour(tmp_path: Path) -> None:
    """The second waits for 20 minutes, so its 40 end when an hour has passed, to the minute."""
    found = trace(tmp_path, ONSET, "a urgent 0", "b urgent 20", "c urgent 21", "r routine 0")
    ends = [(case, step, at) for case, step, at, *_ in found.visits() if step in ("late", "early")]
    own = {"a": "early", "b": "late", "c": "late", "r": "late"}
    assert {(case, step) for case, step, at in ends if at in (40, 80, 120, 60)} >= set(own.items())


def test_side_tasks_go_on_from_the_clock_of_their_episode(tmp_path: Path) -> None:
    """The letter of the first is done 60 minutes after its onset, 20 after its own beginning."""
    found = trace(tmp_path, ONSET, "a urgent 0", "r routine 500")
    late = [at for _, step, at, *_ in found.visits() if step == "late"]
    assert late == [60.0, 560.0]


TAG = """
signals: {long_in: {since: in_ae, at_least: 1 h}}
pathway:
  urgent: {delay: 50 min, route: triage}
  triage: {delay: 30 min, tags: in_ae, route: doctor}
  doctor: {delay: {by: long_in, yes: 1 min, no: 40 min}, tags: [in_ae, seen], route: ward}
  ward: {delay: {by: long_in, yes: 10 min, no: 20 min}, route: back}
  back: {delay: {by: long_in, yes: 1 min, no: 2 min}, tags: in_ae, route: done}
  routine: {delay: {by: long_in, yes: 1 min, no: 3 min}, route: done}
"""


def test_since_a_tag_counts_from_the_first_of_a_run_of_steps_with_it(tmp_path: Path) -> None:
    """It runs on after the run, begins anew when it comes again, and is not over before."""
    found = trace(tmp_path, TAG, "a urgent 0", "b routine 0")
    spans = {step: (start, end) for case, step, _, start, end, _ in found.visits() if case == "a"}
    assert spans == {
        "urgent": (0.0, 50.0),
        "triage": (50.0, 80.0),
        "doctor": (80.0, 120.0),
        "ward": (120.0, 130.0),
        "back": (130.0, 132.0),
    }
    assert found.served("routine")["b"] == (0.0, 3.0)
