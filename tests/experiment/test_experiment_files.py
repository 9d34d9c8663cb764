"""Experiment files: what they say is read, and every broken one is refused in its own words."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from sim.experiment.language import read_experiment
from sim.experiment.language.experiment import SECTIONS
from sim.experiment.language.reading import experiment_of
from sim.experiment.language.schema import json_schema
from sim.experiment.language.short_form import sections
from sim.scenario import ScenarioError
from tests.gallery.accept import EXPERIMENTS, expected, message_of_experiment

FILES = sorted(EXPERIMENTS.glob("*.yaml"))
SHIPPED = sorted((Path(__file__).parents[2] / "experiments").glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_broken_file_is_refused_in_these_words(file: Path) -> None:
    code, printed = message_of_experiment(file.name)
    assert printed == expected(file).read_text(encoding="utf-8")
    assert code == 2


def test_what_is_said_is_read(tmp_path: Path) -> None:
    walk_in = (EXPERIMENTS / "files" / "walk_in.yaml").as_posix()
    nurse = (EXPERIMENTS / "files" / "third_nurse.yaml").as_posix()
    file = tmp_path / "which.yaml"
    file.write_text(
        f"""\
title: Which?
baseline: {walk_in}
options: {{more: {nurse}}}
combine: all
sweep:
  resources.nurses.capacity: {{from: 1, to: 3, by: 1}}
  pathway.x_ray.delay: [10 min, 20 min]
draws: {{number: 4, seed: 9}}
run: {{replications: 7, seed: 3, duration: 2 days}}
headline: [arrivals]
""",
        encoding="utf-8",
    )
    found = read_experiment(file)
    assert found.title == "Which?"
    assert found.asked.options == {"more": nurse}
    assert found.asked.ways == ("all",)
    assert [point.value for point in found.asked.sweeps["resources.nurses.capacity"]] == [1, 2, 3]
    delays = found.asked.sweeps["pathway.x_ray.delay"]
    assert [(point.level, point.text) for point in delays] == [(10.0, "10 min"), (20.0, "20 min")]
    assert (found.asked.draws, found.asked.seed, found.asked.of) == (4, 9, None)
    assert (found.replications, found.seed) == (7, 3)
    assert found.overrides == {"run.duration": "2 days"}
    assert found.headline == ("arrivals",)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("300:380:40", [300, 340, 380]),
        ("0.1:0.3:0.1", [0.1, 0.2, 0.3]),
        ("10 min:1 h:25 min", ["10 min", "35 min", "60 min"]),
        ("1,2,5", [1, 2, 5]),
        ("7", [7]),
        ("3:1:-1", [3, 2, 1]),
        ("times 0.8:1.2:0.2", [{"times": 0.8}, {"times": 1}, {"times": 1.2}]),
        ("add 4", [{"add": 4}]),
    ],
)
def test_the_command_line_says_the_same_in_short(text: str, values: list[object]) -> None:
    walk_in = (EXPERIMENTS / "files" / "walk_in.yaml").as_posix()
    said = sections(walk_in, [], [f"resources.nurses.capacity={text}"], None, None)
    points = experiment_of(said, "the command line").asked.sweeps["resources.nurses.capacity"]
    assert [point.value for point in points] == values


@pytest.mark.parametrize("text", ["resources.nurses.capacity", "=3", "a=", "a=times 1:2:-1"])
def test_a_sweep_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ScenarioError):
        experiment_of(sections("a.yaml", [], [text], None, None), "the command line")


@pytest.mark.parametrize("file", [*SHIPPED], ids=lambda file: file.stem)
def test_shipped_experiments_are_valid_by_the_schema(file: Path) -> None:
    from ruamel.yaml import YAML

    said = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    jsonschema.validate(said, json_schema())
    assert read_experiment(file).question


def test_the_schema_has_every_section_and_refuses_others() -> None:
    schema = json_schema()
    assert list(schema["properties"]) == list(SECTIONS)
    assert all(part["description"] for part in schema["properties"].values())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"baseline": "a.yaml", "colour": "blue"}, schema)
