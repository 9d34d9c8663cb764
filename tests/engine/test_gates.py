"""Waiting until something opens: traces worked out by hand, run by both engines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.engine.test_requests import Trace, trace

ROUND = """
calendars: {ward_round: mon-sun 10:00-11:00}
resources: {beds: {capacity: 9}}
pathway:
  urgent: {seize: beds, delay: {until: ward_round, then: 30 min}, route: done}
  routine: {delay: {until: 14:00}, route: late}
  late: {delay: {by: ward_round, yes: 1 min, no: 2 min}, route: done}
"""


def test_patients_leave_after_the_round(tmp_path: Path) -> None:
    """Before it they wait, during it they do not, and at its end the next one is tomorrow's."""
    found = trace(tmp_path, ROUND, "a urgent 0", "b urgent 75", "c urgent 120", days=2)
    assert found.served("urgent") == {
        "a": (0.0, 90.0),
        "b": (75.0, 105.0),
        "c": (120.0, 60.0 + 1440.0 + 30.0),
    }


def test_a_time_of_day_comes_once_a_day(tmp_path: Path) -> None:
    """Who is there at 14:00 does not wait; whoever is later waits until tomorrow."""
    found = trace(tmp_path, ROUND, "a routine 10", "b routine 300", "c routine 301", days=2)
    assert found.served("routine") == {
        "a": (10.0, 300.0),
        "b": (300.0, 300.0),
        "c": (301.0, 300.0 + 1440.0),
    }


def test_whoever_waits_for_a_calendar_leaves_while_it_is_open(tmp_path: Path) -> None:
    """The end is the time of opening to the last bit, whenever one has come: not a sum."""
    exact = """
calendars: {ward_round: mon-sun 13:07-14:00}
pathway:
  urgent: {delay: {exponential: {mean: 17 min}}, route: wait}
  wait: {delay: {until: ward_round}, route: late}
  late: {delay: {by: ward_round, yes: 1 min, no: 2 min}, route: done}
  routine: {route: done}
"""
    found = trace(tmp_path, exact, *(f"a{n} urgent {n}" for n in range(40)))
    assert set(found.served("wait").values()) == {
        (start, 247.0) for start, _ in found.served("wait").values()
    }
    assert {end - start for start, end in found.served("late").values()} == {1.0}


def test_where_nothing_opens_any_more_they_stay(tmp_path: Path) -> None:
    shut = ROUND.replace(
        "ward_round: mon-sun 10:00-11:00",
        "ward_round: {open: mon-sun 10:00-11:00, until: 2024-01-02}",
    )
    found = trace(tmp_path, shut, "a urgent 0", "c urgent 121", days=3)
    assert found.served("urgent")["a"] == (0.0, 90.0)
    assert np.isnan(found.served("urgent")["c"][1])
    assert found.visits()[-1][-1] == "STARTED"


INTERRUPTED = """
calendars: {ward_round: mon-sun 10:00-11:00}
resources: {beds: {capacity: 1}}
pathway:
  urgent: {seize: beds, priority: 1, preempts: yes, delay: 20 min, route: done}
  routine:
    seize: beds
    priority: 2
    interruptible: THEN
    delay: {until: ward_round, then: 30 min}
    route: done
"""


@pytest.mark.parametrize(
    ("then", "minute", "ended"),
    [
        ("resume", 10, 90.0),  # back in bed before the round, which is at 10:00 all the same
        ("resume", 70, 110.0),  # ten minutes after the round had begun: twenty are left
        ("repeat", 70, 120.0),  # the round is still on, and half an hour begins again
        ("resume", 50, 100.0),  # back ten minutes after it had begun
    ],
)
def test_the_interrupted_do_not_miss_what_opens(
    tmp_path: Path, then: str, minute: int, ended: float
) -> None:
    found = trace(tmp_path, INTERRUPTED.replace("THEN", then), "r routine 0", f"u urgent {minute}")
    assert found.served("routine")["r"] == (0.0, ended)


