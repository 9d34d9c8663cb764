"""Laying one file over another: the merge rule of `extends` and `options`.

Named things merge by name; a named thing's fields are replaced one by one; a field's value is
replaced whole, so routes and tables never mix; `null` removes. Which parts of a scenario are named
things is said once, in `SECTIONS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.scenario.files.paths import find
from sim.scenario.files.reading import Node
from sim.scenario.files.relative import changed, in_force, is_change
from sim.scenario.problems import Path, Problem, dotted, listed, nearest_name


@dataclass(frozen=True, slots=True)
class Value:
    """A value that is replaced whole."""


@dataclass(frozen=True, slots=True)
class Fields:
    """A thing whose fields are replaced one by one; fields not named here are replaced whole."""

    parts: Mapping[str, Rule] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Named:
    """Things by name, each merged by the same rule."""

    of: Rule = field(default_factory=Value)


Rule = Value | Fields | Named

THINGS = Named(Fields())

#: How each part of a scenario merges.
SECTIONS = Fields(
    {
        "run": Fields(),
        "parameters": THINGS,
        "correlations": Named(Named()),
        "people": Fields({"attributes": THINGS}),
        "crises": Named(
            Fields({"relative_rates": Named(), "profile": Fields(), "attributes": THINGS})
        ),
        "arrivals": Named(Fields({"profile": Fields(), "attributes": THINGS})),
        "calendars": THINGS,
        "signals": THINGS,
        "attributes": THINGS,
        "programmes": THINGS,
        "resources": THINGS,
        "pathway": THINGS,
        "outcomes": Named(),
        "costs": THINGS,
        "measures": THINGS,
        "cases": Named(Fields({"ladder": THINGS})),
        "initial": Named(Fields({"attributes": Named()})),
        "sources": Named(),
        "uncertainty": Named(),
    }
)

#: Things that may be written as the value of one of their fields alone.
SHORT_FORMS: Mapping[str, str] = {"calendars": "open", "parameters": "value"}

#: Sections whose names are paths of other values.
ABOUT_PATHS = ("sources", "uncertainty")


def laid_over(below: Node, layer: Node, problems: list[Problem]) -> Node:
    """`layer` laid over `below`.

    What `sources` and `uncertainty` say of a value goes with it when the layer removes the value.
    """
    if not isinstance(layer.value, dict):
        return below
    result = _merge(below, _written_long(layer), SECTIONS, (), problems)
    return _without_orphans(below, layer, result)


def field_of(path: Path) -> Path:
    """The part of a path that leads to a value which is replaced whole."""
    rule: Rule = SECTIONS
    for length, part in enumerate(path):
        if isinstance(rule, Value):
            return path[:length]
        rule = rule.of if isinstance(rule, Named) else rule.parts.get(str(part), Value())
    return path


def _merge(
    below: Node | None, above: Node, rule: Rule, path: Path, problems: list[Problem]
) -> Node:
    if isinstance(rule, Value):
        return changed(below, above, path, problems) if is_change(above, path) else above
    if not isinstance(above.value, dict):
        return above
    old = below.value if below is not None and isinstance(below.value, dict) else {}
    entries: dict[str, Node] = dict(old)
    # dated capacities last, for a change may be to the capacity itself
    for key, node in sorted(above.value.items(), key=lambda item: item[0] == "changes"):
        here = (*path, key)
        if node.value is None:
            if key not in old:
                problems.append(_nothing_to_remove(node, here, old))
            entries.pop(key, None)
            continue
        part = rule.of if isinstance(rule, Named) else rule.parts.get(key, Value())
        was = old.get(key)
        if path[:1] == ("resources",) and key == "changes":
            was = in_force(was, node, entries.get("capacity"))
        entries[key] = _merge(was, node, part, here, problems)
    place = above if below is None else below
    return Node(entries, place.file, place.line)


def _nothing_to_remove(node: Node, path: Path, known: Mapping[str, Node]) -> Problem:
    name = str(path[-1])
    return Problem(
        node.file,
        node.line,
        dotted(path),
        f"there is no `{name}` here to remove (no value removes what a file below has)",
        found="nothing",
        allowed=f"a value, or one of these to remove: {listed(known)}" if known else "a value",
        nearest=nearest_name(name, known),
    )


def _written_long(layer: Node) -> Node:
    """The layer with things in their short form written long, so that fields can merge."""
    sections = dict(layer.value)
    for section, field_ in SHORT_FORMS.items():
        things = layer.child(section)
        if things is None or not isinstance(things.value, dict):
            continue
        long = {
            name: Node({field_: node}, node.file, node.line) if is_short(section, node) else node
            for name, node in things.value.items()
        }
        sections[section] = Node(long, things.file, things.line)
    return Node(sections, layer.file, layer.line)


def is_short(section: str, node: Node) -> bool:
    """Whether a thing is just the value of its one field."""
    if isinstance(node.value, dict):
        field_ = SHORT_FORMS.get(section, "")
        changes = section == "parameters" and is_change(node, (section, "any", field_))
        return changes and field_ not in node.value
    return node.value is not None and not isinstance(node.value, list)


def _without_orphans(below: Node, layer: Node, result: Node) -> Node:
    """The result without what earlier layers said of values that this layer has removed."""
    entries = dict(result.value)
    for section in ABOUT_PATHS:
        old, new, said = below.child(section), result.child(section), layer.child(section)
        if old is None or new is None or not isinstance(new.value, dict):
            continue
        if not isinstance(old.value, dict):
            continue
        repeated = said.value if said is not None and isinstance(said.value, dict) else {}
        kept = {
            path: node
            for path, node in new.value.items()
            if path in repeated
            or path not in old.value
            or find(below, path) is None
            or find(result, path) is not None
        }
        entries[section] = Node(kept, new.file, new.line)
    return Node(entries, result.file, result.line)
