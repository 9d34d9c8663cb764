"""Values laid over a scenario from outside its files: `run.seed=7` of a command or a sweep."""

from __future__ import annotations

from collections.abc import Mapping

from sim.scenario.paths import at, find, known_part, replaced
from sim.scenario.problems import Path, Problem, dotted, listed, nearest_name
from sim.scenario.quantities import resolved
from sim.scenario.reading import Node, as_node

#: Where overridden values are said to come from.
OVERRIDES = "overrides"


def overridden(root: Node, values: Mapping[str, object], problems: list[Problem]) -> Node:
    """The tree with each value put at its dotted path; None removes what is there.

    A path may name a new field of something that exists, but not a field of nothing.
    """
    for path, value in values.items():
        here = _target(root, path, value)
        if here is None:
            problems.append(_nowhere(root, path))
            continue
        new = None if value is None else as_node(resolved(value), OVERRIDES, 0)
        root = replaced(root, here, new)
    return root


def _target(root: Node, path: str, value: object) -> Path | None:
    """The path of the value to replace or add, or None if there is no such place."""
    found = find(root, path)
    if found:
        return found
    done, missing, _ = known_part(root, path)
    parent = at(root, done)
    if value is None or parent is None or not isinstance(parent.value, dict):
        return None
    rest = path[len(dotted(done)) + 1 :] if done else path
    if rest != missing and len(done) > 0:
        return None
    return (*done, *rest.split(".")) if _may_be_added(done, rest) else None


def _may_be_added(done: Path, rest: str) -> bool:
    """Whether a missing part is a field that may have been left out, not a misspelt name."""
    if not done:
        return rest.split(".")[0] == "run" and rest.count(".") == 1
    return "." not in rest


def _nowhere(root: Node, path: str) -> Problem:
    done, missing, there = known_part(root, path)
    return Problem(
        OVERRIDES,
        0,
        path,
        f"there is no `{missing}` in `{dotted(done)}`" if done else f"there is no `{missing}`",
        allowed=listed(there),
        nearest=nearest_name(missing, there),
    )