TESTS = """
resources: {radiographers: {capacity: 1}}
pathway:
  urgent: {delay: 10 min, spawn: {bloods: 1, x_ray: {by: near, north: 1, south: 0}}, route: results}
  bloods: {delay: 45 min, route: done}
  x_ray: {seize: radiographers, delay: 40 min, route: report}
  report: {delay: 20 min, route: done}
  results: {join: [bloods, x_ray], PATIENCE delay: 5 min, route: review}
  review: {route: done}
  routine: {seize: radiographers, delay: 30 min, route: done}
"""


def test_a_step_starts_when_the_last_of_the_side_tasks_it_joins_has_ended(tmp_path: Path) -> None:
    """The second X-ray waits for the radiographer; who has none waits for the bloods only."""
    found = trace(
        tmp_path,
        TESTS.replace("PATIENCE", ""),
        "a urgent 0 north",
        "b urgent 0 north",
        "c urgent 0 south",
    )
    assert found.served("results") == {"a": (70.0, 75.0), "b": (110.0, 115.0), "c": (55.0, 60.0)}
    assert {row[2] for row in found.visits() if row[1] == "results"} == {10.0}


def test_who_gives_up_waiting_for_a_side_task_is_not_started_by_it(tmp_path: Path) -> None:
    patience = "patience: 70 min, renege_to: review,"
    found = trace(
        tmp_path, TESTS.replace("PATIENCE", patience), "a urgent 0 north", "b urgent 0 north"
    )
    assert found.served("results")["a"] == (70.0, 75.0)
    assert [row[4:] for row in found.visits() if row[:2] == ("b", "results")] == [(80.0, "RENEGED")]
    assert found.served("review")["b"] == (80.0, 80.0)


def test_what_is_kept_until_the_next_start_is_kept_while_side_tasks_go_on(tmp_path: Path) -> None:
    """The radiographer holds the patient's room until bloods, ten minutes later, are back."""
    held = """
resources: {rooms: {capacity: 1}}
pathway:
  urgent: {seize: rooms, delay: 10 min, hold: next, spawn: [bloods], route: results}
  bloods: {delay: 20 min, route: done}
  results: {join: bloods, delay: 5 min, route: done}
  routine: {route: done}
"""
    found = trace(tmp_path, held, "a urgent 0", "b urgent 1")
    assert found.held() == [("a", "rooms", 0.0, 30.0), ("b", "rooms", 30.0, 60.0)]


def test_a_loop_joins_only_what_is_under_way(tmp_path: Path) -> None:
    """A task of the first round that outlasts it is waited for in the second as well."""
    loop = """
attributes: {round: {levels: ["1", "2", "3"], initially: "1"}}
pathway:
  urgent:
    delay: 10 min
    spawn: {bloods: 1, culture: {by: round, "2": 1, other: 0}}
    set: {round: {by: round, "1": "2", other: "3"}}
    route: results
  bloods: {delay: 20 min, route: done}
  culture: {delay: 100 min, route: done}
  results: {join: bloods, route: {by: round, "2": urgent, other: cultures}}
  cultures: {join: culture, route: done}
  routine: {route: done}
"""
    found = trace(tmp_path, loop, "a urgent 0")
    assert [row[2:4] for row in found.visits() if row[1] == "results"] == [(10, 30), (40, 60)]
    assert found.served("cultures")["a"] == (110.0, 110.0)


CLINIC = """
resources: {doctors: {capacity: {mon-sun 08:00-10:00: 1, other: 0}, at_closing: WORD}}
pathway:
  urgent:
    seize: doctors
    priority: {by: near, north: 1, south: 2}
    renege_to: home
    delay: 25 min
    route: done
  home: {route: done}
  routine: {route: home}
"""


def test_who_came_before_closing_is_served_after_it(tmp_path: Path) -> None:
    """Open until 60; who comes later waits for the morning, however urgent."""
    cases = ["a urgent 40 south", "b urgent 45 south", "c urgent 50 south", "d urgent 61 north"]
    serve = CLINIC.replace("WORD", "serve").replace("    renege_to: home\n", "")
    found = trace(tmp_path, serve, *cases, days=2)
    assert found.served("urgent") == {
        "a": (40.0, 65.0),
        "b": (65.0, 90.0),
        "c": (90.0, 115.0),
        "d": (1380.0, 1405.0),
    }


