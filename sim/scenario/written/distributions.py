"""Distributions as written to distributions in canonical parameters.

Several ways of writing one (mean and sd, median and quartiles, shape and mean) become the one set
of parameters that `values.PARAMETERS` names. Sampling is `sim.plan`'s business.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

from sim.scenario.problems import nearest_name
from sim.scenario.written import quantities
from sim.scenario.written.positions import RefusedError, Spot
from sim.scenario.written.scalars import BROKEN
from sim.scenario.written.values import Distribution, DistributionKind

#: Reads one parameter that has the dimension of the value drawn.
Quantity = Callable[[object, Spot], float]

#: Parameters of each kind, as they may be written.
WRITTEN: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "constant": (("value",),),
    "exponential": (("mean",),),
    "uniform": (("low", "high"),),
    "triangular": (("low", "mode", "high"),),
    "lognormal": (("mean", "sd"), ("median", "iqr")),
    "gamma": (("mean", "sd"), ("shape", "scale"), ("shape", "mean")),
    "weibull": (("shape", "scale"), ("shape", "mean")),
    "erlang": (("shape", "mean"),),
    "empirical": (("values", "weights"), ("values",)),
}

KINDS: Final = ", ".join(f"`{kind}`" for kind in WRITTEN)

#: What to write instead of what there is not.
INSTEAD: Final[Mapping[str, str]] = {
    "normal": "`gamma` or `lognormal` with the same `mean` and `sd`, which are never below 0; "
    "`triangular`",
    "until": "a duration or a distribution: only the `delay` of a step can last until something",
    "poisson": "a `rate` of arrivals is Poisson as it is; for durations `exponential`",
}

#: Upper quartile of the standard normal distribution.
UPPER_QUARTILE: Final = 0.6744897501960817

#: Largest coefficient of variation: beyond it a sample's mean says nothing of the mean.
WIDEST: Final = 100.0

#: Most values of an empirical distribution.
MOST_VALUES: Final = 10_000

_shape = quantities.number_between(0.01, 1e6)


def duration_distribution(raw: object, at: Spot) -> Distribution:
    """A distribution of durations in minutes; a duration alone is constant."""
    if isinstance(raw, dict):
        return _distribution(raw, at, quantities.duration)
    if isinstance(raw, str) and raw in WRITTEN:
        raise at.refused("a distribution without its parameters", raw, allowed=_example(raw))
    return Distribution("constant", (quantities.duration(raw, at),))


def number_distribution(raw: object, at: Spot) -> Distribution:
    """A distribution of plain numbers, or of durations if its parameters have units."""
    if not isinstance(raw, dict):
        raise at.refused("not a distribution", raw, allowed=_example("lognormal", ""))
    quantity = quantities.duration if has_units(raw) else quantities.number
    return _distribution(raw, at, quantity)


def has_units(raw: object) -> bool:
    """Whether a distribution of numbers is written with units, and so is one of durations."""
    if isinstance(raw, dict):
        return any(has_units(value) for value in raw.values())
    if isinstance(raw, list):
        return any(has_units(value) for value in raw)
    return isinstance(raw, str) and "%" not in raw


def _example(kind: str, unit: str = " min") -> str:
    parameters = ", ".join(f"{name}: ..." for name in WRITTEN[kind][0])
    return f"`{{{kind}: {{{parameters}}}}}`"


def _distribution(raw: dict[str, object], at: Spot, quantity: Quantity) -> Distribution:
    if len(raw) != 1:
        what = "a table needs `by`" if len(raw) > 1 else "an empty mapping"
        raise at.refused(
            f"not a distribution ({what})",
            raw,
            allowed=f"one of {KINDS} with its parameters, or a table with `by`",
        )
    ((kind, parameters),) = raw.items()
    if kind not in WRITTEN:
        raise at.refused(
            f"`{kind}` is not a distribution",
            raw,
            allowed=INSTEAD.get(kind, KINDS),
            nearest=nearest_name(kind, WRITTEN) if kind not in INSTEAD else "",
        )
    here = at.under(kind)
    if parameters is BROKEN:
        raise RefusedError
    if kind == "constant" and not isinstance(parameters, dict):
        return Distribution("constant", (quantity(parameters, here),))
    if not isinstance(parameters, dict):
        raise here.refused(f"`{kind}` without named parameters", parameters, allowed=_ways(kind))
    _check_names(kind, parameters, here)
    return _READERS[kind](parameters, here, quantity)


def _ways(kind: str) -> str:
    return " or ".join(" and ".join(f"`{name}`" for name in way) for way in WRITTEN[kind])


def _check_names(kind: str, parameters: dict[str, object], at: Spot) -> None:
    """Refuse parameters that are not one of the sets the kind is written with."""
    given = set(parameters)
    if any(given == set(way) for way in WRITTEN[kind]):
        return
    known = sorted({name for way in WRITTEN[kind] for name in way})
    unknown = sorted(given.difference(known))
    for name in unknown:
        at.under(name).complain(
            f"`{kind}` has no parameter `{name}`",
            found=name,
            allowed=_ways(kind),
            nearest=nearest_name(name, set(known) - given),
        )
    if not unknown:
        missing = next((way for way in WRITTEN[kind] if given < set(way)), None)
        what = (
            f"`{kind}` needs {' and '.join(f'`{n}`' for n in missing if n not in given)} as well"
            if missing and given
            else f"`{kind}` cannot be given by these parameters"
        )
        at.complain(what, found=", ".join(sorted(given)) or "none", allowed=_ways(kind))
    raise RefusedError


def _read(
    names: tuple[str, ...], parameters: dict[str, object], at: Spot, quantity: Quantity
) -> tuple[float, ...]:
    """Parameters of the value's dimension, in the order of `names`."""
    found = tuple(at.each(name, quantity, parameters[name]) for name in names)
    if any(value is BROKEN for value in found):
        raise RefusedError
    return found


