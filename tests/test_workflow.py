"""The workflow of GitHub: what it runs is what CONTRIBUTING and the classifiers promise."""

from __future__ import annotations

import re
import tomllib
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent


def jobs() -> dict[str, Any]:
    text = (ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")
    found: dict[str, Any] = YAML(typ="safe").load(text)["jobs"]
    return found


def test_every_python_that_is_promised_is_tried_on_every_system() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    promised = re.findall(r"Programming Language :: Python :: (3\.\d+)", text)
    for name in ("regress", "tests"):
        matrix = jobs()[name]["strategy"]["matrix"]
        assert matrix["python"] == promised
        assert {system.split("-")[0] for system in matrix["os"]} == {"ubuntu", "macos", "windows"}


def test_references_are_run_again_and_dependencies_are_tried_without_bounds() -> None:
    runs = {name: [step.get("run", "") for step in job["steps"]] for name, job in jobs().items()}
    assert "urgentflow regress" in runs["regress"]
    assert "pytest" in runs["tests"]
    assert "python .ci/without_upper_bounds.py" in runs["newest"]


def test_upper_bounds_are_taken_out_and_nothing_else() -> None:
    spec = spec_from_file_location("bounds", ROOT / ".ci" / "without_upper_bounds.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    before, after = tomllib.loads(text), tomllib.loads(module.without(text))
    every = [
        *after["project"]["dependencies"],
        *(one for many in after["project"]["optional-dependencies"].values() for one in many),
    ]
    assert any("<" in one for one in before["project"]["dependencies"])
    assert not [one for one in every if "<" in one]
    assert [re.split("[<>=]", one)[0] for one in after["project"]["dependencies"]] == [
        re.split("[<>=]", one)[0] for one in before["project"]["dependencies"]
    ]
