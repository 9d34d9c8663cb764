"""Tables of what happens when, how long stays were, and how much was in use for how long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import reduce
from operator import add
from typing import TYPE_CHECKING

import numpy as np

from sim.report.hours import HOURS, WEEKDAYS, Days, Hours
from sim.report.stay_bands import TITLES
from sim.report.world import World

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results import Results
    from sim.report.occupancy import Floats

#: names of the days as the language has them
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

#: quantiles over replications of what was on a day
QUANTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


def by_hour(arms: Sequence[tuple[str, World, Sequence[Hours]]]) -> pd.DataFrame:
    """What is usual in each hour of the week, over all replications.

    Parameters
    ----------
    arms
        Name, world and the hours of the week of every replication.

    Returns
    -------
    pandas.DataFrame
        Columns `arm`, `resource`, `weekday` (`mon` to `sun`), `hour` (0 to 23), `coming` (visits
        that come in such an hour), `wait` (their mean, minutes; NaN where nobody was served),
        `in_use` (mean units held) and `queue` (mean visits waiting).
    """
    import pandas as pd

    frames = []
    for name, world, replications in arms:
        total = reduce(add, replications)
        resources = [item.name for item in world.resources]
        each = WEEKDAYS * HOURS
        frames.append(
            pd.DataFrame(
                {
                    "arm": name,
                    "resource": np.repeat(resources, each),
                    "weekday": np.tile(np.repeat(NAMES, HOURS), len(resources)),
                    "hour": np.tile(np.arange(HOURS), len(resources) * WEEKDAYS),
                    "coming": total.coming.reshape(-1),
                    "wait": total.wait.reshape(-1),
                    "in_use": total.in_use.reshape(-1),
                    "queue": total.queue.reshape(-1),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def by_date(arms: Sequence[tuple[str, World, Sequence[Days]]]) -> pd.DataFrame:
    """What was on each whole day of the measured time: mean and quantiles over replications.

    Parameters
    ----------
    arms
        Name, world and the days of every replication.

    Returns
    -------
    pandas.DataFrame
        Columns `arm`, `date`, `what` (`begun`: episodes begun; `visits` started, by tag; `in_use`
        and `queue`, by resource: mean units held and visits waiting), `of`, `mean`, `p10`, `p50`
        and `p90`. Things that are 0 on every day are left out.
    """
    import pandas as pd

    frames = []
    for name, world, replications in arms:
        for what, of, values in _things(world, replications):
            frame = {
                "arm": name,
                "date": [
                    (world.start + timedelta(days=replications[0].first + day)).isoformat()
                    for day in range(values.shape[1])
                ],
                "what": what,
                "of": of,
                "mean": values.mean(axis=0),
            }
            levels = np.quantile(values, list(QUANTILES.values()), axis=0)
            frames.append(pd.DataFrame(frame | dict(zip(QUANTILES, levels, strict=True))))
    names = ("arm", "date", "what", "of", "mean", *QUANTILES)
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=names)


def by_band(arms: Sequence[tuple[str, Sequence[Mapping[str, Floats]]]]) -> pd.DataFrame:
    """How long stays in beds were that ended in the measured time, by whole days.

    Parameters
    ----------
    arms
        Name, and of every replication the stays in each band by kind of bed.

    Returns
    -------
    pandas.DataFrame
        Columns `arm`, `beds` (their kind), `days` (as `4 to 7 days`), `stays` (mean over
        replications) and `share` of all stays in such beds.
    """
    import pandas as pd

    frames = []
    for name, replications in arms:
        for kind in replications[0]:
            stays = np.mean([each[kind] for each in replications], axis=0)
            share = stays / total if (total := stays.sum()) else np.full(len(stays), np.nan)
            about = {"arm": name, "beds": kind, "days": TITLES, "stays": stays, "share": share}
            frames.append(pd.DataFrame(about))
    names = ("arm", "beds", "days", "stays", "share")
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=names)


def by_number(arms: Sequence[tuple[str, World, Sequence[Sequence[Floats]]]]) -> pd.DataFrame:
    """How long how many units were in use.

    Parameters
    ----------
    arms
        Name, world and of every replication, for each resource, the share of the measured time
        in which 0, 1, 2, ... units were held.

    Returns
    -------
    pandas.DataFrame
        Columns `arm`, `resource`, `units`, `share` of the time with just so many in use, and
        `at_least`, that with so many or more; means over replications.
    """
    import pandas as pd

    frames = []
    for name, world, replications in arms:
        for code, resource in enumerate(world.resources):
            each = [replication[code] for replication in replications]
            most = max(map(len, each))
            share = np.mean([np.pad(one, (0, most - len(one))) for one in each], axis=0)
            about = {
                "arm": name,
                "resource": resource.name,
                "units": np.arange(most),
                "share": share,
                "at_least": share[::-1].cumsum()[::-1],
            }
            frames.append(pd.DataFrame(about)[share > 0.0])
    names = ("arm", "resource", "units", "share", "at_least")
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=names)


def frames(arms: Sequence[Results]) -> dict[str, pd.DataFrame]:
    """The tables of runs, by the name of their file: `hours`, `days`, `stays` and `in_use`.

    Raises
    ------
    ValueError
        If an arm was run without `sim.report.digest.digest`.
    """
    from sim.report.page.arms import digests, worlds

    meanings = [(arm.name, world) for arm, world in zip(arms, worlds(arms), strict=True)]
    kept = [digests(arm) for arm in arms]
    return {
        "hours": by_hour(
            [(*who, [item.week for item in own]) for who, own in zip(meanings, kept, strict=True)]
        ),
        "days": by_date(
            [(*who, [item.days for item in own]) for who, own in zip(meanings, kept, strict=True)]
        ),
        "stays": by_band(
            [
                (name, [item.stays for item in own])
                for (name, _), own in zip(meanings, kept, strict=True)
            ]
        ),
        "in_use": by_number(
            [(*who, [item.in_use for item in own]) for who, own in zip(meanings, kept, strict=True)]
        ),
    }


def _things(world: World, replications: Sequence[Days]) -> Iterator[tuple[str, str, Floats]]:
    """What is counted, of what, and the numbers, of shape (replications, days)."""
    yield "begun", "", np.array([days.begun for days in replications], dtype=np.float64)
    resources = tuple(item.name for item in world.resources)
    named = {"visits": world.tags, "in_use": resources, "queue": resources}
    for what, names in named.items():
        every = np.array([getattr(days, what) for days in replications], dtype=np.float64)
        for code, of in enumerate(names):
            if every[:, code].any():
                yield what, of, every[:, code]
