"""What a verification case is: a scenario, and numbers of it that are known exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim.experiment.verification.estimators import Estimator

#: widest 95 % half-width of an estimate, as a share of the exact value
PRECISION = 0.02

#: the same at a utilisation of 0.9 and above, where means settle slowly
PRECISION_WHEN_BUSY = 0.05


@dataclass(frozen=True)
class Claim:
    """One number: what it is, its exact value (computed when asked for), how runs estimate it."""

    what: str
    exact: Callable[[], float]
    estimate: Estimator
    precision: float = PRECISION


@dataclass(frozen=True)
class Case:
    """A scenario file (its name without ``.yaml``) and what is exactly known about it.

    `long` marks those that need millions of visits before their intervals are narrow enough.
    """

    name: str
    claims: tuple[Claim, ...]
    long: bool = False
