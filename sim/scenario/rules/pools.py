"""Pools per level: which attribute can have them, and whose pool a step may ask."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.language.attributes import Attribute
from sim.scenario.problems import Path, listed
from sim.scenario.rules.defined_names import Known, unknown
from sim.scenario.written.positions import Complaint
from sim.scenario.written.scalars import BROKEN
from sim.scenario.written.values import Need

Complaints = Iterator[Complaint]


def wrong_pool(known: Known, name: str, need: Need, path: Path) -> Complaints:
    """Whether a step says rightly which pool of a resource it asks."""
    resource = known.model.resources.get(name)
    if resource is None or need.at is None or resource.per is BROKEN:
        return
    if resource.per is None:
        yield Complaint((*path, "at"), f"`{name}` has no pools", allowed="`per` at the resource")
        return
    own, other = known.attributes.get(resource.per), known.attributes.get(need.at)
    if other is None:
        if known.all_attributes_known:
            yield unknown((*path, "at"), "attribute", need.at, known.attributes)
    elif own is not None and (why := without_pools(other)):
        yield Complaint((*path, "at"), f"`{need.at}` cannot say which pool: {why}")
    elif own is not None and other.levels != own.levels:
        yield Complaint(
            (*path, "at"),
            f"`{need.at}` has other levels than `{resource.per}`, by which `{name}` has pools",
            found=listed(other.levels),
            allowed=listed(own.levels),
        )


def without_pools(attribute: Attribute) -> str:
    """Why a resource cannot have pools per an attribute; empty if it can."""
    if attribute.origin in ("calendar", "signal", "elapsed", "programme"):
        return "it changes by itself; attributes of people and of episodes do not"
    return ""
