"""The compiled loops against numpy, or against counting minute by minute."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.measure.capacity import overtime_minutes
from sim.measure.facts import Facts, Grouped, no_grouping
from sim.measure.joined_logs import Reading
from sim.measure.loops import find_rows, most_open, overlaps
from sim.measure.rows import rows_where, sorted_into
from tests.measure.hand import Patient, Visit, context, logs_of, with_capacity

NAMES = ("a", "b", "c", "d")
HORIZON = 60

codes = st.lists(st.integers(-1, len(NAMES) - 1), max_size=30)
numbers = st.floats(-1e9, 1e9)
minute = st.integers(0, HORIZON)
spells = st.lists(st.tuples(minute, st.integers(0, 30)), max_size=12)


def grouped(of: list[int], values: list[float]) -> Grouped:
    column = np.array(of, dtype=np.int16)
    return Grouped(
        Facts(NAMES, column, np.zeros(len(of), np.int32), np.array(values)), no_grouping()
    )


@settings(deadline=None)
@given(codes)
def test_rows_of_a_group_are_those_with_its_code_in_order(of: list[int]) -> None:
    column = np.array(of, dtype=np.int16)
    found = sorted_into(len(NAMES), column)
    for group in range(len(NAMES)):
        assert found[group].tolist() == np.flatnonzero(column == group).tolist()
    chosen = np.array([True, False, True, False])
    wanted = np.flatnonzero(np.isin(column, (0, 2)))
    assert sorted(found.together(chosen)) == wanted.tolist()
    assert (
        rows_where(chosen, np.maximum(column, 1)).tolist() == np.flatnonzero(column == 2).tolist()
    )


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-1, len(NAMES) - 1), numbers), max_size=30))
def test_sums_are_added_up_row_by_row_without_what_is_no_fact(
    facts: list[tuple[int, float]],
) -> None:
    groups = grouped([of for of, _ in facts], [value for _, value in facts])
    for group in range(len(NAMES)):
        values = [value for of, value in facts if of == group]
        total = 0.0
        for value in values:
            total += value
        assert groups.total[group] == total
        assert groups.count[group] == len(values)
        within = slice(groups.bounds[group], groups.bounds[group + 1])
        assert groups.arranged(groups.facts.value)[within].tolist() == values
        assert groups.increasing[within].tolist() == sorted(values)
        assert groups.count_over(0.5)[group] == sum(value > 0.5 for value in values)


@settings(deadline=None)
@given(st.lists(numbers, max_size=30))
def test_the_sum_of_a_single_group_is_added_up_row_by_row_too(values: list[float]) -> None:
    of = np.zeros(len(values), dtype=np.int16)
    of[::3] = -1
    facts = Facts(("",), of, np.zeros(len(values), np.int32), np.array(values))
    total = 0.0
    for row, value in enumerate(values):
        total += value if row % 3 else 0.0
    assert Grouped(facts, no_grouping()).total.tolist() == [total]


def test_a_code_that_stands_for_nothing_is_refused() -> None:
    beyond = np.array([0, len(NAMES)], dtype=np.int16)
    with pytest.raises(ValueError, match="stands for nothing"):
        sorted_into(len(NAMES), beyond)
    with pytest.raises(ValueError, match="stands for nothing"):
        assert grouped(beyond.tolist(), [1.0, 1.0]).count is None


def test_no_rows_are_found_where_there_are_none() -> None:
    nothing = np.zeros(0, dtype=np.intp)
    assert find_rows(np.array([True]), np.zeros(0, dtype=np.int16), nothing) == 0


@settings(deadline=None)
@given(spells, minute, st.integers(1, HORIZON))
def test_most_open_is_the_most_at_any_minute(
    intervals: list[tuple[int, int]], start: int, length: int
) -> None:
    stop = start + length
    begins = np.array(sorted(begin for begin, _ in intervals), dtype=np.float64)
    ends = np.array(sorted(begin + long for begin, long in intervals), dtype=np.float64)
    ends[ends > HORIZON] = np.nan
    number = [
        sum(begin <= now for begin in begins) - sum(end <= now for end in ends)
        for now in range(start, stop)
    ]
    assert most_open(begins, ends, float(start), float(stop)) == max(number, default=0)


def test_an_interval_lies_in_the_measured_time_up_to_its_end_or_the_horizon() -> None:
    begins = np.array([0.0, 5.0, 15.0, 25.0, 12.0])
    ends = np.array([5.0, 15.0, np.nan, 30.0, np.inf])
    minutes = np.empty(5)
    overlaps(begins, ends, 10.0, 20.0, minutes)
    assert minutes.tolist() == [0.0, 5.0, 5.0, 0.0, 8.0]


@settings(deadline=None)
@given(spells, st.lists(st.tuples(minute, st.integers(0, 3)), max_size=4), st.integers(0, 30))
def test_overtime_is_what_is_in_use_beyond_capacity_minute_by_minute(
    held: list[tuple[int, int]], capacity: list[tuple[int, int]], warm_up: int
) -> None:
    changes = {0: 3, **dict(sorted(capacity))}
    made = context(warm_up=float(warm_up), horizon=float(HORIZON))
    made = with_capacity(made, "cubicles", *((float(at), units) for at, units in changes.items()))
    visits = [Visit("treat", float(at), float(at), float(at + long)) for at, long in sorted(held)]
    reading = Reading(made, logs_of(made, *(Patient([visit]) for visit in visits)))
    beyond = 0
    for now in range(warm_up, HORIZON):
        units = changes[max(at for at in changes if at <= now)]
        beyond += max(sum(at <= now < at + long for at, long in held) - units, 0)
    falls = list(changes.values()) != sorted(changes.values())
    found = overtime_minutes(reading, made.resources.index("cubicles"))
    assert found == (beyond if falls else 0)
