"""What measures need to know besides the logs: names, tags, beds, capacities, people, prices.

A `Context` is plain, picklable data made once from a plan and its scenario. It holds nothing
that was simulated, so that every replication of an arm is measured against the same one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from sim.measure.people import person_years
from sim.plan.flatten import leaves_of
from sim.plan.plan import ASKS, Closing
from sim.scenario.written.quantities import YEAR
from sim.scenario.written.values import Request, Table

if TYPE_CHECKING:
    from sim.plan.plan import Plan
    from sim.scenario.language.model import Cost, Scenario

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

#: minutes in a day
DAY = 1440.0

Charge = Literal["tag", "use", "capacity", "programme"]


@dataclass(frozen=True, slots=True)
class Price:
    """A cost item: what is charged, and how much of it.

    `of` is the name of a tag, resource or programme. `each` is GBP per tagged visit (may vary
    by attributes); `per_minute` is GBP per unit or person covered, and minute.
    """

    name: str
    charge: Charge
    of: str
    each: Table[float] = 0.0
    per_minute: float = 0.0
    cash: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """A scenario's own measure of the time from one tag to another; `target` in minutes."""

    name: str
    start_tag: str
    end_tag: str
    target: float | None = None


@dataclass(frozen=True)
class Context:
    """The world in which logs are read.

    Names are indexed by the codes in the logs. `step_resource` is the resource each step
    seizes, -1 for none. `capacity_times` and `capacity_values` hold, per resource, the minutes
    at which its capacity changes (the first 0) and the capacity from then on, -1 for unlimited.
    Everything is measured on ``[warm_up, horizon)``, in minutes since `start` 00:00.

    `person_years` are the years lived in that time by the people at each level of an attribute,
    in the order of its levels; under ``""`` by everyone. Rates can only be broken down by
    attributes named there. `covered_years` are the person-years covered by each programme.
    """

    steps: tuple[str, ...]
    resources: tuple[str, ...]
    crises: tuple[str, ...]
    outcomes: tuple[str, ...]
    attributes: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    step_tags: tuple[tuple[str, ...], ...]
    step_resource: tuple[int, ...]
    beds: tuple[str, ...]  #: per resource: "acute", "community" or ""
    capacity_times: tuple[Floats, ...]
    capacity_values: tuple[npt.NDArray[np.int64], ...]
    warm_up: float
    horizon: float
    start: date
    cases: tuple[str, ...] = ()
    #: begin, end and places of the slots of each resource that has some
    slots: Mapping[int, tuple[Floats, Floats, Floats]] = field(default_factory=dict)
    works_late: tuple[int, ...] = ()  #: resources that serve who waits after they have closed
    joining_steps: tuple[int, ...] = ()  #: steps that wait for side tasks
    interruptible_steps: tuple[int, ...] = ()
    asks_otherwise: tuple[int, ...] = ()  #: steps that ask for more than one unit of one resource
    requests: tuple[tuple[int, Request], ...] = ()  #: what these ask for
    per: Mapping[str, str] = field(default_factory=dict)  #: attributes that resources have pools by
    asked_otherwise: tuple[int, ...] = ()  #: resources asked for so, or by rising or pressing
    person_years: Mapping[str, Floats] = field(default_factory=dict)
    covered_years: Mapping[str, float] = field(default_factory=dict)
    prices: tuple[Price, ...] = ()
    counts: tuple[tuple[str, str], ...] = ()  #: the scenario's own counts: (name, tag)
    intervals: tuple[Interval, ...] = ()

    @property
    def minutes(self) -> float:
        """Length of the measured time."""
        return self.horizon - self.warm_up

    @property
    def tags(self) -> tuple[str, ...]:
        """Every tag that some step carries, sorted."""
        return tuple(sorted({tag for tags in self.step_tags for tag in tags}))

    @property
    def seizing_steps(self) -> tuple[int, ...]:
        """Codes of the steps that seize a resource."""
        return tuple(step for step, resource in enumerate(self.step_resource) if resource >= 0)

    def carries(self, tag: str) -> Mask:
        """For each step, whether it carries a tag."""
        return np.array([tag in tags for tags in self.step_tags], dtype=np.bool_)

    def is_bed(self, kind: str) -> Mask:
        """For each resource, whether it is a bed of a kind."""
        return np.array([bed == kind for bed in self.beds], dtype=np.bool_)

    def pools_of(self, resource: str) -> list[int]:
        """Codes of the pools of a resource, or of the one pool named."""
        return [
            code
            for code, pool in enumerate(self.resources)
            if pool == resource or pool.partition("[")[0] == resource
        ]

    def unit_minutes(self, times: Floats, values: npt.NDArray[np.int64]) -> float:
        """Units times minutes of a capacity over the measured time; NaN if unlimited.

        `values` are those from each of `times` on.
        """
        begins = np.clip(times, self.warm_up, self.horizon)
        lengths = np.diff(begins, append=self.horizon)
        if np.any((values < 0) & (lengths > 0)):
            return float("nan")
        return float(values @ lengths)


