"""The store of tasks: what is kept comes back, whole or not at all, and to nobody else."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from sim.experiment.store import NotOursError
from sim.experiment.tasks.store import ABOUT, FORMAT, FolderStore, InMemory, TaskStore, opened
from sim.experiment.tasks.task import Outcome, Task
from sim.measure.backlog import Backlog

TASK = Task("ab" * 32, 3)


def some_backlog() -> Backlog:
    counts, two = np.arange(6, dtype=np.int32).reshape(2, 3), np.eye(2)
    one = np.array([0.1, np.nan])
    return Backlog(
        space=60.0,
        waiting=counts,
        in_use=counts + 1,
        units=np.array([4, -1], dtype=np.int32),
        there=one,
        busy=one,
        uses=one,
        use_mean=one,
        use_variance=one,
        gave_up=one,
        blocked=two,
        held=one,
        stuck=two.astype(np.int32),
        since=one,
        begun=np.array([1, 2, 3], dtype=np.int32),
    )


def outcome(**values: float) -> Outcome:
    return Outcome(values, some_backlog(), 1.5)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    with opened(tmp_path / "store") as made:
        return made


def test_what_is_kept_comes_back_to_the_last_bit(store: FolderStore) -> None:
    kept = outcome(arrivals=0.1 + 0.2, waits=float("nan"))
    store.put(TASK, kept, None)
    found = store.get(TASK, None)
    assert found is not None
    assert list(found.values) == ["arrivals", "waits"]
    assert found.values["arrivals"] == 0.1 + 0.2
    assert np.isnan(found.values["waits"])
    for each in fields(Backlog):
        one, other = getattr(found.backlog, each.name), getattr(kept.backlog, each.name)
        assert np.asarray(one).dtype == np.asarray(other).dtype
        np.testing.assert_array_equal(one, other)


def test_a_task_not_kept_is_not_found(store: FolderStore) -> None:
    store.put(TASK, outcome(arrivals=1.0), None)
    assert store.get(Task(TASK.world, 4), None) is None
    assert store.get(Task("cd" * 32, 3), None) is None
    assert list(store.tasks()) == [TASK]


@pytest.mark.parametrize("kind", ["memory", "folder"])
def test_what_was_not_measured_is_not_found(kind: str, tmp_path: Path) -> None:
    with opened(tmp_path / "store") as folder:
        store: TaskStore = folder if kind == "folder" else InMemory()
        store.put(TASK, outcome(arrivals=1.0, waits=2.0), ("arrivals", "waits"))
        assert store.get(TASK, ("arrivals",)) is not None
        assert store.get(TASK, ("arrivals", "deaths")) is None
        assert store.get(TASK, None) is None


def test_what_was_measured_before_stays_beside_what_is_measured_now(store: FolderStore) -> None:
    store.put(TASK, outcome(arrivals=1.0), ("arrivals",))
    store.put(TASK, outcome(waits=2.0), ("waits",))
    found = store.get(TASK, ("waits", "arrivals"))
    assert found is not None
    assert found.values == {"arrivals": 1.0, "waits": 2.0}


@pytest.mark.parametrize("content", [b"", b"PAR1 and no more", None])
def test_a_broken_file_is_said_and_done_again(store: FolderStore, content: bytes | None) -> None:
    store.put(TASK, outcome(arrivals=1.0), None)
    path = store.path(TASK)
    path.write_bytes(path.read_bytes()[:-40] if content is None else content)
    with pytest.warns(UserWarning, match="cannot be read; that task is done again"):
        assert store.get(TASK, None) is None
    with pytest.warns(UserWarning, match="cannot be read"):
        store.put(TASK, outcome(arrivals=1.0), ("arrivals",))
    assert store.get(TASK, ("arrivals",)) is not None


def test_a_full_disk_leaves_what_there_was(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put(TASK, outcome(arrivals=1.0), None)

    def full(number: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        store.put(TASK, outcome(arrivals=2.0), None)
    found = store.get(TASK, None)
    assert found is not None
    assert found.values == {"arrivals": 1.0}
    assert [path.name for path in store.path(TASK).parent.iterdir()] == ["3.parquet"]


def test_two_runs_at_once_on_one_store_are_refused(tmp_path: Path) -> None:
    with (
        opened(tmp_path / "store"),
        pytest.raises(NotOursError, match="another run is using this store"),
        opened(tmp_path / "store"),
    ):
        pass
    with opened(tmp_path / "store") as again:
        assert list(again.tasks()) == []


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(NotOursError, match="no store of tasks"), opened(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"format": FORMAT + 1, "urgentflow": "9.9"}, r"format 2 \(urgentflow 9.9\)"),
        ({"else": 1}, "is not of urgentflow"),
    ],
)
def test_a_store_of_another_version_is_left_alone(
    tmp_path: Path, said: dict[str, object], words: str
) -> None:
    (tmp_path / ABOUT).write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(NotOursError, match=words), opened(tmp_path):
        pass
    assert json.loads((tmp_path / ABOUT).read_text(encoding="utf-8")) == said
