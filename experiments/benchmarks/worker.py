"""One replication of W by one engine in a process of its own; called by the other scripts.

    python worker.py ENGINE DAYS SEED

Prints a line of JSON: CPU seconds of start-up (interpreter, imports, compilation, and a warm-up
run of two days), CPU and wall seconds of the replication (sampling, simulation and statistics),
peak memory of the process in MB, and the statistics of W.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

# the checkout beside this folder, installed or not
sys.path.insert(0, str(Path(__file__).parents[2]))

from engines import ENGINES

WARM_UP_DAYS = 2.0


def peak_memory() -> float:
    """Most memory this process has had at once (MB)."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux passes getrusage's peak on to children, this one not
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return float(line.split()[1]) / 1024.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024.0**2 if sys.platform == "darwin" else 1024.0)


def main(name: str, days: float, seed: int) -> None:
    """Run and report."""
    replicate = ENGINES[name].load()
    replicate(WARM_UP_DAYS, seed)
    ENGINES[name].prepare(days)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)  # compilers
    before, cpu, wall = peak_memory(), time.process_time(), time.perf_counter()
    found = replicate(days, seed)
    report = {
        "engine": name,
        "days": days,
        "seed": seed,
        "startup": cpu + children.ru_utime + children.ru_stime,
        "seconds": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "memory_before": before,
        "memory": peak_memory(),
        "statistics": found,
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
