"""Measures of waiting: by step, and how many gave up or were turned away.

Only steps that seize a resource have a queue. Waits are those of visits that joined the queue
in the measured time; those still waiting at the horizon are counted with their time so far.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.engine.logs import Fate
from sim.measure import statistics as take
from sim.measure.arrays import Floats, Index, Mask
from sim.measure.definition import Definition
from sim.measure.directions import FEWER_UNSERVED, MORE_IN_TIME, SHORTER_WAITS
from sim.measure.facts import Facts, ones
from sim.measure.joined_logs import Reading
from sim.measure.places import by_pool


def queues(reading: Reading) -> Facts:
    """Every visit, by step, only of steps that seize."""
    context, visits = reading.context, reading.logs.visits
    steps = context.seizing_steps
    number = np.full(len(context.steps), -1, dtype=np.int16)
    number[list(steps)] = np.arange(len(steps))
    names = tuple(context.steps[step] for step in steps)
    return Facts(names, number.take(visits.step), visits.episode, ones(len(visits.step)))


def _only(reading: Reading, chosen: Mask, value: Floats | Mask) -> Facts:
    """Facts of the visits chosen, with values for all."""
    every = reading.once(queues)
    return replace(every, of=np.where(chosen, every.of, np.int16(-1)), value=value)


def _counted(reading: Reading, rows: Index) -> Facts:
    """Facts of a few visits."""
    every = reading.once(queues)
    of, episode = every.of.take(rows), every.episode.take(rows)
    return Facts(every.names, of, episode, ones(len(rows)))


def came(reading: Reading) -> Mask:
    """Whether each visit came to its step in the measured time."""
    return reading.in_window(reading.logs.visits.queued)


def waited(reading: Reading) -> Floats:
    """Minutes each visit waited, so far if it still waits."""
    minutes = np.fmin(reading.left_queue, reading.context.horizon)
    minutes -= reading.logs.visits.queued
    return minutes


def waits(reading: Reading) -> Facts:
    """Minutes waited by those who were served or are still waiting."""
    fate = reading.logs.visits.fate
    stayed = reading.once(came) & (fate != Fate.BALKED) & (fate != Fate.RENEGED)
    facts = _only(reading, stayed, reading.once(waited))
    return replace(facts, censored=fate == Fate.WAITING)


def waits_of_served(reading: Reading) -> Facts:
    """Minutes waited by those who were served."""
    served = reading.once(came) & ~np.isnan(reading.logs.visits.started)
    return _only(reading, served, reading.once(waited))


def queue_times(reading: Reading) -> Facts:
    """Minutes in the queue of everyone who joined it, those who gave up included."""
    joined = reading.once(came) & (reading.logs.visits.fate != Fate.BALKED)
    return _only(reading, joined, reading.once(waited))


def had_to_wait(reading: Reading) -> Facts:
    """Whether each who joined was not served at once."""
    unserved = (reading.once(waited) > 0) | (reading.logs.visits.fate == Fate.RENEGED)
    return replace(reading.once(queue_times), value=unserved)


def gave_up(reading: Reading) -> Facts:
    """Whether each who joined, and does not wait any more, reneged."""
    fate = reading.logs.visits.fate
    known = reading.once(came) & (fate != Fate.BALKED) & (fate != Fate.WAITING)
    return _only(reading, known, fate == Fate.RENEGED)


def were_turned_away(reading: Reading) -> Facts:
    """Whether each who came balked."""
    return _only(reading, reading.once(came), reading.logs.visits.fate == Fate.BALKED)


def reneged(reading: Reading) -> Facts:
    """Visits that left the queue in the measured time, whenever they joined it."""
    return _left_unserved(reading, Fate.RENEGED)


def balked(reading: Reading) -> Facts:
    """Visits that were turned away in the measured time."""
    return _left_unserved(reading, Fate.BALKED)


def unserved(reading: Reading, fate: Fate) -> Mask:
    """Which visits left unserved in the measured time, in this way."""
    visits = reading.logs.visits
    found: Mask = visits.fate == fate
    found[found] = reading.in_window(visits.ended[found])
    return found


def _left_unserved(reading: Reading, fate: Fate) -> Facts:
    return _counted(reading, np.flatnonzero(unserved(reading, fate)))


def still_waiting(reading: Reading) -> Facts:
    """Visits waiting at the horizon, whenever they joined."""
    return _counted(reading, np.flatnonzero(reading.logs.visits.fate == Fate.WAITING))


def queueing_at_step(reading: Reading) -> Facts:
    """Minutes each visit waited within the measured time, by step."""
    minutes = reading.minutes_in_window(reading.logs.visits.queued, reading.left_queue)
    return replace(reading.once(queues), value=minutes)


def present_at_step(reading: Reading) -> Facts:
    """Minutes each visit lasted, waiting included, within the measured time, by step."""
    visits = reading.logs.visits
    minutes = reading.minutes_in_window(visits.queued, visits.ended)
    return Facts(reading.context.steps, visits.step, visits.episode, minutes)


WHO = (
    "over visits that joined the queue in the measured time and were served, or are still "
    "waiting at the horizon (with their time so far, hence a lower bound where many are)"
)


def _share_within(name: str, minutes: float, words: str) -> Definition:
    return Definition(
        f"wait_within_{name}",
        f"Waits of at most {words}",
        "share",
        f"Share waiting at most {words}, over visits that joined the queue in the measured time "
        "and were served, or are still waiting and have passed that limit.",
        "Waits",
        waits,
        take.share_within(minutes),
        of="step",
        better=MORE_IN_TIME,
    )


DEFINITIONS = (
    Definition(
        "wait_count",
        "Joined the queue, or were served at once",
        "visits",
        "Number of visits to the step in the measured time that were not turned away.",
        "Waits",
        queue_times,
        take.count,
        of="step",
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "queue_time_mean",
        "Time in the queue, mean",
        "minutes",
        "Mean time from joining the queue to leaving it, over all visits that joined in the "
        "measured time: served, reneged, or still waiting at the horizon (time so far).",
        "Waits",
        queue_times,
        take.mean,
        of="step",
        better=SHORTER_WAITS,
    ),
    Definition(
        "wait_mean",
        "Wait, mean",
        "minutes",
        f"Mean time from joining the queue to the start, {WHO}. Those who reneged are left out "
        "here, and counted in `reneged` and `queue_time_mean`.",
        "Waits",
        waits,
        take.mean,
        of="step",
        better=SHORTER_WAITS,
    ),
    Definition(
        "wait_served_mean",
        "Wait of those served, mean",
        "minutes",
        "Mean time from joining the queue to the start, over visits that joined the queue in the "
        "measured time and were served before the horizon. Shorter than the wait where many are "
        "still waiting, or leave after long.",
        "Waits",
        waits_of_served,
        take.mean,
        of="step",
        better=SHORTER_WAITS,
    ),
    Definition(
        "wait_median",
        "Wait, median",
        "minutes",
        f"Median time from joining the queue to the start, {WHO}.",
        "Waits",
        waits,
        take.quantile(0.5),
        of="step",
        better=SHORTER_WAITS,
    ),
    Definition(
        "wait_p95",
        "Wait, 95th centile",
        "minutes",
        f"95th centile of the time from joining the queue to the start, {WHO}.",
        "Waits",
        waits,
        take.quantile(0.95),
        of="step",
        better=SHORTER_WAITS,
    ),
    _share_within("10_min", 10.0, "10 minutes"),
    _share_within("1_h", 60.0, "1 hour"),
    _share_within("4_h", 240.0, "4 hours"),
    Definition(
        "wait_any",
        "Had to wait",
        "share",
        "Share not served at once, over all visits that joined the queue or were served at once "
        "in the measured time.",
        "Waits",
        had_to_wait,
        take.mean,
        of="step",
        better=SHORTER_WAITS,
    ),
    Definition(
        "still_waiting",
        "Still waiting at the end",
        "visits",
        "Number of visits, whenever they joined, that wait in the queue at the horizon.",
        "Waits",
        still_waiting,
        take.count,
        of="step",
        better=SHORTER_WAITS,
        adds_up=True,
    ),
    Definition(
        "reneged",
        "Left the queue unserved",
        "visits",
        "Number of visits whose patience ran out in the measured time.",
        "Waits",
        reneged,
        take.count,
        of="step",
        better=FEWER_UNSERVED,
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "reneged_share",
        "Left the queue unserved, share",
        "share",
        "Share that reneged, over visits that joined the queue or were served at once in the "
        "measured time and no longer wait at the horizon.",
        "Waits",
        gave_up,
        take.mean,
        of="step",
        better=FEWER_UNSERVED,
    ),
    Definition(
        "balked",
        "Turned away",
        "visits",
        "Number of visits turned away in the measured time, by a full queue or a closed resource.",
        "Waits",
        balked,
        take.count,
        of="step",
        better=FEWER_UNSERVED,
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "balked_share",
        "Turned away, share",
        "share",
        "Share turned away, over all visits that came to the step in the measured time.",
        "Waits",
        were_turned_away,
        take.mean,
        of="step",
        better=FEWER_UNSERVED,
    ),
    Definition(
        "queue_length_mean",
        "Queue, on average",
        "visits",
        "Time average, over the measured time, of the number of visits waiting for the "
        "resource, at whichever step.",
        "Waits",
        by_pool(queueing_at_step),
        take.time_average,
        of="resource",
        better=SHORTER_WAITS,
        adds_up=True,
    ),
    Definition(
        "queue_length_at_step_mean",
        "Queue at the step, on average",
        "visits",
        "Time average, over the measured time, of the number of visits waiting at the step.",
        "Waits",
        queueing_at_step,
        take.time_average,
        of="step",
        better=SHORTER_WAITS,
        adds_up=True,
    ),
    Definition(
        "present_at_step_mean",
        "Visits at the step, on average",
        "visits",
        "Time average, over the measured time, of the number of visits at the step, waiting or "
        "started.",
        "Waits",
        present_at_step,
        take.time_average,
        of="step",
        adds_up=True,
    ),
)
