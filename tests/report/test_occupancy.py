"""Beds in use by day are exact, and set against the beds there were on that day."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.occupancy import daily_capacity, daily_use, occupancy
from sim.report.pictures.beds import spread
from sim.report.world import ResourceView, World
from sim.scenario.written.values import Capacity, Period, WeeklyCapacity
from tests.report.fakes import DAY, Writer, world

WARD = 3


def with_ward(*capacity: tuple[date, Capacity]) -> World:
    here = world(warm_up=0.0, duration=14 * DAY)
    ward = ResourceView("ward_beds", "Ward", "acute", capacity)
    return replace(here, resources=(*here.resources[:WARD], ward, *here.resources[WARD + 1 :]))


def test_a_bed_held_for_half_a_day_is_half_a_bed_that_day() -> None:
    here = world(warm_up=0.0, duration=4 * DAY)
    writer = Writer(here)
    writer.hold(0, "ward_beds", 0.5 * DAY, 2.25 * DAY)
    writer.hold(0, "ward_beds", 3.5 * DAY, 99 * DAY)
    writer.hold(0, "community_beds", 0.0, 4 * DAY)
    used = daily_use(writer.logs().holds, here.beds("acute"), here.horizon)
    assert used.tolist() == pytest.approx([0.5, 1.0, 0.25, 0.5])


@given(st.lists(st.tuples(st.floats(0, 9), st.floats(0.001, 12)), max_size=30))
def test_bed_days_by_day_add_up_to_the_time_held(stays: list[tuple[float, float]]) -> None:
    here = world(warm_up=0.0, duration=10 * DAY)
    writer = Writer(here)
    for begin, length in stays:
        writer.hold(0, "ward_beds", begin * DAY, (begin + length) * DAY)
    used = daily_use(writer.logs().holds, here.beds("acute"), here.horizon)
    held = sum(min(begin + length, 10) - begin for begin, length in stays)
    assert used.sum() == pytest.approx(held, abs=1e-6)
    assert (used >= -1e-9).all()
    assert (used <= len(stays) + 1e-9).all()


def test_capacity_follows_the_dates_and_the_week() -> None:
    nights = WeeklyCapacity(
        tuple((Period(int(day * DAY), int(day * DAY + DAY / 2)), 10) for day in range(5)), other=2
    )
    here = with_ward((date.min, 5), (date(2024, 4, 3), nights), (date(2024, 4, 9), 7))
    capacity = daily_capacity(here, (WARD,), 10)  # 1 April 2024 is a Monday
    assert capacity.tolist() == [5, 5, 6, 6, 6, 2, 2, 6, 7, 7]


def test_unlimited_beds_have_no_capacity_to_draw() -> None:
    here = with_ward((date.min, "unlimited"))
    found = occupancy("Before", here, "acute", [np.full(14, 3.0)])
    assert found is not None
    assert np.isnan(found.mean_share)
    assert found.mean_used == 3.0


def test_the_warm_up_is_left_out_of_the_averages() -> None:
    here = replace(with_ward((date.min, 10)), warm_up=4 * DAY, duration=10 * DAY)
    used = np.array([0.0] * 4 + [5.0] * 10)
    found = occupancy("Before", here, "acute", [used, used])
    assert found is not None
    assert found.mean_used == 5.0
    assert found.mean_share == 0.5


def test_a_world_without_such_beds_has_no_occupancy() -> None:
    here = replace(world(), resources=())
    assert occupancy("Before", here, "acute", [np.zeros(3)]) is None


def test_less_than_a_measured_day_gives_no_occupancy_by_day() -> None:
    here = replace(world(), warm_up=1.5 * DAY, duration=0.4 * DAY)
    assert occupancy("Before", here, "acute", [np.zeros(1)]) is None


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(1, 5)), min_size=1, max_size=8),
)
def test_labels_keep_their_order_and_never_overlap(labels: list[tuple[float, float]]) -> None:
    labels.sort(reverse=True)
    heights = [height for _, height in labels]
    centres = spread([centre for centre, _ in labels], heights, 0.0, 100.0)
    for upper, lower, above, below in zip(centres, centres[1:], heights, heights[1:], strict=False):
        assert upper - lower >= (above + below) / 2 - 1e-9
    assert centres[-1] - heights[-1] / 2 >= -1e-9
    assert centres[0] + heights[0] / 2 <= 100 + 1e-9
