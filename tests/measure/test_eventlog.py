"""The conversions lose nothing: the logs are rebuilt from what was written, to the last bit."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings

from sim.engine.logs import Fate, Logs
from sim.measure.context import Context
from sim.measure.eventlog import bupar_log, episode_table, unit_numbers, vidigi_log, visit_table
from sim.measure.xes import write_xes
from tests.measure.hand import Patient, Visit, context, logs_of
from tests.measure.invented import HORIZON, patients

MADE = context(horizon=HORIZON)
XES = "{http://www.xes-standard.org/}"
FATES = [fate.name.lower() for fate in Fate]

SAMPLE = [
    Patient([Visit("ask", 0, 0, 10.1), Visit("triage", 10.1, 1 / 3 + 20, 30)], person=1),
    Patient([Visit("triage", 5, None, 7)], person=2, levels=("young", "yes")),
    Patient([Visit("triage", 6, None, 6), Visit("treat", 6, 6)], person=3, case=0),
]


def through_csv(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(frame.to_csv(index=False)))


def visits_of(logs: Logs, made: Context) -> pd.DataFrame:
    """What an event log must give back: visits in order, with their holds."""
    columns = ["visit", "episode", "step", "fate", "queued", "started", "ended"]
    columns += ["hold", "resource", "released", "ready"]
    return visit_table(made, logs)[columns]


@settings(max_examples=40, deadline=None)
@given(patients())
def test_visits_and_holds_are_rebuilt_from_vidigis_columns(invented: list[Patient]) -> None:
    logs = logs_of(MADE, *invented)
    frame = through_csv(vidigi_log(MADE, logs))
    queue = frame[frame["event_type"] == "queue"].set_index("visit").sort_index()
    use = frame[frame["event_type"] == "resource_use"].set_index("visit")["time"]
    end = frame[frame["event_type"] == "resource_use_end"].set_index("visit")["time"]
    rebuilt = pd.DataFrame(
        {
            "visit": queue.index,
            "episode": queue["entity_id"].to_numpy(),
            "step": queue["event"].str.removesuffix("_wait").to_numpy(),
            "fate": queue["fate"].to_numpy(),
            "queued": queue["time"].to_numpy(),
            "started": queue["time"].where(~queue["event"].str.endswith("_wait")).to_numpy(),
            "ended": queue["ended"].to_numpy(),
            "hold": queue["hold"].to_numpy(),
            "resource": queue["resource"].to_numpy(),
            "released": end.reindex(queue.index).to_numpy(),
            "ready": queue["ready"].to_numpy(),
        }
    )
    rebuilt["started"] = rebuilt["started"].fillna(use.reindex(queue.index).reset_index(drop=True))
    assert_same_visits(rebuilt, visits_of(logs, MADE))
    arrivals = frame[frame["event"] == "arrival"].sort_values("entity_id")
    np.testing.assert_array_equal(arrivals["time"], logs.episodes.onset)
    departures = frame[frame["event"] == "depart"].sort_values("entity_id")
    ended = logs.episodes.ended
    np.testing.assert_array_equal(departures["time"], ended[~np.isnan(ended)])


@settings(max_examples=40, deadline=None)
@given(patients())
def test_visits_and_holds_are_rebuilt_from_bupars_columns(invented: list[Patient]) -> None:
    logs = logs_of(MADE, *invented)
    frame = through_csv(bupar_log(MADE, logs))
    stages = {
        stage: frame[frame["lifecycle_id"].isin(names)].set_index("activity_instance_id")
        for stage, names in {
            "queued": ["schedule"],
            "started": ["start"],
            "ended": ["complete", "abort_activity", "autoskip"],
        }.items()
    }
    first = stages["queued"].sort_index()
    how = stages["ended"]["lifecycle_id"].reindex(first.index)
    started = stages["started"]["minutes"].reindex(first.index)
    fate = how.map({"complete": "ended", "abort_activity": "reneged", "autoskip": "balked"})
    fate = fate.astype(object).where(how.notna(), "waiting")
    fate = fate.where(~(how.isna() & started.notna()), "started")
    rebuilt = pd.DataFrame(
        {
            "visit": first.index,
            "episode": first["case_id"].to_numpy(),
            "step": first["activity"].to_numpy(),
            "fate": fate.to_numpy(),
            "queued": first["minutes"].to_numpy(),
            "started": started.to_numpy(),
            "ended": stages["ended"]["minutes"].reindex(first.index).to_numpy(),
            **{name: first[name].to_numpy() for name in ("hold", "resource", "released", "ready")},
        }
    )
    assert_same_visits(rebuilt, visits_of(logs, MADE))


def assert_same_visits(rebuilt: pd.DataFrame, original: pd.DataFrame) -> None:
    assert len(rebuilt) == len(original)
    for name in original.columns:
        assert known(rebuilt[name]) == known(original[name]), name


def known(column: pd.Series[Any]) -> list[Any]:
    """Values of a column, with None for whatever stands for none."""
    return [None if pd.isna(value) else value for value in column.tolist()]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(patients())
def test_everything_is_rebuilt_from_xes(tmp_path: Path, invented: list[Patient]) -> None:
    logs = logs_of(MADE, *invented, absorbed=[(0, "fall", 1 / 3), (5, "infection", 900.25)])
    path = tmp_path / "log.xes"
    write_xes(MADE, logs, path)
    root = ElementTree.parse(path).getroot()
    assert _values(root)["horizon"] == HORIZON
    listed = root.find(f"{XES}list/{XES}values")
    assert listed is not None
    absorbed = [(item.get("value"), *_values(item).values()) for item in listed]
    assert absorbed == [("fall", 0, 1 / 3), ("infection", 5, 900.25)]
    traces = root.findall(f"{XES}trace")
    assert_same_episodes([_values(trace) for trace in traces], episode_table(MADE, logs))
    visits = [row for trace in traces for row in _visits_of_trace(trace)]
    rebuilt = pd.DataFrame(visits, columns=visits_of(logs, MADE).columns)
    rebuilt = rebuilt.sort_values("visit").reset_index(drop=True)
    assert_same_visits(rebuilt, visits_of(logs, MADE))


def assert_same_episodes(traces: list[dict[str, object]], table: pd.DataFrame) -> None:
    for trace, row in zip(traces, table.to_dict("records"), strict=True):
        known = {name: value for name, value in row.items() if not pd.isna(value)}
        assert {name: trace.get(name) for name in table.columns if name in trace} == known


def _values(element: ElementTree.Element) -> dict[str, object]:
    kinds = {f"{XES}string": str, f"{XES}int": int, f"{XES}float": float}
    return {
        str(child.get("key")): kinds[child.tag](str(child.get("value")))
        for child in element
        if child.tag in kinds
    }


def _visits_of_trace(trace: ElementTree.Element) -> list[dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for event in trace.findall(f"{XES}event"):
        values = _values(event)
        name = str(values["concept:instance"])
        row = found.setdefault(
            name,
            {
                "visit": int(name),
                "episode": _values(trace)["episode"],
                "step": values["concept:name"],
            },
        )
        change = str(values["lifecycle:transition"])
        if change == "schedule":
            row |= {"queued": values["minutes"], "fate": "waiting"}
        elif change == "start":
            row |= {"started": values["minutes"], "fate": "started"}
            for key in ("hold", "resource", "released", "ready"):
                row[key] = values.get(key)
        else:
            fate = {"complete": "ended", "withdraw": "reneged", "autoskip": "balked"}[change]
            row |= {"ended": values["minutes"], "fate": fate}
    return list(found.values())


def test_civil_times_count_from_the_start_of_the_run() -> None:
    frame = bupar_log(MADE, logs_of(MADE, *SAMPLE))
    assert str(frame["timestamp"].iloc[0]) == "2024-04-01 00:00:00"
    last = frame[frame["activity"] == "triage"].iloc[-1]
    assert (last["lifecycle_id"], str(last["timestamp"])) == ("complete", "2024-04-01 00:30:00")


def test_units_are_numbered_from_the_lowest_that_is_free() -> None:
    held = [(0, 30), (10, 20), (20, 50), (30, 40), (35, 60)]
    patients = [
        Patient([Visit("treat", begin, begin, end)], person=n)
        for n, (begin, end) in enumerate(held)
    ]
    logs = logs_of(MADE, *patients)
    assert unit_numbers(logs, len(MADE.resources)).tolist() == [1, 2, 2, 1, 3]


def test_a_unit_in_turnaround_is_not_free() -> None:
    first = Patient([Visit("treat", 0, 0, 10, turnaround=5)], person=1)
    second = Patient([Visit("treat", 12, 12, 20)], person=2)
    logs = logs_of(MADE, first, second)
    assert unit_numbers(logs, len(MADE.resources)).tolist() == [1, 2]


def test_the_events_of_a_patient_are_in_the_order_in_which_they_happen() -> None:
    frame = vidigi_log(MADE, logs_of(MADE, SAMPLE[0]))
    assert frame["event"].tolist() == [
        "arrival",
        "ask",
        "triage_wait",
        "triage",
        "triage_release",
        "depart",
    ]
    assert frame["resource_id"].dropna().tolist() == [1, 1]


def test_tables_name_what_the_logs_number() -> None:
    table = episode_table(MADE, logs_of(MADE, *SAMPLE))
    assert table["case"].dropna().tolist() == ["mrs_b"]
    assert table["level:age"].tolist() == ["old", "young", "old"]
    assert set(visit_table(MADE, logs_of(MADE, *SAMPLE))["fate"]) <= set(FATES)
