"""Invented waits: until a calendar opens or a time of day, for side tasks; and clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.generator.requests import following
from tests.generator.values import Attribute, duration, table

if TYPE_CHECKING:
    from tests.generator.pathway import Walk
    from tests.generator.scenarios import Draft


#: tags of steps
TAGS = ("ae_attendance", "in_ae", "emergency_admission", "conveyance", "delayed_discharge", "seen")


def until(d: Draft, minutes: int, attributes: list[Attribute]) -> dict[str, Any]:
    """A delay until something opens, and then a while, so that a loop back takes time."""
    c = d.c
    gate = c.one_of([*d.tree["calendars"], "10:00", "17:30", "00:00"])

    def leaf() -> Any:
        return duration(c, d.mode, minutes, positive=True)

    return {"until": gate, "then": table(c, leaf, attributes, percent=40, depth=1)}


def join_tasks(w: Walk) -> None:
    """Perhaps let steps wait for side tasks that were started before."""
    c, main = w.draft.c, w.nodes[: w.main]
    after = {node.name: following(node.step) for node in main}
    for node in main:
        started = [
            task
            for other in main
            if node.name in _reached(other.name, after)
            for task in other.step.get("spawn", ())
        ]
        asks = "seize" in node.step
        if "book" in node.step or not started or not c.chance(30 if asks else 60):
            continue
        tasks = c.some_of(sorted(set(started)), 70) or [started[0]]
        node.step["join"] = tasks[0] if len(tasks) == 1 and c.chance(50) else tasks
        if not asks and c.chance(40):
            node.step["patience"] = duration(c, w.draft.mode, 60)
            node.step["renege_to"] = c.one_of(w.outcomes)


def _reached(start: str, after: dict[str, set[str]]) -> set[str]:
    """Everything that may follow a step."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for name in after.get(waiting.pop(), ()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


def clocks(d: Draft) -> None:
    """Perhaps times since the onset of an episode, or since it came to a tag."""
    c = d.c
    for name, since in (("old", "onset"), ("long_in", c.one_of(TAGS))):
        if c.chance(30):
            limit = c.one_of(["20 min", "1 h", "4 h", "1 day"])
            d.tree["signals"][name] = {"since": since, "at_least": limit}
            d.elapsed.append(Attribute(name, ("no", "yes")))


def tag_some_step(d: Draft) -> None:
    """See to it that the tags since which time is counted are those of some step."""
    steps = list(d.tree["pathway"].values())
    for signal in d.tree["signals"].values():
        tag = signal.get("since", "onset")
        if tag != "onset" and not any(tag in step.get("tags", ()) for step in steps):
            first = steps[d.c.whole(0, len(steps) - 1)]
            first["tags"] = [*first.get("tags", []), tag]
