"""Whether what was measured had settled: a verdict on every resource, over all replications.

`judge` puts together what the other modules of this folder find. The verdicts are plain data: the
command line, the pages and the Python API show the same ones.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from sim.experiment.settling import memory
from sim.experiment.settling.chains import Blocking, Link, blocking, circle, frozen
from sim.experiment.settling.drift import DAY, Drift, drift
from sim.measure.backlog import Backlog
from sim.measure.context import Context

Floats = npt.NDArray[np.float64]

#: most probability of finding growth anywhere in a system of queues that only just do not drift; in
#: one that settles it is far smaller (`drift`)
LEVEL = 0.05

#: share of a resource's time lost to people who wait for another that makes its queue a gridlock
GRIDLOCKED = 0.5

#: measured time in which a queue that grows cannot be told from a day's ups and downs (minutes)
SHORTEST = 2 * DAY

#: mean number waiting below which a queue is nobody's concern
HARDLY_ANYONE = 0.5

#: growth of the number who come, from one half of the measured time to the other, that explains
#: why more units are in use
MORE_PEOPLE = 0.02

#: part of the measured time for which nobody must have moved to be taken for stuck
STUCK = 0.05


class State(StrEnum):
    """What can be said of a queue after a run, the best first."""

    SETTLED = "settled"
    TOO_SHORT = "too short to tell"
    BEGAN_UNSETTLED = "not settled when measuring began"
    DID_NOT_SETTLE = "did not settle"
    GRIDLOCK = "gridlock"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One resource over all replications.

    `waiting_first` and `waiting_last` are the mean numbers waiting when growth was first looked
    for (about when measuring began) and at the end, `growing` how many more a day in between,
    `chance` the probability of such growth (at most) if there is none. `memory` is how many
    minutes it takes the queue to forget, and `use` the share of its capacity in use (0 if
    unlimited). `units_first` and `units_last` are the units in use at the same two moments, and
    `filling` says that these grew although no more people came.

    `chain` follows who holds its units while waiting for what; where it ends is where the queue
    begins. `circle` names the resources that hold each other up, the first repeated at the end.
    `stuck` is the number of replications in which nobody there could move any more.
    """

    resource: str
    state: State
    waiting_first: float
    waiting_last: float
    growing: float
    chance: float
    memory: float
    use: float
    units_first: float
    units_last: float
    filling: bool = False
    chain: tuple[Link, ...] = ()
    circle: tuple[str, ...] = ()
    stuck: int = 0

    @property
    def begins_at(self) -> str:
        """The resource at which the chain begins: the last of it, or the resource itself."""
        return self.chain[-1].wanted if self.chain else self.resource


@dataclass(frozen=True, slots=True)
class Settling:
    """Verdicts on every resource that is seized, in the order of the scenario's names.

    `replications` is how many stand behind them; `measured` and `warm_up` are in minutes.
    """

    verdicts: tuple[Verdict, ...]
    replications: int
    measured: float
    warm_up: float

    @property
    def state(self) -> State:
        """The worst there is of any resource."""
        order = list(State)
        states = [verdict.state for verdict in self.verdicts]
        return max(states, key=order.index, default=State.SETTLED)

    @property
    def settled(self) -> bool:
        """Whether nothing speaks against it."""
        return self.state is State.SETTLED

    def of(self, state: State) -> tuple[Verdict, ...]:
        """The verdicts of one kind, those with most people waiting at the end first."""
        found = [verdict for verdict in self.verdicts if verdict.state is state]
        return tuple(sorted(found, key=lambda verdict: -verdict.waiting_last))


def judge(context: Context, records: Sequence[Backlog]) -> Settling:
    """A verdict on every resource.

    Parameters
    ----------
    context
        The arm that was run.
    records
        One for each replication, all with the same moments.
    """
    seized = [code for code in range(len(context.resources)) if code in context.step_resource]
    holding_up = blocking(records, context.resources)
    stuck = _stuck(context, records)
    level = LEVEL / max(1, len(seized))
    verdicts = [
        _verdict(context, records, code, holding_up, int(stuck[code]), level) for code in seized
    ]
    return Settling(tuple(verdicts), len(records), context.minutes, context.warm_up)


