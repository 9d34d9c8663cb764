"""Verdicts in words: what stands above every table of a run that had not settled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from sim.experiment.settling.chains import Link
from sim.experiment.settling.memory import MEMORIES
from sim.experiment.settling.verdicts import Settling, State, Verdict

DAY = 1440.0

#: resources named in one sentence
MOST_NAMED = 6


def sentences(settling: Settling) -> tuple[str, ...]:
    """What must be said before any number, the worst first; empty if everything settled."""
    return (
        *_gridlocks(settling),
        *_grown(settling),
        *_begun(settling),
        *_too_short(settling),
    )


def _gridlocks(settling: Settling) -> Iterator[str]:
    """One sentence for each place where gridlock begins."""
    found = settling.of(State.GRIDLOCK)
    for begins in dict.fromkeys(_root(verdict) for verdict in found):
        here = [verdict for verdict in found if _root(verdict) == begins]
        worst = max(here, key=lambda verdict: len(verdict.chain))
        if worst.circle:
            what = "Gridlock: a circle in which each holds what the other waits for"
            how = _arrows(worst.circle)
        else:
            what, how = f"Gridlock, beginning at `{begins}`", _chain(settling, worst.chain)
        yield f"{what}: {how}. {_waiting(here)}{_stuck(settling, worst)}"


def _root(verdict: Verdict) -> str:
    return ", ".join(sorted(set(verdict.circle))) or verdict.begins_at


def _chain(settling: Settling, chain: Sequence[Link]) -> str:
    """Who holds what while waiting for what, along a chain."""
    use = {verdict.resource: verdict.use for verdict in settling.verdicts}
    return "; ".join(
        f"`{link.holder}` ({use[link.holder] * 100:.0f} % in use) are held, for "
        f"{link.share * 100:.0f} % of that time, by people who wait for `{link.wanted}`"
        for link in chain
    )


def _grown(settling: Settling) -> Iterator[str]:
    found = settling.of(State.DID_NOT_SETTLE)
    if found:
        several = "queues" if len(found) > 1 else "a queue"
        yield (
            f"Did not settle: {several} grew for as long as was measured, so that every figure "
            f"depends on how long that is. {_waiting(found)}{_lost(settling, found)}"
        )


def _lost(settling: Settling, found: Sequence[Verdict]) -> str:
    """What those who hold the units wait for, where that is much of the time."""
    parts = [_chain(settling, verdict.chain) for verdict in found if verdict.chain]
    return f" {'; '.join(parts)}." if parts else ""


def _begun(settling: Settling) -> Iterator[str]:
    found = settling.of(State.BEGAN_UNSETTLED)
    queues = [verdict for verdict in found if not verdict.filling]
    if queues:
        slowest = max(verdict.memory for verdict in queues)
        names = _named([f"`{verdict.resource}`" for verdict in queues])
        enough = f"; it takes {_days(MEMORIES * slowest)} or more" if slowest < 1e9 else ""
        yield (
            f"Not settled when measuring began: {_warm_up(settling)} is too short for the queue "
            f"for {names} to forget its empty beginning{enough}. {_waiting(queues)}"
        )
    filling = [verdict for verdict in found if verdict.filling]
    if filling:
        units = ", ".join(
            f"`{verdict.resource}` from {verdict.units_first:,.0f} to {verdict.units_last:,.0f}"
            for verdict in filling[:MOST_NAMED]
        )
        yield (
            f"Not settled when measuring began: {_warm_up(settling)} is too short. "
            f"Units in use still rose, on average: {units}."
        )


def _warm_up(settling: Settling) -> str:
    return f"a warm-up of {_days(settling.warm_up)}" if settling.warm_up else "no warm-up"


def _too_short(settling: Settling) -> Iterator[str]:
    found = [verdict for verdict in settling.of(State.TOO_SHORT) if verdict.waiting_last >= 1.0]
    if found:
        yield (
            f"{_days(settling.measured)} of measuring is too short to tell whether queues had "
            f"settled. {_waiting(found)}"
        )


def _waiting(found: Sequence[Verdict]) -> str:
    """How many waited when measuring began and at the end."""
    parts = [
        f"{verdict.waiting_last:,.0f} waiting for `{verdict.resource}` "
        f"({verdict.waiting_first:,.0f} when measuring began)"
        for verdict in found[:MOST_NAMED]
    ]
    more = len(found) - MOST_NAMED
    if more > 0:
        parts.append(f"and {more} more such queues")
    return f"At the end, on average: {', '.join(parts)}."


def _stuck(settling: Settling, verdict: Verdict) -> str:
    if not verdict.stuck:
        return ""
    return (
        f" In {verdict.stuck} of {settling.replications} replications nobody there could move "
        "any more."
    )


def _arrows(circle: Sequence[str]) -> str:
    return "; ".join(f"`{a}` held, waiting for `{b}`" for a, b in pairwise(circle))


def _named(names: Sequence[str]) -> str:
    shown = list(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        shown.append(f"{len(names) - MOST_NAMED} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]


def _days(minutes: float) -> str:
    """A duration in the unit that suits it."""
    for unit, size in (("days", DAY), ("hours", 60.0)):
        if minutes >= size:
            number = f"{minutes / size:,.2g}" if minutes < 10 * size else f"{minutes / size:,.0f}"
            return f"{number} {unit[:-1] if number == '1' else unit}"
    return f"{minutes:.2g} minutes"
