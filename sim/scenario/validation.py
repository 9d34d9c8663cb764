"""A merged tree to a `Scenario`, with everything that is wrong with it as problems.

Two passes, so that one mistake does not hide another: the first reports what pydantic and the
field parsers find; the second takes what can be read, so that names are checked as well.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from sim.scenario.files.csv_text import Hashes
from sim.scenario.files.paths import at as node_at
from sim.scenario.files.population_csv import strata_of
from sim.scenario.files.reading import Node, as_raw
from sim.scenario.language.fields import COMPLAINT, SALVAGE
from sim.scenario.language.index import described, fields_at, holds_names, word_at
from sim.scenario.language.model import Scenario
from sim.scenario.problems import Path, Problem, dotted, listed, nearest_name
from sim.scenario.rules.defined_names import Known
from sim.scenario.rules.every import broken_rules, broken_walks
from sim.scenario.written.positions import Complaint
from sim.scenario.written.scalars import BROKEN, shown

#: Names of the sections of a scenario.
SECTION_NAMES = tuple(Scenario.model_fields)


#: Most complaints about the fields of a scenario that are reported.
MOST_COMPLAINTS = 200

#: Sections that walks through the pathway depend on.
WALKED = frozenset(SECTION_NAMES) & {
    *("people", "crises", "arrivals", "pathway", "outcomes", "resources"),
    *("attributes", "programmes", "calendars", "signals"),
}


def validated(
    root: Node, problems: list[Problem], hashes: Hashes
) -> tuple[Scenario | None, FilePath | None]:
    """The scenario of a merged tree and the path of its evidence file.

    Problems are added to `problems`; if there are any, the scenario may be None. Hashes of the
    files of strata and evidence are added to `hashes`.
    """
    raw = as_raw(root)
    complaints: list[Complaint] = []
    _read_strata(root, raw, problems, hashes)
    model: Scenario | None = None
    known: Known | None
    try:
        model = Scenario.model_validate(raw)
        known = Known(model, root)
    except ValidationError as error:
        details = error.errors(include_url=False)[:MOST_COMPLAINTS]
        complaints = [_complaint(one, raw, root) for one in details]
        known = _salvaged(raw, root)
    evidence = _evidence_file(root)
    if known is not None:
        complaints += broken_rules(known, root, evidence, hashes)
        complaints += _walks(known, complaints, raw)
    problems += _placed(complaints, root, raw)
    return model, evidence


def _walks(known: Known, complaints: list[Complaint], raw: Any) -> list[Complaint]:
    """Complaints about walks, if there are others but none that makes walks uncertain.

    A scenario without any other problem is loaded, and its walks are the business of whoever
    checks or runs it.
    """
    doubted = {complaint.path[0] for complaint in complaints if complaint.path}
    doubted |= {path[0] for path in _broken_paths(raw, ()) if path}
    if not doubted or doubted & WALKED:
        return []
    return broken_walks(known.model)


def _read_strata(root: Node, raw: dict[str, Any], problems: list[Problem], hashes: Hashes) -> None:
    """Put the strata themselves in the place of their file's name."""
    node = node_at(root, ("people", "strata"))
    if node is not None and isinstance(node.value, str):
        raw["people"]["strata"] = strata_of(node, problems, hashes)


def _evidence_file(root: Node) -> FilePath | None:
    """The evidence file, relative to the file that names it."""
    node = root.child("evidence")
    if node is None or not isinstance(node.value, str):
        return None
    return FilePath(os.path.normpath(os.path.join(os.path.dirname(node.file), node.value)))


def _placed(complaints: list[Complaint], root: Node, raw: Any) -> list[Problem]:
    """Complaints with file and line, less those about values already reported as broken."""
    broken = set(_broken_paths(raw, ()))
    found = []
    for complaint in complaints:
        path = complaint.path
        if any(path[:length] in broken for length in range(len(path) + 1)):
            continue
        file, line = _place(root, path)
        found.append(
            Problem(
                file,
                line,
                dotted(path),
                complaint.what,
                complaint.found,
                complaint.allowed,
                complaint.nearest,
            )
        )
    return found


