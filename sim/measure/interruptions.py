"""Measures of visits whose units someone more urgent took."""

from __future__ import annotations

import numpy as np

from sim.measure import statistics as take
from sim.measure.arrays import Mask
from sim.measure.definition import Definition
from sim.measure.directions import SHORTER_WAITS
from sim.measure.facts import Facts, ones
from sim.measure.joined_logs import Reading


def interrupted(reading: Reading) -> Facts:
    """Every interruption in the measured time, by the step that was interrupted."""
    every = reading.once(_every)
    return _only(every, reading.in_window(reading.logs.interruptions.at))


def set_aside(reading: Reading) -> Facts:
    """Minutes from each interruption in the measured time until the visit went on."""
    breaks = reading.logs.interruptions
    every = reading.once(_every)
    went_on = reading.in_window(breaks.at) & ~np.isnan(breaks.resumed)
    chosen = _only(every, went_on)
    return Facts(every.names, chosen.of, every.episode, breaks.resumed - breaks.at)


def _every(reading: Reading) -> Facts:
    context, visits = reading.context, reading.logs.visits
    steps = list(context.interruptible_steps)
    number = np.full(len(context.steps), -1, dtype=np.int16)
    number[steps] = np.arange(len(steps))
    visit = reading.logs.interruptions.visit
    of = number.take(visits.step.take(visit))
    names = tuple(context.steps[step] for step in steps)
    return Facts(names, of, visits.episode.take(visit), ones(len(visit)))


def _only(every: Facts, chosen: Mask) -> Facts:
    of = np.where(chosen, every.of, np.int16(-1))
    return Facts(every.names, of, every.episode, every.value)


DEFINITIONS = (
    Definition(
        "interruptions",
        "Interrupted",
        "interruptions",
        "Number of times, in the measured time, that a visit to the step lost its units to someone "
        "more urgent. Only of steps that are `interruptible`.",
        "Waits",
        interrupted,
        take.count,
        of="step",
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "set_aside_mean",
        "Set aside when interrupted, mean",
        "minutes",
        "Mean time from an interruption to going on or beginning again, over interruptions in the "
        "measured time after which the visit did; those who went elsewhere are left out.",
        "Waits",
        set_aside,
        take.mean,
        of="step",
        better=SHORTER_WAITS,
    ),
)
