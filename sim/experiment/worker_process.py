"""What a worker process does: tasks that come by its input, one after the other, until that ends.

Messages are pickled objects, one behind the other. The first to come is the function and what all
tasks share; every further one is a task. What goes out is a `Part` now and then, and for each task
a `Done` or a `Failed`. `Unwanted` ends the task in hand the next time it tells how far it is, so
that a worker with everything loaded is kept. The input ends when the parent has, or wants no more:
then this process does too, at once and in the middle of a task.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from queue import SimpleQueue
from typing import IO, Any

#: seconds between two messages about how far a task is
TELL = 0.1

#: how another Python becomes a worker: it finds modules where this one does, and runs no script
COMMAND = (
    "import sys; sys.path[:] = {path!r}; from sim.experiment.worker_process import work; work()"
)


@dataclass(frozen=True, slots=True)
class Part:
    """What part of the task in hand is done, from 0 to 1."""

    part: float


@dataclass(frozen=True, slots=True)
class Done:
    """What a task came to."""

    result: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """The exception a task ended with."""

    error: BaseException


@dataclass(frozen=True, slots=True)
class Unwanted:
    """Nobody waits for the task in hand any more."""


class UnwantedError(BaseException):
    """Ends a task that nobody waits for; no `except Exception` of the task holds it up."""


def command() -> list[str]:
    """The command that starts a worker process."""
    return [sys.executable, "-c", COMMAND.format(path=sys.path, module=__name__)]


def work() -> None:
    """Do what comes by the standard input; never returns."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    inward, outward = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # what a task prints must not come among the answers
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    messages: SimpleQueue[Any] = SimpleQueue()
    unwanted = threading.Event()
    threading.Thread(target=_listen, args=(inward, messages, unwanted), daemon=True).start()
    common = messages.get()
    while True:
        task = messages.get()
        outward.write(_answer(common, task, outward, unwanted))
        outward.flush()


def send(stream: IO[bytes], message: object) -> None:
    """Write a message and see it off."""
    stream.write(pickle.dumps(message, pickle.HIGHEST_PROTOCOL))
    stream.flush()


def _listen(stream: IO[bytes], messages: SimpleQueue[Any], unwanted: threading.Event) -> None:
    """Pass on what comes, as it was pickled, until nothing will."""
    while True:
        try:
            message = pickle.load(stream)
            if isinstance(message, Unwanted):
                unwanted.set()
                continue
            unwanted.clear()  # what is said of a task comes before the next one
            messages.put(message)
        except EOFError:
            os._exit(0)  # not sys.exit, which ends this thread only: the work itself is to stop
        except Exception as error:  # such a thing cannot be made here
            messages.put(Failed(error))


def _answer(common: Any, task: Any, outward: IO[bytes], unwanted: threading.Event) -> bytes:
    """The answer to a task, pickled, if all that came could be read."""
    for message in (common, task):
        if isinstance(message, Failed):
            return _pickled(message)
    function, context = common
    return _attempt(function, context, task, outward, unwanted)


def _attempt(
    function: Any, context: Any, task: Any, outward: IO[bytes], unwanted: threading.Event
) -> bytes:
    """Do a task and tell now and then how far it is; the answer, pickled."""
    told = time.monotonic()

    def tell(part: float) -> None:
        nonlocal told
        if unwanted.is_set():
            raise UnwantedError
        now = time.monotonic()
        if now >= told + TELL:
            told = now
            send(outward, Part(part))

    try:
        return pickle.dumps(Done(function(context, task, tell)), pickle.HIGHEST_PROTOCOL)
    except BaseException as error:
        error.add_note("In a worker process:\n" + traceback.format_exc().rstrip())
        return _pickled(Failed(error))


def _pickled(failed: Failed) -> bytes:
    """A failure, or what can be said of it where it cannot be sent."""
    try:
        message = pickle.dumps(failed)
        pickle.loads(message)
    except Exception:
        said = "".join(traceback.format_exception(failed.error)).rstrip()
        return pickle.dumps(Failed(RuntimeError(said)))
    return message
