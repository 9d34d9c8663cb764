"""The pathway as arrays: what each step seizes, takes, sets, spawns and where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.plan.flatten import Arena, chained, integers, rows, spans
from sim.plan.graph import on_a_loop
from sim.plan.names import Names, in_order, keys, numbered
from sim.plan.plan import NONE, SETTING, SPAWN, STEP, Hold, Integers
from sim.scenario.language.model import Scenario, Step
from sim.scenario.written.values import Shares, Table, attributes_of

_HOLDS = {"no": Hold.NO, "next": Hold.NEXT, "true": Hold.TRUE}


def compile_steps(model: Scenario, names: Names, arena: Arena) -> dict[str, Any]:
    """Compile all steps: those arrays of a `PlanArrays` that hold the pathway."""
    steps = in_order(model.pathway)
    keyed = [step.draws_as or name for name, step in zip(names.steps, steps, strict=True)]
    sets = [_readers_first(step.set) for step in steps]
    spawns = [sorted(step.spawn.items()) for step in steps]
    first_release, end_release = spans(step.release for step in steps)
    first_set, end_set = spans(sets)
    first_spawn, end_spawn = spans(spawns)
    resource = numbered(names.resources)
    return {
        "steps": rows(
            STEP,
            **_moves(steps, _served_in_order(model), names, arena),
            loop=_loops(on_a_loop(model.pathway, names.steps)),
            **{
                f"key_{what}": keys(("step", name, what) for name in keyed)
                for what in ("patience", "delay", "turnaround", "route")
            },
            first_release=first_release,
            end_release=end_release,
            first_set=first_set,
            end_set=end_set,
            first_spawn=first_spawn,
            end_spawn=end_spawn,
        ),
        "releases": integers(resource[name] for s in steps for name in sorted(s.release)),
        "settings": rows(
            SETTING,
            attribute=[names.attributes.index(name) for name, _ in chained(sets)],
            table=[arena.choices(table, names.levels(name)) for name, table in chained(sets)],
            key=keys(
                ("step", name, "set", attribute)
                for name, row in zip(keyed, sets, strict=True)
                for attribute, _ in row
            ),
        ),
        "spawns": rows(
            SPAWN,
            step=[names.targets[name] for name, _ in chained(spawns)],
            table=[arena.numbers(table) for _, table in chained(spawns)],
            key=keys(
                ("step", name, "spawn", child)
                for name, row in zip(keyed, spawns, strict=True)
                for child, _ in row
            ),
        ),
    }


def _readers_first(tables: Mapping[str, Table[Shares]]) -> list[tuple[str, Table[Shares]]]:
    """What a step sets, in an order in which every table reads the levels before the step.

    An attribute is set once no other that is still to be set varies by it.
    """
    left = dict(sorted(tables.items()))
    ordered = []
    while left:
        name = next(
            name
            for name in left
            if not any(name in attributes_of(t) for other, t in left.items() if other != name)
        )
        ordered.append((name, left.pop(name)))
    return ordered


def _served_in_order(model: Scenario) -> set[str]:
    """Resources that ignore priorities, which an option may ask of one that steps have them for."""
    return {name for name, unit in model.resources.items() if unit.discipline == "fifo"}


def _moves(steps: list[Step], fifo: set[str], names: Names, arena: Arena) -> dict[str, list[int]]:
    """What each step seizes, waits, takes, keeps and leads to."""
    resource, target = numbered(names.resources), names.targets
    return {
        "seize": [NONE if s.seize is None else resource[s.seize] for s in steps],
        "priority": [
            NONE if s.priority is None or s.seize in fifo else arena.numbers(s.priority)
            for s in steps
        ],
        "patience": [NONE if s.patience is None else arena.durations(s.patience) for s in steps],
        "renege_to": [NONE if s.renege_to is None else target[s.renege_to] for s in steps],
        "balk_to": [NONE if s.balk_to is None else target[s.balk_to] for s in steps],
        "balk_full": [s.balk_to is not None and "full" in s.balk_when for s in steps],
        "balk_closed": [s.balk_to is not None and "closed" in s.balk_when for s in steps],
        "delay": [NONE if s.delay is None else arena.durations(s.delay) for s in steps],
        "hold": [_HOLDS[s.hold] for s in steps],
        "route": [arena.choices(s.route, target) for s in steps],
    }


def _loops(on_loop: Integers) -> list[int]:
    """Number of each step among those on a loop, or NONE."""
    return [
        int(number) if yes else NONE
        for yes, number in zip(on_loop, np.cumsum(on_loop) - 1, strict=True)
    ]
