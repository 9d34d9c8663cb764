"""Whether a warm-up is plainly too short, before anything is run.

A run begins with empty beds and queues. Beds fill over a few stays, and a queue near its capacity
grows for long; both are known from the offered loads. After a run `sim.experiment.settling` judges
by what was seen, which knows more.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.scenario.analysis.offered_load import Load, Loads
from sim.scenario.language.model import Run, Scenario
from sim.scenario.written.positions import Complaint

DAY = 1440.0

#: share by which mean use may be too low because units began empty
MATERIAL = 0.02

#: minutes of a stay from which a run is not of one day that begins empty as it does
LONG = DAY / 2

#: share of its capacity offered from which a queue remembers for long
BUSY = 0.9

#: squared spare capacity, in square roots of units, below which somebody nearly always waits; above
#: it a pool of many units forgets within a few of its stays (Halfin and Whitt 1981)
SPARE = 0.1

#: a queue's memories (`sim.experiment.settling.memory`) that a warm-up must last, and how many the
#: measured time may last for that to matter
MEMORIES, IMMATERIAL = 4.0, 1000.0

#: units offered on average below which a resource says little about the scenario
LEAST = 0.5

#: resources named in one complaint
NAMED = 3


def begun_empty(loads: Loads, model: Scenario) -> Iterator[Complaint]:
    """A complaint if units that are held for long, and one if busy queues, have not filled.

    Where as many cases come, or are present at the start, as would fill a resource, they are whom
    it is to begin with.
    """
    run, cases = model.run, sum(case.copies for case in model.cases.values())
    cases += sum(row.number for row in model.initial.values())
    rows = [row for row in loads.rows if row.settles and row.offered >= LEAST]
    filling = {
        row: missing(row.mean_minutes, run)
        for row in rows
        if row.mean_minutes >= LONG and cases < row.offered / 2
    }
    found = {row: share for row, share in filling.items() if share > MATERIAL}
    if found:
        wanted = max(enough(row.mean_minutes, run) for row in found)
        yield _complaint(
            "too short for units held so long to fill: mean use will be too low",
            [
                f"`{row.resource}`, held {_time(row.mean_minutes)} on average, by "
                f"{100 * share:.0f} %"
                for row, share in sorted(found.items(), key=lambda item: -item[1])
            ],
            run,
            wanted,
        )
    slow = [row for row in rows if row not in found and _too_slow(row, run)]
    if slow:
        slow.sort(key=lambda row: -memory(row))
        yield _complaint(
            "too short for queues so near their capacity to forget that they began empty",
            [f"`{row.resource}`, offered {100 * row.ratio:.0f} %" for row in slow],
            run,
            MEMORIES * memory(slow[0]),
        )


def missing(stay: float, run: Run) -> float:
    """Share of the mean use of a resource that is missing because it began empty.

    With exponential stays of mean m, use t after the beginning is 1 - exp(-t / m) of what it will
    be; this is its shortfall, averaged over the measured time.
    """
    if stay <= 0:
        return 0.0
    lasting = -math.expm1(-run.duration / stay)
    return stay / run.duration * math.exp(-run.warm_up / stay) * lasting


def enough(stay: float, run: Run) -> float:
    """Minutes of warm-up, in whole days, after which no more than `MATERIAL` is `missing`."""
    never_warmed = missing(stay, run.model_copy(update={"warm_up": 0.0}))
    return DAY * math.ceil(stay * math.log(never_warmed / MATERIAL) / DAY)


def memory(row: Load) -> float:
    """Minutes over which a queue goes with itself, with exponential service.

    That of `sim.experiment.settling.memory.of_a_busy_queue` (Abate and Whitt 1987), with a
    variation of 1.
    """
    idle = (1.0 - row.ratio) / row.ratio
    return 2.0 * DAY / (row.per_day * idle * idle)


def _too_slow(row: Load, run: Run) -> bool:
    spare = row.capacity * (1.0 - row.ratio) ** 2
    if row.ratio < BUSY or spare > SPARE or row.relief or row.per_day <= 0:
        return False
    slow = memory(row)
    return run.warm_up < MEMORIES * slow and run.duration < IMMATERIAL * slow


def _complaint(what: str, found: list[str], run: Run, wanted: float) -> Complaint:
    more = [f"{len(found) - NAMED} more"] if len(found) > NAMED else []
    said = "; ".join([*found[:NAMED], *more])
    begins = f"warm_up of {_time(run.warm_up)}" if run.warm_up else "no warm_up"
    return Complaint(
        ("run", "warm_up"), f"{begins}, {what}: {said}", allowed=f"about {_time(wanted)} or more"
    )


def _time(minutes: float) -> str:
    for unit, size in (("days", DAY), ("h", 60.0)):
        if minutes >= size:
            number = f"{minutes / size:.2g}" if minutes < 10 * size else f"{minutes / size:.0f}"
            return f"{number} {unit[:-1] if (number, unit) == ('1', 'days') else unit}"
    return f"{minutes:.2g} min"
