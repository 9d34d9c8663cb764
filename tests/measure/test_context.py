"""The context of a real scenario, through the public door: a file, loaded and compiled."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from sim.engine import run
from sim.measure import build_context, measure
from sim.measure.context import Price
from sim.measure.identities import breakdown_violations, violations
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.plan.population import draw_population
from sim.scenario import load
from sim.scenario.language.model import Scenario

SCENARIO = """
title: A ward, a team and a clinic
run: {start: 2024-04-01, warm_up: 10 days, duration: 73 days}
people:
  number: 2000
  attributes:
    age: {shares: {young: 0.8, old: 0.2}}
    mood: {shares: {good: 0.5, bad: 0.5}}
attributes:
  known: {levels: [no, yes], initially: no, on: person}
programmes:
  team: {eligible: {age: [old]}, coverage: {2024-04-01: 0, 2024-06-20: 50 %}}
crises:
  fall: {rate: {by: age, old: 4000, young: 100}, first: clinic}
resources:
  doctors: {capacity: {mon-fri 09:00-17:00: 4, other: 1}}
  beds: {capacity: 60, bed: acute}
pathway:
  clinic:
    seize: doctors
    delay: {exponential: {mean: 15 min}}
    set: {known: yes}
    route: {ward: 0.3, home: rest}
    tags: [gp_contact]
  ward:
    seize: beds
    delay: {exponential: {mean: 3 days}}
    route: home
    tags: [emergency_admission]
outcomes: {home: At home}
costs:
  contact: {tag: gp_contact, each: {by: age, old: 40, young: 30}}
  bed: {resource: beds, per_day: 300}
  doctor: {resource: doctors, per_hour: 60, of: capacity, cash: true}
  team: {programme: team, per_year: 900, cash: true}
measures:
  contacts: {count: gp_contact}
  admitted: {from: gp_contact, to: emergency_admission, target: 1 h}
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scenario, Plan]:
    path = tmp_path_factory.mktemp("scenario") / "ward.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    model = load(path).model
    return model, compile_plan(model)


def people_by_age(plan: Plan, seed: int) -> npt.NDArray[np.intp]:
    """Number of people at each level of age."""
    age = plan.attributes.index("age")
    columns = plan.world.person_columns.tolist()
    levels = draw_population(plan, seed).levels[columns.index(age) :: len(columns)]
    return np.bincount(levels, minlength=len(plan.levels[age]))


def test_beds_prices_and_own_measures_are_those_of_the_scenario(
    compiled: tuple[Scenario, Plan],
) -> None:
    model, plan = compiled
    made = build_context(plan, model)
    assert made.beds == ("acute", "")
    assert made.step_resource == (1, 0)
    assert made.counts == (("contacts", "gp_contact"),)
    assert [(each.name, each.target) for each in made.intervals] == [("admitted", 60.0)]
    bed, contact, doctor, team = made.prices
    assert bed == Price("bed", "use", "beds", per_minute=300 / 1440)
    assert (contact.charge, contact.of) == ("tag", "gp_contact")
    assert doctor == Price("doctor", "capacity", "doctors", per_minute=1.0, cash=True)
    assert team == Price("team", "programme", "team", per_minute=900 / 525600, cash=True)


def test_capacity_follows_the_calendar(compiled: tuple[Scenario, Plan]) -> None:
    model, plan = compiled
    # from Thursday 11 April to Saturday 22 June: 52 working days
    made = build_context(plan, model)
    hours = made.unit_minutes(made.capacity_times[1], made.capacity_values[1]) / 60
    assert hours == pytest.approx(73 * 24 + 3 * 8 * 52)


def test_people_are_counted_once_for_each_attribute_that_has_them(
    compiled: tuple[Scenario, Plan],
) -> None:
    model, plan = compiled
    years = build_context(plan, model, seed=3, by=["age", "known", "team"]).person_years
    assert set(years) == {"", "age", "team"}  # `known` changes: nobody's number stays
    assert years[""] == pytest.approx([2000 * 73 / 365])
    assert years["age"] == pytest.approx(people_by_age(plan, 3) * 73 / 365)
    assert years["team"].sum() == pytest.approx(years[""][0])


def test_a_growing_programme_covers_the_share_of_the_eligible_it_has_reached(
    compiled: tuple[Scenario, Plan],
) -> None:
    model, plan = compiled
    made = build_context(plan, model, seed=3)
    old = people_by_age(plan, 3)[plan.levels[plan.attributes.index("age")].index("old")]
    # coverage grows from 10/80 to 80/80 of a half between days 10 and 80, then stays for 3 days
    mean = 0.5 * (70 * (10 + 80) / 2 / 80 + 3) / 73
    assert made.covered_years["team"] == pytest.approx(old * mean * 73 / 365, rel=0.1)


def test_a_context_can_be_sent_to_another_process(compiled: tuple[Scenario, Plan]) -> None:
    model, plan = compiled
    made = build_context(plan, model)
    again = pickle.loads(pickle.dumps(made))
    assert again.prices == made.prices
    np.testing.assert_array_equal(again.capacity_times[1], made.capacity_times[1])


@pytest.fixture(scope="module")
def value(compiled: tuple[Scenario, Plan]) -> Callable[..., float]:
    model, plan = compiled
    logs = run(plan, 1, 1)
    assert violations(plan, logs) == []
    frame = measure(plan, model, logs, by=["age", "known", "team", "crisis"], seed=1)
    assert breakdown_violations(frame) == []
    found = frame.set_index(["measure", "of", "by", "level"])["value"]

    def look_up(name: str, of: str = "", by: str = "", level: str = "") -> float:
        return float(found[name, of, by, level])

    return look_up


def test_costs_are_activity_times_price(value: Callable[..., float]) -> None:
    old, young = (value("tagged_visits", "gp_contact", "age", level) for level in ("old", "young"))
    assert value("cost", "contact") == pytest.approx(40 * old + 30 * young)
    assert value("cost", "bed") == pytest.approx(300 * value("acute_bed_days"))
    assert value("cost", "doctor") == pytest.approx(
        60 * 24 * 73 * value("capacity_mean", "doctors")
    )


def test_rates_by_level_are_weighted_means_of_the_overall_rate(
    value: Callable[..., float], compiled: tuple[Scenario, Plan]
) -> None:
    _, plan = compiled
    people = people_by_age(plan, 1)
    levels = plan.levels[plan.attributes.index("age")]
    rates = [value("arrivals_per_1000", "", "age", level) for level in levels]
    assert np.average(rates, weights=people) == pytest.approx(value("arrivals_per_1000"))


def test_little_holds_between_queue_arrivals_and_time_in_the_queue(
    value: Callable[..., float],
) -> None:
    arrivals = value("wait_count", "clinic") / (73 * 1440)
    wanted = arrivals * value("queue_time_mean", "clinic")
    assert value("queue_length_mean", "doctors") == pytest.approx(wanted, rel=0.02)
