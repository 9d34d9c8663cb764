"""What arms share is parsed once, and a tree that is given out twice is never changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.experiment.arm_loading import load_arms
from sim.scenario import ScenarioError, load
from sim.scenario.files import reading
from sim.scenario.files.reading import Node, as_raw, read_file

ROOT = Path(__file__).parents[3]
BEFORE = ROOT / "scenarios" / "sussex" / "before.yaml"
OPTIONS = sorted((ROOT / "scenarios" / "sussex" / "options").glob("*.yaml"))


def test_many_options_on_one_place_parse_each_file_once() -> None:
    reading._parsed.cache_clear()
    arms = load_arms(BEFORE, OPTIONS)
    files = {file for _, loaded in arms for file in loaded.files}
    assert reading._parsed.cache_info().misses == len(files)


def test_a_file_that_has_changed_is_parsed_again(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("title: one\n")
    assert as_raw(read_file(str(file), [])) == {"title": "one"}
    file.write_text("title: two\n")
    assert as_raw(read_file(str(file), [])) == {"title": "two"}


def test_problems_of_a_file_are_said_every_time(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("title: one\ntitle: two\n")
    said = []
    for _ in range(2):
        with pytest.raises(ScenarioError) as error:
            load(file)
        said.append(str(error.value))
    assert said[0] == said[1] and "written twice" in said[0]


def test_loading_leaves_the_trees_it_was_given_as_they_were() -> None:
    def everything(node: Node) -> object:
        if isinstance(node.value, dict):
            return {key: everything(child) for key, child in node.value.items()}
        if isinstance(node.value, list):
            return [everything(child) for child in node.value]
        return (node.value, node.file, node.line)

    files = [str(BEFORE), *map(str, OPTIONS)]
    before = [everything(read_file(file, [])) for file in files]
    load_arms(BEFORE, ["+".join(map(str, OPTIONS))], {"run.duration": "28 days"})
    assert [everything(read_file(file, [])) for file in files] == before
