"""Independent tasks spread over worker processes that never outlive their parent.

Knows nothing of simulation. Results are handed over in the order they come; whoever needs an
order sorts by task. Tasks begin in this process, so that short work never pays for starting
others, and what is left moves to workers once the work has proved long. What part of a task is
done travels through shared memory, where telling it costs nothing.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, MutableSequence, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from multiprocessing import resource_tracker
from queue import Empty, SimpleQueue
from types import ModuleType
from typing import Any, Generic, TypeVar

from sim.experiment.signals import undisturbed

Context = TypeVar("Context")
Task = TypeVar("Task")
Result = TypeVar("Result")

#: how a task tells what part of it is done, from 0 to 1
Tell = Callable[[float], None]

#: seconds of work here before worker processes are started, about what starting one costs
PATIENCE = 1.5

#: seconds between two looks at how far the tasks are
LOOK = 0.2


class WorkerDiedError(RuntimeError):
    """A worker process was ended from outside, most often for want of memory."""


def available_workers() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def spread(
    function: Callable[[Context, Task, Tell], Result],
    context: Context,
    tasks: Sequence[Task],
    finished: Callable[[Task, Result], None],
    workers: int | None = None,
    patience: float = PATIENCE,
    advanced: Callable[[float], None] | None = None,
) -> None:
    """Call ``function(context, task, tell)`` for every task, in this process and in workers.

    Parameters
    ----------
    function
        A module-level function; what it returns must depend on context and task only. It may
        call ``tell(part)`` now and then.
    context
        What all tasks share; each worker is given it once.
    tasks
        What to do, most wanted first.
    finished
        Called in the caller's thread with each task and its result, in order of completion.
    workers
        Most worker processes; by default one per processor. 1 keeps all work in this process.
    patience
        Seconds of work in this process before workers are started.
    advanced
        Told in the caller's thread, a few times a second, how much is done: the number of
        tasks finished and the parts of those under way. Never less than before.

    Raises
    ------
    WorkerDiedError
        If a worker process was killed.
    """
    number = min(workers or available_workers(), len(tasks))
    meter = _Meter(advanced)
    crew = _Crew(function, context, tasks, number, meter)
    try:
        crew.start_after(patience)
        for task in crew.tasks_done_here():
            result = function(context, task, meter.tell)
            meter.here = 0.0
            meter.finished += 1
            finished(task, result)
        for task, result in crew.tasks_done_elsewhere():
            finished(task, result)
    except BrokenProcessPool as error:
        raise WorkerDiedError(
            "a worker process was killed, perhaps for want of memory; "
            "fewer workers need less (--workers 1)"
        ) from error
    finally:
        with undisturbed():
            crew.dismiss()


class _Meter:
    """How much is done: tasks finished here, the part of the next one, parts of all elsewhere."""

    def __init__(self, advanced: Callable[[float], None] | None) -> None:
        self.finished = 0
        self.here = 0.0
        self.elsewhere: MutableSequence[float] = []
        self._advanced = advanced
        self._next_look = 0.0

    def tell(self, part: float) -> None:
        """Note what part of the task done here is done."""
        self.here = part
        self.look()

    def look(self) -> None:
        """Tell how far everything is, unless that was done a moment ago."""
        now = time.monotonic()
        if self._advanced is not None and now >= self._next_look:
            self._next_look = now + LOOK
            self._advanced(self.finished + self.here + sum(self.elsewhere))


class _Crew(Generic[Context, Task, Result]):
    """The tasks not yet begun, and the worker processes that take them over after a while."""

    def __init__(
        self,
        function: Callable[[Context, Task, Tell], Result],
        context: Context,
        tasks: Sequence[Task],
        number: int,
        meter: _Meter,
    ) -> None:
        self._work = (function, context)
        self._waiting = deque(tasks)
        self._number = number
        self._meter = meter
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._taken: dict[Future[Result], Task] = {}
        self._done: SimpleQueue[Future[Result]] = SimpleQueue()
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
                if not self._waiting or self._failure is not None:
                    return
                task = self._waiting.popleft()
            yield task

    def tasks_done_elsewhere(self) -> Iterator[tuple[Task, Result]]:
        self._stop_timer()
        if self._failure is not None:
            raise self._failure
        for _ in range(len(self._taken)):
            future = self._next_done()
            task = self._taken[future]
            yield task, future.result()

    def _next_done(self) -> Future[Result]:
        while True:
            with suppress(Empty):
                return self._done.get(timeout=LOOK)
            self._meter.look()

    def dismiss(self) -> None:
        """End every worker at once: all work is done, or nobody wants it any more."""
        self._stop_timer()
        if self._pool is None:
            return
        if self._failure is not None or not all(future.done() for future in self._taken):
            for process in set(multiprocessing.active_children()) - self._strangers:
                process.kill()  # which no process can ignore; workers have nothing to tidy up
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
                with _sheltered_start():
                    self._start_workers()
            except BaseException as error:
                self._failure = error

    def _start_workers(self) -> None:
        spawning = multiprocessing.get_context("spawn")
        # in shared memory, and only once: a task that is small is handed over at one stroke, and
        # nobody is left half-way through writing it when the workers end
        pickled = pickle.dumps(self._work)
        work = spawning.RawArray("c", len(pickled))
        work.raw = pickled
        parts = spawning.RawArray("d", len(self._waiting))
        self._meter.elsewhere = parts
        number = min(self._number, len(self._waiting))
        self._pool = ProcessPoolExecutor(number, spawning, _begin_worker, (work, parts))
        for place in range(len(self._waiting)):
            future = self._submitted(self._pool, place, self._waiting.popleft())
            future.add_done_callback(self._done.put)

    def _submitted(self, pool: ProcessPoolExecutor, place: int, task: Task) -> Future[Result]:
        """Hand a task to the pool.

        If a worker dies meanwhile, the pool first says so to the tasks it has and then closes its
        pipes, which the start of the next worker trips over. That error is not the one to report.
        """
        try:
            future: Future[Result] = pool.submit(_do, place, task)
        except Exception as error:
            for earlier in self._taken:
                broken = earlier.exception() if earlier.done() else None
                if isinstance(broken, BrokenProcessPool):
                    raise broken from error
            raise
        self._taken[future] = task
        return future


@contextmanager
def _sheltered_start() -> Iterator[None]:
    """Start processes that ignore Ctrl-C and do not run the caller's script again.

    A spawned process inherits this thread's signal mask, so Ctrl-C reaches the parent only,
    which then ends its workers. And it would import the main script, which fails for scripts
    without the ``if __name__ == "__main__"`` guard and is never needed here: all that workers
    do is in importable modules.
    """
    maskable = hasattr(signal, "pthread_sigmask")
    if maskable:
        resource_tracker.ensure_running()  # whose start would let Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if maskable else set()
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script
        if maskable:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


# -------------------------------------------------------------------------- in a worker process


@dataclass(frozen=True)
class _Bench:
    """What a worker process works with: the function, its context, parts done by task."""

    function: Callable[[Any, Any, Tell], Any]
    context: Any
    parts: MutableSequence[float]


#: the bench of this process, if it is a worker
_BENCH: ContextVar[_Bench] = ContextVar("_BENCH")


def _begin_worker(work: Any, parts: MutableSequence[float]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    function, context = pickle.loads(work)
    _BENCH.set(_Bench(function, context, parts))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        # not sys.exit, which ends this thread only: the work itself is to stop
        os._exit(1)


def _do(place: int, task: Any) -> Any:
    """Do a task, with what part of it is done at its place among the parts."""
    bench = _BENCH.get()

    def tell(part: float) -> None:
        bench.parts[place] = part

    result = bench.function(bench.context, task, tell)
    tell(1.0)
    return result
