"""Which features of the language a scenario uses, and which of these a run has exercised.

A feature is exercised when something that depends on it has happened in the logs: a step with a
gamma delay has ended, a queue has been left, a unit was in use when its capacity fell. `FEATURES`
names them all, so that what no generated scenario reaches shows as a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.engine.logs import Fate, Logs
from sim.plan.plan import Closing
from sim.scenario.analysis.gates import gates
from sim.scenario.analysis.graph import takes_no_time
from sim.scenario.language.attributes import declared
from sim.scenario.language.demand import Arrival, Crisis, Profile
from sim.scenario.language.model import Scenario, Step
from sim.scenario.written.values import (
    NEVER,
    By,
    Distribution,
    Keeping,
    Rising,
    Shaping,
    Until,
    WeeklyCapacity,
    WeeklyRate,
    attributes_of,
    leaves,
)
from tests.generator.elsewhere import CHANGED

#: words that may be said with any distribution
SHAPED = ("times", "plus", "at_least", "at_most")
NEWER = ("normal", "log_logistic", "quantiles", *SHAPED)
KINDS = (
    *("constant", "exponential", "uniform", "triangular"),
    *("lognormal", "gamma", "weibull", "empirical"),
)
ORIGINS = ("people", "crisis", "set", "programme", "calendar", "signal")


@dataclass(frozen=True)
class Seen:
    """A scenario with one run of it, and what the features ask of them."""

    model: Scenario
    plan: Any
    logs: Logs

    @cached_property
    def origin(self) -> dict[str, str]:
        """Origin of every attribute by name."""
        return {name: attribute.origin for name, attribute in declared(self.model).items()}

    @cached_property
    def ended_steps(self) -> list[tuple[str, Step]]:
        """Steps of which a visit has ended."""
        return [(n, s) for n, s in self.model.pathway.items() if self.count(n, Fate.ENDED)]

    def count(self, step: str, *fates: Fate) -> int:
        """Visits to a step with one of the fates."""
        visits = self.logs.visits
        chosen = visits.step == self.plan.steps.index(step)
        return int(np.isin(visits.fate[chosen], fates).sum())

    def at(self, step: str) -> Any:
        """Which visits were to a step."""
        return self.logs.visits.step == self.plan.steps.index(step)

    @cached_property
    def begun_crises(self) -> list[Crisis]:
        """Crises of which an episode has begun."""
        return [kind for kind in self._begun if isinstance(kind, Crisis)]

    @property
    def begun_arrivals(self) -> list[Arrival]:
        """Streams of which somebody has arrived."""
        return [kind for kind in self._begun if isinstance(kind, Arrival)]

    @property
    def _begun(self) -> list[Crisis | Arrival]:
        own = set(self.logs.episodes.crisis[self.logs.episodes.parent < 0].tolist())
        return [self.model.demand[n] for i, n in enumerate(self.plan.crises) if i in own]

    def holds(self, resource: str) -> tuple[Any, Any, Any]:
        """When units of a resource were seized, released and ready (horizon if not reached)."""
        holds = self.logs.holds
        chosen = holds.resource == self.plan.resources.index(resource)
        horizon = self.logs.horizon
        return tuple(  # type: ignore[return-value]
            np.where(np.isnan(t[chosen]), horizon, t[chosen])
            for t in (holds.seized, holds.released, holds.ready)
        )

    def schedule(self, resource: str) -> list[tuple[float, int]]:
        """Changes of capacity within the run: (minute, units), -1 for unlimited."""
        number = self.plan.resources.index(resource)
        times, values = self.plan.capacity_times[number], self.plan.capacity_values[number]
        return [(float(t), int(v)) for t, v in zip(times, values, strict=True)]

    def waiting_times(self, resource: str) -> list[tuple[float, float]]:
        """From and until when each visit waited for a resource."""
        visits = self.logs.visits
        found = []
        for name, step in self.model.pathway.items():
            if resource in step.asked:
                chosen = self.at(name)
                left = np.where(
                    np.isnan(visits.started[chosen]), visits.ended[chosen], visits.started[chosen]
                )
                left = np.where(np.isnan(left), self.logs.horizon, left)
                found += list(zip(visits.queued[chosen].tolist(), left.tolist(), strict=True))
        return [(came, gone) for came, gone in found if gone > came]


Test = Callable[[Seen], bool]


def _steps(test: Callable[[Step], bool]) -> Test:
    """Whether a step of this kind has ended."""
    return lambda seen: any(test(step) for _, step in seen.ended_steps)


def _crises(test: Callable[[Crisis], bool]) -> Test:
    """Whether an episode of a crisis of this kind has begun."""
    return lambda seen: any(test(crisis) for crisis in seen.begun_crises)


def _arrivals(test: Callable[[Arrival], bool]) -> Test:
    """Whether somebody has arrived by a stream of this kind."""
    return lambda seen: any(test(arrival) for arrival in seen.begun_arrivals)


def _kinds(leaf: Distribution) -> set[str]:
    """The kind of a distribution, and the words said with it."""
    said = Shaping() if leaf.shaping is None else leaf.shaping
    return {leaf.kind, *(w for w in SHAPED if getattr(said, w) != getattr(Shaping(), w))}


def _draws(field: str, kind: str, *fates: Fate) -> Test:
    """Whether a time of this kind has been drawn at a step."""
    return lambda seen: any(
        getattr(step, field) is not None
        and seen.count(name, *fates) > 0
        and any(
            isinstance(leaf, Distribution) and kind in _kinds(leaf)
            for leaf in leaves(getattr(step, field))
        )
        for name, step in seen.model.pathway.items()
    )


def _tables(step: Step) -> Iterator[Any]:
    yield from (t for t in (step.delay, step.priority, step.patience) if t is not None)
    yield step.route
    yield from step.set.values()
    yield from step.spawn.values()


def _drawn_against(step: Step) -> set[bool]:
    """Of the delays that are drawn with a draw of the episode, whether against it."""
    found = [] if step.delay is None else leaves(step.delay)
    delays = (leaf.then if isinstance(leaf, Until) else leaf for leaf in found)
    return {delay.luck.against for delay in delays if delay.luck is not None}


def _dimensions(table: Any) -> Iterator[By[Any]]:
    """The `by` tables within a table."""
    if isinstance(table, By):
        yield table
        for cell in (*table.cells.values(), table.other):
            yield from _dimensions(cell)


def _depth(table: Any) -> int:
    if not isinstance(table, By):
        return 0
    return 1 + max(_depth(cell) for cell in (*table.cells.values(), table.other))


def _by_origin(origin: str) -> Test:
    return lambda seen: any(
        seen.origin[by.attribute] == origin
        for _, step in seen.ended_steps
        for table in _tables(step)
        for by in _dimensions(table)
    )


def _factors(test: Callable[[float], bool]) -> Test:
    return _crises(
        lambda crisis: any(test(leaf) for t in crisis.relative_rates.values() for leaf in leaves(t))
    )


def _factor_by(*origins: str) -> Test:
    return lambda seen: any(
        seen.origin[by.attribute] in origins
        for crisis in seen.begun_crises
        for table in crisis.relative_rates.values()
        for by in _dimensions(table)
    )


def _layer(number: int) -> Test:
    return lambda seen: bool((seen.logs.episodes.layer >= number).any())


def _fate(fate: Fate) -> Test:
    return lambda seen: bool((seen.logs.visits.fate == fate).any())


def _balked(because: str) -> Test:
    """Whether someone was turned away by a closed (or an open but full) resource."""

    def test(seen: Seen) -> bool:
        visits = seen.logs.visits
        for name, step in seen.model.pathway.items():
            if step.seize is None:
                continue
            chosen = seen.at(name) & (visits.fate == Fate.BALKED)
            times, values = zip(*seen.schedule(step.asked[0]), strict=True)
            at = np.searchsorted(times, visits.queued[chosen], side="right") - 1
            closed = np.array(values)[at] == 0
            if (closed if because == "closed" else ~closed).any():
                return True
        return False

    return test


def _released(seen: Seen) -> bool:
    """Whether a unit was given back at the start of a later step that releases it."""
    visits, holds = seen.logs.visits, seen.logs.holds
    for name, step in seen.model.pathway.items():
        for resource in step.release:
            own = holds.resource == seen.plan.resources.index(resource)
            at = set(zip(visits.episode[seen.at(name)], visits.started[seen.at(name)], strict=True))
            given = set(zip(holds.episode[own], holds.released[own], strict=True))
            if at & given:
                return True
    return False


def _blocked(seen: Seen) -> bool:
    """Whether a unit kept by `hold: next` was kept while waiting for the next step."""
    visits, holds = seen.logs.visits, seen.logs.holds
    for name, step in seen.model.pathway.items():
        if step.hold != "next":
            continue
        own = holds.resource == seen.plan.resources.index(step.asked[0])
        released = dict(
            zip(zip(holds.episode[own], holds.seized[own], strict=True), holds.released[own],
                strict=True)
        )  # fmt: skip
        chosen = seen.at(name) & (visits.fate == Fate.ENDED)
        for episode, started, ended in zip(
            visits.episode[chosen], visits.started[chosen], visits.ended[chosen], strict=True
        ):
            if released.get((episode, started), 0.0) > ended:
                return True
    return False


def _held_on(seen: Seen) -> bool:
    """Whether a unit kept by `hold: true` was kept beyond the end of its step."""
    held = [step for _, step in seen.ended_steps if step.hold == "true"]
    return bool(held)


def _overtime(seen: Seen) -> bool:
    for name in seen.model.resources:
        seized, _, ready = seen.holds(name)
        for time, units in seen.schedule(name)[1:]:
            if units >= 0 and ((seized < time) & (ready > time)).sum() > units:
                return True
    return False


def _woken(seen: Seen) -> bool:
    """Whether a change of capacity started someone who waited."""
    visits = seen.logs.visits
    for name in seen.model.resources:
        changes = [time for time, _ in seen.schedule(name)[1:]]
        for step_name, step in seen.model.pathway.items():
            if name in step.asked:
                chosen = seen.at(step_name) & (visits.started > visits.queued)
                if np.isin(visits.started[chosen], changes).any():
                    return True
    return False


def _unlimited_after_limit(seen: Seen) -> bool:
    return any(
        -1 in [units for _, units in seen.schedule(name)[1:]] for name in seen.model.resources
    )


def _stayed(seen: Seen) -> bool:
    """Whether somebody started after waiting at a step at which some never give up."""
    visits = seen.logs.visits
    return any(
        step.patience is not None
        and NEVER in leaves(step.patience)
        and bool((visits.started[seen.at(name)] > visits.queued[seen.at(name)]).any())
        for name, step in seen.model.pathway.items()
    )


def _resource(test: Callable[[Any], bool]) -> Test:
    """Whether a resource of this kind has been seized."""
    return lambda seen: any(
        test(resource) and len(seen.holds(name)[0]) > 0
        for name, resource in seen.model.resources.items()
    )


def _queued_by(discipline: str) -> Test:
    """Whether two waited together at such a resource for a step with priorities."""

    def test(seen: Seen) -> bool:
        prioritised = {
            name for s in seen.model.pathway.values() if s.priority is not None for name in s.asked
        }
        return any(
            resource.discipline == discipline
            and name in prioritised
            and _most_waiting(seen, name) >= 2
            for name, resource in seen.model.resources.items()
        )

    return test


def _most_waiting(seen: Seen, resource: str) -> int:
    spans = seen.waiting_times(resource)
    return max((sum(a <= came < b for a, b in spans) for came, _ in spans), default=0)


def _signal(watched: str) -> Test:
    """Whether a signal that a visited step or a crisis depends on can have been on."""

    def test(seen: Seen) -> bool:
        tables = [t for _, step in seen.ended_steps for t in _tables(step)]
        tables += [t for crisis in seen.begun_crises for t in crisis.relative_rates.values()]
        used = {by.attribute for table in tables for by in _dimensions(table)}
        for name, signal in seen.model.signals.items():
            resource = signal.queue if watched == "queue" else signal.occupancy
            if name not in used or resource is None:
                continue
            if watched == "occupancy" and len(seen.holds(resource)[0]):
                return True
            if watched == "queue" and _most_waiting(seen, resource) >= signal.at_least:
                return True
        return False

    return test


def _spawned(seen: Seen) -> bool:
    return bool((seen.logs.episodes.parent >= 0).any())


def _side_task_outlives(seen: Seen) -> bool:
    """Whether a side task went on after its parent had ended."""
    episodes = seen.logs.episodes
    children = np.flatnonzero(episodes.parent >= 0)
    ends = np.where(np.isnan(episodes.ended), np.inf, episodes.ended)
    return bool((ends[children] > ends[episodes.parent[children]]).any())


def _looped(seen: Seen) -> bool:
    visits = seen.logs.visits
    pairs = np.stack([visits.episode, visits.step])
    return bool(np.unique(pairs, axis=1).shape[1] < pairs.shape[1])


def _died(seen: Seen) -> bool:
    if "died" not in seen.plan.outcomes:
        return False
    return bool((seen.logs.episodes.outcome == seen.plan.outcomes.index("died")).any())


def _absorbed_after_death(seen: Seen) -> bool:
    if not _died(seen):
        return False
    episodes, absorbed = seen.logs.episodes, seen.logs.absorbed
    dead = episodes.outcome == seen.plan.outcomes.index("died")
    when = dict(zip(episodes.person[dead], episodes.ended[dead], strict=True))
    return any(
        at > when.get(person, np.inf)
        for person, at in zip(absorbed.person, absorbed.at, strict=True)
    )


def _ties(seen: Seen) -> bool:
    """Whether visits of two episodes ended at one instant."""
    visits = seen.logs.visits
    ended = visits.fate == Fate.ENDED
    pairs = {(e, t) for e, t in zip(visits.episode[ended], visits.ended[ended], strict=True)}
    times = [t for _, t in pairs]
    return len(set(times)) < len(times)


def _coverage_grew(seen: Seen) -> bool:
    """Whether a programme covered someone at onset, having covered someone less before."""
    episodes = seen.logs.episodes
    for name, programme in seen.model.programmes.items():
        if isinstance(programme.coverage, float | int):
            continue
        levels = episodes.levels[:, seen.plan.attributes.index(name)]
        if 0 in levels and 1 in levels:
            return True
    return False


def _covered(test: Callable[[Any], bool]) -> Test:
    return lambda seen: any(
        test(programme)
        and bool(seen.logs.episodes.levels[:, seen.plan.attributes.index(name)].any())
        for name, programme in seen.model.programmes.items()
    )


def _calendar(test: Callable[[Any], bool]) -> Test:
    return lambda seen: any(
        test(calendar)
        and len(set(seen.logs.episodes.levels[:, seen.plan.attributes.index(name)])) == 2
        for name, calendar in seen.model.calendars.items()
    )


def _assigned(on: str) -> Test:
    """Whether a step that sets such an attribute has ended."""

    def test(seen: Seen) -> bool:
        names = {name for _, step in seen.ended_steps for name in step.set}
        if on == "people":
            return bool(names & set(seen.model.people.attributes))
        return any(a.on == on for name, a in seen.model.attributes.items() if name in names)

    return test


def _turnaround(kind: str | None) -> Test:
    def test(seen: Seen) -> bool:
        for name, resource in seen.model.resources.items():
            if resource.turnaround is None:
                continue
            kinds = {kind for leaf in leaves(resource.turnaround) for kind in _kinds(leaf)}
            _, released, ready = seen.holds(name)
            if (kind is None or kind in kinds) and (ready > released).any():
                return True
        return False

    return test


def _route_forms(crisis: Crisis) -> bool:
    return any(len(leaf) > 1 for leaf in leaves(crisis.first))


_STARTED = (Fate.STARTED, Fate.ENDED)


#: every feature, with the test of whether a run has exercised it
def _changed(kind: str) -> Test:
    """Whether a second file changes numbers of the first in this way."""
    return lambda seen: (
        seen.model.description.startswith(CHANGED) and kind in seen.model.description
    )


FEATURES: dict[str, Test] = {
    **{f"delay {kind}": _draws("delay", kind, *_STARTED) for kind in KINDS},
    **{f"delay {kind}": _draws("delay", kind, *_STARTED) for kind in NEWER},
    **{f"patience {kind}": _draws("patience", kind, Fate.RENEGED) for kind in KINDS},
    **{f"turnaround {kind}": _turnaround(kind) for kind in KINDS},
    **{f"step table by {origin}": _by_origin(origin) for origin in ORIGINS},
    "turnaround keeps a unit": _turnaround(None),
    "nested table": _steps(lambda s: any(_depth(t) >= 2 for t in _tables(s))),
    "table with other": _steps(
        lambda s: any(by.other is not None for t in _tables(s) for by in _dimensions(t))
    ),
    "table naming every level": _steps(
        lambda s: any(by.other is None for t in _tables(s) for by in _dimensions(t))
    ),
    "crisis attribute not drawn (none)": _steps(
        lambda s: any("none" in by.cells for t in _tables(s) for by in _dimensions(t))
    ),
    "people by strata": lambda seen: seen.model.people.strata is not None,
    "people by number": lambda seen: seen.model.people.number is not None,
    "strata and drawn attributes": lambda seen: bool(
        seen.model.people.strata and seen.model.people.attributes
    ),
    "people attribute by another": lambda seen: any(
        isinstance(a.shares, By) for a in seen.model.people.attributes.values()
    ),
    "levels in a fixed order": lambda seen: any(
        a.levels for a in seen.model.people.attributes.values()
    ),
    "rate per 1,000": _crises(lambda c: any(r.of == "person" for r in leaves(c.rate))),
    "rate of the population": _crises(lambda c: any(r.of == "population" for r in leaves(c.rate))),
    "rate by": _crises(lambda c: isinstance(c.rate, By)),
    "rate of zero for some": _crises(
        lambda c: isinstance(c.rate, By) and any(r.per_minute == 0 for r in leaves(c.rate))
    ),
    "relative rate of zero": _factors(lambda r: r == 0.0),
    "relative rate below 1": _factors(lambda r: 0.0 < r < 1.0),
    "relative rate above 1": _factors(lambda r: 1.0 < r < 2.0),
    "relative rate above 2": _factors(lambda r: r > 2.0),
    "crises of layer 1": _layer(1),
    "crises of layer 2": _layer(2),
    "two relative rates": _crises(lambda c: len(c.relative_rates) >= 2),
    "relative rate by people": _factor_by("people"),
    "relative rate by programme": _factor_by("programme"),
    "relative rate by calendar": _factor_by("calendar"),
    "relative rate by signal": _factor_by("signal"),
    "relative rate by set": _factor_by("set"),
    "profile by hour": _crises(lambda c: c.profile.hour is not None),
    "profile by hour and weekday": _crises(
        lambda c: c.profile.hour is not None and len(set(c.profile.hour)) > 1
    ),
    "hours without demand": _crises(
        lambda c: c.profile.hour is not None and any(0.0 in row for row in c.profile.hour)
    ),
    "profile by weekday": _crises(lambda c: c.profile.weekday is not None),
    "profile by month": _crises(lambda c: c.profile.month is not None),
    "growth": _crises(lambda c: c.profile.growth != 0.0),
    "growth from a date": _crises(lambda c: c.profile.growth_from is not None),
    "over-dispersed days": _crises(lambda c: c.profile.day_to_day.own > 0.0),
    "shared days": _crises(lambda c: c.profile.day_to_day.cv > 0.0),
    "crisis attribute": _crises(lambda c: bool(c.attributes)),
    "crisis attribute by another": _crises(
        lambda c: any(isinstance(a.shares, By) for a in c.attributes.values())
    ),
    "crisis attribute of several crises": lambda seen: any(
        sum(name in crisis.attributes for crisis in seen.begun_crises) > 1
        for name in seen.plan.attributes
    ),
    "crisis attribute with other levels elsewhere": lambda seen: any(
        len(
            {
                str(crisis.attributes[name].levels)
                for crisis in seen.begun_crises
                if name in crisis.attributes
            }
        )
        > 1
        for name in seen.plan.attributes
    ),
    "arrivals": _arrivals(lambda a: isinstance(a.rate, float)),
    "arrivals by the week": _arrivals(lambda a: isinstance(a.rate, WeeklyRate)),
    "arrivals by a calendar": _arrivals(lambda a: isinstance(a.rate, By)),
    "arrivals with a profile": _arrivals(lambda a: a.profile != Profile()),
    "arrivals with attributes": _arrivals(lambda a: bool(a.attributes)),
    "several crises": lambda seen: len(seen.begun_crises) > 1,
    "first step as a route": _crises(_route_forms),
    "first step by": _crises(lambda c: isinstance(c.first, By)),
    "calendar": _calendar(lambda c: True),
    "calendar since": _calendar(lambda c: c.since is not None),
    "calendar until": _calendar(lambda c: c.until is not None),
    "calendar closed on a date": _calendar(lambda c: bool(c.closed_on)),
    "calendar by holidays": _calendar(lambda c: c.holidays is not None),
    "signal on a queue": _signal("queue"),
    "signal on occupancy": _signal("occupancy"),
    "set on episode": _assigned("episode"),
    "set on person": _assigned("person"),
    "set of a people attribute": _assigned("people"),
    "set drawn by shares": _steps(
        lambda s: any(len(leaf) > 1 for t in s.set.values() for leaf in leaves(t))
    ),
    "set by": _steps(lambda s: any(isinstance(t, By) for t in s.set.values())),
    "programme": _covered(lambda p: True),
    "programme growing mid-run": _coverage_grew,
    "programme with a caseload": _covered(lambda p: p.caseload is not None),
    "programme with eligibility": _covered(lambda p: bool(p.eligible)),
    "capacity fixed": _resource(lambda r: isinstance(r.capacity, int)),
    "capacity weekly": _resource(lambda r: isinstance(r.capacity, WeeklyCapacity)),
    "capacity unlimited": _resource(lambda r: r.capacity == "unlimited"),
    "capacity changes from a date": _resource(lambda r: bool(r.changes)),
    "capacity becomes unlimited": _unlimited_after_limit,
    "capacity falls while units are in use": _overtime,
    "capacity change starts who waits": _woken,
    "priority queue": _queued_by("priority"),
    "fifo queue that ignores priorities": _queued_by("fifo"),
    "queue limit": _resource(lambda r: r.queue_limit is not None),
    "acute bed": _resource(lambda r: r.bed == "acute"),
    "community bed": _resource(lambda r: r.bed == "community"),
    "waited": lambda seen: bool((seen.logs.visits.started > seen.logs.visits.queued).any()),
    "reneged": _fate(Fate.RENEGED),
    "balked at a closed resource": _balked("closed"),
    "balked at a full queue": _balked("full"),
    "still waiting at the horizon": _fate(Fate.WAITING),
    "still in progress at the horizon": _fate(Fate.STARTED),
    "step that seizes nothing": _steps(lambda s: s.seize is None),
    "priority by": _steps(lambda s: isinstance(s.priority, By)),
    "patience by": _steps(lambda s: isinstance(s.patience, By)),
    "patience never": _stayed,
    "drawn with a draw": _steps(lambda s: False in _drawn_against(s)),
    "drawn against a draw": _steps(lambda s: True in _drawn_against(s)),
    "balk when full only": _steps(lambda s: s.balk_to is not None and s.balk_when == ("full",)),
    "balk when closed only": _steps(lambda s: s.balk_to is not None and s.balk_when == ("closed",)),
    "release": _released,
    "hold next": _steps(lambda s: s.hold == "next"),
    "hold next blocks": _blocked,
    "hold true": _held_on,
    "spawn": _spawned,
    "spawn with a probability": lambda seen: (
        _spawned(seen)
        and _steps(lambda s: any(leaf < 1.0 for t in s.spawn.values() for leaf in leaves(t)))(seen)
    ),
    "spawn by": lambda seen: (
        _spawned(seen) and _steps(lambda s: any(isinstance(t, By) for t in s.spawn.values()))(seen)
    ),
    "side task outlives its parent": _side_task_outlives,
    "no delay": _steps(lambda s: s.delay is None),
    "delay of zero": _steps(lambda s: s.delay is not None and takes_no_time(s.delay) != "never"),
    "route by": _steps(lambda s: isinstance(s.route, By)),
    "route by shares": _steps(lambda s: any(len(leaf) > 1 for leaf in leaves(s.route))),
    "loop": _looped,
    "a service that steps belong to": _steps(lambda s: bool(s.service)),
    "random numbers of an older name": _steps(lambda s: s.draws_as is not None),
    "tags": _steps(lambda s: bool(s.tags)),
    "death": _died,
    "crisis absorbed after death": _absorbed_after_death,
    "crisis absorbed": lambda seen: len(seen.logs.absorbed.at) > 0,
    "case": lambda seen: bool((seen.logs.episodes.case >= 0).any()),
    "case with programmes": lambda seen: any(
        seen.model.cases[seen.plan.cases[case]].programmes
        for case in seen.logs.episodes.case
        if case >= 0
    ),
    "copies of a case": lambda seen: bool(
        ((seen.logs.episodes.case >= 0) & (seen.logs.episodes.ordinal > 0)).any()
    ),
    "copies until a date": lambda seen: any(c.until is not None for c in seen.model.cases.values()),
    "ladder of a case": lambda seen: any(c.ladder for c in seen.model.cases.values()),
    "headline": lambda seen: bool(seen.model.headline),
    "two at one instant": _ties,
    "parameter": lambda seen: bool(seen.model.parameters),
    **{f"change by {kind}": _changed(kind) for kind in ("add", "times", "share")},
    "warm-up": lambda seen: seen.model.run.warm_up > 0.0,
    "horizon within an hour": lambda seen: seen.plan.horizon % 60.0 != 0.0,
}


def features(model: Scenario, plan: Any, logs: Logs) -> set[str]:
    """Names of the `FEATURES` that a scenario declares and this run of it has exercised."""
    seen = Seen(model, plan, logs)
    return {name for name, test in FEATURES.items() if test(seen)}


def _asks(ask: str) -> Test:
    """Whether somebody has been served at a step that asks so."""
    return _steps(lambda s: s.seize is not None and s.seize.one is None and s.seize.ask == ask)


def _got_several(seen: Seen) -> bool:
    """Whether a visit has got two units at once."""
    return len(np.unique(seen.logs.holds.visit)) < len(seen.logs.holds.visit)


def _got_second_choice(seen: Seen) -> bool:
    """Whether a visit has got another resource than the first of its list."""
    holds = seen.logs.holds
    for name, step in seen.ended_steps:
        if step.seize is not None and step.seize.ask == "any_of":
            own = seen.at(name).take(holds.visit)
            if len(np.unique(holds.resource[own])) > 1:
                return True
    return False


def _interrupted(then: str) -> Test:
    def test(seen: Seen) -> bool:
        breaks = seen.logs.interruptions
        steps = seen.logs.visits.step.take(breaks.visit)
        for at, resumed in zip(steps.tolist(), breaks.resumed.tolist(), strict=True):
            step = seen.model.pathway[seen.plan.steps[at]]
            done = resumed == resumed or then == "renege_to"
            if step.interruptible is not None and step.interruptible.then == then and done:
                return True
        return False

    return test


def _elapsed(test: Callable[[str], bool]) -> Test:
    """Whether a step has ended that depends on a time since something, for so long."""

    def met(seen: Seen) -> bool:
        last = np.nanmax(seen.logs.visits.ended, initial=0.0)
        clocks = {
            name
            for name, signal in seen.model.signals.items()
            if signal.since is not None and test(signal.since) and signal.at_least < last
        }
        tables = [table for _, step in seen.ended_steps for table in _tables(step)]
        return any(by.attribute in clocks for table in tables for by in _dimensions(table))

    return met


def _served_late(seen: Seen) -> bool:
    """Whether somebody has been served by a resource that had closed."""
    for number, about in enumerate(seen.plan.world.resources):
        if about["at_closing"] == Closing.SERVE:
            times, units = seen.plan.capacity_times[number], seen.plan.capacity_values[number]
            seized = seen.logs.holds.seized[seen.logs.holds.resource == number]
            if (units[np.searchsorted(times, seized, side="right") - 1] == 0).any():
                return True
    return False


def _sent_away(seen: Seen) -> bool:
    """Whether somebody has left at the moment at which a resource closed."""
    left = seen.logs.visits.ended[seen.logs.visits.fate == Fate.RENEGED]
    return any(
        about["at_closing"] == Closing.RENEGE and np.isin(times[1:], left).any()
        for about, times in zip(seen.plan.world.resources, seen.plan.capacity_times, strict=True)
    )


def _booked_and(fate: Fate) -> Test:
    """Whether what has been booked has come to this."""
    return lambda seen: bool((seen.logs.visits.fate[seen.logs.bookings.visit] == fate).any())


def _booked_late(seen: Seen) -> bool:
    """Whether an appointment has begun later than its slot."""
    booked = seen.logs.bookings
    return bool((seen.logs.visits.started[booked.visit] > booked.at).any())


def _walked_in(seen: Seen) -> bool:
    """Whether somebody without a booking has seized what others book."""
    slotted = [
        number
        for number, pool in enumerate(seen.plan.resources)
        if seen.model.resources[pool.split("[")[0]].slots is not None
    ]
    mine = np.isin(seen.logs.holds.resource, slotted)
    return bool((~np.isin(seen.logs.holds.visit[mine], seen.logs.bookings.visit)).any())


def _joined(fate: Fate, asks: bool = False) -> Test:
    """Whether a visit that waited for a side task, perhaps to ask then, has come to this."""

    def test(seen: Seen) -> bool:
        visits = seen.logs.visits
        waited = ~(visits.started <= visits.queued) & (visits.fate == fate)
        steps = [seen.model.pathway[seen.plan.steps[at]] for at in visits.step[waited]]
        return any(step.join and (step.seize is not None) == asks for step in steps)

    return test


def _turned_away_late(seen: Seen) -> bool:
    """Whether somebody has been turned away who had waited for a side task."""
    visits = seen.logs.visits
    return bool((visits.ended > visits.queued)[visits.fate == Fate.BALKED].any())


def _interrupted_early(seen: Seen) -> bool:
    """Whether a visit to a step that waits until something opens has gone on later."""
    breaks = seen.logs.interruptions
    steps = seen.logs.visits.step.take(breaks.visit[~np.isnan(breaks.resumed)])
    return any(gates(seen.model.pathway[seen.plan.steps[at]]) for at in np.unique(steps))


def _interrupted_twice(seen: Seen) -> bool:
    visit = seen.logs.interruptions.visit
    return len(np.unique(visit)) < len(visit)


def _rose(seen: Seen) -> bool:
    """Whether somebody has waited until a priority changed."""
    visits = seen.logs.visits
    for name, step in seen.model.pathway.items():
        rises = [] if step.priority is None else leaves(step.priority)
        after = [leaf.after[0][0] for leaf in rises if isinstance(leaf, Rising)]
        if after and (visits.started - visits.queued > min(after))[seen.at(name)].any():
            return True
    return False


def _reacted(test: Callable[[Any, list[str]], bool]) -> Test:
    """Whether a capacity of this kind has changed by itself and back; by what it varies."""

    def test_all(seen: Seen) -> bool:
        changes = seen.logs.capacities
        for code in np.flatnonzero(np.bincount(changes.resource) > 2).tolist():
            resource = seen.model.resources[seen.plan.resources[code].partition("[")[0]]
            names = attributes_of(resource.capacity)
            by = [seen.origin[name] for name in names]
            signals = [seen.model.signals[name] for name in names & set(seen.model.signals)]
            by += ["until"] * any(s.until is not None for s in signals)
            by += ["for"] * any(s.for_ > 0.0 for s in signals)
            by += ["waited"] * any(s.waited > 0.0 for s in signals)
            by += ["inside"] * any(bool(s.inside) for s in signals)
            if test(resource, by):
                return True
        return False

    return test_all


#: features of what steps ask for, exercised by the scenarios of `tests.generator.scenarios.asking`
ASKING: dict[str, Test] = {
    "several at once": _asks("all"),
    "got several units": _got_several,
    "units by": _steps(
        lambda s: (
            s.seize is not None and any(isinstance(n.units, By) for n in s.seize.needs.values())
        )
    ),
    "any of": _asks("any_of"),
    "any of: second choice": _got_second_choice,
    "any of by": _steps(lambda s: s.seize is not None and isinstance(s.seize.lists, By)),
    "shortest": _asks("shortest"),
    "as": _steps(lambda s: s.as_ is not None),
    "in turn": lambda seen: any(
        r.in_turn and name in {n for _, s in seen.ended_steps for n in s.asked}
        for name, r in seen.model.resources.items()
    ),
    "pools": lambda seen: any(
        "[" in seen.plan.resources[number] for number in np.unique(seen.logs.holds.resource)
    ),
    "preempts": lambda seen: len(seen.logs.interruptions.at) > 0,
    **{f"interrupted: {then}": _interrupted(then) for then in ("resume", "repeat", "renege_to")},
    "interrupted twice": _interrupted_twice,
    "priority that rises": _rose,
    "hold by name": _steps(lambda s: isinstance(s.hold, Keeping) and set(s.hold.rules) == {""}),
    "hold by route": _steps(lambda s: isinstance(s.hold, Keeping) and set(s.hold.rules) != {""}),
    "release of a number": _steps(lambda s: any(u is not None for u in s.release.values())),
    "capacity that reacts": lambda seen: len(seen.logs.capacities.at) > 0,
    "capacity that opens and closes": _reacted(lambda r, by: True),
    "opens after": _reacted(lambda r, by: r.opens_after > 0.0),
    "closes after": _reacted(lambda r, by: r.closes_after > 0.0),
    "capacity by two signals": _reacted(lambda r, by: by.count("signal") > 1),
    "capacity by signal and calendar": _reacted(lambda r, by: "calendar" in by),
    "capacity of pools that reacts": _reacted(lambda r, by: r.per is not None),
    "capacity by signal until": _reacted(lambda r, by: "until" in by),
    "capacity by signal for": _reacted(lambda r, by: "for" in by),
    "capacity by signal waited": _reacted(lambda r, by: "waited" in by),
    "capacity by signal inside": _reacted(lambda r, by: "inside" in by),
    "release on leaving": _steps(lambda s: s.release_on_leaving),
    "until a calendar opens": _steps(lambda s: any(isinstance(g, str) for g in gates(s))),
    "until a time of day": _steps(lambda s: any(isinstance(g, int) for g in gates(s))),
    "until, then by": _steps(lambda s: any(by.under for by in _dimensions(s.delay))),
    "interrupted before it opened": _interrupted_early,
    "break": lambda seen: any(
        seen.model.resources[seen.plan.resources[number].split("[")[0]].break_ is not None
        for number in np.unique(seen.logs.capacities.resource[seen.logs.capacities.at > 0.0])
    ),
    "booked": lambda seen: len(seen.logs.bookings.visit) > 0,
    "booked several slots": lambda seen: bool((seen.logs.bookings.slots > 1).any()),
    "booked, and did not come": _booked_and(Fate.RENEGED),
    "booked, and came": _booked_and(Fate.ENDED),
    "booked, and waited all the same": _booked_late,
    "no slot to book": lambda seen: any(
        seen.count(name, Fate.BALKED) > 0 for name, s in seen.model.pathway.items() if s.book
    ),
    "walked in": _walked_in,
    "served after closing": _served_late,
    "sent away at closing": _sent_away,
    "waited for a side task": _joined(Fate.ENDED),
    "time since onset": _elapsed(lambda since: since == "onset"),
    "time since a tag": _elapsed(lambda since: since != "onset"),
    "gave up on a side task": _joined(Fate.RENEGED),
    "waited for a side task before asking": _joined(Fate.ENDED, asks=True),
    "turned away after a side task": _turned_away_late,
}


def asking_features(model: Scenario, plan: Any, logs: Logs) -> set[str]:
    """Names of the `ASKING` features that a run of a scenario has exercised."""
    seen = Seen(model, plan, logs)
    return {name for name, test in ASKING.items() if test(seen)}


def gaps(found: Iterable[str]) -> list[str]:
    """Features that are not among those found."""
    known = set(found)
    return [name for name in FEATURES if name not in known]
