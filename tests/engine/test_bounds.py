"""Whatever is numbered has a type with room for the most there can be of it, or is refused."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

import numpy as np
import pytest

import sim
from sim.engine import logs
from sim.engine.compiled import columns, heap, machine
from sim.engine.limits import MOST_ROWS, RunawayError
from sim.engine.order import Kind
from sim.engine.reference import columns as written
from sim.plan import demand, streams
from sim.plan.compile import compile_plan
from sim.plan.population import draw_population, with_cases
from sim.scenario.problems import ScenarioError
from sim.scenario.rules.field_rules import MOST_LEVELS, MOST_RELATIVE, MOST_THINGS
from sim.scenario.rules.initial import MOST_PRESENT
from sim.scenario.written.numbers import LARGEST_CAPACITY, MOST_PEOPLE

#: the most there can be of what each column of the logs numbers
MOST = {
    "step": MOST_THINGS["pathway"],
    "resource": MOST_THINGS["resources"],
    "crisis": MOST_THINGS["crises"],
    "outcome": MOST_THINGS["outcomes"],
    "case": MOST_THINGS["cases"],
    "layer": MOST_RELATIVE,
    "person": MOST_PEOPLE + MOST_THINGS["cases"],
    "episode": MOST_ROWS,
    "parent": MOST_ROWS,
    "ordinal": MOST_ROWS,
    "fate": len(logs.Fate),
    "visit": MOST_ROWS,
    "by": MOST_ROWS,
    "units": LARGEST_CAPACITY,
    "slots": LARGEST_CAPACITY,
}


@pytest.mark.parametrize("log", columns.LOGS)
def test_every_column_of_a_log_has_room_for_its_numbers(log: str) -> None:
    for name, kind in columns.LOGS[log].items():
        if np.dtype(kind).kind == "i":
            assert np.iinfo(kind).max >= MOST[name], name
    ordinal = np.iinfo(demand.CANDIDATE["ordinal"]).max
    assert ordinal >= demand.MOST_CANDIDATES
    for name in ("person", "crisis", "layer", "case"):
        assert np.iinfo(demand.CANDIDATE[name]).max >= MOST[name]
    # who is there when a run begins is numbered behind the cases
    assert np.iinfo(demand.CANDIDATE["case"]).max >= MOST_THINGS["cases"] + MOST_PRESENT
    assert np.iinfo(demand.CANDIDATE["person"]).max >= MOST["person"] + MOST_PRESENT
    assert np.iinfo(np.int8).max >= MOST_LEVELS


def test_the_names_of_arrivals_have_room() -> None:
    assert (streams.MOST_HOURS + 1) * streams.MOST_POINTS * streams.TOGETHER <= MOST_ROWS + 1
    assert np.iinfo(demand.CANDIDATE["layer"]).max >= streams.MOST_LAYERS
    assert np.iinfo(demand.CANDIDATE["crisis"]).max >= sum(
        MOST_THINGS[section] for section in ("crises", "arrivals")
    )


def test_both_engines_and_the_logs_have_columns_of_the_same_types() -> None:
    kinds = (
        ("visit", written.VisitColumns(), logs.Visits),
        ("hold", written.HoldColumns(), logs.Holds),
        ("interruption", written.InterruptionColumns(), logs.Interruptions),
        ("capacity", written.CapacityColumns(), logs.Capacities),
        ("booking", written.BookingColumns(), logs.Bookings),
        ("episode", written.EpisodeColumns(), logs.Episodes),
        ("absorbed", written.AbsorbedColumns(), logs.Absorbed),
    )
    aliases = {logs.Floats: "f8", logs.Ints: "i4", logs.Codes: "i2", logs.Levels: "i1"}
    for log, columns_written, of in kinds:
        hints = get_type_hints(of)
        for field in fields(of):
            if field.name == "levels":
                continue
            kind = np.dtype(columns.LOGS[log][field.name])
            assert np.array(getattr(columns_written, field.name)).dtype == kind, field.name
            assert aliases[hints[field.name]] == kind.str[1:], field.name


def test_the_code_of_an_event_has_room_for_kind_number_and_slot() -> None:
    """Three numbers in 63 bits; a code must not be negative."""
    largest = heap.coded.py_func(max(Kind), heap.NUMBERS - 1, machine.MOST_SLOTS - 1)  # type: ignore[attr-defined]
    assert 0 < largest < 2**63
    # a side task is numbered after all candidates; a unit in turnaround by its resource
    assert heap.NUMBERS > demand.MOST_CANDIDATES + MOST_ROWS
    assert MOST_THINGS["resources"] < machine.MOST_SLOTS


def test_what_a_slot_points_to_can_be_numbered() -> None:
    for name in ("person", "episode", "step", "visit", "occurrence", "before", "behind", "held"):
        assert np.iinfo(machine.SLOT[name]).max >= max(MOST_ROWS, machine.MOST_SLOTS)
    for name in ("resource", "row", "visit", "occurrence", "number"):
        assert np.iinfo(machine.HELD[name]).max >= MOST_ROWS
    for name in ("wants", "got", "interruption", "rise", "end_rise"):
        assert np.iinfo(machine.ASKING[name]).max >= MOST_ROWS
    for name in ("resource", "units", "before", "behind"):
        assert np.iinfo(machine.WANT[name]).max >= MOST_ROWS
    assert np.iinfo(machine.SLOT["waiting_for"]).max >= machine.MOST_QUEUES


SMALL = """
title: A desk
run: {start: 2024-04-01, duration: 2 days}
people: {number: 10}
crises: {c: {rate: 1000, first: s}}
resources: {r: {capacity: 5}}
outcomes: {done: Done}
pathway: {s: {seize: r, delay: 20 min, route: done}}
"""

ONE_MORE = {
    "pathway": {"delay": "1 min", "route": "done"},
    "resources": {"capacity": 1},
    "crises": {"rate": 1, "first": "s"},
    "arrivals": {"rate": "1 per day", "first": "s"},
    "outcomes": "Done",
    "programmes": {"coverage": 0.5},
    "calendars": {"open": "mon-fri 09:00-17:00"},
    "signals": {"queue": "r", "at_least": 1},
    "attributes": {"levels": ["a", "b"], "initially": "a"},
    "costs": {"resource": "r", "per_hour": 1},
    "measures": {"count": "ae_attendance"},
    "cases": {"crisis": "c", "at": "2024-04-01 09:30"},
    "initial": {"crisis": "c", "step": "s", "for": "1 min"},
}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    file = tmp_path / "desk.yaml"
    file.write_text(SMALL)
    return file


def test_every_section_has_a_bound() -> None:
    assert set(ONE_MORE) == set(MOST_THINGS)


@pytest.mark.parametrize("section", MOST_THINGS)
def test_more_things_than_can_be_numbered_are_refused(
    section: str, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a lower bound, so that the test need not write ten thousand of each."""
    monkeypatch.setitem(MOST_THINGS, section, 5)
    things = {f"more_{number}": ONE_MORE[section] for number in range(6)}
    with pytest.raises(ScenarioError, match=r"than can be numbered\n.*\n.*at most 5"):
        sim.load(desk, overrides={section: things})


