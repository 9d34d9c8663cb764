"""Where visits stood: every queue that each one waited in, or what it got if it did not wait.

Most steps ask for one unit of one resource, and a visit to them has one place. One that asks for
several stands in the queue of each; one that asks for any of several stands in every queue until
it has one; one of a resource with pools stands at the pool of its level.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

import numpy as np

from sim.measure.arrays import Index, Integers
from sim.measure.facts import Facts
from sim.measure.joined_logs import Reading
from sim.scenario.written.values import By, Request, Table

T = TypeVar("T")

#: rows of visits and a resource for each; a visit may have several, or none
Places = tuple[Index, Integers]


def places(reading: Reading) -> Places:
    """Every place of every visit, in the order of visits.

    What was asked for by those who did not get it is read off the levels in the log: those at the
    onset of an episode, or last set. Of the `shortest` queue, which nobody knows who was not
    served, it is the first named.
    """
    context, visits = reading.context, reading.logs.visits
    of_step = np.array(context.step_resource, dtype=np.int16)
    of_step[list(context.asks_otherwise)] = -1
    resource = of_step.take(visits.step)
    plain = np.flatnonzero(resource >= 0)
    found = [(plain, resource.take(plain)), *_asked_otherwise(reading)]
    if len(found) == 1:
        return found[0]
    rows, codes = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((codes, rows))
    return rows[order], codes[order].astype(np.int16)


def by_pool(of_steps: Callable[[Reading], Facts]) -> Callable[[Reading], Facts]:
    """Make facts of all visits, by step, into facts of the resources in whose queues each stood."""

    def facts(reading: Reading) -> Facts:
        found = reading.once(of_steps)
        visit, resource = reading.once(places)
        of = np.where(found.of.take(visit) < 0, np.int16(-1), resource)
        return replace(
            found,
            names=reading.context.resources,
            of=of,
            episode=found.episode.take(visit),
            value=found.value.take(visit),
            censored=None if found.censored is None else found.censored.take(visit),
        )

    return facts


def _asked_otherwise(reading: Reading) -> Iterator[Places]:
    """Places of visits to steps that ask for more than one unit of one resource."""
    context, visits, holds = reading.context, reading.logs.visits, reading.logs.holds
    if not context.asks_otherwise:
        return
    otherwise = np.zeros(len(context.steps), dtype=np.bool_)
    otherwise[list(context.asks_otherwise)] = True
    waited = np.isnan(visits.started) | (visits.started > visits.queued)
    unknown = otherwise.copy()
    for step, request in context.requests:
        here = np.flatnonzero((visits.step == step) & waited)
        if request.ask != "any_of":
            here = here[np.isnan(visits.started.take(here))]
            unknown[step] = False
        yield from _by_levels(reading, here, request)
    # what was got says what was asked for, unless it was any of several
    served = otherwise.take(visits.step) & ~np.isnan(visits.started)
    served &= ~(unknown.take(visits.step) & waited)
    rows = np.flatnonzero(served.take(holds.visit))
    pairs = np.unique(
        np.stack([holds.visit.take(rows), holds.resource.take(rows)]).astype(np.int64), axis=1
    )
    yield pairs[0].astype(np.intp), pairs[1].astype(np.int16)


def _by_levels(reading: Reading, rows: Index, request: Request) -> Iterator[Places]:
    """What visits to a step that asks so asked for, by the levels of their episodes."""
    names: Table[tuple[str, ...]] = request.lists
    if request.ask == "all":
        names = request.resources
    for here, listed in _leaves(reading, rows, names):
        for name in listed[:1] if request.ask == "shortest" else listed:
            need = request.needs[name]
            for some, units in _leaves(reading, here, need.units):
                if units > 0.0:
                    yield from _pools(reading, some, name, need.at)


def _pools(reading: Reading, rows: Index, name: str, at: str | None) -> Iterator[Places]:
    """The place at a resource: its own queue, or that of the pool of a level."""
    context = reading.context
    if name in context.resources:
        yield rows, np.full(len(rows), context.resources.index(name), dtype=np.int16)
        return
    first = context.pools_of(name)[0]
    column = context.attributes.index(at or context.per[name])
    yield rows, (first + _levels(reading, rows, column)).astype(np.int16)


def _leaves(reading: Reading, rows: Index, table: Table[T]) -> Iterator[tuple[Index, T]]:
    """The values of a table, each with the visits whose episodes it is for."""
    if not isinstance(table, By):
        if len(rows):
            yield rows, table
        return
    context = reading.context
    column = context.attributes.index(table.attribute)
    level = _levels(reading, rows, column)
    for code, name in enumerate(context.levels[column]):
        cell = table.cells.get(name, table.other)
        if cell is not None:
            yield from _leaves(reading, rows[level == code], cell)


def _levels(reading: Reading, rows: Index, column: int) -> Integers:
    """The level of an attribute of the episodes of some visits."""
    logs = reading.logs
    levels: Integers = logs.episodes.levels[logs.visits.episode.take(rows), column]
    return levels.astype(np.int64)
