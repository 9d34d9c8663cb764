"""A folder of tasks that are done, each a file named by what decides its content.

A file is written aside, flushed and renamed, so that a kill at any moment leaves whole files only.
Everything in it is the same again for the same task, except how long the task took.
"""

from __future__ import annotations

import json
import os
import shutil
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from sim.experiment.store import LOCK, NotOursError, locked, replacing, write_text
from sim.experiment.tasks.task import Outcome, Reference, Task
from sim.experiment.tasks.world import code_hash
from sim.version import __version__

if TYPE_CHECKING:
    from sim.measure.backlog import Backlog

#: says that a folder is a store, and in which format
ABOUT = "store.json"

#: what is written here; a store of another number is left alone
FORMAT = 1

#: how names of files end: of tasks, and of whole replications (`sim.experiment.tasks.keeping`)
TASKS, REPLICATIONS = ".parquet", ".replication"

#: letters of the hash of the code that name a folder
CODE_LETTERS = 16


class TaskStore(Protocol):
    """Keeps outcomes of tasks by what names them."""

    def get(self, task: Task, measures: Collection[Reference] | None) -> Outcome | None:
        """The outcome of a task if it is here with all these measures (None: all there are)."""

    def put(self, task: Task, outcome: Outcome, measures: Collection[Reference] | None) -> None:
        """Keep an outcome with these measures, whole or not at all."""


@dataclass
class InMemory:
    """Keeps tasks while the process lasts, for searches that come back to what they had."""

    kept: dict[Task, tuple[Outcome, frozenset[Reference] | None]] = field(default_factory=dict)

    def get(self, task: Task, measures: Collection[Reference] | None) -> Outcome | None:
        """The outcome of a task, if it is here."""
        outcome, asked = self.kept.get(task, (None, frozenset()))
        return outcome if _covers(asked, measures) else None

    def put(self, task: Task, outcome: Outcome, measures: Collection[Reference] | None) -> None:
        """Keep an outcome."""
        self.kept[task] = outcome, None if measures is None else frozenset(measures)


@dataclass(frozen=True)
class FolderStore:
    """Tasks in a folder: ``CODE/WORLD/REPLICATION.parquet``; made by `opened`.

    `code` is what the code that decides results is called here: what other versions have left
    stays, beside what this one does.
    """

    folder: Path
    code: str = field(default_factory=lambda: code_hash()[:CODE_LETTERS])

    def path(self, task: Task) -> Path:
        """The file of a task."""
        return self.folder / self.code / task.world / f"{task.replication}{TASKS}"

    def get(self, task: Task, measures: Collection[Reference] | None) -> Outcome | None:
        """The outcome of a task, if it is here; a file that cannot be read is done again."""
        outcome, asked = self._found(task)
        return outcome if _covers(asked, measures) else None

    def put(self, task: Task, outcome: Outcome, measures: Collection[Reference] | None) -> None:
        """Keep an outcome, beside what else was measured of the same task before.

        Raises
        ------
        OSError
            If it cannot be written; what is there stays as it is.
        """
        before, asked = self._found(task)
        if before is not None and measures is not None and asked is not None:
            outcome = replace(outcome, values={**before.values, **outcome.values})
            measures = asked | frozenset(measures)
        with replacing(self.path(task)) as path:
            _write(path, outcome, measures)

    def _found(self, task: Task) -> tuple[Outcome | None, frozenset[Reference] | None]:
        """What is here of a task, and which measures it has (None for all there are)."""
        path, nothing = self.path(task), (None, frozenset[Reference]())
        if not path.exists():
            return nothing
        try:
            return _read(path)
        except OSError as error:
            if error.errno is not None:  # the system refuses it; a broken file has no number
                raise
        except (ValueError, KeyError):
            pass
        warnings.warn(f"{path} cannot be read; that task is done again", stacklevel=3)
        return nothing

    def tasks(self) -> Iterator[Task]:
        """Every task of this code, by world and number."""
        for world in sorted((self.folder / self.code).glob("*")):
            numbers = [path.stem for path in world.glob(f"*{TASKS}")]
            yield from (
                Task(world.name, number)
                for number in sorted(int(text) for text in numbers if text.isdecimal())
            )

    def codes(self) -> dict[str, list[Path]]:
        """Files of tasks and of replications by the code that made them."""
        folders = [each for each in sorted(self.folder.iterdir()) if each.is_dir()]
        return {
            each.name: sorted(p for p in each.glob("*/*") if p.suffix in (TASKS, REPLICATIONS))
            for each in folders
        }

    def remove(self, code: str) -> None:
        """Take away all that some code has left here."""
        shutil.rmtree(self.folder / code)


