"""Event logs for other people's tools: data frames in the columns that vidigi and bupaR read.

Nothing is lost on the way: every time is there in minutes, unrounded, and columns of our own
carry what the other format has no place for. XES is written by `sim.measure.xes`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.engine.logs import Fate, Logs
from sim.measure.arrays import Integers
from sim.measure.context import Context
from sim.measure.joined_logs import Reading, open_ended

if TYPE_CHECKING:
    import pandas as pd

Names = npt.NDArray[np.object_]

#: how visits end, in the words of bupaR's life cycle
BUPAR_ENDS: Mapping[str, str] = {
    "ended": "complete",
    "reneged": "abort_activity",
    "balked": "autoskip",
}


def episode_table(context: Context, logs: Logs) -> pd.DataFrame:
    """One row per episode or side task, codes replaced by names.

    Columns are those of `sim.engine.logs.Episodes`, after `episode` (the row's number), with
    no value for an outcome or case that is not there, and a column ``level:attribute`` for each
    attribute.
    """
    import pandas as pd

    episodes = logs.episodes
    columns: dict[str, Any] = {
        "episode": np.arange(len(episodes.onset)),
        "person": episodes.person,
        "crisis": _named(context.crises, episodes.crisis),
        "layer": episodes.layer,
        "ordinal": episodes.ordinal,
        "onset": episodes.onset,
        "ended": episodes.ended,
        "outcome": _named(context.outcomes, episodes.outcome),
        "parent": episodes.parent,
        "case": _named(context.cases, episodes.case),
    }
    for column, attribute in enumerate(context.attributes):
        names = context.levels[column]
        columns[f"level:{attribute}"] = _named(names, episodes.levels[:, column])
    return pd.DataFrame(columns)


def visit_table(context: Context, logs: Logs) -> pd.DataFrame:
    """One row per visit, with the unit it seized; codes replaced by names.

    Columns `visit` (the row's number), `episode`, `step`, `fate`, `queued`, `started`, `ended`
    (minutes), and of the unit it seized `hold` (the row's number among the holds), `resource`,
    `unit` (a number from 1, always the lowest that was free), `released`, `ready` (minutes).
    """
    import pandas as pd

    visits, holds = logs.visits, logs.holds
    hold = Reading(context, logs).hold_of_visit
    seized = hold >= 0
    unit = np.ones(len(hold), dtype=np.int64)
    unit[seized] = unit_numbers(logs, len(context.resources))[hold[seized]]
    resource = np.full(len(hold), -1)
    resource[seized] = holds.resource[hold[seized]]
    released, ready = np.full(len(hold), np.nan), np.full(len(hold), np.nan)
    released[seized], ready[seized] = holds.released[hold[seized]], holds.ready[hold[seized]]
    return pd.DataFrame(
        {
            "visit": np.arange(len(hold)),
            "episode": visits.episode,
            "step": _named(context.steps, visits.step),
            "fate": _named([fate.name.lower() for fate in Fate], visits.fate),
            "queued": visits.queued,
            "started": visits.started,
            "ended": visits.ended,
            "hold": pd.arrays.IntegerArray(hold.astype(np.int64), ~seized),
            "resource": _named(context.resources, resource),
            "unit": pd.arrays.IntegerArray(unit, ~seized),
            "released": released,
            "ready": ready,
        }
    )


def hold_table(context: Context, logs: Logs) -> pd.DataFrame:
    """One row per unit of a resource held, codes replaced by names.

    Columns `hold` (the row's number), `episode`, `resource`, `unit` (a number from 1, always the
    lowest that was free), `seized`, `released`, `ready` (minutes).
    """
    import pandas as pd

    holds = logs.holds
    return pd.DataFrame(
        {
            "hold": np.arange(len(holds.seized)),
            "episode": holds.episode,
            "resource": _named(context.resources, holds.resource),
            "unit": unit_numbers(logs, len(context.resources)),
            "seized": holds.seized,
            "released": holds.released,
            "ready": holds.ready,
        }
    )


def unit_numbers(logs: Logs, resources: int) -> npt.NDArray[np.int64]:
    """Number of the unit in each hold, from 1: the lowest that was free when it was seized."""
    holds = logs.holds
    busy: list[list[tuple[float, int]]] = [[] for _ in range(resources)]
    free: list[list[int]] = [[] for _ in range(resources)]
    numbers = np.zeros(len(holds.seized), dtype=np.int64)
    columns = (holds.resource.tolist(), holds.seized.tolist(), open_ended(holds.ready).tolist())
    for row, (resource, seized, ready) in enumerate(zip(*columns, strict=True)):
        in_use, idle = busy[resource], free[resource]
        while in_use and in_use[0][0] <= seized:
            heappush(idle, heappop(in_use)[1])
        number = heappop(idle) if idle else len(in_use) + 1
        heappush(in_use, (ready, number))
        numbers[row] = number
    return numbers


def vidigi_log(context: Context, logs: Logs, run_number: int = 1) -> pd.DataFrame:
    """The event log that vidigi animates: one row per event, in order of time.

    Parameters
    ----------
    context, logs
        One replication.
    run_number
        Number of the replication, for logs of several put together.

    Returns
    -------
    DataFrame
        vidigi's columns `entity_id` (the episode), `pathway` (its crisis), `event_type`,
        `event`, `time` (minutes), `resource_id` (number of the unit) and `run_number`. Events
        are ``arrival``, ``step_wait`` (joined a queue) or ``step`` (a step that seizes
        nothing), ``step`` again as `resource_use`, ``step_release``, and ``depart``. Our own
        columns `visit`, `fate`, `ended`, `hold`, `resource` and `ready` belong to the visit.
    """
    import pandas as pd

    table, episodes = visit_table(context, logs), episode_table(context, logs)
    seizing = {context.steps[step] for step in context.seizing_steps}
    step = table["step"]
    queues = step.where(~step.isin(seizing), step + "_wait")
    held = table[table["unit"].notna()]
    unserved = table.assign(unit=table["unit"].where(table["unit"].isna()))
    parts = [
        _of_episodes(episodes, "arrival", "onset", place=-1),
        _of_visits(unserved, "queue", queues, "queued", rank=0),
        _of_visits(held, "resource_use", step, "started", rank=1),
        _of_visits(held, "resource_use_end", step + "_release", "released", rank=2),
        _of_episodes(episodes, "depart", "ended", place=len(table)),
    ]
    every = pd.concat(parts, ignore_index=True)
    # at one moment: by episode, then in the order in which things happen to it
    every = every.sort_values(["time", "entity_id", "place", "rank"], kind="stable")
    for name in ("visit", "hold", "resource_id"):
        every[name] = every[name].astype("Int64")
    every["pathway"] = episodes["crisis"].to_numpy()[every["entity_id"].to_numpy()]
    every["run_number"] = run_number
    columns = ["entity_id", "pathway", "event_type", "event", "time", "resource_id", "run_number"]
    ours = ["visit", "fate", "ended", "hold", "resource", "ready"]
    return every[columns + ours].reset_index(drop=True)


def _of_episodes(episodes: pd.DataFrame, event: str, time: str, place: int) -> pd.DataFrame:
    """Arrivals or departures that have happened."""
    happened = episodes[episodes[time].notna()]
    return happened[["episode"]].assign(
        entity_id=happened["episode"],
        event_type="arrival_departure",
        event=event,
        time=happened[time],
        place=place,
        rank=0,
    )


def _of_visits(
    table: pd.DataFrame, event_type: str, event: pd.Series[str], time: str, rank: int
) -> pd.DataFrame:
    """Events of visits that have happened, with the columns of our own."""
    happened = table[table[time].notna()]
    return happened[["visit", "fate", "ended", "hold", "resource", "ready"]].assign(
        entity_id=happened["episode"],
        event_type=event_type,
        event=event[happened.index],
        time=happened[time],
        resource_id=happened["unit"],
        place=happened["visit"],
        rank=rank,
    )


def bupar_log(context: Context, logs: Logs) -> pd.DataFrame:
    """The event log that bupaR reads: one row per change in the life of a visit.

    Returns
    -------
    DataFrame
        Columns for bupaR's ``eventlog``: `case_id` (the episode), `activity` (the step),
        `activity_instance_id` (the visit), `lifecycle_id` (``schedule``, ``start``, and
        ``complete``, ``abort_activity`` for reneging or ``autoskip`` for balking), `timestamp`
        (civil time, to the microsecond) and `resource_id` (the unit). Our own columns:
        `minutes` (the same time, unrounded), `hold`, `resource`, `unit`, `released` and `ready`
        of the unit seized; and the case attributes, which are those of `episode_table`.
    """
    import pandas as pd

    table = visit_table(context, logs)
    ends = table["fate"].map(lambda fate: BUPAR_ENDS.get(fate, ""))
    parts = [
        table.assign(lifecycle_id="schedule", minutes=table["queued"], rank=0),
        table.assign(lifecycle_id="start", minutes=table["started"], rank=1),
        table.assign(lifecycle_id=ends, minutes=table["ended"], rank=2),
    ]
    every = pd.concat([part[part["minutes"].notna()] for part in parts]).sort_values(
        ["minutes", "visit", "rank"], kind="stable"
    )
    every["timestamp"] = civil_times(context, every["minutes"].to_numpy())
    every["resource_id"] = [
        f"{resource} {unit}" if isinstance(resource, str) else None
        for resource, unit in zip(every["resource"], every["unit"], strict=True)
    ]
    cases = episode_table(context, logs).drop(columns=["onset", "ended"])
    every = every.merge(cases, on="episode", how="left", sort=False)
    every = every.rename(
        columns={"episode": "case_id", "step": "activity", "visit": "activity_instance_id"}
    )
    first = [
        "case_id",
        "activity",
        "activity_instance_id",
        "lifecycle_id",
        "timestamp",
        "resource_id",
        "minutes",
    ]
    unwanted = {"queued", "started", "ended", "fate", "rank", *first}
    return every[[*first, *(name for name in every.columns if name not in unwanted)]]


def civil_times(context: Context, minutes: npt.NDArray[Any]) -> npt.NDArray[np.datetime64]:
    """Civil date and time of moments in minutes, to the microsecond."""
    start = np.datetime64(context.start, "us")
    times: npt.NDArray[np.datetime64] = start + np.rint(minutes * 6e7).astype("timedelta64[us]")
    return times


def _named(names: Sequence[str], codes: Integers) -> Names:
    """Names of codes; None for -1."""
    return np.array([*names, None], dtype=object)[codes]
