"""The scenarios that are mutated: shipped, invented, and those that are broken to begin with."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sim.scenario import load
from sim.scenario.problems import ScenarioError
from tests.generator.scenarios import scenario

ROOT = Path(__file__).parents[2]

#: how many invented scenarios are drawn from
INVENTED = 2_000


@dataclass(frozen=True)
class Subject:
    """A scenario to mutate: its tree and the files beside it, by name."""

    name: str
    tree: Any
    beside: dict[str, str] = field(default_factory=dict)


def subject(choose: random.Random) -> Subject:
    """A scenario at random: mostly invented ones, for they use the whole language."""
    part = choose.random()
    if part < 0.72:
        return invented(choose.randrange(INVENTED))
    if part < 0.8:
        return choose.choice(broken())
    return choose.choice(shipped() if part < 0.99 else places())


def invented(number: int) -> Subject:
    """One of the invented scenarios."""
    found = scenario(number)
    beside = {"strata.csv": found.strata} if found.strata else {}
    return Subject(f"invented {number}", found.tree, beside)


@cache
def shipped() -> tuple[Subject, ...]:
    """What is shipped and small."""
    files = [
        ROOT / "scenarios" / "quickstart.yaml",
        ROOT / "tests" / "scenario" / "everything.yaml",
        *sorted((ROOT / "scenarios" / "verification").glob("*.yaml")),
    ]
    return tuple(_read(file) for file in files)


@cache
def places() -> tuple[Subject, ...]:
    """Whole places, which take longest to read."""
    return tuple(_read(file) for file in sorted((ROOT / "scenarios").glob("*/before.yaml")))


@cache
def broken() -> tuple[Subject, ...]:
    """Files of the gallery that hold a mapping, and are not broken as YAML."""
    from ruamel.yaml import YAML, YAMLError

    found = []
    for file in sorted((ROOT / "tests" / "gallery").glob("*.yaml")):
        try:
            tree = YAML(typ="safe", pure=True).load(file.read_bytes())
            text = as_json(tree)
        except (YAMLError, TypeError, ValueError):
            continue
        if isinstance(tree, dict) and len(text) < 20_000:
            found.append(Subject(file.stem, tree))
    return tuple(found)


def as_json(tree: Any) -> str:
    """The text of a tree, which must hold nothing that JSON lacks."""
    import json

    return json.dumps(tree)


def _read(file: Path) -> Subject:
    """The merged tree of a file, with the tables it names."""
    try:
        loaded = load(file)
    except ScenarioError as error:
        raise AssertionError(f"a shipped scenario cannot be read: {error}") from None
    beside = {path.name: path.read_text("utf-8") for path in loaded.hashes if path.suffix == ".csv"}
    tree = dict(loaded.tree)
    if isinstance(tree.get("evidence"), str):
        tree["evidence"] = Path(tree["evidence"]).name
    people = tree.get("people", {})
    if isinstance(people.get("strata"), str):
        people["strata"] = Path(people["strata"]).name
    return Subject(str(file.relative_to(ROOT)), tree, beside)


def write(found: Subject, text: str, folder: Path) -> Path:
    """Put a mutant's text, and what stands beside it, into an emptied folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in found.beside.items():
        (folder / name).write_text(content, encoding="utf-8")
    path = folder / "mutant.yaml"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    return path
