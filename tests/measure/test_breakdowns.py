from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.measure.context import Context, Interval, Price
from sim.measure.identities import breakdown_violations, violations_in
from sim.measure.registry import DEFINITIONS, definitions
from sim.measure.summary import COLUMNS, measure_in
from tests.measure.hand import Patient, Visit, context, logs_of, with_capacity
from tests.measure.invented import HORIZON, patients

PRICES = (
    Price("call", "tag", "contact_111", each=8.0, cash=True),
    Price("nurses", "capacity", "nurses", per_minute=0.5),
    Price("ward", "use", "ward_beds", per_minute=0.25),
)

#: counts of events and sums over time: what happens in a time is the sum over its parts
SUMS = (
    "arrivals",
    "arrivals_by_crisis",
    "completed",
    "outcomes",
    "emergency_admissions",
    "ae_attendances",
    "conveyances",
    "tagged_visits",
    "step_visits",
    "ae_departures",
    "handovers",
    "acute_stays",
    "acute_bed_days",
    "community_bed_days",
    "wait_count",
    "reneged",
    "balked",
    "overtime_hours",
    "cost",
    "cost_total",
    "own_count",
    "interval_count",
    "interval_never",
)


def world(warm_up: float = 0.0, horizon: float = HORIZON) -> Context:
    made = context(
        warm_up=warm_up,
        horizon=horizon,
        prices=PRICES,
        counts=(("calls", "contact_111"),),
        intervals=(Interval("seen", "contact_111", "ae_attendance", 60.0),),
    )
    made = with_capacity(made, "nurses", (0.0, 2), (300.0, 0), (700.0, 1))
    return with_capacity(made, "ward_beds", (0.0, 9), (500.0, 3))


@settings(max_examples=60, deadline=None)
@given(patients())
def test_every_breakdown_adds_up_to_its_total(invented: list[Patient]) -> None:
    logs = logs_of(world(), *invented)
    assert breakdown_violations(measure_in(world(), logs, ["age", "frail", "crisis"])) == []


@settings(max_examples=60, deadline=None)
@given(patients(), st.integers(1, 999))
def test_what_happens_in_a_time_is_the_sum_of_what_happens_in_its_parts(
    invented: list[Patient], cut: int
) -> None:
    logs = logs_of(world(), *invented)
    whole = _sums(measure_in(world(), logs))
    before = _sums(measure_in(world(0.0, float(cut)), logs))
    after = _sums(measure_in(world(float(cut), HORIZON), logs))
    np.testing.assert_allclose(before + after, whole, atol=1e-9)


def _sums(frame: pd.DataFrame) -> pd.Series[float]:
    return frame[frame["measure"].isin(SUMS)].set_index(["measure", "of"])["value"]


@settings(max_examples=60, deadline=None)
@given(patients())
def test_the_parts_of_a_stay_make_up_its_length(invented: list[Patient]) -> None:
    logs = logs_of(world(), *invented)
    value = measure_in(world(), logs).set_index(["measure", "of"])["value"]
    for kind in ("acute", "community"):
        parts = value[f"{kind}_stay_active", ""] + value[f"{kind}_stay_waiting", ""]
        assert parts == pytest.approx(value[f"{kind}_length_of_stay_mean", ""], nan_ok=True)
        steps = value[f"{kind}_stay_waiting_for"]
        if not np.isnan(parts):
            assert steps.sum() == pytest.approx(value[f"{kind}_stay_waiting", ""])


@settings(max_examples=60, deadline=None)
@given(patients())
def test_episodes_carried_in_and_begun_are_those_completed_and_unfinished(
    invented: list[Patient],
) -> None:
    value = measure_in(world(200.0), logs_of(world(), *invented)).set_index(["measure", "of"])
    number = value["value"]
    came = number["under_way_at_start", ""] + number["arrivals", ""]
    assert came == number["completed", ""] + number["unfinished", ""]


@settings(max_examples=60, deadline=None)
@given(patients())
def test_the_logs_of_invented_patients_break_no_identity(invented: list[Patient]) -> None:
    made = context(horizon=HORIZON)
    assert violations_in(made, logs_of(made, *invented)) == []


def test_the_overall_rows_are_the_same_with_and_without_breakdowns() -> None:
    logs = logs_of(world(), Patient([Visit("ward", 0, 10, 20)]))
    plain = measure_in(world(), logs)
    broken = measure_in(world(), logs, ["age"])
    overall = broken[broken["by"] == ""].reset_index(drop=True)
    pd.testing.assert_frame_equal(plain, overall)


def test_the_frame_is_tidy_and_has_the_same_rows_whatever_happened() -> None:
    empty = measure_in(world(), logs_of(world()), ["age"])
    full = measure_in(world(), logs_of(world(), Patient([Visit("ward", 0, 1, 9)])), ["age"])
    assert tuple(full.columns) == COLUMNS
    assert not full.duplicated(["measure", "of", "by", "level"]).any()
    keys = ["measure", "of", "by", "level", "unit"]
    pd.testing.assert_frame_equal(empty[keys], full[keys])


def test_a_misspelt_attribute_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ValueError, match="'frail'"):
        measure_in(world(), logs_of(world()), ["frial"])


def test_every_measure_has_its_own_name_and_a_formula() -> None:
    assert len(definitions()) == len(DEFINITIONS)
    assert all(definition.formula.endswith(".") for definition in DEFINITIONS)
