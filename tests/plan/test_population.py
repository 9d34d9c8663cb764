"""Who people are: those of strata and cases by what is written, the rest by shares and luck."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.plan.keys import combine, name_key, uniform
from sim.plan.plan import NONE, Bytes, Floats, Plan
from sim.plan.population import NEVER, draw_population, with_cases
from tests.plan import small

STRATA = "age,sex,people\nyoung,m,3\nold,m,2\nyoung,f,1\n"
BY_STRATA: dict[str, Any] = {
    "people": {
        "strata": "strata.csv",
        "attributes": {"frail": {"shares": {"by": "age", "old": "yes", "young": "no"}}},
    }
}


def levels(plan: Plan, people: Bytes) -> list[dict[str, str]]:
    """The levels of each person by name."""
    columns = plan.world.person_columns
    return [
        {
            plan.attributes[attribute]: plan.levels[attribute][level]
            for attribute, level in zip(columns, row, strict=True)
        }
        for row in people.reshape(-1, len(columns)).tolist()
    ]


def numbers(plan: Plan, seed: int = 1) -> Floats:
    """Each person's number for the only programme."""
    return draw_population(plan, seed).numbers


def test_there_are_as_many_people_of_each_stratum_as_its_count_says() -> None:
    made = small.plan(STRATA, **BY_STRATA)
    people = levels(made, draw_population(made, 1).levels)
    assert made.people.number == len(people) == 6
    of = [(person["age"], person["sex"]) for person in people]
    assert {each: of.count(each) for each in of} == {
        ("young", "m"): 3,
        ("old", "m"): 2,
        ("young", "f"): 1,
    }


def test_what_a_stratum_says_decides_what_is_drawn_by_it() -> None:
    made = small.plan(STRATA, **BY_STRATA)
    for person in levels(made, draw_population(made, 1).levels):
        assert person["frail"] == ("yes" if person["age"] == "old" else "no")


def test_rows_of_strata_in_another_order_are_the_same_people() -> None:
    head, *rows = STRATA.splitlines(keepends=True)
    other = small.plan(head + "".join(reversed(rows)), **BY_STRATA)
    made = small.plan(STRATA, **BY_STRATA)
    one, two = draw_population(made, 1), draw_population(other, 1)
    assert one.levels.tolist() == two.levels.tolist()


def test_shares_are_those_of_many_people() -> None:
    made = small.plan(
        people={"number": 4000, "attributes": {"frail": {"shares": {"no": 0.75, "yes": 0.25}}}}
    )
    frail = draw_population(made, 1).levels.mean()
    assert frail == pytest.approx(0.25, abs=4 * (0.25 * 0.75 / 4000) ** 0.5)


@pytest.mark.parametrize("caseload", [0, 1, 7, 20, 30])
def test_a_caseload_has_no_more_members_than_it_says_and_no_fewer_if_there_are(
    caseload: int,
) -> None:
    made = small.plan(programmes={"team": {"coverage": 1, "caseload": caseload}})
    assert (numbers(made) < NEVER).sum() == min(caseload, 20)


def test_a_caseload_keeps_those_with_the_lowest_numbers() -> None:
    """So that a larger one only adds members."""
    everyone = numbers(small.plan(programmes={"team": {"coverage": 1}}))
    some = numbers(small.plan(programmes={"team": {"coverage": 1, "caseload": 7}}))
    expected = np.where(everyone <= np.sort(everyone)[6], everyone, NEVER)
    assert some.tolist() == expected.tolist()


def test_the_number_for_a_programme_is_the_first_of_a_person_for_that_name() -> None:
    """As `docs/method.md` says it is keyed, so that old scenarios keep their luck."""
    drawn = numbers(small.plan(programmes={"team": {"coverage": 1}}), seed=7)
    for person in (0, 1, 19):
        key = combine(name_key("population", 7), person)
        assert drawn[person] == uniform(key, name_key("programme", "team"), 0)


def test_only_who_meets_every_condition_can_be_a_member() -> None:
    made = small.plan(
        STRATA,
        **BY_STRATA,
        programmes={"team": {"eligible": {"age": ["young"], "sex": ["m", "f"]}, "coverage": 1}},
    )
    drawn = draw_population(made, 1)
    member = (drawn.numbers < NEVER).tolist()
    assert member == [person["age"] == "young" for person in levels(made, drawn.levels)]


def test_who_is_not_eligible_takes_no_place_of_a_caseload() -> None:
    team = {"eligible": {"age": ["young"]}, "coverage": 1, "caseload": 4}
    made = small.plan(STRATA, **BY_STRATA, programmes={"team": team})
    assert (numbers(made) < NEVER).sum() == 4


def with_case(caseload: int | None = None, seed: int = 1, **case: Any) -> float:
    """The number of a case for a programme that covers everyone."""
    team: dict[str, Any] = {"coverage": 1}
    if caseload is not None:
        team["caseload"] = caseload
    made = small.plan(
        programmes={"team": team},
        cases={"mrs_b": {"crisis": "need", "at": "2024-05-02 10:00", **case}},
    )
    everyone = with_cases(made, draw_population(made, seed), seed, 1)
    assert len(everyone.numbers) == len(everyone.keys) == 21
    return float(everyone.numbers[20])


