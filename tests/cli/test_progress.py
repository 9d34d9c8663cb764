"""Claims about progress: a bar that moves, time left, plain lines where there is no terminal."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sim.cli.interim import FirstLook
from sim.cli.progress import readable, shown
from sim.engine import EngineName
from sim.experiment.job import Progress, Replication
from sim.experiment.replicate import SIMULATING
from tests.cli.terminal import linux_only, on_a_terminal


def replication(arm: int, number: int, admissions: float) -> Replication:
    row = {"measure": "emergency_admissions", "of": "", "by": "", "level": ""}
    measures = pd.DataFrame([{**row, "value": admissions, "unit": "admissions"}])
    return Replication(arm, number, measures, None, None, 1.0)


def test_time_left_is_told_from_the_pace_so_far() -> None:
    progress = Progress(done=2, total=10, elapsed=30.0, latest=replication(0, 1, 5))
    assert progress.seconds_left == 120
    assert readable(progress.seconds_left) == "2 min 00 s"
    assert (readable(41.6), readable(3600)) == ("42 s", "60 min")


def test_lines_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with shown(4) as (show, _):
        show(Progress(1, 4, 10.0, replication(0, 1, 5)))
        show(Progress(2, 4, 10.5, replication(0, 2, 5)))
        show(Progress(4, 4, 11.0, replication(0, 4, 5)))
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "1 of 4 replications after 10 s, about 30 s left",
        "4 of 4 replications after 11 s, done",
    ]


def test_parts_of_replications_count_for_the_time_left() -> None:
    assert Progress(1, 4, 30.0, under_way=1.0).seconds_left == 30.0
    assert Progress(0, 4, 30.0).seconds_left == float("inf")


def test_no_line_is_printed_within_a_replication(capsys: pytest.CaptureFixture[str]) -> None:
    with shown(4) as (show, _):
        show(Progress(1, 4, 10.0, under_way=0.5))
        show(Progress(4, 4, 20.0))
    assert capsys.readouterr().err == ""


def test_the_first_look_waits_for_the_same_replication_of_every_arm() -> None:
    look = FirstLook(2, days=28.0)
    assert look.take(Progress(0, 4, 0.5, under_way=0.5)) is None
    assert look.take(Progress(1, 4, 1.0, replication(0, 1, 812))) is None
    assert look.take(Progress(2, 4, 1.0, replication(1, 2, 1))) is None
    text = look.take(Progress(3, 4, 1.0, replication(1, 1, 790)))
    assert text is not None and "replication 1 only" in text and "812 -> 790" in text
    assert look.take(Progress(4, 4, 1.0, replication(0, 2, 2))) is None


@linux_only
@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_the_bar_moves_while_a_replication_is_simulated(queue: Path, engine: EngineName) -> None:
    command = ("run", "queue.yaml", "--replications", "1", "--engine", engine)
    simulating = 100.0 * SIMULATING[engine]
    with on_a_terminal(queue, *command) as running:
        running.wait_until(
            lambda: len({shown for shown in running.percents if 0.0 < shown < simulating}) >= 2
        )


@linux_only
def test_the_bar_moves_within_what_workers_do(queue: Path) -> None:
    """The first of four replications is done here, which moves the bar by a quarter; no more."""
    command = ("run", "queue.yaml", "--replications", "4", "--workers", "2", "--engine", "simpy")
    with on_a_terminal(queue, *command, "--days", "200") as running:
        running.wait_until(lambda: any(shown > 25.0 and shown % 25.0 for shown in running.percents))
