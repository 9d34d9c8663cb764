"""Capacities that react, as arrays: which signals are looked at, and the sheets they choose from.

A signal that remembers (`until`, `for`), and one that a capacity varies by, is looked at when an
event is over: there is a watch for each pool it is on. Other signals are read when they are
needed, and have no watch.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.plan.flatten import chained, integers, rows, spans
from sim.plan.names import Names
from sim.plan.plan import NONE, SIGNAL, WATCH, Integers, Records, Watched
from sim.scenario.language.model import Resource, Scenario, Signal
from sim.scenario.language.pools import Pool, alone
from sim.scenario.language.sheets import sensed, sheet

#: what is looked up whenever it is asked for, unless it has to be remembered
_AT_ONCE = (Watched.OCCUPANCY, Watched.QUEUE)

#: a capacity on paper: a resource whose tables vary by calendars at most
Sheet = Resource


@dataclass(frozen=True)
class Reacting:
    """Signals and their watches; what each pool senses, and its sheets.

    `sheets` are those of the pools in their order; `first_sheet` numbers the first of each pool.
    """

    signals: Records
    watches: Records
    senses: Integers
    first_sense: list[int]
    end_sense: list[int]
    sheets: tuple[tuple[Sheet, ...], ...]

    @property
    def first_sheet(self) -> list[int]:
        """The number of the first sheet of each pool."""
        return [0, *itertools.accumulate(len(sheets) for sheets in self.sheets)][:-1]


def compile_reacting(model: Scenario, names: Names) -> Reacting:
    """What is looked at, and what follows from it for capacities."""
    counting = _counting(model)
    pools = [_own(model, names, signal) for signal in counting.values()]
    first, watches = _watched(model, names)
    sensing = [list(_senses(model, names, pool, first)) for pool in names.pools]
    first_sense, end_sense = spans(sensing)
    return Reacting(
        signals=rows(
            SIGNAL,
            resource=[resource for resource, _ in pools],
            levels=[levels for _, levels in pools],
            what=[_what(s) for s in counting.values()],
            at_least=[s.at_least for s in counting.values()],
            watch=[first[n] if remembers(s) else NONE for n, s in counting.items()],
        ),
        watches=rows(
            WATCH, **{name: [w[i] for w in watches] for i, name in enumerate(WATCH.names or ())}
        ),
        senses=integers(chained(sensing)),
        first_sense=first_sense,
        end_sense=end_sense,
        sheets=tuple(_sheets(model, pool) for pool in names.pools),
    )


def _counting(model: Scenario) -> dict[str, Signal]:
    """The signals that are not times, in the order of their names."""
    return {name: s for name, s in sorted(model.signals.items()) if s.since is None}


def _watched(model: Scenario, names: Names) -> tuple[dict[str, int], list[tuple[Any, ...]]]:
    """The first watch of each signal that has some, and all watches."""
    first: dict[str, int] = {}
    watches: list[tuple[Any, ...]] = []
    read = _read(model)
    for name, signal in _counting(model).items():
        if remembers(signal) or name in read:
            resource, levels = _own(model, names, signal)
            first[name] = len(watches)
            count = 1 if levels == NONE else len(names.levels(names.attributes[levels]))
            watches += [_watch(signal, resource + number) for number in range(count)]
    return first, watches


def remembers(signal: Signal) -> bool:
    """Whether what a signal is depends on what was, and not only on how a resource stands."""
    return signal.until is not None or signal.for_ > 0.0 or _what(signal) not in _AT_ONCE


def _what(signal: Signal) -> Watched:
    """What a signal looks at."""
    if signal.inside:
        return Watched.INSIDE
    if signal.queue is None:
        return Watched.OCCUPANCY
    return Watched.WAITED if signal.waited > 0.0 else Watched.QUEUE


def compile_counters(model: Scenario, names: Names) -> tuple[list[int], list[int], Integers]:
    """By step, the span of watches that count who is there, and these."""
    first, _ = _watched(model, names)
    found = [
        [first[signal] for signal, about in sorted(model.signals.items()) if step in about.inside]
        for step in names.steps
    ]
    begin, end = spans(found)
    return begin, end, integers(chained(found))


def _read(model: Scenario) -> set[str]:
    """The signals that capacities vary by."""
    return {name for resource in model.resources.values() for name in sensed(model, resource)}


def _own(model: Scenario, names: Names, signal: Signal) -> tuple[int, int]:
    """The resource a signal is on, and the attribute whose level says which of its pools."""
    if signal.inside:
        return 0, NONE
    name = str(signal.queue or signal.occupancy)
    if name in names.resources:
        return names.resources.index(name), NONE
    first, per = names.spans[name][0], model.resources[name].per
    return first, NONE if per is None else names.attributes.index(per)


def _watch(signal: Signal, resource: int) -> tuple[Any, ...]:
    # without `until` it is off as soon as there are fewer
    until = np.nextafter(signal.at_least, -np.inf) if signal.until is None else signal.until
    return resource, _what(signal), signal.waited, signal.at_least, until, signal.for_


def _senses(model: Scenario, names: Names, pool: Pool, first: dict[str, int]) -> Iterator[int]:
    """The watches that a pool's capacity varies by; of a signal on pools that of its own level."""
    resource = model.resources[pool.resource]
    for name in sensed(model, resource):
        signal = model.signals[name]
        _, levels = _own(model, names, signal)
        own = 0
        if levels != NONE and pool.level is not None:
            own = names.levels(names.attributes[levels])[pool.level]
        yield first[name] + own


def _sheets(model: Scenario, pool: Pool) -> tuple[Sheet, ...]:
    """The capacities of a pool in each state of its signals, the first of which is the lowest."""
    resource = model.resources[pool.resource]
    own, signals = alone(resource, pool.level), sensed(model, resource)
    return tuple(
        sheet(own, dict(zip(reversed(signals), state, strict=True)))
        for state in itertools.product(("no", "yes"), repeat=len(signals))
    )
