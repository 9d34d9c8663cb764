"""Who is there when a run begins, as arrays, and how long they will still stay.

Rows of `initial` are numbered behind the cases. Each of their people is a new person, keyed by the
name of the row and a number, so that another row moves nobody.
"""

from __future__ import annotations

from sim.plan.flatten import chained, rows
from sim.plan.jit import jit
from sim.plan.names import Names, in_order, numbered
from sim.plan.plan import NONE, PRESENT, Floats, Records
from sim.plan.samplers import EXPONENTIAL, sample
from sim.scenario.language.model import Scenario

#: the largest number below 1
LAST = 1.0 - 2.0**-53

#: more halvings than the numbers between 0 and 1 need
HALVINGS = 64


def compile_present(model: Scenario, names: Names) -> Records:
    """Where each is at the start: nowhere for the cases, then the rows of `initial`."""
    cases, step = len(names.cases), numbered(names.steps)
    there = in_order(model.initial)
    return rows(
        PRESENT,
        step=chained([[NONE] * cases, [step[row.step] for row in there]]),
        since=chained([[0.0] * cases, [row.for_ for row in there]]),
        waiting=chained([[0] * cases, [int(row.waiting) for row in there]]),
    )


@jit
def remaining(
    kind: int,
    a: float,
    b: float,
    c: float,
    values: Floats,
    cumulative: Floats,
    first: int,
    count: int,
    u: float,
    passed: float,
) -> float:
    """How long somebody stays on who has been there for so long already: S - a, given S > a.

    The quantile of F(a) + u (1 - F(a)), less a. F(a) is the last probability whose quantile is not
    above a, found by halving; an exponential stay does not remember. Nothing is left where no stay
    is longer than what has passed.

    Parameters
    ----------
    kind, a, b, c, values, cumulative, first, count
        The distribution of the whole stay, as `sim.plan.samplers.sample` takes it.
    u
        Probability in (0, 1).
    passed
        Minutes that have passed; with none this is a draw like any other.
    """
    if passed <= 0.0 or kind == EXPONENTIAL:
        return sample(kind, a, b, c, values, cumulative, first, count, u)
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        if middle <= low or middle >= high:
            break
        if sample(kind, a, b, c, values, cumulative, first, count, middle) <= passed:
            low = middle
        else:
            high = middle
    within = min(low + u * (1.0 - low), LAST)
    if within <= 0.0:
        within = u
    stay = sample(kind, a, b, c, values, cumulative, first, count, within)
    return max(stay - passed, 0.0)
