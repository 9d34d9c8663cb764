"""Replications are kept as they are done, and what is kept is not simulated again."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.experiment import replicate
from sim.experiment.job import Job, Progress, Replication
from sim.experiment.results import Comparison
from sim.experiment.workers import Tell

SCENARIO = """\
title: A clinic
run: {start: 2024-04-01, duration: 3 days, replications: 4, seed: 5}
people: {number: 1000, attributes: {age: {shares: {young: 60 %, old: 40 %}}}}
crises: {fall: {rate: 3000, first: visit}}
resources: {nurse: {capacity: 2}}
pathway: {visit: {seize: nurse, delay: {exponential: {mean: 30 min}}, route: home}}
outcomes: {home: home}
"""

OPTION = "title: More nurses\nrationale: Fewer minutes in the queue.\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    scenario, option = tmp_path / "clinic.yaml", tmp_path / "more.yaml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    option.write_text(OPTION + "resources: {nurse: {capacity: 3}}\n", encoding="utf-8")
    return scenario, option


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The replications that were done in this process."""
    asked: list[int] = []
    run_one = replicate.run_one

    def counted(job: Job, task: tuple[int, int], tell: Tell) -> Replication:
        asked.append(task[1])
        return run_one(job, task, tell)

    monkeypatch.setattr(replicate, "run_one", counted)
    return asked


def compared(files: tuple[Path, Path], store: Path | None, **more: object) -> Comparison:
    settings = {"workers": 1, "store": store, **more}
    return sim.compare(files[0], files[1], **settings)  # type: ignore[arg-type]


def test_what_is_kept_is_not_simulated_again_and_is_the_same(
    files: tuple[Path, Path], tmp_path: Path, simulated: list[int]
) -> None:
    store = tmp_path / "store"
    never = compared(files, None)
    simulated.clear()
    first = compared(files, store)
    assert sorted(simulated) == [1, 1, 2, 2, 3, 3, 4, 4]
    simulated.clear()
    again = compared(files, store)
    assert simulated == []
    for other in (first, again):
        pd.testing.assert_frame_equal(never.measures, other.measures, check_exact=True)
        pd.testing.assert_frame_equal(never.differences, other.differences, check_exact=True)
    assert again.report(tmp_path / "again.html").exists()


def test_a_run_that_was_stopped_goes_on_where_it_was(
    files: tuple[Path, Path], tmp_path: Path, simulated: list[int]
) -> None:
    class StoppedError(Exception):
        pass

    def stop(progress: Progress) -> None:
        if progress.done == 3:
            raise StoppedError

    with pytest.raises(StoppedError):
        compared(files, tmp_path / "store", on_progress=stop)
    simulated.clear()
    compared(files, tmp_path / "store")
    assert len(simulated) == 5


def test_only_what_is_the_same_is_taken(
    files: tuple[Path, Path], tmp_path: Path, simulated: list[int]
) -> None:
    """Another seed, another breakdown or another scenario is done; more replications are added."""
    store = tmp_path / "store"
    compared(files, store)
    others: tuple[tuple[dict[str, object], int], ...] = (
        ({"seed": 6}, 8),
        ({"by": "age"}, 8),
        ({"engine": "simpy"}, 8),
        ({"replications": 5}, 2),
    )
    for more, new in others:
        simulated.clear()
        compared(files, store, **more)
        assert len(simulated) == new, more
    simulated.clear()
    files[1].write_text(OPTION + "resources: {nurse: {capacity: 4}}\n", encoding="utf-8")
    compared(files, store)
    assert sorted(simulated) == [1, 2, 3, 4]  # the baseline is as it was


def test_a_damaged_file_is_done_again(
    files: tuple[Path, Path], tmp_path: Path, simulated: list[int]
) -> None:
    store = tmp_path / "store"
    first = compared(files, store)
    for number, path in enumerate(sorted(store.rglob("*.replication"))):
        path.write_bytes(path.read_bytes()[:100] if number else b"")
    simulated.clear()
    with pytest.warns(UserWarning, match="cannot be read"):
        again = compared(files, store)
    assert len(simulated) == 8
    pd.testing.assert_frame_equal(first.measures, again.measures, check_exact=True)
