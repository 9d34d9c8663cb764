"""Workers that stay warm: who asks is served in turn, and what nobody wants any more is dropped.

A question is an `Errand` of several jobs. Errands take turns, so that two tabs of a browser get
on alike, and a job that two errands want is done once. `sim.experiment.workers.spread` ends its
workers when its tasks are done; here they stay, for what is compiled, the plans they have made and
the pages of memory they have touched are of use to the next question.
"""

from __future__ import annotations

import pickle
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sim.experiment.worker_process import Failed, Part, Unwanted, UnwantedError, send
from sim.experiment.workers import Tell, close_pipe, died, started

#: seconds that a task has to end by itself once nobody wants it; then its process is killed. On an
#: idle machine it takes a few tenths, while to start and warm another process takes seconds
GRACE = 2.0

#: times that a job is tried whose worker is killed from outside
TRIES = 2


@dataclass(frozen=True)
class Job:
    """Something to do: jobs of the same key come to the same.

    `function` is a module-level function, called as ``function(context, item, tell)``.
    """

    key: Hashable
    function: Callable[[Any, Any, Tell], Any]
    context: Any
    item: Any


@dataclass
class Errand:
    """Jobs of one question, most wanted first, and who is told of each as it is done.

    `deliver` is called in the thread of a worker with the job and its result, or the exception that
    it ended with.
    """

    deliver: Callable[[Job, Any], None]
    waiting: deque[Job] = field(default_factory=deque)
    under_way: set[Hashable] = field(default_factory=set)


class Crew:
    """So many worker processes; use it in a `with` block, at whose end they are gone."""

    def __init__(self, number: int) -> None:
        self._changed = threading.Condition()
        self._errands: deque[Errand] = deque()
        self._running: dict[Hashable, _Worker] = {}
        self._open = True
        self._workers = [_Worker(self) for _ in range(number)]

    def __enter__(self) -> Crew:
        """Start the workers."""
        for worker in self._workers:
            worker.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End them at once, whatever they do."""
        with self._changed:
            self._open = False
            self._errands.clear()
            self._changed.notify_all()
        for worker in self._workers:
            worker.kill()
        for worker in self._workers:
            worker.thread.join()

    def ask(self, jobs: Sequence[Job], deliver: Callable[[Job, Any], None]) -> Errand:
        """Have jobs done, the first of them before the others."""
        errand = Errand(deliver, deque(jobs))
        with self._changed:
            self._errands.appendleft(errand)
            self._changed.notify_all()
        return errand

    def drop(self, errand: Errand) -> None:
        """Forget an errand: what it alone waits for is stopped, at the latest after `GRACE`."""
        with self._changed:
            errand.waiting.clear()
            if errand in self._errands:
                self._errands.remove(errand)
            alone = [key for key in errand.under_way if not self._wanted(key)]
            stopped = [self._running[key] for key in alone if key in self._running]
            errand.under_way.clear()
        for worker in stopped:
            worker.stop()

    @property
    def processes(self) -> tuple[int, ...]:
        """Numbers of the processes there are."""
        return tuple(worker.process.pid for worker in self._workers if worker.process is not None)

    @property
    def busy(self) -> int:
        """How many workers have something to do."""
        return len(self._running)

    def take(self, worker: _Worker) -> Job | None:
        """The next job for a worker, as soon as there is one; None at the end."""
        with self._changed:
            while self._open:
                job = self._next()
                if job is not None:
                    self._running[job.key] = worker
                    return job
                self._changed.wait()
        return None

    def finish(self, job: Job, result: Any) -> None:
        """Hand a result to everybody who wanted it."""
        with self._changed:
            self._running.pop(job.key, None)
            asked = [each for each in self._errands if job.key in each.under_way]
            for errand in asked:
                errand.under_way.discard(job.key)
                if not errand.waiting and not errand.under_way:
                    self._errands.remove(errand)
            self._changed.notify_all()
        for errand in asked:
            errand.deliver(job, result)

    def wanted(self, job: Job) -> bool:
        """Whether anybody waits for a job."""
        with self._changed:
            return self._wanted(job.key)

    def _wanted(self, key: Hashable) -> bool:
        return any(key in errand.under_way for errand in self._errands)

    def _next(self) -> Job | None:
        """The first job of the errand whose turn it is; what is being done already is shared."""
        for _ in range(len(self._errands)):
            errand = self._errands[0]
            self._errands.rotate(-1)
            while errand.waiting:
                job = errand.waiting.popleft()
                errand.under_way.add(job.key)
                if job.key not in self._running:
                    return job
        return None


class _Worker:
    """A thread of this process that hands jobs to a process of its own."""

    def __init__(self, crew: Crew) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.thread = threading.Thread(target=self._work, daemon=True)
        self._crew = crew
        self._lock = threading.Lock()
        self._job: Job | None = None

    def stop(self) -> None:
        """End the job in hand, with the process if it does not end by itself."""
        with self._lock:
            job, process = self._job, self.process
            if job is None or process is None or process.stdin is None:
                return
            with suppress(OSError, ValueError):
                send(process.stdin, Unwanted())
        timer = threading.Timer(GRACE, self._kill_if, (job,))
        timer.daemon = True
        timer.start()

    def kill(self) -> None:
        """End the process."""
        with self._lock:
            if self.process is not None:
                self.process.kill()

    def _kill_if(self, job: Job) -> None:
        """End the process if it is still at a job that nobody wants."""
        if not self._crew.wanted(job):
            with self._lock:
                if self._job is job and self.process is not None:
                    self.process.kill()

    def _work(self) -> None:
        while True:
            self._ready()
            job = self._crew.take(self)
            if job is None:
                break
            self._crew.finish(job, self._done(job))
        self._end()

    def _done(self, job: Job) -> Any:
        tries = 0
        while tries < TRIES:
            result = self._attempt(job)
            if isinstance(result, _Died):
                self._end()
                tries += 1
            elif not isinstance(result, _Stopped):
                return result
            if not self._crew.wanted(job):
                break
            self._ready()  # it died, or was asked for again while it was being stopped
        return died()

    def _attempt(self, job: Job) -> Any:
        """What a job came to: its result, the exception it ended with, or that the process died."""
        process = self.process
        assert process is not None and process.stdin is not None and process.stdout is not None
        try:
            with self._lock:
                self._job = job
                send(process.stdin, job)
            answer = pickle.load(process.stdout)
            while isinstance(answer, Part):
                answer = pickle.load(process.stdout)
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):
            return _Died()
        finally:
            with self._lock:
                self._job = None
        if not isinstance(answer, Failed):
            return answer.result
        return _Stopped() if isinstance(answer.error, UnwantedError) else answer.error

    def _ready(self) -> None:
        """Have a process, ready to be handed jobs."""
        with self._lock:
            if self.process is None:
                self.process = started()
                assert self.process.stdin is not None
                with suppress(OSError):
                    send(self.process.stdin, (do, None))

    def _end(self) -> None:
        with self._lock:
            process, self.process = self.process, None
            if process is not None:
                process.kill()
                process.wait()
                close_pipe(process.stdin)
                close_pipe(process.stdout)


class _Died:
    """The process of a worker is no more."""


class _Stopped:
    """A job ended because nobody wanted it."""


def do(_: None, job: Job, tell: Tell) -> Any:
    """Do a job, in a worker."""
    return job.function(job.context, job.item, tell)
