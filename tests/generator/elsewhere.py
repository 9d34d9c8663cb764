"""Numbers of an invented scenario that come from parameters, or from a change of what is below.

Done to a scenario that is whole already, and never changing what it means where it only says it
another way.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from sim.scenario.written.amounts import Amount, amount, multiplied, written
from tests.generator.choices import Choices

#: fields whose numbers may come from a parameter
FIELDS = ("delay", "patience", "turnaround", "route", "relative_rates", "capacity", "spawn")

#: how a scenario says which kinds of changes its second file makes
CHANGED = "Changed by "


def leaves(thing: Any, field: str = "") -> Iterator[tuple[dict[str, Any], str]]:
    """Every number in a field of `FIELDS`, as the mapping it stands in and its name there."""
    if not isinstance(thing, dict) or isinstance(thing.get("parameter"), str):
        return
    for name, part in thing.items():
        inside = field or (name if name in FIELDS else "")
        if isinstance(part, dict):
            yield from leaves(part, inside)
        elif inside and name != "by" and amount(part) is not None:
            yield thing, name


def parameters(c: Choices, tree: dict[str, Any]) -> dict[str, Any]:
    """Put parameters in the place of some numbers; returns the section that declares them."""
    found: dict[str, Any] = {}
    sections = [tree[name] for name in ("crises", "resources", "pathway")]
    for thing, name in c.some_of([leaf for each in sections for leaf in leaves(each)], 20)[:4]:
        one = amount(thing[name])
        assert one is not None
        parameter = f"p{len(found)}"
        if one.kind == "number" and one.value <= 1 and c.chance(40):
            value, reference = Amount(1 - one.value, unit=one.unit), {"complement": True}
        else:
            value, reference = multiplied(one, Fraction(1, 2)), {"times": 2}
        said = plain(written(value))
        found[parameter] = {"title": "A number", "value": said} if c.chance(50) else said
        thing[name] = {"parameter": parameter, **reference}
    return found


def plain(value: Any) -> Any:
    """A number or text as any YAML writer knows it."""
    if isinstance(value, bool | str):
        return value
    return int(value) if isinstance(value, int) else float(value)


def changes(c: Choices, tree: dict[str, Any]) -> dict[str, Any]:
    """What a second file changes relatively, and which kinds of changes they are."""
    above: dict[str, Any] = {}
    kinds = []
    for name, resource in tree["resources"].items():
        if resource.get("capacity", "unlimited") != "unlimited" and c.chance(30):
            above.setdefault("resources", {})[name] = {"capacity": {"add": 1}}
            kinds.append("add")
    for name, step in tree["pathway"].items():
        if "delay" in step and c.chance(30):
            above.setdefault("pathway", {})[name] = {"delay": {"times": c.one_of([1.5, "50 %"])}}
            kinds.append("times")
        if (target := _divisible(step["route"])) and c.chance(30):
            change = {"route": {target: {"times": 0.5}}}
            above.setdefault("pathway", {}).setdefault(name, {}).update(change)
            kinds.append("share")
    if kinds:
        above["description"] = CHANGED + ", ".join(sorted(set(kinds)))
    return above


def _divisible(route: Any) -> str:
    """A name among plain shares that has something, but not all."""
    if not isinstance(route, dict) or "by" in route:
        return ""
    shares = {name: amount(share) for name, share in route.items() if share != "rest"}
    if any(share is None for share in shares.values()):
        return ""
    return next((n for n, s in shares.items() if s is not None and 0 < s.value < 1), "")
