"""The pathway as arrays: what each step seizes, takes, sets, spawns and where it leads."""

from __future__ import annotations

from sim.plan.flatten import Arena, integers, ragged
from sim.plan.graph import on_a_loop
from sim.plan.names import Names, in_order, keys, numbered
from sim.plan.plan import NONE, Hold, Steps
from sim.scenario.model import Scenario


def compile_steps(model: Scenario, names: Names, arena: Arena) -> Steps:
    """Compile all steps of a scenario; their tables are added to the arena."""
    steps = in_order(model.pathway)
    resource, target = numbered(names.resources), names.targets
    level = {name: names.levels(name) for name in names.attributes}
    number = numbered(names.attributes)
    keyed = [step.draws_as or name for name, step in zip(names.steps, steps, strict=True)]
    sets = [sorted(step.set.items()) for step in steps]
    spawns = [sorted(step.spawn.items()) for step in steps]
    holds = {"no": Hold.NO, "next": Hold.NEXT, "true": Hold.TRUE}
    return Steps(
        seize=integers(NONE if s.seize is None else resource[s.seize] for s in steps),
        priority=integers(NONE if s.priority is None else arena.numbers(s.priority) for s in steps),
        patience=integers(
            NONE if s.patience is None else arena.durations(s.patience) for s in steps
        ),
        renege_to=integers(0 if s.renege_to is None else target[s.renege_to] for s in steps),
        balk_to=integers(0 if s.balk_to is None else target[s.balk_to] for s in steps),
        balk_full=integers(s.balk_to is not None and "full" in s.balk_when for s in steps),
        balk_closed=integers(s.balk_to is not None and "closed" in s.balk_when for s in steps),
        delay=integers(NONE if s.delay is None else arena.durations(s.delay) for s in steps),
        hold=integers(holds[s.hold] for s in steps),
        route=integers(arena.choices(s.route, target) for s in steps),
        loops=on_a_loop(model.pathway, names.steps),
        key_patience=keys(("step", name, "patience") for name in keyed),
        key_delay=keys(("step", name, "delay") for name in keyed),
        key_turnaround=keys(("step", name, "turnaround") for name in keyed),
        key_route=keys(("step", name, "route") for name in keyed),
        first_release=ragged([s.release for s in steps]),
        release=integers(resource[name] for s in steps for name in sorted(s.release)),
        first_set=ragged(sets),
        set_attribute=integers(number[name] for row in sets for name, _ in row),
        set_table=integers(
            arena.choices(table, level[name]) for row in sets for name, table in row
        ),
        set_key=keys(
            ("step", name, "set", attribute)
            for name, row in zip(keyed, sets, strict=True)
            for attribute, _ in row
        ),
        first_spawn=ragged(spawns),
        spawn_step=integers(target[name] for row in spawns for name, _ in row),
        spawn_table=integers(arena.numbers(table) for row in spawns for _, table in row),
        spawn_key=keys(
            ("step", name, "spawn", child)
            for name, row in zip(keyed, spawns, strict=True)
            for child, _ in row
        ),
    )
