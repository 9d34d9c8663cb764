"""What is not used, or not yet in force, changes nobody's luck."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from typing import Any

import numpy as np
from hypothesis import given

from tests.generator import Invented, scenarios
from tests.properties.comparing import Columns, differences, merged, quickly, run_tree

WHY = {"title": "An option", "rationale": "To see what it does."}


@quickly
@given(scenarios())
def test_a_null_option_changes_nothing(invented: Invented) -> None:
    tree = merged(invented)
    nothing_new = {**WHY, "pathway": {n: {"route": s["route"]} for n, s in tree["pathway"].items()}}
    one = run_tree(tree, invented.strata)
    assert differences(one, run_tree(tree, invented.strata, options=[WHY])) == []
    assert differences(one, run_tree(tree, invented.strata, options=[nothing_new])) == []


@quickly
@given(scenarios())
def test_unused_additions_change_nobody(invented: Invented) -> None:
    tree = merged(invented)
    addition = {
        **WHY,
        "people": {"attributes": {"A_new": {"shares": {"by": "b_new", "no": {"x": 0.5, "y": 0.5},
                                                       "other": "y"}},
                                  "b_new": {"shares": {"no": 0.4, "yes": 0.6}}}},
        "calendars": {"c_new": "mon-fri 08:00-18:30"},
        "attributes": {"d_new": {"levels": ["no", "yes"], "initially": "no", "on": "person"},
                       "Another": {"levels": ["no", "yes"], "initially": "no"}},
        "programmes": {"e_new": {"coverage": "50 %"}},
        "resources": {"f_new": {"capacity": 0}, "A_bed": {"capacity": 1, "bed": "acute"}},
        "outcomes": {"an_end": "Somewhere else"},
        "crises": {"a_crisis": {"rate": 0, "first": "a_step"}},
        "pathway": {"a_step": {"seize": "f_new", "delay": "1 h", "hold": True,
                               "set": {"Another": "yes"}, "route": "an_end",
                               "tags": ["ae_attendance"]}},
        "measures": {"new": {"count": "ae_attendance"}},
        "costs": {"new": {"resource": "f_new", "per_day": 10}},
    }  # fmt: skip
    one = run_tree(tree, invented.strata)
    other = run_tree(tree, invented.strata, options=[addition])
    new = ("A_new", "b_new", "c_new", "d_new", "Another", "e_new")
    for name in new:
        other.pop(f"level of {name}")
    assert differences(one, other) == []


@quickly
@given(scenarios())
def test_a_side_task_never_spawned_and_a_branch_never_taken_change_nobody(
    invented: Invented,
) -> None:
    tree = merged(invented)
    other = copy.deepcopy(tree)
    for step in other["pathway"].values():
        step["route"] = _with_branch(step["route"], "a_step")
        spawned = step.get("spawn", {})
        listed = dict.fromkeys(spawned, 1) if isinstance(spawned, list) else spawned
        step["spawn"] = {"a_step": 0, **listed}
    other["pathway"]["a_step"] = {"delay": "1 h", "route": next(iter(tree["outcomes"]))}
    one, two = run_tree(tree, invented.strata), run_tree(other, invented.strata)
    assert differences(one, two) == []


def _with_branch(route: Any, target: str) -> Any:
    if isinstance(route, str):
        return {target: 0, route: 1}
    if "by" in route:
        return {k: v if k == "by" else _with_branch(v, target) for k, v in route.items()}
    return {target: 0, **route}


@quickly
@given(scenarios())
def test_another_case_with_means_of_its_own_changes_nobody(invented: Invented) -> None:
    tree = merged(invented)
    start = tree["run"]["start"]
    addition = {
        **WHY,
        "resources": {"own_means": {"capacity": 1}},
        "crises": {"a_crisis": {"rate": 0, "first": "a_step"}},
        "pathway": {
            "a_step": {"seize": "own_means", "delay": "3 h", "spawn": ["b_step"],
                       "route": next(iter(tree["outcomes"]))},
            "b_step": {"delay": "2 h", "route": next(iter(tree["outcomes"]))},
        },
        "cases": {"a_case": {"crisis": "a_crisis", "at": f"{start} 03:00"}},
    }  # fmt: skip
    one = run_tree(tree, invented.strata)
    other = run_tree(tree, invented.strata, options=[addition])
    assert (other["episodes.crisis"] == "a_crisis").sum() == 2
    assert differences(one, _without(other, "a_crisis")) == []


def _without(columns: Columns, crisis: str) -> Columns:
    """The logs without the episodes of a crisis, the others numbered as if those had not been."""
    keep = columns["episodes.crisis"] != crisis
    visits = keep[columns["visits.episode"]]
    rows_of = {
        "visits": visits,
        "holds": keep[columns["holds.episode"]],
        "interruptions": visits[columns["interruptions.visit"]],
    }
    if "bookings.visit" in columns:
        rows_of["bookings"] = visits[columns["bookings.visit"]]
    episode, visit = _numbers(keep), _numbers(visits)
    numbered = {
        **{"visits.episode": episode, "holds.episode": episode, "episodes.parent": episode},
        **{"holds.visit": visit, "interruptions.visit": visit, "interruptions.by": visit},
        "bookings.visit": visit,
    }
    found: Columns = {}
    for name, column in columns.items():
        part = name.split(".")[0]
        rows = rows_of.get(part, keep)
        if part in ("absorbed", "horizon", "capacities"):
            rows = np.ones(len(column), dtype=bool)
        column = column[rows]
        if name in numbered:
            column = numbered[name][column].astype(column.dtype)
        found[name] = column
    return found


def _numbers(keep: Any) -> Any:
    """New numbers of the rows that are kept; the last says that of nothing (-1)."""
    return np.append(np.cumsum(keep) - 1, -1)


@quickly
@given(scenarios())
def test_a_dated_option_leaves_the_logs_alone_until_its_date(invented: Invented) -> None:
    tree = merged(invented)
    start = date.fromisoformat(tree["run"]["start"])
    day = start + timedelta(days=2)
    resource = next(iter(tree["resources"]))
    option = {
        **WHY,
        "programmes": {"a_team": {"coverage": {day.isoformat(): "70 %"}}},
        "resources": {resource: {"changes": {day.isoformat(): 7}}},
        "crises": {
            name: {"relative_rates": {"a_team": {"by": "a_team", "yes": 0.3, "no": 1}}}
            for name in tree["crises"]
        },
    }
    for entry in tree["resources"].values():  # changes are replaced whole, so begin without
        entry.pop("changes", None)
    one = run_tree(tree, invented.strata)
    other = run_tree(tree, invented.strata, options=[option])
    other.pop("level of a_team")
    until = 2 * 1440.0
    assert differences(_before(one, until), _before(other, until)) == []


def _before(columns: Columns, time: float) -> Columns:
    """What the logs would say had they been read at a time: nothing of it or later."""
    known = {
        "visits": columns["visits.queued"] < time,
        "holds": columns["holds.seized"] < time,
        "interruptions": columns["interruptions.at"] < time,
        "episodes": columns["episodes.onset"] < time,
        "absorbed": columns["absorbed.at"] < time,
    }
    over = columns["episodes.ended"] < time
    found: Columns = {}
    for name, column in columns.items():
        part = "episodes" if name.startswith("level of") else name.split(".")[0]
        if part == "horizon":
            continue
        column = column[known[part]].copy()
        if name in ("visits.started", "visits.ended", "holds.released", "holds.ready",
                    "interruptions.resumed", "episodes.ended"):  # fmt: skip
            column[~(column < time)] = np.nan
        elif name == "episodes.outcome" or name.startswith("level of"):
            # outcomes and the levels that steps set are known once the episode is over
            column = column[over[known[part]]]
        elif name == "visits.fate":
            ended = columns["visits.ended"][known[part]] < time
            started = columns["visits.started"][known[part]] < time
            column = np.where(ended, column, np.where(started, 1, 0))
        found[name] = column
    return found
