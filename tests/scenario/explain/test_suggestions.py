"""What the schema gives an editor: words about every field, names of the scenario at hand."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from sim.scenario import load
from sim.scenario.explain.schema import CHANGE, json_schema
from sim.scenario.explain.suggestions import ASKED, schema_for

ROOT = Path(__file__).parents[3]
TEMPLATE = ROOT / "scenarios" / "template" / "scenario.yaml"


def test_every_field_has_a_description() -> None:
    bare = [
        f"{word}.{name}"
        for word, definition in json_schema()["$defs"].items()
        for name, field in definition.get("properties", {}).items()
        if not word.endswith(CHANGE) and not field.get("description")
    ]
    assert bare == []


@pytest.mark.parametrize(("word", "field"), ASKED)
def test_names_of_the_scenario_are_offered(word: str, field: str) -> None:
    loaded = load(ROOT / "scenarios" / "sussex" / "after.yaml")
    offered = schema_for(loaded)["$defs"][word]["properties"][field]["anyOf"][0]["enum"]
    names = {name for section in ASKED[word, field] for name in loaded.tree.get(section, {})}
    assert set(offered) == names and names


def test_nothing_is_refused_that_the_language_allows() -> None:
    schema = schema_for(load(TEMPLATE))
    written = YAML(typ="safe", pure=True).load(TEMPLATE.read_text(encoding="utf-8"))
    written["run"]["start"] = str(written["run"]["start"])
    jsonschema.Draft202012Validator(schema).validate(written)
    written["pathway"]["see_nurse"]["seize"] = "somebody_new"
    written["resources"]["somebody_new"] = {"capacity": 1}
    jsonschema.Draft202012Validator(schema).validate(written)
