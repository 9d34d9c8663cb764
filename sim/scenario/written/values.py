"""The values a scenario is made of: distributions, tables, shares, weekly patterns.

Plain frozen data with no behaviour beyond looking inside. How they are written in YAML and
how mistakes are reported is said by the readers beside this module; how they are executed is
`sim.plan`'s business.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar, Union

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

DistributionKind = Literal[
    "constant",
    "exponential",
    "uniform",
    "triangular",
    "lognormal",
    "gamma",
    "weibull",
    "empirical",
    "quantiles",
    "normal",
    "log_logistic",
]

#: canonical parameter names of each kind, in the order of `Distribution.parameters`
PARAMETERS: Mapping[DistributionKind, tuple[str, ...]] = {
    "constant": ("value",),
    "exponential": ("mean",),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "lognormal": ("mu", "sigma"),  # of the logarithm of the value
    "gamma": ("shape", "scale"),  # an Erlang is a gamma with a whole-numbered shape
    "weibull": ("shape", "scale"),
    "empirical": (),
    "quantiles": (),
    "normal": ("mean", "sd"),
    "log_logistic": ("shape", "scale"),  # the scale is the median
}


@dataclass(frozen=True, slots=True)
class Shaping:
    """What becomes of the value drawn: so many times it, and so much more, between two bounds.

    What would lie outside the bounds is drawn again, as it were: the distribution is truncated.
    """

    times: float = 1.0
    plus: float = 0.0
    at_least: float = -math.inf
    at_most: float = math.inf


@dataclass(frozen=True, slots=True)
class SharedDraw:
    """A uniform number that an episode has once, for whatever is drawn with it; or 1 minus it."""

    name: str
    against: bool = False


@dataclass(frozen=True, slots=True)
class Distribution:
    """A probability distribution in canonical parameters (see `PARAMETERS`).

    Durations are in minutes. `values` and `weights` are used by ``empirical`` and ``quantiles``
    only: values in increasing order, weights summing to 1. Between two values of ``quantiles`` lies
    the weight of the upper one, spread evenly; that of the first is 0. Without `luck` every draw
    has a number of its own.
    """

    kind: DistributionKind
    parameters: tuple[float, ...] = ()
    values: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()
    shaping: Shaping | None = None
    luck: SharedDraw | None = None


#: The patience of those who wait until they are served.
NEVER = Distribution("constant", (math.inf,))

#: A duration of nothing.
NOTHING = Distribution("constant", (0.0,))


@dataclass(frozen=True, slots=True)
class Until:
    """A delay that lasts until a gate opens, and then so much longer.

    `opens` is a calendar, or a time of day in minutes after midnight.
    """

    opens: str | int
    then: Distribution = NOTHING


#: How long a step takes once it has started.
Delay = Distribution | Until


@dataclass(frozen=True, slots=True)
class By(Generic[T]):
    """A value that varies by the level of one attribute; cells may vary again by another.

    `other` stands for every level not named in `cells`. In the file it stands `under` the value it
    makes vary, if only a part of that is a table.
    """

    attribute: str
    cells: Mapping[str, Table[T]]
    other: Table[T] | None = None
    under: tuple[str, ...] = ()


#: A constant or something that varies `by` attributes: the single mechanism of parameters.
Table = Union[T, By[T]]  # noqa: UP007 (mypy does not follow a recursive alias with `|`)

#: Combinations of levels up to which a plan lays a table out as one grid.
MOST_TOGETHER = 4096

#: Probabilities by name (levels of an attribute, or steps and outcomes of a route); sums to 1.
Shares = Mapping[str, float]


def leaves(table: Table[T]) -> Iterator[T]:
    """All the values a table can give, in the order written."""
    if isinstance(table, By):
        for cell in table.cells.values():
            yield from leaves(cell)
        if table.other is not None:
            yield from leaves(table.other)
    else:
        yield table


def attributes_of(table: Table[T]) -> frozenset[str]:
    """The attributes a table varies by, at any depth."""
    if not isinstance(table, By):
        return frozenset()
    names = {table.attribute}
    for cell in table.cells.values():
        names |= attributes_of(cell)
    if table.other is not None:
        names |= attributes_of(table.other)
    return frozenset(names)


class Lasting(float):
    """A limit that was written as a duration: minutes."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of any kind: a plain one (also a share), minutes, or so many a minute."""

    value: float
    kind: Literal["number", "duration", "rate"] = "number"


