"""From an experiment file to an `Experiment`, with every problem of the file at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.experiment.arm_loading import RUN_TIME, is_option, parts
from sim.experiment.designs.build import Asked
from sim.experiment.designs.points import RANGE, BadRangeError, Point, point, values_in
from sim.experiment.designs.sets import MOST_COMBINED, WAYS
from sim.experiment.language.experiment import DRAWS, MOST_HEADLINES, RUN, SECTIONS, Experiment
from sim.experiment.settings import MOST_REPLICATIONS
from sim.scenario.files.reading import Node, as_node, as_raw, places, read_file
from sim.scenario.files.yaml_text import UnreadableError
from sim.scenario.problems import Problem, ScenarioError, dotted, listed, nearest_name
from sim.scenario.written.scalars import plain, shown, text_of

#: most draws of uncertain inputs
MOST_DRAWS = 10_000


def read_experiment(file: str | os.PathLike[str]) -> Experiment:
    """Read an experiment file; the scenarios it names are not read yet.

    Raises
    ------
    ScenarioError
        With everything that is wrong with it.
    """
    problems: list[Problem] = []
    try:
        root = read_file(os.fspath(file), problems)
    except UnreadableError as error:
        raise ScenarioError([error.problem]) from None
    return _whole(_Reader(root, os.fspath(file), problems))


def experiment_of(said: Mapping[str, Any], where: str) -> Experiment:
    """An experiment from the sections that a file would have; paths are from where one is.

    Raises
    ------
    ScenarioError
        With everything that is wrong with it.
    """
    return _whole(_Reader(as_node(dict(said), where, 0), "", []))


def _whole(reader: _Reader) -> Experiment:
    experiment = reader.experiment()
    if reader.problems:
        raise ScenarioError(sorted(dict.fromkeys(reader.problems), key=lambda each: each.line))
    return experiment


@dataclass
class _Reader:
    """Reads the sections of one file, collecting problems on the way."""

    root: Node
    file: str
    problems: list[Problem] = field(default_factory=list)

    def experiment(self) -> Experiment:
        if not isinstance(self.root.value, dict):
            self._say(self.root, "", "the file does not hold an experiment", allowed="sections")
            return Experiment(self.file, "", "", (), Asked())
        self._known(self.root, SECTIONS, "", "section")
        run = self._mapping("run", RUN)
        options = self._options()
        draws, of, seed = self._draws()
        overrides = {
            f"run.{name}": plain(as_raw(node))
            for name, node in run.items()
            if f"run.{name}" in RUN_TIME
        }
        return Experiment(
            file=self.file,
            title=self._text("title") or Path(self.file).stem,
            question=self._text("question"),
            baseline=self._baseline(),
            asked=Asked(
                options=options,
                ways=self._ways(options),
                sweeps=self._sweeps(),
                draws=draws,
                of=of,
                seed=seed,
            ),
            overrides=overrides,
            replications=self._whole(run.get("replications"), "run.replications", 1),
            seed=self._whole(run.get("seed"), "run.seed", 0, 2**63 - 1),
            measures=self._names("measures"),
            headline=self._names("headline", MOST_HEADLINES),
            places={dotted(path): place for path, place in places(self.root)},
        )

    # ------------------------------------------------------------------------------- sections

    def _baseline(self) -> tuple[str, ...]:
        node = self.root.child("baseline")
        if node is None or node.value is None:
            self._say(self.root, "baseline", "there is no baseline", allowed="a scenario's file")
            return ()
        files = tuple(self._beside(name) for name in parts(str(plain(as_raw(node)))))
        if not isinstance(node.value, str):
            self._say(node, "baseline", "not a file", shown(as_raw(node)), "a scenario's file")
        elif self._there(node, "baseline", files) and is_option(files[0]):
            self._say(
                node, "baseline", "an option is no baseline", files[0], "a scenario: `file+option`"
            )
        return files

    def _options(self) -> dict[str, str]:
        """Files by name."""
        node = self.root.child("options")
        if node is None or node.value is None:
            return {}
        entries: list[tuple[str, Node]]
        if isinstance(node.value, dict):
            entries = list(node.value.items())
        elif isinstance(node.value, list):
            entries = [(Path(str(plain(as_raw(each)))).stem, each) for each in node.value]
        else:
            self._say(node, "options", "not a list", shown(as_raw(node)), "files of options")
            return {}
        found: dict[str, str] = {}
        for place, (name, each) in enumerate(entries):
            path = f"options.{place if isinstance(node.value, list) else name}"
            if not isinstance(each.value, str):
                self._say(each, path, "not a file", shown(as_raw(each)), "the file of an option")
                continue
            if name in found:
                self._say(
                    each, path, f"there are two options `{name}`", allowed="`name: file` for each"
                )
            found[name] = self._beside(each.value)
            if self._there(each, path, [found[name]]) and not is_option(found[name]):
                self._say(each, path, "this is a scenario, not an option", found[name])
        return found

    def _ways(self, options: Mapping[str, str]) -> tuple[str | tuple[str, ...], ...]:
        node = self.root.child("combine")
        if node is None or node.value is None:
            return ("one_by_one",)
        if not options:
            self._say(node, "combine", "there are no `options` to combine")
        said = node.value if isinstance(node.value, list) else [node]
        ways: list[str | tuple[str, ...]] = []
        for place, each in enumerate(said):
            path = f"combine.{place}" if isinstance(node.value, list) else "combine"
            if isinstance(each.value, list):
                ways.append(self._together(each, path, options))
            elif each.value in WAYS:
                ways.append(str(each.value))
            else:
                self._say(
                    each,
                    path,
                    "not a way of combining options",
                    shown(as_raw(each)),
                    f"{listed(WAYS)}, or a list of options",
                    nearest_name(str(each.value), WAYS),
                )
        if "all" in ways and len(options) > MOST_COMBINED:
            self._say(
                node,
                "combine",
                f"every combination of {len(options)} options is {2 ** len(options):,}",
                allowed=f"`all` for {MOST_COMBINED} options at most; `taken_out` for more",
            )
        return tuple(ways)

    def _together(self, node: Node, path: str, options: Mapping[str, str]) -> tuple[str, ...]:
        names = []
        for place, each in enumerate(node.value):
            name = text_of(each.value) or ""
            if name in options:
                names.append(name)
            else:
                self._say(
                    each,
                    f"{path}.{place}",
                    f"there is no option `{name}`",
                    allowed=listed(options),
                    nearest=nearest_name(name, options),
                )
        return tuple(dict.fromkeys(names))

    def _sweeps(self) -> dict[str, tuple[Point, ...]]:
        return {
            path: points
            for path, node in self._mapping("sweep", None).items()
            if (points := self._points(node, f"sweep.{path}"))
        }

    def _points(self, node: Node, path: str) -> tuple[Point, ...]:
        if isinstance(node.value, list):
            points = [point(as_raw(each)) for each in node.value]
            if not points:
                self._say(node, path, "no value to go through")
            return tuple({each.text: each for each in points}.values())
        if not isinstance(node.value, dict) or not set(RANGE) & set(node.value):
            self._say(
                node,
                path,
                "neither a list nor a range",
                shown(as_raw(node)),
                "`[300, 320, 340]` or `{from: 300, to: 380, by: 10}`",
            )
            return ()
        self._known(node, RANGE, path, "part of a range", "`{from: 300, to: 380, by: 10}`")
        missing = [name for name in RANGE if name not in node.value]
        if missing:
            self._say(node, path, f"a range without `{missing[0]}`", allowed=listed(RANGE))
            return ()
        try:
            values = values_in(*(node.value[name].value for name in RANGE))
        except BadRangeError as error:
            found = ", ".join(f"{name} {shown(as_raw(node.value[name]))}" for name in RANGE)
            self._say(node, path, str(error), found)
            return ()
        return tuple(point(each) for each in values)

    def _draws(self) -> tuple[int, tuple[str, ...] | None, int]:
        node = self.root.child("draws")
        if node is None or node.value is None:
            return 0, None, 1
        if not isinstance(node.value, dict):
            return self._whole(node, "draws", 2, MOST_DRAWS) or 0, None, 1
        self._known(node, DRAWS, "draws", "field")
        if "number" not in node.value:
            self._say(node, "draws", "how many is not said", allowed="`number: 30`")
        number = self._whole(node.child("number"), "draws.number", 2, MOST_DRAWS) or 0
        seed = self._whole(node.child("seed"), "draws.seed", 0, 2**63 - 1)
        of = node.child("of")
        paths = None if of is None else self._list(of, "draws.of", "paths of uncertain inputs")
        return number, paths, 1 if seed is None else seed

    def _names(self, section: str, most: int | None = None) -> tuple[str, ...]:
        node = self.root.child(section)
        if node is None or node.value is None:
            return ()
        names = self._list(node, section, "measures, as `urgentflow measures` lists them")
        if most is not None and len(names) > most:
            self._say(node, section, f"{len(names)} measures", allowed=f"{most} at most")
        return names

    # -------------------------------------------------------------------------------- helpers

    def _mapping(self, section: str, fields: Iterable[str] | None) -> dict[str, Node]:
        node = self.root.child(section)
        if node is None or node.value is None:
            return {}
        if not isinstance(node.value, dict):
            self._say(node, section, "not a mapping", shown(as_raw(node)), "names, each with `:`")
            return {}
        if fields is not None:
            self._known(node, list(fields), section, "field")
        return dict(node.value)

    def _list(self, node: Node, path: str, allowed: str) -> tuple[str, ...]:
        items = node.value if isinstance(node.value, list) else [node]
        found = []
        for each in items:
            if isinstance(each.value, str):
                found.append(each.value)
            else:
                self._say(each, path, "not a name", shown(as_raw(each)), allowed)
        return tuple(dict.fromkeys(found))

    def _known(
        self, node: Node, names: Iterable[str], path: str, what: str, allowed: str = ""
    ) -> None:
        known = list(names)
        for name in [name for name in node.value if name not in known]:
            at = node.value.pop(name)
            where = f"{path}.{name}" if path else name
            self._say(
                at,
                where,
                f"there is no {what} `{name}`",
                allowed=allowed or listed(known, most=20),
                nearest=nearest_name(name, known),
            )

    def _text(self, section: str) -> str:
        node = self.root.child(section)
        text = "" if node is None or node.value is None else text_of(node.value)
        if text is None and node is not None:
            self._say(node, section, "not text", shown(as_raw(node)), "text")
        return " ".join((text or "").split())

    def _whole(
        self, node: Node | None, path: str, low: int, high: int = MOST_REPLICATIONS
    ) -> int | None:
        if node is None or node.value is None:
            return None
        value: Any = node.value
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            most = f" to {high:,}" if high < 2**62 else " on"
            self._say(
                node, path, "not such a number", shown(as_raw(node)), f"whole, from {low}{most}"
            )
            return None
        return int(value)

    def _beside(self, name: str) -> str:
        return os.path.normpath(os.path.join(os.path.dirname(self.file), name))

    def _there(self, node: Node, path: str, files: Sequence[str]) -> bool:
        missing = [file for file in files if not os.path.isfile(file)]
        for file in missing:
            folder = Path(file).parent
            names = [each.name for each in folder.iterdir()] if folder.is_dir() else []
            near = nearest_name(Path(file).name, names)
            self._say(node, path, "there is no such file", file, nearest=near)
        return not missing

    def _say(
        self,
        node: Node,
        path: str,
        what: str,
        found: str = "",
        allowed: str = "",
        nearest: str = "",
    ) -> None:
        self.problems.append(Problem(node.file, node.line, path, what, found, allowed, nearest))
