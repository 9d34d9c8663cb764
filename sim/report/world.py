"""What the codes in one arm's logs mean to a reader: names, titles, tags, beds, dates.

A `World` is a small, picklable digest of a scenario and its plan, so that stories and pictures
need neither. It holds nothing that was simulated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal, Protocol

from sim.scenario.analysis.bank_holidays import bank_holidays
from sim.scenario.analysis.weekly import capacities, supposed

if TYPE_CHECKING:
    from sim.scenario.language import cases as told
    from sim.scenario.language.model import Scenario
    from sim.scenario.written.values import Capacity

Bed = Literal["acute", "community"]

DAY = 1440.0

BED_TITLES: Mapping[str, str] = {"acute": "Acute beds", "community": "Community beds"}


class PlanNames(Protocol):
    """The names that log codes index: the part of a plan that is used here."""

    @property
    def steps(self) -> Sequence[str]:
        """Names of the steps."""

    @property
    def resources(self) -> Sequence[str]:
        """Names of the resources."""

    @property
    def crises(self) -> Sequence[str]:
        """Names of the crises."""

    @property
    def outcomes(self) -> Sequence[str]:
        """Names of the outcomes."""

    @property
    def cases(self) -> Sequence[str]:
        """Names of the cases."""

    @property
    def attributes(self) -> Sequence[str]:
        """Names of the attributes."""

    @property
    def levels(self) -> Sequence[Sequence[str]]:
        """Levels of each attribute."""


@dataclass(frozen=True, slots=True)
class StepView:
    """A step as a reader sees it; `service` is empty where the scenario names none."""

    name: str
    title: str
    tags: frozenset[str] = frozenset()
    resource: str | None = None
    service: str = ""


@dataclass(frozen=True, slots=True)
class ResourceView:
    """A resource as a reader sees it; capacities by the date from which they hold."""

    name: str
    title: str
    bed: Bed | None = None
    capacity: tuple[tuple[date, Capacity], ...] = ()

    @property
    def of(self) -> str:
        """The resource of which this is a pool, as steps ask for it."""
        return self.name.partition("[")[0]

    @property
    def title_of(self) -> str:
        """Its title, without the level of the pool."""
        _, bracket, level = self.name.partition("[")
        return self.title.removesuffix(f": {level[:-1]}") if bracket else self.title


@dataclass(frozen=True, slots=True)
class Rung:
    """A row of a case's ladder: what a journey has to come to, in any of these ways."""

    name: str
    title: str
    steps: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    outcomes: frozenset[str] = frozenset()
    levels: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class CaseView:
    """A named individual: title, what is known about them, crisis, how many copies, ladder.

    `crisis` is the title of the crisis, `crisis_name` its name.
    """

    name: str
    title: str
    attributes: tuple[tuple[str, str], ...] = ()
    crisis: str = ""
    crisis_name: str = ""
    copies: int = 1
    ladder: tuple[Rung, ...] = ()


@dataclass(frozen=True, slots=True)
class World:
    """One arm of a comparison: the meaning of its log codes, and its calendar.

    `warm_up` and `duration` are in minutes; logs cover ``[0, warm_up + duration)``.
    """

    title: str
    start: date
    warm_up: float
    duration: float
    steps: tuple[StepView, ...]
    resources: tuple[ResourceView, ...]
    crises: tuple[str, ...]
    outcomes: tuple[tuple[str, str], ...]
    cases: tuple[CaseView, ...] = ()
    measures: tuple[tuple[str, str], ...] = ()
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()  #: with their levels, as in the logs
    arrivals: tuple[int, ...] = ()  #: the crises that are streams of arrivals
    holidays: tuple[tuple[int, int], ...] = ()  #: ordinals, and the days of the week they are like

    @property
    def horizon(self) -> float:
        """End of the simulated time, in minutes since `start`."""
        return self.warm_up + self.duration

    def moment(self, minutes: float) -> datetime:
        """Civil date and time of a log time."""
        return datetime.combine(self.start, time()) + timedelta(minutes=minutes)

    def case(self, name: str) -> int:
        """Log code of a case.

        Raises
        ------
        KeyError
            If this world has no such case; the message lists those it has.
        """
        known = [case.name for case in self.cases]
        if name not in known:
            listed = ", ".join(known) or "none"
            raise KeyError(f"{self.title} has no case {name!r}; cases: {listed}")
        return known.index(name)

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that steps carry, in alphabetical order."""
        return tuple(sorted({tag for step in self.steps for tag in step.tags}))

    def steps_tagged(self, tag: str) -> tuple[int, ...]:
        """Codes of the steps that carry a tag."""
        return tuple(code for code, step in enumerate(self.steps) if tag in step.tags)

    def beds(self, kind: str) -> tuple[int, ...]:
        """Codes of the resources that are beds of a kind."""
        return tuple(code for code, item in enumerate(self.resources) if item.bed == kind)


def readable(name: str) -> str:
    """A name made into a title: ``walk_in_centre`` becomes ``Walk in centre``."""
    text = name.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def view(model: Scenario, names: PlanNames) -> World:
    """Digest a scenario and the names of its plan.

    Parameters
    ----------
    model
        The scenario, options applied.
    names
        The plan, or anything with its tuples of names.
    """
    steps = tuple(_step(model, step) for step in names.steps)
    resources = tuple(_resource(model, resource) for resource in names.resources)
    outcomes = tuple((key, model.outcomes.get(key) or readable(key)) for key in names.outcomes)
    return World(
        title=model.title,
        start=model.run.start,
        warm_up=model.run.warm_up,
        duration=model.run.duration,
        steps=steps,
        resources=resources,
        crises=tuple(names.crises),
        outcomes=outcomes,
        cases=tuple(_case(model, case) for case in names.cases),
        measures=tuple((key, item.title or readable(key)) for key, item in model.measures.items()),
        attributes=tuple(
            (name, tuple(levels))
            for name, levels in zip(names.attributes, names.levels, strict=True)
        ),
        arrivals=tuple(n for n, name in enumerate(names.crises) if name in model.arrivals),
        holidays=tuple(bank_holidays(model).items()),
    )


def _step(model: Scenario, name: str) -> StepView:
    step = model.pathway[name]
    return StepView(
        name, step.title or readable(name), frozenset(step.tags), step.first_asked, step.service
    )


def _resource(model: Scenario, name: str) -> ResourceView:
    """One pool: of a resource, or of one of its levels (`gp[riverside]`)."""
    from sim.scenario.language.pools import alone

    of, _, level = name.removesuffix("]").partition("[")
    resource = supposed(alone(model.resources[of], level or None), model)
    title = (resource.title or readable(of)) + (f": {level}" if level else "")
    return ResourceView(name, title, resource.bed, tuple(capacities(resource)))


def _case(model: Scenario, name: str) -> CaseView:
    case = model.cases[name]
    return CaseView(
        name,
        case.title or readable(name),
        tuple(case.attributes.items()),
        model.demand[case.crisis].title or readable(case.crisis),
        case.crisis,
        case.copies,
        tuple(_rung(key, rung) for key, rung in case.ladder.items()),
    )


def _rung(name: str, rung: told.Rung) -> Rung:
    return Rung(
        name,
        rung.title or readable(name),
        frozenset(rung.steps),
        frozenset(rung.tags),
        frozenset(rung.outcomes),
        tuple(rung.levels.items()),
    )
