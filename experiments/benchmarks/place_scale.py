"""How long a place of 1.67 million people takes, and how much memory: alone, on two cores, on Dask.

    python experiments/benchmarks/place_scale.py                # a year: some minutes
    python experiments/benchmarks/place_scale.py --days 28      # from the first day on

First one replication in this process, of which CPU seconds and memory are what count on a machine
that others use too; then two replications in two processes; then the same on a Dask cluster of two
local workers, if `distributed` is installed. That all give the same numbers is checked. Writes
`results/reference/benchmark_place_scale.csv`.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sim.experiment.cluster import Cluster
from sim.experiment.experiment import run_all
from sim.experiment.results import Results
from sim.experiment.settings import Settings
from sim.scenario import Loaded, load

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "scenarios" / "south_east_london" / "before.yaml"
OUT = ROOT / "results" / "reference" / "benchmark_place_scale.csv"

HEADS = ("where", "replications", "people", "days", "wall s", "CPU s", "peak MB", "load average")


def measured(loaded: Loaded, where: str, number: int, **how: Any) -> tuple[list[Any], Results]:
    """A row of the table, and what was run."""
    wall, cpu = time.perf_counter(), _cpu()
    (found,) = run_all([("before", loaded)], Settings(number, **how))
    run = loaded.model.run
    people = loaded.model.people
    days = round((run.warm_up + run.duration) / 1440)
    row = [where, number, None if people is None else people.number, days]
    row += [round(time.perf_counter() - wall, 1), round(_cpu() - cpu, 1)]
    return [*row, _peak(), round(os.getloadavg()[0], 1)], found


def _cpu() -> float:
    """CPU seconds of this process and of children that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _peak() -> int:
    """Largest resident memory of this process or of one of its children so far, in MB."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(kind).ru_maxrss for kind in kinds) // 1024


def on_dask(loaded: Loaded, number: int) -> tuple[list[Any], Results]:
    """The same on a cluster of two local workers."""
    import distributed

    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None
    ) as cluster:
        executor = Cluster(cluster.scheduler_address)
        row, found = measured(loaded, "Dask, two local workers", number, executor=executor)
    # processor time and memory of its workers are not those of children that are waited for
    return [*row[:5], "", "", row[7]], found


def main() -> None:
    """Measure, check, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=364, help="days (default: a year)")
    days = parser.parse_args().days
    loaded = load(PLACE, [], {"run.warm_up": "0 days", "run.duration": f"{days} days"})
    work: list[tuple[str, Callable[[], tuple[list[Any], Results]]]] = [
        ("one", lambda: measured(loaded, "one process", 1, workers=1)),
        ("two", lambda: measured(loaded, "two processes", 2, workers=2)),
    ]
    if find_spec("distributed") is not None:
        work.append(("dask", lambda: on_dask(loaded, 2)))
    rows, results = [], []
    for _, do in work:
        row, found = do()
        rows.append(row)
        results.append(found)
        print(dict(zip(HEADS, row, strict=True)), flush=True)
    first = [found.measures[found.measures.replication == 1] for found in results]
    for other in first[1:]:
        assert other.reset_index(drop=True).equals(first[0].reset_index(drop=True))
    with OUT.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADS, *rows])


if __name__ == "__main__":
    main()
