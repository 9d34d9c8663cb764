"""Getting compiled code ready, before there is work for it in several processes.

numba compiles a function when it is first called and keeps the machine code on disk. The first
call ever takes some seconds; it is made here, once, and says so if it takes long.
"""

from __future__ import annotations

import threading
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.engine import EngineName, run
from sim.plan.demand import HOUR
from sim.plan.plan import Plan

if TYPE_CHECKING:
    from sim.experiment.job import Arm

#: seconds of silence before the user is told what is going on
PATIENCE = 2.0


def prepare(arm: Arm, seed: int, engine: EngineName) -> None:
    """Run and measure the first hour of an arm, so that everything compiled is there.

    Warns, once, if something is compiled and that takes more than two seconds: a slow machine
    that only loads what was compiled before says nothing.
    """
    from numba.core import event

    from sim.measure import measure_in
    from sim.measure.backlog import backlog
    from sim.measure.joined_logs import Reading

    teller = threading.Timer(PATIENCE, _tell)
    teller.daemon = True

    class Compiling(event.Listener):
        """Starts the teller when numba compiles the first function."""

        def on_start(self, event: object) -> None:
            if teller.ident is None:
                teller.start()

        def on_end(self, event: object) -> None:
            pass

    try:
        with event.install_listener("numba:compile", Compiling()):
            logs = run(first_hour(arm.plan), seed, 1, engine)
            measure_in(arm.context, logs)
            backlog(Reading(arm.context, logs))
    finally:
        teller.cancel()


def first_hour(plan: Plan) -> Plan:
    """The plan with its horizon after an hour."""
    profiles = plan.profiles._replace(factor=plan.profiles.factor[:, :1])
    return replace(plan, horizon=min(HOUR, plan.horizon), profiles=profiles)


def _tell() -> None:
    warnings.warn(
        "compiling the engine, which is done once and kept: a minute or two",
        stacklevel=1,
    )
