"""Means of distributions, and what goes with them, for what `check` works out before a run."""

from __future__ import annotations

import math

from sim.scenario.written.moments import between, shaped_moment
from sim.scenario.written.values import Distribution


def mean(distribution: Distribution) -> float:
    """Return the mean of a distribution, in its own unit (minutes for a duration)."""
    if distribution.shaping is not None:
        return shaped_moment(distribution, 1)
    p = distribution.parameters
    match distribution.kind:
        case "constant" | "exponential":
            return p[0]
        case "uniform" | "triangular":
            return math.fsum(p) / len(p)
        case "lognormal":
            return math.exp(p[0] + p[1] * p[1] / 2.0)
        case "gamma":
            return p[0] * p[1]
        case "weibull":
            return p[1] * math.gamma(1.0 + 1.0 / p[0])
        case "normal":
            return p[0]
        case "log_logistic" | "quantiles":
            return between(distribution, 1)
        case "empirical":
            return math.fsum(
                v * w for v, w in zip(distribution.values, distribution.weights, strict=True)
            ) / math.fsum(distribution.weights)


def mean_square(distribution: Distribution) -> float:
    """Return the mean of the square of a distribution."""
    if distribution.shaping is not None:
        return shaped_moment(distribution, 2)
    p, m = distribution.parameters, mean(distribution)
    match distribution.kind:
        case "constant":
            return m * m
        case "exponential":
            return 2.0 * m * m
        case "uniform":
            return (p[1] - p[0]) ** 2 / 12.0 + m * m
        case "triangular":
            low, mode, high = p
            spread = low * low + mode * mode + high * high - low * mode - low * high - mode * high
            return spread / 18.0 + m * m
        case "lognormal":
            return math.exp(2.0 * (p[0] + p[1] * p[1]))
        case "gamma":
            return p[0] * (p[0] + 1.0) * p[1] * p[1]
        case "weibull":
            return p[1] * p[1] * math.gamma(1.0 + 2.0 / p[0])
        case "normal" | "log_logistic" | "quantiles":
            return between(distribution, 2)
        case "empirical":
            squares = zip(distribution.values, distribution.weights, strict=True)
            return math.fsum(v * v * w for v, w in squares) / math.fsum(distribution.weights)


def longer_than(distribution: Distribution, limit: float) -> float:
    """Return the probability that a distribution exceeds a limit, which is above 0.

    Of a gamma by the approximation of Wilson and Hilferty (1931), which is good to a hundredth.
    """
    if (shaping := distribution.shaping) is not None:
        low = (shaping.at_least - shaping.plus) / shaping.times
        high = (shaping.at_most - shaping.plus) / shaping.times
        start = max(low, (limit - shaping.plus) / shaping.times)
        beyond = between(distribution, 0, start, high) if start < high else 0.0
        return beyond / between(distribution, 0, low, high)
    p = distribution.parameters
    match distribution.kind:
        case "constant":
            return float(p[0] > limit)
        case "exponential":
            return math.exp(-limit / p[0]) if p[0] > 0.0 else 0.0
        case "uniform":
            low, high = p
            return min(1.0, max(0.0, (high - limit) / (high - low))) if high > low else 0.0
        case "triangular":
            return _beyond_in_triangle(p[0], p[1], p[2], limit)
        case "lognormal":
            return (
                _above((math.log(limit) - p[0]) / p[1])
                if p[1] > 0.0
                else float(p[0] > math.log(limit))
            )
        case "gamma":
            shape, scale = p
            root = (limit / (shape * scale)) ** (1.0 / 3.0)
            return _above((root - 1.0 + 1.0 / (9.0 * shape)) * 3.0 * math.sqrt(shape))
        case "weibull":
            return math.exp(-((limit / p[1]) ** p[0]))
        case "normal" | "log_logistic" | "quantiles":
            return between(distribution, 0, limit)
        case "empirical":
            pairs = zip(distribution.values, distribution.weights, strict=True)
            return math.fsum(w for v, w in pairs if v > limit) / math.fsum(distribution.weights)


def _above(z: float) -> float:
    """The probability that a standard normal variable exceeds z."""
    return 0.5 * math.erfc(z / math.sqrt(2.0))


def _beyond_in_triangle(low: float, mode: float, high: float, limit: float) -> float:
    if limit <= low:
        return 1.0
    if limit >= high:
        return 0.0
    if limit < mode:
        return 1.0 - (limit - low) ** 2 / ((high - low) * (mode - low))
    return (high - limit) ** 2 / ((high - low) * (high - mode))