def _above_zero(quantity: Quantity) -> Quantity:
    """The same quantity, refused unless above 0."""

    def parse(raw: object, at: Spot) -> float:
        value = quantity(raw, at)
        if value <= 0:
            raise at.refused(f"`{at.path[-1]}` must be above 0", raw, allowed="more than 0")
        return value

    return parse


def _exponential(raw: dict[str, object], at: Spot, quantity: Quantity) -> Distribution:
    return Distribution("exponential", _read(("mean",), raw, at, _above_zero(quantity)))


def _constant(raw: dict[str, object], at: Spot, quantity: Quantity) -> Distribution:
    return Distribution("constant", _read(("value",), raw, at, quantity))


def _uniform(raw: dict[str, object], at: Spot, quantity: Quantity) -> Distribution:
    found = _read(("low", "high"), raw, at, quantity)
    if found[0] > found[1]:
        at.complain("`low` is above `high`", found=_pair(raw, "low", "high"))
    return Distribution("uniform", found)


def _triangular(raw: dict[str, object], at: Spot, quantity: Quantity) -> Distribution:
    low, mode, high = found = _read(("low", "mode", "high"), raw, at, quantity)
    if not (low <= mode <= high and low < high):
        at.complain(
            "`low`, `mode` and `high` must be in increasing order",
            found=_pair(raw, "low", "mode", "high"),
        )
    return Distribution("triangular", found)


def _pair(raw: dict[str, object], *names: str) -> str:
    return ", ".join(f"{name}: {raw[name]}" for name in names)


def _mean_and_sd(raw: dict[str, object], at: Spot, quantity: Quantity) -> tuple[float, float]:
    """Mean and standard deviation, in a proportion that can be meant."""
    mean, sd = _read(("mean", "sd"), raw, at, _above_zero(quantity))
    if not mean / WIDEST**2 <= sd <= mean * WIDEST:
        at.complain(
            "`sd` is out of proportion to `mean`",
            found=_pair(raw, "mean", "sd"),
            allowed=f"`sd` from a ten-thousandth of `mean` to {WIDEST:g} times `mean`",
        )
        raise RefusedError
    return mean, sd


def _lognormal(raw: dict[str, object], at: Spot, quantity: Quantity) -> Distribution:
    if "median" in raw:
        return _lognormal_of_quartiles(raw, at, quantity)
    mean, sd = _mean_and_sd(raw, at, quantity)
    variance = math.log1p((sd / mean) ** 2)
    return Distribution("lognormal", (math.log(mean) - variance / 2, math.sqrt(variance)))


