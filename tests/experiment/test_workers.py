"""Claims about worker processes: same results, never orphaned, quiet when interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.experiment import workers
from sim.experiment.workers import WorkerDiedError, _Crew, available_workers, spread
from tests.experiment import tasks

ROOT = Path(__file__).parents[2]

LONG_RUN = """
import sys
from sim.experiment.workers import spread
from tests.experiment import tasks
print("started", flush=True)
context = sys.argv[1], bytes(2_000_000)
try:
    spread(tasks.sleep_long, context, list(range(20)), print, workers=2, patience=0.0)
except KeyboardInterrupt:
    sys.exit(130)
"""

WITHOUT_A_GUARD = """
import os, sys
from sim.experiment.workers import spread
from tests.experiment import tasks
print("begun", flush=True)
places = set()
spread(tasks.square, 1, list(range(9)), lambda _, so: places.add(so[1]), workers=2, patience=0.0)
print(sys.modules["__main__"].__name__, len(places) > 1)
"""

STARTING = """
import os
from sim.experiment.workers import spread
from tests.experiment import tasks
spread(tasks.blocks_ctrl_c, os.getpid(), [1, 2, 3], lambda _, so: print(so), 2, patience=0.0)
"""


def collect(workers: int | None, patience: float) -> tuple[dict[int, int], set[int]]:
    results: dict[int, int] = {}
    places: set[int] = set()

    def finished(task: int, result: tuple[int, int]) -> None:
        results[task], place = result
        places.add(place)

    spread(tasks.square, 100, list(range(12)), finished, workers, patience)
    return results, places


def test_results_do_not_depend_on_where_the_work_is_done() -> None:
    here, places = collect(workers=1, patience=0.0)
    assert places == {os.getpid()}
    elsewhere, places = collect(workers=3, patience=0.05)
    assert places - {os.getpid()}, "no worker took part"
    assert here == elsewhere == {task: 100 + task * task for task in range(12)}


def test_short_work_starts_no_process() -> None:
    _, places = collect(workers=8, patience=60.0)
    assert places == {os.getpid()}


@pytest.mark.parametrize("workers", [1, 3])
def test_how_much_is_done_is_told_within_tasks_and_never_falls(workers: int) -> None:
    """Of tasks done here, and of those in workers when the ones here tell nothing."""
    silent = 0 if workers == 1 else os.getpid()
    told: list[float] = []
    finished: list[int] = []

    def note(task: int, result: int) -> None:
        finished.append(result)

    def advanced(behind: float) -> None:
        assert behind >= len(finished)
        told.append(behind)

    spread(tasks.in_quarters, silent, [1, 2, 3], note, workers, patience=0.0, advanced=advanced)
    assert sorted(finished) == [1, 2, 3]
    assert told == sorted(told)
    assert len({behind for behind in told if behind % 1.0}) >= 3


def test_an_error_in_a_worker_reaches_the_caller() -> None:
    with pytest.raises(ValueError, match="task"):
        spread(tasks.refuse, 0, [1, 2], lambda task, result: None, workers=2, patience=0.0)


def test_a_killed_worker_is_reported_as_such() -> None:
    with pytest.raises(WorkerDiedError, match="--workers 1"):
        spread(tasks.die, os.getpid(), [1, 2, 3], lambda *_: None, workers=2, patience=0.0)


def test_a_worker_killed_while_another_is_starting_is_reported_as_such(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start = workers.started

    def started_and_killed() -> subprocess.Popen[bytes]:
        process = start()
        process.kill()
        process.wait()
        return process

    monkeypatch.setattr(workers, "started", started_and_killed)
    with pytest.raises(WorkerDiedError, match="--workers 1"):
        spread(tasks.die_slowly, os.getpid(), [1, 2, 3, 4], lambda *_: None, 3, patience=0.0)


def test_what_a_worker_cannot_send_or_read_is_an_error_of_its_own() -> None:
    with pytest.raises(TypeError, match="pickle"):
        spread(tasks.gives_a_lock, os.getpid(), [1, 2, 3], lambda *_: None, 2, patience=0.0)
    with pytest.raises(RuntimeError, match="cannot be made again"):
        spread(tasks.square, tasks.Unreadable(), [1, 2, 3], lambda *_: None, 2, patience=0.0)


def test_what_a_task_prints_does_not_come_among_the_answers(
    capfd: pytest.CaptureFixture[str],
) -> None:
    found: list[int] = []
    spread(tasks.prints, os.getpid(), [1, 2, 3], lambda _, it: found.append(it), 2, patience=0.0)
    assert sorted(found) == [1, 2, 3]
    assert "task 2 was here" in capfd.readouterr().err


def test_a_script_without_a_guard_is_not_run_again(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(WITHOUT_A_GUARD)
    done = subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "begun\n__main__ True\n"


def test_a_second_ctrl_c_does_not_keep_workers_from_being_dismissed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dismiss, dismissed = _Crew.dismiss, []

    def disturbed(crew: _Crew[int, int, int]) -> None:
        signal.raise_signal(signal.SIGINT)
        dismiss(crew)
        dismissed.append(crew)

    monkeypatch.setattr(_Crew, "dismiss", disturbed)
    with pytest.raises(KeyboardInterrupt):
        spread(tasks.square, 0, [1], lambda *_: None)
    assert dismissed


def test_at_least_one_processor_is_available() -> None:
    assert 1 <= available_workers() <= (os.cpu_count() or 1)


def long_run(tmp_path: Path) -> tuple[subprocess.Popen[str], list[int]]:
    """Start a parent with two workers that sleep; return it and the processes at work."""
    script = tmp_path / "script.py"
    script.write_text(LONG_RUN)
    parent = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "at_work")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        pids = [int(path.suffix[1:]) for path in tmp_path.glob("at_work.*")]
        if len(pids) >= 2 and any(pid != parent.pid for pid in pids):
            return parent, [pid for pid in pids if pid != parent.pid]
        time.sleep(0.05)
    parent.kill()
    raise AssertionError(f"no worker began: {parent.communicate()}")


def gone(pid: int, within: float = 10.0) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(os.name != "posix", reason="has no groups of processes")
def test_ctrl_c_reaches_no_worker_not_even_one_that_is_starting() -> None:
    """It would say so with a traceback."""
    done = subprocess.run(
        [sys.executable, "-c", STARTING], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "True\n" * 3


@pytest.mark.skipif(sys.platform != "linux", reason="reads the process table of Linux")
def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    parent, workers = long_run(tmp_path)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    assert all(gone(pid) for pid in workers)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the process table of Linux")
def test_ctrl_c_ends_everything_quietly_and_at_once(tmp_path: Path) -> None:
    parent, workers = long_run(tmp_path)
    os.killpg(parent.pid, signal.SIGINT)
    out, err = parent.communicate(timeout=15)
    assert parent.returncode == 130
    assert (out, err) == ("started\n", "")
    assert all(gone(pid) for pid in workers)
