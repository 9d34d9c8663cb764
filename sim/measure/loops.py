"""Loops over whole columns, compiled: what would take numpy several passes or a sort.

Importing this imports numba, so it is imported where it is used, when something is measured.
Columns to be filled are made by numpy, which asks the system for large pages: to find memory in
small ones takes longer than to fill it.
"""

from __future__ import annotations

import numpy as np

from sim.measure.arrays import Floats, Index, Integers, Mask
from sim.plan.jit import jit


@jit
def count_codes(codes: Integers, number: int) -> Index:
    """Count the rows with each code from 0 to `number` - 1; negative codes are left out."""
    # those left out have a place before the others: a branch would be guessed wrong too often
    counts = np.zeros(number + 1, dtype=np.intp)
    for code in codes:
        place = max(code, -1) + 1
        if place > number:
            raise ValueError("a code that stands for nothing")
        counts[place] += 1
    return counts[1:]


@jit
def sort_rows(codes: Integers, bounds: Index, rows: Index) -> None:
    """Sort rows by their code, those of one code in their order.

    Parameters
    ----------
    codes
        From 0 to three less than the length of `bounds`; negative codes are left out.
    bounds
        Only 0. Filled: the rows of a code stand from bounds[code] to bounds[code + 1].
    rows
        As many as there are codes. Filled; those left out stand before the others.
    """
    places = len(bounds) - 1
    for code in codes:
        place = max(code, -1) + 1
        if place >= places:
            raise ValueError("a code that stands for nothing")
        bounds[place + 1] += 1
    for place in range(places):
        bounds[place + 1] += bounds[place]
    # each bound moves on from where the rows of a place begin to where they end
    for row, code in enumerate(codes):
        place = max(code, -1) + 1
        rows[bounds[place]] = row
        bounds[place] += 1


@jit
def arrange(codes: Integers, values: Floats, free: Index, arranged: Floats) -> None:
    """Put values code by code, those of one code in their order.

    Parameters
    ----------
    codes, values
        Columns of equal length. Negative codes are left out.
    free
        Where the first value of each code belongs, after the place for those left out.
    arranged
        Filled.
    """
    for row, code in enumerate(codes):
        place = max(code, -1) + 1
        arranged[free[place]] = values[row]
        free[place] += place > 0


@jit
def find_rows(chosen: Mask, codes: Integers, rows: Index) -> int:
    """Fill `rows` with those whose code is chosen, in order, and return how many there are."""
    found = 0
    for row, code in enumerate(codes):
        rows[found] = row
        found += chosen[code]
    return found


@jit
def total_by_code(codes: Integers, values: Floats, number: int) -> Floats:
    """Sum of the values with each code from 0 to `number` - 1, added up row by row.

    Negative codes are left out.
    """
    totals = np.zeros(number + 1)
    if number == 1:  # several times as fast where the sum need not be in memory
        total = 0.0
        for row, code in enumerate(codes):
            total += values[row] if code == 0 else 0.0
        totals[1] = total
    else:
        for row, code in enumerate(codes):
            totals[max(code, -1) + 1] += values[row]
    return totals[1:]


@jit
def overlap(begin: float, end: float, start: float, stop: float) -> float:
    """Minutes of one interval that lie in another, which is not empty; NaN is not yet."""
    begin = start if begin < start else begin
    end = end if end < stop else stop
    return end - begin if begin < end else 0.0


@jit
def overlaps(begins: Floats, ends: Floats, start: float, stop: float, minutes: Floats) -> None:
    """Fill `minutes` with those of each interval that lie between two moments."""
    for row, begin in enumerate(begins):
        minutes[row] = overlap(begin, ends[row], start, stop)


@jit
def most_open(begins: Floats, ends: Floats, start: float, stop: float) -> int:
    """Most intervals [begin, end) open at one moment of [start, stop).

    Both columns increase; an end of NaN or infinity has not come. An interval that is over as
    it begins is never open.
    """
    most = closed = 0
    for row, begin in enumerate(begins):
        if begin >= stop:
            break
        now = max(begin, start)
        closed = passed(ends, closed, now)
        most = max(most, row + 1 - closed)
    return most


@jit
def passed(times: Floats, row: int, now: float) -> int:
    """Row of the first time after a moment, which is not before a given row."""
    while row < len(times) and times[row] <= now:
        row += 1
    return row


