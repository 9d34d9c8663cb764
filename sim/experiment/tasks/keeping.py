"""Whole replications that are kept as they are done, so that nothing is simulated twice.

The store of tasks keeps numbers; tables and pages need more of a replication: its measures by
attributes and what is kept of its logs. That goes into the same folder as a file of its own, which
is read as Python objects: a store is for whoever made it, and not one to be given away.
"""

from __future__ import annotations

import hashlib
import inspect
import pickle
import warnings
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from sim.experiment.executor import Context, Executor, Result, Task
from sim.experiment.job import Job, Replication
from sim.experiment.store import replacing
from sim.experiment.tasks.store import REPLICATIONS, FolderStore
from sim.experiment.workers import Tell

#: letters of the hash of what else decides the content of a file
LETTERS = 16


@dataclass(frozen=True)
class Keeping:
    """An executor that has only those replications done that are not in a store.

    Parameters
    ----------
    executor
        Does them.
    store
        Where they are kept, each as soon as it is done.
    worlds
        What names the results of each arm (`sim.experiment.tasks.world.world_key`).
    """

    executor: Executor
    store: FolderStore
    worlds: tuple[str, ...]

    def __call__(
        self,
        function: Callable[[Context, Task, Tell], Result],
        context: Context,
        tasks: Sequence[Task],
        finished: Callable[[Task, Result], None],
        advanced: Callable[[float], None],
    ) -> None:
        """Do the replications of a job, given as ``(arm, number)``."""
        if not isinstance(context, Job):
            raise TypeError(f"only replications of a job are kept, not {type(context).__name__}")
        kept = asked(context)
        rest: list[Task] = []
        for task in tasks:
            found = _read(self._path(task, kept))
            if found is None:
                rest.append(task)
            else:
                finished(task, cast(Result, _of_arm(found, task)))

        def finish(task: Task, result: Result) -> None:
            with replacing(self._path(task, kept)) as path:
                path.write_bytes(zlib.compress(pickle.dumps(result, protocol=5), level=1))
            finished(task, result)

        behind = len(tasks) - len(rest)
        if rest:
            self.executor(function, context, rest, finish, lambda done: advanced(behind + done))

    def _path(self, task: Any, kept: str) -> Path:
        arm, number = task
        name = f"{number}.{kept}{REPLICATIONS}"
        return self.store.folder / self.store.code / str(self.worlds[arm]) / name


def asked(job: Job) -> str:
    """What else decides the content of a replication: what is measured and kept, and by what code.

    The code of the whole package counts, as that of reports may decide what is kept; so does the
    engine, for who asks for the other one wants it to run.
    """
    words = [repr(job.by), job.engine, _package_hash()]
    if (digest := job.digest) is not None:
        words += [f"{digest.__module__}.{digest.__qualname__}", inspect.getsource(digest)]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:LETTERS]


@lru_cache(maxsize=1)
def _package_hash() -> str:
    digest = hashlib.sha256()
    package = Path(__file__).parents[2]
    for source in sorted(package.rglob("*.py")):
        digest.update(source.relative_to(package).as_posix().encode())
        digest.update(source.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def _of_arm(found: Replication, task: Any) -> Replication:
    """A replication, which may have been of another arm when it was done."""
    return replace(found, arm=task[0])


def _read(path: Path) -> Replication | None:
    """What a file has; None if there is none, or if it cannot be read, with a warning."""
    if not path.exists():
        return None
    try:
        found = pickle.loads(zlib.decompress(path.read_bytes()))
    except (zlib.error, pickle.UnpicklingError, EOFError, AttributeError, ImportError, ValueError):
        found = None
    if not isinstance(found, Replication):
        warnings.warn(f"{path} cannot be read; that replication is done again", stacklevel=4)
        return None
    return found