@dataclass(frozen=True, slots=True)
class Need:
    """Units of one resource that are asked for, perhaps of the pool of the level of `at`."""

    units: Table[float] = 1.0
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What a step seizes: units of all `needs` at once, or one unit of any of them.

    `lists` are the resources of which one unit is asked, first choice first, by attributes.
    """

    ask: Literal["all", "any_of", "shortest"]
    needs: Mapping[str, Need]
    lists: Table[tuple[str, ...]] = ()

    @property
    def resources(self) -> tuple[str, ...]:
        """Every resource it may ask for, in the order written."""
        return tuple(self.needs)

    @property
    def one(self) -> str | None:
        """The resource of which it just asks for one unit, if that is all."""
        if self.ask != "all" or len(self.needs) != 1:
            return None
        ((name, need),) = self.needs.items()
        return name if need == Need() else None


#: Until when units are kept: the end of the delay, the next start, a later release.
HoldWord = Literal["no", "next", "true"]


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long units are kept: by where an episode goes next, then by resource.

    An empty name stands for every other one, and what is not named is not kept.
    """

    rules: Mapping[str, Mapping[str, HoldWord]]

    def of(self, target: str, resource: str) -> HoldWord:
        """How long a unit is kept by an episode that goes to a target."""
        kept = self.rules.get(target, self.rules.get("", {}))
        return kept.get(resource, kept.get("", "no"))


@dataclass(frozen=True, slots=True)
class Rising:
    """A priority that changes for who has waited so many minutes, in order of time."""

    start: float
    after: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Interruptible:
    """What becomes of a visit whose units a more urgent one takes, and where it then goes."""

    then: Literal["resume", "repeat", "renege_to"]
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """A break of each unit: after so many minutes on duty, for so many."""

    after: float
    lasting: float


@dataclass(frozen=True, slots=True)
class DayToDay:
    """Coefficients of variation of the daily factors of a crisis: its own, and a shared one's."""

    own: float
    shared: str | None = None
    cv: float = 0.0


@dataclass(frozen=True, slots=True)
class Holidays:
    """Bank holidays of a place, and the day of the week (Monday 0) they are like; None: itself."""

    place: str
    like: int | None


@dataclass(frozen=True, slots=True)
class Period:
    """Part of a week: minutes since Monday 00:00, `start` included, `end` excluded."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Weekly(Generic[T_co]):
    """What repeats weekly: the value of the period a moment falls in, else `other`."""

    periods: tuple[tuple[Period, T_co], ...]
    other: T_co


class WeeklyCapacity(Weekly[int]):
    """Units that repeat weekly."""

    __slots__ = ()


class WeeklyRate(Weekly[float]):
    """Arrivals per minute that repeat weekly."""

    __slots__ = ()


#: Capacity of a resource: a number of units, a weekly pattern, or no limit.
Capacity = int | WeeklyCapacity | Literal["unlimited"]


@dataclass(frozen=True, slots=True)
class Appointments:
    """Slots of one period of the week: one begins every so many minutes and has so many places."""

    period: Period
    every: float
    places: int


#: The slots of a resource, in order of their periods.
Slots = tuple[Appointments, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate of crises: `per_minute`, of one person or of the whole population together."""

    per_minute: float
    of: Literal["person", "population"] = "person"


#: Arrivals per minute of a stream: at any time, or by weekly periods.
ArrivalRate = float | WeeklyRate


#: Factors by hour: seven rows (Monday first) of 24, as written (the plan sets each mean to 1).
HourFactors = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Strata:
    """People counted by strata: in each row one level for each attribute, and a count."""

    attributes: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    counts: tuple[int, ...]


#: Share of the eligible covered by a programme: constant, or by date, joined by straight lines.
CoverageShares = float | Mapping[datetime.date, float]
