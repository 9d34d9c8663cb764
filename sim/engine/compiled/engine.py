"""Running a plan compiled: from Python into the event loop and back, until the horizon."""

from __future__ import annotations

from collections.abc import Callable

from sim.engine.compiled import loop
from sim.engine.compiled.columns import filled
from sim.engine.compiled.machine import grow, new_machine
from sim.engine.compiled.rare import addresses
from sim.engine.levels import episode_levels
from sim.engine.limits import ROW_BYTES, going_round, log_bytes, too_much
from sim.engine.logs import (
    Absorbed,
    Bookings,
    Capacities,
    Episodes,
    Holds,
    Interruptions,
    Logs,
    Visits,
)
from sim.plan.memory import Memory
from sim.plan.plan import Plan, Records
from sim.plan.population import Population

#: told what part of a replication has been simulated
Watch = Callable[[float], None]

#: events between two looks at the outside world (some tenths of a second)
EVENTS = 1_000_000


def run_compiled(
    plan: Plan, population: Population, candidates: Records, watch: Watch | None = None
) -> Logs:
    """Simulate one replication; the logs are those of the SimPy engine, bit for bit.

    `watch` is told now and then what part of the time has been simulated.
    """
    m = new_machine(plan, population, candidates)
    m["moves"] = addresses(plan)
    loop.begin(m.table)
    while (pause := loop.run(m.table, EVENTS)) != loop.Pause.DONE:
        _stop_if_running_away(plan, m, pause)
        if pause == loop.Pause.ROOM:
            grow(m)
        if watch is not None:
            watch(float(m["counts"][0]["now"]) / plan.horizon)
    loop.end(m.table)
    return _logs(plan, population, m)


def _stop_if_running_away(plan: Plan, m: Memory, pause: int) -> None:
    count = m["counts"][0]
    now, rows = float(count["now"]), int(count["visits"]) + int(count["holds"])
    if pause == loop.Pause.FAULT:
        raise RuntimeError("this plan was not checked: `sim.check` says what is wrong with it")
    if pause == loop.Pause.STUCK:
        raise going_round(plan, now, m["visit_step"][: count["visits"]][-1000:].tolist())
    if rows * ROW_BYTES > log_bytes():
        raise too_much(plan, now, rows, m["standings"]["waiting"].tolist())


def _logs(plan: Plan, population: Population, m: Memory) -> Logs:
    """The filled rows of every log, as columns."""
    counts = m["counts"][0]
    count = counts["episodes"]
    episodes = filled(m, "episode", count)
    levels = episode_levels(
        plan,
        m["people"],
        population.numbers,
        episodes["person"],
        episodes["onset"],
        m["episode_levels"][: count * len(plan.world.episode_columns)],
        m["notes"][: count * len(m["noted"])],
    )
    return Logs(
        visits=Visits(**filled(m, "visit", counts["visits"])),
        holds=Holds(**filled(m, "hold", counts["holds"])),
        interruptions=Interruptions(**filled(m, "interruption", counts["interruptions"])),
        capacities=Capacities(**filled(m, "capacity", counts["capacities"])),
        bookings=Bookings(**filled(m, "booking", counts["bookings"])),
        episodes=Episodes(**episodes, levels=levels),
        absorbed=Absorbed(**filled(m, "absorbed", counts["absorbed"])),
        horizon=plan.horizon,
    )
