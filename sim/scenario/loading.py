"""From a path to a checked scenario: read, extend, apply options, override, validate.

Every problem of every file comes in one `ScenarioError`. The steps themselves live in `files`,
`validation` and `rules`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, Literal, get_args

from sim.scenario.files.csv_text import Hashes
from sim.scenario.files.merging import laid_over
from sim.scenario.files.overriding import overridden
from sim.scenario.files.parameters import resolved
from sim.scenario.files.reading import Node, as_raw, places, read_file
from sim.scenario.files.yaml_text import UnreadableError
from sim.scenario.language.model import Scenario
from sim.scenario.problems import Path, Problem, ScenarioError, listed, nearest_name, shown_file
from sim.scenario.rules.measure_names import wrong_measure
from sim.scenario.validation import SECTION_NAMES, validated
from sim.scenario.written.scalars import plain, shown, text_of

#: Most files one scenario is made of.
MOST_FILES = 50

#: What an option may mean to do to a measure.
Intention = Literal["more", "less"]
INTENTIONS: tuple[Intention, ...] = get_args(Intention)

#: Where each value came from: path in the merged scenario to file and line.
Origins = Mapping[Path, tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Option:
    """An option that was applied: what it is called, why, its file, what it means to do.

    `intends` says of measures (written as `wait_mean/ae_doctor`) whether it wants more or less.
    """

    title: str
    rationale: str
    file: str
    intends: Mapping[str, Intention] = field(default_factory=dict)


@dataclass(frozen=True)
class Loaded:
    """A scenario ready to be compiled, and where it came from.

    `origins` gives the file and line of every value by its path, `applied` the options in order,
    `files` every scenario file read in order, `tree` the merged scenario in plain Python types,
    `evidence` the path of the evidence file, if any, and `hashes` the SHA-256 of what was read of
    every file, strata and evidence too.
    """

    model: Scenario
    origins: Origins
    applied: tuple[Option, ...]
    files: tuple[FilePath, ...]
    tree: dict[str, Any]
    evidence: FilePath | None = None
    hashes: Mapping[FilePath, str] = field(default_factory=dict)
    merged: Node = field(default_factory=lambda: Node({}, "", 0), repr=False, compare=False)


def load(
    path: str | os.PathLike[str],
    options: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = (),
    overrides: Mapping[str, object] | None = None,
) -> Loaded:
    """Read a scenario with all it extends, apply options and overrides, and check it.

    Parameters
    ----------
    path
        Scenario file.
    options
        Option files (or one) applied after those the scenario names itself, in order.
    overrides
        Values by dotted path (`run.seed`), laid over everything else; None removes.

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    reader = _Reader()
    tree = reader.scenario(os.fspath(path), ())
    for option in [options] if isinstance(options, str | os.PathLike) else options:
        tree = reader.with_option(tree, os.fspath(option), None)
    if tree is None or reader.incomplete:
        raise ScenarioError(_in_order(reader.problems, reader.files))
    return _finished(tree, overrides or {}, reader)


