"""Signals that remember, and capacities that react: limits that fit together."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.analysis.weekly import most_units
from sim.scenario.language.model import Resource, Signal
from sim.scenario.language.sheets import sensed, sheet
from sim.scenario.problems import Path, listed
from sim.scenario.rules.defined_names import Known, present
from sim.scenario.written.positions import Complaint
from sim.scenario.written.scalars import BROKEN

Complaints = Iterator[Complaint]

#: Most signals one capacity may vary by: every combination of them is a capacity of its own.
MOST_SENSED = 6


def wrong_signal(signal: Signal, path: Path) -> Complaints:
    """A signal that goes off no later than it goes on, or a time or wait that makes no sense."""
    if present(signal.since) and (present(signal.until) or "for_" in signal.model_fields_set):
        yield Complaint(
            path,
            "a time that has passed does not go off again",
            found=listed(name for name in ("until", "for") if name.rstrip("_") in _fields(signal)),
            allowed="`since` and `at_least` alone",
        )
        return
    if signal.waited not in (0.0, BROKEN) and signal.queue is None:
        yield Complaint(
            (*path, "waited"), "`waited` without `queue`: it is in a queue that one waits"
        )
    if not present(signal.until) or signal.until is None or signal.at_least is BROKEN:
        return
    if signal.until >= signal.at_least:
        yield Complaint(
            (*path, "until"),
            "`until` is not below `at_least`, so that the signal would never stay on",
            found=f"{signal.until:g}, with at_least: {signal.at_least:g}",
            allowed="less than `at_least`; without `until` it is off as soon as there are fewer",
        )


def _fields(signal: Signal) -> set[str]:
    return {field.rstrip("_") for field in signal.model_fields_set}


def wrong_reaction(known: Known, name: str, resource: Resource, path: Path) -> Complaints:
    """What is wrong with a capacity that reacts to signals."""
    if resource.capacity is BROKEN or BROKEN in resource.changes.values():
        return
    signals = sensed(known.model, resource)
    for field in ("opens_after", "closes_after"):
        # an option may well give a resource a capacity that is always the same
        meant = known.same_file((*path, field), (*path, "capacity"))
        if field in resource.model_fields_set and not signals and meant:
            yield Complaint(
                (*path, field),
                f"`{field}` without a capacity that varies by a signal: nothing opens or closes",
                allowed="`capacity: {by: SIGNAL, yes: ..., no: ...}`",
            )
    if len(signals) > MOST_SENSED:
        yield Complaint(
            (*path, "capacity"),
            "varies by more signals than can be combined",
            found=listed(signals),
            allowed=f"at most {MOST_SENSED}",
        )
    for signal in signals:
        yield from _strange_pools(known, signal, resource, path)
        yield from _restless(known, name, signal, resource, path)


def _strange_pools(known: Known, name: str, resource: Resource, path: Path) -> Complaints:
    """A signal on pools of which this resource does not know its own."""
    signal = known.model.signals[name]
    on = signal.queue or signal.occupancy
    watched = known.model.resources.get(on) if isinstance(on, str) else None
    if watched is None or not isinstance(watched.per, str) or watched.per == resource.per:
        return
    yield Complaint(
        (*path, "capacity"),
        f"`{name}` is on `{on}`, which has a pool per `{watched.per}`: it is not said which",
        found=f"by: {name}",
        allowed=f"a signal on one of its pools (`{on}[LEVEL]`), or `per: {watched.per}` here",
    )


def _restless(known: Known, name: str, signal: str, resource: Resource, path: Path) -> Complaints:
    """A capacity that goes back as soon as it has changed, since its own occupancy changes."""
    about = known.model.signals[signal]
    if not isinstance(about.occupancy, str) or about.occupancy.partition("[")[0] != name:
        return
    until = about.at_least if about.until is None else about.until
    if BROKEN in (until, about.at_least):
        return
    no, yes = (most_units(sheet(resource, {signal: state})) for state in ("no", "yes"))
    if no < yes and until * yes >= about.at_least * no:
        yield Complaint(
            (*path, "capacity"),
            f"`{signal}` is on the occupancy of `{name}` itself, which falls as the capacity "
            "rises, so that it would close as soon as it has opened",
            found=f"by: {signal}",
            allowed=f"`until` at `{signal}`, so low that the occupancy after opening is above it; "
            "or a signal on the queue",
        )
