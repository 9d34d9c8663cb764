"""Other ways of writing the same scenario: mappings in another order, other names, other units."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

#: units of time, each with a smaller one that holds an exact number of it
SMALLER = {"min": ("s", 60), "h": ("min", 60), "days": ("h", 24), "day": ("h", 24)}
#: units of rates, each with a larger one
LARGER = {"min": ("hour", 60), "hour": ("day", 24)}

_DURATION = re.compile(r"([0-9.]+) (min|h|days|day)\Z")
_RATE = re.compile(r"([0-9.]+) per (min|hour)\Z")


def shuffled(tree: Any, seed: int = 1) -> Any:
    """The tree with every mapping in another order, at any depth."""
    rng = random.Random(seed)

    def rewritten(part: Any) -> Any:
        if isinstance(part, dict):
            keys = list(part)
            rng.shuffle(keys)
            return {key: rewritten(part[key]) for key in keys}
        if isinstance(part, list):
            return [rewritten(item) for item in part]
        return part

    return rewritten(tree)


def in_other_units(part: Any) -> Any:
    """The tree with every duration in the next smaller unit and every rate per longer time."""
    if isinstance(part, dict):
        return {key: in_other_units(value) for key, value in part.items()}
    if isinstance(part, list):
        return [in_other_units(item) for item in part]
    if not isinstance(part, str):
        return part
    if match := _DURATION.match(part):
        unit, times = SMALLER[match[2]]
        return f"{Decimal(match[1]) * times} {unit}"
    if match := _RATE.match(part):
        unit, times = LARGER[match[2]]
        return f"{Decimal(match[1]) * times} per {unit}"
    return part


def renamed(tree: dict[str, Any], names: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """The scenario with things called otherwise.

    `names` maps a section (`resources`, `calendars`, `signals`, `outcomes`, `tags`) to new names
    by old.
    """
    resources = names.get("resources", {})
    attributes = {**names.get("calendars", {}), **names.get("signals", {})}
    outcomes, tags = names.get("outcomes", {}), names.get("tags", {})

    def tables(part: Any) -> Any:
        """Everything that is a table by an attribute, with the attribute's new name."""
        if isinstance(part, dict):
            found = {key: tables(value) for key, value in part.items()}
            if isinstance(found.get("by"), str):
                found["by"] = attributes.get(found["by"], found["by"])
            return found
        return [tables(item) for item in part] if isinstance(part, list) else part

    def ends(part: Any) -> Any:
        """A route, with the outcomes' new names."""
        if isinstance(part, dict):
            if "by" in part:
                return {k: v if k == "by" else ends(v) for k, v in part.items()}
            return {outcomes.get(key, key): value for key, value in part.items()}
        return outcomes.get(part, part)

    def seized(step: dict[str, Any]) -> dict[str, Any]:
        found = {**step, "route": ends(step["route"])}
        for way in ("balk_to", "renege_to"):
            if way in found:
                found[way] = outcomes.get(found[way], found[way])
        if "seize" in found:
            found["seize"] = resources.get(found["seize"], found["seize"])
        if "release" in found:
            found["release"] = [resources.get(name, name) for name in found["release"]]
        if "tags" in found:
            found["tags"] = [tags.get(name, name) for name in found["tags"]]
        return found

    new: dict[str, Any] = tables(tree)
    new["pathway"] = {name: seized(step) for name, step in new["pathway"].items()}
    for section in ("resources", "calendars", "signals", "outcomes"):
        known = names.get(section, {})
        if section in new:
            new[section] = {known.get(n, n): thing for n, thing in new[section].items()}
    for signal in new.get("signals", {}).values():
        for field in ("queue", "occupancy"):
            if field in signal:
                signal[field] = resources.get(signal[field], signal[field])
    for cost in new.get("costs", {}).values():
        for field, known in (("resource", resources), ("tag", tags)):
            if field in cost:
                cost[field] = known.get(cost[field], cost[field])
    for measure in new.get("measures", {}).values():
        for field in ("count", "from", "to"):
            if field in measure:
                measure[field] = tags.get(measure[field], measure[field])
    return new
