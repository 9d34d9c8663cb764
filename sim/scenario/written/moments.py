"""Moments of distributions between two values: what truncation leaves, and its mean.

For what is said of a scenario before it runs (offered load, bounds that leave nothing), so in
ordinary floating point; nothing that is drawn depends on it.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from sim.scenario.written.values import Distribution

#: Parts of the range over which the moments of a log-logistic are summed (Simpson's rule).
PARTS = 2000


def shaped_moment(distribution: Distribution, power: int) -> float:
    """Return the mean, or the mean square, of a distribution with a shaping."""
    shaping = distribution.shaping
    if shaping is None:
        return between(distribution, power)
    low = (shaping.at_least - shaping.plus) / shaping.times
    high = (shaping.at_most - shaping.plus) / shaping.times
    left = between(distribution, 0, low, high)
    mean = between(distribution, 1, low, high) / left
    if power == 1:
        return shaping.plus + shaping.times * mean
    square = between(distribution, 2, low, high) / left
    return shaping.plus**2 + shaping.times * (2 * shaping.plus * mean + shaping.times * square)


def between(
    distribution: Distribution, power: int, low: float = -math.inf, high: float = math.inf
) -> float:
    """Return the mean of X to a power (0, 1, 2), as 0 outside the bounds, before any shaping.

    Of power 0 it is the probability between the bounds; values at the bounds belong to them.
    """
    match distribution.kind:
        case "constant":
            return _of_points(((distribution.parameters[0], 1.0),), power, low, high)
        case "empirical":
            pairs = tuple(zip(distribution.values, distribution.weights, strict=True))
            return _of_points(pairs, power, low, high)
        case "quantiles":
            return _of_lines(distribution, power, low, high)
        case "log_logistic":
            return _of_log_logistic(distribution.parameters, power, low, high)
    below = _below(distribution, power)
    return below(high) - below(low)


def _of_points(
    pairs: tuple[tuple[float, float], ...], power: int, low: float, high: float
) -> float:
    return math.fsum(w * v**power for v, w in pairs if low <= v <= high)


def _of_lines(distribution: Distribution, power: int, low: float, high: float) -> float:
    """Of weights that are spread evenly between values."""
    values, weights = distribution.values, distribution.weights
    parts = []
    for start, end, weight in zip(values, values[1:], weights[1:], strict=False):
        if start == end:
            parts.append(_of_points(((start, weight),), power, low, high))
        elif low < end and high > start:
            below = _polynomial(start, end, weight / (end - start), power)
            parts.append(below(high) - below(low))
    return math.fsum(parts)


def _polynomial(start: float, end: float, density: float, power: int) -> Callable[[float], float]:
    """The integral of an even density from its start."""

    def below(x: float) -> float:
        reached = min(max(x, start), end)
        return density * (reached ** (power + 1) - start ** (power + 1)) / (power + 1)

    return below


def _below(distribution: Distribution, power: int) -> Callable[[float], float]:
    """The mean of X to a power where X is at most x, and 0 otherwise, as a function of x."""
    p = distribution.parameters
    match distribution.kind:
        case "exponential":
            return _of_gamma(1.0, p[0], power)
        case "gamma":
            return _of_gamma(p[0], p[1], power)
        case "weibull":
            shape, scale = p
            raised = 1.0 + power / shape
            size = scale**power * math.gamma(raised)
            return lambda x: size * lower_gamma(raised, _raised(x / scale, shape))
        case "lognormal":
            mu, sigma = p
            if sigma == 0.0:
                return lambda x: _of_points(((math.exp(mu), 1.0),), power, -math.inf, x)
            size = math.exp(power * mu + (power * sigma) ** 2 / 2.0)
            middle = mu + power * sigma * sigma
            return lambda x: size * _normal((math.log(x) - middle) / sigma) if x > 0.0 else 0.0
        case "normal":
            return _of_normal(p[0], p[1], power)
        case "uniform":
            low, high = p
            if low == high:
                return lambda x: _of_points(((low, 1.0),), power, -math.inf, x)
            return _polynomial(low, high, 1.0 / (high - low), power)
        case "triangular":
            return _of_triangle(p[0], p[1], p[2], power)
    raise ValueError(distribution.kind)


def _raised(x: float, shape: float) -> float:
    return math.inf if x == math.inf else max(x, 0.0) ** shape


def _of_gamma(shape: float, scale: float, power: int) -> Callable[[float], float]:
    size = scale**power * math.prod(shape + i for i in range(power))
    return lambda x: size * lower_gamma(shape + power, max(x, 0.0) / scale)


def _of_normal(mean: float, sd: float, power: int) -> Callable[[float], float]:
    def below(x: float) -> float:
        z = (x - mean) / sd
        probability = _normal(z)
        density = math.exp(-z * z / 2.0) / math.sqrt(2.0 * math.pi)
        if power == 0:
            return probability
        if power == 1:
            return mean * probability - sd * density
        far = 0.0 if density == 0.0 else sd * (mean + x) * density
        return (mean * mean + sd * sd) * probability - far

    return below


def _of_triangle(low: float, mode: float, high: float, power: int) -> Callable[[float], float]:
    def side(start: float, end: float, corner: float) -> float:
        def whole(t: float) -> float:
            return t ** (power + 2) / (power + 2) - corner * t ** (power + 1) / (power + 1)

        return whole(end) - whole(start)

    def below(x: float) -> float:
        reached = min(max(x, low), high)
        total = 0.0
        if mode > low:
            total += side(low, min(reached, mode), low) / (mode - low)
        if reached > mode:
            total -= side(mode, reached, high) / (high - mode)
        return 2.0 * total / (high - low)

    return below


def _of_log_logistic(p: tuple[float, ...], power: int, low: float, high: float) -> float:
    """By Simpson's rule over the logarithm of the odds, which is shape * log(x / scale).

    Without an upper bound the moment is finite only if the shape is above the power.
    """
    shape, scale = p
    rising, falling = 1.0 + power / shape, 1.0 - power / shape
    start = shape * math.log(low / scale) if low > 0.0 else -math.inf
    end = shape * math.log(high / scale) if 0.0 < high < math.inf else math.inf
    if high <= 0.0:
        return 0.0
    if end == math.inf and falling <= 0.0:
        return math.inf
    if start == -math.inf and end == math.inf and power > 0:
        angle = math.pi * power / shape
        return float(scale**power * angle / math.sin(angle))
    if power == 0:
        return _logistic(end) - _logistic(start)
    start = max(start, -40.0 / rising)
    end = min(end, 40.0 / falling) if falling > 0.0 else end
    if end <= start:
        return 0.0
    step = (end - start) / PARTS

    def density(v: float) -> float:
        # e^(v power / shape) e^v / (1 + e^v)^2, without overflow
        return math.exp(v * power / shape - abs(v) - 2.0 * math.log1p(math.exp(-abs(v))))

    inner = (density(start + i * step) * (4 if i % 2 else 2) for i in range(1, PARTS))
    total = math.fsum((density(start), density(end), *inner)) * step / 3.0
    return float(scale**power * total)


def _logistic(v: float) -> float:
    return 1.0 / (1.0 + math.exp(-v)) if v >= 0.0 else math.exp(v) / (1.0 + math.exp(v))


def _normal(z: float) -> float:
    """The probability that a standard normal variable is at most z."""
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


def lower_gamma(shape: float, x: float) -> float:
    """Return the regularised lower incomplete gamma function.

    Below shape + 1 by its series, above by Legendre's continued fraction (Lentz's method).
    """
    if x <= 0.0:
        return 0.0
    if x == math.inf:
        return 1.0
    size = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    if size == 0.0:
        return float(x > shape)
    if x < shape + 1.0:
        term = total = 1.0 / shape
        divisor = shape
        while term > total * 1e-16:
            divisor += 1.0
            term *= x / divisor
            total += term
        return size * total
    b = x + 1.0 - shape
    c, d = 1e300, 1.0 / b
    fraction = d
    for i in range(1, 100_000):
        a = i * (shape - i)
        b += 2.0
        d = 1.0 / (a * d + b)
        c = b + a / c
        fraction *= c * d
        if abs(c * d - 1.0) < 1e-15:
            break
    return 1.0 - size * fraction