def _lognormal_of_quartiles(raw: dict[str, object], at: Spot, quantity: Quantity) -> Distribution:
    quartiles = raw["iqr"]
    if not isinstance(quartiles, list) or len(quartiles) != 2:
        raise at.under("iqr").refused(
            "`iqr` is not two quartiles", quartiles, allowed="`[lower, upper]`"
        )
    median = at.each("median", quantity, raw["median"])
    low, high = (at.under("iqr").each(i, quantity, q) for i, q in enumerate(quartiles))
    if BROKEN in (median, low, high):
        raise RefusedError
    if not 0 < low < median < high:
        at.complain(
            "`median` must lie between the quartiles, all above 0",
            found=f"median: {raw['median']}, iqr: [{quartiles[0]}, {quartiles[1]}]",
        )
        raise RefusedError
    sigma = math.log(high / low) / (2 * UPPER_QUARTILE)
    return Distribution("lognormal", (math.log(median), sigma))


def _gamma(raw: dict[str, object], at: Spot, quantity: Quantity) -> Distribution:
    if "sd" in raw:
        mean, sd = _mean_and_sd(raw, at, quantity)
        return Distribution("gamma", ((mean / sd) ** 2, sd * sd / mean))
    return _by_shape("gamma", raw, at, quantity, _shape, lambda shape: shape)


def _weibull(raw: dict[str, object], at: Spot, quantity: Quantity) -> Distribution:
    shape = quantities.number_between(0.1, 1000)
    return _by_shape("weibull", raw, at, quantity, shape, lambda shape: math.gamma(1 + 1 / shape))


def _erlang(raw: dict[str, object], at: Spot, quantity: Quantity) -> Distribution:
    def shape(value: object, here: Spot) -> float:
        return float(quantities.whole(value, here, 1, 1000))

    return _by_shape("gamma", raw, at, quantity, shape, lambda shape: shape)


def _by_shape(
    kind: DistributionKind,
    raw: dict[str, object],
    at: Spot,
    quantity: Quantity,
    shape_parser: Quantity,
    mean_of_unit_scale: Callable[[float], float],
) -> Distribution:
    """A distribution given by its shape and its scale or mean."""
    other = "scale" if "scale" in raw else "mean"
    shape = at.each("shape", shape_parser, raw["shape"])
    (size,) = _read((other,), raw, at, _above_zero(quantity))
    if shape is BROKEN:
        raise RefusedError
    scale = size if other == "scale" else size / mean_of_unit_scale(shape)
    return Distribution(kind, (shape, scale))


def _empirical(raw: dict[str, object], at: Spot, quantity: Quantity) -> Distribution:
    values = _listed("values", raw["values"], at, quantity)
    weights = [1.0] * len(values)
    if "weights" in raw:
        weights = _listed("weights", raw["weights"], at, quantities.number_between(0, 1e9))
    if len(values) != len(weights):
        at.complain(
            "every value needs one weight",
            found=f"{len(values)} values and {len(weights)} weights",
        )
        raise RefusedError
    total = math.fsum(weights)
    if total <= 0:
        raise at.under("weights").refused(
            "all weights are 0", raw["weights"], allowed="at least one above 0"
        )
    merged: dict[float, float] = {}
    for value, weight in sorted(zip(values, weights, strict=True)):
        if weight > 0:
            merged[value] = merged.get(value, 0.0) + weight / total
    return Distribution("empirical", (), tuple(merged), tuple(merged.values()))


def _listed(name: str, raw: object, at: Spot, parse: Quantity) -> list[float]:
    """A list of numbers or durations."""
    here = at.under(name)
    if not isinstance(raw, list) or not 1 <= len(raw) <= MOST_VALUES:
        raise here.refused(f"`{name}` is not a list", raw, allowed=f"1 to {MOST_VALUES:,} of them")
    found = [here.each(index, parse, value) for index, value in enumerate(raw)]
    if any(value is BROKEN for value in found):
        raise RefusedError
    return found


_READERS: Final[Mapping[str, Callable[[dict[str, object], Spot, Quantity], Distribution]]] = {
    "constant": _constant,
    "exponential": _exponential,
    "uniform": _uniform,
    "triangular": _triangular,
    "lognormal": _lognormal,
    "gamma": _gamma,
    "weibull": _weibull,
    "erlang": _erlang,
    "empirical": _empirical,
}
