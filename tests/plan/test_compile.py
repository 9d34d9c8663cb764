"""A scenario becomes numbers: what is numbered how, on small ones."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import numpy as np
import pytest

from sim.plan.plan import NONE, Origin, Plan
from sim.plan.profiles import profiles
from tests.plan import small
from tests.properties.rewriting import shuffled

ATTRIBUTES: dict[str, Any] = {
    "people": {
        "number": 200,
        "attributes": {
            "age": {"shares": {"old": 0.25, "young": 0.75}},
            "frail": {"shares": {"no": 0.5, "yes": 0.5}},
        },
    },
    "attributes": {
        "plan": {"levels": ["none", "home", "bed"], "initially": "home"},
        "weak": {"levels": ["no", "yes"], "initially": "yes", "on": "person"},
    },
    "calendars": {"hours": "mon-fri 08:00-18:00"},
    "signals": {
        "busy": {"queue": "nurse", "at_least": 3},
        "full": {"occupancy": "nurse", "at_least": "90 %"},
    },
    "programmes": {"team": {"coverage": "50 %"}},
    "pathway": {
        "serve": {
            "seize": "nurse",
            "delay": "1 h",
            "set": {"weak": "no", "plan": "bed"},
            "route": "done",
        }
    },
}


def attribute(plan: Plan, name: str) -> tuple[Origin, int, int]:
    """Where an attribute is read, its column there and its level to begin with."""
    row = plan.world.attributes[plan.attributes.index(name)]
    return Origin(row["origin"]), int(row["column"]), int(row["initial"])


def test_attributes_are_read_where_they_belong() -> None:
    plan = small.plan(**ATTRIBUTES)
    assert attribute(plan, "age")[:2] == (Origin.PERSON, 0)
    assert attribute(plan, "frail")[:2] == (Origin.PERSON, 1)
    assert attribute(plan, "weak") == (Origin.PERSON, 2, 1)
    assert attribute(plan, "plan") == (Origin.EPISODE, 0, 1)
    assert attribute(plan, "hours")[:2] == (Origin.CALENDAR, 0)
    assert attribute(plan, "team")[:2] == (Origin.PROGRAMME, 0)
    assert attribute(plan, "busy")[:2] == (Origin.SIGNAL, 0)
    assert attribute(plan, "full")[:2] == (Origin.SIGNAL, 1)
    of_people = [plan.attributes[number] for number in plan.world.person_columns]
    assert of_people == ["age", "frail", "weak"]


def test_only_what_a_step_changes_on_the_person_is_noted_as_such() -> None:
    plan = small.plan(**ATTRIBUTES)
    noted = {n for n, yes in zip(plan.attributes, plan.set_on_person, strict=True) if yes}
    assert noted == {"weak"}


def test_an_attribute_of_a_crisis_that_others_do_not_draw_begins_as_none() -> None:
    plan = small.plan(
        crises={
            "need": {
                "rate": 0,
                "first": "serve",
                "attributes": {"acuity": {"shares": {"high": 0.5, "low": 0.5}}},
            },
            "other": {"rate": 0, "first": "serve"},
        }
    )
    origin, _, initial = attribute(plan, "acuity")
    assert origin == Origin.EPISODE
    assert plan.levels[plan.attributes.index("acuity")][initial] == "none"
    drawn = [(c["first_drawn"], c["end_drawn"]) for c in plan.world.crises]
    assert drawn == [(0, 1), (1, 1)]


def test_signals_watch_the_queue_or_the_units_of_their_resource() -> None:
    plan = small.plan(**ATTRIBUTES)
    fields = ["resource", "what", "at_least"]
    assert plan.world.signals[fields].tolist() == [(0, 1, 3.0), (0, 0, 0.9)]


def test_the_horizon_is_warm_up_and_duration_together() -> None:
    plan = small.plan(run={"start": "2024-05-01", "warm_up": "7 days", "duration": "28 days"})
    assert (plan.warm_up, plan.horizon) == (7 * 1440, 35 * 1440)
    assert plan.start == date(2024, 5, 1)


def test_died_is_known_by_its_number_if_there_is_such_an_outcome() -> None:
    assert small.plan().world.died == NONE
    both = small.plan(
        outcomes={"died": "Died", "all_well": "Well", "done": "Done"},
        pathway={"serve": {"delay": "1 h", "route": {"done": 0.5, "died": 0.2, "all_well": 0.3}}},
    )
    assert both.outcomes[both.world.died] == "died"


def test_resources_have_the_limits_and_turnarounds_that_are_written() -> None:
    plan = small.plan(
        resources={
            "nurse": {"capacity": 1},
            "bed": {"capacity": 2, "queue_limit": 0, "turnaround": "45 min"},
        },
        calendars={"hours": "always"},
    )
    bed, nurse = plan.world.resources
    assert (nurse["queue_limit"], nurse["turnaround"]) == (NONE, NONE)
    assert bed["queue_limit"] == 0
    cell = plan.world.cells[plan.world.tables[bed["turnaround"]]["first_cell"]]
    assert plan.world.distributions[cell]["a"] == 45
    assert (bed["schedule"], nurse["schedule"]) == (1, 2)  # behind the calendar
    assert [values.tolist() for values in plan.capacity_values] == [[2], [1]]


def test_a_table_finds_its_leaf_by_strides_of_levels_in_the_order_of_attributes() -> None:
    """age has levels old and young, hours no and yes: four cells, by age and then by hours."""
    sections = {**ATTRIBUTES}
    delay = {
        "by": "hours",
        "yes": {"by": "age", "old": "4 min", "young": "3 min"},
        "no": {"by": "age", "old": "2 min", "other": "1 min"},
    }
    sections["pathway"] = {"serve": {"seize": "nurse", "delay": delay, "route": "done"}}
    sections["attributes"] = {}
    plan = small.plan(**sections)
    table = plan.world.tables[plan.world.steps[0]["delay"]]
    dims = plan.world.dims[table["first_dim"] : table["end_dim"]]
    assert [plan.attributes[dim["attribute"]] for dim in dims] == ["age", "hours"]
    found = {}
    for age, age_name in enumerate(plan.levels[plan.attributes.index("age")]):
        for open_, open_name in enumerate(plan.levels[plan.attributes.index("hours")]):
            at = table["first_cell"] + age * dims[0]["stride"] + open_ * dims[1]["stride"]
            leaf = plan.world.distributions[plan.world.cells[at]]
            found[age_name, open_name] = float(leaf["a"])
    assert found == {
        ("old", "yes"): 4,
        ("young", "yes"): 3,
        ("old", "no"): 2,
        ("young", "no"): 1,
    }


def test_a_rate_is_of_one_person_and_minute_whether_written_for_all_or_for_each() -> None:
    def rate(written: Any) -> float:
        plan = small.plan(crises={"need": {"rate": written, "first": "serve"}})
        table = plan.world.tables[plan.world.crises[0]["rate"]]
        return float(plan.world.numbers[plan.world.cells[table["first_cell"]]])

    assert rate("6 per hour") == pytest.approx(6 / 60 / 20)  # for the twenty together
    assert rate(100) == pytest.approx(100 / 1000 / (365 * 1440))  # a year per 1,000 people


def test_the_bound_of_a_relative_rate_is_its_largest_over_what_can_change() -> None:
    """age is fixed and bounds apart; whether the team covers somebody is not."""
    table = {
        "by": "age",
        "old": {"by": "team", "yes": 0.5, "no": 3},
        "young": {"by": "team", "yes": 0.25, "no": 0.75},
    }
    sections = {**ATTRIBUTES}
    sections["crises"] = {"need": {"rate": 0, "first": "serve", "relative_rates": {"care": table}}}
    plan = small.plan(**sections)
    bound = plan.world.tables[plan.world.factors[0]["bound"]]
    dims = plan.world.dims[bound["first_dim"] : bound["end_dim"]]
    assert [plan.attributes[dim["attribute"]] for dim in dims] == ["age"]
    cells = plan.world.cells[bound["first_cell"] : bound["first_cell"] + 2]
    ages = plan.levels[plan.attributes.index("age")]
    largest = dict(zip(ages, plan.world.numbers[cells].tolist(), strict=True))
    assert largest == {"old": 3, "young": 0.75}


def test_the_order_of_things_in_the_file_changes_no_bit_of_the_plan() -> None:
    written = small.tree(**ATTRIBUTES)
    one, other = small.plan(**written), small.plan(**shuffled(written, 3))
    for name, array in one.world._asdict().items():
        assert np.array_equal(array, getattr(other.world, name)), name


def test_factors_of_hours_days_and_months_multiply_and_have_a_mean_of_one() -> None:
    """All comes between 12:00 and 13:00, half as much on Sunday as on any other day."""
    made = small.model(
        crises={
            "need": {
                "rate": 1,
                "first": "serve",
                "profile": {
                    "hour": [0.0] * 12 + [1.0] + [0.0] * 11,
                    "weekday": [1, 1, 1, 1, 1, 1, 0.5],
                },
            }
        }
    )
    found = profiles([made.crises["need"].profile], [1], date(2024, 5, 1), 7 * 1440.0).factor[0]
    assert len(found) == 7 * 24
    at_noon = found[12::24]
    week = 7 / 6.5
    expected = [24 * week] * 4 + [24 * week / 2] + [24 * week] * 2
    assert at_noon.tolist() == pytest.approx(expected)
    assert found.mean() == pytest.approx(1)
    assert np.count_nonzero(found) == 7


def test_a_bound_by_several_fixed_attributes_has_a_cell_for_each_of_their_combinations() -> None:
    table = {
        "by": "age",
        "old": {"by": "frail", "yes": 5, "no": {"by": "team", "yes": 2, "no": 3}},
        "young": {"by": "frail", "yes": 1.5, "no": 0},
    }
    sections = {**ATTRIBUTES}
    sections["crises"] = {"need": {"rate": 0, "first": "serve", "relative_rates": {"care": table}}}
    plan = small.plan(**sections)
    bound = plan.world.tables[plan.world.factors[0]["bound"]]
    cells = plan.world.cells[bound["first_cell"] : bound["first_cell"] + 4]
    names = (plan.levels[plan.attributes.index(name)] for name in ("age", "frail"))
    largest = dict(zip(product(*names), plan.world.numbers[cells].tolist(), strict=True))
    assert largest == {
        ("old", "yes"): 5,
        ("old", "no"): 3,
        ("young", "yes"): 1.5,
        ("young", "no"): 0,
    }