def test_copies_of_all_cases_together_are_bounded(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MOST_THINGS, "cases", 3)
    case = {**ONE_MORE["cases"], "copies": 2}  # type: ignore[dict-item]
    with pytest.raises(ScenarioError, match="copies of cases, all together"):
        sim.load(desk, overrides={"cases": {"a": case, "b": case}})


def test_more_cases_than_16_bits_number_are_all_themselves(desk: Path) -> None:
    """33,500 of them ended the interpreter, or ran to wrong results."""
    cases = {
        f"case_{number}": {"crisis": "c", "at": f"2024-04-01 {number % 24:02}:{number % 60:02}"}
        for number in range(33_500)
    }
    model = sim.load(desk, overrides={"cases": cases}).model
    plan = compile_plan(model)
    people = with_cases(plan, draw_population(plan, 1), 1, 1)
    found = demand.draw_candidates(plan, people, 1, 1)
    assert sorted(found["case"][found["case"] >= 0].tolist()) == list(range(33_500))
    logs = sim.engine.run(plan, 1, 1)  # type: ignore[attr-defined]
    assert sorted(logs.episodes.case[logs.episodes.case >= 0].tolist()) == list(range(33_500))


def test_arrays_do_not_grow_beyond_what_can_be_numbered() -> None:
    times = machine._times_larger
    assert times("visit", 300, 256) == 2
    assert times("visit", 2**30 + 1, 2**29) == 3  # as far as it goes, and not four times
    with pytest.raises(RunawayError, match="rows of visits"):
        times("visit", MOST_ROWS + 1, 2**30)
    with pytest.raises(RunawayError, match="4,194,304 episodes under way"):
        times("slots", machine.MOST_SLOTS + 1, 2**20)


def test_more_crises_than_can_be_numbered_stop_the_drawing(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their mean may be within bounds and luck be not."""
    monkeypatch.setattr(demand, "MOST_CANDIDATES", 1500)
    plan = compile_plan(sim.load(desk, overrides={"crises.c.rate": "10000 per day"}).model)
    with pytest.raises(demand.TooManyError, match="more than 750 crises"):
        demand.draw_candidates(plan, draw_population(plan, 1), 1, 1)


def test_more_queues_than_can_be_numbered_are_refused(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "MOST_QUEUES", 0)
    plan = compile_plan(sim.load(desk).model)
    with pytest.raises(RunawayError, match="queues, one for each of 1 resources and 1 priorities"):
        sim.engine.run(plan, 1, 1)  # type: ignore[attr-defined]
