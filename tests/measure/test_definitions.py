"""What the definitions say of measures: which add up, and which grow with the measured time."""

from __future__ import annotations

from sim.measure import statistics as take
from sim.measure.registry import DEFINITIONS

#: the statistics that count facts or sum their values
SUMMED = {"count", "total", "total_days", "total_hours", "count_over"}

#: numbers at the first or the last moment of the measured time, however long it is
AT_A_MOMENT = {
    "under_way_at_start",
    "unfinished",
    "ae_still_there",
    "handovers_unfinished",
    "acute_stays_unfinished",
    "community_stays_unfinished",
    "still_waiting",
    "pool_still_waiting",
    "interval_unfinished",
}


def test_numbers_and_sums_add_up_and_grow_with_time_and_nothing_else_does() -> None:
    for definition in DEFINITIONS:
        summed = definition.statistic.__qualname__.split(".")[0] in SUMMED
        averaged = definition.statistic in (take.time_average, take.over_base)
        assert definition.adds_up == (summed or averaged), definition.name
        grows = summed and definition.name not in AT_A_MOMENT
        assert definition.accumulates == grows, definition.name
