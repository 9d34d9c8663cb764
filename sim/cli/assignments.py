"""`--set PATH=VALUE`: values laid over a scenario as if its files had them."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence

#: what YAML calls nothing, which removes what is there
NOTHING = ("null", "~")

EXAMPLE = "as resources.ward_beds.capacity=320"


def add_assignments(parser: argparse._ActionsContainer) -> None:
    """Add `--set`."""
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="PATH=VALUE",
        help="a value laid over every scenario read, written as in its files: "
        "resources.ward_beds.capacity=320, parameters.effect={times: 1.2}; null removes it",
    )


def assigned(texts: Sequence[str], others: Mapping[str, object]) -> dict[str, object]:
    """The values given, by dotted path; `others` are what other arguments say.

    Raises
    ------
    sim.scenario.problems.ScenarioError
        For all that cannot be read as a path and a value, or is given twice.
    """
    from sim.scenario.files.reading import as_raw, read_text
    from sim.scenario.files.yaml_text import UnreadableError
    from sim.scenario.problems import Problem, ScenarioError

    given: dict[str, object] = dict(others)
    problems: list[Problem] = []

    def refuse(what: str, text: str) -> None:
        problems.append(Problem("the command line", 0, "--set", what, text, EXAMPLE))

    for text in texts:
        path, equals, value = (part.strip() for part in text.partition("="))
        if not (path and equals and value):
            refuse("a path, `=` and a value are wanted", text)
        elif path in given:
            refuse(f"`{path}` is given twice", text)
        elif value in NOTHING:
            given[path] = None
        else:
            try:
                given[path] = as_raw(read_text(value, f"--set {path}", problems))
            except UnreadableError as error:
                problems.append(error.problem)
    if problems:
        raise ScenarioError(problems)
    return given
