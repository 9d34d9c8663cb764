"""What steps ask for, keep and give back, as arrays.

A step that just asks for one unit of one resource has no request here: its `seize` is the number
of the resource. Everything else is a request: one list of needs, or a table of lists.

To let steps ask in a new way: an `Ask`, a branch of `Requests.request`, and what it means in
`sim.engine.reference.engine.Engine.let` and `sim.engine.compiled.requests`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.plan.flatten import Arena, chained, rows, spans
from sim.plan.names import Names
from sim.plan.plan import (
    ANYWHERE,
    ASKS,
    JOINS,
    KEEP,
    NEED,
    NONE,
    RELEASE,
    REQUEST,
    RISE,
    SPAN,
    Ask,
    Hold,
    Records,
)
from sim.scenario.language.model import Scenario, Step
from sim.scenario.written.values import By, Keeping, Request, Rising, Table, leaves

HOLDS = {"no": Hold.NO, "next": Hold.NEXT, "true": Hold.TRUE}

_ASKS = {"all": Ask.ALL, "any_of": Ask.ANY, "shortest": Ask.SHORTEST}

#: where the rows of each item begin and end
Spans = tuple[list[int], list[int]]


class Requests:
    """Collects the requests of steps while a scenario is compiled."""

    def __init__(self, model: Scenario, names: Names, arena: Arena) -> None:
        self._model = model
        self._names = names
        self._arena = arena
        self._requests: list[tuple[int, int, int]] = []
        self._lists: list[list[tuple[int, int, int, int]]] = []
        self._rising: list[list[tuple[float, int]]] = []

    def resource(self, step: Step) -> int:
        """What a step seizes: the number of a resource, NONE, ASKS, or JOINS."""
        if step.seize is None:
            return JOINS if step.join else NONE
        one = step.seize.one
        if (
            step.book is not None
            or one is None
            or self._model.resources[one].per is not None
            or step.as_ is not None
        ):
            return ASKS
        return self._names.spans[one][0]

    def request(self, step: Step) -> int:
        """The number of a step's request, or NONE."""
        if self.resource(step) != ASKS or step.seize is None:
            return NONE
        told = step.as_
        levels = {} if told is None else self._names.levels(told)

        def numbered(resources: tuple[str, ...]) -> int:
            assert step.seize is not None
            self._lists.append([self._need(step.seize, name, levels) for name in resources])
            return len(self._lists) - 1

        wanted: Table[tuple[str, ...]] = step.seize.lists
        if step.seize.ask == "all":
            wanted = step.seize.resources
        attribute = NONE if told is None else self._names.attributes.index(told)
        table = self._arena.spans(wanted, numbered)
        self._requests.append((_ASKS[step.seize.ask], table, attribute))
        return len(self._requests) - 1

    def _need(
        self, request: Request, name: str, levels: Mapping[str, int]
    ) -> tuple[int, int, int, int]:
        need, per = request.needs[name], self._model.resources[name].per
        by = need.at or per
        return (
            self._names.spans[name][0],
            NONE if by is None else self._names.attributes.index(by),
            NONE if need.units == 1.0 else self._arena.numbers(need.units),
            levels.get(name, NONE),
        )

    def served_in_order(self, step: Step) -> bool:
        """Whether all that a step asks for is served in order of arrival, whatever the priority.

        An option may ask that of a resource that steps have priorities for.
        """
        return bool(step.asked) and all(
            self._model.resources[name].discipline == "fifo" for name in step.asked
        )

    def priority(self, table: Table[float | Rising]) -> int:
        """Add a table of priorities, as they are at first."""
        return self._arena.numbers(_at_first(table))

    def rises(self, table: Table[float | Rising]) -> int:
        """Add a table of the priorities that come with waiting, or NONE if none does."""
        if not any(isinstance(leaf, Rising) for leaf in leaves(table)):
            return NONE

        def numbered(leaf: Any) -> int:
            after = leaf.after if isinstance(leaf, Rising) else ()
            self._rising.append([(time, self._arena.number(value)) for time, value in after])
            return len(self._rising) - 1

        return self._arena.spans(table, numbered)

    def arrays(self) -> dict[str, Any]:
        """Everything added so far: those arrays of a `World` that hold requests."""
        first_need, end_need = spans(self._lists)
        first_rise, end_rise = spans(self._rising)
        needs, risen = chained(self._lists), chained(self._rising)
        return {
            "requests": _rows(REQUEST, self._requests),
            "lists": rows(SPAN, first=first_need, end=end_need),
            "needs": _rows(NEED, needs),
            "rising": rows(SPAN, first=first_rise, end=end_rise),
            "rises": _rows(RISE, risen),
        }


def _at_first(table: Table[float | Rising]) -> Table[float]:
    if isinstance(table, By):
        other = None if table.other is None else _at_first(table.other)
        cells = {level: _at_first(cell) for level, cell in table.cells.items()}
        return By(table.attribute, cells, other)
    return table.start if isinstance(table, Rising) else table


def compile_keeps(steps: list[Step], names: Names) -> tuple[Spans, Records]:
    """How long units are kept where that varies: rules, of which the first that fits holds."""
    found: list[list[tuple[int, int, int, int]]] = []
    for step in steps:
        rules = []
        if isinstance(step.hold, Keeping):
            for target in sorted(step.hold.rules, key=lambda name: name == ""):
                to = ANYWHERE if target == "" else names.targets[target]
                for resource in step.asked:
                    first, end = names.spans[resource]
                    rules.append((to, first, end, int(HOLDS[step.hold.of(target, resource)])))
        found.append(rules)
    return spans(found), _rows(KEEP, chained(found))


def compile_releases(steps: list[Step], names: Names, arena: Arena) -> tuple[Spans, Records]:
    """What each step gives back of what is kept from earlier ones."""
    found: list[list[tuple[int, int, int]]] = []
    for step in steps:
        found.append([])
        for name, units in sorted(step.release.items()):
            first, end = names.spans[name]
            found[-1].append((first, end, NONE if units is None else arena.numbers(units)))
    return spans(found), _rows(RELEASE, chained(found))


def _rows(of: Any, items: list[Any]) -> Records:
    return rows(of, **{name: [item[i] for item in items] for i, name in enumerate(of.names)})