@contextmanager
def opened(folder: Path) -> Iterator[FolderStore]:
    """A store in a folder, made if there is none, for this process alone while the block lasts.

    Raises
    ------
    NotOursError
        If another run is using it, if the folder holds something else, or a store of another
        format.
    OSError
        If it cannot be made or written to.
    """
    about = folder / ABOUT
    if folder.exists() and not about.exists() and any(folder.iterdir()):
        raise NotOursError(f"{folder} is no store of tasks and not empty; name another (--store)")
    folder.mkdir(parents=True, exist_ok=True)
    if about.exists():
        _refuse_other_format(about)
    else:
        said = {"what": "tasks of urgentflow", "format": FORMAT, "urgentflow": __version__}
        write_text(json.dumps(said, indent=2) + "\n", about)
    with _alone(folder):
        yield FolderStore(folder)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    try:
        with locked(folder / LOCK, folder):
            yield
    except NotOursError:
        raise NotOursError(
            f"{folder}: another run is using this store; wait for it, or name another (--store)"
        ) from None


def _refuse_other_format(about: Path) -> None:
    try:
        said = json.loads(about.read_text(encoding="utf-8"))
        number, version = said["format"], said.get("urgentflow", "?")
    except (ValueError, KeyError, TypeError):
        raise NotOursError(f"{about} is not of urgentflow; name another store (--store)") from None
    if number != FORMAT:
        raise NotOursError(
            f"{about.parent} is a store of format {number} (urgentflow {version}); this version "
            f"has format {FORMAT} and leaves it as it is: name another (--store)"
        )


def _covers(asked: Collection[Reference] | None, measures: Collection[Reference] | None) -> bool:
    """Whether what was asked for holds all that is wanted."""
    return asked is None or (measures is not None and set(measures) <= set(asked))


def _write(path: Path, outcome: Outcome, measures: Collection[Reference] | None) -> None:
    """One row: lists of measures and their values, and the arrays of the backlog."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns: dict[str, Any] = {
        "measure": [list(outcome.values)],
        "value": [np.array(list(outcome.values.values()), dtype=np.float64)],
    }
    for each in fields(outcome.backlog):
        value = np.asarray(getattr(outcome.backlog, each.name))
        columns[f"backlog_{each.name}"] = [value.reshape(-1)]
    about = {
        "asked": None if measures is None else sorted(measures),
        "seconds": round(outcome.seconds, 3),
        "shapes": {
            each.name: list(np.asarray(getattr(outcome.backlog, each.name)).shape)
            for each in fields(outcome.backlog)
        },
    }
    table = pa.table(columns).replace_schema_metadata({"urgentflow": json.dumps(about)})
    with path.open("wb") as file:
        pq.write_table(table, file, compression="zstd")
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> tuple[Outcome, frozenset[Reference] | None]:
    """The outcome in a file, and which measures it has; None for all there are."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path, partitioning=None)
    except pa.ArrowException as error:
        raise ValueError(str(error)) from None
    about = json.loads(table.schema.metadata[b"urgentflow"])
    row = {name: table.column(name)[0].values for name in table.column_names}
    values = dict(zip(row["measure"].to_pylist(), row["value"].to_pylist(), strict=True))
    asked = about["asked"]
    outcome = Outcome(values, _backlog(row, about["shapes"]), about["seconds"])
    return outcome, None if asked is None else frozenset(asked)


def _backlog(row: dict[str, Any], shapes: dict[str, list[int]]) -> Backlog:
    from sim.measure.backlog import Backlog

    arrays: dict[str, Any] = {}
    for name, shape in shapes.items():
        flat = row[f"backlog_{name}"].to_numpy(zero_copy_only=False)
        arrays[name] = flat.reshape(shape) if shape else float(flat[0])
    return Backlog(**arrays)
