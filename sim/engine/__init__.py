"""Engines: a plan and a seed in, logs out.

The SimPy engine is the definition of every result; the compiled engine gives the same, faster.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sim.engine.logs import Logs
    from sim.plan.plan import Plan
    from sim.plan.population import Population

EngineName = Literal["compiled", "simpy"]


def run(
    plan: Plan,
    seed: int,
    replication: int,
    engine: EngineName = "compiled",
    population: Population | None = None,
    watch: Callable[[float], None] | None = None,
) -> Logs:
    """Simulate one replication.

    Parameters
    ----------
    plan
        A compiled scenario (`sim.plan.compile.compile_plan`).
    seed, replication
        Name the luck of the run; replication k is the same alone and in a batch.
    engine
        Which engine runs the plan: nothing but the time it takes depends on it.
    population
        The people of `seed`, if they have been drawn before; they are not changed.
    watch
        Told now and then what part of the time has been simulated.

    Returns
    -------
    Logs
        Visits, holds and episodes from the start to the horizon, warm-up included.

    Raises
    ------
    RunawayError
        If the model goes round in circles at one instant, or its logs outgrow their bound.
    """
    from sim.plan.demand import draw_candidates
    from sim.plan.population import draw_population, with_cases
    from sim.plan.streams import with_newcomers

    people = with_cases(plan, population or draw_population(plan, seed), seed, replication)
    candidates = draw_candidates(plan, people, seed, replication)
    people = with_newcomers(plan, people, candidates)
    if engine == "compiled":
        from sim.engine.compiled.engine import run_compiled

        return run_compiled(plan, people, candidates, watch)
    from sim.engine.reference.engine import Engine

    if engine != "simpy":
        raise ValueError(f"there is no engine {engine!r}")
    reference = Engine(plan, people, candidates, watch)
    reference.run()
    return reference.logs()
