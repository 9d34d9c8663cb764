"""Which scenarios a folder of references runs again: its file `regress.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sim.experiment.arm_loading import parts
from sim.scenario.files.reading import Node, read_file
from sim.scenario.files.yaml_text import UnreadableError
from sim.scenario.problems import Problem, ScenarioError, listed, nearest_name

#: the file of a folder of references that lists them
LIST = "regress.yaml"

#: most replications of one case: references are to be small, and run again at every change
MOST_REPLICATIONS = 20

FIELDS = ("scenario", "replications", "overrides")


@dataclass(frozen=True)
class Case:
    """A scenario to run again.

    `files` are the scenario and its options, `overrides` values laid over them by dotted path.
    """

    name: str
    files: tuple[str, ...]
    replications: int = 1
    overrides: Mapping[str, object] = field(default_factory=dict)


def read_cases(folder: Path) -> tuple[Case, ...]:
    """The cases of a folder of references.

    Raises
    ------
    ScenarioError
        With everything that is wrong with its list.
    """
    file = folder / LIST
    problems: list[Problem] = []
    try:
        root = read_file(file.as_posix(), problems)
    except UnreadableError as error:
        raise ScenarioError([error.problem]) from None
    cases: list[Case] = []
    if not isinstance(root.value, dict) or not root.value:
        problems.append(_wrong(root, "", "not a list of cases by name", "name: {scenario: FILE}"))
    else:
        cases = [_case(name, node, folder, problems) for name, node in root.value.items()]
    if problems:
        raise ScenarioError(problems)
    return tuple(cases)


def _case(name: str, node: Node, folder: Path, problems: list[Problem]) -> Case:
    """One case; what is wrong with it goes to `problems`."""
    fields = node.value if isinstance(node.value, dict) else {}
    if not fields:
        problems.append(_wrong(node, name, "not a case", "{scenario: FILE}"))
    if not name.replace("_", "").isalnum():
        problems.append(_wrong(node, name, "names files, so it has", "letters, digits and _"))
    for word, value in fields.items():
        if word not in FIELDS:
            near = nearest_name(word, FIELDS)
            problems.append(
                Problem(
                    value.file, value.line, f"{name}.{word}", "unknown", "", listed(FIELDS), near
                )
            )
    scenario, number = fields.get("scenario"), fields.get("replications")
    files: tuple[str, ...] = ()
    if scenario is None or not isinstance(scenario.value, str):
        problems.append(_wrong(scenario or node, f"{name}.scenario", "no scenario", "a file"))
    else:
        files = tuple((folder / part).as_posix() for part in parts(scenario.value))
    replications = 1 if number is None else number.value
    whole = isinstance(replications, int) and not isinstance(replications, bool)
    if number is not None and not (whole and 1 <= replications <= MOST_REPLICATIONS):
        allowed = f"a whole number from 1 to {MOST_REPLICATIONS}"
        problems.append(_wrong(number, f"{name}.replications", "cannot be", allowed))
    return Case(name, files, replications, _overrides(name, fields.get("overrides"), problems))


def _overrides(name: str, node: Node | None, problems: list[Problem]) -> dict[str, object]:
    if node is None:
        return {}
    if not isinstance(node.value, dict):
        problems.append(_wrong(node, f"{name}.overrides", "not values by path", "{path: value}"))
        return {}
    return {path: plain(value) for path, value in node.value.items()}


def plain(node: Node) -> object:
    """The value of a node, without its places."""
    if isinstance(node.value, dict):
        return {key: plain(value) for key, value in node.value.items()}
    return [plain(value) for value in node.value] if isinstance(node.value, list) else node.value


def _wrong(node: Node, path: str, what: str, allowed: str) -> Problem:
    found = "" if isinstance(node.value, dict | list) else str(node.value)
    return Problem(node.file, node.line, path, what, found=found, allowed=allowed)
