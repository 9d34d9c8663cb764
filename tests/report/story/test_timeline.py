"""A hand-made log is told as it was: order, waits, what was kept, how it ended."""

from dataclasses import replace

import pytest

from sim.engine.logs import Fate
from sim.report.pictures.timelines import first_hours, lanes, note
from sim.report.story.timeline import Timeline, timeline
from tests.report.fakes import DAY, HOUR, NAN, Writer, case_logs, world

ONSET = 40 * DAY + 9.5 * HOUR
BEFORE, AFTER = world("Before"), world("After")


def told(title: str) -> Timeline:
    here = world(title)
    found = timeline(here, case_logs(here, ONSET), "mrs_b")
    assert found is not None
    return found


def test_stages_come_in_the_order_they_happened() -> None:
    assert [stage.title for stage in told("Before").stages] == [
        "999 call",
        "Ambulance crew on scene",
        "Handover at A&E",
        "A&E: assessed and treated in a cubicle",
        "Acute ward",
        "Ready to leave, care package not ready",
        "GP appointment",
    ]


def test_side_tasks_are_told_but_not_counted_as_the_patients_time() -> None:
    after = told("After")
    side = [stage for stage in after.stages if stage.side]
    assert [stage.title for stage in side] == ["GP and care co-ordinator are told"]
    own = sum(stage.waited for stage in after.stages if not stage.side)
    assert after.minutes("waiting") + after.minutes("blocked") == pytest.approx(own)


def test_a_clock_beside_the_patient_is_not_told() -> None:
    """A side task that asks for nothing and counts as nothing is time that passes, no more."""
    title, here = "GP and care co-ordinator are told", world("After")
    assert title in [stage.title for stage in told("After").told]
    steps = tuple(
        replace(step, resource=None, tags=frozenset()) if step.title == title else step
        for step in here.steps
    )
    found = timeline(replace(here, steps=steps), case_logs(here, ONSET), "mrs_b")
    assert found is not None
    assert title in [stage.title for stage in found.stages]
    assert title not in [stage.title for stage in found.told]
    assert len(lanes(found)) == len(lanes(told("After"))) - 1


def test_waiting_while_keeping_a_unit_is_blocked_and_says_what_is_kept() -> None:
    ward = next(stage for stage in told("Before").stages if stage.title == "Acute ward")
    assert ward.waited == 7 * HOUR
    assert ward.waited_for == "Acute ward bed"
    assert ward.keeping == ("A&E cubicles",)
    assert [span.kind for span in ward.spans] == ["blocked", "active"]


def test_waiting_with_nothing_kept_is_only_waiting() -> None:
    crew = told("Before").stages[1]
    assert [(span.kind, span.end - span.start) for span in crew.spans] == [
        ("waiting", 25),
        ("active", 45),
    ]
    assert crew.keeping == ()


def test_a_delayed_discharge_is_blocked_time() -> None:
    before = told("Before")
    assert before.minutes("blocked") == pytest.approx(7 * HOUR + 5 * DAY)


def test_the_parts_of_a_stay_make_up_the_whole() -> None:
    for title in ("Before", "After"):
        found = told(title)
        parts = sum(found.minutes(kind) for kind in ("waiting", "active", "blocked"))
        assert parts == pytest.approx(found.days * DAY)


def test_days_in_beds_of_each_kind_are_told_apart() -> None:
    assert told("Before").bed_days("acute") == pytest.approx(14)
    assert told("Before").bed_days("community") == 0
    assert told("After").bed_days("community") == pytest.approx(11)


def test_a_move_between_two_beds_is_not_counted_twice() -> None:
    writer = Writer(BEFORE)
    row = writer.episode(1, "fall", 30 * DAY, case=0)
    writer.hold(row, "ward_beds", 30 * DAY, 33 * DAY)
    writer.hold(row, "ward_beds", 32 * DAY, 35 * DAY)
    found = timeline(BEFORE, writer.logs(), "mrs_b")
    assert found is not None
    assert found.bed_days("acute") == pytest.approx(5)


def test_what_is_unfinished_at_the_horizon_is_said_to_be() -> None:
    late = BEFORE.horizon - 2 * DAY
    found = timeline(BEFORE, case_logs(BEFORE, late), "mrs_b")
    assert found is not None
    assert found.outcome is None
    assert found.days == pytest.approx(2)
    assert found.bed_days("acute") < 2
    assert note(found.stages[-1]).endswith("not finished")


def test_reneging_and_balking_are_told_as_leaving() -> None:
    writer = Writer(BEFORE)
    row = writer.episode(1, "fall", 30 * DAY, case=0)
    writer.visit(row, "gp", 30 * DAY, NAN, 30 * DAY + 90, Fate.RENEGED)
    writer.visit(row, "crew", 30 * DAY + 90, NAN, 30 * DAY + 90, Fate.BALKED)
    found = timeline(BEFORE, writer.logs(), "mrs_b")
    assert found is not None
    assert [note(stage) for stage in found.stages] == [
        "left after waiting 1 h 30 min",
        "turned away",
    ]
    assert [stage.spans for stage in found.stages][1] == ()


def test_a_case_without_an_episode_has_no_timeline_and_an_unknown_one_is_an_error() -> None:
    logs = Writer(BEFORE).logs()
    assert timeline(BEFORE, logs, "mrs_b") is None
    with pytest.raises(KeyError, match="mrs_b"):
        timeline(BEFORE, logs, "mr_c")


def test_later_crises_of_the_same_person_are_counted() -> None:
    writer = Writer(BEFORE)
    first = writer.episode(5, "fall", 30 * DAY, case=0)
    writer.end(first, 31 * DAY, "home")
    writer.episode(5, "fall", 50 * DAY, ordinal=1)
    writer.episode(6, "fall", 50 * DAY)
    found = timeline(BEFORE, writer.logs(), "mrs_b")
    assert found is not None
    assert found.later == 1


def test_every_bar_of_the_picture_lies_within_the_story() -> None:
    for title in ("Before", "After"):
        found = told(title)
        rows = lanes(found)
        assert len(rows) == len(found.stages) + 1  # one bed
        for lane in rows:
            assert lane.label
            for _, start, end in lane.bars:
                assert 0 <= start <= end <= found.days * DAY + 1e-6


def test_the_first_hours_reach_to_the_first_long_stay() -> None:
    both = [told("Before"), told("After")]
    longest = max(
        min(s.start - t.onset for stage in t.stages for s in stage.spans if s.end - s.start > DAY)
        for t in both
    )
    assert first_hours(both) * 60 >= longest


def test_a_bed_held_by_somebody_who_only_waits_is_drawn_as_waiting() -> None:
    (bed,) = [lane for lane in lanes(told("Before")) if lane.label[0].startswith("Held")]
    waited = [(end - start) / DAY for kind, start, end in bed.bars if kind == "blocked"]
    assert waited == pytest.approx([5.0])
