"""Work for the tests of `sim.experiment.workers`, importable by worker processes."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from sim.experiment.workers import Tell


def square(context: int, task: int, tell: Tell) -> tuple[int, int]:
    """Return a square and where it was computed."""
    time.sleep(0.02)
    return context + task * task, os.getpid()


def refuse(context: int, task: int, tell: Tell) -> int:
    raise ValueError(f"task {task}")


def die(context: int, task: int, tell: Tell) -> int:
    if os.getpid() != context:
        os._exit(9)
    time.sleep(0.3)
    return task


def die_slowly(context: int, task: int, tell: Tell) -> int:
    """End this process unless it is the one `context`, which takes longer than others to die."""
    if os.getpid() != context:
        os._exit(9)
    time.sleep(3.0)
    return task


def sleep_long(context: tuple[str, bytes], task: int, tell: Tell) -> int:
    """Say which process works, then sleep until ended."""
    with open(f"{context[0]}.{os.getpid()}", "w", encoding="ascii"):
        pass
    time.sleep(60)
    return task


def blocks_ctrl_c(context: int, task: int, tell: Tell) -> bool:
    """Return whether a terminal's Ctrl-C for the process `context` does not reach this one."""
    time.sleep(0.3)
    return os.getpid() == context or os.getpgid(0) != os.getpgid(context)


def gives_a_lock(context: int, task: int, tell: Tell) -> object:
    """Return what cannot be pickled, unless this is the process `context`."""
    time.sleep(0.1)
    return task if os.getpid() == context else threading.Lock()


def prints(context: int, task: int, tell: Tell) -> int:
    """Print, then return the task; more slowly in the process `context`."""
    print(f"task {task} was here", flush=True)
    time.sleep(2.0 if os.getpid() == context else 0.0)
    return task


def _made_again() -> Unreadable:
    raise RuntimeError("cannot be made again")


class Unreadable(int):
    """A context that can be pickled, but not made again."""

    def __reduce__(self) -> tuple[Callable[[], Unreadable], tuple[()]]:
        return _made_again, ()


def in_quarters(context: int, task: int, tell: Tell) -> int:
    """Tell of every quarter done, unless this is the process `context`, which is quicker."""
    silent = os.getpid() == context
    for quarter in range(1, 5):
        time.sleep(0.05 if silent else 0.3)
        if not silent:
            tell(quarter / 4)
    return task


def dies_once(marker: str, task: int, tell: Tell) -> int:
    """End the process the first time that task 3 is tried."""
    if task == 3 and not Path(marker).exists():
        Path(marker).touch()
        os._exit(9)
    return task * task
