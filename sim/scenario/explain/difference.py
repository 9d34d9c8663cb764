"""The difference between two scenarios, in words.

Compares what the files say after merging, field by field, cell by cell within tables, and leaves
out what means the same (`60 min` and `1 h`, the order of names). Differences that come from an
option are listed under its title.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sim.scenario.files.parameters import is_reference, used
from sim.scenario.files.reading import Node, as_node, read_file
from sim.scenario.files.yaml_text import UnreadableError
from sim.scenario.loading import Loaded
from sim.scenario.problems import Path, dotted, listed
from sim.scenario.written.positions import RefusedError, Spot
from sim.scenario.written.quantities import duration, number
from sim.scenario.written.scalars import text_of

#: what one thing of a section is called
NOUNS: Mapping[Path, str] = {
    ("parameters",): "Parameter",
    ("correlations",): "Correlations of",
    ("crises",): "Crisis",
    ("arrivals",): "Arrivals of",
    ("calendars",): "Calendar",
    ("signals",): "Signal",
    ("attributes",): "Attribute",
    ("programmes",): "Programme",
    ("resources",): "Resource",
    ("pathway",): "Step",
    ("outcomes",): "Outcome",
    ("costs",): "Cost",
    ("measures",): "Measure",
    ("cases",): "Case",
    ("initial",): "Present at the start",
    ("people", "attributes"): "People attribute",
    ("sources",): "Source of",
    ("uncertainty",): "Uncertainty of",
}

#: fields that hold things by name, each compared by itself, and what one of them is called
NESTED: Mapping[str, str] = {
    "relative_rates": "relative rate",
    "attributes": "attribute",
    "profile": "profile",
    "set": "set",
    "spawn": "side task",
    "ladder": "ladder",
}

#: heading of what no option explains
OTHERWISE = "Otherwise:"

#: cells of a table shown one by one; a larger table is only summed up
MOST_CELLS = 8


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: where it stands, what to say of it, and whether it is gone."""

    path: Path
    text: str
    kind: Literal["added", "changed", "removed"]


def differences(a: Loaded, b: Loaded) -> list[str]:
    """What changes from scenario `a` to scenario `b`, one line each, options as headings.

    Empty if both mean the same.
    """
    groups: dict[str, list[Difference]] = {}
    heading = _headings(a, b)
    for difference in _all(a.tree, b.tree):
        groups.setdefault(heading(difference), []).append(difference)
    if set(groups) <= {OTHERWISE}:
        return _lines(groups.get(OTHERWISE, []))
    lines = []
    for title, group in sorted(groups.items(), key=lambda item: item[0] == OTHERWISE):
        lines.append(title)
        lines += [f"  {text}" for text in _lines(group)]
    return lines


def _headings(a: Loaded, b: Loaded) -> Callable[[Difference], str]:
    """A function that names the option a difference comes from, or one that no longer applies."""
    new = {option.file: option.title for option in b.applied if option not in a.applied}
    gone = {option.file: option.title for option in a.applied if option not in b.applied}
    removed = {path: file for file in new for path in _removals(file)}
    restored = {path: file for file in gone for path in _removals(file)}

    def heading(difference: Difference) -> str:
        path = difference.path
        gone_now = difference.kind == "removed"
        file = _nearest(removed, path) if gone_now else _origin(b, path)
        if file in new:
            return f"{new[file]}:"
        file = _nearest(restored, path) if difference.kind == "added" else _origin(a, path)
        return f"No longer {gone[file]}:" if file in gone else OTHERWISE

    return heading


def _nearest(files: Mapping[Path, str], path: Path) -> str | None:
    """The file listed for a path, or for what it is part of."""
    return next((files[path[:n]] for n in range(len(path), 0, -1) if path[:n] in files), None)


def _origin(loaded: Loaded, path: Path) -> str | None:
    """The file that a value, or what it is part of, comes from."""
    while path:
        if path in loaded.origins:
            return loaded.origins[path][0]
        path = path[:-1]
    return None


def _removals(file: str) -> list[Path]:
    """Paths that an option removes; they leave no trace in what is loaded."""
    try:
        return [path for path, node in _nodes(read_file(file, []), ()) if node.value is None]
    except UnreadableError:
        return []


