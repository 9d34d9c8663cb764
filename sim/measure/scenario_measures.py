"""Measures a scenario names itself: counts of a tag, and intervals from one tag to another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.measure import statistics as take
from sim.measure.arrays import Floats, Index, Integers
from sim.measure.contacts import started_by_tag
from sim.measure.definition import Definition
from sim.measure.directions import MORE_IN_TIME, SHORTER_WAITS
from sim.measure.facts import Facts, ones
from sim.measure.joined_logs import Reading, starts_of_runs
from sim.measure.rows import rows_where


def counts(reading: Reading) -> Facts:
    """Visits started in the measured time, by the scenario's own counts."""
    return started_by_tag(reading, reading.context.counts)


@dataclass(frozen=True, slots=True)
class Spans:
    """One row per interval begun; NaN where it did not end, or was not given up.

    It is given up when the episode comes to its first tag anew, or ends, before the second.
    """

    of: Integers
    episode: Integers
    begin: Floats
    end: Floats
    given_up: Floats


def spans(reading: Reading) -> Spans:
    """Find the scenario's intervals in every episode."""
    found = [_spans(reading, number) for number in range(len(reading.context.intervals))]
    none = Spans(*(np.zeros(0, dtype=kind) for kind in (np.int16, np.int32, float, float, float)))
    columns = ([getattr(each, name) for each in (none, *found)] for name in Spans.__slots__)
    return Spans(*(np.concatenate(column) for column in columns))


def _spans(reading: Reading, number: int) -> Spans:
    """Find one interval of the scenario in every episode."""
    visits, context = reading.logs.visits, reading.context
    interval = context.intervals[number]
    from_itself = interval.start_tag == interval.end_tag
    place, begun = _tagged_by_episode(reading, interval.start_tag)
    if not from_itself:  # an unbroken run of visits with the first tag begins one interval
        runs = starts_of_runs(visits.episode.take(begun), place - np.arange(len(place)))
        place, begun = place[runs], begun[runs]
    ends, reached = _tagged_by_episode(reading, interval.end_tag)
    started = visits.started.take(reached)
    some = np.flatnonzero(~np.isnan(started))
    ends, started = np.append(ends[some], len(visits.step)), np.append(started[some], np.nan)
    # one visit may be both ends, unless the interval is from a tag to itself
    found = np.searchsorted(ends, place, side="right" if from_itself else "left")
    episode = visits.episode.take(begun)
    anew = np.append(episode[1:] == episode[:-1], False)[: len(place)]
    following = np.append(place, len(visits.step))[1:]
    until = np.where(anew, following, reading.visits_by_episode.bounds[1:].take(episode))
    ended = (ends[found] < until) | (from_itself & anew & (ends[found] == following))
    given_up = reading.logs.episodes.ended.take(episode)
    queued = visits.queued.take(begun)
    given_up[anew] = queued[1:][anew[:-1]]
    return Spans(
        np.full(len(place), number, dtype=np.int16),
        episode,
        queued,
        np.where(ended, started[found], np.nan),
        np.where(ended, np.nan, given_up),
    )


def _tagged_by_episode(reading: Reading, tag: str) -> tuple[Index, Index]:
    """Places of visits with a tag among all visits episode by episode, and their rows."""
    place = rows_where(reading.context.carries(tag), reading.steps_by_episode)
    return place, reading.visits_by_episode.rows.take(place)


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
    """Intervals under way at the horizon."""
    found = reading.once(spans)
    rows = np.flatnonzero(np.isnan(found.end) & np.isnan(found.given_up))
    return _facts(reading, rows, ones(len(rows)))


def never_reached(reading: Reading) -> Facts:
    """Intervals given up in the measured time."""
    found = reading.once(spans)
    rows = np.flatnonzero(reading.in_window(found.given_up))
    return _facts(reading, rows, ones(len(rows)))


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
        accumulates=True,
    ),
    Definition(
        "interval_count",
        "Intervals ended",
        "intervals",
        "For each interval under `measures`: number that ended in the measured time. An "
        "interval begins with the joining of the queue of a visit tagged `from` (the first of "
        "an unbroken run of such visits) and ends with the start of the first visit tagged `to` "
        "in the same episode, which may be the same visit. Coming to the tag `from` anew begins "
        "another. From a tag to itself it runs from one such visit to the next.",
        "The scenario's own",
        reached,
        take.count,
        of="measure",
        adds_up=True,
        accumulates=True,
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
        better=SHORTER_WAITS,
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
        better=SHORTER_WAITS,
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
        better=SHORTER_WAITS,
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
        better=MORE_IN_TIME,
    ),
    Definition(
        "interval_unfinished",
        "Intervals unfinished at the end",
        "intervals",
        "Number of intervals, whenever begun, under way at the horizon.",
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
        "Number of intervals given up in the measured time: the episode ended, or came to the "
        "tag `from` anew, before it came to the tag `to`.",
        "The scenario's own",
        never_reached,
        take.count,
        of="measure",
        adds_up=True,
        accumulates=True,
    ),
)
