"""A result in plain words says what the table says, and no more."""

from dataclasses import replace
from math import nan

from sim.report.page import words
from sim.report.tables.rows import Difference, Meaning

FEWER = Difference(
    measure="emergency_admissions",
    of="",
    meaning=Meaning("Emergency admissions", "admissions", -1, "a year"),
    baseline=29_900.0,
    alternative=29_720.0,
    difference=-180.0,
    low=-230.0,
    high=-130.0,
    better=20,
    same=0,
    worse=0,
    replications=20,
)


def test_a_count_is_told_with_its_interval_and_period() -> None:
    assert words.sentence(FEWER) == (
        "In a year about 180 fewer emergency admissions of 29,900 (between 130 and 230): an "
        "improvement."
    )


def test_what_is_not_told_apart_is_said_to_be_so() -> None:
    line = replace(FEWER, low=-400.0, high=40.0)
    assert words.sentence(line) == (
        "Emergency admissions, a year: not told apart from no change (between 400 fewer and 40 "
        "more of 29,900)."
    )
    assert words.verdict(line) == "no detectable change"


def test_a_share_is_told_in_percentage_points() -> None:
    line = replace(
        FEWER,
        meaning=Meaning("Four-hour performance", "share", 1),
        baseline=0.638,
        alternative=0.658,
        difference=0.0208,
        low=0.0159,
        high=0.0257,
    )
    assert words.sentence(line) == (
        "Four-hour performance rises by about 2.08 percentage points, from 63.8 % to 65.8 % "
        "(between 1.59 and 2.57): an improvement."
    )


def test_a_rise_in_what_should_fall_is_a_concern() -> None:
    line = replace(FEWER, difference=180.0, low=130.0, high=230.0, alternative=30_080.0)
    assert words.sentence(line).endswith(
        "180 more emergency admissions of 29,900 (between 130 and 230): a concern."
    )


def test_too_few_replications_give_no_verdict() -> None:
    few = replace(FEWER, interval="range", replications=3)
    assert "3 replications, too few to tell" in words.sentence(few)
    assert words.verdict(few) == words.untold([FEWER, few]) == "too few replications to tell"
    assert words.untold([FEWER]) == "no detectable change"
    one = replace(FEWER, interval="none", low=nan, high=nan, replications=1)
    assert "without an interval" in words.sentence(one)


def test_an_abbreviation_keeps_its_capitals_within_a_sentence() -> None:
    assert words.lower("A&E attendances") == "A&E attendances"
    assert words.lower("NHS 111 contacts") == "NHS 111 contacts"
    assert words.lower("Bed days, acute beds") == "bed days in acute beds"
    assert words.lower("Cost, total") == "total cost"
