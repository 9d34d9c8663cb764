"""Relative changes: `{add: 4}` and `{times: 1.25}` upon what a file below says.

A change stands where a value would, in a file that changes another or in an override, and is
worked out while the files are laid over each other, so that several stack in order. It reaches
every number of a table. Of shares one name is changed and the others are scaled to what is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sim.scenario.files.change import (
    A_CHANGE,
    ChangeRefusedError,
    all_numbers,
    is_leaf,
    mixed,
    place,
    read,
    refused,
)
from sim.scenario.files.parameters import is_reference
from sim.scenario.files.reading import Node, as_raw
from sim.scenario.files.shares import rescaled
from sim.scenario.language.index import holds_names, written_at
from sim.scenario.problems import Path, Problem, listed, nearest_name
from sim.scenario.written.scalars import BROKEN, shown

#: Kinds of values (of `sim.scenario.explain.definitions`) that hold no number to change.
WORDS: Final = frozenset(
    {
        *("text", "name", "names", "level", "levels", "someLevels", "flag", "covered", "file"),
        *(
            "hold",
            "discipline",
            "atClosing",
            "bed",
            "on",
            "of",
            "balkWhen",
            "date",
            "dates",
            "dateTime",
        ),
        "periods",
    }
)

#: Kinds that are shares of names, or tables of them.
SHARES: Final = frozenset({"shareTable", "route"})


def is_change(node: Node, path: Path) -> bool:
    """Whether what stands at a path changes the value below instead of replacing it."""
    kind = written_at(path)
    if kind in WORDS or not isinstance(node.value, dict):
        return False
    if kind in SHARES:
        return _changes_shares(node)
    if holds_names(path) or kind == "spawn":
        return any(
            is_change(part, (*path, key)) if kind != "spawn" else _changes_numbers(part)
            for key, part in node.value.items()
        )
    return _changes_numbers(node)


def _changes_numbers(node: Node) -> bool:
    if is_reference(node):
        return False
    if is_leaf(node):
        return True
    parts = node.value.values() if isinstance(node.value, dict) else ()
    return any(_changes_numbers(part) for part in parts)


def _changes_shares(node: Node) -> bool:
    if not isinstance(node.value, dict):
        return False
    if "by" in node.value:
        return any(_changes_shares(part) for key, part in node.value.items() if key != "by")
    return any(is_leaf(part) or _changes_shares(part) for part in node.value.values())


def changed(below: Node | None, change: Node, path: Path, problems: list[Problem]) -> Node:
    """The value below with a change made to it; broken, with a problem, if that cannot be."""
    try:
        if below is None:
            raise refused(
                change, path, "there is nothing below to change",
                shown(as_raw(change)), "a value, or the name of something that a file below has",
            )  # fmt: skip
        kind = written_at(path)
        if kind in SHARES:
            return _shares(below, change, path)
        if holds_names(path) or kind == "spawn":
            return _by_name(below, change, path)
        return _numbers(below, change, path)
    except ChangeRefusedError as reason:
        problems.append(reason.problem)
        return Node(BROKEN, change.file, change.line)


def in_force(dated: Node | None, change: Node, capacity: Node | None) -> Node | None:
    """Dated capacities, with those that a change is about filled in from what holds before them."""
    if not isinstance(change.value, dict) or capacity is None:
        return dated
    known = dict(dated.value) if dated is not None and isinstance(dated.value, dict) else {}
    for day in sorted(change.value):
        if day not in known and _changes_numbers(change.value[day]):
            before = [other for other in sorted(known) if other < day]
            known[day] = known[before[-1]] if before else capacity
    return Node(known, change.file, change.line) if known else dated


def _by_name(below: Node, change: Node, path: Path) -> Node:
    """Values by name, those named changed and the others left."""
    if not isinstance(below.value, dict):
        raise refused(change, path, "there is nothing by name below", shown(as_raw(below)))
    entries = dict(below.value)
    for name, part in change.value.items():
        here = (*path, name)
        if name not in entries:
            raise refused(
                part, here, f"there is no `{name}` below to change", shown(as_raw(part)),
                listed(entries), nearest_name(name, entries),
            )  # fmt: skip
        if written_at(here) in SHARES:
            entries[name] = _shares(entries[name], part, here)
        else:
            entries[name] = _numbers(entries[name], part, here)
    return Node(entries, change.file, change.line)


def _numbers(below: Node, change: Node, path: Path) -> Node:
    """A value with one change made to all its numbers, or changes to some of its cells."""
    if is_leaf(change):
        return all_numbers(below, read(change, path))
    if not isinstance(change.value, dict) or not _changes_numbers(change):
        raise mixed(change, path)
    if "by" in change.value:
        return _varying(below, change, path, _numbers)
    if not isinstance(below.value, dict):
        raise refused(
            change, path, "the value below is a single one and has no parts to change",
            shown(as_raw(below)), A_CHANGE,
        )  # fmt: skip
    return _cells(below, change, path, _numbers)


def _cells(below: Node, change: Node, path: Path, make: Any) -> Node:
    """Parts of a mapping (periods, dates, levels) changed by their names, the others left."""
    entries = dict(below.value)
    for key, part in change.value.items():
        here = (*path, key)
        old = entries.get(key, entries.get("other") if "by" in entries else None)
        if old is None or key == "by":
            known = [name for name in entries if name != "by"]
            raise refused(
                part, here, f"the value below has no `{key}` to change", shown(as_raw(part)),
                listed(known), nearest_name(key, known),
            )  # fmt: skip
        entries[key] = make(old, part, here)
    return Node(entries, change.file, change.line)


def _varying(below: Node, change: Node, path: Path, make: Any) -> Node:
    """A change that varies by an attribute, by which the value below may vary or not."""
    attribute = change.value["by"]
    parts = {key: part for key, part in change.value.items() if key != "by"}
    if isinstance(below.value, dict) and _attribute(below) == attribute.value:
        return _cell_by_cell(below, parts, change, path, make)
    cells = {
        key: make(_given(below, str(attribute.value), key), part, (*path, key))
        for key, part in parts.items()
    }
    if "other" not in cells:
        cells["other"] = below
    return Node({"by": attribute, **cells}, *place(change))


def _attribute(table: Node) -> object:
    """The attribute a table varies by; None if it is no table."""
    return table.value["by"].value if "by" in table.value else None


def _cell_by_cell(
    below: Node, parts: Mapping[str, Node], change: Node, path: Path, make: Any
) -> Node:
    """A table changed where it stands, `other` on either side standing for what is not named."""
    old = {key: part for key, part in below.value.items() if key != "by"}
    found = {"by": below.value["by"]}
    for key in dict.fromkeys([*old, *parts]):
        was, part = old.get(key, old.get("other")), parts.get(key, parts.get("other"))
        if was is not None:
            found[key] = was if part is None else make(was, part, (*path, key))
        elif key != "other":
            raise refused(
                parts[key], (*path, key), f"the value below has no `{key}` to change",
                shown(as_raw(parts[key])), listed(old), nearest_name(key, old),
            )  # fmt: skip
    return Node(found, *place(change))


def _given(below: Node, attribute: str, level: str) -> Node:
    """A value where the level of one attribute is known."""
    if not isinstance(below.value, dict) or "by" not in below.value:
        return below
    if below.value["by"].value == attribute and level != "other":
        cell = below.value.get(level, below.value.get("other"))
        return below if cell is None else _given(cell, attribute, level)
    entries = {
        key: part if key == "by" else _given(part, attribute, level)
        for key, part in below.value.items()
    }
    return Node(entries, *place(below))


def _shares(below: Node, change: Node, path: Path) -> Node:
    """Shares with those of some names changed and the others scaled to what is left."""
    if not isinstance(change.value, dict):
        raise mixed(change, path)
    if "by" in change.value:
        return _varying(below, change, path, _shares)
    if not all(is_leaf(part) for part in change.value.values()):
        if isinstance(below.value, dict) and "by" in below.value:
            return _cells(below, change, path, _shares)
        raise mixed(change, path)
    if isinstance(below.value, dict) and "by" in below.value:
        cells = {
            key: part if key == "by" else _shares(part, change, path)
            for key, part in below.value.items()
        }
        return Node(cells, *place(change))
    return rescaled(below, change, path)