def _nodes(node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    yield path, node
    if isinstance(node.value, dict):
        for key, child in node.value.items():
            yield from _nodes(child, (*path, key))


def _lines(found: list[Difference]) -> list[str]:
    """Differences in words; those in `sources` only counted."""
    lines = [each.text for each in found if each.path[0] != "sources"]
    counts = Counter(each.kind for each in found if each.path[0] == "sources")
    if counts:
        spelled = ", ".join(f"{number} {kind}" for kind, number in counts.items())
        lines.append(f"Sources: {spelled}")
    return lines


def _all(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[Difference]:
    uses = used(as_node(b, "", 0))
    for section in dict.fromkeys([*a, *b]):
        old, new = a.get(section), b.get(section)
        path: Path = (section,)
        if section == "people":
            yield from _people(old or {}, new or {})
        elif path in NOUNS:
            yield from _things(path, old or {}, new or {}, uses)
        elif isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from _fields(path, section.capitalize(), old, new)
        elif section == "description":
            if old != new:
                yield Difference(path, "Description changed", "changed")
        else:
            yield from _values(path, section.capitalize(), old, new)


def _people(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    path: Path = ("people", "attributes")
    plain = [{k: v for k, v in each.items() if k != "attributes"} for each in (old, new)]
    yield from _fields(("people",), "People", plain[0], plain[1])
    yield from _things(path, old.get("attributes", {}), new.get("attributes", {}), {})


def _things(
    path: Path,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    uses: Mapping[str, list[Path]],
) -> Iterator[Difference]:
    """Things by name; `uses` are the paths that take their value from each parameter."""
    for name in dict.fromkeys([*old, *new]):
        here = (*path, name)
        label = f"{NOUNS[path]} {name}"
        if name not in old:
            yield Difference(here, _introduced(label, new[name]), "added")
        elif name not in new:
            yield Difference(here, f"{label} removed", "removed")
        elif path == ("parameters",):
            users = [dotted(each) for each in uses.get(name, ())]
            label += f" (used by {listed(users, most=4)})" if users else " (used by nothing)"
            yield from _fields(here, label, old[name], new[name])
        elif isinstance(old[name], Mapping) and isinstance(new[name], Mapping):
            yield from _fields(here, label, old[name], new[name])
        else:
            yield from _values(here, label, old[name], new[name])


def _introduced(label: str, thing: Any) -> str:
    """A thing that was not there before, by its title and fields."""
    if not isinstance(thing, Mapping) or "title" not in thing:
        return f"{label} added: {shown(thing)}"
    rest = {field: value for field, value in thing.items() if field != "title"}
    return f"{label} ({thing['title']}) added: {shown(rest)}"


def _fields(
    path: Path, label: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Difference]:
    for field in dict.fromkeys([*old, *new]):
        here = (*path, field)
        was, now = old.get(field), new.get(field)
        if field in NESTED and isinstance(was, Mapping) and isinstance(now, Mapping):
            yield from _fields(here, f"{label}: {NESTED[field]}", was, now)
        else:
            separator = ":" if ":" not in label else ""
            yield from _values(here, f"{label}{separator} {_words(field)}", was, now)


def _values(path: Path, label: str, old: Any, new: Any) -> Iterator[Difference]:
    """The difference between two values: by cell where both are tables by the same attribute."""
    if same(old, new):
        return
    if old is None:
        yield Difference(path, f"{label} added: {shown(new)}", "added")
    elif new is None:
        yield Difference(path, f"{label} removed, was {shown(old)}", "removed")
    elif _is_table(old) and _is_table(new) and old["by"] == new["by"]:
        for level in dict.fromkeys([*old, *new]):
            if level == "by" or (level == "other" and not ("other" in old and "other" in new)):
                continue  # levels that only one side names are compared with the other's `other`
            was, now = (each.get(level, each.get("other")) for each in (old, new))
            whom = f"for {old['by']} {level}" if level != "other" else f"for other {old['by']}"
            yield from _values((*path, level), f"{label} {whom}", was, now)
    else:
        text = f"{label} changed from {shown(old)} to {shown(new)}"
        yield Difference(path, text, "changed")


def same(old: Any, new: Any) -> bool:
    """Whether two values as written mean the same."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return set(old) == set(new) and all(same(old[key], new[key]) for key in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(same, old, new))
    if isinstance(old, Mapping | list) or isinstance(new, Mapping | list):
        return False
    return old == new or _meaning(old) == _meaning(new)


def _meaning(value: Any) -> tuple[str, Any]:
    """A scalar as a duration or a number, if it is one."""
    for kind, parse in (("duration", duration), ("number", number)):
        try:
            return kind, parse(value, Spot())
        except RefusedError:
            pass
    return "text", text_of(value)


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) and "by" in value


def _words(field: str) -> str:
    return field.replace("_", " ")


def shown(value: Any) -> str:
    """A value of a scenario in words."""
    if _is_table(value):
        return _table(value)
    if isinstance(value, Mapping):
        if is_reference(as_node(value, "", 0)):
            return _reference(value)
        if len(value) == 1 and isinstance(inner := next(iter(value.values())), Mapping):
            return f"{next(iter(value))} ({shown(inner)})"
        return ", ".join(f"{_key(key)} {_inner(part)}" for key, part in value.items())
    if isinstance(value, list):
        if len(value) > MOST_CELLS:
            return f"{len(value)} values from {_extremes(value)}"
        return ", ".join(shown(part) for part in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _reference(value: Mapping[str, Any]) -> str:
    """A value from a parameter, as it is worked out: `1 less parameter x, times 2`."""
    text = f"parameter {value['parameter']}"
    text = f"1 less {text}" if value.get("complement") else text
    return text + "".join(f", {word} {value[word]}" for word in ("times", "add") if word in value)


def _table(table: Mapping[str, Any]) -> str:
    cells = {level: part for level, part in table.items() if level != "by"}
    if len(cells) > MOST_CELLS:
        return f"a table by {table['by']} with {len(cells)} cells"
    inner = "; ".join(f"{level}: {_inner(part)}" for level, part in cells.items())
    return f"by {table['by']} ({inner})"


def _key(key: str) -> str:
    return f"{key}:" if " " in key else _words(key)


def _inner(value: Any) -> str:
    return f"({shown(value)})" if isinstance(value, Mapping) and "by" not in value else shown(value)


def _extremes(values: list[Any]) -> str:
    try:
        return f"{min(values)} to {max(values)}"
    except TypeError:
        return f"{shown(values[0])} to {shown(values[-1])}"