@jit
def time_beyond(seized: Floats, ready: Floats, edges: Floats, units: Index) -> float:
    """Unit-minutes in use beyond a capacity, added up in the order of time.

    Parameters
    ----------
    seized, ready
        When units were taken into use, and when they were out of it again; both increase.
    edges, units
        From each edge to the next capacity is so many units; negative if unlimited.
    """
    total = 0.0
    taken, given = passed(seized, 0, edges[0]), passed(ready, 0, edges[0])
    for spell, limit in enumerate(units):
        now, until = edges[spell], edges[spell + 1]
        taken_until, given_until = passed(seized, taken, until), passed(ready, given, until)
        if limit >= 0 and taken_until - given > limit:
            while taken < taken_until or given < given_until:
                beyond = max(taken - given - limit, 0)
                if given == given_until or (taken < taken_until and seized[taken] <= ready[given]):
                    following = seized[taken]
                    taken += 1
                else:
                    following = ready[given]
                    given += 1
                total += beyond * (following - now)
                now = following
            total += max(taken - given - limit, 0) * (until - now)
        taken, given = taken_until, given_until
    return total


@jit
def time_full(seized: Floats, ready: Floats, edges: Floats, units: Index) -> float:
    """Minutes in which no unit was free, while there were any.

    Parameters
    ----------
    seized, ready, edges, units
        As in `time_beyond`.
    """
    total = 0.0
    taken, given = passed(seized, 0, edges[0]), passed(ready, 0, edges[0])
    for spell, limit in enumerate(units):
        now, until = edges[spell], edges[spell + 1]
        taken_until, given_until = passed(seized, taken, until), passed(ready, given, until)
        if limit > 0 and taken_until - given >= limit:
            while taken < taken_until or given < given_until:
                full = taken - given >= limit
                if given == given_until or (taken < taken_until and seized[taken] <= ready[given]):
                    following = seized[taken]
                    taken += 1
                else:
                    following = ready[given]
                    given += 1
                total += following - now if full else 0.0
                now = following
            total += until - now if taken - given >= limit else 0.0
        taken, given = taken_until, given_until
    return total


@jit
def overruns(seized: Floats, ready: Floats, closes: Floats, opens: Floats) -> Floats:
    """Minutes from each closing until the last unit in use is out of use, at most until opening.

    Parameters
    ----------
    seized, ready
        When each unit was taken into use, increasing, and when it was out of it; NaN is not yet.
    closes, opens
        When capacity fell to nothing, and when there was any again (or the end of the log).
    """
    minutes = np.zeros(len(closes))
    for row, begin in enumerate(seized):
        end = ready[row]
        # the last closing that is not before the beginning, and those after it
        closing = np.searchsorted(closes, begin, side="right")
        while closing < len(closes) and not end <= closes[closing]:
            until = end if end < opens[closing] else opens[closing]
            minutes[closing] = max(minutes[closing], until - closes[closing])
            closing += 1
    return minutes


@jit
def cut_by_stays(
    rows: Index,
    episode: Integers,
    queued: Floats,
    left: Floats,
    started: Floats,
    ended: Floats,
    stays: Index,
    begins: Floats,
    ends: Floats,
    visit: Index,
    waiting: Floats,
    under_way: Floats,
) -> int:
    """Find the minutes of visits that lie in stays of the same episode.

    Parameters
    ----------
    rows
        Visits to look at.
    episode, queued, left, started, ended
        Of each visit: when it joined and left the queue, started and ended; NaN is not yet.
    stays, begins, ends
        The stays of an episode are those from stays[episode] to stays[episode + 1].
    visit, waiting, under_way
        Filled, for each visit and stay with time in common: the visit and the minutes.

    Returns
    -------
    int
        How many there are.
    """
    found = 0
    for row in rows:
        for stay in range(stays[episode[row]], stays[episode[row] + 1]):
            waited = overlap(queued[row], left[row], begins[stay], ends[stay])
            cared_for = overlap(started[row], ended[row], begins[stay], ends[stay])
            visit[found], waiting[found], under_way[found] = row, waited, cared_for
            found += (waited > 0.0) | (cared_for > 0.0)
    return found


