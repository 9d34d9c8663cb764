"""A case's story is complete, and the replication told is chosen by rule."""

from dataclasses import replace

import pytest

from sim.report.story import ladder, telling
from sim.report.story.draws import Arm, Draw, Story
from sim.report.story.timeline import Timeline, timeline
from sim.report.tables.grids import to_text
from sim.report.world import Rung
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


def a_story(*lucks: float, missing: tuple[int, ...] = (), copies: int = 1) -> Story:
    """Draws with these lucks, `copies` of them in each replication."""
    arms = []
    for here in (BEFORE, AFTER):
        sides = {
            Draw(1 + number // copies, number % copies): (
                None if number + 1 in missing else one(here.title, luck)
            )
            for number, luck in enumerate(lucks)
        }
        arms.append(Arm(here.title, here, sides))
    return Story(BEFORE.cases[0], tuple(arms))


def test_of_one_route_the_draw_nearest_to_its_medians_is_told() -> None:
    assert a_story(0.5, 3.0, 1.0, 0.2, 1.4).told == Draw(3)
    assert a_story(1.0).told == Draw(1)
    assert a_story(0.5, 3.0, 1.0, 0.2, 1.4, 0.1, copies=2).told == Draw(1)


def with_routes(before: str, after: str) -> Story:
    """A draw for each letter, which is its route in that world."""
    plain = one("Before")
    arms = []
    for here, letters in ((BEFORE, before), (AFTER, after)):
        stage = plain.stages[0]
        sides = {
            Draw(number): replace(plain, stages=(replace(stage, title=letter),))
            for number, letter in enumerate(letters, start=1)
        }
        arms.append(Arm(here.title, here, dict(sides)))
    return Story(BEFORE.cases[0], tuple(arms))


def test_the_most_frequent_route_is_told_and_not_one_that_happens_to_be_in_the_middle() -> None:
    found = with_routes("abbbc", "abbbc").typical
    assert found is not None
    assert (found.draw.replication, found.shares) == (2, (0.6, 0.6))


def test_where_the_worlds_differ_in_a_third_of_draws_one_of_these_is_told() -> None:
    assert with_routes("aaaaaa", "aaaabb").told == Draw(5)
    assert with_routes("aaaaaaa", "aaaaabb").told == Draw(1)  # two in seven: less than a third


def test_a_draw_without_the_case_is_not_told() -> None:
    found = a_story(0.5, 1.0, 1.5, missing=(2,))
    assert found.told in (Draw(1), Draw(3))
    assert a_story(1.0, 2.0, missing=(1, 2)).told is None
    assert "no draw" in telling.tell(a_story(1.0, missing=(1,)))


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


def rows_of(story: Story) -> dict[str, str]:
    text = to_text(ladder.distribution(story))
    return {line.strip().split("  ")[0]: line for line in text.splitlines()}


def test_the_distribution_gives_shares_spreads_and_the_paired_difference() -> None:
    lines = rows_of(a_story(0.5, 1.0, 2.0))
    assert "100 % (3 of 3)" in lines["Admitted to hospital"]
    assert "0 % (0 of 3)" in lines["Admitted to hospital"]
    assert "-100 % pts (no variation)" in lines["Admitted to hospital"]
    assert "16.3; 14.0, 10.5 to 21.0" in lines["Days in acute beds"]
    assert "-16 [-28 to -7]" in lines["Days in acute beds"]
    assert "At home" in lines


def test_differences_are_over_replications_and_not_over_copies() -> None:
    """Four copies in each of two replications are two independent numbers, not eight."""
    lines = rows_of(a_story(1, 1, 1, 1, 2, 2, 2, 2, copies=4))
    assert "[-28 to -14]" in lines["Days in acute beds"]
    assert any("8 journeys" in line and "2 replications" in line for line in lines)


def test_every_step_that_is_passed_has_its_share_in_both_worlds() -> None:
    lines = rows_of(a_story(0.5, 1.0))
    assert lines["Acute ward"].count("2 of 2") == 1
    assert "0 of 2" in lines["Acute ward"]
    assert "(meanwhile) GP and care co-ordinator are told" in lines
    titles = list(lines)
    assert titles.index("999 call") < titles.index("Acute ward")


def test_the_ladder_of_the_case_takes_the_place_of_the_usual_rows() -> None:
    rungs = (
        Rung("known", "Known to the team", levels=(("team", ("yes",)),)),
        Rung("told", "The GP is told", steps=frozenset({"tell_gp"})),
        Rung("ward", "On a ward", tags=frozenset({"emergency_admission"})),
        Rung("home", "Home again", outcomes=frozenset({"home"})),
    )
    found = a_story(0.5, 1.0)
    case = replace(BEFORE.cases[0], ladder=rungs)
    arms = []
    for arm in found.arms:
        team = "yes" if arm.title == "After" else "no"
        times = {draw: replace(item, levels={"team": team}) for draw, item in arm.timelines.items()}  # type: ignore[type-var]
        arms.append(replace(arm, world=replace(arm.world, cases=(case,)), timelines=times))
    lines = rows_of(Story(case, tuple(arms)))
    assert "Attends A&E" not in lines
    for title, before, after in (
        ("Known to the team", 0, 2),
        ("The GP is told", 0, 2),
        ("On a ward", 2, 0),
        ("Home again", 2, 2),
    ):
        assert f"({before} of 2)" in lines[title]
        assert f"({after} of 2)" in lines[title]


def test_chains_are_the_most_frequent_routes_with_their_shares() -> None:
    text = ladder.chains(with_routes("abbbc", "ccccc"))
    assert text.splitlines()[1] == "  60 % (3 of 5): b"
    assert "100 % (5 of 5): c" in text


def test_the_own_table_has_the_ladder_and_the_days_in_bed_and_no_steps() -> None:
    grid = ladder.own_table(a_story(0.5, 1.0))
    titles = [row.cells[0] for section in grid.sections for row in section.rows]
    assert titles[:3] == ["Attends A&E", "Admitted to hospital", "Uses a community bed"]
    assert "Days in acute beds" in titles
    assert "Acute ward" not in titles


def test_how_many_the_case_stands_for_is_said_with_its_interval() -> None:
    found = a_story(0.5, 1.0)
    arms = (replace(found.arms[0], alike=(900.0, 1000.0, 1100.0, 950.0, 1050.0)), found.arms[1])
    text = ladder.stands_for(replace(found, arms=arms))
    assert text.startswith("The case stands for 1,000 (907 to 1,103) episodes a year")
    assert ladder.stands_for(found) == ""


def test_missing_episodes_and_unfinished_ones_are_counted_not_dropped() -> None:
    found = a_story(0.5, 1.0, missing=(1,))
    text = to_text(ladder.distribution(found))
    assert "no such episode in 1 of them" in text
    late = timeline(BEFORE, case_logs(BEFORE, BEFORE.horizon - DAY), "mrs_b")
    arms = tuple(replace(arm, timelines={Draw(1): late}) for arm in found.arms)
    text = to_text(ladder.distribution(replace(found, arms=arms)))
    assert "Not finished at the end of the run" in text
