"""Numbers are written as a reader needs them, never with more or less than is known."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.tables import numbers

NAN = math.nan


@pytest.mark.parametrize(
    ("difference", "low", "high", "unit", "written"),
    [
        (-12.3, -15.1, -9.5, "days", "-12.3 (-15.1 to -9.5)"),
        (-321.0, -366.0, -276.0, "admissions", "-321 (-366 to -276)"),
        (1290.4, 1230.2, 1350.6, "visits", "+1,290 (+1,230 to +1,351)"),
        (0.043, 0.032, 0.054, "share", "+4.3 (+3.2 to +5.4) % pts"),
        (-1.12e6, -1.43e6, -0.81e6, "GBP", "-£1.12m (-1.43 to -0.81)"),
        (1234.0, 334.0, 2134.0, "GBP", "+£1,234 (+334 to +2,134)"),
        (3.0, 3.0, 3.0, "visits", "+3 (+3 to +3)"),
        (0.5, 0.5, 0.5, "days", "+0.500 (+0.500 to +0.500)"),
        (0.001, -0.2, 0.2, "days", "0.00 (-0.20 to +0.20)"),
    ],
)
def test_a_difference_carries_its_sign_its_interval_and_its_unit(
    difference: float, low: float, high: float, unit: str, written: str
) -> None:
    assert numbers.difference(difference, low, high, unit) == written


def test_only_an_exact_zero_is_called_no_change() -> None:
    assert numbers.difference(0.0, 0.0, 0.0, "days") == "no change"
    assert numbers.difference(0.0, NAN, NAN, "days") == "no change"
    assert numbers.difference(0.0, -1.0, 1.0, "days") != "no change"
    assert numbers.difference(1e-9, 1e-9, 1e-9, "days") != "no change"


def test_one_replication_gives_a_difference_without_an_interval() -> None:
    assert numbers.difference(-12.34, NAN, NAN, "days") == "-12.3"


def test_what_is_not_defined_is_not_written_as_a_number() -> None:
    assert numbers.difference(NAN, NAN, NAN, "days") == "n/a"
    assert numbers.value(NAN, "share") == "n/a"
    assert numbers.duration(NAN) == "n/a"
    assert numbers.percent_of(3.0, 0.0) == ""
    assert numbers.share(0, 0) == "n/a"


@given(
    st.floats(-1e9, 1e9),
    st.floats(1e-6, 1e9),
    st.sampled_from(["days", "share", "GBP", "visits", "%"]),
)
def test_an_interval_is_never_written_so_coarsely_that_its_bounds_look_equal(
    middle: float, half: float, unit: str
) -> None:
    half = max(half, abs(middle) / 100)
    scale = numbers.scale_for(unit, middle, middle - half, middle + half, resolution=half)
    if half * scale.factor >= 1e-3:
        assert scale.write(middle - half) != scale.write(middle + half)


@given(st.floats(-1e7, 1e7), st.sampled_from(["days", "share", "GBP"]))
def test_the_sign_is_that_of_the_written_number(number: float, unit: str) -> None:
    text = numbers.scale_for(unit, number).write(number, signed=True)
    digits = [character for character in text if character.isdigit()]
    if all(digit == "0" for digit in digits):
        assert text[0] not in "+-"
    else:
        assert text[0] == ("-" if number < 0 else "+")


@pytest.mark.parametrize(
    ("minutes", "written"),
    [
        (0.0, "0 min"),
        (14.2, "14 min"),
        (59.7, "1 h"),
        (200.0, "3 h 20 min"),
        (1439.9, "1 day"),
        (1440.0, "1 day"),
        (13248.0, "9.2 days"),
        (1440.0 * 250, "250 days"),
    ],
)
def test_durations_are_in_the_units_people_think_in(minutes: float, written: str) -> None:
    assert numbers.duration(minutes) == written


def test_a_share_is_never_rounded_to_none_or_all_when_it_is_neither() -> None:
    assert numbers.share(1, 100_000) == "< 0.1 %"
    assert numbers.share(99_999, 100_000) == "> 99.9 %"
    assert numbers.share(0, 5) == "0 %"
    assert numbers.share(5, 5) == "100 %"
    assert numbers.share(1, 6) == "16.7 %"
