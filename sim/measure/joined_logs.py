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

from sim.engine.logs import Logs
from sim.measure.arrays import Floats, Index, Integers, Mask
from sim.measure.context import Context
from sim.measure.rows import Sorted, rows_where, sorted_into
from sim.scenario.language.tags import APPOINTMENT

T = TypeVar("T")


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
        from sim.measure.loops import overlaps

        minutes = np.empty(len(begins))
        overlaps(begins, ends, self.context.warm_up, self.context.horizon, minutes)
        return minutes

    @cached_property
    def is_main(self) -> Mask:
        """For each episode row, whether it is an episode: no side task and no appointment."""
        main: Mask = self.logs.episodes.parent < 0
        appointments = self.context.carries(APPOINTMENT)
        if appointments.any():
            main[self.logs.visits.episode[appointments.take(self.logs.visits.step)]] = False
        return main

    @cached_property
    def left_queue(self) -> Floats:
        """When each visit stopped waiting: started, reneged or balked; NaN while waiting."""
        visits = self.logs.visits
        left = visits.started.copy()
        unserved = np.flatnonzero(np.isnan(left))
        left[unserved] = visits.ended.take(unserved)
        return left

    @cached_property
    def visits_by_episode(self) -> Sorted:
        """Rows of the visits of each episode."""
        return sorted_into(len(self.logs.episodes.onset), self.logs.visits.episode)

    @cached_property
    def steps_by_episode(self) -> Integers:
        """Steps of the visits, episode by episode."""
        return self.logs.visits.step.take(self.visits_by_episode.rows)

    @cached_property
    def started_step(self) -> Integers:
        """Step of each visit that started in the measured time, -1 for others."""
        visits = self.logs.visits
        return np.where(self.in_window(visits.started), visits.step, np.int16(-1))

    @cached_property
    def started_by_step(self) -> Sorted:
        """Rows of the visits to each step that started in the measured time."""
        return sorted_into(len(self.context.steps), self.started_step)

    @cached_property
    def holds_by_resource(self) -> Sorted:
        """Rows of the holds of each resource."""
        return sorted_into(len(self.context.resources), self.logs.holds.resource)

    @cached_property
    def capacities(self) -> list[tuple[Floats, Integers]]:
        """Per resource, when its capacity changed (minutes, the first 0), and to how many units.

        -1 is unlimited. Of what reacts to signals as it was, else as it is planned.
        """
        return capacity_changes(self.context, self.logs)

    @cached_property
    def capacity_minutes(self) -> Floats:
        """Per resource, units times minutes over the measured time; NaN if unlimited."""
        return np.array([self.context.unit_minutes(*changes) for changes in self.capacities])

    @cached_property
    def hold_of_visit(self) -> Integers:
        """Row of the unit each visit seized, -1 for none; of several units, of the first."""
        visit = self.logs.holds.visit
        rows = np.arange(len(visit) - 1, -1, -1, dtype=np.int32)
        result = np.full(len(self.logs.visits.step), -1, dtype=np.int32)
        result[visit[::-1]] = rows  # the last written is the first seized
        return result

    def visits_tagged(self, tag: str) -> Index:
        """Rows of the visits to steps that carry a tag."""
        return rows_where(self.context.carries(tag), self.logs.visits.step)

    def started_tagged(self, tag: str) -> Index:
        """Rows of the visits with a tag that started in the measured time."""
        # a stable sort merges what is in order already
        return np.sort(self.started_by_step.together(self.context.carries(tag)), kind="stable")

    def holds_of_beds(self, kind: str) -> Index:
        """Rows of the holds of beds of a kind."""
        return np.sort(self.holds_by_resource.together(self.context.is_bed(kind)), kind="stable")


def capacity_changes(context: Context, logs: Logs) -> list[tuple[Floats, Integers]]:
    """Per resource, when its capacity changed and to how many units, as `Reading.capacities`."""
    found = []
    changes = logs.capacities
    for number in range(len(context.resources)):
        rows = np.flatnonzero(changes.resource == number)
        if len(rows):
            found.append((changes.at.take(rows), changes.units.take(rows).astype(np.int64)))
        else:
            found.append((context.capacity_times[number], context.capacity_values[number]))
    return found


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
