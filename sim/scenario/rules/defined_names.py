"""What names a scenario defines, and which of them are in doubt because of other problems.

The checks of `names`, `levels` and `field_rules` ask here, so that one mistake (a section that is
no mapping, shares that cannot be read) does not make everything that refers to it wrong as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from sim.scenario.files.paths import at
from sim.scenario.files.reading import Node
from sim.scenario.language.attributes import Attribute, declared
from sim.scenario.language.demand import Arrival, Crisis, DrawnAttribute
from sim.scenario.language.model import Scenario, Step
from sim.scenario.language.pools import Pool, pools_of
from sim.scenario.problems import Path, listed, nearest_name
from sim.scenario.written.positions import Complaint
from sim.scenario.written.scalars import BROKEN
from sim.scenario.written.values import By, Interruptible, Table, leaves

#: Sections whose names are attributes.
ATTRIBUTE_SECTIONS = (
    "people",
    "attributes",
    "programmes",
    "calendars",
    "signals",
    "crises",
    "arrivals",
)


@dataclass(frozen=True)
class Known:
    """A scenario, parts of which may be `BROKEN`, and the names it defines.

    `root` is the merged tree, which knows the file of every value;
    `doubtful` are the paths of sections that could not be read, so that names may be missing.
    """

    model: Scenario
    root: Node
    doubtful: frozenset[Path] = frozenset()

    @cached_property
    def attributes(self) -> dict[str, Attribute]:
        """Attributes by name."""
        return declared(self.model)

    @cached_property
    def pools(self) -> tuple[Pool, ...]:
        """Pools of the resources whose attribute is known."""
        found: list[Pool] = []
        for name, resource in self.model.resources.items():
            if resource.per is None or resource.per in self.attributes:
                found += pools_of(name, resource, self.attributes)
        return tuple(found)

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """Names of the steps."""
        return tuple(self.model.pathway)

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """Names of the steps and outcomes."""
        return tuple(dict.fromkeys((*self.model.pathway, *self.model.outcomes)))

    @cached_property
    def tags(self) -> frozenset[str]:
        """Tags that some step carries."""
        return frozenset(
            tag for step in self.model.pathway.values() for tag in present_names(step.tags)
        )

    @cached_property
    def set_by_steps(self) -> dict[str, str]:
        """Attributes that some step sets, each with the first such step."""
        found: dict[str, str] = {}
        for name, step in self.model.pathway.items():
            for attribute in step.set:
                found.setdefault(attribute, name)
        return found

    @cached_property
    def all_attributes_known(self) -> bool:
        """Whether an attribute that is not found does not exist."""
        if self.model.people.strata is BROKEN:
            return False
        return not any(path[0] in ATTRIBUTE_SECTIONS for path in self.doubtful)

    def in_doubt(self, *sections: str) -> bool:
        """Whether names of any of the sections may be missing."""
        return any((section,) in self.doubtful for section in sections)

    def same_file(self, one: Path, other: Path) -> bool:
        """Whether two values were written in one file, so that they were meant together."""
        nodes = at(self.root, one), at(self.root, other)
        return len({node.file for node in nodes if node is not None}) == 1

    @cached_property
    def unsure_levels(self) -> frozenset[str]:
        """Attributes not all of whose levels are known."""
        drawn = list(self.model.people.attributes.items())
        for crisis in self.model.demand.values():
            drawn += crisis.attributes.items()
        unsure = {name for name, attribute in drawn if _unsure(attribute)}
        unsure |= {n for n, a in self.model.attributes.items() if a.levels is BROKEN}
        return frozenset(unsure)

    @cached_property
    def reached_by(self) -> Mapping[str, frozenset[str]]:
        """Steps that episodes of each crisis and their side tasks may come to."""
        return {name: self._reached(name) for name in self.model.demand}

    @cached_property
    def reached_without(self) -> Mapping[str, frozenset[str]]:
        """Steps that each attribute drawn by crises can be missing at, by attribute."""
        return {
            name: frozenset().union(
                *(
                    self.reached_by[crisis]
                    for crisis, definition in self.model.demand.items()
                    if name not in definition.attributes
                )
            )
            for name, attribute in self.attributes.items()
            if attribute.origin == "crisis"
        } | self._reached_before_getting

    @property
    def _reached_before_getting(self) -> dict[str, frozenset[str]]:
        """Steps come to before any step has told an attribute what was got, by attribute."""
        found = {}
        for name, attribute in self.attributes.items():
            if attribute.origin == "got":
                reached = [self._reached(crisis, name) for crisis in self.model.demand]
                found[name] = frozenset().union(*reached)
        return found

    def reached(self, crisis: str) -> frozenset[str]:
        """Steps that episodes of a crisis and their side tasks may come to."""
        return self._reached(crisis)

    def _reached(self, crisis: str, until: str = "") -> frozenset[str]:
        """Steps that episodes of a crisis and their side tasks may come to.

        Not beyond those that tell the attribute `until` which resource they have got.
        """
        waiting = list(names_in(self.model.demand[crisis].first))
        reached: set[str] = set()
        while waiting:
            name = waiting.pop()
            step = self.model.pathway.get(name)
            if step is not None and name not in reached:
                reached.add(name)
                told = until != "" and step.as_ == until
                waiting += ways_unserved(step) if told else ways_out(step)
        return frozenset(reached) - {
            name for name in reached if until != "" and self.model.pathway[name].as_ == until
        }


def begun(known: Known) -> Iterator[tuple[str, str, Crisis | Arrival]]:
    """Everything by which episodes begin: its section, its name, and what is said of it."""
    for name, crisis in known.model.crises.items():
        yield "crises", name, crisis
    for name, arrival in known.model.arrivals.items():
        yield "arrivals", name, arrival


def _unsure(attribute: DrawnAttribute) -> bool:
    if attribute.levels not in (None, BROKEN):
        return False
    return attribute.levels is BROKEN or any(leaf is BROKEN for leaf in leaves(attribute.shares))


def ways_out(step: Step) -> Iterator[str]:
    """Everything a step may lead to: routes, balking, reneging, interruptions, side tasks."""
    yield from names_in(step.route)
    yield from step.spawn if isinstance(step.spawn, Mapping) else ()
    if isinstance(step.interruptible, Interruptible) and step.interruptible.to is not None:
        yield step.interruptible.to
    yield from ways_unserved(step)


def ways_unserved(step: Step) -> Iterator[str]:
    """Where a step leads those it does not serve."""
    for table in (step.balk_to, step.renege_to):
        if present(table) and table is not None:
            yield from names_in(table)


def names_in(table: Table[Mapping[str, float]]) -> Iterator[str]:
    """Every name in the shares of a table."""
    for shares in leaves(table):
        if isinstance(shares, Mapping):
            yield from shares


def cells(table: Table[object], path: Path) -> Iterator[tuple[Path, object]]:
    """Every constant of a table with its path in the file; broken ones are left out."""
    if isinstance(table, By):
        path = (*path, *table.under)
        for level, cell in table.cells.items():
            yield from cells(cell, (*path, level))
        if table.other is not None:
            yield from cells(table.other, (*path, "other"))
    elif table is not BROKEN:
        yield path, table


def present(value: object) -> bool:
    """Whether an optional field is given and could be read."""
    return value is not None and value is not BROKEN


def given(value: object) -> bool:
    """Whether an optional field is written, readable or not."""
    return value is not None


def present_names(values: Iterable[str]) -> tuple[str, ...]:
    """The names of a list that could be read."""
    return () if values is BROKEN else tuple(values)


def unknown(path: Path, kind: str, name: str, names: Iterable[str]) -> Complaint:
    """The complaint that something of a kind does not exist."""
    defined = list(names)
    return Complaint(
        path,
        f"there is no {kind} `{name}`",
        allowed=listed(defined),
        nearest=nearest_name(name, defined),
    )
