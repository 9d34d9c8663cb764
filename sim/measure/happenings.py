"""Everything that happens in one replication, in order of time and by name, to be set side by side.

Codes in logs belong to one plan; here they are names, so that runs of different scenarios, engines
or versions can be compared event by event.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import chain

import numpy as np
import numpy.typing as npt

from sim.engine.logs import Fate, Logs
from sim.measure.context import Context

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class What(IntEnum):
    """What can happen, in the order in which it is told at one moment."""

    ABSORBED = 0
    COMES = 1
    QUEUES = 2
    BALKS = 3
    RENEGES = 4
    SEIZES = 5
    STARTS = 6
    INTERRUPTED = 7
    RESUMES = 8
    LOST = 9
    ENDS = 10
    RELEASES = 11
    READY = 12
    LEAVES = 13
    LEVELS = 14


#: the same in words; `{}` is where
WORDS: Mapping[What, str] = {
    What.ABSORBED: "falls due while another episode is open or after death, and is absorbed",
    What.COMES: "comes",
    What.QUEUES: "comes to `{}`",
    What.BALKS: "is turned away at `{}`",
    What.RENEGES: "gives up waiting for `{}`",
    What.SEIZES: "seizes a unit of `{}`",
    What.STARTS: "starts `{}`",
    What.INTERRUPTED: "is interrupted in `{}`",
    What.RESUMES: "goes on with `{}`",
    What.LOST: "is interrupted in `{}` and goes elsewhere",
    What.ENDS: "ends `{}`",
    What.RELEASES: "releases a unit of `{}`",
    What.READY: "leaves a unit of `{}` ready for the next",
    What.LEAVES: "leaves the pathway: `{}`",
    What.LEVELS: "has, at the end of the episode or of the run, {}",
}

#: what a visit that has ended did
ENDED_AS = {
    Fate.ENDED: What.ENDS,
    Fate.RENEGED: What.RENEGES,
    Fate.BALKED: What.BALKS,
    Fate.INTERRUPTED: What.LOST,
}

#: columns of `Happenings.rows`: whose episode (by what names it in every run), what, and where
ROWS = ("person", "crisis", "layer", "ordinal", "side_task", "what", "where")


@dataclass(frozen=True)
class Happenings:
    """What happens in one replication.

    Attributes
    ----------
    time
        Minutes since the start of the run, in order.
    rows
        One row per event and a column per name in `ROWS`; `crisis` and `where` index `names`
        (-1 for nowhere), `what` is a `What`.
    names
        Of crises, steps, resources and outcomes, and levels in words.
    attributes
        Those that the levels are of.
    """

    time: Floats
    rows: Integers
    names: tuple[str, ...]
    attributes: tuple[str, ...]

    def until(self, number: int) -> Happenings:
        """The first events only."""
        return Happenings(self.time[:number], self.rows[:number], self.names, self.attributes)


def happenings(context: Context, logs: Logs) -> Happenings:
    """Everything that happens in one replication, in order of time, then by whom and what."""
    words, levels = _levels(context, logs)
    named = chain(context.crises, context.steps, context.resources, context.outcomes, words)
    codes = {name: code for code, name in enumerate(dict.fromkeys(named))}
    parts = [part for part in _parts(context, logs, codes, words, levels) if len(part[0])]
    if not parts:
        empty = np.empty((0, len(ROWS)), dtype=np.int64)
        return Happenings(np.empty(0), empty, tuple(codes), context.attributes)
    time = np.concatenate([part[0] for part in parts])
    rows = np.concatenate([part[1] for part in parts])
    order = np.lexsort((*rows.T[::-1], time))
    return Happenings(time[order], rows[order], tuple(codes), context.attributes)


def _parts(
    context: Context, logs: Logs, codes: dict[str, int], words: Sequence[str], levels: Integers
) -> Iterator[tuple[Floats, Integers]]:
    """Times and rows of one kind of event after another."""
    visits, holds, episodes = logs.visits, logs.holds, logs.episodes
    crises, steps = _codes(codes, context.crises), _codes(codes, context.steps)
    resources, outcomes = _codes(codes, context.resources), _codes(codes, context.outcomes)
    who = np.column_stack(
        [
            episodes.person.astype(np.int64),
            crises[episodes.crisis],
            episodes.layer,
            episodes.ordinal,
            episodes.parent >= 0,
        ]
    )

    def part(
        time: Floats, whose: npt.NDArray[np.int32], what: int, where: Integers
    ) -> tuple[Floats, Integers]:
        happened = ~np.isnan(time)
        kind = np.full(int(happened.sum()), what)
        rows = np.column_stack([who[whose[happened]], kind, where[happened]])
        return time[happened], rows

    every = np.arange(len(episodes.onset), dtype=np.int32)
    nowhere = np.full(len(every), -1)
    yield part(episodes.onset, every, What.COMES, nowhere)
    left = np.where(episodes.outcome >= 0, episodes.ended, np.nan)
    yield part(left, every, What.LEAVES, outcomes[np.maximum(episodes.outcome, 0)])
    last = np.where(np.isnan(episodes.ended), logs.horizon, episodes.ended)
    if words:
        yield part(last, every, What.LEVELS, _codes(codes, words)[levels])
    yield part(visits.queued, visits.episode, What.QUEUES, steps[visits.step])
    yield part(visits.started, visits.episode, What.STARTS, steps[visits.step])
    for fate, kind in ENDED_AS.items():
        ended = np.where(visits.fate == fate, visits.ended, np.nan)
        yield part(ended, visits.episode, kind, steps[visits.step])
    yield part(holds.seized, holds.episode, What.SEIZES, resources[holds.resource])
    yield part(holds.released, holds.episode, What.RELEASES, resources[holds.resource])
    yield part(holds.ready, holds.episode, What.READY, resources[holds.resource])
    stopped = logs.interruptions
    whose, where = visits.episode[stopped.visit], steps[visits.step[stopped.visit]]
    yield part(stopped.at, whose, What.INTERRUPTED, where)
    yield part(stopped.resumed, whose, What.RESUMES, where)
    absorbed = logs.absorbed
    nothing = np.zeros(len(absorbed.at), dtype=np.int64)
    columns = [
        absorbed.person.astype(np.int64),
        crises[absorbed.crisis],
        *(nothing, nothing, nothing),
        nothing + What.ABSORBED,
        nothing - 1,
    ]
    yield absorbed.at, np.column_stack(columns)


def _codes(codes: dict[str, int], names: Sequence[str]) -> Integers:
    return np.array([codes[name] for name in names], dtype=np.int64)


def _levels(context: Context, logs: Logs) -> tuple[tuple[str, ...], Integers]:
    """The combinations of levels there are in words, and which each episode has."""
    table = logs.episodes.levels
    if not context.attributes or not len(table):
        return (), np.zeros(len(table), dtype=np.int64)
    distinct, which = np.unique(table, axis=0, return_inverse=True)
    return tuple(_in_words(context, row) for row in distinct), which.reshape(-1).astype(np.int64)


def _in_words(context: Context, row: npt.NDArray[np.int8]) -> str:
    named = zip(context.attributes, context.levels, row.tolist(), strict=True)
    said = (f"{name} {levels[code]}" for name, levels, code in named if 0 <= code < len(levels))
    return ", ".join(said) or "without any attribute"
