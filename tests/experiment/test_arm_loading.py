"""Claims about how files named by a user become arms."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.experiment.arm_loading import is_option, load_arms, parts, title_of
from sim.scenario import load

SCENARIO = """\
title: One desk
run: {start: 2024-04-01, duration: 5 days}
people: {number: 500}
crises: {need: {rate: 9000, first: serve}}
resources: {desk: {capacity: 1}}
pathway: {serve: {seize: desk, delay: 30 min, route: done}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("base.yaml").write_text(SCENARIO)
    Path("two.yaml").write_text("title: Two\nrationale: r\nresources: {desk: {capacity: 2}}\n")
    Path("slow.yaml").write_text("title: Slow\nrationale: r\npathway: {serve: {delay: 1 h}}\n")
    Path("bare.yaml").write_text("title: Bare\nresources: {desk: {capacity: 3}}\n")
    Path("other.yaml").write_text("title: Other\nextends: base.yaml\noptions: [two.yaml]\n")
    Path("there").mkdir()
    Path("there/base.yaml").write_text(SCENARIO)
    return tmp_path


def test_a_plus_joins_files_unless_it_is_part_of_a_name(folder: Path) -> None:
    assert parts("a.yaml+b.yaml") == ("a.yaml", "b.yaml")
    Path("a+b.yaml").write_text(SCENARIO)
    assert parts("a+b.yaml") == ("a+b.yaml",)


def test_options_are_told_from_scenarios(folder: Path) -> None:
    assert [is_option(name) for name in ("base.yaml", "two.yaml", "bare.yaml", "other.yaml")] == [
        False,
        True,
        True,
        False,
    ]


def test_options_are_applied_on_the_baseline_in_order(folder: Path) -> None:
    arms = load_arms("base.yaml+slow.yaml", ["two.yaml", "two.yaml+bare.yaml", "other.yaml"])
    assert [name for name, _ in arms] == ["base+slow", "two", "two+bare", "other"]
    desks = [loaded.model.resources["desk"].capacity for _, loaded in arms]
    assert desks == [1, 2, 3, 2]
    applied = [[option.title for option in loaded.applied] for _, loaded in arms]
    assert applied == [["Slow"], ["Slow", "Two"], ["Slow", "Two", "Bare"], ["Two"]]


def test_arms_are_titled_by_what_they_add(folder: Path) -> None:
    arms = [loaded for _, loaded in load_arms("base.yaml", ["two.yaml+bare.yaml", "other.yaml"])]
    assert [title_of(arm, arms[0]) for arm in arms] == ["One desk", "Two + Bare", "Other"]


def test_arms_of_a_sweep_are_named_by_what_differs(folder: Path) -> None:
    sweep = [load("base.yaml", overrides={"resources.desk.capacity": n}) for n in (2, 3)]
    names = [name for name, _ in load_arms(load("base.yaml"), sweep)]
    assert names == ["base", "base (desk capacity 2)", "base (desk capacity 3)"]


def test_only_what_differs_is_in_the_name(folder: Path) -> None:
    same = {"run.seed": 7}
    arms = [load("base.yaml", overrides={**same, "resources.desk.capacity": n}) for n in (2, 3)]
    names = [name for name, _ in load_arms(arms[0], [arms[1], arms[1]])]
    assert names == [
        "base (desk capacity 2)",
        "base (desk capacity 3)",
        "base (desk capacity 3), the same again",
    ]


def test_names_are_never_the_same(folder: Path) -> None:
    arms = load_arms("base.yaml", ["there/base.yaml", "base.yaml"])
    assert len({name for name, _ in arms}) == 3
    assert load_arms("base.yaml", ["there/base.yaml"])[1][0] == "there/base"
