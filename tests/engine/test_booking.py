"""Booked slots: traces worked out by hand, run by both engines."""

from __future__ import annotations

from pathlib import Path

from sim.engine import run
from sim.measure import measure
from sim.plan.compile import compile_plan
from sim.scenario import load
from tests.engine.test_requests import trace

#: two slots an hour from 10:00 to 12:00, one place each; times are minutes after 09:00
HUB = """
resources: {hub: {slots: {mon-sun 10:00-12:00: {every: 30 min, places: 1}}, walk_in: true}}
pathway:
  urgent:
    book: hub
    lead: 30 min
    within: 3 h
    balk_to: full
    delay: 20 min
    route: done
  routine: {seize: hub, delay: 20 min, route: done}
  full: {route: done}
"""


def test_the_first_free_slot_far_enough_ahead_is_booked(tmp_path: Path) -> None:
    """One after the other; a slot that begins too soon is left, and nobody looks too far."""
    minutes = {"a": 0, "b": 1, "c": 2, "d": 61, "e": 62, "f": 63}
    found = trace(tmp_path, HUB, *(f"{n} urgent {at}" for n, at in minutes.items()), days=2)
    begun = {case: span for case, span in found.served("urgent").items() if case in "abcd"}
    assert begun == {
        "a": (60.0, 80.0),
        "b": (90.0, 110.0),
        "c": (120.0, 140.0),
        "d": (150.0, 170.0),
    }
    assert [row[0] for row in found.visits() if row[-1] == "BALKED"] == ["e", "f"]


def test_walk_ins_take_what_is_not_booked_and_the_booked_come_before_them(tmp_path: Path) -> None:
    """At the opening both are there; an overrun of a walk-in keeps the next one waiting."""
    found = trace(
        tmp_path, HUB, "w routine 30", "a urgent 0", "v routine 45", "b urgent 40", days=2
    )
    assert found.served("urgent") == {"a": (60.0, 80.0), "b": (100.0, 120.0)}
    assert found.served("routine") == {"w": (80.0, 100.0), "v": (120.0, 140.0)}


def test_who_does_not_come_leaves_the_slot_to_others(tmp_path: Path) -> None:
    absent = HUB.replace("lead: 30 min", "lead: 30 min\n    attend: 0\n    renege_to: full")
    found = trace(tmp_path, absent, "a urgent 0", "w routine 30", days=2)
    assert found.served("routine") == {"w": (60.0, 80.0)}
    assert ("a", "urgent", 0.0, 60.0, "RENEGED") in [(*row[:3], *row[4:]) for row in found.visits()]


def test_a_long_appointment_takes_slots_that_follow_each_other(tmp_path: Path) -> None:
    """Two in a row are left once, and the last of the day is followed by none."""
    long = HUB.replace("within: 3 h", "within: 3 h\n    length: {by: near, north: 2, south: 1}")
    long = long.replace("delay: 20 min\n", "delay: {by: near, north: 50 min, south: 20 min}\n", 1)
    found = trace(
        tmp_path, long, "a urgent 0 south", "b urgent 1 north", "c urgent 2 north", days=2
    )
    begun = {case: span for case, span in found.served("urgent").items() if case != "c"}
    assert begun == {"a": (60.0, 80.0), "b": (90.0, 140.0)}
    assert [row[0] for row in found.visits() if row[-1] == "BALKED"] == ["c"]


CLINIC = """
title: A clinic
run: {start: 2024-01-01, warm_up: 0 min, duration: 70 days}
people: {number: 100000}
crises:
  referral:
    rate: 12 per day
    attributes: {kind: {shares: {first: 0.2, follow_up: 0.8}}}
    first: clinic
resources: {doctor: RESOURCE}
pathway:
  clinic: {STEP, delay: {by: kind, first: 1 h, follow_up: 15 min}, route: done}
"""


def test_a_clinic_that_books_works_no_overtime(tmp_path: Path) -> None:
    """The same patients, who come when it suits them, keep the doctor beyond five."""
    hours = "mon-fri 09:00-17:00"
    booked = CLINIC.replace("RESOURCE", f"{{slots: {{{hours}: {{every: 15 min, places: 1}}}}}}")
    booked = booked.replace(
        "STEP",
        "book: doctor, length: {by: kind, first: 4, other: 1}, within: 60 days, balk_to: done",
    )
    walked = CLINIC.replace("RESOURCE", f"{{capacity: {{{hours}: 1, other: 0}}}}")
    hours_late = []
    for text in (booked, walked.replace("STEP", "seize: doctor")):
        path = tmp_path / "clinic.yaml"
        path.write_text(text, encoding="utf-8")
        model = load(path).model
        plan = compile_plan(model)
        found = measure(plan, model, run(plan, 1, 1)).query("by == ''")
        hours_late.append(float(found[found.measure == "overtime_hours"].value.iloc[0]))
    assert hours_late[0] == 0.0 < 1.0 < hours_late[1]


def test_every_place_is_attended_used_by_a_walk_in_or_unused(tmp_path: Path) -> None:
    """Two days of four slots: two are attended, one of a no-show is walked in to."""
    absent = HUB.replace("lead: 30 min", "lead: 30 min\n    attend: {by: near, north: 0, other: 1}")
    absent = absent.replace("delay: 20 min", "renege_to: full\n    delay: 20 min", 1)
    cases = ("a urgent 0 south", "b urgent 1 north", "c urgent 2 south", "w routine 95 south")
    found = trace(tmp_path, absent, *cases, days=2)
    model = load(tmp_path / "trace.yaml").model
    rows = measure(found.plan, model, found.logs).query("by == '' and of == 'hub'")
    value = dict(zip(rows.measure, rows.value, strict=True))
    places = ("offered", "booked", "attended", "walked_in", "unused")
    assert [value[f"slots_{name}"] for name in places] == [8.0, 3.0, 2.0, 1.0, 5.0]
    assert value["appointment_wait_mean"] == (60.0 + 89.0 + 118.0) / 3.0
