"""Numbers, durations, rates and dates as written."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.written import quantities
from sim.scenario.written.positions import Spot
from sim.scenario.written.scalars import Real
from sim.scenario.written.values import Rate
from tests.scenario.reading import complaint, parsed


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("20 min", 20.0),
        ("20min", 20.0),
        ("90 s", 1.5),
        ("1 sec", 1 / 60),
        ("4 h", 240.0),
        ("26 days", 37440.0),
        ("1 day", 1440.0),
        ("2 w", 20160.0),
        ("1 week", 10080.0),
        ("1 h 30 min", 90.0),
        ("1.5 h", 90.0),
        ("1e2 min", 100.0),
        ("0 min", 0.0),
        ("1 year", 525600.0),
    ],
)
def test_durations_are_minutes(text: str, minutes: float) -> None:
    assert parsed(quantities.duration, text) == minutes


@given(st.decimals(min_value="0.01", max_value=1000, places=2))
def test_minutes_and_hours_and_days_are_the_same_number(days: object) -> None:
    in_days = quantities.duration(f"{days} days", Spot())
    in_minutes = quantities.duration(f"{days * 1440} min", Spot())  # type: ignore[operator]
    in_hours = quantities.duration(f"{days * 24} h", Spot())  # type: ignore[operator]
    assert in_days == in_minutes == in_hours


def test_nothing_needs_no_unit_and_a_number_is_asked_which_it_is() -> None:
    assert quantities.duration(0, Spot()) == quantities.duration(0.0, Spot()) == 0.0
    assert "is it `5 min`, `5 h` or `5 days`?" in complaint(quantities.duration, "5").allowed


@pytest.mark.parametrize(
    ("text", "what", "nearest"),
    [
        ("20", "a duration needs a unit", ""),
        ("1.5", "a duration needs a unit", ""),
        ("false", "not a duration", ""),
        ("-20 min", "the duration is negative", ""),
        ("200 years", "the duration is absurdly long", ""),
        ("1e300 min", "the duration is absurdly long", ""),
        ("20 minuts", "`minuts` is not a unit of time", "minutes"),
        ("3 months", "a month has no fixed length", ""),
        ("3 m", "the unit `m` could be minutes or months", ""),
        ("soon", "not a duration", ""),
        ("min", "not a duration", ""),
        ("20 min or so", "not a duration", ""),
        ("[20 min]", "not a duration", ""),
        ("null", "not a duration", ""),
    ],
)
def test_what_is_no_duration_says_why(text: str, what: str, nearest: str) -> None:
    found = complaint(quantities.duration, text)
    assert (found.what, found.nearest) == (what, nearest)


@pytest.mark.parametrize(
    ("text", "value"),
    [("60 %", 0.6), ("60%", 0.6), ("0.1 %", 0.001), ("0.6", 0.6), ("1", 1.0), ("-2 %", -0.02)],
)
def test_percentages_are_numbers(text: str, value: float) -> None:
    assert parsed(quantities.number, text) == value


@pytest.mark.parametrize(
    ("text", "what", "nearest"),
    [
        ("1.2", "a probability above 1", "1.2 %"),
        ("60", "a probability above 1", "60 %"),
        ("120 %", "a probability above 1", ""),
        ("-0.1", "a probability below 0", ""),
        ("yes", "not a number", ""),
        ("true", "not a number", ""),
    ],
)
def test_what_is_no_probability_says_why(text: str, what: str, nearest: str) -> None:
    found = complaint(quantities.probability, text)
    assert (found.what, found.nearest) == (what, nearest)


@pytest.mark.parametrize("text", ["250,000", "250_000", "250 000"])
def test_grouped_digits_are_refused_with_the_number_meant(text: str) -> None:
    assert complaint(quantities.whole, text).nearest == "250000"


def test_a_decimal_is_no_whole_number_even_if_it_could_be() -> None:
    assert complaint(quantities.whole, "5.0").nearest == "5"


@pytest.mark.parametrize(
    ("text", "per_minute"),
    [("45 per hour", 0.75), ("0.75 per min", 0.75), ("1080 per day", 0.75), ("45/h", 0.75)],
)
def test_rates_of_a_population_are_per_minute(text: str, per_minute: float) -> None:
    assert quantities.population_rate(text, Spot()) == Rate(per_minute, "population")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("'45'", "not a rate"),
        ("45 per shift", "`shift` is not a unit of time"),
        ("-1 per h", "the rate is negative"),
        ("1e12 per h", "the rate is absurdly high"),
    ],
)
def test_what_is_no_rate_says_why(text: str, what: str) -> None:
    assert complaint(quantities.population_rate, text).what == what  # type: ignore[arg-type]


def test_limits_are_written_in_full() -> None:
    found = complaint(quantities.number_between(-1e6, 1e6), "high")
    assert found.allowed == "a number, -1,000,000 to 1,000,000"


def test_dates_and_times_are_read() -> None:
    assert parsed(quantities.date, "2024-02-29") == date(2024, 2, 29)
    assert parsed(quantities.date_time, "2024-07-01 09:30") == datetime(2024, 7, 1, 9, 30)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("2024-02-30", "there is no such date"),
        ("2023-02-29", "there is no such date"),
        ("2024-13-01", "there is no such date"),
        ("01/04/2024", "not a date"),
        ("2024-4-1", "not a date"),
        ("20240401", "not a date"),
        ("0001-01-01", "the year is out of range"),
        ("9999-01-01", "the year is out of range"),
        ("2024-04-01 09:00", "not a date"),
    ],
)
def test_what_is_no_date_says_why(text: str, what: str) -> None:
    assert complaint(quantities.date, text).what == what


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("2024-07-01", "not a date and time"),
        ("2024-07-01 24:00", "there is no such time of day"),
        ("2024-07-01 09:60", "there is no such time of day"),
        ("2024-02-30 09:00", "there is no such date"),
    ],
)
def test_what_is_no_time_says_why(text: str, what: str) -> None:
    assert complaint(quantities.date_time, text).what == what


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9))
def test_any_finite_number_is_read_as_it_is(value: float) -> None:
    assert quantities.number(Real(repr(value)), Spot()) == value
