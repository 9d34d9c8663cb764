"""Which attributes may be used in which tables: those that have a level by the time one is read.

Each says why an attribute cannot be used there; an empty text if it can.
"""

from __future__ import annotations

from collections.abc import Callable

from sim.scenario.language.attributes import Attribute
from sim.scenario.rules.defined_names import Known

#: Says why an attribute cannot be used in a table; an empty text if it can.
Use = Callable[[Attribute], str]


def in_rate(known: Known) -> Use:
    """In the rate of a crisis."""

    def use(attribute: Attribute) -> str:
        if attribute.origin != "people":
            return "a rate varies by attributes of people only; `relative_rates` may vary by others"
        if attribute.name in known.set_by_steps:
            step = known.set_by_steps[attribute.name]
            return f"step `{step}` sets it, and a rate must not change; `relative_rates` may"
        return ""

    return use


def in_arrival_rate(attribute: Attribute) -> str:
    """In a rate of arrivals."""
    return "" if attribute.origin == "calendar" else "a rate of arrivals varies by calendars only"


def in_relative_rate(attribute: Attribute) -> str:
    """In a relative rate of a crisis."""
    if attribute.origin == "crisis":
        return "it is drawn only once a crisis has fallen due"
    if attribute.origin == "elapsed" or (attribute.on == "episode" and attribute.origin == "set"):
        return "it belongs to an episode, and there is none yet"
    return ""


def in_cost(attribute: Attribute) -> str:
    """In the price of a visit."""
    if attribute.origin == "elapsed":
        return "costs go by the levels at the onset of an episode, when no time has passed"
    return ""


def anything(_: Attribute) -> str:
    """Where there is an episode already."""
    return ""