def test_a_case_said_to_be_covered_always_is_and_one_said_not_to_be_never() -> None:
    assert with_case(programmes={"team": True}) == 0
    assert with_case(programmes={"team": False}) == NEVER
    assert with_case(caseload=0, programmes={"team": True}) == 0
    assert with_case(caseload=30, programmes={"team": False}) == NEVER


def test_a_case_of_which_nothing_is_said_is_covered_by_its_luck() -> None:
    assert 0 < with_case() < 1
    assert with_case() != with_case(seed=2)


def test_a_case_belongs_to_a_caseload_if_somebody_registered_with_its_number_would() -> None:
    """The case's number among those of the twenty registered decides, and it takes no place."""
    own = with_case()
    registered = np.sort(numbers(small.plan(programmes={"team": {"coverage": 1}})))
    below = int((registered < own).sum())
    assert 0 < below < 20  # else it would show nothing
    assert with_case(caseload=below) == NEVER
    assert with_case(caseload=below + 1) == own
    assert with_case(caseload=21) == own  # there is room for more
    assert with_case(caseload=0) == NEVER


def test_the_registered_are_the_same_whether_or_not_there_are_cases() -> None:
    made = small.plan(
        programmes={"team": {"coverage": 1, "caseload": 3}},
        cases={"mrs_b": {"crisis": "need", "at": "2024-05-02 10:00", "copies": 5}},
    )
    people = draw_population(made, 1)
    everyone = with_cases(made, people, 1, 1)
    assert len(everyone.keys) == 25
    assert everyone.numbers[:20].tolist() == people.numbers.tolist()
    assert everyone.keys[:20].tolist() == people.keys.tolist()
    assert len(set(everyone.keys.tolist())) == 25


def test_what_is_written_of_a_case_holds_and_the_rest_is_drawn() -> None:
    made = small.plan(
        STRATA,
        **BY_STRATA,
        cases={
            "mrs_b": {
                "crisis": "need",
                "at": "2024-05-02 10:00",
                "attributes": {"age": "old", "sex": "f"},
            }
        },
    )
    everyone = with_cases(made, draw_population(made, 1), 1, 1)
    assert levels(made, everyone.levels)[-1] == {"age": "old", "sex": "f", "frail": "yes"}


def test_copies_come_day_by_day_and_each_has_a_key_of_its_own() -> None:
    """Of three copies on five days, copy k comes on day floor(5 k / 3): 0, 1 and 3."""
    made = small.plan(
        cases={
            "a_one": {"crisis": "need", "at": "2024-05-03 06:30"},
            "b_many": {
                "crisis": "need",
                "at": "2024-05-02 10:00",
                "copies": 3,
                "until": "2024-05-07",
            },
        }
    )
    people = made.people
    assert people.copy_of.tolist() == [0, 1, 1, 1]
    assert people.copy_number.tolist() == [0, 0, 1, 2]
    second = 1440 + 600
    assert people.copy_at.tolist() == [
        2 * 1440 + 390,
        second,
        second + 1440,
        second + 3 * 1440,
    ]
    assert len(set(people.copy_keys.tolist())) == 4
    assert people.case_covered.tolist() == [[], []]
    assert people.case_levels.tolist() == [[], []]


def test_the_first_copy_has_the_luck_of_the_case_alone() -> None:
    case = {"crisis": "need", "at": "2024-05-02 10:00"}
    alone = small.plan(cases={"mrs_b": case}).people.copy_keys
    copied = small.plan(cases={"mrs_b": {**case, "copies": 4}}).people.copy_keys
    assert copied[0] == alone[0]


def test_attributes_are_drawn_after_those_they_vary_by() -> None:
    made = small.plan(
        people={
            "number": 20,
            "attributes": {
                "a_last": {"shares": {"by": "m_middle", "no": "no", "yes": "yes"}},
                "m_middle": {"shares": {"by": "z_first", "no": "no", "yes": "yes"}},
                "z_first": {"shares": {"no": 0.5, "yes": 0.5}},
            },
        }
    )
    assert [made.attributes[number] for number in made.people.drawn] == [
        "z_first",
        "m_middle",
        "a_last",
    ]
    for person in levels(made, draw_population(made, 1).levels):
        assert len(set(person.values())) == 1


def test_what_no_case_says_is_left_to_luck() -> None:
    made = small.plan(
        programmes={"team": {"coverage": 1}, "unit": {"coverage": 1}},
        cases={
            "a": {"crisis": "need", "at": "2024-05-02 10:00", "programmes": {"unit": False}},
            "b": {"crisis": "need", "at": "2024-05-02 10:00", "programmes": {"team": True}},
        },
    )
    assert made.people.case_covered.tolist() == [[NONE, 0], [1, NONE]]
