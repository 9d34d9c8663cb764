"""The moves that are called by their address, for plans in which somebody may make them."""

from __future__ import annotations

import numpy as np

from sim.engine.compiled.asking import end_intricate
from sim.engine.compiled.booking import keep_appointment
from sim.engine.compiled.closing import open_or_close
from sim.engine.compiled.joining import come, task_is_over
from sim.engine.compiled.requests import serve_queue
from sim.engine.compiled.resting import break_now, rest
from sim.engine.compiled.standing import leave_queues, rise
from sim.engine.compiled.watching import look
from sim.plan.jit import address_of
from sim.plan.memory import Address
from sim.plan.plan import Integers, Plan


def _ask_for(m: Address, slot: int, _: int, now: float) -> int:
    return come(m, slot, now)


def _serve_queue(m: Address, resource: int, _: int, now: float) -> int:
    serve_queue(m, resource, now)
    return 0


def _end_intricate(m: Address, slot: int, target: int, now: float) -> int:
    end_intricate(m, slot, target, now)
    return 0


def _leave_queues(m: Address, slot: int, _: int, now: float) -> int:
    leave_queues(m, slot)
    return 0


def _task_is_over(m: Address, slot: int, _: int, now: float) -> int:
    task_is_over(m, slot, now)
    return 0


def _rest(m: Address, resource: int, _: int, now: float) -> int:
    rest(m, resource, now)
    return 0


def _break_now(m: Address, number: int, units: int, now: float) -> int:
    break_now(m, number, units, now)
    return 0


def _open_or_close(m: Address, resource: int, before: int, now: float) -> int:
    open_or_close(m, resource, before, now)
    return 0


def _rise(m: Address, slot: int, _: int, now: float) -> int:
    rise(m, slot)
    return 0


def _look(m: Address, _: int, __: int, now: float) -> int:
    look(m, now)
    return 0


def _keep_appointment(m: Address, slot: int, _: int, now: float) -> int:
    return keep_appointment(m, slot, now)


def addresses(plan: Plan) -> Integers:
    """Where the moves are, in the order of `sim.engine.compiled.by_address`; 0 if not needed."""
    moves = (
        *(_ask_for, _serve_queue, _end_intricate, _leave_queues),
        *(_rise, _task_is_over, _look, _open_or_close, _rest, _break_now, _keep_appointment),
    )
    found = np.zeros(len(moves), dtype=np.int64)
    intricate = not plan.world.resources["plain"].all() or plan.world.steps["intricate"].any()
    rests = bool((plan.world.resources["rest_for"] > 0.0).any())
    if intricate or rests or len(plan.world.watches):
        found[:] = [address_of(move) for move in moves]
    return found
