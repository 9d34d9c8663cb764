"""Over which time counts and sums are shown: that of the run, a year or a day.

Counts grow with the time that is measured, so a count without its period says nothing. Only what
grows with it is changed (`Definition.accumulates`): rates, shares, waits and averages stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    import pandas as pd

Per = Literal["run", "year", "day"]
PERIODS: tuple[Per, ...] = get_args(Per)

_YEAR = 365.0  # days, as for the rates of a scenario

#: columns of a frame that are in the unit of the measure
_SCALED = ("value", "mean", "low", "high", "sd", "baseline", "difference")


class UnknownPeriodError(ValueError):
    """A period that is not one of `PERIODS`."""

    def __init__(self, given: object) -> None:
        super().__init__(f"per={given!r} is no period: it is one of {', '.join(PERIODS)}")


@dataclass(frozen=True, slots=True)
class Period:
    """What counts are multiplied by, and the words that stand with them."""

    factor: float
    words: str


def period(per: Per, days: float) -> Period:
    """The period in which counts of a run of so many measured days are shown.

    Raises
    ------
    UnknownPeriodError
        If `per` is none of `PERIODS`.
    """
    if per not in PERIODS:
        raise UnknownPeriodError(per)
    if per == "year":
        return Period(_YEAR / days, "a year")
    if per == "day":
        return Period(1 / days, "a day")
    return Period(1.0, f"in {days:,.4g} {'day' if days == 1 else 'days'}")


def in_period(frame: pd.DataFrame, per: Per, days: float) -> pd.DataFrame:
    """Put the counts and sums of a frame into a period.

    Parameters
    ----------
    frame
        Has a column `measure`, and some of `mean`, `value`, `difference`, their bounds, ...
    per
        The period.
    days
        Length of the measured time.

    Returns
    -------
    pandas.DataFrame
        The same with a further column `period`: its words, empty for what does not accumulate.
    """
    from sim.measure import definitions

    chosen, known = period(per, days), definitions()
    accumulates = frame["measure"].map(lambda name: known[name].accumulates).astype(bool)
    result = frame.assign(period=accumulates.map({True: chosen.words, False: ""}))
    if chosen.factor != 1.0:
        for column in (name for name in _SCALED if name in result):
            result.loc[accumulates, column] *= chosen.factor
    return result
