"""Measures a scenario names itself: counts of a tag, and intervals from one tag to another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.measure import statistics as take
from sim.measure.context import Interval
from sim.measure.definition import Definition
from sim.measure.facts import Facts, Floats, Index, Integers
from sim.measure.reading import Reading, starts_of_runs


def counts(reading: Reading) -> Facts:
    """Visits started in the measured time, by the scenario's own counts."""
    rows = [reading.started_tagged(tag) for _, tag in reading.context.counts]
    every = np.concatenate([np.zeros(0, dtype=np.intp), *rows])
    return Facts(
        tuple(name for name, _ in reading.context.counts),
        np.repeat(np.arange(len(rows), dtype=np.int16), [len(each) for each in rows]),
        reading.logs.visits.episode[every],
        np.ones(len(every)),
    )


@dataclass(frozen=True, slots=True)
class Spans:
    """One row per episode with the first tag; `end` is NaN where the second was not reached."""

    of: Integers
    episode: Integers
    begin: Floats
    end: Floats


def spans(reading: Reading) -> Spans:
    """Find the scenario's intervals in every episode."""
    found = [_spans(reading, interval) for interval in reading.context.intervals]
    empty = np.zeros(0, dtype=np.intp)
    return Spans(
        np.repeat(np.arange(len(found), dtype=np.int16), [len(each[0]) for each in found]),
        np.concatenate([empty, *(each[0] for each in found)]),
        np.concatenate([np.zeros(0), *(each[1] for each in found)]),
        np.concatenate([np.zeros(0), *(each[2] for each in found)]),
    )


def _spans(reading: Reading, interval: Interval) -> tuple[Index, Floats, Floats]:
    """Episodes with the first tag, when they first had it, and when they then got the second."""
    visits, context = reading.logs.visits, reading.context
    order = reading.visits_by_episode
    step = visits.step[order]
    place = np.flatnonzero(context.carries(interval.start_tag)[step])
    place = place[starts_of_runs(visits.episode[order[place]])] if len(place) else place
    reached = context.carries(interval.end_tag)[step] & ~np.isnan(visits.started[order])
    ends = np.append(np.flatnonzero(reached), len(order))
    # one visit may be both ends, unless the interval is from a tag to itself
    from_itself = interval.start_tag == interval.end_tag
    found = ends[np.searchsorted(ends, place, side="right" if from_itself else "left")]
    episode = visits.episode[order[place]].astype(np.intp)
    same = found < len(order)
    same[same] = visits.episode[order[found[same]]] == episode[same]
    end = np.full(len(place), np.nan)
    end[same] = visits.started[order[found[same]]]
    return episode, visits.queued[order[place]], end


def _facts(reading: Reading, rows: Index, value: Floats) -> Facts:
    intervals = reading.context.intervals
    found = reading.once(spans)
    targets = [np.nan if item.target is None else item.target for item in intervals]
    names = tuple(item.name for item in intervals)
    return Facts(names, found.of[rows], found.episode[rows], value, base=np.array(targets))


def reached(reading: Reading) -> Facts:
    """Intervals that ended in the measured time, in minutes."""
    found = reading.once(spans)
    rows = np.flatnonzero(reading.in_window(found.end))
    return _facts(reading, rows, found.end[rows] - found.begin[rows])


def open_at_the_end(reading: Reading) -> Facts:
    """Intervals under way at the horizon, in episodes that are under way too."""
    found = reading.once(spans)
    unfinished = np.isnan(reading.logs.episodes.ended[found.episode])
    rows = np.flatnonzero(np.isnan(found.end) & unfinished)
    return _facts(reading, rows, np.ones(len(rows)))


def never_reached(reading: Reading) -> Facts:
    """Intervals begun in an episode that ended, in the measured time, without the second tag."""
    found = reading.once(spans)
    ended = reading.in_window(reading.logs.episodes.ended[found.episode])
    rows = np.flatnonzero(np.isnan(found.end) & ended)
    return _facts(reading, rows, np.ones(len(rows)))


REACHED = "over intervals that ended in the measured time"

DEFINITIONS = (
    Definition(
        "own_count",
        "The scenario's own counts",
        "visits",
        "For each `count` under `measures`: number of visits with that tag that started in the "
        "measured time.",
        "The scenario's own",
        counts,
        take.count,
        of="measure",
        adds_up=True,
    ),
    Definition(
        "interval_count",
        "Intervals ended",
        "intervals",
        "For each interval under `measures`: number that ended in the measured time. An "
        "interval runs, once per episode, from joining the queue of the first visit tagged "
        "`from` to the start of the first visit tagged `to` that is the same or a later visit "
        "of that episode (a later one, if the two tags are the same).",
        "The scenario's own",
        reached,
        take.count,
        of="measure",
        adds_up=True,
    ),
    Definition(
        "interval_mean",
        "Interval, mean",
        "minutes",
        f"Mean length, {REACHED}.",
        "The scenario's own",
        reached,
        take.mean,
        of="measure",
        better=-1,
    ),
    Definition(
        "interval_median",
        "Interval, median",
        "minutes",
        f"Median length, {REACHED}.",
        "The scenario's own",
        reached,
        take.quantile(0.5),
        of="measure",
        better=-1,
    ),
    Definition(
        "interval_p90",
        "Interval, 90th centile",
        "minutes",
        f"90th centile of the length, {REACHED}.",
        "The scenario's own",
        reached,
        take.quantile(0.9),
        of="measure",
        better=-1,
    ),
    Definition(
        "interval_within_target",
        "Intervals within target",
        "share",
        f"Share of at most the `target`, {REACHED}; no number without a target.",
        "The scenario's own",
        reached,
        take.share_within_base,
        of="measure",
        better=1,
    ),
    Definition(
        "interval_unfinished",
        "Intervals unfinished at the end",
        "intervals",
        "Number of intervals, whenever begun, that had not ended at the horizon while the "
        "episode was under way.",
        "The scenario's own",
        open_at_the_end,
        take.count,
        of="measure",
        adds_up=True,
    ),
    Definition(
        "interval_never",
        "Intervals that never ended",
        "intervals",
        "Number of episodes that ended in the measured time having had the tag `from` but "
        "never after it the tag `to`.",
        "The scenario's own",
        never_reached,
        take.count,
        of="measure",
        adds_up=True,
    ),
)
