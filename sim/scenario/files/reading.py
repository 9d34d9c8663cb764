"""One YAML file to a tree of `Node`s, every one knowing its file and line.

Reads ruamel.yaml's parser events and nothing beyond: no constructor, no tags, no aliases, so a
hostile file costs no more than its size, which is limited. What the values mean is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sim.scenario.files.csv_text import Hashes
from sim.scenario.files.yaml_text import UnreadableError, refused, text_of_file
from sim.scenario.problems import Path, Problem, clipped, dotted, shown_file
from sim.scenario.written.scalars import BROKEN, UNPRINTABLE, NotFiniteError, resolve

#: Most names and values in a file.
MOST_VALUES: Final = 15_000

#: Most problems reported of one file before its reading is given up.
MOST_PROBLEMS: Final = 100

#: What the names of scenario files end with; of others no content is shown.
SUFFIXES: Final = (".yaml", ".yml", ".json")

#: Deepest nesting; the language itself needs about ten.
DEEPEST: Final = 40


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the file: a dict or list of nodes, or a scalar (see `scalars`)."""

    value: Any
    file: str
    line: int

    def child(self, key: str) -> Node | None:
        """The node under `key`, if this is a mapping that has it."""
        return self.value.get(key) if isinstance(self.value, dict) else None


def read_file(file: str, problems: list[Problem], hashes: Hashes | None = None) -> Node:
    """The tree of a file; problems that leave the rest of it usable go to `problems`.

    The hash of what was read goes to `hashes`.

    Raises
    ------
    UnreadableError
        If there is no such file, it is too large, too deep, or not YAML.
    """
    return read_text(text_of_file(file, hashes), file, problems)


def read_text(text: str, file: str, problems: list[Problem]) -> Node:
    """The tree of YAML text; `file` is only used to say where problems are.

    The arms of a comparison share most of their files, so a text is parsed once and its tree,
    which nobody changes, is given out again.

    Raises
    ------
    UnreadableError
        See `read_file`.
    """
    parsed = _parsed(text, file, shown_file(file))
    problems += parsed.problems
    if parsed.root is None:
        raise UnreadableError(parsed.fatal)
    return parsed.root


#: files kept as trees; a large place has some twenty, a comparison of many options a hundred
MOST_KEPT: Final = 256


@dataclass(frozen=True, slots=True)
class _Parsed:
    """What came of a text: its tree, or else what stopped the reading (`fatal`)."""

    root: Node | None
    problems: tuple[Problem, ...]
    fatal: Problem


