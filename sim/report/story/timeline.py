"""One case in one replication: its stages, what was waited for, what was held, how it ended.

A stage is a visit as a reader sees it. Waiting while a bed, cubicle or crew is kept is told
apart from other waiting, because it takes that unit from everybody else.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.engine.logs import Fate
from sim.measure.arrays import Mask
from sim.measure.journeys import days_in, roots
from sim.report.world import DAY, StepView, World
from sim.scenario.language.tags import DELAYED_DISCHARGE

if TYPE_CHECKING:
    from sim.engine.logs import Logs

SpanKind = Literal["waiting", "active", "blocked"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time of one kind, in minutes since the start of the run."""

    kind: SpanKind
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Stage:
    """One visit of the case or of a side task it caused; `step` is the name, `title` for readers.

    `ended` is NaN while unfinished; `keeping` names what was held while waiting; `waited_for`
    is the title of what had to come free, empty if nothing. A `clock` is a visit of a side task
    that asks for nothing and counts as nothing: time that passes beside the case.
    """

    step: str
    title: str
    tags: frozenset[str]
    queued: float
    started: float
    ended: float
    fate: Fate
    side: bool
    waited_for: str
    keeping: tuple[str, ...]
    horizon: float
    clock: bool = False

    @property
    def waited(self) -> float:
        """Minutes from joining the queue to starting, leaving, or the end of the run."""
        for moment in (self.started, self.ended, self.horizon):
            if math.isfinite(moment):
                return moment - self.queued
        return math.nan

    @property
    def took(self) -> float:
        """Minutes from start to end, or to the end of the run; 0 if it never started."""
        if not math.isfinite(self.started):
            return 0.0
        return (self.ended if math.isfinite(self.ended) else self.horizon) - self.started

    @property
    def spans(self) -> tuple[Span, ...]:
        """The parts of the stage that take time, in order."""
        begin = self.queued + self.waited
        parts: list[Span] = []
        if self.waited > 0:
            parts.append(Span("blocked" if self.keeping else "waiting", self.queued, begin))
        if self.took > 0:
            kind: SpanKind = "blocked" if DELAYED_DISCHARGE in self.tags else "active"
            parts.append(Span(kind, begin, begin + self.took))
        return tuple(parts)


@dataclass(frozen=True, slots=True)
class Held:
    """One unit of a resource that the case held from `seized` to `released` (or the horizon)."""

    title: str
    bed: str | None
    seized: float
    released: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """What happened to a case in one replication; times in minutes since the start of the run.

    `outcome` is the title of the outcome, None while unfinished at the horizon; `ended` is NaN
    then. `later` counts further episodes of the same person. `levels` has every attribute at
    onset (of those set by steps, the last).
    """

    onset: float
    ended: float
    outcome: str | None
    stages: tuple[Stage, ...]
    held: tuple[Held, ...]
    later: int
    horizon: float
    outcome_name: str = ""
    levels: Mapping[str, str] = field(default_factory=dict)

    @property
    def told(self) -> tuple[Stage, ...]:
        """The stages that are shown to readers: all but clocks."""
        return tuple(stage for stage in self.stages if not stage.clock)

    @property
    def route(self) -> tuple[str, ...]:
        """Titles of the steps passed, side tasks left out, repeats of one step given once."""
        passed = [
            stage.title for stage in self.stages if not stage.side and math.isfinite(stage.started)
        ]
        return tuple(
            title for place, title in enumerate(passed) if passed[place - 1 : place] != [title]
        )

    @property
    def days(self) -> float:
        """Days from onset to the end, or to the horizon if unfinished."""
        return ((self.ended if self.outcome is not None else self.horizon) - self.onset) / DAY

    def bed_days(self, kind: str) -> float:
        """Days in a bed of a kind, overlaps (a move between two beds) counted once."""
        return days_in(sorted((h.seized, h.released) for h in self.held if h.bed == kind))

    @property
    def days_to_leaving(self) -> float:
        """Days from onset until the last bed was left; NaN if never in one, or still in one."""
        beds = [item.released for item in self.held if item.bed]
        left = max(beds, default=math.nan)
        return (left - self.onset) / DAY if left < self.horizon else math.nan

    def reached(self, tag: str) -> bool:
        """Whether a visit of the case itself with this tag started."""
        return any(
            tag in stage.tags and not stage.side and math.isfinite(stage.started)
            for stage in self.stages
        )

    def minutes(self, kind: SpanKind) -> float:
        """Minutes of the case itself (no side tasks) spent waiting, active or blocked."""
        return sum(
            span.end - span.start
            for stage in self.stages
            if not stage.side
            for span in stage.spans
            if span.kind == kind
        )