@jit
def wait_while_holding(
    rows: Index,
    episode: Integers,
    queued: Floats,
    left: Floats,
    delayed: Floats,
    ended: Floats,
    holds: Index,
    bounds: Index,
    seized: Floats,
    released: Floats,
    start: float,
    stop: float,
    minutes: Floats,
) -> None:
    """Add to each hold the minutes between two moments in which its holder waited.

    Parameters
    ----------
    rows
        Visits to look at.
    episode, queued, left, delayed, ended
        Of each visit: when it joined and left the queue; when it started and ended, if to have
        started is to wait as well. NaN is not yet, or for `delayed` not at all.
    holds, bounds
        The holds of an episode are those from bounds[episode] to bounds[episode + 1].
    seized, released
        Of each hold.
    minutes
        Of each hold; added to.
    """
    for row in rows:
        whose = episode[row]
        for place in range(bounds[whose], bounds[whose + 1]):
            hold = holds[place]
            begin = max(seized[hold], start)
            end = released[hold] if released[hold] < stop else stop
            if begin < end:
                minutes[hold] += overlap(queued[row], left[row], begin, end)
                minutes[hold] += overlap(delayed[row], ended[row], begin, end)


@jit
def follow_up(parent: Integers) -> Index:
    """For each row, the first of the chain of parents it comes from; a parent stands before it."""
    first = np.empty(len(parent), dtype=np.intp)
    for row in range(len(parent)):
        first[row] = row if parent[row] < 0 else first[parent[row]]
    return first


@jit
def present(
    codes: Integers, begins: Floats, ends: Floats, first: float, space: float, change: Integers
) -> None:
    """Count by how much the number present of each code changes before each of some moments.

    Parameters
    ----------
    codes, begins, ends
        Of each interval [begin, end): whose it is, negative for nobody's; an end of NaN is never.
    first, space
        The first moment, and the minutes from one to the next.
    change
        Zeros of shape (codes, moments + 1), the last for what comes after all moments. Filled:
        added up along the moments, it gives the number present at each.
    """
    last = change.shape[1] - 1
    for row, code in enumerate(codes):
        if code >= 0:
            change[code, moment_from(begins[row], first, space, last)] += 1
            change[code, moment_from(ends[row], first, space, last)] -= 1


@jit
def moment_from(time: float, first: float, space: float, last: int) -> int:
    """Number of the first of evenly spaced moments that is not before a time; at most `last`."""
    if time <= first:
        return 0
    number = (time - first) / space
    # also true of NaN, which is never
    if not number <= last - 1:
        return last
    return int(np.ceil(number))


@jit
def blocking(
    rows: Index,
    episode: Integers,
    queue: Integers,
    queued: Floats,
    left: Floats,
    holder: Integers,
    resource: Integers,
    seized: Floats,
    released: Floats,
    start: float,
    stop: float,
    head: Integers,
    following: Integers,
    blocked: Floats,
    stuck: Integers,
    since: Floats,
) -> None:
    """Find who held which units while waiting for another.

    Parameters
    ----------
    rows
        Visits to look at.
    episode, queue, queued, left
        Of each visit: its episode, the resource it waited for, from when until when.
    holder, resource, seized, released
        Of each hold: its episode, the resource, from when until when.
    start, stop
        The time looked at; at `stop` the log ends.
    head, following
        Room for a hold of each episode, -1 for none, and for one more after each hold.
    blocked
        Zeros. Filled: unit-minutes of each resource held by who waited for each other one.
    stuck, since
        Zeros and NaN. Filled: units so held at `stop`, and when the last of them began to wait.
    """
    for hold, whose in enumerate(holder):
        if not released[hold] <= start:
            following[hold] = head[whose]
            head[whose] = hold
    for row in rows:
        hold = head[episode[row]]
        while hold >= 0:
            held, wanted = resource[hold], queue[row]
            begin = max(queued[row], seized[hold])
            # either may be NaN, not yet
            first_left = left[row] <= released[hold] or np.isnan(released[hold])
            end = left[row] if first_left else released[hold]
            blocked[held, wanted] += overlap(begin, end, start, stop)
            if np.isnan(left[row]) and np.isnan(released[hold]):
                stuck[held, wanted] += 1
                if not since[held] >= queued[row]:
                    since[held] = queued[row]
            hold = following[hold]
