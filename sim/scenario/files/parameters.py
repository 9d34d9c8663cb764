"""Parameters: numbers that have a name, so that one change moves everything that uses them.

Wherever a number or a duration may stand, `{parameter: NAME}` takes it from `parameters`;
`complement: true` takes 1 less the parameter, `times` so many times that, `add` so much more,
in this order. References are resolved once all files are laid over each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from sim.scenario.files.reading import Node, as_node, as_raw
from sim.scenario.language.index import holds_names
from sim.scenario.problems import Path, Problem, dotted, listed, nearest_name
from sim.scenario.written.amounts import Amount, added, amount, multiplied, written
from sim.scenario.written.positions import Complaint
from sim.scenario.written.scalars import BROKEN, shown

SECTION: Final = "parameters"
PARAMETER: Final = "parameter"
FIELDS: Final = (PARAMETER, "complement", "times", "add")

#: Sections in which nothing is taken from a parameter.
WITHOUT: Final = frozenset({SECTION, "correlations", "sources", "uncertainty", "outcomes"})


def is_reference(node: Node) -> bool:
    """Whether a value is taken from a parameter (unless names stand where it is)."""
    if not isinstance(node.value, dict) or "by" in node.value:
        return False
    name = node.value.get(PARAMETER)
    if name is None or not isinstance(name.value, str) or name.value == "rest":
        return False
    return amount(name.value) is None


def references(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Every value that is taken from a parameter, with its path."""
    if path[:1] and path[0] in WITHOUT:
        return
    if isinstance(node.value, list):
        for index, part in enumerate(node.value):
            yield from references(part, (*path, index))
    elif isinstance(node.value, dict):
        if path and not holds_names(path) and is_reference(node):
            yield path, node
            return
        for key, part in node.value.items():
            yield from references(part, (*path, key))


def used(root: Node) -> dict[str, list[Path]]:
    """Paths that take their value from each parameter, by its name."""
    found: dict[str, list[Path]] = {}
    for path, node in references(root):
        found.setdefault(str(node.value[PARAMETER].value), []).append(path)
    return found


def unused(tree: Mapping[str, Any]) -> list[Complaint]:
    """A complaint for each parameter of a merged tree that nothing takes its value from."""
    users = used(as_node(tree, "", 0))
    return [
        Complaint((SECTION, name), f"nothing uses the parameter `{name}`")
        for name in tree.get(SECTION, ())
        if name not in users
    ]


def resolved(root: Node, problems: list[Problem]) -> Node:
    """The tree with the value of its parameter in the place of every reference."""
    declared = root.child(SECTION)
    known = declared.value if declared is not None and isinstance(declared.value, dict) else {}
    problems += _doubly_uncertain(root)
    return _resolved(root, (), known, problems)


def _doubly_uncertain(root: Node) -> Iterator[Problem]:
    """Uncertainties of values that come from parameters, which have their own."""
    said = root.child("uncertainty")
    uncertain = said.value if said is not None and isinstance(said.value, dict) else {}
    for path, node in references(root) if uncertain else ():
        name = node.value[PARAMETER].value
        for length in range(1, len(path) + 1):
            if (text := dotted(path[:length])) in uncertain:
                at = uncertain[text]
                yield Problem(
                    at.file,
                    at.line,
                    f"uncertainty.{text}",
                    f"the value comes from parameter `{name}`, whose uncertainty it has",
                    allowed=f"the uncertainty of `parameters.{name}`",
                )


def _resolved(node: Node, path: Path, known: Mapping[str, Node], problems: list[Problem]) -> Node:
    if path[:1] and path[0] in WITHOUT:
        return node
    if isinstance(node.value, list):
        items = [_resolved(part, (*path, i), known, problems) for i, part in enumerate(node.value)]
        return Node(items, node.file, node.line)
    if not isinstance(node.value, dict):
        return node
    if path and not holds_names(path) and is_reference(node):
        return Node(_value(node, path, known, problems), node.file, node.line)
    entries = {k: _resolved(v, (*path, k), known, problems) for k, v in node.value.items()}
    return Node(entries, node.file, node.line)


def _value(node: Node, path: Path, known: Mapping[str, Node], problems: list[Problem]) -> Any:
    """What a reference comes to; broken, with a problem, if it comes to nothing."""

    def refuse(at: Node, what: str, found: str = "", allowed: str = "", near: str = "") -> Any:
        problems.append(Problem(at.file, at.line, dotted(path), what, found, allowed, near))
        return BROKEN

    name = node.value[PARAMETER].value
    for field in node.value:
        if field not in FIELDS:
            return refuse(
                node.value[field], f"`{field}` is nothing that a value from a parameter has",
                allowed=listed(FIELDS), near=nearest_name(field, FIELDS),
            )  # fmt: skip
    if name not in known:
        return refuse(
            node, f"there is no parameter `{name}`", allowed=listed(known),
            near=nearest_name(name, known),
        )  # fmt: skip
    entry = known[name]
    said = entry.child("value") if isinstance(entry.value, dict) else entry
    one = amount(said.value) if said is not None else None
    if one is None:
        return BROKEN  # the parameter itself is refused
    complement = node.child("complement")
    if complement is not None and not isinstance(complement.value, bool):
        return refuse(
            complement, "`complement` is neither true nor false", shown(as_raw(complement)),
            "`true`: 1 less the parameter",
        )  # fmt: skip
    if complement is not None and complement.value:
        if one.kind != "number":
            return refuse(
                complement, f"only a share has a complement, and `{name}` is a {one.kind}",
                str(written(one)), "a parameter from 0 to 1",
            )  # fmt: skip
        one = Amount(1 - one.value, unit=one.unit)
    factor, more = _factor(node), _more(node)
    if factor is None:
        at = node.value["times"]
        return refuse(at, "`times` is not a factor", shown(as_raw(at)), "a number, such as 1.25")
    if "add" in node.value and more is None:
        at = node.value["add"]
        return refuse(at, "`add` is not a number or a duration", shown(as_raw(at)), "4 or 10 min")
    result: Amount | None = multiplied(one, factor)
    if more is not None and result is not None:
        result = added(result, more)
    if result is None:
        at = node.value["add"]
        return refuse(
            at, f"what is added is not of the kind of `{name}`", shown(as_raw(at)),
            f"a {one.kind}, like {written(one)}",
        )  # fmt: skip
    return written(result)


def _factor(node: Node) -> Fraction | None:
    """The factor of a reference; None if it cannot be read."""
    if "times" not in node.value:
        return Fraction(1)
    said = amount(node.value["times"].value)
    return said.value if said is not None and said.kind == "number" else None


def _more(node: Node) -> Amount | None:
    """What a reference adds, if anything that can be read."""
    return amount(node.value["add"].value) if "add" in node.value else None


def adjusted(
    node: Node, times: Fraction, add: Amount | None, place: tuple[str, int]
) -> dict[str, Node] | None:
    """The parts of a reference after one more change; None if its sums would differ in kind."""
    factor, more = _factor(node), _more(node)
    found = dict(node.value)
    if factor is None:
        return found  # refused when it is resolved
    if times * factor != 1 or "times" in found:
        found["times"] = Node(written(Amount(factor * times)), *place)
    total = multiplied(more, times) if more is not None else None
    if add is not None:
        total = add if total is None else added(total, add)
        if total is None:
            return None
    if total is not None:
        found["add"] = Node(written(total), *place)
    return found