def timeline(world: World, logs: Logs, case: str, copy: int = 0) -> Timeline | None:
    """Follow a named case, or one of its copies, through the logs of one replication.

    The logs may be those of the cases alone (`sim.measure.journeys.traced`).

    Returns
    -------
    Timeline or None
        None if the case has no episode in this replication (absorbed by another episode of
        the same person, or after its death).

    Raises
    ------
    KeyError
        If the world has no such case.
    """
    episodes = logs.episodes
    is_wanted = (episodes.case == world.case(case)) & (episodes.ordinal == copy)
    found = np.flatnonzero(is_wanted & (episodes.parent < 0))
    if not len(found):
        return None
    row = int(found[0])
    family = roots(episodes.parent) == row  # the episode and every side task it caused
    held = _held(world, logs, row)
    stages = _stages(world, logs, family, row, held)
    outcome = int(episodes.outcome[row])
    person, onset = int(episodes.person[row]), float(episodes.onset[row])
    later = (episodes.person == person) & (episodes.parent < 0) & (episodes.onset > onset)
    return Timeline(
        onset=onset,
        ended=float(episodes.ended[row]),
        outcome=world.outcomes[outcome][1] if outcome >= 0 else None,
        stages=stages,
        held=held,
        later=int(later.sum()),
        horizon=logs.horizon,
        outcome_name=world.outcomes[outcome][0] if outcome >= 0 else "",
        levels={
            name: levels[int(episodes.levels[row, column])]
            for column, (name, levels) in enumerate(world.attributes)
        },
    )


def _held(world: World, logs: Logs, episode: int) -> tuple[Held, ...]:
    """What the episode held, in order of seizing."""
    holds = logs.holds
    found = []
    for row in np.flatnonzero(holds.episode == episode).tolist():
        resource = world.resources[int(holds.resource[row])]
        released = float(holds.released[row])
        end = released if math.isfinite(released) else logs.horizon
        found.append(Held(resource.title, resource.bed, float(holds.seized[row]), end))
    return tuple(found)


def _stages(
    world: World, logs: Logs, family: Mask, episode: int, held: Sequence[Held]
) -> tuple[Stage, ...]:
    visits = logs.visits
    titles = {resource.name: resource.title for resource in world.resources}
    stages = []
    to_come, holding = deque(held), list[Held]()
    for row in np.flatnonzero(family[visits.episode]).tolist():  # in order of queueing
        step = world.steps[int(visits.step[row])]
        side = int(visits.episode[row]) != episode
        queued, started = float(visits.queued[row]), float(visits.started[row])
        while to_come and to_come[0].seized <= queued:
            holding.append(to_come.popleft())
        holding = [item for item in holding if item.released > queued]
        kept = () if side else _kept(holding, queued, started)
        stages.append(
            Stage(
                step=step.name,
                title=step.title,
                tags=step.tags,
                queued=queued,
                started=started,
                ended=float(visits.ended[row]),
                fate=Fate(int(visits.fate[row])),
                side=side,
                waited_for=_wanted(step, titles, started - queued),
                keeping=kept,
                horizon=logs.horizon,
                clock=side and step.resource is None and not step.tags,
            )
        )
    return tuple(sorted(stages, key=lambda stage: stage.queued))


def _wanted(step: StepView, titles: dict[str, str], wait: float) -> str:
    if step.resource is None or wait == 0:
        return ""
    return titles.get(step.resource, step.resource)


def _kept(holding: Sequence[Held], queued: float, started: float) -> tuple[str, ...]:
    """What of the units held when a wait began was held until its end; nothing without a wait."""
    if started <= queued:
        return ()
    until = started if math.isfinite(started) else queued
    return tuple(item.title for item in holding if item.released >= until)
