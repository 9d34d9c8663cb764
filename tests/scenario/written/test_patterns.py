"""Weekly patterns, capacities, profiles, coverage and choices as written."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.written import choices, lists, weeks
from sim.scenario.written.positions import Spot
from sim.scenario.written.values import Period, WeeklyCapacity
from tests.scenario.reading import complaint, complaints, parsed

DAY = 1440


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("always", [(0, 7 * DAY)]),
        ("mon", [(0, DAY)]),
        ("tue 08:00-18:30", [(DAY + 480, DAY + 1110)]),
        ("sat-sun", [(5 * DAY, 6 * DAY), (6 * DAY, 7 * DAY)]),
        ("mon 22:00-06:00", [(1320, DAY + 360)]),
        ("sun 22:00-06:00", [(0, 360), (6 * DAY + 1320, 7 * DAY)]),
        ("mon 18:00-24:00", [(1080, DAY)]),
        ("mon 18:00-00:00", [(1080, DAY)]),
        ("sat 09:00-12:00, mon 8:00-9:00", [(480, 540), (5 * DAY + 540, 5 * DAY + 720)]),
        ("sun-mon 10:00-11:00", [(600, 660), (6 * DAY + 600, 6 * DAY + 660)]),
    ],
)
def test_weekly_patterns(text: str, periods: list[tuple[int, int]]) -> None:
    assert parsed(weeks.periods, f"'{text}'") == tuple(Period(*p) for p in periods)


def test_times_without_days_hold_every_day() -> None:
    assert len(parsed(weeks.periods, "'09:00-10:00'")) == 7


@given(st.integers(0, 6), st.integers(0, 1439), st.integers(1, 1440))
def test_a_period_is_as_long_as_it_says(day: int, start: int, length: int) -> None:
    end = (start + length) % DAY
    text = f"{weeks.DAYS[day]} {start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}"
    if start == end:
        text = f"{weeks.DAYS[day]} 00:00-24:00"
    found = weeks.periods(text, Spot())
    assert sum(p.end - p.start for p in found) == (DAY if start == end else length)


@pytest.mark.parametrize(
    ("text", "what", "nearest"),
    [
        ("monday 08:00-09:00", "`monday` is not a day of the week", "mon"),
        ("mon-fry", "`fry` is not a day of the week", "fri"),
        ("mon 8-9", "not times of day", ""),
        ("mon 08:00-25:00", "there is no such time of day", ""),
        ("mon 24:00-06:00", "a period cannot start at 24:00", ""),
        ("mon 08:00-08:00", "a period of no length", ""),
        ("mon 08:00-10:00, mon 09:00-12:00", "two periods overlap on mon 09:00", ""),
        ("sun 22:00-06:00, mon 05:00-07:00", "two periods overlap on mon 05:00", ""),
        ("mon-wed, tue", "two periods overlap on tue 00:00", ""),
        ("mon,", "an empty part in a weekly pattern", ""),
        ("", "an empty part in a weekly pattern", ""),
    ],
)
def test_what_is_no_weekly_pattern_says_why(text: str, what: str, nearest: str) -> None:
    found = complaint(weeks.periods, f"'{text}'")
    assert (found.what, found.nearest) == (what, nearest)


def test_capacity_may_be_a_number_a_week_or_unlimited() -> None:
    assert parsed(lists.capacity, "12") == 12
    assert parsed(lists.capacity, "unlimited") == "unlimited"
    weekly = parsed(lists.capacity, "{tue 08:00-09:00: 3, mon 08:00-09:00: 2, other: 1}")
    assert weekly == WeeklyCapacity(((Period(480, 540), 2), (Period(DAY + 480, DAY + 540), 3)), 1)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("-1", "the number is negative"),
        ("2.5", "not a whole number"),
        ("1e9", "not a whole number"),
        ("10000001", "the number is too large"),
        ("true", "not a whole number"),
        ("unlimitd", "not a capacity"),
        ("{by: age, x: 1}", "a capacity cannot vary by an attribute"),
        ("{}", "a capacity without periods"),
        ("{mon: -1}", "the number is negative"),
        ("{mon: 1, mon-tue: 2}", "two periods overlap on mon 00:00"),
        ("{mun: 1}", "`mun` is not a day of the week"),
    ],
)
def test_what_is_no_capacity_says_why(text: str, what: str) -> None:
    assert complaint(lists.capacity, text).what == what


HOURS = "[" + ", ".join(["1"] * 24) + "]"


def test_an_hour_profile_covers_the_week() -> None:
    row = tuple(float(h) for h in range(24))
    same = parsed(lists.hour_factors, "[" + ", ".join(str(h) for h in range(24)) + "]")
    assert same == (row,) * 7
    two = parsed(lists.hour_factors, f"{{sat-sun: {HOURS}, mon-fri: {list(range(24))}}}")
    assert two == (row,) * 5 + ((1.0,) * 24,) * 2


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (f"{{mon-fri: {HOURS}}}", "days of the week are missing"),
        (f"{{mon-sun: {HOURS}, sat: {HOURS}}}", "sat is given twice"),
        ("[1, 2]", "not 24 factors"),
        ("[" + ", ".join(["0"] * 24) + "]", "all factors are 0"),
        ("[-1, " + ", ".join(["1"] * 23) + "]", "the number is negative"),
    ],
)
def test_what_is_no_hour_profile_says_why(text: str, what: str) -> None:
    assert complaint(lists.hour_factors, text).what == what


def test_coverage_is_a_share_or_shares_in_order_of_date() -> None:
    assert parsed(lists.coverage, "60 %") == 0.6
    dated = parsed(lists.coverage, "{2025-04-01: 60 %, 2024-04-01: 0}")
    assert list(dated.items()) == [(date(2024, 4, 1), 0.0), (date(2025, 4, 1), 0.6)]  # type: ignore[union-attr]


def test_every_bad_point_of_coverage_is_reported() -> None:
    found = complaints(lists.coverage, "{2024-02-30: 0, 2025-04-01: 160 %}")
    assert [c.what for c in found] == ["there is no such date", "a probability above 1"]


@pytest.mark.parametrize(
    ("text", "kept"), [("true", "true"), ("next", "next"), ("no", "no"), ("false", "no")]
)
def test_hold(text: str, kept: str) -> None:
    assert parsed(choices.hold, text) == kept


def test_yes_is_not_true_but_may_have_been_meant() -> None:
    assert complaint(choices.flag, "yes").nearest == "true"


@pytest.mark.parametrize(
    ("text", "nearest"),
    [("a b", "a_b"), ("1st", ""), ("x-y", "x_y"), ("by", ""), ("''", ""), ("é", "e"), ("ß9", "")],
)
def test_names_are_letters_digits_and_underscores(text: str, nearest: str) -> None:
    assert complaint(lists.name, text).nearest == nearest


def test_a_single_name_may_stand_alone_and_none_twice() -> None:
    assert parsed(lists.names, "a") == ("a",)
    assert parsed(lists.names, "[a, b]") == ("a", "b")
    assert complaint(lists.names, "[a, a]").what == "`a` is listed twice"
