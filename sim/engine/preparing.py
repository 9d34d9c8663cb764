"""Getting the compiled engine ready, before there is work for it in several processes.

numba compiles a function when it is first called and keeps the machine code on disk. The first
call ever takes some seconds; it is made here, once, and says so if it takes long.
"""

from __future__ import annotations

import threading
import warnings
from dataclasses import replace

from sim.engine import run
from sim.plan.demand import HOUR
from sim.plan.plan import Plan

#: seconds of silence before the user is told what is going on
PATIENCE = 2.0


def prepare(plan: Plan, seed: int) -> None:
    """Run the first hour of a plan, so that everything compiled is there.

    Warns, once, if that takes more than two seconds.
    """
    teller = threading.Timer(PATIENCE, _tell)
    teller.daemon = True
    teller.start()
    try:
        run(first_hour(plan), seed, 1, engine="compiled")
    finally:
        teller.cancel()


def first_hour(plan: Plan) -> Plan:
    """The plan with its horizon after an hour."""
    profiles = plan.profiles._replace(factor=plan.profiles.factor[:, :1])
    return replace(plan, horizon=min(HOUR, plan.horizon), profiles=profiles)


def _tell() -> None:
    warnings.warn(
        "compiling the engine, which is done once and kept: about a quarter of a minute",
        stacklevel=1,
    )
