"""Two runs side by side: nothing differs, or the very first event that does is named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.experiment.regression.first_difference import first_difference, moment_of
from sim.measure.context import bare_context
from sim.measure.happenings import Happenings, happenings
from sim.plan.compile import compile_plan

ROOT = Path(__file__).parents[3]

DESK = """\
title: A desk
run: {start: 2024-04-01, duration: 5 days, replications: 1, seed: 5}
people: {number: 1000, attributes: {age: {shares: {young: 60 %, old: 40 %}}}}
crises: {need: {rate: 20000, first: ask}}
resources: {desk: {capacity: {mon-wed 00:00-24:00: 2, other: 2}}}
pathway:
  ask:
    seize: desk
    delay: {exponential: {mean: 40 min}}
    patience: 2 h
    renege_to: left
    route: done
outcomes: {done: Seen, left: Left}
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("desk") / "desk.yaml"
    file.write_text(DESK)
    return file


def run(
    file: Path, overrides: dict[str, object] | None = None, engine: str = "compiled"
) -> Happenings:
    from sim.engine import run as simulate

    loaded = sim.load(file, overrides=overrides)
    plan = compile_plan(loaded.model)
    return happenings(bare_context(plan), simulate(plan, 5, 1, engine))  # type: ignore[arg-type]


def test_a_run_does_not_differ_from_itself_nor_from_the_other_engine(desk: Path) -> None:
    assert len(run(desk).time) > 400
    assert first_difference(run(desk), run(desk)) is None
    assert first_difference(run(desk), run(desk, engine="simpy")) is None


def test_every_log_is_told_in_full(desk: Path) -> None:
    """Each time in the logs that is not missing is one event, and nothing else is."""
    from sim.engine import run as simulate

    plan = compile_plan(sim.load(desk).model)
    logs = simulate(plan, 5, 1)
    tables = (
        (logs.visits, ("queued", "started", "ended")),
        (logs.holds, ("seized", "released", "ready")),
        (logs.episodes, ("onset", "ended")),
        (logs.absorbed, ("at",)),
    )
    times = sum(np.isfinite(getattr(log, name)).sum() for log, names in tables for name in names)
    levels = len(logs.episodes.onset)
    assert len(happenings(bare_context(plan), logs).time) == times + levels


def test_the_first_difference_is_when_the_change_begins(desk: Path) -> None:
    """A third desk from Thursday: until somebody then would have waited, nothing differs."""
    capacity = {"resources.desk.capacity": {"mon-wed 00:00-24:00": 2, "other": 3}}
    found = first_difference(run(desk), run(desk, capacity))
    assert found is not None
    assert found.minute >= 3 * 1440
    assert any("seizes a unit of `desk`" in text for text in found.theirs)
    text = "\n".join(found.sentences(date(2024, 4, 1), "before", "after"))
    assert "They part on 2024-04-04 " in text or "They part on 2024-04-05 " in text
    assert "only in after: person" in text and "in before instead: person" in text


def test_one_event_moved_by_a_rounding_is_found_among_all(desk: Path) -> None:
    one = run(desk)
    for place in (0, 1, len(one.time) // 2, len(one.time) - 1):
        time = one.time.copy()
        time[place] = np.nextafter(time[place], np.inf)
        found = first_difference(one, Happenings(time, one.rows, one.names, one.attributes))
        assert found is not None
        assert found.minute == one.time[place]
        assert len(found.ours) == 1


def test_a_run_that_stops_early_differs_by_what_comes_next(desk: Path) -> None:
    one = run(desk)
    found = first_difference(one, one.until(100))
    assert found is not None
    assert found.same <= 100 and found.minute == one.time[100] and not found.theirs


def test_names_and_not_codes_are_compared(desk: Path, tmp_path: Path) -> None:
    """A step nobody comes to changes codes and nothing else."""
    more = "  a_new_step: {delay: 5 min, route: done}\noutcomes:"
    text = DESK.replace("outcomes:", more).replace(
        "route: done\n", "route: {a_new_step: 0 %, done: rest}\n", 1
    )
    other = tmp_path / "more.yaml"
    other.write_text(text)
    assert first_difference(run(desk), run(other)) is None


def test_levels_count_where_all_events_are_the_same(desk: Path, tmp_path: Path) -> None:
    other = tmp_path / "older.yaml"
    other.write_text(DESK.replace("young: 60 %, old: 40 %", "young: 50 %, old: 50 %"))
    found = first_difference(run(desk), run(other))
    assert found is not None
    assert found.ours[0].endswith("has, at the end of the episode or of the run, age young")
    assert found.theirs[0].endswith("has, at the end of the episode or of the run, age old")


def test_what_was_kept_is_what_is_read(desk: Path, tmp_path: Path) -> None:
    from sim.experiment.regression.kept_happenings import read, record, write

    recorded = record(sim.load(desk), None, 1, "compiled")
    again = read(write(recorded, tmp_path / "desk.events"))
    assert first_difference(recorded.events, again.events) is None
    assert (again.title, again.start) == (recorded.title, recorded.start)
    assert len(again.events.time) == len(recorded.events.time)


def test_moments_are_dates() -> None:
    assert moment_of(1440 + 61.5, date(2024, 4, 1)) == "2024-04-02 01:01:30"
