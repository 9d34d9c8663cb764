"""Claims about experiments on the command line: kept as they are done, and the same again."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.cli.main import main
from tests.cli.terminal import linux_only

WHICH = """\
title: Which of two, and how many beds
question: Does a nurse or a bed help more?
baseline: clinic.yaml
options: [more_nurses.yaml, more_beds.yaml]
combine: all
run: {replications: 5, duration: 4 days}
headline: [emergency_admissions, wait_mean/visit, queue_length_mean/ward_beds]
"""

MORE_BEDS = """\
title: Ten beds
rationale: Nobody waits for a bed.
resources: {ward_beds: {capacity: 10}}
"""


@pytest.fixture
def which(clinic: Path) -> Path:
    """An experiment file beside the clinic, in the current folder."""
    (clinic / "more_beds.yaml").write_text(MORE_BEDS, encoding="utf-8")
    (clinic / "which.yaml").write_text(WHICH, encoding="utf-8")
    return clinic


def content(folder: Path) -> dict[str, bytes]:
    """The tables of an experiment, byte by byte."""
    return {
        path.name: path.read_bytes()
        for path in sorted(folder.iterdir())
        if path.suffix in (".csv", ".parquet")
    }


def kept(store: Path) -> dict[str, bytes]:
    files = store.rglob("[!.]*.parquet")
    return {path.relative_to(store).as_posix(): path.read_bytes() for path in files}


def test_an_experiment_says_which_is_best_and_who_did_what(
    which: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["experiment", "which.yaml", "--out", "results/which", "--workers", "1"]) == 0
    said = capsys.readouterr().out
    assert "4 variants, 5 replications each" in said
    assert "Wait, mean, visit (minutes): more_nurses" in said
    assert "who did what" in said
    assert "share of all together" in said
    files = content(which / "results" / "which")
    assert {"variants.csv", "outcomes.csv", "differences.csv", "ranking.csv", "shares.csv"} <= set(
        files
    )
    page = (which / "results" / "which" / "report.html").read_text(encoding="utf-8")
    assert "All alternatives" in page and "Who did what" in page
    about = json.loads((which / "results" / "which" / "manifest.json").read_text(encoding="utf-8"))
    assert (about["what"], about["variants"], about["failures"]) == ("experiment", 4, 0)
    assert len(list((which / "results" / "store").rglob("*.parquet"))) == 20


def test_what_was_done_is_taken_from_the_store_and_the_tables_are_the_same(which: Path) -> None:
    command = ["experiment", "which.yaml", "--store", "kept", "--workers", "1"]
    assert main([*command, "--out", "one", "--replications", "3"]) == 0
    first = kept(which / "kept")
    assert main([*command, "--out", "two"]) == 0
    assert main(["experiment", "which.yaml", "--store", "fresh", "--out", "three"]) == 0
    assert content(which / "two") == content(which / "three") != content(which / "one")
    # nothing was done twice
    assert first.items() <= kept(which / "kept").items()


def test_a_sweep_is_an_experiment_without_a_file(
    which: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sweep = ["sweep", "clinic.yaml", "more_beds.yaml", "--set", "resources.nurse.capacity=1:3:1"]
    assert main([*sweep, "--days", "2", "--replications", "2", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [each["variant"] for each in answer["variants"]] == [
        "baseline",
        *(f"nurse capacity {number}" for number in (1, 2, 3)),
        *(f"more_beds, nurse capacity {number}" for number in (1, 2, 3)),
    ]


def test_a_check_runs_nothing(which: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["experiment", "which.yaml", "--check"]) == 0
    assert "Every variant can be run" in capsys.readouterr().out
    assert not (which / "store").exists()


def test_two_runs_at_once_on_one_store_are_refused(
    which: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from sim.experiment.tasks.store import opened

    with opened(which / "store"):
        assert main(["experiment", "which.yaml", "--out", "results"]) == 2
    assert "another run is using this store" in capsys.readouterr().err
    assert not (which / "results").exists()


def test_a_full_disk_is_said_and_what_was_done_stays(
    which: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, count = os.fsync, 0

    def soon_full(number: int) -> None:
        nonlocal count
        count += 1
        if count > 7:
            raise OSError(28, os.strerror(28))
        plain(number)

    command = ["experiment", "which.yaml", "--out", "out", "--store", "kept", "--workers", "1"]
    monkeypatch.setattr(os, "fsync", soon_full)
    assert main(command) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert not (which / "out").exists()
    assert len(kept(which / "kept")) > 0
    before = kept(which / "kept")
    monkeypatch.undo()
    monkeypatch.chdir(which)
    assert main(command) == 0
    assert before.items() <= kept(which / "kept").items()


@linux_only
@pytest.mark.parametrize("whom", ["the run", "a worker"])
def test_after_a_kill_only_what_is_missing_is_done_and_the_tables_are_the_same(
    which: Path, whom: str
) -> None:
    text = WHICH.replace("duration: 4 days", "duration: 200 days")
    (which / "which.yaml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "sim.cli.main", "experiment", "which.yaml", "--out", "out"]
    command += ["--store", "kept", "--engine", "simpy", "--workers", "2"]
    run = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=os.environ
    )
    assert run.stderr is not None
    deadline = time.monotonic() + 120
    while len(kept(which / "kept")) < 3:
        assert run.poll() is None, run.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    if whom == "the run":
        os.kill(run.pid, signal.SIGKILL)
    else:
        workers = [pid for pid in children(run.pid) if "worker_process" in command_of(pid)]
        while not workers and time.monotonic() < deadline and run.poll() is None:
            time.sleep(0.02)
            workers = [pid for pid in children(run.pid) if "worker_process" in command_of(pid)]
        os.kill(workers[0], signal.SIGKILL)
    run.wait(60)
    assert run.returncode != 0
    before = kept(which / "kept")
    assert len(before) >= 3
    assert not (which / "out" / "manifest.json").exists()
    assert main(["experiment", "which.yaml", "--out", "out", "--store", "kept"]) == 0
    assert before.items() <= kept(which / "kept").items()
    assert main(["experiment", "which.yaml", "--out", "whole", "--store", "other"]) == 0
    assert content(which / "out") == content(which / "whole")


def children(pid: int) -> list[int]:
    """The children of a process, whichever of its threads has started them."""
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += map(int, path.read_text().split())
    return found


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--check", "--out", "a"), "--check runs nothing, so --out"),
        (("--out", "a", "--store", "./a"), "--store and --out are one folder"),
        (("--scheduler", "tcp://a:1", "--workers", "2"), "a scheduler has its own"),
    ],
)
def test_arguments_that_would_be_ignored_are_refused(
    which: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    assert main(["experiment", "which.yaml", *arguments]) == 2
    assert words in capsys.readouterr().err
