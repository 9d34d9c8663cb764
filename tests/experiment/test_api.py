"""Claims about the Python API."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from sim.engine import EngineName
from sim.experiment.job import Progress
from sim.scenario import ScenarioError

ROOT = Path(__file__).parents[2]

QUEUE = """\
title: One desk
run: {start: 2024-04-01, duration: 5 days, replications: 2, seed: 1}
people: {number: 500, attributes: {age: {shares: {young: 0.5, old: 0.5}}}}
crises: {need: {rate: 9000, first: serve}}
resources: {desk: {capacity: 1}}
pathway: {serve: {seize: desk, delay: {exponential: {mean: 30 min}}, route: done}}
"""

OPTION = "title: Two desks\nrationale: Shorter waits.\nresources: {desk: {capacity: 2}}\n"


@pytest.fixture
def queue(tmp_path: Path) -> Path:
    (tmp_path / "option.yaml").write_text(OPTION)
    path = tmp_path / "queue.yaml"
    path.write_text(QUEUE)
    return path


def test_run_gives_tidy_measures(queue: Path) -> None:
    results = sim.run(queue, by=["age"])
    assert list(results.measures.columns) == [
        "replication", "measure", "of", "by", "level", "value", "unit"
    ]  # fmt: skip
    assert results.replications == (1, 2) and results.seed == 1
    summary = results.summary().set_index(["measure", "of", "by", "level"])
    arrivals = results.measures.query("measure == 'arrivals' and by == ''")["value"]
    assert summary.loc[("arrivals", "", "", ""), "mean"] == arrivals.mean()


def test_a_replication_is_the_same_alone_and_in_a_batch(queue: Path) -> None:
    from sim.experiment.arm_loading import load_arms
    from sim.experiment.experiment import run_all
    from sim.experiment.settings import Settings

    arms = load_arms(queue, [])
    batch = run_all(arms, Settings(replications=3))[0].measures
    alone = run_all(arms, Settings(only=(3,)))[0].measures
    third = batch[batch["replication"] == 3].reset_index(drop=True)
    pd.testing.assert_frame_equal(third, alone, check_exact=True)


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_progress_is_told_within_replications_and_changes_no_result(
    queue: Path, engine: EngineName
) -> None:
    told: list[Progress] = []
    watched = sim.run(queue, engine=engine, workers=1, on_progress=told.append)
    pd.testing.assert_frame_equal(
        watched.measures, sim.run(queue, engine=engine).measures, check_exact=True
    )
    finished = [progress for progress in told if progress.latest is not None]
    assert [progress.done for progress in finished] == [1, 2]
    assert any(0.0 < progress.under_way < 1.0 for progress in told)
    behind = [progress.done + progress.under_way for progress in told]
    assert behind == sorted(behind) and behind[-1] == 2.0


def test_logs_of_a_replication_are_those_that_were_measured(queue: Path) -> None:
    results = sim.run(queue)
    second = results.measures.query("measure == 'arrivals' and replication == 2 and by == ''")
    assert len(results.logs(2).episodes.onset) == second["value"].item()


def test_load_takes_options_overrides_and_fields_of_the_run(queue: Path) -> None:
    option = queue.parent / "option.yaml"
    loaded = sim.load(queue, [option], {"resources.desk.capacity": 3}, duration="2 days")
    assert loaded.model.resources["desk"].capacity == 3
    assert loaded.model.run.duration == 2 * 1440
    assert sim.load(f"{queue}+{option}").model.resources["desk"].capacity == 2
    assert [item.title for item in loaded.applied] == ["Two desks"]


def test_compare_takes_files_options_and_loaded_scenarios_alike(queue: Path) -> None:
    option = queue.parent / "option.yaml"
    from_files = sim.compare(queue, option)
    loaded = sim.compare(sim.load(queue), sim.load(queue, [option]))
    assert [arm.name for arm in from_files.arms] == ["queue", "option"]
    assert [arm.title for arm in loaded.arms] == ["One desk", "Two desks"]
    columns = ["measure", "of", "difference", "low", "high"]
    pd.testing.assert_frame_equal(from_files.differences[columns], loaded.differences[columns])
    assert set(from_files.measures["arm"]) == {"queue", "option"}


def test_an_option_cannot_be_applied_on_a_loaded_baseline(queue: Path) -> None:
    with pytest.raises(TypeError, match="is an option"):
        sim.compare(sim.load(queue), queue.parent / "option.yaml")


def test_a_scenario_that_cannot_run_raises_its_problems(queue: Path) -> None:
    with pytest.raises(ScenarioError, match="did you mean `desk`"):
        sim.run(queue, overrides={"pathway.serve.seize": "dsk"})


def test_every_function_takes_the_same_words_for_the_same_things(queue: Path) -> None:
    option = queue.parent / "option.yaml"
    words = {"options": [option], "overrides": {"people.number": 400}, "duration": "2 days"}
    loaded = sim.load(queue, **words)
    assert loaded.model.resources["desk"].capacity == 2 and loaded.model.people.number == 400
    assert sim.check(queue, **words).load == sim.check(loaded).load
    results = sim.run(queue, replications=1, **words)
    assert results.scenario.tree == loaded.tree
    pd.testing.assert_frame_equal(results.measures, sim.run(loaded, replications=1).measures)
    comparison = sim.compare(queue, loaded, replications=1, **words)
    assert (comparison.differences["difference"].dropna() == 0).all()
    for source, said in ((queue, words), (loaded, {})):
        path = sim.event_log(source, queue.parent / f"{len(said)}.csv", "vidigi", **said)
        assert path.read_bytes() == (queue.parent / "3.csv").read_bytes()


def test_a_scenario_loaded_before_is_changed_like_one_in_files(queue: Path) -> None:
    """Nothing that is said of it is ignored; its files are not read again."""
    loaded = sim.load(queue, overrides={"people.number": 400})
    queue.write_text("broken: [")
    changes = {"resources.desk.capacity": {"add": 2}}
    assert sim.load(loaded, overrides=changes).model.resources["desk"].capacity == 3
    other = sim.run(loaded, replications=1, overrides=changes, duration="2 days").scenario.model
    assert (other.resources["desk"].capacity, other.people.number) == (3, 400)
    assert other.run.duration == 2 * 1440
    busy = sim.check(loaded).load.rows[0].ratio
    assert sim.check(loaded, overrides=changes).load.rows[0].ratio == pytest.approx(busy / 3)
    with pytest.raises(ScenarioError, match="no `capacities`"):
        sim.check(loaded, overrides={"resources.desk.capacities": 2})
    assert loaded.model.resources["desk"].capacity == 1


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"replications": 0}, ValueError),
        ({"replications": 2.5}, TypeError),
        ({"replications": True}, TypeError),
        ({"seed": -1}, ValueError),
        ({"seed": "1"}, TypeError),
        ({"engine": "foo"}, ValueError),
        ({"workers": 0}, ValueError),
        ({"by": [3]}, TypeError),
        ({"by": ["agee"]}, ValueError),
        ({"on_progress": 3}, TypeError),
        ({"only": (1, 1)}, ValueError),
        ({"replication": 3}, TypeError),
        ({"days": 3}, TypeError),
        ({"options": {"people.number": 3}}, TypeError),
        ({"options": 3}, TypeError),
    ],
)
def test_what_cannot_be_meant_is_refused_and_never_ignored(
    queue: Path, said: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        sim.run(queue, **said)
    with pytest.raises(error):
        sim.compare(queue, queue, **said)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"replication": 0}, ValueError),
        ({"seed": -1}, ValueError),
        ({"engine": "foo"}, ValueError),
        ({"format": "csv"}, ValueError),
        ({"replications": 3}, TypeError),
    ],
)
def test_an_event_log_of_what_there_is_not_is_refused(
    queue: Path, said: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        sim.event_log(queue, queue.parent / "log.xes", **said)
    assert not (queue.parent / "log.xes").exists()


def test_a_scenario_is_a_path_or_loaded(queue: Path) -> None:
    for call in (sim.load, sim.check, sim.run, lambda what: sim.compare(queue, what)):
        for what in ({"title": "x"}, 3, None, ["a.yaml"]):
            with pytest.raises(TypeError, match="path"):
                call(what)  # type: ignore[operator]


def test_options_cannot_be_applied_on_a_scenario_loaded_before(queue: Path) -> None:
    with pytest.raises(TypeError, match="options go on"):
        sim.run(sim.load(queue), options=[queue.parent / "option.yaml"])


def test_check_and_schema(queue: Path) -> None:
    report = sim.check(queue)
    assert report.ok and report.load.rows[0].resource == "desk"
    assert sim.schema()["title"] == "urgentflow scenario"


def test_a_plain_script_may_use_worker_processes(queue: Path) -> None:
    """No ``if __name__ == "__main__"`` is needed, and nothing of the script runs twice."""
    script = queue.parent / "script.py"
    script.write_text(
        "import sim, sim.experiment.workers\n"
        "print('once')\n"
        "sim.experiment.workers.PATIENCE = 0.0\n"
        f"print(len(sim.run({str(queue)!r}, replications=4, workers=2).replications))\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("once\n4\n", "")
