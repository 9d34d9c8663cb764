"""Claims about Mrs B, 85, who lives alone: what the strategy document tells of her, by luck."""

from __future__ import annotations

from functools import cache

from tests.scenarios.world import AFTER, BEFORE, shares, stories, world

#: replications, each with forty copies of her
MANY = 3


@cache
def told_before() -> list[list[str]]:
    return list(stories(BEFORE, MANY))


@cache
def told_after() -> list[list[str]]:
    return list(stories(AFTER, MANY))


def test_she_is_the_same_person_in_both_worlds_and_nobody_special() -> None:
    before, after = world(BEFORE)[0].model, world(AFTER)[0].model
    hers, theirs = before.cases["mrs_b"], after.cases["mrs_b"]
    for what in ("attributes", "crisis", "at", "copies", "programmes"):
        assert getattr(hers, what) == getattr(theirs, what)
    assert not before.cases["mrs_b"].programmes
    people, crisis = before.people.attributes, before.crises["fall"].attributes
    assert set(before.cases["mrs_b"].attributes) <= set(people) | set(crisis)


def test_before_she_is_mostly_taken_to_hospital_and_admitted() -> None:
    share = shares(told_before())
    assert share["call_999"] > 0.8
    assert share["handover"] > 0.55
    assert share["assessment"] > 0.4
    assert share["ward"] > 0.35


def test_before_the_way_of_the_document_is_among_her_stories() -> None:
    way = ["call_999", "crew", "scene_convey", "handover", "ward", "package_new", "package_place"]
    assert any(all(step in told for step in [*way, "outpatient_wait"]) for told in told_before())


def test_before_nobody_from_the_community_sees_her() -> None:
    never = {"spa_call", "practitioner", "community_assessment", "community_review"}
    assert not any(never & set(told) for told in told_before())


def test_after_she_is_more_often_kept_out_of_the_acute_hospital() -> None:
    before, after = shares(told_before()), shares(told_after())
    assert after["assessment"] < before["assessment"] - 0.08
    assert after["handover"] < before["handover"] - 0.15
    assert after["step_up_bed"] > 0.12
    assert after["ward"] > 0.1  # but not always


def test_after_the_way_of_the_document_is_among_her_stories() -> None:
    way = ["practitioner", "spa_call", "tell_coordinator", "community_assessment", "step_up_bed"]
    way += ["community_stay", "ltc_in_reach", "community_restart", "community_review_wait"]
    assert any(all(step in told for step in way) for told in told_after())


def test_after_package_restarts_more_often_than_it_starts_anew() -> None:
    before, after = shares(told_before()), shares(told_after())
    anew = ("package_place", "community_package")
    again = ("package_restart", "community_restart")

    def ratio(share: dict[str, float]) -> float:
        new = sum(share.get(step, 0.0) for step in anew)
        return sum(share.get(step, 0.0) for step in again) / (new + 1e-9)

    assert ratio(dict(after)) > 1.5 * ratio(dict(before))
