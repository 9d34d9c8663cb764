"""Work for the tests of `sim.experiment.workers`, importable by worker processes."""

from __future__ import annotations

import os
import signal
import time
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
    """Return whether Ctrl-C has been kept from this process since it began, unless `context`."""
    time.sleep(0.3)
    return os.getpid() == context or signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def in_quarters(context: int, task: int, tell: Tell) -> int:
    """Tell of every quarter done, unless this is the process `context`."""
    for quarter in range(1, 5):
        time.sleep(0.25)
        if os.getpid() != context:
            tell(quarter / 4)
    return task


def dies_once(marker: str, task: int, tell: Tell) -> int:
    """End the process the first time that task 3 is tried."""
    if task == 3 and not Path(marker).exists():
        Path(marker).touch()
        os._exit(9)
    return task * task