def _verdict(
    context: Context,
    records: Sequence[Backlog],
    code: int,
    holding_up: Blocking,
    stuck: int,
    level: float,
) -> Verdict:
    waiting = np.array([record.waiting[code] for record in records])
    found = drift(waiting, records[0].space)
    use = _use(records, code)
    remembers = _memory(context, records, code, use)
    chain = holding_up.chain(code)
    units = drift([record.in_use[code] for record in records], records[0].space)
    filling = _fills(context, records, code, units, level)
    grows = found.chance < level and found.growth >= 1.0
    telling = context.minutes >= SHORTEST
    if stuck or (telling and grows and chain and chain[0].share >= GRIDLOCKED):
        state = State.GRIDLOCK
    elif not telling:
        state = State.TOO_SHORT
    elif grows and not found.levels_off:
        state = State.DID_NOT_SETTLE
    elif (
        grows
        or filling
        or (
            waiting.mean() >= HARDLY_ANYONE
            and memory.remembers_the_beginning(remembers, context.warm_up, context.minutes)
        )
    ):
        state = State.BEGAN_UNSETTLED
    else:
        state = State.SETTLED
    return Verdict(
        resource=context.resources[code],
        state=state,
        waiting_first=float(waiting[:, -1].mean() - found.growth),
        waiting_last=float(waiting[:, -1].mean()),
        growing=found.growth / found.minutes * DAY,
        chance=found.chance,
        memory=remembers,
        use=use,
        units_first=float(np.mean([record.in_use[code, -1] for record in records])) - units.growth,
        units_last=float(np.mean([record.in_use[code, -1] for record in records])),
        filling=filling,
        chain=chain,
        circle=circle(chain),
        stuck=stuck,
    )


def _fills(
    context: Context, records: Sequence[Backlog], code: int, units: Drift, level: float
) -> bool:
    """Whether units in use grew for no other reason than that the run began without any.

    Not where their number, or the number of people who come, changed in the measured time.
    """
    if units.chance >= level or units.growth < 1.0:
        return False
    times, values = context.capacity_times[code], context.capacity_values[code]
    middle = context.warm_up + context.minutes / 2.0
    early, late = (
        set(values[(times >= since) & (times < until)].tolist())
        for since, until in ((context.warm_up, middle), (middle, context.horizon))
    )
    begun = np.sum([record.begun for record in records], axis=0)
    half = len(begun) // 2
    before, after = int(begun[:half].sum()), int(begun[half : 2 * half].sum())
    same_people = after - before <= max(MORE_PEOPLE * before, 2.0 * math.sqrt(before + after))
    return early == late and same_people


def _memory(context: Context, records: Sequence[Backlog], code: int, use: float) -> float:
    """How long a queue remembers, in minutes."""
    waiting = np.array([record.waiting[code] for record in records])
    seen = memory.observed(waiting, records[0].space)
    uses = np.array([record.uses[code] for record in records])
    if uses.sum() == 0.0:
        return seen
    means, variances = (
        np.array([getattr(record, name)[code] for record in records])[uses > 0]
        for name in ("use_mean", "use_variance")
    )
    # uses that all took no time do not vary
    squared = np.divide(variances, means**2, out=np.zeros_like(means), where=means > 0)
    variation = float(np.average(squared, weights=uses[uses > 0]))
    busy = memory.of_a_busy_queue(float(uses.mean()) / context.minutes, use, variation)
    gave_up = float(np.sum([record.gave_up[code] for record in records]))
    return memory.combined(seen, busy, gave_up / (gave_up + float(uses.sum())))


def _use(records: Sequence[Backlog], code: int) -> float:
    """Share of the capacity in use in the measured time; 0 where it is unlimited."""
    there = float(np.mean([record.there[code] for record in records]))
    busy = float(np.mean([record.busy[code] for record in records]))
    return busy / there if there > 0.0 else 0.0


def _stuck(context: Context, records: Sequence[Backlog]) -> npt.NDArray[np.int64]:
    """In how many replications nobody at a resource could move for a while, up to the end."""
    latest = context.horizon - STUCK * context.minutes
    found = np.zeros(len(context.resources), dtype=np.int64)
    for record in records:
        closed = frozen(record, np.where(record.units < 0, np.inf, record.units))
        if closed.any() and np.max(record.since[closed]) < latest:
            found += closed
    return found
