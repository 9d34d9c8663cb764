"""A target: a measure, on which side of what it is to be, and how surely it is."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.scenario.written.positions import RefusedError, Spot
from sim.scenario.written.quantities import duration, number
from sim.scenario.written.scalars import NotFiniteError, resolve

#: minutes in the unit of a measure that is a time
TIMES = {"minutes": 1.0, "hours": 60.0, "days": 1440.0}

_WRITTEN = re.compile(r"\s*([\w/.-]+)\s*(<=|>=|<|>|≤|≥)\s*(\S.*?)\s*\Z")

HOW = 'a measure, < or >, and a number: "ae_over_12_hours < 5 %", "wait_mean/ae_doctor < 20 min"'


class BadTargetError(ValueError):
    """A target that cannot be read, in words."""


@dataclass(frozen=True)
class Target:
    """A measure's mean is to be below (`side` -1) or above (1) a value, in the measure's unit.

    `most` is the largest value the measure can have.
    """

    measure: str
    side: int
    value: float
    unit: str = ""
    most: float = math.inf


def read_target(text: str) -> Target:
    """A target as it is typed.

    Raises
    ------
    BadTargetError
        If it is none.
    """
    from sim.measure import definitions
    from sim.scenario.problems import nearest_name

    found = _WRITTEN.match(text)
    if found is None:
        raise BadTargetError(f"{text!r} is no target: {HOW}")
    measure, sign, written = found.groups()
    known = definitions()
    name = measure.split("/")[0]
    if name not in known:
        near = nearest_name(name, known)
        meant = f"; did you mean `{near}`?" if near else "; `urgentflow measures` lists them"
        raise BadTargetError(f"there is no measure `{name}`{meant}")
    unit = known[name].unit
    try:
        value = in_unit(written, unit)
    except BadTargetError as error:
        raise BadTargetError(f"`{measure}`: {error}") from None
    side = -1 if sign in ("<", "<=", "≤") else 1
    if value > known[name].most:
        raise BadTargetError(f"`{measure}` is at most {known[name].most:g}, so not {written}")
    return Target(measure, side, value, unit, known[name].most)


def in_unit(written: str, unit: str) -> float:
    """A value in the unit of a measure: `5 %`, `20 min`, `3`, `£2,000`.

    Raises
    ------
    BadTargetError
        If it is none.
    """
    try:
        raw = resolve(written.removeprefix("£").replace(",", ""))
        return duration(raw, Spot()) / TIMES[unit] if unit in TIMES else number(raw, Spot())
    except RefusedError as error:
        said = error.complaint
        why = f": {said.what}, allowed: {said.allowed}" if said is not None else ""
        raise BadTargetError(f"{written!r} is no number of {unit or 'its unit'}{why}") from None
    except NotFiniteError:
        raise BadTargetError(f"{written!r} is no number") from None


def sureness(values: npt.ArrayLike, target: Target) -> float:
    """Probability that the mean over luck meets a target, as Student's t has it.

    On the scale on which intervals of the measure are made (`sim.experiment.intervals`): the
    logit of a share, the logarithm of what cannot be negative.

    Parameters
    ----------
    values
        One number per replication; NaN (undefined) is left out.

    Returns
    -------
    float
        1 or 0 where all replications are the same; NaN with fewer than two.
    """
    from scipy.special import stdtr

    table = np.asarray(values, dtype=np.float64)
    known = table[~np.isnan(table)]
    if known.size < 2:
        return math.nan
    mean, error = float(known.mean()), float(known.std(ddof=1)) / math.sqrt(known.size)
    if error == 0.0:
        return float(target.side * (mean - target.value) > 0)
    distance, error = _scaled(mean, error, target, float(known.min()), float(known.max()))
    return float(stdtr(known.size - 1, target.side * distance / error))


def _scaled(
    mean: float, error: float, target: Target, low: float, high: float
) -> tuple[float, float]:
    """How far the mean lies from the target, and its standard error, on the measure's own scale."""
    goal, most = target.value, target.most
    if most == 1.0 and 0 < goal < 1 and low >= 0 and high <= 1:
        return _logit(mean) - _logit(goal), error / (mean * (1 - mean))
    if most == math.inf and goal > 0 and low >= 0:
        return math.log(mean / goal), error / mean
    return mean - goal, error


def _logit(share: float) -> float:
    return math.log(share / (1 - share))
