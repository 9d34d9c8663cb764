"""Means of distributions, for the arithmetic that `check` does before anything runs."""

from __future__ import annotations

import math

from sim.scenario.written.values import Distribution


def mean(distribution: Distribution) -> float:
    """Return the mean of a distribution, in its own unit (minutes for a duration)."""
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
        case "empirical":
            return math.fsum(
                v * w for v, w in zip(distribution.values, distribution.weights, strict=True)
            ) / math.fsum(distribution.weights)
