"""Measures of resources as pools that people wait for, whichever step they wait at.

Beside those of `sim.measure.capacity` they say which pool binds: how many wait for it, how long,
how many leave, and how much of its own time goes into waiting for something else. What is made of
them is in `sim.measure.bottlenecks`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from sim.engine.logs import Fate
from sim.measure import statistics as take
from sim.measure import waits
from sim.measure.arrays import Mask
from sim.measure.context import Floats
from sim.measure.definition import Definition
from sim.measure.directions import FEWER_UNSERVED, SHORTER_WAITS
from sim.measure.facts import Facts, ones
from sim.measure.joined_logs import Reading
from sim.measure.places import by_pool, places
from sim.measure.rows import sorted_into
from sim.scenario.language.tags import DELAYED_DISCHARGE as DELAYED


def left_unserved(fate: Fate) -> Callable[[Reading], Facts]:
    """Make facts of the resources that visits left, or were turned away from, in the time."""

    def facts(reading: Reading) -> Facts:
        return _at_places(reading, waits.unserved(reading, fate))

    return facts


def still_waiting(reading: Reading) -> Facts:
    """The resources that are waited for at the horizon, by each who waits."""
    return _at_places(reading, reading.logs.visits.fate == Fate.WAITING)


def _at_places(reading: Reading, chosen: Mask) -> Facts:
    """Each place of the visits chosen."""
    visit, resource = reading.once(places)
    rows = np.flatnonzero(chosen.take(visit))
    episode = reading.logs.visits.episode.take(visit.take(rows))
    return Facts(reading.context.resources, resource.take(rows), episode, ones(len(rows)))


def queue_intervals(reading: Reading) -> Facts:
    """When each visit waited for each resource; nothing of those served at once."""
    left, visits = reading.left_queue, reading.logs.visits
    found = by_pool(waits.queues)(reading)
    visit, _ = reading.once(places)
    waited = ~(left <= visits.queued)
    return replace(
        found,
        of=np.where(waited.take(visit), found.of, np.int16(-1)),
        value=visits.queued.take(visit),
        until=left.take(visit),
    )


def held_waiting(reading: Reading) -> Facts:
    """Minutes each unit was held while its holder waited for something else.

    That is: queued for a further resource, or was in a started visit tagged `delayed_discharge`.
    """
    holds, minutes = reading.logs.holds, reading.once(_minutes_waiting)
    held = reading.minutes_in_window(holds.seized, holds.released)
    facts = Facts(reading.context.resources, holds.resource, holds.episode, minutes)
    from sim.measure.loops import total_by_code

    return replace(facts, base=total_by_code(holds.resource, held, len(facts.names)))


def _minutes_waiting(reading: Reading) -> Floats:
    """For each hold, minutes within the measured time in which its holder waited."""
    from sim.measure.loops import wait_while_holding

    context, visits, holds = reading.context, reading.logs.visits, reading.logs.holds
    delayed = context.carries(DELAYED)
    left = reading.left_queue
    rows = np.flatnonzero(~(left <= visits.queued) | delayed.take(visits.step))
    of_episode = sorted_into(len(reading.logs.episodes.onset), holds.episode)
    minutes = np.zeros(len(holds.episode))
    wait_while_holding(
        rows,
        visits.episode,
        visits.queued,
        left,
        np.where(delayed.take(visits.step), visits.started, np.nan),
        visits.ended,
        of_episode.rows,
        of_episode.bounds,
        holds.seized,
        holds.released,
        context.warm_up,
        context.horizon,
        minutes,
    )
    return minutes


DEFINITIONS = (
    Definition(
        "pool_waiting_share",
        "Of the time held, waiting for something else",
        "share",
        "Time that units were held while their holder queued for a further resource, or was in a "
        f"started visit tagged `{DELAYED}`, over all time that they were held, in the measured "
        "time. In a breakdown: over the time held by everyone. Where it is high the pool is full "
        "because of what comes behind it.",
        "Capacity",
        held_waiting,
        take.over_base,
        of="resource",
        adds_up=True,
    ),
    Definition(
        "queue_length_max",
        "Queue, at most",
        "visits",
        "Largest number of visits waiting for the resource at one time in the measured time, at "
        "whichever step.",
        "Waits",
        queue_intervals,
        take.peak,
        of="resource",
        better=SHORTER_WAITS,
    ),
    Definition(
        "pool_wait_mean",
        "Wait for the resource, mean",
        "minutes",
        f"Mean time from joining the queue to the start, whichever step, {waits.WHO}.",
        "Waits",
        by_pool(waits.waits),
        take.mean,
        of="resource",
        better=SHORTER_WAITS,
    ),
    Definition(
        "pool_wait_p95",
        "Wait for the resource, 95th centile",
        "minutes",
        f"95th centile of the same times, {waits.WHO}.",
        "Waits",
        by_pool(waits.waits),
        take.quantile(0.95),
        of="resource",
        better=SHORTER_WAITS,
    ),
    Definition(
        "pool_wait_any",
        "Had to wait for the resource",
        "share",
        "Share not served at once, over all visits that joined a queue for the resource or were "
        "served at once in the measured time.",
        "Waits",
        by_pool(waits.had_to_wait),
        take.mean,
        of="resource",
        better=SHORTER_WAITS,
    ),
    Definition(
        "pool_still_waiting",
        "Still waiting for the resource at the end",
        "visits",
        "Number of visits, whenever they joined, that wait for the resource at the horizon.",
        "Waits",
        still_waiting,
        take.count,
        of="resource",
        better=SHORTER_WAITS,
        adds_up=True,
    ),
    Definition(
        "pool_reneged",
        "Left the queue for the resource unserved",
        "visits",
        "Number of visits whose patience ran out in the measured time, by what they waited for.",
        "Waits",
        left_unserved(Fate.RENEGED),
        take.count,
        of="resource",
        better=FEWER_UNSERVED,
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "pool_balked",
        "Turned away from the resource",
        "visits",
        "Number of visits turned away in the measured time, by the resource they came for.",
        "Waits",
        left_unserved(Fate.BALKED),
        take.count,
        of="resource",
        better=FEWER_UNSERVED,
        adds_up=True,
        accumulates=True,
    ),
)
