"""What happened to the named cases: their part of the logs, and each copy's journey step by step.

`traced` cuts the cases out of the logs of a replication, in one pass and without building
anything, so that it can be done after every run; `journeys` turns them into words and numbers
when somebody asks. A case may have many copies and go round a loop for years: nothing here takes
longer than in proportion to what happened to them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.engine.logs import Fate, Logs
from sim.measure.arrays import Index
from sim.measure.context import DAY, Context
from sim.measure.parts import of_episodes


@dataclass(frozen=True, slots=True)
class Passage:
    """One visit to a step; minutes since the start of the run, NaN for what was not reached."""

    step: str
    queued: float
    started: float
    ended: float
    fate: Fate


@dataclass(frozen=True, slots=True)
class Journey:
    """One copy of a case in one replication.

    `onset` and `ended` are minutes since the start of the run; `ended` is NaN and `outcome` empty
    while unfinished. `levels` has the level of every attribute, programmes included, at onset (of
    those set by steps, the last). `passages` are the visits of the case itself and `side_tasks`
    those of what was begun for her, both in order of queueing. `bed_days` are days in beds by
    kind (`acute`, `community`), a move between two beds counted once, until the horizon where a
    bed was not left before it.
    """

    case: str
    copy: int
    onset: float
    ended: float
    outcome: str
    levels: Mapping[str, str]
    passages: tuple[Passage, ...]
    side_tasks: tuple[Passage, ...]
    bed_days: Mapping[str, float]

    @property
    def steps(self) -> tuple[str, ...]:
        """Names of the steps passed, in order; who gave up or was turned away is left out."""
        passed = (Fate.STARTED, Fate.ENDED)
        return tuple(item.step for item in self.passages if item.fate in passed)


def journeys(context: Context, logs: Logs) -> tuple[Journey, ...]:
    """The journey of every copy of every case in one replication.

    Parameters
    ----------
    context
        The world of the logs (`sim.measure.build_context`).
    logs
        Of one replication, whole or `traced`.

    Returns
    -------
    tuple of Journey
        By case in the order of their names, then by copy. Hundreds of journeys come from copies
        times replications; a copy keeps its luck from arm to arm of a comparison, so that journey
        (replication, case, copy) of one arm is a pair with that of another.

    Examples
    --------
    >>> results = sim.run("scenarios/sussex/before.yaml")             # doctest: +SKIP
    >>> context = build_context(results.plan, results.scenario.model) # doctest: +SKIP
    >>> for digest in results.digests:                                # doctest: +SKIP
    ...     for journey in journeys(context, digest.traced):
    ...         print(journey.copy, *journey.steps, journey.outcome, journey.bed_days)
    """
    logs = traced(logs)
    episodes = logs.episodes
    root = roots(episodes.parent)
    own, side = _passages(context, logs, root)
    beds = _bed_days(context, logs)
    rows = np.flatnonzero(episodes.parent < 0)
    return tuple(
        Journey(
            case=context.cases[int(episodes.case[row])],
            copy=int(episodes.ordinal[row]),
            onset=float(episodes.onset[row]),
            ended=float(episodes.ended[row]),
            outcome=_named(context.outcomes, int(episodes.outcome[row])),
            levels={
                name: context.levels[attribute][int(episodes.levels[row, attribute])]
                for attribute, name in enumerate(context.attributes)
            },
            passages=tuple(own.get(row, ())),
            side_tasks=tuple(side.get(row, ())),
            bed_days=beds[row],
        )
        for row in rows[np.lexsort((episodes.ordinal[rows], episodes.case[rows]))].tolist()
    )


def traced(logs: Logs) -> Logs:
    """The rows of the cases and of all side tasks begun for them; episodes are numbered anew."""
    episodes = logs.episodes
    return of_episodes(logs, (episodes.case >= 0)[roots(episodes.parent)])


def roots(parent: np.ndarray[Any, Any]) -> Index:
    """For each episode or side task, the row of the episode that it all began with."""
    from sim.measure.loops import follow_up

    return follow_up(parent)


def days_in(spans: Iterable[tuple[float, float]]) -> float:
    """Days covered by spans of minutes that may overlap; spans in order of their beginnings."""
    total, until = 0.0, -math.inf
    for begin, end in spans:
        total += max(0.0, end - max(begin, until))
        until = max(until, end)
    return total / DAY


def _passages(
    context: Context, logs: Logs, root: Index
) -> tuple[dict[int, list[Passage]], dict[int, list[Passage]]]:
    """Visits by the episode they belong to: its own, and those of its side tasks."""
    own: dict[int, list[Passage]] = {}
    side: dict[int, list[Passage]] = {}
    visits = logs.visits
    columns = (visits.episode, visits.step, visits.queued, visits.started, visits.ended)
    for episode, step, queued, started, ended, fate in zip(
        *(column.tolist() for column in (*columns, visits.fate)), strict=True
    ):
        first = int(root[episode])
        passage = Passage(context.steps[step], queued, started, ended, Fate(fate))
        (own if episode == first else side).setdefault(first, []).append(passage)
    return own, side


def _bed_days(context: Context, logs: Logs) -> list[dict[str, float]]:
    """Days in beds by kind, of every row of the episodes."""
    kinds = sorted({kind for kind in context.beds if kind})
    spans: list[dict[str, list[tuple[float, float]]]] = [
        {kind: [] for kind in kinds} for _ in logs.episodes.onset
    ]
    holds = logs.holds
    columns = (holds.episode, holds.resource, holds.seized, holds.released)
    for episode, resource, seized, released in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        if context.beds[resource]:
            end = logs.horizon if math.isnan(released) else released
            spans[episode][context.beds[resource]].append((seized, end))
    return [{kind: days_in(sorted(item[kind])) for kind in kinds} for item in spans]


def _named(names: Sequence[str], code: int) -> str:
    return names[code] if code >= 0 else ""
