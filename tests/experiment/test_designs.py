"""Designs: every variant once, named by what differs; draws cover what is uncertain evenly."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.experiment.designs import Design, Variant
from sim.experiment.designs.build import Asked, design_of, short
from sim.experiment.designs.draws import latin_hypercube, quantile
from sim.experiment.designs.points import BadRangeError, Point, point, values_in
from sim.experiment.designs.sets import option_sets
from sim.experiment.designs.variances import variance_parts
from sim.scenario import Loaded, load
from sim.scenario.written.values import Distribution
from tests.gallery.accept import EXPERIMENTS

BASELINE = (EXPERIMENTS / "files" / "walk_in.yaml").as_posix()

TEAM = """\
title: A team
rationale: Somebody comes sooner.
resources: {team: {capacity: 4}}
pathway: {x_ray: {seize: team}}
uncertainty: {pathway.x_ray.delay: {triangular: {low: 10 min, mode: 15 min, high: 30 min}}}
"""

NURSE = (EXPERIMENTS / "files" / "third_nurse.yaml").as_posix()


def loader(variant: Variant) -> Loaded:
    return load(BASELINE, variant.options, variant.overrides)


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    team = tmp_path / "team.yaml"
    team.write_text(TEAM, encoding="utf-8")
    return Asked(options={"nurse": NURSE, "team": team.as_posix()}, ways=("all",))


def points(*values: object) -> tuple[Point, ...]:
    return tuple(point(value) for value in values)


def names(design: Design) -> list[str]:
    return [variant.name for variant in design.variants]


def test_ways_of_combining() -> None:
    options = ("a", "b", "c")
    assert option_sets(options, ()) == [()]
    assert option_sets(options, ("one_by_one",)) == [(), ("a",), ("b",), ("c",)]
    assert len(option_sets(options, ("all",))) == 8
    assert option_sets(options, ("in_order",)) == [(), ("a",), ("a", "b"), ("a", "b", "c")]
    taken = option_sets(options, ("taken_out",))
    assert taken == [(), ("b", "c"), ("a", "c"), ("a", "b"), ("a", "b", "c")]
    assert option_sets(options, (("c", "a"),)) == [(), ("a", "c")]
    assert len(option_sets(options, ("one_by_one", "taken_out", "all"))) == 8


def test_options_sweeps_and_draws_are_combined_each_with_each(asked: Asked) -> None:
    everything = dataclasses.replace(
        asked,
        sweeps={
            "people.number": points(4000, 5000),
            "resources.team.capacity": points(1, 2),
        },
        draws=3,
    )
    design = design_of(everything, loader)
    # without the team its capacity is not swept: 1 + 2 * 2 + 2 * 4 policies
    assert len(design.policies) == 13
    assert len(design.variants) == 39
    assert len(set(names(design))) == 39
    assert names(design)[0] == "baseline, draw 1"
    assert "nurse+team, people number 4000, team capacity 2, draw 3" not in names(design)
    assert "nurse+team, number 4000, team capacity 2, draw 3" in names(design)
    assert design.draws == (1, 2, 3)
    for variant in design.variants:
        loader(variant)


def test_the_baseline_comes_first_and_nothing_is_laid_over_it(asked: Asked) -> None:
    design = design_of(asked, loader)
    assert names(design) == ["baseline", "nurse", "team", "nurse+team"]
    assert design.variants[0] == Variant(
        "baseline", levels={"nurse": False, "team": False}, policy="baseline"
    )
    assert design.variants[3].applied == {"nurse", "team"}
    assert [factor.title for factor in design.factors] == ["A third nurse", "A team"]


def test_a_draw_is_the_same_for_every_policy_that_has_the_input(asked: Asked) -> None:
    design = design_of(dataclasses.replace(asked, draws=5), loader)
    by_name = {variant.name: variant for variant in design.variants}
    for draw in range(1, 6):
        rates = {by_name[f"{p}, draw {draw}"].levels["crises.injury.rate"] for p in design.policies}
        assert len(rates) == 1
        assert "pathway.x_ray.delay" not in by_name[f"nurse, draw {draw}"].levels
        one, other = by_name[f"team, draw {draw}"], by_name[f"nurse+team, draw {draw}"]
        assert one.overrides["pathway.x_ray.delay"] == other.overrides["pathway.x_ray.delay"]


def test_what_is_swept_is_not_drawn(asked: Asked) -> None:
    swept = Asked(sweeps={"crises.injury.rate": points(450, 550)}, draws=2)
    design = design_of(swept, loader)
    last = design.variants[-1]
    assert last.overrides["crises.injury.rate"] == 550


def test_a_path_is_named_without_its_section_where_that_is_enough() -> None:
    paths = ("resources.team.title", "programmes.team.title", "crises.injury.rate", "people")
    words = [short(path, paths) for path in paths]
    assert words == ["resources team title", "programmes team title", "injury rate", "people"]


@given(number=st.integers(2, 40), seed=st.integers(0, 2**40))
@settings(max_examples=20, deadline=None)
def test_each_part_of_a_distribution_is_drawn_once(number: int, seed: int) -> None:
    drawn = latin_hypercube(("a", "b"), number, seed)
    for column in drawn.T:
        assert sorted(np.floor(column * number).astype(int)) == list(range(number))
    assert ((drawn > 0) & (drawn < 1)).all()


def test_another_uncertain_input_changes_no_draw_of_the_others() -> None:
    few, more = latin_hypercube(("a", "c"), 9, 1), latin_hypercube(("a", "b", "c"), 9, 1)
    np.testing.assert_array_equal(few, more[:, [0, 2]])


def test_rank_correlations_are_had_and_the_parts_kept() -> None:
    from scipy.stats import spearmanr

    wanted = {("a", "b"): 0.8, ("b", "c"): -0.5}
    drawn = latin_hypercube(("a", "b", "c", "d"), 200, 4, wanted)
    plain = latin_hypercube(("a", "b", "c", "d"), 200, 4)
    found = spearmanr(drawn).statistic
    assert found[0, 1] == pytest.approx(0.8, abs=0.05)
    assert found[1, 2] == pytest.approx(-0.5, abs=0.08)
    np.testing.assert_array_equal(np.sort(drawn, axis=0), np.sort(plain, axis=0))
    np.testing.assert_array_equal(drawn[:, 3], plain[:, 3])


def test_draws_have_the_mean_of_their_distribution() -> None:
    triangle = Distribution("triangular", (0.2, 0.35, 0.65))
    values = [quantile(triangle, u) for u in latin_hypercube(("x",), 100, 7)[:, 0]]
    assert np.mean(values) == pytest.approx(0.4, abs=0.002)
    cells = Distribution("empirical", (), (1.0, 5.0), (0.25, 0.75))
    assert [quantile(cells, u) for u in (0.1, 0.9)] == [1.0, 5.0]


@pytest.mark.parametrize(
    "ends", [(1, 5, 0), (1, 5, -1), (1, "5 min", 1), ("many", 5, 1), (0, 5000, 1)]
)
def test_ranges_that_lead_nowhere_are_refused(ends: tuple[object, object, object]) -> None:
    with pytest.raises(BadRangeError):
        values_in(*ends)


def test_variance_is_split_into_inputs_and_luck() -> None:
    rng = np.random.default_rng(1)
    inputs, luck = rng.normal(0, 3, (400, 1)), rng.normal(0, 2, (400, 5))
    parts = variance_parts(inputs + luck)
    assert parts.inputs == pytest.approx(9, rel=0.2)
    assert parts.luck == pytest.approx(4, rel=0.1)
    assert variance_parts(rng.normal(0, 1, (50, 5)) * 0).inputs == 0
    assert np.isnan(variance_parts([[1.0, 2.0]]).inputs)


def test_luck_that_every_draw_shares_is_not_taken_off_what_inputs_do() -> None:
    inputs, luck = np.array([0.0, 1.0, 2.0, 3.0]), np.array([-10.0, 10.0])
    parts = variance_parts(inputs[:, None] + luck[None, :])
    assert parts.inputs == pytest.approx(inputs.var(ddof=1))
    assert parts.luck == pytest.approx(luck.var(ddof=1))
