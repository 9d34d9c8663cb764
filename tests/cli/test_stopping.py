"""Claims about being stopped: in the middle of a replication, whole, quiet, and nobody left behind.

Each test waits until the bar has moved within a replication, sends real signals, and looks at what
is left. The bar shows that the replication was not run to its end first; one in SimPy takes longer
than the tests wait for the end.
"""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from sim.experiment.store import LOCK
from tests.cli.terminal import Running, linux_only, on_a_terminal

pytestmark = linux_only

MANY = ("--days", "1500", "--replications", "40", "--workers", "2")
SAID = "files are written whole or not at all"


def left(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def wait_for_workers(running: Running) -> None:
    """The command and two workers."""
    running.wait_until(lambda: len(running.processes()) >= 3)
    running.wait_for_advance()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_a_replication_is_stopped_in_its_middle(queue: Path, engine: str, number: int) -> None:
    command = ("run", "queue.yaml", "--engine", engine, "--workers", "1", "--out", "results")
    with on_a_terminal(queue, *command) as running:
        running.wait_for_advance()
        os.kill(running.process.pid, number)
        assert running.wait_for_end() == 128 + number
        assert 0.0 < max(running.percents) < 95.0
        how = "interrupted" if number == signal.SIGINT else "stopped by SIGTERM"
        assert running.said == [f"{how}; {SAID}"]
    assert left(queue) == ["queue.yaml", "temporary"]


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_ctrl_c_held_down_ends_workers_and_says_one_line(queue: Path, engine: str) -> None:
    command = ("run", "queue.yaml", "--engine", engine, *MANY, "--out", "results")
    with on_a_terminal(queue, *command) as running:
        wait_for_workers(running)

        def pressed_until_it_has_ended() -> bool:
            with suppress(ProcessLookupError):
                os.killpg(running.process.pid, signal.SIGINT)  # to all of them, as a terminal does
            return running.process.poll() is not None

        running.wait_until(pressed_until_it_has_ended)
        assert running.wait_for_end() == 130
        assert 0.0 < max(running.percents) < 95.0
        assert running.said == [f"interrupted; {SAID}"]
    assert left(queue) == ["queue.yaml", "temporary"]


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGKILL"])
def test_workers_end_when_their_parent_is_ended(queue: Path, name: str) -> None:
    number = getattr(signal, name)
    with on_a_terminal(queue, "run", "queue.yaml", *MANY, "--out", "results") as running:
        wait_for_workers(running)
        os.kill(running.process.pid, number)
        code = running.wait_for_end()
        assert 0.0 < max(running.percents) < 95.0
        if name != "SIGKILL":
            assert code == 128 + number
            assert running.said == [f"stopped by {name}; {SAID}"]
    # of the last nobody is told: the folder stays, with a lock that nobody holds
    lock = [] if name != "SIGKILL" else ["results", f"results/{LOCK}"]
    assert left(queue) == sorted(["queue.yaml", "temporary", *lock])


def test_a_lock_left_by_a_killed_run_is_nobodys(queue: Path) -> None:
    (queue / "results").mkdir()
    (queue / "results" / LOCK).touch()
    with on_a_terminal(queue, "run", "queue.yaml", "--days", "1", "--out", "results") as running:
        assert running.wait_for_end() == 0
    assert "results/report.html" in left(queue)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_file_that_is_being_written_is_not_left_half_written(queue: Path, number: int) -> None:
    with on_a_terminal(queue, "log", "queue.yaml", "--days", "600", "--out", "log.xes") as running:
        running.wait_until(lambda: any(path.stat().st_size for path in queue.glob(".*.part")))
        os.kill(running.process.pid, number)
        assert running.wait_for_end() == 128 + number
        assert 0.0 < max(running.percents) < 95.0
    assert left(queue) == ["queue.yaml", "temporary"]
