"""Independent tasks spread over worker processes that never outlive their parent.

Knows nothing of simulation. Results are handed over in the order they come; whoever needs an
order sorts by task. Tasks begin in this process, so that short work never pays for starting
others, and what is left moves to workers once the work has proved long.

A worker is another Python with a pipe to it and one from it (`sim.experiment.worker_process`), and
not one of `multiprocessing`'s: that would run the caller's script again, which fails for scripts
without the ``if __name__ == "__main__"`` guard and is never needed here.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import IO, Any, Generic, TypeVar

from sim.experiment.signals import undisturbed
from sim.experiment.worker_process import Failed, Part, command, send

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
    finally:
        with undisturbed():
            crew.dismiss()


class _Meter:
    """How much is done: tasks finished here, the part of the next one, parts of those elsewhere."""

    def __init__(self, advanced: Callable[[float], None] | None) -> None:
        self.finished = 0
        self.here = 0.0
        self.elsewhere: dict[int, float] = {}
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
            self._advanced(self.finished + self.here + sum(list(self.elsewhere.values())))


class _Crew(Generic[Context, Task, Result]):
    """The tasks not yet begun, and the worker processes that take them over after a while.

    A thread for each worker hands it one task after the other and waits for the answers.
    """

    def __init__(
        self,
        function: Callable[[Context, Task, Tell], Result],
        context: Context,
        tasks: Sequence[Task],
        number: int,
        meter: _Meter,
    ) -> None:
        self._work = (function, context)
        self._waiting = deque(enumerate(tasks))
        self._number = number
        self._meter = meter
        self._lock = threading.Lock()
        self._handed_over = 0
        self._processes: list[subprocess.Popen[bytes]] = []
        self._threads: list[threading.Thread] = []
        self._done: SimpleQueue[tuple[Task, Any] | Failed] = SimpleQueue()
        self._all_answered = True
        self._timer: threading.Timer | None = None

    def start_after(self, seconds: float) -> None:
        if self._number > 1:
            self._timer = threading.Timer(seconds, self._hand_over)
            self._timer.daemon = True
            self._timer.start()

    def tasks_done_here(self) -> Iterator[Task]:
        while True:
            with self._lock:
                if self._handed_over or not self._waiting:
                    return
                _, task = self._waiting.popleft()
            yield task

    def tasks_done_elsewhere(self) -> Iterator[tuple[Task, Result]]:
        self._stop_timer()
        for _ in range(self._handed_over):
            answer = self._next_done()
            if isinstance(answer, Failed):
                raise answer.error
            yield answer
        self._all_answered = True

    def _next_done(self) -> tuple[Task, Any] | Failed:
        while True:
            try:
                return self._done.get(timeout=LOOK)
            except Empty:
                self._meter.look()

    def dismiss(self) -> None:
        """End every worker at once: all work is done, or nobody wants it any more."""
        self._stop_timer()
        for process in self._processes:
            if self._all_answered:
                close_pipe(process.stdin)  # at which it ends
            else:
                process.kill()  # which no process can ignore; workers have nothing to tidy up
        for process in self._processes:
            process.wait()
        for thread in self._threads:
            thread.join()
        for process in self._processes:
            close_pipe(process.stdin)
            close_pipe(process.stdout)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()

    def _hand_over(self) -> None:
        """Start workers for what nobody has begun yet (called in the timer's thread)."""
        with self._lock:
            if not self._waiting:
                return
            self._handed_over, self._all_answered = len(self._waiting), False
            try:
                for _ in range(min(self._number, len(self._waiting))):
                    self._processes.append(started())
            except BaseException as error:
                self._done.put(Failed(error))
                return
        for process in self._processes:
            thread = threading.Thread(target=self._attend, args=(process,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _attend(self, process: subprocess.Popen[bytes]) -> None:
        """Hand a worker one task after the other, until there are none (in its own thread)."""
        assert process.stdin is not None and process.stdout is not None
        try:
            send(process.stdin, self._work)
            while (taken := self._next_task()) is not None:
                number, task = taken
                send(process.stdin, task)
                answer = pickle.load(process.stdout)
                while isinstance(answer, Part):
                    self._meter.elsewhere[number] = answer.part
                    answer = pickle.load(process.stdout)
                self._meter.elsewhere[number] = 1.0
                self._done.put(answer if isinstance(answer, Failed) else (task, answer.result))
        except (EOFError, OSError, pickle.UnpicklingError):
            self._done.put(Failed(died()))
        except BaseException as error:  # a task or a result that cannot be sent
            self._done.put(Failed(error))

    def _next_task(self) -> tuple[int, Task] | None:
        with self._lock:
            return self._waiting.popleft() if self._waiting else None


def started() -> subprocess.Popen[bytes]:
    """A worker process, in a group of its own: Ctrl-C reaches this process only, which ends it."""
    apart: dict[str, Any] = {"process_group": 0} if os.name == "posix" else {"creationflags": _NEW}
    return subprocess.Popen(command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, **apart)


#: how Windows is told the same
_NEW: int = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)


def close_pipe(pipe: IO[bytes] | None) -> None:
    """Close an end of a pipe, whoever is at the other."""
    if pipe is not None:
        with suppress(OSError):
            pipe.close()


def died() -> WorkerDiedError:
    """What to say of a worker process that is no more."""
    return WorkerDiedError(
        "a worker process was killed, perhaps for want of memory; "
        "fewer workers need less (--workers 1)"
    )
