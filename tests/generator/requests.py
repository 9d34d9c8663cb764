"""Invented requests: several units, any of several, pools, interruptions, rising priorities.

What is held afterwards is, for the rest of the pathway, all that might be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.generator.values import Attribute, capacity, table

if TYPE_CHECKING:
    from tests.generator.pathway import Walk
    from tests.generator.scenarios import Draft

SEEN_BY = "seen_by"


def asked(step: dict[str, Any]) -> list[str]:
    """Resources a step may ask for."""
    seize = step.get("seize")
    if seize is None:
        return []
    if isinstance(seize, str):
        return [seize]
    lists = seize.get("any_of", seize.get("shortest"))
    if lists is None:
        return list(seize)
    return list(dict.fromkeys(_names(lists)))


def _names(lists: Any) -> list[str]:
    if isinstance(lists, list):
        return lists
    return [name for key, part in lists.items() if key != "by" for name in _names(part)]


def pools(d: Draft, entry: dict[str, Any]) -> None:
    """Perhaps make a resource one with a pool for each level, and perhaps one served in turn."""
    c = d.c
    if c.chance(25):
        entry["in_turn"] = True
    if isinstance(entry["capacity"], dict) and c.chance(60):
        entry["at_closing"] = c.one_of(["serve", "renege"])
        if entry["at_closing"] == "serve":
            entry.pop("in_turn", None)
    limited = "unlimited" not in (entry["capacity"], *entry.get("changes", {}).values())
    if limited and c.chance(35):
        after = c.one_of(["40 min", "2 h", "3 h"])
        entry["break"] = {"after": after, "for": c.one_of(["15 min", "20 min", "1 h"])}
    if not d.drawn or not c.chance(30) or entry["capacity"] == "unlimited":
        return
    by = c.one_of(d.drawn)
    entry["per"] = by.name
    if c.chance(60):
        cells = {level: capacity(c, 3) for level in by.levels[1:]}
        entry["capacity"] = {"by": by.name, **cells, "other": capacity(c, 3)}


def react(d: Draft) -> None:
    """Perhaps let signals remember, and capacities react to them."""
    c = d.c
    counting = {name: s for name, s in d.tree["signals"].items() if "since" not in s}
    for signal in counting.values():
        limit = signal["at_least"]
        if c.chance(50):
            signal["until"] = 0 if limit == 1 and "queue" in signal else c.one_of([0, 0.25])
        if "queue" in signal and c.chance(30):
            signal["waited"] = c.one_of(["15 min", "1 h", "100 s"])
        elif c.chance(20):
            for word in ("queue", "occupancy"):
                signal.pop(word, None)
            signal["inside"] = c.some_of(list(d.tree["pathway"]), 40) or [
                next(iter(d.tree["pathway"]))
            ]
            signal["at_least"] = c.whole(1, 3)
        if c.chance(30):
            signal["for"] = c.one_of(["5 min", "1 h", "90 s"])
    signals = [name for name in counting if not c.chance(25)]
    calendars = list(d.tree["calendars"])
    pooled = {n.partition("[")[0]: r.get("per") for n, r in d.tree["resources"].items()}
    for name, entry in d.tree["resources"].items():
        by = [s for s in signals if _may_sense(d.tree["signals"][s], name, entry, pooled)]
        if entry["capacity"] == "unlimited" or not by or not c.chance(60):
            continue
        more = c.whole(1, 4)
        table: Any = {"by": by[0], "yes": more, "no": entry["capacity"]}
        if len(by) > 1 and c.chance(80):
            table = {"by": by[1], "yes": c.whole(0, 3), "no": table}
        if calendars and c.chance(40):
            table = {"by": calendars[0], "yes": table, "no": c.one_of([0, 1, 2])}
        entry["capacity"] = table
        for word in ("opens_after", "closes_after"):
            if c.chance(30):
                entry[word] = c.one_of(["20 min", "1 h", "0 min"])


def _may_sense(signal: dict[str, Any], name: str, entry: Any, pooled: dict[str, Any]) -> bool:
    """Whether a capacity can react to a signal: not to its own occupancy, nor to strange pools."""
    on = signal.get("queue", signal.get("occupancy", "[]"))
    per = pooled.get(on.partition("[")[0])
    if "occupancy" in signal and on.partition("[")[0] == name:
        return False
    return "[" in on or per is None or per == entry.get("per")


def ask(w: Walk, step: dict[str, Any], resource: str, entry: dict[str, str]) -> None:
    """Perhaps ask for more than one unit of one resource."""
    d, c = w.draft, w.draft.c
    resources = d.tree["resources"]
    order = resources[resource].get("discipline", "priority")
    others = [
        name
        for name in resources
        if name != resource
        and name not in entry
        and resources[name].get("discipline", "priority") == order
    ]
    form = c.whole(0, 9)
    if form <= 3:
        units: Any = c.one_of([1, 1, 2])
        if c.chance(30):
            units = table(c, lambda: c.one_of([1, 0, 2]), w.attributes, percent=90, depth=1)
        if isinstance(units, dict):  # somebody needs one
            first = next(key for key in units if key != "by")
            units[first] = 1
        elif units == 0:
            units = 1
        step["seize"] = {resource: units, **dict.fromkeys(others[: c.whole(0, 2)], 1)}
    elif form <= 6 and others:
        names = [resource, *others[: c.whole(1, 2)]]
        lists: Any = names if c.chance(50) else names[::-1]
        if c.chance(30) and w.attributes:
            by = c.one_of(w.attributes)
            lists = {"by": by.name, by.levels[0]: names, "other": names[::-1]}
        step["seize"] = {"any_of" if form <= 5 else "shortest": lists}
        if c.chance(50):
            step["as"] = SEEN_BY


def be_urgent(w: Walk, step: dict[str, Any], onward: list[str]) -> str | None:
    """Perhaps press, may be interrupted, or rise with waiting; returns where the interrupted go."""
    d, c = w.draft, w.draft.c
    orders = {d.tree["resources"][name].get("discipline") for name in asked(step)}
    if c.chance(35) and "fifo" not in orders:
        step["priority"] = {
            "start": c.one_of([2, 3]),
            "after": {"20 min": 1, "1 h": c.one_of([0, 2])},
        }
    if c.chance(35):
        step["preempts"] = table(
            c, lambda: c.one_of(["yes", "no"]), w.attributes, percent=30, depth=1
        )
        if "fifo" not in orders and c.chance(70):
            step["priority"] = c.one_of([0, -1])
    if not c.chance(55):
        return None
    if "fifo" not in orders and "preempts" not in step and c.chance(60):
        step["priority"] = c.one_of([3, 4])
    end = c.one_of(["resume", "repeat", "renege_to"])
    if end != "renege_to":
        step["interruptible"] = end
        return None
    target = c.one_of(onward)
    step["interruptible"] = {"renege_to": target}
    return target


def give_back(w: Walk, step: dict[str, Any], released: list[str]) -> list[str]:
    """Perhaps give back only part, or only on leaving; returns what may be held on."""
    c = w.draft.c
    if c.chance(30):
        step["release_on_leaving"] = True
    if not c.chance(40):
        return []
    step["release"] = {
        name: table(c, lambda: c.whole(0, 1), w.attributes, percent=30, depth=1)
        for name in released
    }
    return released


def vary_hold(w: Walk, step: dict[str, Any]) -> None:
    """Perhaps keep only some of what is seized, or only on some ways."""
    c = w.draft.c
    word = step["hold"]
    if c.chance(30):
        names = asked(step)
        kept = {name: word for name in names if c.chance(60)} or {names[0]: word}
        step["hold"] = kept if word != True or c.chance(50) else list(kept)  # noqa: E712
    if c.chance(30):
        targets = sorted(_targets(step["route"]))
        step["hold"] = {"by_route": {targets[0]: step["hold"], "other": c.one_of(["no", word])}}


def following(step: dict[str, Any]) -> set[str]:
    """Steps and outcomes that an episode may come to from a step."""
    ways = [step[word] for word in ("route", "balk_to", "renege_to") if word in step]
    end = step.get("interruptible")
    ways += [end["renege_to"]] if isinstance(end, dict) else []
    return {name for way in ways for name in _targets(way)}


def _targets(route: Any) -> set[str]:
    if isinstance(route, str):
        return {route}
    if "by" in route:
        return {n for key, part in route.items() if key != "by" for n in _targets(part)}
    return set(route)


#: what is known of who was got, for tables
def got(names: list[str]) -> Attribute:
    """The attribute told which resource was got."""
    return Attribute(SEEN_BY, (*sorted(names), "none"))
