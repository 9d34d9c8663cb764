"""Do all engines simulate the same workload? Their means against theory, and against each other.

Every engine gives one value per round and quantity. How much a value varies from round to round is
estimated from all engines together, since it is the same for all of them; z is the distance of an
engine's mean from what is expected, in standard errors of the difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan, nan, sqrt
from typing import NamedTuple

import numpy as np
import theory
from workload import Statistics

#: with about a hundred comparisons, chance alone gets this far once in some hundred runs
LIMIT = 5.0


class Comparison(NamedTuple):
    """One quantity of one engine; `expected` is theory if `is_exact`, else the others' mean."""

    engine: str
    quantity: str
    mean: float
    expected: float
    is_exact: bool
    z: float


def compare(found: Mapping[str, Sequence[Statistics]], days: float) -> list[Comparison]:
    """Compare each engine's rounds, given by name, with theory or with the other engines.

    The two engines of urgentflow have the same luck: where both are given, they must be equal,
    and only one of them counts among "the others".
    """
    exact = theory.exact(days)
    values = {engine: [_flat(one) for one in rounds] for engine, rounds in found.items()}
    independent = [e for e in values if e != "simpy" or "compiled" not in values]
    comparisons = []
    for quantity in next(iter(values.values()))[0]:
        samples = {e: np.array([one[quantity] for one in rounds]) for e, rounds in values.items()}
        spread = _pooled([samples[e] for e in independent])
        for engine, sample in samples.items():
            variance, expected = spread / len(sample), exact.get(quantity)
            if expected is None:
                # not "simpy" for "compiled" either: they are one
                others = [samples[e] for e in independent if e not in (engine, _twin(engine))]
                if not others:
                    continue
                pooled = np.concatenate(others)
                expected = float(pooled.mean())
                variance += spread / len(pooled)
            z = _z(float(sample.mean()) - expected, variance)
            is_exact = quantity in exact
            comparisons.append(
                Comparison(engine, quantity, float(sample.mean()), expected, is_exact, z)
            )
    return comparisons


def furthest(comparisons: Sequence[Comparison], engine: str) -> float:
    """Largest |z| of an engine; nan if one round was all."""
    distances = [abs(c.z) for c in comparisons if c.engine == engine]
    return nan if any(map(isnan, distances)) else max(distances, default=nan)


def same_luck_same_result(found: Mapping[str, Sequence[Statistics]]) -> bool | None:
    """Whether urgentflow's engines gave equal statistics in each round; None if not both ran."""
    if "simpy" not in found or "compiled" not in found:
        return None
    return all(a == b for a, b in zip(found["simpy"], found["compiled"], strict=False))


def _twin(engine: str) -> str | None:
    return {"simpy": "compiled", "compiled": "simpy"}.get(engine)


def _flat(found: Statistics) -> dict[str, float]:
    flat = {f"wait.{group}": waits["mean"] for group, waits in found["waits"].items()}
    flat |= {f"p95.{group}": waits["p95"] for group, waits in found["waits"].items()}
    return flat | {f"in_use.{node}": units for node, units in found["in_use"].items()}


def _pooled(samples: Sequence[np.ndarray]) -> float:
    """Variance from round to round within engines; nan if every engine ran but once."""
    squares = sum(float(((sample - sample.mean()) ** 2).sum()) for sample in samples)
    freedom = sum(len(sample) - 1 for sample in samples)
    return squares / freedom if freedom else nan


def _z(difference: float, variance: float) -> float:
    if difference == 0.0:
        return 0.0
    return difference / sqrt(variance) if variance > 0.0 or isnan(variance) else nan
