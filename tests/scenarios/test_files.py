"""Claims about the files: they load, check clean, and every number says where it comes from."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from sim.scenario import load
from sim.scenario.check import check
from sim.scenario.explain.unsourced import STATUSES, evidence_statuses
from tests.scenarios.world import AFTER, BASE, BEFORE, OPTIONS, QUICKSTART, SCENARIOS

EVIDENCE = SCENARIOS / "evidence.csv"

#: everything that is shipped, as a scenario and the options on it
SHIPPED = [(BASE, ()), (BEFORE, ()), (AFTER, ()), (QUICKSTART, ())]
SHIPPED += [(BEFORE, (file,)) for file in OPTIONS]


def title(value: object) -> str:
    return value.stem if isinstance(value, Path) else "+".join(o.stem for o in value)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("file", "options"), SHIPPED, ids=title)
def test_a_shipped_scenario_checks_clean(file: Path, options: tuple[Path, ...]) -> None:
    report = check(load(file, options))
    assert not report.problems
    assert not report.warnings
    assert not report.provenance.unsourced


@pytest.mark.parametrize(("file", "options"), SHIPPED, ids=title)
def test_every_queue_settles(file: Path, options: tuple[Path, ...]) -> None:
    load_of = {row.resource: row.ratio for row in check(load(file, options)).load.rows}
    assert {name: ratio for name, ratio in load_of.items() if ratio >= 0.97} == {}


def test_there_are_the_five_options_of_the_strategy() -> None:
    assert [file.stem for file in OPTIONS] == [
        "community_beds",
        "in_reach_discharge",
        "ltc_teams",
        "paramedic_practitioners",
        "single_point_of_access",
    ]


@pytest.mark.parametrize("file", OPTIONS, ids=title)
def test_an_option_has_a_rationale_and_costs_money(file: Path) -> None:
    loaded = load(BEFORE, [file])
    (applied,) = loaded.applied
    assert len(applied.rationale) > 80
    new = set(loaded.model.costs) - set(load(BEFORE).model.costs)
    assert new and all(loaded.model.costs[name].cash for name in new)


@pytest.mark.parametrize("file", OPTIONS, ids=title)
def test_no_staff_and_no_beds_come_free(file: Path) -> None:
    before, loaded = load(BEFORE).model, load(BEFORE, [file]).model
    changed = {
        name
        for name, resource in loaded.resources.items()
        if resource.capacity != before.resources[name].capacity
    }
    paid = {cost.resource for cost in loaded.costs.values() if cost.of == "capacity"}
    caseloads = {"rapid_places"}  # patients at once, of staff who are paid for
    assert changed - caseloads <= paid


def test_after_is_before_with_all_options() -> None:
    before, after = load(BEFORE, OPTIONS), load(AFTER)
    assert after.model.pathway == before.model.pathway
    assert after.model.resources == before.model.resources
    assert after.model.programmes == before.model.programmes
    # only the rows of her table differ, as they do in the strategy
    plain = [
        {name: case.model_copy(update={"ladder": {}}) for name, case in one.model.cases.items()}
        for one in (before, after)
    ]
    assert plain[0] == plain[1]


def test_the_evidence_table_is_well_formed() -> None:
    with EVIDENCE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len({row["id"] for row in rows}) == len(rows) > 300
    assert {row["status"] for row in rows} == set(STATUSES)
    assert EVIDENCE.stat().st_size < 1_000_000


def test_what_was_seen_recalled_or_assumed_is_counted_apart() -> None:
    loaded = load(BEFORE)
    report = check(loaded).provenance
    assert report.counts["recalled"] > 0
    assert report.counts["assumed"] > report.counts["seen"] > 0
    # a row that somebody assumed stays assumed when a scenario cites it
    assert evidence_statuses(loaded)["E07-034"] == "assumed"
