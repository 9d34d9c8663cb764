"""Tasks done by the workers of a Dask cluster.

A worker needs this package and no file: what all tasks share is sent to each once. A worker that
dies is replaced by another, a few times; results never depend on who did what.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sim.experiment.workers import Tell, WorkerDiedError

Context = TypeVar("Context")
Task = TypeVar("Task")
Result = TypeVar("Result")

#: seconds to wait for the scheduler to answer
PATIENCE = 30.0

#: tasks sent ahead for each thread of the cluster: enough that none waits, few enough to be stopped
AHEAD = 4


class ClusterError(RuntimeError):
    """A cluster that cannot be used; its message says what to do."""


@dataclass(frozen=True)
class Cluster:
    """The workers of the Dask scheduler at an address such as ``tcp://10.0.0.5:8786``."""

    address: str

    def __call__(
        self,
        function: Callable[[Context, Task, Tell], Result],
        context: Context,
        tasks: Sequence[Task],
        finished: Callable[[Task, Result], None],
        advanced: Callable[[float], None],
    ) -> None:
        """Do the tasks there; see `sim.experiment.executor.Executor`.

        Raises
        ------
        ClusterError
            If there is no cluster at the address, or Dask is not installed.
        WorkerDiedError
            If a task ended several workers.
        """
        client = _client(self.address)
        try:
            _spread(client, function, context, tasks, finished)
        finally:
            client.close()


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError("a cluster needs Dask: pip install 'urgentflow[cluster]'") from None
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"no scheduler answers at {address} ({type(error).__name__}); "
            "start one with `dask scheduler`, and workers with `dask worker ADDRESS`"
        ) from None
    if not client.scheduler_info(n_workers=-1)["workers"]:
        client.close()
        raise ClusterError(
            f"the scheduler at {address} has no workers; start some with `dask worker {address}`"
        )
    return client


def _spread(
    client: Any,
    function: Callable[[Context, Task, Tell], Result],
    context: Context,
    tasks: Sequence[Task],
    finished: Callable[[Task, Result], None],
) -> None:
    """Keep every thread of the cluster at work, the first tasks first."""
    from distributed import KilledWorker, as_completed

    shared = client.scatter(context, broadcast=True, hash=False)
    waiting = iter(tasks)
    ahead = AHEAD * max(1, sum(client.nthreads().values()))
    under_way: dict[Any, Task] = {}
    running = as_completed(loop=client.loop)

    def submit() -> None:
        for task in waiting:
            future = client.submit(_do, function, shared, task, pure=False)
            under_way[future.key] = task
            running.add(future)
            return

    for _ in range(min(ahead, len(tasks))):
        submit()
    for future in running:
        try:
            result = future.result()
        except KilledWorker as error:
            raise WorkerDiedError(
                "a task ended several workers of the cluster, perhaps for want of memory"
            ) from error
        finished(under_way.pop(future.key), result)
        future.release()
        submit()


def _do(function: Callable[[Any, Any, Tell], Any], context: Any, task: Any) -> Any:
    """Do a task in a worker of the cluster."""
    return function(context, task, _nobody)


def _nobody(part: float) -> None:
    """How far a task is travels nowhere: only what is finished does."""
