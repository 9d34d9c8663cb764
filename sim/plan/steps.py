"""The pathway as arrays: what each step seizes, takes, sets, spawns and where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from sim.plan.booking import APPOINTED, booking_numbers, compile_bookings
from sim.plan.flatten import Arena, chained, integers, rows, spans
from sim.plan.graph import on_a_loop
from sim.plan.names import Names, in_order, keys
from sim.plan.plan import (
    ASKS,
    NONE,
    SETTING,
    SPAWN,
    STEP,
    Hold,
    Integers,
    Interrupt,
)
from sim.plan.reacting import compile_counters
from sim.plan.requests import HOLDS, Requests, compile_keeps, compile_releases
from sim.scenario.language.model import Scenario, Step
from sim.scenario.written.values import Shares, Table, attributes_of

_INTERRUPTS = {
    "resume": Interrupt.RESUME,
    "repeat": Interrupt.REPEAT,
    "renege_to": Interrupt.RENEGE,
}


def compile_steps(model: Scenario, names: Names, arena: Arena) -> dict[str, Any]:
    """Compile all steps: those arrays of a `PlanArrays` that hold the pathway."""
    steps = in_order(model.pathway)
    keyed = [step.draws_as or name for name, step in zip(names.steps, steps, strict=True)]
    sets = [_readers_first(step.set) for step in steps]
    spawns = [sorted(step.spawn.items()) for step in steps]
    kept, keeps = compile_keeps(steps, names)
    released, releases = compile_releases(steps, names, arena)
    first_counter, end_counter, counters = compile_counters(model, names)
    asking = Requests(model, names, arena)
    joined = sorted({name for step in steps for name in step.join})
    task = {name: number for number, name in enumerate(joined)}
    joins = [sorted(task[name] for name in step.join) for step in steps]
    first_join, end_join = spans(joins)
    first_set, end_set = spans(sets)
    first_spawn, end_spawn = spans(spawns)
    return {
        "steps": rows(
            STEP,
            **_moves(steps, asking, names, arena),
            loop=_loops(on_a_loop(model.pathway, names.steps)),
            **{
                f"key_{what}": keys(("step", name, what) for name in keyed)
                for what in ("patience", "renege_to", "balk_to", "delay", "turnaround", "route")
            },
            first_keep=kept[0],
            end_keep=kept[1],
            first_release=released[0],
            end_release=released[1],
            first_join=first_join,
            end_join=end_join,
            first_set=first_set,
            end_set=end_set,
            first_spawn=first_spawn,
            end_spawn=end_spawn,
            book=booking_numbers(model),
            first_counter=first_counter,
            end_counter=end_counter,
        ),
        **asking.arrays(),
        **compile_bookings(model, names, arena),
        "keeps": keeps,
        "releases": releases,
        "counters": counters,
        "joins": integers(chained(joins)),
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
            task=[task.get(name, NONE) for name, _ in chained(spawns)],
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


def _moves(steps: list[Step], asking: Requests, names: Names, arena: Arena) -> dict[str, list[int]]:
    """What each step seizes, waits, takes, keeps and leads to."""
    target = names.targets

    def optional(table: Any, add: Any) -> int:
        return NONE if table is None else int(add(table))

    def routed(table: Any) -> int:
        return NONE if table is None else arena.choices(table, target)

    fifo = asking.served_in_order
    priorities = [APPOINTED if s.book else None if fifo(s) else s.priority for s in steps]
    ends = [s.interruptible for s in steps]
    return {
        "seize": [asking.resource(s) for s in steps],
        "request": [asking.request(s) for s in steps],
        "priority": [optional(p, asking.priority) for p in priorities],
        "rises": [optional(p, asking.rises) for p in priorities],
        "preempts": [optional(s.preempts, arena.numbers) for s in steps],
        "interrupt": [Interrupt.NEVER if end is None else _INTERRUPTS[end.then] for end in ends],
        "interrupted_to": [
            NONE if end is None or end.to is None else target[end.to] for end in ends
        ],
        "patience": [optional(s.patience, arena.durations) for s in steps],
        "renege_to": [routed(s.renege_to) for s in steps],
        "balk_to": [routed(s.balk_to) for s in steps],
        "balk_full": [_balks(s, "full") for s in steps],
        "balk_closed": [_balks(s, "closed") for s in steps],
        "delay": [optional(s.delay, arena.durations) for s in steps],
        "hold": [HOLDS[s.hold] if isinstance(s.hold, str) else Hold.VARIES for s in steps],
        "release_late": [s.release_on_leaving for s in steps],
        "intricate": [
            asking.resource(s) == ASKS
            or not isinstance(s.hold, str)
            or s.release_on_leaving
            or s.interruptible is not None
            or bool(s.join)
            for s in steps
        ],
        "route": [routed(s.route) for s in steps],
    }


def _balks(step: Step, when: Literal["full", "closed"]) -> bool:
    """Whether an arrival is turned away then; who books is when there is no slot."""
    return step.balk_to is not None and step.book is None and when in step.balk_when


def _loops(on_loop: Integers) -> list[int]:
    """Number of each step among those on a loop, or NONE."""
    return [
        int(number) if yes else NONE
        for yes, number in zip(on_loop, np.cumsum(on_loop) - 1, strict=True)
    ]
