"""Measures of waiting: by step, and how many gave up or were turned away.

Only steps that seize a resource have a queue. Waits are those of visits that joined the queue
in the measured time; those still waiting at the horizon are counted with their time so far.
"""

from __future__ import annotations

import numpy as np

from sim.engine.logs import Fate
from sim.measure import statistics as take
from sim.measure.definition import Definition
from sim.measure.facts import Facts, Floats, Index, Integers
from sim.measure.reading import Reading


def _queueing(reading: Reading) -> Index:
    """Rows of the visits that came to a step that seizes, in the measured time."""
    visits = reading.logs.visits
    seizes = np.array(reading.context.step_resource, dtype=np.int64) >= 0
    return np.flatnonzero(seizes[visits.step] & reading.in_window(visits.queued))


def _at_steps(reading: Reading, rows: Index, value: Floats) -> Facts:
    """Facts of visits by step, only of steps that seize."""
    context, visits = reading.context, reading.logs.visits
    steps = context.seizing_steps
    code = np.full(len(context.steps), -1, dtype=np.int16)
    code[list(steps)] = np.arange(len(steps))
    names = tuple(context.steps[step] for step in steps)
    return Facts(names, code[visits.step[rows]], visits.episode[rows], value)


def _joined(reading: Reading) -> tuple[Index, Floats, Integers]:
    """Visits that joined a queue in the measured time: rows, minutes waited so far, fate."""
    rows = reading.once(_queueing)
    rows = rows[~reading.turned_away[rows]]
    left = np.fmin(reading.left_queue[rows], reading.context.horizon)
    visits = reading.logs.visits
    return rows, left - visits.queued[rows], visits.fate[rows]


def waits(reading: Reading) -> Facts:
    """Minutes waited by those who were served or are still waiting."""
    rows, waited, fate = reading.once(_joined)
    stayed = fate != Fate.RENEGED
    facts = _at_steps(reading, rows[stayed], waited[stayed])
    censored = fate[stayed] == Fate.WAITING
    return Facts(facts.names, facts.of, facts.episode, facts.value, censored=censored)


def queue_times(reading: Reading) -> Facts:
    """Minutes in the queue of everyone who joined it, those who gave up included."""
    rows, waited, _ = reading.once(_joined)
    return _at_steps(reading, rows, waited)


def had_to_wait(reading: Reading) -> Facts:
    """1 for everyone who joined and was not served at once, else 0."""
    rows, waited, fate = reading.once(_joined)
    return _at_steps(reading, rows, ((waited > 0) | (fate == Fate.RENEGED)).astype(np.float64))


def gave_up(reading: Reading) -> Facts:
    """1 for everyone who joined and reneged, 0 for those who were served."""
    rows, _, fate = reading.once(_joined)
    known = fate != Fate.WAITING
    return _at_steps(reading, rows[known], (fate[known] == Fate.RENEGED).astype(np.float64))


def were_turned_away(reading: Reading) -> Facts:
    """1 for everyone who came and balked, 0 for those who joined."""
    rows = reading.once(_queueing)
    return _at_steps(reading, rows, reading.turned_away[rows].astype(np.float64))


def reneged(reading: Reading) -> Facts:
    """Visits that left the queue in the measured time, whenever they joined it."""
    visits = reading.logs.visits
    rows = np.flatnonzero((visits.fate == Fate.RENEGED) & reading.in_window(visits.ended))
    return _at_steps(reading, rows, np.ones(len(rows)))


def balked(reading: Reading) -> Facts:
    """Visits that were turned away in the measured time."""
    visits = reading.logs.visits
    rows = np.flatnonzero(reading.turned_away & reading.in_window(visits.ended))
    return _at_steps(reading, rows, np.ones(len(rows)))


def still_waiting(reading: Reading) -> Facts:
    """Visits waiting at the horizon, whenever they joined."""
    rows = np.flatnonzero(reading.logs.visits.fate == Fate.WAITING)
    return _at_steps(reading, rows, np.ones(len(rows)))


def queueing(reading: Reading) -> Facts:
    """Minutes each visit waited within the measured time, by the resource waited for."""
    visits, context = reading.logs.visits, reading.context
    resource = np.array(context.step_resource, dtype=np.int16)
    rows = np.flatnonzero(reading.left_queue != visits.queued)
    rows = rows[resource[visits.step[rows]] >= 0]
    minutes = reading.minutes_in_window(visits.queued[rows], reading.left_queue[rows])
    return Facts(context.resources, resource[visits.step[rows]], visits.episode[rows], minutes)


def queueing_at_step(reading: Reading) -> Facts:
    """The same, by step."""
    visits = reading.logs.visits
    rows = np.flatnonzero(reading.left_queue != visits.queued)
    minutes = reading.minutes_in_window(visits.queued[rows], reading.left_queue[rows])
    return _at_steps(reading, rows, minutes)


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
        better=1,
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
        better=-1,
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
        better=-1,
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
        better=-1,
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
        better=-1,
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
        better=-1,
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
        better=-1,
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
        better=-1,
        adds_up=True,
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
        better=-1,
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
        better=-1,
        adds_up=True,
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
        better=-1,
    ),
    Definition(
        "queue_length_mean",
        "Queue, on average",
        "visits",
        "Time average, over the measured time, of the number of visits waiting for the "
        "resource, at whichever step.",
        "Waits",
        queueing,
        take.time_average,
        of="resource",
        better=-1,
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
        better=-1,
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
