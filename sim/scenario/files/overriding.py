"""Values laid over a scenario from outside its files: `run.seed=7` of a command or a sweep."""

from __future__ import annotations

from collections.abc import Mapping

from sim.scenario.files.merging import SHORT_FORMS, field_of, is_short
from sim.scenario.files.paths import at as find_at
from sim.scenario.files.paths import find, known_part, replaced
from sim.scenario.files.reading import Node, as_node
from sim.scenario.files.relative import changed, is_change
from sim.scenario.language.index import fields_at, holds_names
from sim.scenario.problems import Path, Problem, dotted, listed, nearest_name
from sim.scenario.written.quantities import resolved

#: Where overridden values are said to come from.
OVERRIDES = "overrides"


def overridden(root: Node, values: Mapping[str, object], problems: list[Problem]) -> Node:
    """The tree with each value put at its dotted path; None removes what is there.

    A path may name a field that has been left out, but not a thing there is not.
    """
    for path, value in values.items():
        here = _target(root, path, value)
        if here is None:
            problems.append(_nowhere(root, path))
            continue
        new = None if value is None else as_node(resolved(value), OVERRIDES, 0)
        root = _put(root, here, new, problems)
    return root


def _put(root: Node, path: Path, new: Node | None, problems: list[Problem]) -> Node:
    """The tree with a value replaced, removed if None, or changed if it is a change."""
    path = _long(root, path, new)
    if new is None or not isinstance(new.value, dict):
        return replaced(root, path, new)
    field = field_of(path)
    whole = new
    for part in reversed(path[len(field) :]):
        whole = Node({str(part): whole}, OVERRIDES, 0)
    if not is_change(whole, field):
        return replaced(root, path, new)
    return replaced(root, field, changed(find_at(root, field), whole, field, problems))


def _long(root: Node, path: Path, new: Node | None) -> Path:
    """Where a value goes that is written for a thing as a whole, such as that of a parameter."""
    short = SHORT_FORMS.get(str(path[0])) if len(path) == 2 else None
    if short is None or new is None or find_at(root, (*path, short)) is None:
        return path
    whole = isinstance(new.value, dict) and not is_short(str(path[0]), new)
    return path if whole else (*path, short)


def _target(root: Node, path: str, value: object) -> Path | None:
    """The path of the value to replace or add, or None if there is no such place."""
    found = find(root, path)
    if found:
        return found
    done, _, _ = known_part(root, path)
    rest = path[len(dotted(done)) + 1 :] if done else path
    here: Path = (*done, *rest.split("."))
    return here if value is not None and _may_be_left_out(done, here) else None


def _may_be_left_out(done: Path, path: Path) -> bool:
    """Whether what is missing of a path are fields of the language, not misspelt names."""
    return all(
        path[length] in fields_at(path[:length]) or (holds_names(path[:length]) and length > 1)
        for length in range(len(done), len(path))
    )


def _nowhere(root: Node, path: str) -> Problem:
    done, missing, there = known_part(root, path)
    there += [name for name in fields_at(done) if name not in there]
    return Problem(
        OVERRIDES,
        0,
        path,
        f"there is no `{missing}` in `{dotted(done)}`" if done else f"there is no `{missing}`",
        allowed=listed(there),
        nearest=nearest_name(missing, there),
    )
