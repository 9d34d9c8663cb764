"""Comparing runs: logs with codes turned into names, so that unrelated additions do not show."""

from __future__ import annotations

import tempfile
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings

from sim.engine import run
from sim.engine.logs import Logs
from sim.plan.compile import compile_plan
from sim.scenario import load
from sim.scenario.files.merging import laid_over
from sim.scenario.files.reading import as_node, as_raw
from sim.scenario.problems import Problem
from tests.generator import Invented
from tests.generator.elsewhere import plain
from tests.generator.requests import asked

#: how properties are tested: no deadline, since machines differ, and the same examples each time
quickly = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)

#: rows of the logs that name things by code: (part, column, what the code counts)
CODES = (
    ("visits", "step", "steps"),
    ("holds", "resource", "resources"),
    ("episodes", "crisis", "crises"),
    ("episodes", "outcome", "outcomes"),
    ("episodes", "case", "cases"),
    ("absorbed", "crisis", "crises"),
)

Columns = dict[str, Any]


def run_tree(
    tree: dict[str, Any], strata: str = "", replication: int = 1, options: Any = ()
) -> Columns:
    """Write, load and run a scenario with options (trees too); its logs with names for codes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = Invented(tree, strata).write(folder)
        files = [
            Invented(option, "").write(folder, f"option{number}.yaml")
            for number, option in enumerate(options)
        ]
        model = load(path, options=files).model
    plan = compile_plan(model)
    return named(plan, run(plan, model.run.seed, replication))


def merged(invented: Invented) -> dict[str, Any]:
    """The tree of an invented scenario with what its second file says."""
    problems: list[Problem] = []
    above = {section: part for section, part in invented.above.items() if section != "description"}
    tree = laid_over(as_node(invented.tree, "", 0), as_node(above, "", 0), problems)
    assert problems == []
    whole: dict[str, Any] = _plain(as_raw(tree))
    moved = set(invented.above.get("resources", {}))
    fifo = {name for name in moved if whole["resources"][name].get("discipline") == "fifo"}
    for step in whole["pathway"].values():
        if fifo.intersection(asked(step)):  # in one file, `fifo` refuses priorities
            step.pop("priority", None)
    return whole


def _plain(value: Any) -> Any:
    """A copy that any YAML writer knows."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return None if value is None else plain(value)


def named(plan: Any, logs: Logs) -> Columns:
    """Every column of the logs by ``part.column``, codes replaced by names."""
    found: Columns = {}
    for part in ("visits", "holds", "interruptions", "episodes", "absorbed"):
        table = getattr(logs, part)
        for column in fields(table):
            found[f"{part}.{column.name}"] = getattr(table, column.name)
    for part, column, kind in CODES:
        names = (*getattr(plan, kind), "")  # code -1 stands for nothing
        codes = found[f"{part}.{column}"]
        found[f"{part}.{column}"] = np.array([names[code] for code in codes], dtype="U64")
    for column in ("episodes.person", "absorbed.person"):
        people = [_who(plan, number) for number in found[column]]
        found[column] = np.array(people, dtype="U64")
    levels = found.pop("episodes.levels")
    for number, attribute in enumerate(plan.attributes):
        names = plan.levels[number]
        found[f"level of {attribute}"] = np.array(
            [names[code] for code in levels[:, number]], dtype="U64"
        )
    found["horizon"] = np.array([logs.horizon])
    return found


def _who(plan: Any, person: int) -> str:
    """Number of a person, the copy of a case, or the number among those who arrive.

    Cases stand behind the people in no order, and who arrives in a stream behind the cases.
    """
    row = person - plan.people.number
    if row < 0:
        return str(person)
    copies = len(plan.people.copy_of)
    if row >= copies:
        return f"arrival {row - copies}"
    return f"{plan.cases[plan.people.copy_of[row]]} {plan.people.copy_number[row]}"


def differences(one: Columns, other: Columns, ignore: tuple[str, ...] = ()) -> list[str]:
    """Names of the columns that are not the same, bit for bit (NaN equal to NaN)."""
    wrong = []
    for name in sorted(set(one) | set(other)):
        if name in ignore:
            continue
        if name not in one or name not in other:
            wrong.append(f"{name} only in one")
        elif not _same(one[name], other[name]):
            wrong.append(name)
    return wrong


def _same(a: Any, b: Any) -> bool:
    if a.shape != b.shape:
        return False
    if a.dtype.kind == "f":
        return bool(np.array_equal(a, b, equal_nan=True))
    return bool(np.array_equal(a, b))
