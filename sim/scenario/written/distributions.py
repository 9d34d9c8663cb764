"""Distributions as written to distributions in canonical parameters.

Several ways of writing one (mean and sd, median and quartiles, shape and mean) become the one set
of parameters that `values.PARAMETERS` names. Sampling is `sim.plan`'s business.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from sim.scenario.problems import nearest_name
from sim.scenario.written import quantities
from sim.scenario.written.bounds import WORDS, Quantity, shaped
from sim.scenario.written.positions import RefusedError, Spot
from sim.scenario.written.scalars import BROKEN
from sim.scenario.written.shared_draws import DRAWN_WITH, shared_draw
from sim.scenario.written.values import Distribution, DistributionKind

#: Parameters of each kind, as they may be written.
WRITTEN: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "constant": (("value",),),
    "exponential": (("mean",),),
    "uniform": (("low", "high"),),
    "triangular": (("low", "mode", "high"),),
    "normal": (("mean", "sd"),),
    "lognormal": (
        ("mean", "sd"),
        ("median", "iqr"),
        ("log_mean", "log_sd", "unit"),
        ("log_mean", "log_sd"),
    ),
    "gamma": (("mean", "sd"), ("shape", "scale"), ("shape", "mean")),
    "weibull": (("shape", "scale"), ("shape", "mean")),
    "erlang": (("shape", "mean"),),
    "log_logistic": (("shape", "scale"), ("shape", "mean"), ("shape", "median")),
    "quantiles": (("points",),),
    "empirical": (("values", "weights"), ("values",)),
}

KINDS: Final = ", ".join(f"`{kind}`" for kind in WRITTEN)

#: What to write instead of what there is not.
INSTEAD: Final[Mapping[str, str]] = {
    "until": "a duration or a distribution: only the `delay` of a step can last until something",
    "poisson": "a `rate` of arrivals is Poisson as it is; for durations `exponential`",
}

#: Upper quartile of the standard normal distribution.
UPPER_QUARTILE: Final = 0.6744897501960817

#: Largest coefficient of variation: beyond it a sample's mean says nothing of the mean.
WIDEST: Final = 100.0

#: Most values of an empirical distribution.
MOST_VALUES: Final = 10_000

A_LIST_OF_POINTS: Final = (
    f"2 to {MOST_VALUES:,} pairs of a probability and a value, as `[[0, 1 h], [100 %, 2 days]]`"
)

_shape = quantities.number_between(0.01, 1e6)


def duration_distribution(raw: object, at: Spot) -> Distribution:
    """A distribution of durations in minutes; a duration alone is constant."""
    if isinstance(raw, dict):
        luck = shared_draw(raw, at)
        own = {word: value for word, value in raw.items() if word not in DRAWN_WITH}
        found = _distribution(own, at, quantities.duration)
        if luck is not None and found.kind == "constant":
            raise at.refused("a constant is not drawn", raw, allowed="a distribution, or no draw")
        return found if luck is None else replace(found, luck=luck)
    if isinstance(raw, str) and raw in WRITTEN:
        raise at.refused("a distribution without its parameters", raw, allowed=_example(raw))
    return Distribution("constant", (quantities.duration(raw, at),))


def number_distribution(raw: object, at: Spot) -> Distribution:
    """A distribution of plain numbers, or of durations if its parameters have units."""
    if not isinstance(raw, dict):
        raise at.refused("not a distribution", raw, allowed=_example("lognormal", ""))
    for word in DRAWN_WITH:
        if word in raw:
            raise at.under(word).refused(
                "draws are of episodes: a number that is the same for all has none", raw[word],
                allowed="the distribution alone",
            )  # fmt: skip
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
    beside = [word for word in raw if word not in WRITTEN]
    if len(raw) == 2 and len(beside) == 1:
        raise at.under(beside[0]).refused(
            f"`{beside[0]}` is not said of a distribution", raw[beside[0]],
            allowed="`draw` or `against`, with one of the `draws` of the crisis",
            nearest=nearest_name(beside[0], DRAWN_WITH),
        )  # fmt: skip
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
    words = {} if kind == "constant" else {w: parameters[w] for w in WORDS if w in parameters}
    own = {name: value for name, value in parameters.items() if name not in words}
    _check_names(kind, own, here)
    durations = quantity is quantities.duration
    if kind == "lognormal" and "log_mean" in own and durations and "unit" not in own:
        raise here.refused(
            "`log_mean` does not say of what it is the mean", own["log_mean"],
            allowed="`unit` as well: that of the times whose logarithms were taken, as `unit: days`"
        )  # fmt: skip
    if kind == "normal" and durations and "at_least" not in words:
        raise here.refused(
            "a normal distribution goes below 0, and a duration cannot", parameters,
            allowed="`at_least` as well, as `at_least: 0 min`; or `gamma` or `lognormal` with the "
            "same `mean` and `sd`",
        )  # fmt: skip
    return shaped(_READERS[kind](own, here, quantity), words, here, quantity)


def _ways(kind: str) -> str:
    return " or ".join(" and ".join(f"`{name}`" for name in way) for way in WRITTEN[kind])


def _check_names(kind: str, parameters: dict[str, object], at: Spot) -> None:
    """Refuse parameters that are not one of the sets the kind is written with."""
    given = set(parameters)
    if any(given == set(way) for way in WRITTEN[kind]):
        return
    known = sorted({name for way in WRITTEN[kind] for name in way})
    unknown = sorted(given.difference(known))
    words = () if kind == "constant" else WORDS
    for name in unknown:
        at.under(name).complain(
            f"`{kind}` has no parameter `{name}`",
            found=name,
            allowed=_ways(kind),
            nearest=nearest_name(name, {*known, *words} - given),
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
    if "log_mean" in raw:
        return _lognormal_of_logarithms(raw, at)
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


def _lognormal_of_logarithms(raw: dict[str, object], at: Spot) -> Distribution:
    """As a regression gives it: mean and sd of the logarithms of so many of a unit."""
    mu = at.each("log_mean", quantities.number_between(-100, 100), raw["log_mean"])
    sigma = at.each("log_sd", quantities.number_between(0.001, 10), raw["log_sd"])
    minutes = at.each("unit", _unit, raw["unit"]) if "unit" in raw else 1.0
    if any(value is BROKEN for value in (mu, sigma, minutes)):
        raise RefusedError
    return Distribution("lognormal", (mu + math.log(minutes), sigma))


def _unit(raw: object, at: Spot) -> float:
    """The minutes of a unit of time."""
    if not isinstance(raw, str) or raw not in quantities.UNITS:
        raise at.refused(
            "not a unit of time", raw, allowed="`min`, `h`, `days` or `weeks`",
            nearest=nearest_name(raw, quantities.UNITS) if isinstance(raw, str) else "",
        )  # fmt: skip
    return float(quantities.UNITS[raw])


def _normal(raw: dict[str, object], at: Spot, quantity: Quantity) -> Distribution:
    mean = at.each("mean", quantity, raw["mean"])
    sd = at.each("sd", _above_zero(quantity), raw["sd"])
    if BROKEN in (mean, sd):
        raise RefusedError
    return Distribution("normal", (mean, sd))


def _log_logistic(raw: dict[str, object], at: Spot, quantity: Quantity) -> Distribution:
    lowest = 1.001 if "mean" in raw else 0.1
    return _by_shape(
        "log_logistic", raw, at, quantity, quantities.number_between(lowest, 1000),
        lambda shape: math.pi / shape / math.sin(math.pi / shape) if "mean" in raw else 1.0,
    )  # fmt: skip


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
    """A distribution given by its shape and its scale, mean or median (which is a scale)."""
    (other,) = raw.keys() - {"shape"}
    shape = at.each("shape", shape_parser, raw["shape"])
    (size,) = _read((other,), raw, at, _above_zero(quantity))
    if shape is BROKEN:
        raise RefusedError
    scale = size / mean_of_unit_scale(shape) if other == "mean" else size
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


def _quantiles(raw: dict[str, object], at: Spot, quantity: Quantity) -> Distribution:
    here, points = at.under("points"), raw["points"]
    if not isinstance(points, list) or not 2 <= len(points) <= MOST_VALUES:
        raise here.refused("`points` is not a list", points, allowed=A_LIST_OF_POINTS)
    found = [here.each(index, _point(quantity), pair) for index, pair in enumerate(points)]
    if any(pair is BROKEN for pair in found):
        raise RefusedError
    for index, (one, after) in enumerate(itertools.pairwise(found), 1):
        if not (one[0] < after[0] and one[1] <= after[1]):
            here.under(index).complain(
                "probabilities must rise from pair to pair, and values must not fall",
                found=f"[{points[index][0]}, {points[index][1]}] after "
                f"[{points[index - 1][0]}, {points[index - 1][1]}]",
            )
            raise RefusedError
    if found[0][0] != 0 or found[-1][0] != 1:
        raise here.refused(
            "the first pair must be the least value and the last the greatest", points,
            allowed="probabilities from 0 to 1, as `[[0, 1 h], [50 %, 4 h], [100 %, 2 days]]`",
        )  # fmt: skip
    probabilities = [pair[0] for pair in found]
    weights = (b - a for a, b in itertools.pairwise(probabilities))
    return Distribution("quantiles", (), tuple(pair[1] for pair in found), (0.0, *weights))


def _point(quantity: Quantity) -> Callable[[object, Spot], tuple[float, float]]:
    """A reader of a probability and the value that is not exceeded with it."""

    def parse(raw: object, at: Spot) -> tuple[float, float]:
        if not isinstance(raw, list) or len(raw) != 2:
            raise at.refused("not a probability and a value", raw, allowed="`[50 %, 4 h]`")
        pair = at.each(0, quantities.probability, raw[0]), at.each(1, quantity, raw[1])
        if any(part is BROKEN for part in pair):
            raise RefusedError
        return pair

    return parse


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
    "normal": _normal,
    "log_logistic": _log_logistic,
    "quantiles": _quantiles,
    "empirical": _empirical,
}
