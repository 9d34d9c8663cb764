"""What reports keep of a replication's logs, which are too large to keep themselves.

`digest` runs where the logs were made, possibly in a worker process; what it returns is small
and can be sent back: beds in use by day, stays in bands, the place each episode reached, moves
between services, the week hour by hour, the year day by day, the logs of the cases.
Measures are computed elsewhere (`sim.measure`).
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.measure.context import context_of_requests
from sim.measure.joined_logs import Reading
from sim.measure.journeys import traced
from sim.measure.places import Places, places
from sim.report.flows import Reached, reached
from sim.report.hours import Days, Hours, hours_and_days
from sim.report.occupancy import Floats, daily_use, shares_in_use
from sim.report.services import Moves, moves
from sim.report.stay_bands import bands
from sim.report.world import BED_TITLES, World, view

if TYPE_CHECKING:
    from sim.engine.logs import Logs
    from sim.plan.plan import Plan
    from sim.scenario.language.model import Scenario


@dataclass(frozen=True, slots=True)
class Digest:
    """One replication of one arm.

    `used` has, per kind of bed there is, the mean beds in use on each day, and `stays` the stays
    by band; `in_use` has, per resource, the share of time with 0, 1, 2, ... units held; `traced`
    is the part of the logs that the named cases left (`sim.measure.journeys` and
    `sim.report.story.timeline` read it); `packed` is what `reached` unpacks; `alike` has, per
    case, how many measured episodes of others have its attributes and its crisis.
    """

    used: Mapping[str, Floats]
    stays: Mapping[str, Floats]
    moves: Moves
    week: Hours
    days: Days
    in_use: tuple[Floats, ...]
    packed: bytes
    traced: Logs
    alike: Mapping[str, int] = field(default_factory=dict)

    @property
    def reached(self) -> Reached:
        """The place that each episode reached."""
        reached: Reached = pickle.loads(zlib.decompress(self.packed))
        return reached


def digest(plan: Plan, model: Scenario, logs: Logs) -> Digest:
    """Keep what reports need of one replication."""
    where = places(Reading(context_of_requests(plan, model), logs))
    return digest_of(view(model, plan), logs, where)


def digest_of(world: World, logs: Logs, where: Places) -> Digest:
    """Keep what reports need of one replication of a world, with where its visits stood."""
    beds = {kind: world.beds(kind) for kind in BED_TITLES if world.beds(kind)}
    used = {kind: daily_use(logs.holds, codes, logs.horizon) for kind, codes in beds.items()}
    stays = {kind: bands(world, logs.holds, codes) for kind, codes in beds.items()}
    # a year of a quarter of a million people is a million episodes: 10 MB, packed 2 MB
    packed = zlib.compress(pickle.dumps(reached(world, logs)), level=1)
    week, days = hours_and_days(world, logs, where)
    in_use = shares_in_use(world, logs.holds)
    who = alike(world, logs)
    return Digest(used, stays, moves(world, logs), week, days, in_use, packed, traced(logs), who)


def alike(world: World, logs: Logs) -> Mapping[str, int]:
    """Count, for each case, the measured episodes of people like it that have the same crisis.

    Like it are those with all the attributes that the case gives, whatever the others.
    """
    import numpy as np

    episodes = logs.episodes
    number = {name: column for column, (name, _) in enumerate(world.attributes)}
    found = {}
    for case in world.cases:
        if any(name not in number for name, _ in case.attributes):
            continue  # a world made by hand, whose attributes are not known
        chosen = (episodes.parent < 0) & (episodes.case < 0) & (episodes.onset >= world.warm_up)
        chosen &= episodes.crisis == world.crises.index(case.crisis_name)
        for name, level in case.attributes:
            column = number[name]
            chosen &= episodes.levels[:, column] == world.attributes[column][1].index(level)
        found[case.name] = int(np.count_nonzero(chosen))
    return found
