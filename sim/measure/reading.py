"""A replication's logs, read in one context: the joins that several measures need.

The logs are in order of time; most measures need the visits of an episode together, or the unit
a visit held. Each such join is made once, when first asked for. Nothing is summarised here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from sim.engine.logs import Fate, Logs
from sim.measure.context import Context
from sim.measure.facts import Floats, Index, Mask

T = TypeVar("T")


class UnreadableLogsError(ValueError):
    """The logs contradict themselves; `sim.measure.identities` says where."""


@dataclass(frozen=True)
class Reading:
    """Logs and their context, with joins made on demand."""

    context: Context
    logs: Logs
    _made: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, make: Callable[..., T], *arguments: str) -> T:
        """Result of ``make(reading, *arguments)``, made when first asked for and kept."""
        key = (make, *arguments)
        if key not in self._made:
            self._made[key] = make(self, *arguments)
        result: T = self._made[key]
        return result

    def in_window(self, times: Floats) -> Mask:
        """Whether each moment is in the measured time; NaN is not."""
        return (times >= self.context.warm_up) & (times < self.context.horizon)

    def minutes_in_window(self, begins: Floats, ends: Floats) -> Floats:
        """Minutes of each interval that lie in the measured time; an end of NaN is the horizon."""
        first = np.maximum(begins, self.context.warm_up)
        minutes: Floats = np.maximum(np.fmin(ends, self.context.horizon) - first, 0.0)
        return minutes

    @cached_property
    def is_main(self) -> Mask:
        """For each episode row, whether it is an episode rather than a side task."""
        return self.logs.episodes.parent < 0

    @cached_property
    def left_queue(self) -> Floats:
        """When each visit stopped waiting: started, reneged or balked; NaN while waiting."""
        visits = self.logs.visits
        return np.where(np.isnan(visits.started), visits.ended, visits.started)

    @cached_property
    def visits_by_episode(self) -> Index:
        """Rows of the visits, episode by episode, in order within each."""
        return stable_order(self.logs.visits.episode)

    @cached_property
    def holds_by_episode(self) -> Index:
        """Rows of the holds, episode by episode, in order within each."""
        return stable_order(self.logs.holds.episode)

    @cached_property
    def hold_of_visit(self) -> Index:
        """Row of the unit each visit seized, -1 for none.

        An episode does one thing at a time, so its k-th hold was seized by the k-th of its
        visits that started at a step which seizes.
        """
        visits, holds = self.logs.visits, self.logs.holds
        seizes = np.array(self.context.step_resource, dtype=np.int64) >= 0
        order = self.visits_by_episode
        seized = order[seizes[visits.step[order]] & ~np.isnan(visits.started[order])]
        if len(seized) != len(holds.episode):
            raise UnreadableLogsError(
                f"{len(seized)} visits started with a unit, but {len(holds.episode)} were held"
            )
        result = np.full(len(visits.episode), -1, dtype=np.intp)
        result[seized] = self.holds_by_episode
        return result

    def visits_tagged(self, tag: str) -> Index:
        """Rows of the visits to steps that carry a tag."""
        steps = np.flatnonzero(self.context.carries(tag))
        if len(steps) == 1:
            only: Index = self.visits_of_step[int(steps[0])]
            return only
        groups = [self.visits_of_step[step] for step in steps]
        rows: Index = np.concatenate([np.zeros(0, dtype=np.intp), *groups])
        rows.sort()
        return rows

    @cached_property
    def visits_of_step(self) -> list[Index]:
        """Rows of the visits to each step, in order."""
        return grouped(self.logs.visits.step, len(self.context.steps))

    @cached_property
    def holds_of_resource(self) -> list[Index]:
        """Rows of the holds of each resource, in order."""
        return grouped(self.logs.holds.resource, len(self.context.resources))

    def started_tagged(self, tag: str) -> Index:
        """Rows of the visits with a tag that started in the measured time."""
        rows = self.visits_tagged(tag)
        return rows[self.in_window(self.logs.visits.started[rows])]

    @cached_property
    def turned_away(self) -> Mask:
        """For each visit, whether it balked."""
        away: Mask = self.logs.visits.fate == Fate.BALKED
        return away


def stable_order(keys: npt.NDArray[Any]) -> Index:
    """Positions that sort whole numbers, ties in their order.

    Sorting number and position packed into one integer is several times faster than a stable
    argsort, and as exact.
    """
    number = len(keys)
    if number == 0:
        return np.zeros(0, dtype=np.intp)
    packed = keys.astype(np.int64) * number + np.arange(number)
    packed.sort()
    order: Index = (packed % number).astype(np.intp)
    return order


def grouped(codes: npt.NDArray[np.int16], number: int) -> list[Index]:
    """Positions of each code from 0 to `number` - 1, in order."""
    order = np.argsort(codes, kind="stable")  # a radix sort, for small numbers
    ends = np.cumsum(np.bincount(codes, minlength=number))
    return np.split(order, ends[:-1]) if number else []


def open_ended(times: Floats) -> Floats:
    """Times with NaN, not yet, made infinite, so that they come after all others."""
    return np.where(np.isnan(times), np.inf, times)


def starts_of_runs(*columns: npt.NDArray[Any]) -> Mask:
    """For each row, whether it differs from the row before in any column; the first does."""
    begins = np.zeros(len(columns[0]), dtype=np.bool_)
    begins[:1] = True
    for column in columns:
        begins[1:] |= column[1:] != column[:-1]
    return begins
