"""One replication of W by one engine in a process of its own; called by the other scripts.

    python worker.py ENGINE DAYS SEED

Prints a line of JSON: CPU seconds of start-up (interpreter, imports, compilation, and a warm-up
run of two days), CPU seconds of the replication (sampling, simulation and statistics), peak memory
of the process in MB, and the statistics of W. A replication that took less than `SHORT` is done
twice: the first time the system has to find memory for the process, which is given as `first`; the
second time is that of every further replication.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

# the checkout beside this folder, installed or not
sys.path.insert(0, str(Path(__file__).parents[2]))

from engines import ENGINES
from workload import Statistics

WARM_UP_DAYS = 2.0
SHORT = 2.0  # seconds


def peak_memory() -> float:
    """Most memory this process has had at once (MB)."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux passes getrusage's peak on to children, this one not
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return float(line.split()[1]) / 1024.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024.0**2 if sys.platform == "darwin" else 1024.0)


def timed(replicate: Callable[[float, int], Statistics], *task: Any) -> tuple[Statistics, float]:
    """Run a replication; its statistics and its CPU seconds."""
    began = time.process_time()
    found = replicate(*task)
    return found, time.process_time() - began


def main(name: str, days: float, seed: int) -> None:
    """Run and report."""
    replicate = ENGINES[name].load()
    replicate(WARM_UP_DAYS, seed)
    ENGINES[name].prepare(days)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)  # compilers
    startup = time.process_time() + children.ru_utime + children.ru_stime
    found, first = timed(replicate, days, seed)
    seconds = timed(replicate, days, seed)[1] if first < SHORT else first
    report = {
        "engine": name,
        "days": days,
        "seed": seed,
        "startup": startup,
        "first": first,
        "seconds": seconds,
        "memory": peak_memory(),
        "statistics": found,
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
