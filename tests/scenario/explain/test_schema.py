"""The JSON Schema accepts what is read and catches what an editor can catch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sim.scenario.explain.schema import json_schema
from sim.scenario.files.reading import as_raw, read_file
from sim.scenario.language.model import Scenario
from sim.scenario.written.scalars import plain

ROOT = Path(__file__).parents[3]
EVERYTHING = Path(__file__).parents[1] / "everything.yaml"
SHIPPED = sorted(ROOT.glob("scenarios/**/*.yaml"))


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def raw(path: Path) -> Any:
    return plain(as_raw(read_file(str(path), [])))


def test_scenarios_are_shipped() -> None:
    assert len(SHIPPED) > 20


@pytest.mark.parametrize("path", [*SHIPPED, EVERYTHING], ids=lambda path: path.stem)
def test_every_shipped_file_is_valid(
    validator: jsonschema.Draft202012Validator, path: Path
) -> None:
    errors = [f"{list(e.absolute_path)}: {e.message}" for e in validator.iter_errors(raw(path))]
    assert errors == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("run", "sed"), 1),
        (("run", "duration"), 28),
        (("run", "start"), "01/04/2024"),
        (("people", "number"), "100,000"),
        (("crises", "fall", "rate"), -1),
        (("crises", "fall", "profile", "weekday"), [1, 2, 3]),
        (("pathway", "ward", "dely"), "3 min"),
        (("pathway", "ward", "delay"), {"lognormal": {"mean": "3 min"}}),
        (("pathway", "ward", "delay"), {"lognorml": {"mean": "3 min", "sd": "3 min"}}),
        (("pathway", "ward", "delay"), {"until": "10:00", "thn": "3 min"}),
        (("pathway", "ward", "delay"), {"until": 10}),
        (("pathway", "ward", "route"), {"home": 1.5}),
        (("pathway", "ward", "hold"), "nxt"),
        (("resources", "beds", "capacity"), "lots"),
        (("resources", "beds", "bed"), "acutee"),
        (("programmes", "ltc_team", "coverage"), 60),
        (("pathwy",), {}),
    ],
)
def test_slips_are_caught_while_typing(
    validator: jsonschema.Draft202012Validator, path: tuple[str, ...], value: object
) -> None:
    tree = raw(EVERYTHING)
    place = tree
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    assert not validator.is_valid(tree)


def test_a_missing_field_is_caught_in_a_scenario_but_not_in_a_change(
    validator: jsonschema.Draft202012Validator,
) -> None:
    tree = {"title": "x", "pathway": {"triage": {"delay": "3 min"}}, "resources": {"beds": None}}
    assert not validator.is_valid(tree)
    assert validator.is_valid({**tree, "rationale": "y"})
    assert validator.is_valid({**tree, "extends": "z.yaml"})


def test_every_section_and_field_is_described() -> None:
    schema = json_schema()
    text = json.dumps(schema)
    assert "x-defined-as" not in text
    for section in Scenario.model_fields:
        assert section in schema["$defs"]["Scenario"]["properties"]
    for name, definition in schema["$defs"].items():
        assert definition.get("description"), name


def test_every_reference_leads_somewhere() -> None:
    schema = json_schema()
    text = json.dumps(schema)
    used = {part.split('"')[0] for part in text.split('"#/$defs/')[1:]}
    assert used <= set(schema["$defs"])