@lru_cache(maxsize=MOST_KEPT)
def _parsed(text: str, file: str, shown: str) -> _Parsed:
    """Parse a text, `shown` as which file (that depends on the folder one is in)."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    problems: list[Problem] = []
    nothing = Problem(shown, 0, "", "")
    try:
        events = YAML(typ="safe", pure=True).parse(text)
        root = _Builder(shown, events, problems).document()
        return _Parsed(root, tuple(problems), nothing)
    except UnreadableError as error:
        fatal = error.problem
    except MarkedYAMLError as error:
        fatal = _syntax_problem(error, file, text)
    except YAMLError as error:
        line = text.count("\n", 0, getattr(error, "position", 0) or 0) + 1
        what = "the file holds a character that YAML does not allow"
        fatal = refused(file, what, line, allowed="printable text").problem
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        # ruamel.yaml raises these itself on some malformed escapes and directives
        fatal = refused(file, "the file is not valid YAML").problem
    return _Parsed(None, tuple(problems), fatal)


#: What ruamel.yaml says, and what to say to someone who does not know its words.
_IN_PLAIN_WORDS: Final = (
    ("that cannot start any token", "a character that cannot stand here: {found}"),
    ("mapping values are not allowed", "a `:` that cannot stand here; quote text that has `: `"),
    ("expected <block end>", "the indentation does not match the lines above"),
    ("could not find expected ':'", "a `:` is missing after a name"),
    ("expected ',' or '}'", "a `,` or the closing `}` is missing"),
    ("expected ',' or ']'", "a `,` or the closing `]` is missing"),
    ("unexpected end of stream", "a quote is not closed"),
    ("expected the node content", "a value is missing or a bracket is not closed"),
    ("sequence entries are not allowed", "a list item `-` cannot stand here"),
    ("unacceptable character", "a character that YAML does not allow"),
)


def _syntax_problem(error: Any, file: str, text: str) -> Problem:
    """A YAML syntax error in plain words."""
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark is not None else 1
    lines = text.split("\n")
    line = min(line, len(lines))
    said = str(error.problem or error.context or "")
    found = clipped(lines[line - 1].strip())
    what = next((plain for key, plain in _IN_PLAIN_WORDS if key in said), said)
    if "mapping values are not" in said and ":" not in lines[line - 1][: mark.column]:
        # the `:` is fine, but what stands before it was read as one text over several lines
        line = next((n for n in range(line - 1, 0, -1) if lines[n - 1].strip()), line)
        found = clipped(lines[line - 1].strip())
        what = "a `:` is missing, or the next line is indented differently"
    if "that cannot start any token" in said:
        what = _bad_character(said, lines[line - 1])
    context = getattr(error, "context_mark", None)
    if context is not None and context.line + 1 != line:
        what = f"{what} (in what starts at line {context.line + 1})"
    if not file.endswith(SUFFIXES):  # whose content this is, and for whom, is not known
        found = ""
    return Problem(shown_file(file), line, "", f"not valid YAML: {what}", found=found)


def _bad_character(said: str, line: str) -> str:
    if "\\t" in said or "\t" in line[: len(line) - len(line.lstrip())]:
        return "a tab; indent with spaces"
    character = said.split("character ")[-1].split(" that")[0].strip("'\"")
    return f"`{character}` cannot start a value; quote the text"


class _Builder:
    """Builds nodes from parser events, without recursion deeper than `DEEPEST`."""

    def __init__(self, file: str, events: Iterator[Any], problems: list[Problem]) -> None:
        self.file = file
        self.events = events
        self.problems = problems
        self.values = 0
        self.anchors: set[str] = set()
        self.said = 0

    def document(self) -> Node:
        """The one document of the stream."""
        from ruamel.yaml import events as e

        root: Node | None = None
        for event in self.events:
            if isinstance(event, e.DocumentStartEvent):
                if root is not None:
                    raise self._refused(
                        event,
                        (),
                        "a second document starts here (`---`)",
                        allowed="one document a file",
                    )
                root = self._node(next(self.events), ())
        if root is None or root.value is None:
            raise UnreadableError(
                Problem(self.file, 0, "", "the file is empty", allowed="a scenario")
            )
        return root

    def _node(self, event: Any, path: Path) -> Node:
        from ruamel.yaml import events as e

        line = event.start_mark.line + 1
        self._count(event)
        if isinstance(event, e.AliasEvent):
            if event.anchor in self.anchors:  # reported once, where the anchor is
                return Node(BROKEN, self.file, line)
            return self._broken(
                event, path, "aliases are not allowed", f"*{event.anchor}", "write the value out"
            )
        broken = self._anchored(event, path)
        if isinstance(event, e.ScalarEvent):
            return broken or self._scalar(event, path, line)
        if len(path) >= DEEPEST:
            raise self._refused(
                event, path[:3], "nested too deep", allowed=f"at most {DEEPEST} levels"
            )
        if isinstance(event, e.SequenceStartEvent):
            value: Any = self._list(path)
        else:
            value = self._mapping(path)
        return broken or Node(value, self.file, line)

    def _anchored(self, event: Any, path: Path) -> Node | None:
        """A broken node if the event carries an anchor or a tag."""
        if event.anchor is not None:
            self.anchors.add(event.anchor)
            return self._broken(
                event,
                path,
                "anchors are not allowed",
                f"&{event.anchor}",
                "the value alone, wherever it belongs",
            )
        tag = str(event.ctag) if event.ctag is not None else ""
        if tag and tag != "None":
            return self._broken(event, path, "tags are not allowed", tag, "the value alone")
        return None

    def _scalar(self, event: Any, path: Path, line: int) -> Node:
        if UNPRINTABLE.search(event.value):
            return self._broken(event, path, "a character that cannot be printed", "", "text")
        if event.style:
            return Node(event.value, self.file, line)
        try:
            return Node(resolve(event.value), self.file, line)
        except NotFiniteError as reason:
            return self._broken(event, path, str(reason), event.value, "a finite number")

    def _list(self, path: Path) -> list[Node]:
        from ruamel.yaml import events as e

        items: list[Node] = []
        while not isinstance(event := next(self.events), e.SequenceEndEvent):
            items.append(self._node(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, Node]:
        from ruamel.yaml import events as e

        entries: dict[str, Node] = {}
        while not isinstance(event := next(self.events), e.MappingEndEvent):
            line = event.start_mark.line + 1
            self._count(event)
            if not isinstance(event, e.ScalarEvent):
                if not isinstance(event, e.AliasEvent):
                    self._node(event, (*path, "?"))
                self._node(next(self.events), (*path, "?"))
                self._say(line, path, "a name cannot be a list, a mapping or an alias")
                continue
            key = event.value
            self._anchored(event, (*path, key))
            if UNPRINTABLE.search(key):
                self._say(line, path, "a character that cannot be printed", clipped(key), "text")
            node = self._node(next(self.events), (*path, key))
            if key == "<<" and not event.style:
                self._say(line, path, "merge keys are not allowed", "<<", "`extends`")
                continue
            if key in entries:
                self._say(
                    line,
                    (*path, key),
                    f"`{clipped(key)}` is written twice",
                    f"first at line {entries[key].line}",
                    "each name once",
                )
                continue
            entries[key] = Node(node.value, self.file, line)
        return entries

    def _count(self, event: Any) -> None:
        self.values += 1
        if self.values > MOST_VALUES:
            raise self._refused(
                event, (), "the file holds too much", allowed=f"{MOST_VALUES:,} names and values"
            )

    def _broken(self, event: Any, path: Path, what: str, found: str, allowed: str) -> Node:
        line = event.start_mark.line + 1
        self._say(line, path, what, clipped(found), allowed)
        return Node(BROKEN, self.file, line)

    def _say(self, line: int, path: Path, what: str, found: str = "", allowed: str = "") -> None:
        self.problems.append(Problem(self.file, line, dotted(path), what, found, allowed))
        self.said += 1
        if self.said >= MOST_PROBLEMS:
            raise UnreadableError(
                Problem(self.file, line, "", "too many problems; the rest is not read")
            )

    def _refused(self, event: Any, path: Path, what: str, allowed: str) -> UnreadableError:
        line = event.start_mark.line + 1
        return UnreadableError(Problem(self.file, line, dotted(path), what, allowed=allowed))


def as_node(raw: object, file: str, line: int) -> Node:
    """A tree of plain values as nodes that all come from one place."""
    if isinstance(raw, dict):
        return Node({str(k): as_node(v, file, line) for k, v in raw.items()}, file, line)
    if isinstance(raw, list | tuple):
        return Node([as_node(v, file, line) for v in raw], file, line)
    return Node(raw, file, line)


def as_raw(node: Node) -> Any:
    """The values of a tree without their places."""
    if isinstance(node.value, dict):
        return {key: as_raw(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [as_raw(child) for child in node.value]
    return node.value


def places(node: Node, path: Path = ()) -> Iterator[tuple[Path, tuple[str, int]]]:
    """Every path of a tree with the file and line it came from."""
    yield path, (node.file, node.line)
    if isinstance(node.value, dict):
        for key, child in node.value.items():
            yield from places(child, (*path, key))
    elif isinstance(node.value, list):
        for index, child in enumerate(node.value):
            yield from places(child, (*path, index))
