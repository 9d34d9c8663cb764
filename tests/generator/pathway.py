"""An invented pathway, sound by construction.

Steps come in an order; routes, balking and reneging lead forward, except for loops back from a
step that takes time. Every step after the first has a parent before it, so that all are reached,
and every route can go on or end, so that all end. What may be held on coming to each step is
followed along, so that nothing is seized twice or released in vain. Side tasks have steps of
their own at the end, from which nothing leads back and which spawn nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.generator.choices import Choices
from tests.generator.gates import TAGS, join_tasks, until
from tests.generator.requests import ask, asked, be_urgent, give_back, vary_hold
from tests.generator.values import Attribute, duration, probability, shares, table

if TYPE_CHECKING:
    from tests.generator.scenarios import Draft

#: names whose natural order is neither that of their invention nor alphabetical
STEPS = ("step9", "step10", "Call", "step2", "zz", "step11", "Admit", "a1")
SIDE = ("tell_gp", "In_reach2", "in_reach10")
OUTCOMES = ("home", "Died_not", "care_home", "left")

#: how a step is first come to
ROUTE, BALK, RENEGE, SPAWN, FIRST = "route", "balk", "renege", "spawn", "first"


@dataclass
class Node:
    """A step being invented: what must lead to it, and what may be held on coming to it."""

    name: str
    entry: dict[str, str] = field(default_factory=dict)  #: resource: `next`, `true` or `both`
    must: dict[str, list[str]] = field(default_factory=dict)  #: way: targets that need it
    step: dict[str, Any] = field(default_factory=dict)


@dataclass
class Walk:
    """The pathway being invented."""

    draft: Draft
    nodes: list[Node]
    main: int  #: how many of the nodes are not side tasks
    outcomes: list[str]
    attributes: list[Attribute]

    def forward(self, at: int) -> list[str]:
        """Names of steps that may follow the one at `at`."""
        end = self.main if at < self.main else len(self.nodes)
        return [node.name for node in self.nodes[at + 1 : end]]

    def node(self, name: str) -> Node | None:
        """The node of a name, None for outcomes."""
        return next((node for node in self.nodes if node.name == name), None)

    def come(self, name: str, held: dict[str, str]) -> None:
        """Note that one may come to `name` holding `held`."""
        node = self.node(name)
        if node is not None:
            for resource, kept in held.items():
                same = node.entry.get(resource, kept) == kept
                node.entry[resource] = kept if same else "both"


def pathway(d: Draft) -> None:
    """Add the pathway, the outcomes and the first steps of the crises."""
    c = d.c
    main = c.whole(1, 7)
    side = c.whole(0, len(SIDE)) if c.chance(50) else 0
    nodes = [Node(name) for name in (*STEPS[:main], *SIDE[:side])]
    outcomes = [*OUTCOMES[: c.whole(1, 3)], *(["died"] if c.chance(40) else [])]
    d.tree["outcomes"] = {name: name.replace("_", " ") for name in outcomes}
    w = Walk(d, nodes, main, outcomes, d.everything)
    _choose_parents(w)
    _first_steps(w)
    for at in range(len(nodes)):
        _step(w, at)
    if d.asking:
        join_tasks(w)
    d.tree["pathway"] = {node.name: node.step for node in nodes}


def _choose_parents(w: Walk) -> None:
    """Choose for every step how it is first come to."""
    c = w.draft.c
    for at, node in enumerate(w.nodes[1:], 1):
        if at < w.main:
            parent = w.nodes[c.whole(max(0, at - 3), at - 1)]
            ways = [ROUTE, BALK, RENEGE]
            way = c.one_of([ROUTE, ROUTE, ROUTE, *(w for w in ways if w not in parent.must)])
            if way in (BALK, RENEGE) and parent.must.get(way):
                way = ROUTE
        elif at > w.main and c.chance(50):
            parent, way = w.nodes[at - 1], ROUTE
        else:
            parent, way = w.nodes[c.whole(0, w.main - 1)], SPAWN
        parent.must.setdefault(way, []).append(node.name)


def _first_steps(w: Walk) -> None:
    """Choose where crises start; the first step is the first of one of them."""
    d, c = w.draft, w.draft.c
    starts = [node.name for node in w.nodes[: w.main]]
    for number, (name, crisis) in enumerate(d.tree["crises"].items()):
        known = [*d.anyone, *d.own[name]]
        chosen = [starts[0]] if number == 0 else [c.one_of(starts)]
        chosen += [s for s in c.some_of(starts, 20) if s not in chosen]

        def leaf(chosen: list[str] = chosen) -> Any:
            return shares(c, chosen)

        crisis["first"] = table(c, leaf, known, percent=25, depth=2)


def _step(w: Walk, at: int) -> None:
    """Invent one step, given what may be held on coming to it."""
    d, c, node = w.draft, w.draft.c, w.nodes[at]
    step = node.step
    loops = _loop_targets(w, at)
    needs_unit = BALK in node.must or RENEGE in node.must
    free = [name for name in d.tree["resources"] if name not in node.entry]
    if RENEGE in node.must:  # only where somebody may wait
        free = [n for n in free if d.tree["resources"][n]["capacity"] != "unlimited"]
    if free and (needs_unit or c.chance(75)):
        _seize(w, at, c.one_of(free))
    else:
        # nothing is left to seize: what balking or reneging should have led to is routed to
        for way in (BALK, RENEGE):
            node.must.setdefault(ROUTE, []).extend(node.must.pop(way, []))
    releasable = [name for name, kept in node.entry.items() if kept in ("true", "both")]
    released = c.some_of(releasable, 60)
    if released:
        step["release"] = released
    still = [n for n in releasable if n not in released]
    if d.asking and released:
        still += give_back(w, step, released)
    if "seize" in step:
        step["hold"] = c.one_of(["no", "no", "no", "next", "next", True])
        if step["hold"] == "no":
            del step["hold"]
    held = dict.fromkeys(still, "true")
    if step.get("hold"):
        held |= dict.fromkeys(asked(step), "true" if step["hold"] is True else "next")
    back = [] if held else loops
    loop = [c.one_of(back)] if back and c.chance(30) else []
    _delay(w, step, positive=bool(loop))
    _set(w, step)
    _spawn(w, at)
    _route(w, at, held, loop)
    if d.asking and step.get("hold"):
        vary_hold(w, step)
    if c.chance(50):
        step["tags"] = c.some_of(TAGS, 30) or ["seen"]
    if c.chance(5):
        step["draws_as"] = f"formerly_{node.name}"
    if c.chance(20):
        step["service"] = c.one_of(["The front desk", "Everything else"])


def _loop_targets(w: Walk, at: int) -> list[str]:
    """Steps that may be returned to: any before, within the main part only."""
    return [node.name for node in w.nodes[: at + 1]] if at < w.main else []


def _seize(w: Walk, at: int, resource: str) -> None:
    """Seize a resource, with what may happen while waiting for it."""
    d, c, node = w.draft, w.draft.c, w.nodes[at]
    step = node.step
    step["seize"] = resource
    unit = d.tree["resources"][resource]
    onward = [*w.outcomes, *w.forward(at)]
    if d.asking:
        ask(w, step, resource, node.entry)
        units = [d.tree["resources"][name] for name in asked(step)]
        limits = [u["queue_limit"] for u in units if "queue_limit" in u]
        unit = {**unit, **({"queue_limit": limits[0]} if limits else {})}
        if any(u["capacity"] == "unlimited" for u in units):
            unit["capacity"] = "unlimited"
    if c.chance(45):
        step["priority"] = table(
            c, lambda: c.one_of([1, 2, 3, 0, -1, 1.5]), w.attributes, percent=70, depth=2
        )
    if d.asking:
        elsewhere = be_urgent(w, step, onward)
        if elsewhere is not None:
            kept = {n: k for n, k in node.entry.items() if k in ("true", "both")}
            w.come(elsewhere, dict.fromkeys(kept, "true"))
    waits = unit["capacity"] != "unlimited" or "changes" in unit
    if waits and (RENEGE in node.must or c.chance(35)):
        step["patience"] = table(c, lambda: _patience(c, d.mode), w.attributes, percent=25, depth=2)
        step["renege_to"] = node.must.get(RENEGE, [c.one_of(onward)])[0]
        w.come(step["renege_to"], node.entry)
    sent = [n for n in asked(step) if d.tree["resources"][n].get("at_closing") == "renege"]
    if sent and "renege_to" not in step:
        step["renege_to"] = c.one_of(onward)
        w.come(step["renege_to"], node.entry)
    if BALK in node.must or "queue_limit" in unit or c.chance(30):
        step["balk_to"] = node.must.get(BALK, [c.one_of(onward)])[0]
        w.come(step["balk_to"], node.entry)
        if c.chance(40):
            reasons = [["full"], ["full", "closed"], ["closed"]]
            step["balk_when"] = c.one_of(reasons[:2] if "queue_limit" in unit else reasons)


def _patience(c: Choices, mode: str) -> Any:
    """How long one waits; a few for as long as it takes."""
    return "never" if c.chance(10) else duration(c, mode, 60)


def _delay(w: Walk, step: dict[str, Any], positive: bool) -> None:
    d, c = w.draft, w.draft.c
    if not positive and c.chance(15):
        return  # no delay at all
    minutes = c.one_of([60, 15, 240, 600])

    def leaf() -> Any:
        if d.asking and c.chance(12):
            return until(d, minutes, w.attributes)
        return duration(c, d.mode, minutes, positive)

    step["delay"] = table(c, leaf, w.attributes, percent=35)


def _set(w: Walk, step: dict[str, Any]) -> None:
    """Set attributes; each may vary by itself and by what is set after it, never in a circle."""
    d, c = w.draft, w.draft.c
    found: dict[str, Any] = {}
    for attribute in c.some_of(d.settable, 35):

        def leaf(levels: tuple[str, ...] = attribute.levels) -> Any:
            if c.chance(60):
                return c.one_of(levels)
            return shares(c, list(levels))

        by = [a for a in w.attributes if a.name not in found]
        found[attribute.name] = table(c, leaf, by, percent=30, depth=2)
    if found:
        step["set"] = found


def _spawn(w: Walk, at: int) -> None:
    """Spawn side tasks, those that only this step leads to with a chance above 0."""
    c, node = w.draft.c, w.nodes[at]
    if at >= w.main:
        return
    must = node.must.get(SPAWN, [])
    more = [n.name for n in w.nodes[w.main :] if n.name not in must and c.chance(20)]
    if not must and not more:
        return
    if not more and c.chance(30):
        node.step["spawn"] = list(must)
        return
    node.step["spawn"] = {
        **{name: c.one_of([1, "60 %"]) for name in must},
        **{
            name: table(c, lambda: probability(c), w.attributes, percent=50, depth=2)
            for name in more
        },
    }


def _route(w: Walk, at: int, held: dict[str, str], loop: list[str]) -> None:
    """Go on to the steps that need it, perhaps others, perhaps back, and always also to an end."""
    c, node = w.draft.c, w.nodes[at]
    must = list(dict.fromkeys(node.must.get(ROUTE, [])))
    onward = [name for name in w.forward(at) if name not in must and c.chance(20)]
    ends = [c.one_of(w.outcomes)]
    ends += [name for name in w.outcomes if name not in ends and c.chance(25)]
    targets = [*must, *onward]
    if not targets or c.chance(60):
        targets += ends

    def leaf() -> Any:
        some = [name for name in targets if c.chance(70)] or [targets[0]]
        back = [name for name in loop if name not in some and c.chance(70)]
        return shares(c, [*some, *back])

    first = shares(c, [*targets, *loop]) if must or loop else leaf()
    node.step["route"] = _with_first(table(c, leaf, w.attributes, percent=40), first)
    for target in {*targets, *loop}:
        w.come(target, held)


def _with_first(written: Any, first: Any) -> Any:
    """The table with its first leaf replaced, so that what must be led to is."""
    if not isinstance(written, dict) or "by" not in written:
        return first
    key = next(key for key in written if key != "by")
    return {**written, key: _with_first(written[key], first)}
