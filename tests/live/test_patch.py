"""A patch says the same in the address, in a saved file and in a world."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.live.controls import position
from sim.live.patch import Patch, as_file, from_address, from_file, in_address
from sim.live.states import command, moved
from sim.live.worlds import Source, Worlds
from sim.scenario.problems import ScenarioError

CLINIC = """
title: A clinic
run: {start: 2024-04-01, duration: 4 weeks, replications: 3}
people: {number: 3000}
crises: {need: {rate: 400, first: see}}
parameters: {rooms: {value: 3, title: Rooms}}
resources:
  nurses: {capacity: {mon-sun 08:00-20:00: 4, other: 0}}
  beds: {capacity: 12}
  places: {capacity: {parameter: rooms}}
pathway: {see: {seize: nurses, delay: 30 min, route: home}}
outcomes: {home: Home}
uncertainty: {crises.need.rate: {uniform: {low: 300, high: 500}}}
"""


@pytest.fixture
def worlds(tmp_path: Path) -> Worlds:
    (tmp_path / "clinic.yaml").write_text(CLINIC)
    option = "title: More\nresources: {nurses: {capacity: 6}}\n"
    (tmp_path / "more.yaml").write_text(option)
    source = Source((str(tmp_path / "clinic.yaml"),), {"more": str(tmp_path / "more.yaml")})
    return Worlds(source)


scalars = st.integers(-(10**9), 10**9) | st.booleans() | st.text(max_size=8) | st.none()
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abc: {}", min_size=1, max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["a.b", "a.c", "d.e.f"]), values, max_size=3))
def test_what_stands_in_an_address_is_read_back(changes: dict[str, Any]) -> None:
    patch = Patch(("one",), {path: value for path, value in changes.items() if value != {}})
    address = in_address(patch)
    sets = [text for word, text in address if word == "set"]
    try:
        found = from_address(["one"], sets, ("one", "two"))
    except ScenarioError as error:  # what no scenario may hold is refused, never changed
        said = ("cannot be printed", "not valid YAML", "a character that YAML does not allow")
        assert any(words in str(error) for words in said)
        return
    assert found == patch


def test_a_slider_moved_is_a_change_of_the_world_and_back_is_none(worlds: Worlds) -> None:
    patch = moved(worlds, Patch(), ["resources.beds.capacity=15", "resources.nurses.capacity=2"])
    model = worlds.loaded(patch).model
    assert model.resources["beds"].capacity == 15
    nurses = next(each for each in worlds.controls if each.path == "resources.nurses.capacity")
    assert position(nurses, worlds.loaded(patch), patch.values) == 2
    assert str(sim.load(Path(worlds.source.name)).model.resources["nurses"].capacity) != str(
        model.resources["nurses"].capacity
    )
    back = moved(worlds, patch, ["resources.beds.capacity=12", "resources.nurses.capacity=0"])
    assert back.empty


def test_more_nurses_come_only_while_there_are_any(worlds: Worlds) -> None:
    patch = moved(worlds, Patch(), ["resources.nurses.capacity=2"])
    assert patch.values == {"resources.nurses.capacity": {"mon-sun 08:00-20:00": {"add": 2}}}
    # the option has as many at any hour
    both = moved(worlds, Patch(("more",)), ["resources.nurses.capacity=2"])
    assert both.values == {"resources.nurses.capacity": {"add": 2}}
    assert worlds.loaded(both).model.resources["nurses"].capacity == 8


def test_no_slider_goes_beyond_its_bounds_or_where_there_is_none(worlds: Worlds) -> None:
    patch = moved(worlds, Patch(), ["resources.beds.capacity=1e9"])
    bounds = {each.path: each for each in worlds.controls}
    assert patch.values["resources.beds.capacity"] == bounds["resources.beds.capacity"].high
    for text in ("resources.nobody.capacity=3", "resources.beds.capacity=much", "nonsense"):
        with pytest.raises(ScenarioError):
            moved(worlds, Patch(), [text])


def test_parameters_and_what_is_uncertain_can_be_moved(worlds: Worlds) -> None:
    paths = {each.path: each.group for each in worlds.controls}
    assert paths["parameters.rooms"] == paths["resources.beds.capacity"]
    assert paths["crises.need.rate"] == "Assumptions"
    assert "resources.places.capacity" not in paths  # it is what its parameter is


def test_a_saved_file_is_an_option_that_makes_the_same_world(
    worlds: Worlds, tmp_path: Path
) -> None:
    moves = ["resources.beds.capacity=15", "crises.need.rate=450", "parameters.rooms=4"]
    patch = moved(worlds, Patch(), moves)
    loaded = worlds.loaded(patch)
    saved = tmp_path / "explored.yaml"
    saved.write_text(as_file(patch, loaded.merged, "Tried", "urgentflow compare"))
    again = sim.load(Path(worlds.source.name), options=[saved])
    assert again.model.resources == loaded.model.resources
    assert again.model.crises == loaded.model.crises
    assert from_file(saved.read_text(), ("more",)) == patch


def test_an_address_cannot_change_what_is_run_nor_name_what_is_not_there() -> None:
    sets = ["run.duration=3 days", "resources.beds.capacity", "a.b=[1"]
    with pytest.raises(ScenarioError) as refused:
        from_address(["mor"], sets, ("more",))
    assert len(refused.value.problems) == 4


def test_the_command_says_what_compare_does_not_do_by_itself(worlds: Worlds) -> None:
    patch = Patch((), {"resources.beds.capacity": 15})
    plain = command(worlds, patch, 3)
    assert plain == f"urgentflow compare {worlds.source.name} explored.yaml"
    laid = {"run.duration": "20 days", "run.start": "2024-05-01"}
    other = Worlds(Source(worlds.source.files, {}, laid, 7))
    assert command(other, patch, 9) == (
        f"{plain} --start 2024-05-01 --days 20 --replications 9 --seed 7"
    )


def test_a_file_that_is_no_option_is_refused_in_words(worlds: Worlds) -> None:
    for text in ("[1, 2]", "extends: other.yaml", "run: {duration: 1 day}", "a: [", ""):
        with pytest.raises(ScenarioError):
            from_file(text, ())