def build_context(
    plan: Plan, model: Scenario, seed: int | None = None, by: Iterable[str] = ()
) -> Context:
    """Everything measures need to know about a scenario.

    Parameters
    ----------
    plan
        The compiled scenario.
    model
        The scenario itself, for beds, prices and its own measures.
    seed
        Seed of the run, which decides who the people are; by default the scenario's own.
    by
        Attributes that will be broken down by. Their people are counted, which takes a moment,
        so others are left out.
    """
    seed = model.run.seed if seed is None else seed
    years = person_years(plan, seed, tuple(by), _charged_programmes(model))
    return replace(
        context_of_requests(plan, model),
        beds=tuple(model.resources[name.split("[")[0]].bed or "" for name in plan.resources),
        # those who arrive are nobody's population: there is nothing to divide them by
        person_years={} if model.arrivals else years.by_level,
        covered_years=years.covered,
        prices=tuple(_price(name, model.costs[name]) for name in sorted(model.costs)),
        counts=tuple(
            (name, item.count)
            for name, item in sorted(model.measures.items())
            if item.count is not None
        ),
        intervals=tuple(
            Interval(name, item.from_, item.to, item.target)
            for name, item in sorted(model.measures.items())
            if item.from_ is not None and item.to is not None
        ),
    )


def context_of_requests(plan: Plan, model: Scenario) -> Context:
    """A bare context that knows what is asked for: enough to say in which queues visits stood."""
    return replace(
        bare_context(plan),
        requests=tuple(_requests(plan, model)),
        per={name: each.per for name, each in model.resources.items() if each.per is not None},
    )


def bare_context(plan: Plan) -> Context:
    """A context from a plan alone: no beds, people or prices, no measures of the scenario's own."""
    return Context(
        steps=plan.steps,
        resources=plan.resources,
        crises=plan.crises,
        outcomes=plan.outcomes,
        attributes=plan.attributes,
        levels=plan.levels,
        step_tags=plan.step_tags,
        step_resource=_first_asked(plan),
        works_late=tuple(
            np.flatnonzero(plan.world.resources["at_closing"] == Closing.SERVE).tolist()
        ),
        slots=_slots(plan),
        joining_steps=tuple(
            np.flatnonzero(plan.world.steps["end_join"] > plan.world.steps["first_join"]).tolist()
        ),
        interruptible_steps=tuple(np.flatnonzero(plan.world.steps["interrupt"]).tolist()),
        asks_otherwise=tuple(np.flatnonzero(plan.world.steps["seize"] == ASKS).tolist()),
        asked_otherwise=tuple(np.flatnonzero(plan.world.resources["plain"] == 0).tolist()),
        beds=("",) * len(plan.resources),
        capacity_times=plan.capacity_times,
        capacity_values=plan.capacity_values,
        warm_up=plan.warm_up,
        horizon=plan.horizon,
        start=plan.start,
        cases=plan.cases,
    )


def _slots(plan: Plan) -> dict[int, tuple[Floats, Floats, Floats]]:
    """The slots of each pool that has some, as far as they begin before the horizon."""
    found = {}
    for code, resource in enumerate(plan.world.resources):
        rows = plan.world.slot_times[resource["first_slot"] : resource["end_slot"]]
        rows = rows[rows["begins"] < plan.horizon]
        if len(rows):
            found[code] = (rows["begins"], rows["ends"], rows["places"].astype(np.float64))
    return found


def _requests(plan: Plan, model: Scenario) -> Iterator[tuple[int, Request]]:
    """What is asked for by steps that ask for more than one unit of one resource."""
    for step in np.flatnonzero(plan.world.steps["seize"] == ASKS).tolist():
        seize = model.pathway[plan.steps[step]].seize
        if seize is not None:
            yield step, seize


def _first_asked(plan: Plan) -> tuple[int, ...]:
    """The resource each step asks for: of several the first named, of pools the first."""
    world = plan.world
    asked = []
    for step in world.steps:
        seize = int(step["seize"])
        if seize == ASKS:
            table = world.requests[step["request"]]["lists"]
            span = world.lists[leaves_of(world, table)[0]]
            seize = int(world.needs[span["first"]]["resource"])
        asked.append(seize)
    return tuple(asked)


def _charged_programmes(model: Scenario) -> tuple[str, ...]:
    charged = {cost.programme for cost in model.costs.values() if cost.programme is not None}
    return tuple(sorted(charged))


def _price(name: str, cost: Cost) -> Price:
    """A cost of the scenario with its price per visit or per minute."""
    per_minute = (
        (cost.per_hour or 0.0) / 60 + (cost.per_day or 0.0) / DAY + (cost.per_year or 0.0) / YEAR
    )
    if cost.tag is not None:
        return Price(name, "tag", cost.tag, each=cost.each or 0.0, cash=cost.cash)
    if cost.resource is not None:
        return Price(name, cost.of, cost.resource, per_minute=per_minute, cash=cost.cash)
    return Price(name, "programme", cost.programme or "", per_minute=per_minute, cash=cost.cash)
