"""Flows pair the same episodes of two arms; no episode is lost, added or counted twice."""

import numpy as np
import pytest

from sim.engine import run
from sim.engine.logs import Fate, Logs
from sim.plan.compile import compile_plan
from sim.report.flows import ELSEWHERE, NOT_HAPPENING, PLACES, Flows, Reached, flows, reached
from sim.report.pictures.ribbons import (
    TOGETHER,
    between_services,
    height,
    merged,
    per_replication,
    ribbons,
    worth_drawing,
)
from sim.report.world import view
from tests.plan import small
from tests.report.fakes import DAY, NAN, Writer, run_logs, world

BEFORE, AFTER = world("Before"), world("After")


def counted(found: Flows) -> dict[tuple[str, str], int]:
    """The flows that are not empty, by the names of their places."""
    rows, columns = np.nonzero(found.count)
    return {
        (found.places[row], found.places[column]): int(found.count[row, column])
        for row, column in zip(rows, columns, strict=True)
    }


def one_episode(here: str, *steps: str, person: int = 1, onset: float = 40 * DAY) -> Writer:
    writer = Writer(world(here))
    row = writer.episode(person, "fall", onset)
    at = onset
    for step in steps:
        at = writer.visit(row, step, at, at + 5, at + 10)
    writer.end(row, at, "home")
    return writer


def test_every_episode_of_both_arms_is_in_the_flows_once() -> None:
    before, after = (reached(w, run_logs(w, 1, 500)) for w in (BEFORE, AFTER))
    found = flows(before, after)
    nowhere = found.places.index(NOT_HAPPENING)
    assert found.count.sum() - found.count[nowhere].sum() == len(before.person)
    assert found.count.sum() - found.count[:, nowhere].sum() == len(after.person)
    assert found.count[nowhere, nowhere] == 0


def test_an_arm_against_itself_moves_nobody() -> None:
    side = reached(BEFORE, run_logs(BEFORE, 2, 500))
    found = flows(side, side)
    assert not found.moved.any()
    assert found.total == len(side.person)


def test_an_episode_counts_at_the_highest_place_it_reached() -> None:
    before = one_episode("Before", "nhs_111", "call_999", "crew", "ae", "ward", "gp")
    after = one_episode("After", "ae", "gp", "crew")
    found = flows(reached(BEFORE, before.logs()), reached(AFTER, after.logs()))
    assert counted(found) == {("Admitted to hospital", "A&E, not admitted"): 1}


def test_a_visit_that_never_started_leads_nowhere() -> None:
    writer = Writer(BEFORE)
    row = writer.episode(1, "fall", 40 * DAY)
    writer.visit(row, "gp", 40 * DAY, NAN, 41 * DAY, Fate.RENEGED)
    writer.visit(row, "ae", 41 * DAY, NAN, 41 * DAY, Fate.BALKED)
    side = reached(BEFORE, writer.logs())
    assert [side.places[place] for place in side.place] == [ELSEWHERE]


def test_an_episode_of_one_arm_only_comes_from_or_goes_to_no_episode() -> None:
    before = reached(BEFORE, one_episode("Before", "gp", person=1).logs())
    after = reached(AFTER, one_episode("After", "gp", person=2).logs())
    assert counted(flows(before, after)) == {("GP", NOT_HAPPENING): 1, (NOT_HAPPENING, "GP"): 1}


def test_crises_are_paired_by_name_whatever_their_codes() -> None:
    from dataclasses import replace

    shifted = replace(AFTER, crises=("asthma", "fall", "infection"))
    writer = Writer(shifted)
    row = writer.episode(1, "fall", 40 * DAY)
    writer.visit(row, "ae", 40 * DAY, 40 * DAY, 40 * DAY + 60)
    found = flows(
        reached(BEFORE, one_episode("Before", "gp").logs()), reached(shifted, writer.logs())
    )
    assert counted(found) == {("GP", "A&E, not admitted"): 1}


def test_cases_are_paired_by_name_and_with_nobody_else() -> None:
    """Their persons are numbered after all others: 5 in a place of 5 people is ordinary in 9."""
    sides = []
    for here, people in (
        ("Before", [(5, "ward", 0)]),
        ("After", [(5, "ae", -1), (9, "ward", 0)]),
    ):
        writer = Writer(world(here))
        for person, step, case in people:
            row = writer.episode(person, "fall", 40 * DAY, case=case)
            writer.visit(row, step, 40 * DAY, 40 * DAY, 40 * DAY + 60)
        sides.append(reached(world(here), writer.logs()))
    ward = "Admitted to hospital"
    assert counted(flows(*sides)) == {
        (ward, ward): 1,
        (NOT_HAPPENING, "A&E, not admitted"): 1,
    }