def test_who_waits_when_it_closes_is_sent_home(tmp_path: Path) -> None:
    """The one in service is finished; who comes after closing waits."""
    cases = ["a urgent 40 south", "b urgent 45 south", "c urgent 50 north", "d urgent 61 north"]
    found = trace(tmp_path, CLINIC.replace("WORD", "renege"), *cases, days=2)
    assert found.served("urgent")["a"] == (40.0, 65.0)
    assert found.served("home") == {"b": (60.0, 60.0), "c": (60.0, 60.0)}
    assert found.served("urgent")["d"] == (1380.0, 1405.0)


def test_who_waits_for_any_of_several_stays_while_one_is_open(tmp_path: Path) -> None:
    both = """
resources:
  doctors: {capacity: {mon-sun 08:00-10:00: 1, other: 0}, at_closing: renege}
  nurses: {capacity: {mon-sun 08:00-11:00: 1, other: 0}, at_closing: renege}
pathway:
  urgent: {seize: {any_of: [doctors, nurses]}, renege_to: home, delay: 80 min, route: done}
  home: {route: done}
  routine: {route: done}
"""
    found = trace(
        tmp_path, both, *(f"{name} urgent {at}" for name, at in zip("abcd", "0123", strict=True))
    )
    assert found.served("urgent")["c"] == (81.0, 161.0)  # the nurse's, for the doctor has closed
    assert found.served("home") == {"d": (120.0, 120.0)}


BREAKS = """
resources:
  nurses: {capacity: {mon-sun 08:00-13:00: UNITS, other: 0}, break: {after: 2 h, for: 15 min}}
pathway:
  urgent: {seize: nurses, delay: 50 min, route: done}
  routine: {seize: nurses, delay: 10 min, route: done}
"""


def test_a_break_comes_after_a_patient_and_is_kept_in_full(tmp_path: Path) -> None:
    """On duty since 8: a break is due at 60, begins at 70, ends at 85; the next is due at 205."""
    cases = ["a urgent 20", "b routine 30", "c routine 61", "d urgent 195", "e routine 200"]
    found = trace(tmp_path, BREAKS.replace("UNITS", "1"), *cases, days=2)
    assert found.served("urgent") == {"a": (20.0, 70.0), "d": (195.0, 245.0)}
    assert found.served("routine") == {"b": (85.0, 95.0), "c": (95.0, 105.0), "e": (1380.0, 1390.0)}
    log = found.logs.capacities
    assert list(zip((log.at - 540).tolist(), log.units.tolist(), strict=True))[:5] == [
        (-540.0, 0),
        (-60.0, 1),
        (70.0, 0),
        (85.0, 1),
        (240.0, 0),
    ]


def test_two_units_have_breaks_of_their_own(tmp_path: Path) -> None:
    """One is free at 60 and goes at once, the other at 75, so that one is there all the time."""
    cases = ["a urgent 25", "b routine 62", "c routine 63", "d routine 64"]
    found = trace(tmp_path, BREAKS.replace("UNITS", "2"), *cases)
    assert found.served("routine") == {"b": (75.0, 85.0), "c": (85.0, 95.0), "d": (90.0, 100.0)}
    log = found.logs.capacities
    assert list(zip((log.at - 540).tolist(), log.units.tolist(), strict=True))[2:6] == [
        (60.0, 1),
        (75.0, 2),
        (75.0, 1),
        (90.0, 2),
    ]


def test_what_comes_after_a_wait_may_vary(tmp_path: Path) -> None:
    table = "then: {by: near, north: 30 min, south: {constant: 5 min}}"
    found = trace(
        tmp_path, ROUND.replace("then: 30 min", table), "a urgent 0 north", "b urgent 75 south"
    )
    assert found.served("urgent") == {"a": (0.0, 90.0), "b": (75.0, 80.0)}


