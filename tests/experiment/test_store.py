"""Claims about files: whole or not at all, and a manifest only beside a complete set."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.experiment.store import (
    NotOursError,
    claimed,
    complete_set,
    manifest,
    replacing,
    scenario_hash,
    write_frame,
    write_text,
)
from sim.scenario import load

FRAME = pd.DataFrame({"measure": ["a", "b"], "value": [0.1 + 0.2, float("nan")]})


def test_a_frame_comes_back_as_it_was(tmp_path: Path) -> None:
    csv, parquet = write_frame(FRAME, tmp_path, "frame")
    pd.testing.assert_frame_equal(pd.read_csv(csv), FRAME, check_exact=True)
    pd.testing.assert_frame_equal(pd.read_parquet(parquet), FRAME, check_exact=True)


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = write_text("old", tmp_path / "file.txt")
    with pytest.raises(KeyboardInterrupt), replacing(path) as temporary:
        temporary.write_text("ne")
        raise KeyboardInterrupt
    assert [item.name for item in tmp_path.iterdir()] == ["file.txt"]
    assert path.read_text() == "old"


def test_what_a_killed_process_left_behind_is_removed_when_nobody_can_be_writing_it(
    tmp_path: Path,
) -> None:
    for name in (".file.txt.17.part", ".file.txt.18.part", ".other.txt.17.part"):
        (tmp_path / name).write_text("ha")
    for name in (".file.txt.17.part", ".other.txt.17.part"):
        os.utime(tmp_path / name, (0, 0))
    write_text("whole", tmp_path / "file.txt")
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == [".file.txt.18.part", ".other.txt.17.part", "file.txt"]


def test_a_set_takes_the_place_of_the_one_before_or_leaves_it_whole(tmp_path: Path) -> None:
    with complete_set(tmp_path, {"seed": 1}) as (new, written):
        written.append(write_text("x", new / "x.txt"))
    assert written == [tmp_path / "x.txt", tmp_path / "manifest.json"]
    said = {"seed": 1, "written": ["x.txt"]}
    assert json.loads((tmp_path / "manifest.json").read_text()) == said
    with pytest.raises(KeyboardInterrupt), complete_set(tmp_path, {"seed": 2}) as (new, written):
        written.append(write_text("y", new / "x.txt"))
        raise KeyboardInterrupt
    assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest.json", "x.txt"]
    assert (tmp_path / "x.txt").read_text() == "x"
    assert json.loads((tmp_path / "manifest.json").read_text()) == said


def test_files_of_an_earlier_set_do_not_stay_beside_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    notes = write_text("notes", folder / "notes.txt")
    (folder / "kept").mkdir()
    for name in ("old.txt", "new.txt"):
        with complete_set(folder, {}) as (new, written):
            written.append(write_text("x", new / name))
        said = json.loads((folder / "manifest.json").read_text())
        said["written"] += ["kept", "gone.txt"]
        (folder / "manifest.json").write_text(json.dumps(said))
    assert {path.name for path in folder.iterdir()} == {
        *("new.txt", "notes.txt", "kept", "manifest.json"),
    }
    assert notes.exists()


def test_a_set_is_never_written_over_what_no_manifest_names(tmp_path: Path) -> None:
    mine = write_text("mine", tmp_path / "beds.png")
    with (
        pytest.raises(NotOursError, match="there is not of an earlier run"),
        complete_set(tmp_path, {}) as (new, written),
    ):
        written.append(write_text("theirs", new / "beds.png"))
    assert mine.read_text() == "mine"
    assert (new / "beds.png").read_text() == "theirs"


@pytest.mark.parametrize(
    "said", ["", "[1]", "{}", '{"written": 3}', '{"written": ["../mine.txt"]}', '{"written": [""]}',
             '{"written": ["manifest.json"]}', "[" * 100_000],
)  # fmt: skip
def test_a_manifest_of_somebody_else_is_refused_before_the_run(tmp_path: Path, said: str) -> None:
    folder = tmp_path / "results"
    mine = write_text("mine", tmp_path / "mine.txt")
    manifest = write_text(said, folder / "manifest.json")
    with pytest.raises(NotOursError, match="is not of an earlier run"), claimed(folder):
        pass
    assert manifest.read_text() == said and mine.exists()
    assert [path.name for path in folder.iterdir()] == ["manifest.json"]


def test_a_folder_is_for_one_run_at_a_time(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "results"
    with claimed(folder):
        with pytest.raises(NotOursError, match="another run"), claimed(folder):
            pass
        with complete_set(folder, {}) as (new, written):
            written.append(write_text("x", new / "report.md"))
    with claimed(folder):
        pass
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "report.md"]


def test_a_run_that_comes_to_nothing_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), claimed(tmp_path / "a" / "b"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_written_through_and_a_file_keeps_its_permissions(tmp_path: Path) -> None:
    real = write_text("old", tmp_path / "there" / "real.txt")
    real.chmod(0o600)
    link = tmp_path / "link.txt"
    link.symlink_to(real)
    write_text("new", link)
    assert link.is_symlink() and real.read_text() == "new"
    assert real.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_text("through", pipe)
    assert os.read(reader, 100) == b"through"
    os.close(reader)
    assert pipe.is_fifo() and [path.name for path in tmp_path.iterdir()] == ["pipe"]


SCENARIO = """\
title: One desk
run: {start: 2024-04-01, duration: 5 days}
people: {number: 500}
crises: {need: {rate: 9000, first: serve}}
pathway: {serve: {delay: 30 min, route: done}}
"""


def test_the_hash_is_of_what_the_files_say(tmp_path: Path) -> None:
    """The same for another order, comments and splits; another when a number differs."""
    (tmp_path / "a.yaml").write_text(SCENARIO)
    shuffled = "".join(f"{line}\n" for line in reversed(SCENARIO.splitlines()))
    (tmp_path / "b.yaml").write_text(f"# the same\n{shuffled}")
    (tmp_path / "c.yaml").write_text("title: One desk\nextends: a.yaml\n")
    (tmp_path / "d.yaml").write_text(SCENARIO.replace("500", "501"))
    a, b, c, d = (scenario_hash(load(tmp_path / f"{name}.yaml")) for name in "abcd")
    assert a == b == c != d


def test_the_hash_is_of_the_people_in_a_file_of_strata(tmp_path: Path) -> None:
    """Another when a count differs; the same for another order of rows or another file name."""
    files = {
        "a": "age,people\nold,100\nyoung,400\n",
        "b": "age,people\nyoung,400\nold,100\n",
        "c": "age,people\nold,101\nyoung,399\n",
    }
    found = {}
    for name, people in files.items():
        (tmp_path / f"{name}.csv").write_text(people)
        path = tmp_path / f"{name}.yaml"
        path.write_text(SCENARIO.replace("number: 500", f"strata: {name}.csv"))
        found[name] = scenario_hash(load(path))
    assert found["a"] == found["b"] != found["c"]


def test_hashes_are_of_what_was_read_and_of_tables_too(tmp_path: Path) -> None:
    """A file that is edited while a long run goes on had no part in its results."""
    (tmp_path / "base.yaml").write_text(SCENARIO.replace("number: 500", "strata: people.csv"))
    (tmp_path / "people.csv").write_text("age,people\nold,100\nyoung,400\n")
    (tmp_path / "evidence.csv").write_text("id,status\nE1,seen\n")
    (tmp_path / "top.yaml").write_text("extends: base.yaml\nevidence: evidence.csv\n")
    read = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in tmp_path.iterdir()}
    results = sim.run(tmp_path / "top.yaml", replications=1, engine="simpy")
    for path in read:
        path.write_text("something else")
    (scenario,) = manifest([results], [], 1.0)["scenarios"]
    assert scenario["files"] == {path.as_posix(): sha256 for path, sha256 in read.items()}
