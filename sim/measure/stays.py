"""Stays in beds, and the visits they are made of.

A stay is the unbroken time of one episode in beds of one kind: from an assessment unit to a
ward is one stay where the two abut or overlap. Waiting for a bed is not part of it. What is
measured of stays is in `sim.measure.beds`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.measure.arrays import Floats, Integers, Mask
from sim.measure.joined_logs import Reading, open_ended, starts_of_runs
from sim.measure.rows import rows_where, sorted_into, stable_order


@dataclass(frozen=True, slots=True)
class Stays:
    """One row per stay, episode by episode; `end` is infinite while it lasts."""

    episode: Integers
    begin: Floats
    end: Floats

    def ended_in_death(self, reading: Reading) -> Mask:
        """Whether each stay ended because its episode ended in death."""
        episodes, context = reading.logs.episodes, reading.context
        if "died" not in context.outcomes:
            return np.zeros(len(self.episode), dtype=np.bool_)
        died = episodes.outcome[self.episode] == context.outcomes.index("died")
        at_the_end: Mask = died & (episodes.ended[self.episode] == self.end)
        return at_the_end


def stays_in(reading: Reading, kind: str) -> Stays:
    """All stays in beds of a kind, finished or not."""
    holds, rows = reading.logs.holds, reading.holds_of_beds(kind)
    rows = rows.take(stable_order(holds.episode.take(rows)))
    episode, begin = holds.episode.take(rows), holds.seized.take(rows)
    end = _running_end(episode, open_ended(holds.released.take(rows)))
    first = starts_of_runs(episode)
    first[1:] |= begin[1:] > end[:-1]
    last = np.append(first[1:], True) if len(first) else first
    return Stays(episode[first], begin[first], end[last])


def _running_end(episode: Integers, end: Floats) -> Floats:
    """Latest end so far within each episode; a later bed may be given back first."""
    result = end.copy()
    same = np.flatnonzero(~starts_of_runs(episode))
    # one round for each further bed of the episode with the most beds
    while len(same):
        higher = result[same - 1] > result[same]
        if not higher.any():
            break
        result[same] = np.maximum(result[same - 1], result[same])
    return result


@dataclass(frozen=True, slots=True)
class Parts:
    """Minutes of visits that lie within stays: waiting in a queue, and started."""

    step: Integers
    episode: Integers
    waiting: Floats
    started: Floats


def parts_of(reading: Reading, kind: str) -> Parts:
    """Cut the stays that ended in the measured time by the visits they contain."""
    from sim.measure.loops import cut_by_stays

    visits, stays = reading.logs.visits, reading.once(stays_in, kind)
    chosen = np.flatnonzero(reading.in_window(stays.end))
    whose, visits_of = stays.episode.take(chosen), reading.visits_by_episode.bounds
    of_episode = sorted_into(len(visits_of) - 1, whose).bounds
    rows = rows_where(of_episode[1:] > of_episode[:-1], visits.episode)
    room = int((visits_of.take(whose + 1) - visits_of.take(whose)).sum())
    visit, waiting, started = np.empty(room, dtype=np.intp), np.empty(room), np.empty(room)
    found = cut_by_stays(
        rows,
        visits.episode,
        visits.queued,
        reading.left_queue,
        visits.started,
        visits.ended,
        of_episode,
        stays.begin.take(chosen),
        stays.end.take(chosen),
        visit,
        waiting,
        started,
    )
    visit = visit[:found]
    episode = visits.episode.take(visit)
    return Parts(visits.step.take(visit), episode, waiting[:found], started[:found])
