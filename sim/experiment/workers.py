"""Independent tasks spread over worker processes that never outlive their parent.

Knows nothing of simulation. Results are handed over in the order they come; whoever needs an
order sorts by task. Tasks begin in this process, so that short work never pays for starting
others, and what is left moves to workers once the work has proved long.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from types import ModuleType
from typing import Generic, TypeVar

Context = TypeVar("Context")
Task = TypeVar("Task")
Result = TypeVar("Result")

#: seconds of work here before worker processes are started, about what starting one costs
PATIENCE = 1.5


class WorkerDiedError(RuntimeError):
    """A worker process was ended from outside, most often for want of memory."""


def available_workers() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def spread(
    function: Callable[[Context, Task], Result],
    context: Context,
    tasks: Sequence[Task],
    finished: Callable[[Task, Result], None],
    workers: int | None = None,
    patience: float = PATIENCE,
) -> None:
    """Call ``function(context, task)`` for every task, in this process and in workers.

    Parameters
    ----------
    function
        A module-level function; what it returns must depend on its arguments only.
    context
        What all tasks share.
    tasks
        What to do, most wanted first.
    finished
        Called in the caller's thread with each task and its result, in order of completion.
    workers
        Most worker processes; by default one per processor. 1 keeps all work in this process.
    patience
        Seconds of work in this process before workers are started.

    Raises
    ------
    WorkerDiedError
        If a worker process was killed.
    """
    number = min(workers or available_workers(), len(tasks))
    crew = _Crew(function, context, tasks, number)
    try:
        crew.start_after(patience)
        for task in crew.tasks_done_here():
            finished(task, function(context, task))
        for task, result in crew.tasks_done_elsewhere():
            finished(task, result)
    except BrokenProcessPool as error:
        raise WorkerDiedError(
            "a worker process was killed, perhaps for want of memory; "
            "fewer workers need less (--workers 1)"
        ) from error
    finally:
        crew.dismiss()


class _Crew(Generic[Context, Task, Result]):
    """The tasks not yet begun, and the worker processes that take them over after a while."""

    def __init__(
        self,
        function: Callable[[Context, Task], Result],
        context: Context,
        tasks: Sequence[Task],
        number: int,
    ) -> None:
        self._function = function
        self._context = context
        self._waiting = deque(tasks)
        self._number = number
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._taken: dict[Future[Result], Task] = {}
        self._failure: BaseException | None = None
        self._timer: threading.Timer | None = None
        self._strangers = set(multiprocessing.active_children())

    def start_after(self, seconds: float) -> None:
        if self._number > 1:
            self._timer = threading.Timer(seconds, self._hand_over)
            self._timer.daemon = True
            self._timer.start()

    def tasks_done_here(self) -> Iterator[Task]:
        while True:
            with self._lock:
                if not self._waiting:
                    return
                task = self._waiting.popleft()
            yield task

    def tasks_done_elsewhere(self) -> Iterator[tuple[Task, Result]]:
        self._stop_timer()
        if self._failure is not None:
            raise self._failure
        for future in as_completed(self._taken):
            yield self._taken[future], future.result()

    def dismiss(self) -> None:
        """End every worker at once: all work is done, or nobody wants it any more."""
        self._stop_timer()
        if self._pool is None:
            return
        if not all(future.done() for future in self._taken):
            for process in set(multiprocessing.active_children()) - self._strangers:
                process.terminate()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()

    def _hand_over(self) -> None:
        """Start workers for what nobody has begun yet (called in the timer's thread)."""
        with self._lock:
            if not self._waiting:
                return
            try:
                self._pool = ProcessPoolExecutor(
                    min(self._number, len(self._waiting)),
                    multiprocessing.get_context("spawn"),
                    initializer=_begin_worker,
                )
                with _sheltered_start():
                    while self._waiting:
                        task = self._waiting.popleft()
                        future = self._pool.submit(self._function, self._context, task)
                        self._taken[future] = task
            except BaseException as error:
                self._failure = error


@contextmanager
def _sheltered_start() -> Iterator[None]:
    """Start processes that ignore Ctrl-C and do not run the caller's script again.

    A spawned process inherits this thread's signal mask, so Ctrl-C reaches the parent only,
    which then ends its workers. And it would import the main script, which fails for scripts
    without the ``if __name__ == "__main__"`` guard and is never needed here: all that workers
    do is in importable modules.
    """
    maskable = hasattr(signal, "pthread_sigmask")
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if maskable else set()
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script
        if maskable:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        # not sys.exit, which ends this thread only: the work itself is to stop
        os._exit(1)