def _broken_paths(raw: Any, path: Path) -> list[Path]:
    if raw is BROKEN:
        return [path]
    parts: Any = ()
    if isinstance(raw, dict):
        parts = raw.items()
    elif isinstance(raw, list):
        parts = enumerate(raw)
    return [found for key, part in parts for found in _broken_paths(part, (*path, key))]


def _place(root: Node, path: Path) -> tuple[str, int]:
    """File and line of a value, or of the nearest thing around it."""
    node: Node | None = None
    while node is None:
        node = node_at(root, path)
        path = path[:-1]
    return node.file, node.line


def _complaint(details: Mapping[str, Any], raw: Any, root: Node) -> Complaint:
    """What a pydantic error means, in plain words."""
    where = _where(details)
    kind = details["type"]
    if kind == COMPLAINT:
        inner: Complaint = details["ctx"][COMPLAINT]
        return Complaint(where, inner.what, inner.found, inner.allowed, inner.nearest)
    if kind == "missing":
        return _missing(where, raw, root)
    if kind == "extra_forbidden":
        known = fields_at(where[:-1])
        name = str(where[-1])
        return Complaint(
            where,
            f"there is no field `{name}` here",
            allowed=listed(known, most=30),
            nearest=nearest_name(name, known),
        )
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        return Complaint(where, "not a mapping", shown(_value(raw, where)), _mapping_allowed(where))
    return Complaint(where, str(details["msg"]), shown(_value(raw, where)))


def _where(details: Mapping[str, Any]) -> Path:
    """The path of a pydantic error; that of a key is the path of its value."""
    return tuple(part for part in details["loc"] if part != "[key]")


def _missing(where: Path, raw: Any, root: Node) -> Complaint:
    """A field that is missing, perhaps because it, or the thing it belongs to, is misspelt."""
    name = str(where[-1])
    there = _value(raw, where[:-1])
    known = fields_at(where[:-1])
    unknown = [key for key in there if key not in known] if isinstance(there, dict) else []
    what = f"`{name}` is missing"
    nearest = nearest_name(name, unknown)
    if len(where) > 2 and not nearest:
        nearest = _meant(where[:-1], root)
        if nearest:
            what = f"`{name}` is missing: nothing below defines `{where[-2]}`"
    return Complaint(where, what, allowed=described(where), nearest=nearest)


def _meant(thing: Path, root: Node) -> str:
    """The name of a like thing from another file, which an option may have meant to change."""
    here, around = node_at(root, thing), node_at(root, thing[:-1])
    if here is None or around is None:
        return ""
    others = (key for key, node in around.value.items() if node.file != here.file)
    return nearest_name(str(thing[-1]), others)


def _mapping_allowed(where: Path) -> str:
    known = fields_at(where)
    return f"fields: {listed(known, most=30)}" if known else "names, each with `:` and a value"


def _value(raw: Any, path: Path) -> Any:
    for part in path:
        try:
            raw = raw[part]
        except (KeyError, IndexError, TypeError):
            return None
    return raw


def _salvaged(raw: dict[str, Any], root: Node) -> Known | None:
    """What can be read of a broken scenario: unreadable values become `BROKEN`."""
    raw = _copied(raw)
    doubtful: set[Path] = set()
    for _ in range(6):
        try:
            model = Scenario.model_validate(raw, context=SALVAGE)
            return Known(model, root, frozenset(doubtful))
        except ValidationError as error:
            for details in error.errors(include_url=False, include_input=False):
                doubtful |= _mend(raw, details)
    return None


def _copied(raw: Any) -> Any:
    if isinstance(raw, dict):
        return {key: _copied(value) for key, value in raw.items()}
    return raw


def _mend(raw: dict[str, Any], details: Mapping[str, Any]) -> set[Path]:
    """Make one structural error go away; paths of names that are now unknown."""
    where = _where(details)
    parent = _value(raw, where[:-1])
    if not where or not isinstance(parent, dict):
        return set()
    name = str(where[-1])
    if details["type"] == "extra_forbidden":
        parent.pop(name, None)
        return set()
    if details["type"] == "missing" and word_at(where) is None and not holds_names(where):
        parent[name] = BROKEN
        return set()
    parent[name] = {}
    return {where}
