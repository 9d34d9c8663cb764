from __future__ import annotations

import math

import pytest

from sim.measure.context import Price
from sim.measure.identities import breakdown_violations
from sim.scenario.written.values import By
from tests.measure.hand import DAY, Patient, Visit, context, measured, with_capacity

OLD = Patient([Visit("ask", 0, 0, 10), Visit("ward", 10, 10, 10 + 2 * DAY)], person=1)
YOUNG = Patient([Visit("ask", 5, 5, 9)], person=2, levels=("young", "yes"))


PRICES = (
    Price("beds", "use", "ward_beds", per_minute=346 / DAY),
    Price("call", "tag", "contact_111", each=By("age", {"old": 20.0}, other=8.0), cash=True),
    Price("team", "programme", "team", per_minute=900 / (365 * DAY), cash=True),
    Price("ward", "capacity", "ward_beds", per_minute=1 / DAY),
)
MADE = with_capacity(
    context(horizon=10 * DAY, prices=PRICES, covered_years={"team": 5.0}),
    "ward_beds",
    (0.0, 3),
)


def test_each_item_is_its_activity_at_its_price() -> None:
    of = measured(MADE, OLD, YOUNG)
    assert of("cost", "beds") == pytest.approx(2 * 346)
    assert of("cost", "call") == pytest.approx(20 + 8)
    assert of("cost", "team") == pytest.approx(5 * 900)
    assert of("cost", "ward") == pytest.approx(30)


def test_cash_and_capacity_are_kept_apart_and_make_up_the_total() -> None:
    of = measured(MADE, OLD, YOUNG)
    assert of("cost_cash") == pytest.approx(28 + 4500)
    assert of("cost_capacity") == pytest.approx(692 + 30)
    assert of("cost_total") == pytest.approx(28 + 4500 + 692 + 30)
    assert of("cost_of_activity") == pytest.approx(692 + 28)
    assert of("cost_of_provision") == pytest.approx(4530)
    assert of("cost_per_person_year") == pytest.approx((28 + 4500 + 692 + 30) / 500)


def test_what_belongs_to_nobody_stands_apart_so_that_breakdowns_add_up() -> None:
    of = measured(MADE, OLD, YOUNG, by=["age"])
    assert of("cost_total", by="age", level="young") == pytest.approx(8)
    assert of("cost_total", by="age", level="old") == pytest.approx(20 + 692)
    assert of("cost_total", by="age", level="unattributed") == pytest.approx(4530)
    assert breakdown_violations(of.frame) == []


def test_prices_may_vary_by_several_attributes() -> None:
    each = By("age", {"old": 1.0, "young": By("frail", {"yes": 2.0, "no": 4.0})})
    made = context(prices=(Price("call", "tag", "contact_111", each=each),))
    assert measured(made, OLD, YOUNG)("cost", "call") == pytest.approx(1 + 2)


def test_capacity_without_limit_has_no_cost() -> None:
    made = context(prices=(Price("crews", "capacity", "crews", per_minute=1.0),))
    assert math.isnan(measured(made, OLD)("cost", "crews"))


def test_turnaround_is_paid_for_as_use() -> None:
    made = context(prices=(Price("room", "use", "cubicles", per_minute=1.0),))
    patient = Patient([Visit("treat", 0, 0, 30, turnaround=10)])
    assert measured(made, patient)("cost", "room") == pytest.approx(40)


def test_without_prices_the_total_is_nothing() -> None:
    assert measured(context(), OLD)("cost_total") == 0
