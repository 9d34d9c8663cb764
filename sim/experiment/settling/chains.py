"""Who waits for whom: from a queue along the units that are held by people who wait themselves.

A queue may be long because its own units are few, or because they are held by people who wait for
something else, who wait because ... The chain is followed to the resource that nobody else holds
up, which is where it begins; or back to itself, which is a deadlock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.measure.backlog import Backlog

Floats = npt.NDArray[np.float64]

#: share of a resource's time lost to people who wait for another, from which that is followed
HELD_UP = 0.2


@dataclass(frozen=True, slots=True)
class Link:
    """Units of `holder` are held, for a `share` of their time, by people who wait for `wanted`."""

    holder: str
    wanted: str
    share: float


@dataclass(frozen=True, slots=True)
class Blocking:
    """How resources hold each other up at the end, over all replications.

    `share[a, b]` is the part of the time that units of `a` were held, in the last part of the
    measured time, in which the holder waited for `b`.
    """

    names: tuple[str, ...]
    share: Floats

    def chain(self, resource: int) -> tuple[Link, ...]:
        """The links from a resource to where its chain begins, or back to what is in it already."""
        links: list[Link] = []
        seen = [resource]
        while True:
            here = seen[-1]
            following = int(self.share[here].argmax())
            share = float(self.share[here, following])
            if share < HELD_UP:
                return tuple(links)
            links.append(Link(self.names[here], self.names[following], share))
            if following in seen:
                return tuple(links)
            seen.append(following)


def blocking(records: Sequence[Backlog], names: tuple[str, ...]) -> Blocking:
    """Put the replications together; `names` are those of the resources."""
    held = sum((record.held for record in records), np.zeros(len(names)))
    blocked = sum((record.blocked for record in records), np.zeros((len(names), len(names))))
    return Blocking(names, blocked / np.where(held > 0.0, held, 1.0)[:, None])


def is_circle(chain: tuple[Link, ...]) -> bool:
    """Whether a chain comes back to a resource that is in it."""
    return bool(chain) and chain[-1].wanted in [link.holder for link in chain]


def circle(chain: tuple[Link, ...]) -> tuple[str, ...]:
    """The resources of the circle a chain ends in, the first repeated at the end; empty if none."""
    if not is_circle(chain):
        return ()
    holders = [link.holder for link in chain]
    first = holders.index(chain[-1].wanted)
    return (*holders[first:], chain[-1].wanted)


def frozen(record: Backlog, capacity: Floats) -> npt.NDArray[np.bool_]:
    """Resources all of whose units are held by people who wait for each other, at the horizon.

    Parameters
    ----------
    record
        One replication.
    capacity
        Units of each resource at the horizon; infinite if unlimited.

    Notes
    -----
    The largest set of resources of which every unit is held by somebody who waits for a resource
    of the set: unless one of them gives up, none of them ever moves again.
    """
    in_use = record.in_use[:, -1]
    stuck = (in_use >= capacity) & (capacity > 0)
    while True:
        inside = (record.stuck * stuck[None, :]).sum(axis=1)
        remaining = stuck & (inside >= in_use)
        if np.array_equal(remaining, stuck):
            return stuck
        stuck = remaining
