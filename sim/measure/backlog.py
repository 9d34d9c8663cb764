"""How many wait and how many units are in use at evenly spaced moments, and who blocks whom.

A small record of one replication from which `sim.experiment.settling` judges, over all of them,
whether queues settled. Nothing is judged here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.engine.logs import Fate
from sim.measure.arrays import Floats, Integers
from sim.measure.context import DAY, Context
from sim.measure.joined_logs import Reading
from sim.measure.places import places

Counts = npt.NDArray[np.int32]

#: spaces between two moments that a day can be cut into (minutes)
SPACES = tuple(float(DAY / parts) for parts in (1, 2, 4, 6, 8, 12, 24, 48, 96, 144, 288, 720, 1440))

#: fewest and most spaces in the measured time; most, because every replication keeps them
FEWEST, MOST = 64, 200

#: spaces in the warm-up that are fine enough to tell how long a queue remembers
IN_WARM_UP = 16

#: the part of the measured time, up to its end, of which it is known who held what while waiting
LATE = 0.25


@dataclass(frozen=True, slots=True)
class Backlog:
    """One replication: numbers at moments that are `space` minutes apart, the last at the horizon.

    `waiting` and `in_use` (turnaround included) have shape (resources, moments); `units` are those
    there at the horizon (-1: unlimited), `there` the unit-minutes of the measured time (NaN if
    unlimited), `busy` those in use, `uses` how many uses of a unit began in it and ended,
    `use_mean` and `use_variance` how long these took (minutes; NaN for none), and `gave_up` how
    many visits left the queue unserved in the measured time.

    `blocked[a, b]` are the unit-minutes, in the last `LATE` of the measured time, of `a` held by
    episodes that waited for `b`; `held` those of `a` held by anybody. `stuck[a, b]` are the units
    of `a` held at the horizon by who waits for `b` then, and `since[a]` is when the last of these
    began to wait (NaN for none). `begun` are the episodes begun in each space.
    """

    space: float
    waiting: Counts
    in_use: Counts
    units: Counts
    there: Floats
    busy: Floats
    uses: Floats
    use_mean: Floats
    use_variance: Floats
    gave_up: Floats
    blocked: Floats
    held: Floats
    stuck: Counts
    since: Floats
    begun: Counts


def moments(context: Context) -> Floats:
    """The moments looked at, in the measured time, its end included; minutes."""
    space = spacing(context.minutes, context.warm_up)
    number = int(context.minutes / space * (1.0 + 1e-12))
    found: Floats = context.horizon - space * np.arange(number, -1, -1, dtype=np.float64)
    return found


def spacing(minutes: float, warm_up: float) -> float:
    """Minutes between two moments: a part of a day unless the measured time is very short."""
    finest = minutes / FEWEST
    wanted = min(max(warm_up / IN_WARM_UP, minutes / MOST), finest)
    # rather one step finer than as many moments as in theory allowed
    return next((space for space in SPACES if space <= wanted), finest)


def backlog(reading: Reading) -> Backlog:
    """What is kept of one replication."""
    from sim.measure.loops import blocking, overlaps, present, total_by_code

    context, visits, holds = reading.context, reading.logs.visits, reading.logs.holds
    resources, edges = len(context.resources), moments(context)
    late = context.horizon - LATE * context.minutes
    # a visit that waits for several resources has a row for each
    place, queue = reading.once(places)
    queue, episode = queue.astype(np.int64), visits.episode.take(place)
    queued, left = visits.queued.take(place), reading.left_queue.take(place)

    waiting = np.zeros((resources, len(edges) + 1), dtype=np.int32)
    present(queue, queued, left, edges[0], edges[1] - edges[0], waiting)
    in_use = np.zeros_like(waiting)
    present(holds.resource, holds.seized, holds.ready, edges[0], edges[1] - edges[0], in_use)

    minutes = reading.minutes_in_window(holds.seized, holds.ready)
    busy = total_by_code(holds.resource, minutes, resources)
    whole = np.flatnonzero(reading.in_window(holds.seized) & (holds.ready <= context.horizon))
    uses, use_mean, use_variance = _uses(
        holds.resource.take(whole), holds.ready.take(whole) - holds.seized.take(whole), resources
    )
    overlaps(holds.seized, holds.released, late, context.horizon, minutes)
    held = total_by_code(holds.resource, minutes, resources)

    left_in_time = (visits.fate == Fate.RENEGED) & reading.in_window(visits.ended)
    unserved = np.flatnonzero(left_in_time.take(place))
    rows = np.flatnonzero(~(left <= np.maximum(late, queued)))
    blocked = np.zeros((resources, resources))
    stuck = np.zeros((resources, resources), dtype=np.int32)
    since = np.full(resources, np.nan)
    blocking(
        rows,
        episode,
        queue,
        queued,
        left,
        holds.episode,
        holds.resource,
        holds.seized,
        holds.released,
        late,
        context.horizon,
        np.full(len(reading.logs.episodes.onset), -1, dtype=np.int32),
        np.empty(len(holds.episode), dtype=np.int32),
        blocked,
        stuck,
        since,
    )
    return Backlog(
        space=float(edges[1] - edges[0]),
        waiting=waiting[:, :-1].cumsum(axis=1, dtype=np.int32),
        in_use=in_use[:, :-1].cumsum(axis=1, dtype=np.int32),
        units=np.array([units[-1] for _, units in reading.capacities], dtype=np.int32),
        there=reading.capacity_minutes,
        busy=busy,
        uses=uses,
        use_mean=use_mean,
        use_variance=use_variance,
        gave_up=np.bincount(queue.take(unserved), minlength=resources).astype(np.float64),
        blocked=blocked,
        held=held,
        stuck=stuck,
        since=since,
        begun=_begun(reading, edges),
    )


def _begun(reading: Reading, edges: Floats) -> Counts:
    """Episodes begun between each moment and the next, side tasks left out."""
    onset = reading.logs.episodes.onset
    times = onset[reading.is_main & (onset >= edges[0])]
    found: Counts = np.histogram(times, bins=edges)[0].astype(np.int32)
    return found


def _uses(resource: Integers, minutes: Floats, resources: int) -> tuple[Floats, Floats, Floats]:
    """How many uses of each resource there are, the mean and the variance of their minutes."""
    number = np.bincount(resource, minlength=resources).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(resource, weights=minutes, minlength=resources) / number
        apart = (minutes - mean.take(resource)) ** 2
        variance = np.bincount(resource, weights=apart, minlength=resources) / number
    return number, mean, variance