ASKING = """
resources: {beds: {capacity: 1}, porters: {capacity: 1CLOSING}}
pathway:
  urgent: {seize: beds, delay: 10 min, hold: next, spawn: [tto], route: home}
  tto: {delay: 45 min, route: done}
  home: {join: tto, seize: porters, MORE delay: 20 min, route: done}
  routine: {seize: porters, delay: 30 min, route: done}
  taxi: {delay: 1 min, route: done}
"""


def asking(folder: Path, *cases: str, more: str = "", closing: str = "", plus: str = "") -> Trace:
    """A porter takes home who has their medicines; the bed is theirs until then."""
    return trace(folder, plus + ASKING.replace("MORE", more).replace("CLOSING", closing), *cases)


def test_a_step_that_joins_asks_once_the_side_tasks_have_ended(tmp_path: Path) -> None:
    """Ready at 55; a porter who is free at 20 is not kept, and another may have him at 40.

    That one has him until 70. The bed is kept in the meantime, so that the next one waits.
    """
    found = asking(tmp_path, "a urgent 0", "r routine 20", "s routine 40", "b urgent 1")
    assert found.served("routine") == {"r": (20.0, 50.0), "s": (50.0, 80.0)}
    assert found.served("home") == {"a": (80.0, 100.0), "b": (135.0, 155.0)}
    assert [row for row in found.held() if row[1] == "beds"] == [
        ("a", "beds", 0.0, 80.0),
        ("b", "beds", 80.0, 135.0),
    ]


def test_who_has_waited_for_side_tasks_stands_where_it_came(tmp_path: Path) -> None:
    """At the step since 10, in the queue since 55: before one who has waited there since 30."""
    found = asking(tmp_path, "a urgent 0", "r routine 28", "s routine 30")
    assert found.served("home") == {"a": (58.0, 78.0)}
    assert found.served("routine") == {"r": (28.0, 58.0), "s": (78.0, 108.0)}


def test_patience_runs_through_both_waits(tmp_path: Path) -> None:
    """From 10 on, for 50 minutes: the medicines are there at 55, and nobody else at 60."""
    more = "patience: 50 min, renege_to: taxi,"
    found = asking(tmp_path, "a urgent 0", "r routine 40", more=more)
    assert [row[4:] for row in found.visits() if row[1] == "home"] == [(60.0, "RENEGED")]
    assert found.served("taxi") == {"a": (60.0, 61.0)}
    soon = asking(tmp_path, "a urgent 0", more=more.replace("50", "40"))
    assert soon.served("taxi") == {"a": (50.0, 51.0)}
    assert asking(tmp_path, "a urgent 0", more=more).served("home") == {"a": (55.0, 75.0)}


def test_who_finds_it_closed_after_the_side_tasks_is_turned_away_then(tmp_path: Path) -> None:
    """Open at 10, when the patient came; closed at 55."""
    closed = ", capacity: {mon-sun 09:00-09:50: 1, other: 0}"
    text = ASKING.replace("capacity: 1CLOSING", closed[2:]).replace("MORE", "balk_to: taxi,")
    found = trace(tmp_path, text, "a urgent 0")
    assert [row[4:] for row in found.visits() if row[1] == "home"] == [(55.0, "BALKED")]
    assert found.served("taxi") == {"a": (55.0, 56.0)}
    assert found.held() == [("a", "beds", 0.0, 55.0)]


def test_a_priority_rises_with_the_time_at_the_step(tmp_path: Path) -> None:
    """Overdue at 55, when it joins the queue: at the step since 10, it has waited for 40."""
    more = "priority: {start: 3, after: {40 min: 1}},"
    text = ASKING.replace("MORE", more).replace("CLOSING", "")
    text = text.replace("routine: {seize: porters,", "routine: {seize: porters, priority: 2,")
    found = trace(tmp_path, text, "a urgent 0", "r routine 30", "s routine 31")
    assert found.served("home") == {"a": (60.0, 80.0)}
    assert found.served("routine")["s"] == (80.0, 110.0)
    text = text.replace("40 min", "60 min")
    late = trace(tmp_path, text, "a urgent 0", "r routine 30", "s routine 31")
    assert late.served("routine")["s"] == (60.0, 90.0)
    assert late.served("home") == {"a": (90.0, 110.0)}
