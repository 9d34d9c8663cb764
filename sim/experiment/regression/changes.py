"""What differs between a reference and what a scenario gives now: numbers, and the first event."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.experiment.regression.first_difference import FirstDifference, first_difference
from sim.experiment.regression.reference import DIGITS, Key, Reference, Rerun

#: how far, of its own size, a number may lie from the rounded one beyond rounding: the last bits
#: of a sum may differ between machines
LAST_BITS = 1e-9


@dataclass(frozen=True)
class Change:
    """A number that is not what it was: NaN if it had no value, None if not measured any more."""

    measure: str
    of: str
    replication: int
    was: float
    now: float | None

    @property
    def percent(self) -> float:
        """By how much, in per cent of what it was; infinite from nothing, NaN without a number."""
        if self.now is None:
            return math.nan
        change = self.now - self.was
        return 100 * change / abs(self.was) if self.was else math.copysign(math.inf, change)


@dataclass(frozen=True)
class Report:
    """What became of one case.

    Attributes
    ----------
    name
        Of the case.
    compared
        How many numbers were compared; None if there is no reference yet.
    changes
        Those that differ, the largest change first.
    added
        Numbers that are measured now and are not in the reference, which is no fault.
    first
        The first event that differs from the reference.
    engines
        The first event in which the two engines differ.
    """

    name: str
    compared: int | None
    changes: tuple[Change, ...] = ()
    added: tuple[Key, ...] = ()
    first: FirstDifference | None = None
    engines: FirstDifference | None = None

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        known = self.compared is not None
        return known and not self.changes and self.first is None and self.engines is None


def compared(name: str, reference: Reference | None, now: Rerun) -> Report:
    """Set what a case gives now beside its reference."""
    if reference is None:
        return Report(name, None, engines=now.engines)
    numbers = now.reference.numbers
    changes = [
        Change(*key, was, numbers.get(key))
        for key, was in reference.numbers.items()
        if not _same(was, numbers.get(key))
    ]
    changes.sort(key=lambda each: -math.inf if math.isnan(each.percent) else -abs(each.percent))
    return Report(
        name,
        len(reference.numbers),
        tuple(changes),
        tuple(key for key in numbers if key not in reference.numbers),
        first_difference(reference.recorded.events, now.reference.recorded.events),
        now.engines,
    )


def _same(was: float, now: float | None) -> bool:
    """Whether a number is what it was, as far as the digits kept can tell."""
    if now is None:
        return False
    if math.isnan(was) or math.isnan(now) or was == now:
        return was == now or (math.isnan(was) and math.isnan(now))
    half = 0.5 * 10.0 ** (math.floor(math.log10(abs(was))) - DIGITS + 1) if was else 0.0
    return abs(now - was) <= half + LAST_BITS * abs(now)
