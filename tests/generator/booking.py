"""Invented slots: a resource with simple hours may have some, and be booked at some steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.generator.requests import asked
from tests.generator.values import probability, table

if TYPE_CHECKING:
    from tests.generator.scenarios import Draft

#: what a resource with slots does not have
WITHOUT = ("changes", "opens_after", "closes_after")

#: what a step that books does not have
NO_QUEUE = ("seize", "priority", "preempts", "patience", "interruptible", "balk_when")


def slots(d: Draft) -> None:
    """Perhaps give slots to a resource, and let steps that asked for one unit of it book them."""
    c, pathway = d.c, d.tree["pathway"]
    for name, entry in d.tree["resources"].items():
        plain = [
            step
            for step in pathway.values()
            if step.get("seize") == name
            and "join" not in step
            and not isinstance(step.get("interruptible"), dict)
        ]
        reacts = isinstance(entry["capacity"], dict) and "by" in entry["capacity"]
        if not plain or reacts or entry["capacity"] == "unlimited" or not c.chance(50):
            continue
        for word in (*WITHOUT, "capacity"):
            entry.pop(word, None)
        entry["slots"] = {
            c.one_of(["mon-sun 08:00-20:00", "mon-fri 00:00-24:00", "mon-sun 10:00-11:00"]): {
                "every": c.one_of(["15 min", "30 min", "1 h"]),
                "places": c.whole(1, 2),
            }
        }
        books = c.some_of(plain, 60) or plain[:1]
        for step in books:
            _book(d, step, name, entry)
        if any(name in asked(step) for step in pathway.values()):
            entry["walk_in"] = True


def _book(d: Draft, step: dict[str, Any], name: str, entry: dict[str, Any]) -> None:
    c = d.c
    for word in NO_QUEUE:
        step.pop(word, None)
    step["book"] = name
    step["within"] = table(c, lambda: c.one_of(["1 h", "1 day", "3 days"]), d.anyone, percent=30)
    step.setdefault("balk_to", c.one_of(sorted(d.tree["outcomes"])))
    if c.chance(60):
        step["lead"] = table(c, lambda: c.one_of(["0 min", "45 min", "6 h"]), d.anyone, percent=30)
    if c.chance(40):
        step["length"] = table(c, lambda: c.whole(1, 3), d.anyone, percent=50)
    if "renege_to" in step or c.chance(50):
        step["attend"] = table(c, lambda: probability(c), d.anyone, percent=30)
        step.setdefault("renege_to", c.one_of(sorted(d.tree["outcomes"])))
