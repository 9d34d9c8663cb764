"""A case's story is complete, and the replication told is chosen by rule."""

from dataclasses import replace

import pytest

from sim.report.story import telling
from sim.report.story.timeline import Timeline, timeline
from sim.report.tables.grids import to_text
from tests.report.fakes import DAY, HOUR, Writer, case_logs, world, write_case

ONSET = 40 * DAY + 9.5 * HOUR
BEFORE, AFTER = world("Before"), world("After")


def one(title: str, luck: float = 1.0) -> Timeline:
    here = world(title)
    writer = Writer(here)
    write_case(writer, ONSET, luck)
    found = timeline(here, writer.logs(), "mrs_b")
    assert found is not None
    return found


def a_story(*lucks: float, missing: tuple[int, ...] = ()) -> telling.Story:
    arms = []
    for here in (BEFORE, AFTER):
        sides = {
            number: None if number in missing else one(here.title, luck)
            for number, luck in enumerate(lucks, start=1)
        }
        arms.append(telling.Arm(here.title, here, sides))
    return telling.Story(BEFORE.cases[0], tuple(arms))


def test_where_most_replications_are_alike_one_of_them_is_told() -> None:
    """Not the one that happens to have the rank in the middle of the ties."""
    assert a_story(0.0, 0.0, 0.0, 5.2, 6.0).told == 1
    assert a_story(5.2, 0.0, 0.0, 0.0, 6.0).told == 2


def test_the_replication_told_is_the_one_in_the_middle() -> None:
    assert a_story(0.5, 3.0, 1.0, 0.2, 1.4).told == 3
    assert a_story(1.0).told == 1


def test_a_replication_without_the_case_is_not_told() -> None:
    found = a_story(0.5, 1.0, 1.5, missing=(2,))
    assert found.told in (1, 3)
    assert a_story(1.0, 2.0, missing=(1, 2)).told is None
    assert "no replication" in telling.tell(a_story(1.0, missing=(1,)))


def test_the_text_tells_both_worlds_with_dates_waits_and_what_was_kept() -> None:
    text = telling.tell(a_story(1.0, 1.2, 0.8))
    assert "Sat 11 May 2024 (day 0)\n  09:30  999 call: waited 2 min for Call handlers" in text
    assert "Acute ward: waited 7 h for Acute ward bed, keeping A&E cubicles; took 9 days" in text
    assert "ready but delayed 5 days" in text
    assert "(meanwhile) GP and care co-ordinator are told" in text
    assert "14 days in acute beds" in text.lower()
    assert "11 days in community beds" in text.lower()


def test_every_replication_and_arm_has_a_row_in_the_data() -> None:
    frame = telling.frame(a_story(0.5, 1.0, 2.0, missing=(3,)))
    assert len(frame) == 6
    assert frame["happened"].tolist() == [True, True, False] * 2
    before = frame[frame["arm"] == "Before"]
    assert before["acute_bed_days"].tolist()[:2] == pytest.approx([7.0, 14.0])
    assert before["admitted"].tolist()[:2] == [True, True]
    assert before["days_to_leaving_last_bed"].iloc[1] == pytest.approx(14.55, abs=0.2)


def test_the_distribution_gives_counts_ranges_and_the_paired_difference() -> None:
    text = to_text(telling.distribution(a_story(0.5, 1.0, 2.0)))
    lines = {line.strip().split("  ")[0]: line for line in text.splitlines()}
    assert lines["Admitted to hospital"].split("  ")[-1].strip() == "0 of 3"
    assert "3 of 3" in lines["Admitted to hospital"]
    assert "14.0 (7.0 to 28.0)" in lines["Days in acute beds"]
    assert "-16 [-28 to -7]" in lines["Days in acute beds"]
    assert "At home" in lines


def test_missing_episodes_and_unfinished_ones_are_counted_not_dropped() -> None:
    found = a_story(0.5, 1.0, missing=(1,))
    text = to_text(telling.distribution(found))
    assert "no such episode in 1 of them" in text
    late = timeline(BEFORE, case_logs(BEFORE, BEFORE.horizon - DAY), "mrs_b")
    arms = tuple(replace(arm, timelines={1: late}) for arm in found.arms)
    text = to_text(telling.distribution(replace(found, arms=arms)))
    assert "Not finished at the end of the run" in text
