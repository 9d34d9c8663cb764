"""Tables against the attributes they vary by: which may be used where, and every level covered.

An attribute can be used in a table only if it has a level by the time the table is read: people
are drawn first, crises fall due next, and only then has an episode attributes of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sim.scenario.language.attributes import NOT_DRAWN, Attribute
from sim.scenario.language.demand import Arrival, Crisis, DrawnAttribute
from sim.scenario.language.model import Resource, Step
from sim.scenario.problems import Path, listed, nearest_name
from sim.scenario.rules.defined_names import Known, begun, cells, unknown
from sim.scenario.rules.pools import without_pools, wrong_pool
from sim.scenario.rules.uses import (
    Use,
    anything,
    in_arrival_rate,
    in_cost,
    in_rate,
    in_relative_rate,
)
from sim.scenario.written.positions import Complaint
from sim.scenario.written.scalars import BROKEN
from sim.scenario.written.values import By, Request, Shares, Table, attributes_of

Complaints = Iterator[Complaint]

#: Fields of a step that may be tables.
READ = (
    *("lead", "within", "attend", "length"),
    *("priority", "preempts", "patience", "renege_to", "balk_to", "delay", "route"),
)

#: How each origin is called in messages.
ORIGINS = {
    "people": "an attribute of people",
    "crisis": "drawn by crises",
    "set": "set by steps",
    "programme": "a programme",
    "calendar": "a calendar",
    "signal": "a signal",
    "elapsed": "a time since something in an episode",
    "got": "told which resource was got",
}


def wrong_levels(known: Known) -> Complaints:
    """Everything wrong with the attributes and levels that the scenario names."""
    yield from _people(known)
    for section, name, kind in begun(known):
        yield from _rates(known, kind, (section, name))
        yield from _begun(known, kind, (section, name))
    yield from _programmes(known)
    yield from _set_attributes(known)
    yield from _steps(known)
    yield from _elsewhere(known)
    yield from _cases(known)
    yield from _initial(known)


def _people(known: Known) -> Complaints:
    def of_people(attribute: Attribute) -> str:
        if attribute.origin == "people":
            return ""
        return "people are drawn before anything else, by attributes of people only"

    attributes = known.model.people.attributes
    for name, drawn in attributes.items():
        path: Path = ("people", "attributes", name)
        yield from _drawn(known, drawn, path, of_people)
    yield from _drawn_in_circles(attributes, ("people", "attributes"))


def _drawn(known: Known, drawn: DrawnAttribute, path: Path, use: Use) -> Complaints:
    """An attribute drawn by shares: its table, and its levels if they are fixed."""
    yield from _table(known, drawn.shares, (*path, "shares"), use)
    if drawn.levels is not None and drawn.levels is not BROKEN:
        yield from _shares(drawn.shares, (*path, "shares"), str(path[-1]), drawn.levels)


def _shares(
    table: Table[object], path: Path, attribute: str, levels: Collection[str]
) -> Complaints:
    """Levels named in shares that the attribute does not have."""
    for here, shares in cells(table, path):
        for level in shares if isinstance(shares, Mapping) else ():
            if level not in levels:
                yield _no_level((*here, level), attribute, level, levels)


def _no_level(path: Path, attribute: str, level: str, levels: Collection[str]) -> Complaint:
    return Complaint(
        path,
        f"`{attribute}` has no level `{level}`",
        allowed=listed(levels),
        nearest=nearest_name(level, levels),
    )


def _drawn_in_circles(attributes: Mapping[str, DrawnAttribute], path: Path) -> Complaints:
    """Attributes whose shares vary by each other in a circle."""
    for circle in _circles(_varies({name: drawn.shares for name, drawn in attributes.items()})):
        yield Complaint(
            (*path, circle[0], "shares"),
            "attributes vary by each other in a circle",
            found=" by ".join(circle),
            allowed="attributes that can be drawn one after the other",
        )


def _set_in_circles(tables: Mapping[str, Table[Shares]], path: Path) -> Complaints:
    """Attributes that one step sets, each by what another of them was before: none can be first.

    An attribute may be set by what it was itself.
    """
    varies = {name: [n for n in by if n != name] for name, by in _varies(tables).items()}
    for circle in _circles(varies):
        yield Complaint(
            (*path, circle[0]),
            "attributes set in one step vary by each other in a circle",
            found=" by ".join(circle),
            allowed="attributes that can be set one after the other, or two steps",
        )


def _varies(tables: Mapping[str, Table[Shares]]) -> dict[str, list[str]]:
    """For each table, those of the others that it varies by."""
    return {
        name: sorted(n for n in attributes_of(table) if n in tables)
        for name, table in tables.items()
    }


def _circles(varies: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """Circles of attributes that vary by each other; each once, its first repeated at its end."""
    done: set[str] = set()
    for start in varies:
        trail: list[str] = []
        name: str | None = start
        while name is not None and name not in done and name not in trail:
            trail.append(name)
            # following the first unfinished one finds a circle if there is one from here
            name = next((n for n in varies[name] if n not in done), None)
        if name is not None and name in trail:
            yield [*trail[trail.index(name) :], name]
        done.update(trail)


def _rates(known: Known, kind: Crisis | Arrival, path: Path) -> Complaints:
    """What rates vary by: those of crises by whose they are, those of arrivals by the time."""
    if isinstance(kind, Arrival):
        yield from _table(known, kind.rate, (*path, "rate"), in_arrival_rate)
        return
    yield from _table(known, kind.rate, (*path, "rate"), in_rate(known))
    for factor, table in kind.relative_rates.items():
        yield from _table(known, table, (*path, "relative_rates", factor), in_relative_rate)


def _begun(known: Known, kind: Crisis | Arrival, path: Path) -> Complaints:
    """What episodes draw as they begin, and where they begin."""

    def in_crisis(attribute: Attribute) -> str:
        if attribute.origin == "crisis" and attribute.name not in kind.attributes:
            return f"`{path[-1]}` does not draw it"
        return ""

    for attribute, drawn in kind.attributes.items():
        here: Path = (*path, "attributes", attribute)
        yield from _drawn(known, drawn, here, in_crisis)
    yield from _drawn_in_circles(kind.attributes, (*path, "attributes"))
    not_drawn = frozenset(
        n for n, a in known.attributes.items() if a.origin == "crisis" and n not in kind.attributes
    )
    yield from _table(known, kind.first, (*path, "first"), anything, not_drawn)


def _table(
    known: Known,
    table: Table[object],
    path: Path,
    use: Use,
    may_be_undrawn: Collection[str] = frozenset(),
) -> Complaints:
    """What is wrong with the attributes and cells of a table, at any depth.

    `may_be_undrawn` are the crisis attributes that an episode may lack where the table is used.
    """
    if not isinstance(table, By):
        return
    path = (*path, *table.under)
    name = table.attribute
    if isinstance(name, str):
        attribute = known.attributes.get(name)
        if attribute is None:
            if known.all_attributes_known:
                yield unknown((*path, "by"), "attribute", name, known.attributes)
        elif why := use(attribute):
            yield Complaint(
                (*path, "by"),
                f"`{name}` cannot be used here: {why}",
                found=f"{name} ({ORIGINS[attribute.origin]})",
                allowed=listed(n for n, a in known.attributes.items() if not use(a)),
            )
        elif name not in known.unsure_levels:
            yield from _cells(table, attribute, path, name in may_be_undrawn)
    for level, cell in table.cells.items():
        yield from _table(known, cell, (*path, level), use, may_be_undrawn)
    if table.other is not None:
        yield from _table(known, table.other, (*path, "other"), use, may_be_undrawn)


def _cells(table: By[object], attribute: Attribute, path: Path, undrawn: bool) -> Complaints:
    """Cells for levels there are not, and levels without a cell."""
    levels = attribute.levels
    strange = [level for level in table.cells if level not in levels]
    meant = set()
    for level in strange:
        complaint = _no_level((*path, level), attribute.name, level, levels)
        meant.add(complaint.nearest)
        yield complaint
    if table.other is not None:
        return
    drawn = attribute.origin in ("crisis", "got")
    needed = [n for n in levels if n != NOT_DRAWN or undrawn or not drawn]
    if drawn and not undrawn and NOT_DRAWN in levels[:-1]:
        needed = list(levels)
    missing = [level for level in needed if level not in table.cells and level not in meant]
    if missing:
        which = f"{_levels_in_words(missing)} of `{attribute.name}`"
        yield Complaint(
            path,
            f"no value for {which}{_undrawn(missing, undrawn)}",
            found=listed(table.cells),
            allowed="a value for every level, or `other`",
        )


def _levels_in_words(levels: list[str]) -> str:
    quoted = [f"`{level}`" for level in levels]
    return f"level {quoted[0]}" if len(quoted) == 1 else f"levels {listed(quoted)}"


def _undrawn(missing: list[str], undrawn: bool) -> str:
    return " (for crises that do not draw it)" if undrawn and missing == [NOT_DRAWN] else ""


def _programmes(known: Known) -> Complaints:
    people = {n: a for n, a in known.attributes.items() if a.origin == "people"}
    for name, programme in known.model.programmes.items():
        for attribute, levels in programme.eligible.items():
            path: Path = ("programmes", name, "eligible", attribute)
            yield from _levels_of(known, people, attribute, levels, path, "attribute of people")


def _levels_of(
    known: Known,
    allowed: Mapping[str, Attribute],
    name: str,
    levels: object,
    path: Path,
    kind: str,
) -> Complaints:
    """One attribute and some of its levels (one, or a list) named outside a table."""
    if name not in allowed:
        if known.all_attributes_known:
            yield unknown(path, kind, name, allowed)
        return
    if levels is BROKEN or name in known.unsure_levels:
        return
    of = allowed[name].levels
    named = [(path, levels)] if isinstance(levels, str) else []
    if isinstance(levels, tuple):
        named = [((*path, index), level) for index, level in enumerate(levels)]
    for here, level in named:
        if level not in of:
            yield _no_level(here, name, level, of)


def _set_attributes(known: Known) -> Complaints:
    for name, attribute in known.model.attributes.items():
        if attribute.levels is BROKEN or attribute.initially is BROKEN:
            continue
        if len(attribute.levels) < 2:
            yield Complaint(
                ("attributes", name, "levels"),
                "an attribute needs two levels",
                found=listed(attribute.levels),
                allowed="two or more",
            )
        if attribute.initially not in attribute.levels:
            path: Path = ("attributes", name, "initially")
            yield _no_level(path, name, attribute.initially, attribute.levels)


def _steps(known: Known) -> Complaints:
    can_be_set = {
        name: attribute
        for name, attribute in known.attributes.items()
        if attribute.origin in ("set", "people")
    }
    for name, step in known.model.pathway.items():
        path: Path = ("pathway", name)
        undrawn = {a for a, steps in known.reached_without.items() if name in steps}
        for field in READ:
            yield from _table(known, getattr(step, field), (*path, field), anything, undrawn)
        yield from _asked(known, step, path, undrawn)
        for target, probability in _items(step.spawn):
            yield from _table(known, probability, (*path, "spawn", target), anything, undrawn)
        for attribute, table in step.set.items():
            here: Path = (*path, "set", attribute)
            yield from _table(known, table, here, anything, undrawn)
            yield from _set(known, can_be_set, attribute, table, here)
        yield from _set_in_circles(step.set, (*path, "set"))


def _asked(known: Known, step: Step, path: Path, undrawn: set[str]) -> Complaints:
    """Tables of what a step asks for and gives back, and whose pools it asks."""
    if isinstance(step.release, Mapping):
        for name, units in step.release.items():
            yield from _table(known, units, (*path, "release", name), anything, undrawn)
    if not isinstance(step.seize, Request):
        return
    here: Path = (*path, "seize")
    if step.seize.ask != "all":
        lists: Table[object] = step.seize.lists
        yield from _table(known, lists, (*here, step.seize.ask), anything, undrawn)
    for name, need in step.seize.needs.items():
        yield from _table(known, need.units, (*here, name), anything, undrawn)
        yield from wrong_pool(known, name, need, (*here, name))


def _pools(known: Known, name: str, resource: Resource) -> Complaints:
    """The attribute a resource has pools by, and what its capacities vary by."""
    path: Path = ("resources", name)
    capacities = [(resource.capacity, (*path, "capacity"))]
    capacities += [(c, (*path, "changes", str(day))) for day, c in resource.changes.items()]

    def may_vary_by(attribute: Attribute) -> str:
        if attribute.origin in ("signal", "calendar") or attribute.name == resource.per:
            return ""
        return (
            "a capacity varies by signals and calendars, and by an attribute that it has pools by "
            f"(`per: {attribute.name}`)"
        )

    if resource.per is not BROKEN:
        for capacity, here in capacities:
            yield from _table(known, capacity, here, may_vary_by)
    if not isinstance(resource.per, str):
        return
    attribute = known.attributes.get(resource.per)
    if attribute is None:
        if known.all_attributes_known:
            allowed = {n: a for n, a in known.attributes.items() if not without_pools(a)}
            yield unknown((*path, "per"), "attribute", resource.per, allowed)
        return
    if why := without_pools(attribute):
        yield Complaint((*path, "per"), f"there can be no pools per `{resource.per}`: {why}")


def _items(spawn: object) -> list[tuple[str, Table[object]]]:
    return list(spawn.items()) if isinstance(spawn, Mapping) else []


def _set(
    known: Known,
    can_be_set: Mapping[str, Attribute],
    name: str,
    table: Table[object],
    path: Path,
) -> Complaints:
    if name in can_be_set:
        if name not in known.unsure_levels:
            yield from _shares(table, path, name, can_be_set[name].levels)
        return
    attribute = known.attributes.get(name)
    if attribute is not None:
        yield Complaint(
            path,
            f"a step cannot set `{name}`: it is {ORIGINS[attribute.origin]}",
            allowed=f"an attribute of people or one declared in `attributes`: {listed(can_be_set)}",
        )
    elif known.all_attributes_known:
        yield unknown(path, "attribute", name, can_be_set)


def _elsewhere(known: Known) -> Complaints:
    """Tables of resources and costs, read where steps seize or carry a tag."""
    for name, resource in known.model.resources.items():
        yield from _pools(known, name, resource)
        users = {n for n, step in known.model.pathway.items() if name in step.asked}
        path: Path = ("resources", name, "turnaround")
        yield from _table(known, resource.turnaround, path, anything, _undrawn_at(known, users))
    for name, cost in known.model.costs.items():
        tagged = {
            n
            for n, step in known.model.pathway.items()
            if step.tags is not BROKEN and cost.tag in step.tags
        }
        here: Path = ("costs", name, "each")
        yield from _table(known, cost.each, here, in_cost, _undrawn_at(known, tagged))


def _undrawn_at(known: Known, steps: Collection[str]) -> set[str]:
    return {a for a, reached in known.reached_without.items() if not reached.isdisjoint(steps)}


def _cases(known: Known) -> Complaints:
    for name, case in known.model.cases.items():
        yield from _fixed(known, case.crisis, case.attributes, ("cases", name, "attributes"))


def _initial(known: Known) -> Complaints:
    for name, row in known.model.initial.items():
        yield from _fixed(known, row.crisis, row.attributes, ("initial", name, "attributes"))


def _fixed(known: Known, brought: str, levels: Mapping[str, str], path: Path) -> Complaints:
    """Levels of somebody whom a crisis befalls, of attributes that are drawn at the latest then."""
    crisis = known.model.demand.get(brought) if isinstance(brought, str) else None
    if crisis is None:
        return
    allowed = {
        n: a
        for n, a in known.attributes.items()
        if a.origin == "people" or (a.origin == "crisis" and n in crisis.attributes)
    }
    kind = f"attribute of people or of `{brought}`"
    for attribute, level in levels.items():
        yield from _levels_of(known, allowed, attribute, level, (*path, attribute), kind)