def test_the_warm_up_and_side_tasks_are_left_out() -> None:
    writer = one_episode("Before", "gp", onset=1 * DAY)
    row = writer.episode(7, "fall", 40 * DAY)
    side = writer.episode(7, "fall", 40 * DAY, parent=row)
    writer.visit(side, "ward", 40 * DAY, 40 * DAY, 41 * DAY)
    found = reached(BEFORE, writer.logs())
    assert found.person.tolist() == [7]
    assert [found.places[place] for place in found.place] == [ELSEWHERE]


def test_a_pathway_without_standard_tags_is_described_by_its_outcomes() -> None:
    from dataclasses import replace

    plain = replace(BEFORE, steps=tuple(replace(s, tags=frozenset()) for s in BEFORE.steps))
    writer = one_episode("Before", "ward")
    writer.episode(2, "fall", 50 * DAY)
    found = reached(plain, writer.logs())
    assert [found.places[place] for place in found.place] == ["At home", "Not finished"]


def test_replications_add_up_and_other_places_do_not() -> None:
    before, after = (reached(w, run_logs(w, 1, 200)) for w in (BEFORE, AFTER))
    once = flows(before, after)
    twice = once + once
    assert twice.replications == 2
    assert np.allclose(per_replication(twice), per_replication(once))
    with pytest.raises(ValueError, match="other places"):
        once + Flows(("here",), np.zeros((1, 1), dtype=np.int64))


def test_ribbons_fill_the_bars_of_both_sides_exactly() -> None:
    before, after = (reached(w, run_logs(w, 3, 800)) for w in (BEFORE, AFTER))
    moved = per_replication(flows(before, after))
    drawn = ribbons(moved)
    for place in range(len(moved)):
        left = sorted(r.left for r in drawn if r.source == place)
        right = sorted(r.right for r in drawn if r.target == place)
        for spans, total in ((left, moved[place].sum()), (right, moved[:, place].sum())):
            edges = [0.0, *(high for _, high in spans)]
            assert edges[-1] == total
            assert [low for low, _ in spans] == edges[:-1]


def test_only_episodes_that_moved_between_services_are_drawn() -> None:
    places = ("GP", "111 advice", ELSEWHERE, NOT_HAPPENING)
    count = np.array([[9, 2, 1, 4], [0, 5, 0, 0], [1, 0, 3, 0], [7, 0, 0, 0]])
    found = between_services(Flows(places, count))
    assert found.places == ("GP", "111 advice")
    assert found.count.tolist() == [[9, 2], [0, 5]]
    assert worth_drawing(Flows(places, count))
    assert not worth_drawing(Flows(places, np.diag([9, 5, 3, 0])))
    assert not worth_drawing(Flows(("At home", "Died"), np.array([[9, 1], [2, 9]])))


def test_beyond_ten_ends_the_smallest_places_join_and_no_episode_is_lost() -> None:
    places = tuple(PLACES)[:8]
    count = np.ones((8, 8), dtype=np.int64) + np.diag([90] * 8)
    count[0] += 50
    found = merged(Flows(places, count, 2))
    ends = (found.moved.sum(axis=0) > 0).sum() + (found.moved.sum(axis=1) > 0).sum()
    assert ends <= 10
    assert TOGETHER in found.places
    assert places[0] in found.places
    assert found.total == count.sum()
    few = Flows(places[:4], count[:4, :4])
    assert merged(few) == few


def test_the_ribbons_are_as_high_as_the_share_that_moved_is_large() -> None:
    def moving(number: int) -> Flows:
        return Flows(tuple(PLACES)[:2], np.array([[1000 - number, number], [0, 0]]))

    assert height(moving(20)) == pytest.approx(2 * height(moving(10)), rel=0.5)
    assert height(moving(20)) < height(moving(40)) < height(moving(50)) == height(moving(900))


def test_the_same_arrival_is_recognised_where_others_have_come_before_it() -> None:
    """People who arrive are numbered anew in each arm; the arrival has the same name in both."""

    def arm(rate: str) -> tuple[Logs, Reached]:
        model = small.model(crises={}, arrivals={"come": {"rate": rate, "first": "serve"}})
        plan = compile_plan(model)
        logs = run(plan, 1, 1)
        return logs, reached(view(model, plan), logs)

    (few, before), (many, after) = arm("5 per day"), arm("8 per day")
    found = flows(before, after)
    nowhere = found.places.index(NOT_HAPPENING)
    assert found.count[nowhere].sum() == len(many.episodes.onset) - len(few.episodes.onset) > 50
    assert found.count[:, nowhere].sum() == 0
