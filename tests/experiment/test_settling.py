"""What had not settled is said, each kind as what it is; of what had settled nothing is said."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

import sim
from sim.experiment.results import Results
from sim.experiment.settling import State
from sim.experiment.settling.words import sentences
from tests.experiment import settling_runs as runs
from tests.scenario.small import clinic


def ran(folder: Path, text: str, workers: int = 1) -> Results:
    return sim.run(clinic(folder, text), workers=workers)


def test_nothing_is_said_of_a_queue_that_had_settled(tmp_path: Path) -> None:
    settling = ran(tmp_path, runs.queue(0.9)).settling
    assert settling.state is State.SETTLED
    assert settling.settled
    assert sentences(settling) == ()


def test_a_queue_offered_more_than_can_be_served_did_not_settle(tmp_path: Path) -> None:
    settling = ran(tmp_path, runs.queue(1.1)).settling
    (verdict,) = settling.of(State.DID_NOT_SETTLE)
    # half a person an hour too many, on 56 days
    assert verdict.waiting_last - verdict.waiting_first == pytest.approx(0.5 * 24 * 56, rel=0.2)
    assert verdict.growing == pytest.approx(12, rel=0.2)
    (text,) = sentences(settling)
    assert text.startswith("Did not settle: ")
    assert f"{verdict.waiting_last:,.0f} waiting for `server`" in text


def test_a_warm_up_too_short_for_a_queue_near_its_capacity_is_said(tmp_path: Path) -> None:
    settling = ran(tmp_path, runs.queue(0.98, warm_up="20 days", duration="200 days")).settling
    assert [verdict.resource for verdict in settling.of(State.BEGAN_UNSETTLED)] == ["server"]
    (text,) = sentences(settling)
    assert text.startswith("Not settled when measuring began: a warm-up of 20 days is too short")


def test_places_that_still_fill_when_measuring_begins_are_said(tmp_path: Path) -> None:
    settling = ran(tmp_path, runs.places("7 days")).settling
    (verdict,) = settling.of(State.BEGAN_UNSETTLED)
    assert verdict.filling
    # of 840 in the long run, after 7 days 1 - exp(-7 / 28), after 91 days nearly all
    assert verdict.units_first == pytest.approx(840 * 0.221, rel=0.1)
    assert verdict.units_last == pytest.approx(840 * 0.961, rel=0.05)
    (text,) = sentences(settling)
    assert "Units in use still rose, on average: `places` from" in text


def test_places_that_have_filled_are_not_said_to_fill(tmp_path: Path) -> None:
    assert ran(tmp_path, runs.places("200 days")).settling.state is State.SETTLED


def test_more_people_are_no_beginning(tmp_path: Path) -> None:
    growth = "profile: {growth: 40 %},"
    assert ran(tmp_path, runs.places("200 days", growth)).settling.state is State.SETTLED


def test_a_day_is_too_short_to_tell(tmp_path: Path) -> None:
    settling = ran(tmp_path, runs.queue(1.3, warm_up="0 days", duration="1 day")).settling
    assert settling.state is State.TOO_SHORT
    (text,) = sentences(settling)
    assert text.startswith("1 day of measuring is too short to tell")


def test_patience_of_a_few_does_not_hide_that_a_queue_grows(tmp_path: Path) -> None:
    settling = ran(tmp_path, runs.STAYING).settling
    assert [verdict.resource for verdict in settling.of(State.DID_NOT_SETTLE)] == ["doctors"]


def test_blocking_is_named_where_it_makes_a_queue_grow(tmp_path: Path) -> None:
    settling = ran(tmp_path, runs.TANDEM).settling
    (verdict,) = settling.of(State.DID_NOT_SETTLE)
    assert verdict.resource == "a"
    assert verdict.begins_at == "b"
    # of three exponential stages in a cycle of a, it waits for one
    assert verdict.chain[0].share == pytest.approx(1 / 3, abs=0.03)


@pytest.mark.parametrize("text", [runs.SWAP_FOR_EVER, runs.SWAP_PATIENTLY])
def test_a_deadlock_is_gridlock_with_its_circle_whatever_patience_is_written(
    text: str, tmp_path: Path
) -> None:
    settling = ran(tmp_path, text).settling
    found = settling.of(State.GRIDLOCK)
    assert {verdict.resource for verdict in found} == {"bed_a", "bed_b"}
    for verdict in found:
        assert set(verdict.circle) == {"bed_a", "bed_b"}
        assert verdict.circle[0] == verdict.circle[-1]
        assert verdict.stuck == 3
    (words,) = sentences(settling)
    assert "a circle in which each holds what the other waits for" in words
    assert "In 3 of 3 replications nobody there could move any more." in words


def test_gridlock_is_followed_to_where_it_begins(tmp_path: Path) -> None:
    settling = ran(tmp_path, runs.CHAIN).settling
    (verdict,) = settling.of(State.GRIDLOCK)[:1]
    assert verdict.resource == "crews"
    assert [(link.holder, link.wanted) for link in verdict.chain] == [
        ("crews", "cubicles"),
        ("cubicles", "beds"),
    ]
    assert verdict.circle == ()
    (words,) = sentences(settling)
    assert words.startswith("Gridlock, beginning at `beds`: `crews` (100 % in use) are held")
    assert f"{verdict.waiting_last:,.0f} waiting for `crews`" in words


def test_verdicts_are_the_same_for_any_number_of_workers(tmp_path: Path) -> None:
    one, two = (ran(tmp_path, runs.CHAIN, workers).settling for workers in (1, 2))
    assert one == two


def test_each_arm_of_a_comparison_has_its_own_verdicts(tmp_path: Path) -> None:
    arms = [clinic(tmp_path, runs.queue(load), f"{load}.yaml") for load in (0.8, 1.1)]
    compared = sim.compare(*arms, workers=1)
    assert [each.state for each in compared.settling] == [State.SETTLED, State.DID_NOT_SETTLE]


def test_a_resource_used_for_no_time_at_all_is_judged_without_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "stamp.yaml"
    file.write_text(
        "title: A stamp\nrun: {start: 2024-04-01, duration: 5 days, replications: 1}\n"
        "people: {number: 1000}\ncrises: {need: {rate: 5000, first: stamp}}\n"
        "resources: {stamps: {capacity: 1}}\n"
        "pathway: {stamp: {seize: stamps, route: done}}\n"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sim.run(file, workers=1).settling is not None
