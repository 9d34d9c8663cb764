"""Order never matters, and no file whatever leads to anything but a scenario or plain words."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario import ScenarioError, load
from sim.scenario.files.reading import as_raw, read_file
from sim.scenario.language.attributes import declared
from sim.scenario.written.scalars import plain

EVERYTHING = Path(__file__).parent / "everything.yaml"

quiet = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def raw() -> Any:
    return plain(as_raw(read_file(str(EVERYTHING), [])))


def write(folder: Path, tree: Any) -> Path:
    """A tree written as JSON, which is YAML."""
    path = folder / "scenario.yaml"
    path.write_text(json.dumps(tree, indent=1, ensure_ascii=False), encoding="utf-8")
    return path


def shuffled(tree: Any, order: Any) -> Any:
    if isinstance(tree, dict):
        items = [(key, shuffled(value, order)) for key, value in tree.items()]
        return dict(order(items))
    return tree


def test_reversing_every_mapping_gives_an_equal_model(tmp_path: Path) -> None:
    backwards = load(write(tmp_path, shuffled(raw(), lambda items: items[::-1]))).model
    assert backwards == load(EVERYTHING).model
    assert declared(backwards) == declared(load(EVERYTHING).model)


@quiet
@given(st.data())
def test_any_order_of_mappings_gives_an_equal_model(tmp_path: Path, data: st.DataObject) -> None:
    tree = shuffled(raw(), lambda items: data.draw(st.permutations(items)))
    assert load(write(tmp_path, tree)).model == load(EVERYTHING).model


VALUES = [
    None, True, 0, -1, 0.5, 1e12, "", "x", "age", "rest", "20 min", "20", "85+", "by", "none",
    "yes", "2024-02-30", "always", "unlimited", [], {}, ["a"], [None], {"by": "age"},
    {"by": "age", "other": 1}, {"a": 0.5, "b": 0.5}, {"": 1}, "home", "60 %", "1 per min",
    {"exponential": {"mean": "3 min"}}, {"x": None},
]  # fmt: skip

NAMES = ["x", "age", "by", "other", "home", "crew", "route", "delay", "", "none"]


def paths(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items: Any = ()
    if isinstance(tree, dict):
        items = tree.items()
    elif isinstance(tree, list):
        items = enumerate(tree)
    return [path, *(p for key, part in items for p in paths(part, (*path, key)))]


def at(tree: Any, path: tuple[Any, ...]) -> Any:
    for part in path:
        tree = tree[part]
    return tree


def mutate(tree: Any, data: st.DataObject) -> None:
    """Replace, remove, rename or copy one value anywhere."""
    everywhere = paths(tree)[1:]
    path = data.draw(st.sampled_from(everywhere))
    parent, key = at(tree, path[:-1]), path[-1]
    how = data.draw(st.sampled_from(["replace", "remove", "rename", "copy"]))
    if how == "remove":
        del parent[key]
    elif how == "rename" and isinstance(parent, dict):
        parent[data.draw(st.sampled_from(NAMES))] = parent.pop(key)
    elif how == "copy":
        parent[key] = copy.deepcopy(at(tree, data.draw(st.sampled_from(everywhere))))
    else:
        parent[key] = copy.deepcopy(data.draw(st.sampled_from(VALUES)))


@quiet
@given(st.data())
def test_any_mutation_of_a_scenario_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    tree = raw()
    for _ in range(data.draw(st.integers(1, 4))):
        mutate(tree, data)
    path = write(tmp_path, tree)
    try:
        load(path)
    except ScenarioError as error:
        assert error.problems
        assert all(problem.what and problem.file for problem in error.problems)


@quiet
@given(st.data())
def test_any_slip_of_the_keyboard_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    text = EVERYTHING.read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text)))
    end = min(len(text), start + data.draw(st.integers(0, 6)))
    typed = data.draw(st.text(alphabet="{}[]:,-?&*!|>'\"%@` \n\t#~\\ax1.é", max_size=4))
    path = tmp_path / "scenario.yaml"
    path.write_text(text[:start] + typed + text[end:], encoding="utf-8")
    try:
        load(path)
    except ScenarioError as error:
        assert error.problems
