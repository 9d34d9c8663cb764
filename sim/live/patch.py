"""What somebody has changed on the page: options switched on, and values laid over the scenario.

A patch stands in the address of the page (`?with=OPTION&set=PATH=VALUE`), so that a link reproduces
it, and can be saved as an option file that `compare` takes. Which values can be moved is said in
`controls`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.scenario.files.merging import SECTIONS, Fields, Named, Rule, Value, is_short
from sim.scenario.files.paths import find
from sim.scenario.files.reading import Node, as_raw, read_text
from sim.scenario.files.yaml_text import UnreadableError
from sim.scenario.problems import Path, Problem, ScenarioError, dotted, listed, nearest_name

#: where a value of an address is said to stand
ADDRESS = "the address of the page"

#: the line of a saved file that says which options were switched on
WITH = re.compile(r"^# with: (.*)$", re.MULTILINE)

#: parts of an option file that say something about it and change nothing
ABOUT = ("title", "rationale", "intends", "description", "sources", "uncertainty")

#: sections that a patch cannot change: the page is about one scenario and its time
FIXED = ("extends", "options", "run")

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")


@dataclass(frozen=True)
class Patch:
    """Names of the options that are on, in the order they are applied; values by dotted path."""

    options: tuple[str, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What tells patches apart."""
        return repr((self.options, list(self.values.items())))

    @property
    def empty(self) -> bool:
        """Whether nothing is changed."""
        return not self.options and not self.values


def from_address(options: Sequence[str], sets: Sequence[str], known: Sequence[str]) -> Patch:
    """The patch of an address.

    Parameters
    ----------
    options
        Names of options.
    sets
        Texts ``PATH=VALUE``, each value written as in a scenario file.
    known
        Names of the options there are.

    Raises
    ------
    ScenarioError
        With everything that cannot be read.
    """
    problems: list[Problem] = []
    for name in options:
        if name not in known:
            what, near = f"there is no option `{name}`", nearest_name(name, known)
            problems.append(Problem(ADDRESS, 0, "with", what, "", listed(known), near))
    values: dict[str, object] = {}
    for text in sets:
        path, equals, value = (part.strip() for part in text.partition("="))
        if not (path and equals and value):
            what, allowed = "a path, `=` and a value are wanted", "resources.beds.capacity=320"
            problems.append(Problem(ADDRESS, 0, "set", what, text, allowed))
        elif path.split(".")[0] in FIXED:
            problems.append(Problem(ADDRESS, 0, "set", _fixed(path), text))
        elif value in ("null", "~"):
            values[path] = None
        else:
            try:
                values[path] = as_raw(read_text(value, ADDRESS, problems))
            except UnreadableError as error:
                problems.append(error.problem)
    if problems:
        raise ScenarioError(problems)
    return Patch(tuple(name for name in known if name in options), values)


def in_address(patch: Patch) -> list[tuple[str, str]]:
    """The words of an address that mean a patch: pairs of name and text."""
    sets = [("set", f"{path}={written(value)}") for path, value in patch.values.items()]
    return [*(("with", name) for name in patch.options), *sets]


def from_file(text: str, known: Sequence[str]) -> Patch:
    """The patch that an option file means, saved here or written by hand.

    Raises
    ------
    ScenarioError
        If it cannot be read, or holds no changes.
    """
    file, problems = "the file", list[Problem]()
    try:
        root = read_text(text, file, problems)
    except UnreadableError as error:
        raise ScenarioError([*problems, error.problem]) from None
    if not isinstance(root.value, dict):
        what, allowed = "this is no option", "sections, as in a scenario: `resources: ...`"
        problems.append(Problem(file, root.line, "", what, allowed=allowed))
    for name in FIXED:
        if isinstance(root.value, dict) and name in root.value:
            problems.append(Problem(file, root.value[name].line, name, _fixed(name)))
    if problems:
        raise ScenarioError(problems)
    content = {name: node for name, node in root.value.items() if name not in ABOUT}
    leaves = _leaves(Node(content, root.file, root.line), SECTIONS, ())
    values = {dotted(path): as_raw(node) for path, node in leaves}
    said = WITH.search(text)
    names = [name.strip() for name in said[1].split(",")] if said else []
    return Patch(tuple(name for name in known if name in names), values)


def _fixed(name: str) -> str:
    return f"`{name}` cannot be changed here; the page is about one scenario and its time"


def _leaves(node: Node, rule: Rule, path: Path) -> Iterator[tuple[Path, Node]]:
    """The values that replace others whole, with their paths."""
    if not isinstance(node.value, dict) or isinstance(rule, Value):
        yield path, node
        return
    if len(path) == 2 and is_short(str(path[0]), node):
        yield path, node
        return
    for name, part in node.value.items():
        inner = rule.of if isinstance(rule, Named) else _part(rule, name)
        yield from _leaves(part, inner, (*path, name))


def _part(rule: Fields, name: str) -> Rule:
    return rule.parts.get(name, Value())


def as_file(patch: Patch, root: Node, title: str, command: str) -> str:
    """An option file that means the values of a patch.

    Parameters
    ----------
    patch
        What is changed.
    root
        The scenario, options applied, which says how far a name reaches in a path.
    title
        What it is called.
    command
        The command that runs it against the baseline, for a comment.
    """
    tree: dict[str, Any] = {}
    sourced: dict[str, str] = {}
    for path, value in patch.values.items():
        parts = find(root, path) or tuple(path.split("."))
        here = tree
        for part in parts[:-1]:
            here = here.setdefault(str(part), {})
        here[str(parts[-1])] = value
        if value is not None:
            sourced[path] = "assumed: tried out on the page of urgentflow explore"
    head = [f"# {command}", f"# with: {', '.join(patch.options)}"] if patch.options else [
        f"# {command}"
    ]  # fmt: skip
    about = {"title": title, "rationale": "Tried out on the page of urgentflow explore."}
    body = {**about, **tree, **({"sources": sourced} if sourced else {})}
    return "\n".join([*head, *_lines(body, 0)]) + "\n"


def _lines(tree: Mapping[str, Any], depth: int) -> Iterator[str]:
    for name, value in tree.items():
        label = "  " * depth + _name(name) + ":"
        if isinstance(value, dict) and value and depth < 2:
            yield label
            yield from _lines(value, depth + 1)
        else:
            yield f"{label} {written(value)}"


def _name(name: str) -> str:
    return name if _PLAIN.match(name) else json.dumps(name, ensure_ascii=False)


def written(value: object) -> str:
    """A value as it is written on one line of a scenario file."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_name(str(k))}: {written(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(written, value)) + "]"
    if value is None:
        return "null"
    return json.dumps(value, ensure_ascii=False)