def changed(loaded: Loaded, overrides: Mapping[str, object]) -> Loaded:
    """A scenario loaded before with values laid over it; its files are not read again.

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    reader = _Reader(
        applied=list(loaded.applied),
        files=[os.fspath(file) for file in loaded.files],
        hashes={os.fspath(file): sha256 for file, sha256 in loaded.hashes.items()},
    )
    return _finished(loaded.merged, overrides, reader)


def _finished(tree: Node, overrides: Mapping[str, object], reader: _Reader) -> Loaded:
    """The scenario of a merged tree, once nothing is wrong with it."""
    tree = overridden(tree, overrides, reader.problems)
    plain_tree = resolved(tree, reader.problems)
    model, evidence = validated(plain_tree, reader.problems, reader.hashes)
    if model is not None:
        reader.check_intended(model)
    if reader.problems or model is None:
        raise ScenarioError(_in_order(reader.problems, reader.files))
    return Loaded(
        model=model,
        origins=dict(places(tree)),
        applied=tuple(reader.applied),
        files=tuple(FilePath(file) for file in reader.files),
        tree=plain(as_raw(tree)),
        evidence=evidence,
        merged=tree,
        hashes={FilePath(file): sha256 for file, sha256 in reader.hashes.items()},
    )


def _in_order(problems: list[Problem], files: list[str]) -> list[Problem]:
    """Problems by file in the order read, then by line, each once."""
    rank = {file: number for number, file in enumerate(files)}
    unique = list(dict.fromkeys(problems))
    return sorted(unique, key=lambda p: (rank.get(p.file, len(rank)), p.line))


@dataclass
class _Reader:
    """Reads files and lays them over each other, collecting problems on the way."""

    problems: list[Problem] = field(default_factory=list)
    applied: list[Option] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    hashes: Hashes = field(default_factory=dict)
    intended: list[tuple[str, Node]] = field(default_factory=list)
    incomplete: bool = False  # a file is missing, so what it would define is not known

    def scenario(self, file: str, above: tuple[str, ...]) -> Node | None:
        """The scenario of a file with all it extends and its options; None if unreadable.

        `above` are the files that extend this one, nearest last.
        """
        root = self._read(file)
        if root is None:
            return None
        if "rationale" in root.value and "extends" not in root.value:
            self._not_a_scenario(root)
            return None
        base = self._extended(root, file, above)
        self._check_keys(root, ("extends", "options"))
        content = {k: v for k, v in root.value.items() if k not in ("extends", "options")}
        below = base if base is not None else Node({}, root.file, root.line)
        tree: Node | None = laid_over(below, Node(content, root.file, root.line), self.problems)
        for option, said_at in self._options(root, file):
            tree = self.with_option(tree, option, said_at)
        return tree

    def with_option(self, tree: Node | None, file: str, said_at: Node | None) -> Node | None:
        """The tree with an option laid over it; `said_at` is where the option was named."""
        root = self._read(file, said_at)
        if root is None:
            return tree
        self._check_keys(root, ("rationale", "intends"), ("description",))
        title, rationale = root.child("title"), root.child("rationale")
        self.applied.append(
            Option(
                self._text(title, "title") or os.path.splitext(os.path.basename(file))[0],
                self._text(rationale, "rationale"),
                shown_file(file),
                self._intends(root.child("intends")),
            )
        )
        about = ("title", "rationale", "intends")
        content = {k: v for k, v in root.value.items() if k not in about}
        if tree is None:
            return None
        return laid_over(tree, Node(content, root.file, root.line), self.problems)

    def _read(self, file: str, said_at: Node | None = None) -> Node | None:
        """The tree of a file whose top level is a mapping, or None with a problem."""
        if len(self.files) >= MOST_FILES:
            self.incomplete = True
            self._say(said_at, file, "too many files", allowed=f"at most {MOST_FILES}")
            return None
        try:
            root = read_file(file, self.problems, self.hashes)
        except UnreadableError as unreadable:
            self.incomplete = True
            problem = unreadable.problem
            if problem.line == 0 and said_at is not None:
                self._say(
                    said_at, "options", problem.what, problem.file, problem.allowed, problem.nearest
                )
            else:
                self.problems.append(problem)
            return None
        if shown_file(file) not in self.files:
            self.files.append(shown_file(file))
        if not isinstance(root.value, dict):
            self.incomplete = True
            self.problems.append(
                Problem(
                    root.file,
                    root.line,
                    "",
                    "the file does not hold a scenario",
                    found="a list" if isinstance(root.value, list) else "text",
                    allowed="sections, each a name with `:` (`title: ...`)",
                )
            )
            return None
        return root

    def _not_a_scenario(self, root: Node) -> None:
        self.incomplete = True
        self._say(
            root.value["rationale"],
            "rationale",
            "this is an option: it changes a scenario and is none itself",
            allowed="a scenario with this file among its `options`",
        )

    def _extended(self, root: Node, file: str, above: tuple[str, ...]) -> Node | None:
        said = root.child("extends")
        if said is None or said.value is None:
            return None
        if not isinstance(said.value, str):
            self.incomplete = True
            self._say(said, "extends", "not the name of one file", shown(as_raw(said)), "one file")
            return None
        base = _beside(file, said.value)
        chain = (*above, file)
        if _same(base) in [_same(other) for other in chain]:
            start = [_same(other) for other in chain].index(_same(base))
            names = [os.path.basename(other) for other in (*chain[start:], base)]
            self.incomplete = True
            self._say(
                said, "extends", "the files extend each other in a circle", " -> ".join(names)
            )
            return None
        return self._base(base, said, chain)

    def _base(self, base: str, said: Node, chain: tuple[str, ...]) -> Node | None:
        known = len(self.problems)
        tree = self.scenario(base, chain)
        unplaced = [p for p in self.problems[known:] if p.line == 0 and p.file == shown_file(base)]
        for problem in unplaced:
            self.problems.remove(problem)
            self._say(said, "extends", problem.what, problem.file, problem.allowed, problem.nearest)
        return tree

    def _options(self, root: Node, file: str) -> list[tuple[str, Node]]:
        """The option files a scenario names, each with the place where it does."""
        said = root.child("options")
        if said is None or said.value is None:
            return []
        items = said.value if isinstance(said.value, list) else [said]
        found: list[tuple[str, Node]] = []
        for item in items:
            if isinstance(item.value, str):
                found.append((_beside(file, item.value), item))
            else:
                self.incomplete = True
                self._say(item, "options", "not a file", shown(as_raw(item)), "option files")
        return found

    def _check_keys(
        self, root: Node, besides: tuple[str, ...], without: tuple[str, ...] = ()
    ) -> None:
        """Report sections there are not, so that they are named by their own file."""
        known = [n for n in (*SECTION_NAMES, *besides) if n not in without]
        for key in [key for key in root.value if key not in known]:
            node = root.value.pop(key)
            self._say(
                node,
                key,
                f"there is no section `{key}`",
                allowed=listed(known, most=30),
                nearest=nearest_name(key, known),
            )

    def _intends(self, said: Node | None) -> dict[str, Intention]:
        """What an option means to do, by measure."""
        if said is None or said.value is None:
            return {}
        if not isinstance(said.value, dict):
            allowed = "measures, each with `more` or `less`"
            self._say(said, "intends", "not a mapping", shown(as_raw(said)), allowed)
            return {}
        found: dict[str, Intention] = {}
        for reference, node in said.value.items():
            for word in INTENTIONS:
                if node.value == word:
                    found[reference] = word
            if reference not in found:
                shown_value, allowed = shown(as_raw(node)), "`more` or `less`"
                self._say(node, f"intends.{reference}", "not an intention", shown_value, allowed)
            self.intended.append((reference, node))
        return found

    def check_intended(self, model: Scenario) -> None:
        """Report measures of `intends` that there are not in the scenario as it is in the end."""
        for reference, node in self.intended:
            for wrong in wrong_measure(model, reference, ()):
                path = f"intends.{reference}"
                self._say(node, path, wrong.what, "", wrong.allowed, wrong.nearest)

    def _text(self, node: Node | None, path: str) -> str:
        if node is None:
            return ""
        text = text_of(node.value)
        if text is None:
            self._say(node, path, "not text", shown(as_raw(node)), "text")
        return " ".join((text or "").split()) if path == "title" else text or ""

    def _say(
        self,
        at: Node | None,
        path: str,
        what: str,
        found: str = "",
        allowed: str = "",
        nearest: str = "",
    ) -> None:
        file, line = (at.file, at.line) if at is not None else (shown_file(path), 0)
        self.problems.append(Problem(file, line, path if at else "", what, found, allowed, nearest))


def _beside(file: str, other: str) -> str:
    """The path of a file named in another, relative to that one."""
    return os.path.normpath(os.path.join(os.path.dirname(file), other))


def _same(file: str) -> str:
    return os.path.realpath(file)
