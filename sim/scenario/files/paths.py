"""Dotted paths of values in a scenario (`crises.fall.relative_rates.ltc`).

Names of levels may contain dots (`1.5`), so a path is read against the tree it points into.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.files.reading import Node
from sim.scenario.problems import Path


def find(root: Node, path: str) -> Path | None:
    """The parts of a dotted path that exists under `root`; None if it does not."""
    return next(_ways(root, path.split("."), ()), None)


def _ways(node: Node, parts: list[str], done: Path) -> Iterator[Path]:
    if not parts:
        yield done
        return
    if isinstance(node.value, list):
        position = parts[0]
        if position.isdecimal() and len(position) < 6 and int(position) < len(node.value):
            yield from _ways(node.value[int(position)], parts[1:], (*done, int(position)))
        return
    if not isinstance(node.value, dict):
        return
    for taken in range(1, len(parts) + 1):
        key = ".".join(parts[:taken])
        if key in node.value:
            yield from _ways(node.value[key], parts[taken:], (*done, key))


def known_part(root: Node, path: str) -> tuple[Path, str, list[str]]:
    """How far a path can be followed: the part that exists, the next part, and what is there."""
    done: Path = ()
    node = root
    parts = path.split(".")
    while parts:
        step = next(
            (
                (taken, ".".join(parts[:taken]))
                for taken in range(len(parts), 0, -1)
                if isinstance(node.value, dict) and ".".join(parts[:taken]) in node.value
            ),
            None,
        )
        if step is None:
            break
        taken, key = step
        node, done, parts = node.value[key], (*done, key), parts[taken:]
    there = [str(key) for key in node.value] if isinstance(node.value, dict) else []
    return done, parts[0] if parts else "", there


def at(root: Node, path: Path) -> Node | None:
    """The node at a path, or None."""
    node = root
    for part in path:
        inside = node.value
        if isinstance(inside, dict):
            found = inside.get(part)
        elif isinstance(inside, list) and isinstance(part, int) and part < len(inside):
            found = inside[part]
        else:
            found = None
        if found is None:
            return None
        node = found
    return node


def replaced(root: Node, path: Path, new: Node | None) -> Node:
    """The tree with the node at `path` replaced, added (in a mapping), or removed if None."""
    if not path:
        return root if new is None else new
    part = path[0]
    if isinstance(root.value, list) and isinstance(part, int):
        items = list(root.value)
        items[part] = replaced(items[part], path[1:], new)
        return Node(items, root.file, root.line)
    entries = dict(root.value)
    key = str(part)
    if len(path) == 1 and new is None:
        entries.pop(key, None)
    else:
        below = entries.get(key) or Node({}, root.file, root.line)
        entries[key] = replaced(below, path[1:], new)
    return Node(entries, root.file, root.line)
