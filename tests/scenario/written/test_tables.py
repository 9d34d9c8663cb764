"""Tables, shares, routes, spawns, and what they say when they are wrong."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.written import tables
from sim.scenario.written.positions import Spot
from sim.scenario.written.values import By, Distribution, Rate
from tests.scenario.reading import complaint, complaints, parsed


def test_tables_nest() -> None:
    text = "{by: frailty, severe: {by: sex, m: 2, other: 3}, other: 1}"
    inner = By("sex", {"m": 2.0}, 3.0)
    assert parsed(tables.number_table, text) == By("frailty", {"severe": inner}, 1.0)


def test_every_bad_cell_is_reported_with_its_path() -> None:
    text = "{by: a, x: 20, y: {by: b, z: {exponential: {mean: 3}}, other: soon}, other: 1 h}"
    found = complaints(tables.duration_table, text)
    assert [c.path for c in found] == [("x",), ("y", "z", "exponential", "mean"), ("y", "other")]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{by: age}", "a table without cells"),
        ("{by: [age, sex], x: 1}", "`by` does not name one attribute"),
        ("{by: 3, x: 1}", "`by` does not name one attribute"),
        ("-2", "the number is negative"),
        ("[1]", "not a number"),
    ],
)
def test_what_is_no_table_says_why(text: str, what: str) -> None:
    assert complaint(tables.number_table, text).what == what


def test_a_route_may_be_a_name_shares_or_a_table() -> None:
    assert parsed(tables.route_table, "home") == {"home": 1.0}
    assert parsed(tables.route_table, "{a: .16, b: rest}") == {"a": 0.16, "b": 0.84}
    table = parsed(tables.route_table, "{by: s, yes: a, no: {a: 40 %, b: 60 %}}")
    assert table == By("s", {"yes": {"a": 1.0}, "no": {"a": 0.4, "b": 0.6}})


def test_a_level_may_look_like_anything() -> None:
    assert parsed(tables.share_table, "{0-4: .5, 85+: .25, 2: .25}") == {
        "0-4": 0.5,
        "85+": 0.25,
        "2": 0.25,
    }
    assert parsed(tables.share_table, "2.0") == {"2.0": 1.0}


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=8).filter(any))
def test_rest_is_what_the_others_leave(parts: list[int]) -> None:
    total = sum(parts)
    raw: dict[str, object] = {f"a{i}": part / total for i, part in enumerate(parts)}
    raw["a0"] = "rest"
    found = tables.shares(raw, Spot(), "")
    assert math.isclose(found["a0"], parts[0] / total, abs_tol=1e-12)
    assert math.isclose(sum(found.values()), 1, abs_tol=1e-12)


def test_shares_that_only_rounding_keeps_from_one_are_taken() -> None:
    assert sum(parsed(tables.route_table, "{a: .1, b: .2, c: .3, d: .4}").values()) == 1  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "what", "path"),
    [
        ("{a: .16, b: .82}", "the shares sum to 0.98, not 1", ()),
        ("{a: .6, b: .6, c: rest}", "the shares besides `rest` sum to 1.2", ()),
        ("{a: rest, b: rest}", "`rest` is used twice", ("b",)),
        ("{a: 1.2, b: rest}", "a probability above 1", ("a",)),
        ("{a: -.2, b: rest}", "a probability below 0", ("a",)),
        ("{a: x, b: rest}", "not a number", ("a",)),
        ("{}", "shares of nothing", ()),
        ("[a, b]", "not shares", ()),
        ("3", "not shares", ()),
    ],
)
def test_what_is_no_route_says_why(text: str, what: str, path: tuple[str, ...]) -> None:
    found = complaint(tables.route_table, text)
    assert (found.what, found.path) == (what, path)


def test_a_rate_is_per_thousand_a_year_or_of_the_population() -> None:
    yearly = parsed(tables.rate, "525.6")
    assert isinstance(yearly, Rate)
    assert yearly.of == "person"
    assert yearly.per_minute == pytest.approx(1e-6)
    assert parsed(tables.rate, "45 per hour") == Rate(0.75, "population")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            "{by: age, x: 45 per hour, other: 3}",
            "a whole population's rate cannot vary by an attribute",
        ),
        ("1e12", "the number is too large"),
        ("-3", "the number is negative"),
        ("often", "not a rate"),
    ],
)  # fmt: skip
def test_what_is_no_rate_says_why(text: str, what: str) -> None:
    assert complaint(tables.rate, text).what == what


def test_spawn_takes_a_list_or_probabilities() -> None:
    assert parsed(tables.spawn, "[a, b]") == {"a": 1.0, "b": 1.0}
    assert parsed(tables.spawn, "a") == {"a": 1.0}
    table = By("team", {"yes": 1.0, "no": 0.0})
    assert parsed(tables.spawn, "{a: {by: team, yes: 1, no: 0}}") == {"a": table}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{by: team, yes: a}", "a table cannot choose side tasks"),
        ("[a, a]", "the step is spawned twice"),
        ("[3]", "not the name of a step"),
        ("{a: 2}", "a probability above 1"),
        ("3", "not side tasks"),
    ],
)
def test_what_is_no_spawn_says_why(text: str, what: str) -> None:
    assert complaint(tables.spawn, text).what == what


def test_a_table_of_durations_may_mix_constants_and_distributions() -> None:
    table = parsed(tables.duration_table, "{by: s, yes: 0 min, no: {exponential: {mean: 1 h}}}")
    assert table == By(
        "s", {"yes": Distribution("constant", (0.0,)), "no": Distribution("exponential", (60.0,))}
    )
