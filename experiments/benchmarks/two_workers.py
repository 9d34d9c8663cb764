"""Two warm workers against one, on workload W with the compiled engine.

    python experiments/benchmarks/two_workers.py --days 365 --record

Both ways run the same replications in processes that have loaded the machine code and run one
replication before the clock starts. The wall clock is what a user sees, but on a machine with
other work it says little; the CPU time per replication, alone and beside another, says what two
workers cost each other in caches and memory, whatever else runs: with enough cores free, the gain
is twice their ratio.
"""

from __future__ import annotations

import argparse
import datetime
import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))


def warm_up(days: float, barrier: multiprocessing.synchronize.Barrier) -> None:  # type: ignore[name-defined]
    """Make a worker ready, and wait for the others."""
    import urgentflow_w

    urgentflow_w.prepare(days)
    urgentflow_w.replicate("compiled", days, 0)  # which also finds the memory, as in compare.py
    barrier.wait()


def replicate(task: tuple[float, int]) -> float:
    """CPU seconds of one replication."""
    import urgentflow_w

    began = time.process_time()
    urgentflow_w.replicate("compiled", *task)
    return time.process_time() - began


def race(workers: int, days: float, replications: int) -> tuple[float, float]:
    """Wall seconds of all replications and median CPU seconds of one, with so many warm workers."""
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(workers + 1)
    with ProcessPoolExecutor(workers, spawn, warm_up, (days, barrier)) as pool:
        # workers start with the first tasks: one idle second for each
        ready = [pool.submit(time.sleep, 0.1) for _ in range(workers)]
        barrier.wait()
        for one in ready:
            one.result()
        began = time.perf_counter()
        seconds = list(pool.map(replicate, [(days, seed) for seed in range(replications)]))
        return time.perf_counter() - began, median(seconds)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Measure what a second worker brings.")
    parser.add_argument("--days", type=float, default=30.0)
    parser.add_argument("--replications", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--record", action="store_true", help="keep in results/reference")
    options = parser.parse_args()
    import machine
    import pandas as pd
    from records import write_results

    rows = []
    for number in range(1, options.rounds + 1):
        wall_1, cpu_1 = race(1, options.days, options.replications)
        wall_2, cpu_2 = race(2, options.days, options.replications)
        rows.append(
            {
                "round": number,
                "one worker, wall s": wall_1,
                "two workers, wall s": wall_2,
                "gain by the clock": wall_1 / wall_2,
                "CPU s alone": cpu_1,
                "CPU s beside another": cpu_2,
                "gain by CPU time": 2.0 * cpu_1 / cpu_2,
            }
        )
    frame = pd.DataFrame(rows)
    load = f"; load before the start {os.getloadavg()[2]:.1f}" if hasattr(os, "getloadavg") else ""
    about = (
        f"{datetime.date.today()}, {machine.describe()}. {options.replications} replications of W, "
        f"{options.days:g} days, compiled engine{load}."
    )
    medians = frame[["gain by the clock", "gain by CPU time"]].median()
    notes = [f"{name.capitalize()}: {value:.3g} (median)." for name, value in medians.items()]
    write_results(
        "two_workers", "Two warm workers against one", about, frame, notes, options.record
    )


if __name__ == "__main__":
    main()
