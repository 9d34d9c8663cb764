"""Work for the tests of `sim.experiment.workers`, importable by worker processes."""

from __future__ import annotations

import os
import time


def square(context: int, task: int) -> tuple[int, int]:
    """Return a square and where it was computed."""
    time.sleep(0.02)
    return context + task * task, os.getpid()


def refuse(context: int, task: int) -> int:
    raise ValueError(f"task {task}")


def die(context: int, task: int) -> int:
    if os.getpid() != context:
        os._exit(9)
    time.sleep(0.3)
    return task


def sleep_long(context: str, task: int) -> int:
    """Say which process works, then sleep until ended."""
    with open(f"{context}.{os.getpid()}", "w", encoding="ascii"):
        pass
    time.sleep(60)
    return task
