"""Queueing systems solved as Markov chains: exact up to the truncation of long queues.

Where no closed formula exists (queues with blocking, diversion, shifts, constant service by
several servers) the stationary law of a finite chain is computed by linear algebra. Lengths at
which the queues are cut are arguments; the tests check that the mass beyond them is negligible.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def birth_death(births: Sequence[float], deaths: Sequence[float]) -> Floats:
    """Stationary law of a birth-death chain on 0..n.

    `births[i]` is the rate from i to i + 1 and `deaths[i]` the rate from i + 1 to i; both have
    length n.
    """
    ratios = np.log(np.asarray(births, dtype=float)) - np.log(np.asarray(deaths, dtype=float))
    weights = np.concatenate([[0.0], np.cumsum(ratios)])
    law = np.exp(weights - weights.max())
    return np.asarray(law / law.sum())


def mean_waiting(law: Floats, servers: int) -> float:
    """Mean number waiting when `law[n]` is the probability of n in a system of `servers`."""
    number = np.arange(len(law))
    return float(np.maximum(number - servers, 0) @ law)


def mmc_room(arrivals: float, service: float, servers: int, room: int) -> Floats:
    """Law of the number in M/M/c/K, `room` (K) counting those in service."""
    return birth_death([arrivals] * room, [min(n, servers) / service for n in range(1, room + 1)])


def mmc_impatient(
    arrivals: float, service: float, servers: int, patience: float, room: int = 400
) -> Floats:
    """Law of the number in M/M/c+M (Erlang A): each one waiting leaves at rate 1/`patience`."""
    number = np.arange(1, room + 1)
    deaths = np.minimum(number, servers) / service + np.maximum(number - servers, 0) / patience
    return birth_death([arrivals] * room, deaths.tolist())


def finite_source(people: int, rate: float, service: float, servers: int) -> Floats:
    """Law of the number ill when each of `people` who is well falls ill at `rate` (Engset)."""
    births = [(people - n) * rate for n in range(people)]
    return birth_death(births, [min(n, servers) / service for n in range(1, people + 1)])


def diverted(
    arrivals: float, service: float, servers: int, queue: int, stay: float, room: int = 2000
) -> Floats:
    """Law of the number in M/M/c when only a share `stay` joins once `queue` are waiting."""
    births = [arrivals * (stay if n - servers >= queue else 1.0) for n in range(room)]
    return birth_death(births, [min(n, servers) / service for n in range(1, room + 1)])


def surge(
    arrivals: float,
    service: float,
    units: tuple[int, int],
    opens: int,
    closes: int,
    room: int = 80,
) -> tuple[float, float]:
    """M/M/c whose servers are `units[1]` from `opens` waiting until `closes`, else `units[0]`.

    A server that is busy when it closes finishes first. States are the number in service, the
    number waiting, and which sheet of capacity is in force.

    Returns
    -------
    tuple
        Mean number waiting; mean number of servers there.
    """

    def settled(busy: int, waiting: int, sheet: int) -> tuple[int, int, int]:
        """What a state becomes at once: servers open or close, who can be served is."""
        while True:
            started = min(waiting, max(units[sheet] - busy, 0))
            busy, waiting = busy + started, waiting - started
            seen = 1 if waiting >= opens else 0 if waiting <= closes else sheet
            if seen == sheet:
                return busy, waiting, sheet
            sheet = seen

    states = {
        (busy, waiting, sheet): number
        for number, (busy, waiting, sheet) in enumerate(
            itertools.product(range(max(units) + 1), range(room + 1), (0, 1))
        )
    }
    rates = np.zeros((len(states), len(states)))
    for (busy, waiting, sheet), number in states.items():
        moves = [(busy - 1, waiting, sheet, busy / service)] if busy else []
        if waiting < room:
            moves.append((busy, waiting + 1, sheet, arrivals))
        for *after, rate in moves:
            rates[number, states[settled(*after)]] += rate
        # a state that would not last is left for what it becomes
        if settled(busy, waiting, sheet) != (busy, waiting, sheet):
            rates[number] = 0.0
            rates[number, states[settled(busy, waiting, sheet)]] = 1.0
    rates -= np.diag(rates.sum(axis=1))
    law = stationary_rates(rates)
    queue = sum(law[number] * waiting for (_, waiting, _), number in states.items())
    there = sum(law[number] * units[sheet] for (_, _, sheet), number in states.items())
    return float(queue), float(there)


def loss_of_two(
    arrivals: tuple[float, float, float],
    service: float,
    units: tuple[int, int],
    both: tuple[int, int],
) -> tuple[float, float, float]:
    """Shares turned away of those who need one unit of the first resource, `both`, or the second.

    Nobody waits: the law of the numbers present is that of three unlimited systems, cut where it
    does not fit (F. P. Kelly, "Loss networks", *Annals of Applied Probability* 1, 1991).
    """
    needs = ((1, 0), both, (0, 1))

    def fits(*present: int) -> bool:
        used = (sum(n * need[r] for n, need in zip(present, needs, strict=True)) for r in (0, 1))
        return all(use <= unit for use, unit in zip(used, units, strict=True))

    weights = {
        present: math.prod(
            (rate * service) ** n / math.factorial(n)
            for n, rate in zip(present, arrivals, strict=True)
        )
        for present in itertools.product(range(max(units) + 1), repeat=3)
        if fits(*present)
    }
    total = sum(weights.values())

    def turned_away(kind: int) -> float:
        more = {p: (*p[:kind], p[kind] + 1, *p[kind + 1 :]) for p in weights}
        return sum(weight for p, weight in weights.items() if not fits(*more[p])) / total

    return turned_away(0), turned_away(1), turned_away(2)


def overlapping_skills(
    doctors_only: float, anyone: float, service: float, room: int = 35
) -> tuple[float, float]:
    """Mean waits where a doctor sees some before others, whom a nurse or a doctor may see.

    One doctor, one nurse; those who need the doctor go first at the doctor's, and those whom
    anyone may see prefer the nurse. Exponential service of one mean.

    Returns
    -------
    tuple
        Mean waits of those who need the doctor, and of the others.
    """
    states: dict[tuple[int, int, int, int], int] = {}
    for nurse, doctor in itertools.product((0, 1), repeat=2):
        for first in range((room if doctor else 0) + 1):
            for others in range((room if nurse and doctor else 0) + 1):
                states[nurse, doctor, first, others] = len(states)
    rates = np.zeros((len(states), len(states)))
    for (nurse, doctor, first, others), number in states.items():
        moves = [((nurse, 1, first + doctor, others), doctors_only)]
        if not nurse:
            moves.append(((1, doctor, first, 0), anyone))
        elif not doctor:
            moves.append(((1, 1, 0, 0), anyone))
        else:
            moves.append(((1, 1, first, others + 1), anyone))
        next_at_nurse = (1, doctor, first, others - 1) if others else (0, doctor, first, 0)
        next_at_doctor = (nurse, 1, 0, others - 1) if others else (nurse, 0, 0, 0)
        if first:
            next_at_doctor = (nurse, 1, first - 1, others)
        moves += [(next_at_nurse, nurse / service), (next_at_doctor, doctor / service)]
        for to, rate in moves:
            if rate > 0.0 and to in states:  # else there is no more room
                rates[number, states[to]] += rate
    rates -= np.diag(rates.sum(axis=1))
    law = stationary_rates(rates)
    waiting = [sum(law[n] * state[place] for state, n in states.items()) for place in (2, 3)]
    return float(waiting[0] / doctors_only), float(waiting[1] / anyone)


def constant_service(arrivals: float, service: float, servers: int, room: int = 400) -> Floats:
    """Law of the number in M/D/c (Crommelin, 1932).

    Whoever is in service at t has left at t + `service`, and nobody who starts meanwhile has, so
    N(t + service) = max(N(t) - servers, 0) + Poisson(arrivals * service).
    """
    load = arrivals * service
    fresh = birth_death([load] * room, list(range(1, room + 1)))
    step = np.zeros((room + 1, room + 1))
    for n in range(room + 1):
        left = max(n - servers, 0)
        step[n, left:] = fresh[: room + 1 - left]
    step /= step.sum(axis=1, keepdims=True)
    return stationary_steps(step)


def stationary_steps(matrix: Floats) -> Floats:
    """Stationary law of a discrete-time chain with transition matrix `matrix`."""
    return stationary_rates(matrix - np.eye(len(matrix)))


def stationary_rates(rates: Floats) -> Floats:
    """Stationary law of a continuous-time chain with generator `rates` (rows sum to 0)."""
    system = np.vstack([rates.T[:-1], np.ones(len(rates))])
    return np.linalg.solve(system, np.eye(len(rates))[-1])


def tandem_blocking(
    arrivals: float, first: float, second: float, room: int = 300
) -> tuple[float, float]:
    """Two single servers in a row, nothing between them, blocking after service.

    A finished customer keeps the first server until the second is free. Unlimited queue before
    the first. The saturated throughput for equal servers is 2/3 of one server's rate
    (G. C. Hunt, "Sequential arrays of waiting lines", *Operations Research* 4, 1956).

    Returns
    -------
    tuple
        Mean number waiting before the first server (the one in service or blocked not counted);
        mean time blocked of a customer.
    """
    idle, busy, blocked = 0, 1, 2  # of the second server; blocked: the first has finished too
    size = (room + 1) * 3
    rates = np.zeros((size, size))

    def move(n: int, s: int, to_n: int, to_s: int, rate: float) -> None:
        rates[n * 3 + s, to_n * 3 + to_s] += rate
        rates[n * 3 + s, n * 3 + s] -= rate

    for n in range(room + 1):  # n at the first server or before it, a blocked one included
        for s in (idle, busy, blocked):
            if n < room:
                move(n, s, n + 1, s, arrivals)
            if s == idle and n:
                move(n, s, n - 1, busy, 1.0 / first)
            if s == busy:
                move(n, s, n, idle, 1.0 / second)
                if n:
                    move(n, s, n, blocked, 1.0 / first)
            if s == blocked and n:
                move(n, s, n - 1, busy, 1.0 / second)
    move(0, blocked, 0, idle, 1.0)  # nobody there can be blocked: the state is only passed
    law = stationary_rates(rates).reshape(room + 1, 3)
    waiting = float(np.maximum(np.arange(room + 1) - 1, 0) @ law.sum(axis=1))
    return waiting, float(law[:, blocked].sum()) / arrivals


def shifts(
    arrivals: float,
    service: float,
    day_units: int,
    night_units: int,
    day_length: float,
    night_length: float,
    room: int = 80,
) -> tuple[float, float]:
    """M/M/c whose servers alternate between two shifts; who is in service finishes (overtime).

    The state is (in service, waiting). By day and by night the chain has constant rates; when
    the day begins those waiting fill the free servers at once; when the night begins nothing
    changes, and nobody starts until fewer than `night_units` are busy.

    Returns
    -------
    tuple
        Mean number waiting over the day and night; mean number of units in overtime.
    """
    most = max(day_units, night_units)
    day = _shift_rates(arrivals, service, day_units, most, room)
    night = _shift_rates(arrivals, service, night_units, most, room)
    fill = _filling(day_units, most, room)
    steps = 120
    by_day = _transition(day, day_length / steps)
    by_night = _transition(night, night_length / steps)
    whole = fill @ np.linalg.matrix_power(by_day, steps) @ np.linalg.matrix_power(by_night, steps)
    law = stationary_steps(whole) @ fill
    in_service = np.repeat(np.arange(most + 1), room + 1)
    waiting = np.tile(np.arange(room + 1), most + 1)
    over_day = _average(law, by_day, steps, waiting)
    dusk = law @ np.linalg.matrix_power(by_day, steps)
    over_night = _average(dusk, by_night, steps, waiting)
    overtime = _average(dusk, by_night, steps, np.maximum(in_service - night_units, 0))
    total = day_length + night_length
    return (
        (day_length * over_day + night_length * over_night) / total,
        night_length * overtime / total,
    )


def at_closing(
    arrivals: float, service: float, servers: int, hours: float, room: int = 100
) -> tuple[float, float]:
    """Mean number present, and waiting, in M/M/c so many hours after it began empty.

    Rates are per hour, times in hours.
    """
    rates = np.zeros((room + 1, room + 1))
    for number in range(room + 1):
        for there, rate in (
            (number + 1, arrivals if number < room else 0.0),
            (number - 1, min(number, servers) / service),
        ):
            if rate > 0.0:
                rates[number, there] += rate
                rates[number, number] -= rate
    law = _transition(rates, hours)[0]
    return float(law @ np.arange(room + 1)), mean_waiting(law, servers)


def _shift_rates(arrivals: float, service: float, units: int, most: int, room: int) -> Floats:
    """Generator on (in service, waiting) while `units` servers are on duty."""
    width = room + 1
    rates = np.zeros(((most + 1) * width, (most + 1) * width))

    def move(here: int, there: int, rate: float) -> None:
        rates[here, there] += rate
        rates[here, here] -= rate

    for busy in range(most + 1):
        for waiting in range(width):
            here = busy * width + waiting
            if busy < units:
                move(here, (busy + 1) * width + waiting, arrivals)
            elif waiting < room:
                move(here, here + 1, arrivals)
            if busy:
                started = busy <= units and waiting > 0
                there = here - 1 if started else (busy - 1) * width + waiting
                move(here, there, busy / service)
    return rates


def _filling(units: int, most: int, room: int) -> Floats:
    """What happens when `units` come on duty: those waiting take the free ones at once."""
    width = room + 1
    jump = np.zeros(((most + 1) * width, (most + 1) * width))
    for busy in range(most + 1):
        for waiting in range(width):
            started = min(waiting, max(units - busy, 0))
            jump[busy * width + waiting, (busy + started) * width + waiting - started] = 1.0
    return jump


def _transition(rates: Floats, time: float) -> Floats:
    """exp(rates * time) by scaling and a Taylor series; `rates` is a generator."""
    halvings = max(0, int(np.ceil(np.log2(max(1e-9, float(-rates.diagonal().min()) * time)))) + 4)
    small = rates * (time / 2**halvings)
    total = np.eye(len(rates))
    term = np.eye(len(rates))
    for k in range(1, 12):
        term = term @ small / k
        total += term
    return np.linalg.matrix_power(total, 2**halvings)


def _average(law: Floats, step: Floats, steps: int, value: npt.NDArray[np.int64]) -> float:
    """Time average of `value` over `steps` transitions from `law` (Simpson's rule)."""
    heights = []
    for _ in range(steps):
        heights.append(float(law @ value))
        law = law @ step
    heights.append(float(law @ value))
    weights = np.ones(steps + 1)
    weights[1:-1:2], weights[2:-1:2] = 4.0, 2.0
    return float(weights @ np.array(heights) / weights.sum())
