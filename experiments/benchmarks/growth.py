"""How cost grows with the horizon (workload W) and with the population (Sussex), on both engines.

    python experiments/benchmarks/growth.py --quick        # a small version of everything
    python experiments/benchmarks/growth.py --record       # 30 to 3650 days, 25,000 to 2.5 million

For a larger population every capacity grows with it, so that waits stay what they are. Each cell
is one replication in a process of its own, with the compiled engine warm: CPU seconds from people
to logs, and peak memory of the process. Cells of the SimPy engine that would take more than
`--patience` seconds, by the cell before, are left out.
"""

from __future__ import annotations

import argparse
import datetime
import json
import math
import resource
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

W = ROOT / "experiments" / "benchmarks" / "workload.yaml"
SUSSEX = ROOT / "scenarios" / "sussex" / "before.yaml"
SUSSEX_PEOPLE = 250_000


@dataclass(frozen=True)
class Cell:
    """One run: workload W for `days`, or Sussex with so many `people` for `days`."""

    engine: str
    days: float
    people: int | None = None


def run_cell(cell: Cell) -> dict[str, Any]:
    """Run a cell in this process."""
    from worker import peak_memory

    import sim
    from sim.engine import run
    from sim.plan.compile import compile_plan

    path, overrides = W, {}
    if cell.people is not None:
        path, overrides = SUSSEX, sussex_for(cell.people)
    warm = sim.load(path, duration="2 days", warm_up="0 days", overrides=overrides)
    run(compile_plan(warm.model), 1, 1, cell.engine)  # type: ignore[arg-type]
    length = {"duration": f"{cell.days:g} days", "warm_up": "0 days"}
    plan = compile_plan(sim.load(path, overrides=overrides, **length).model)
    before, began = peak_memory(), resource.getrusage(resource.RUSAGE_SELF)
    logs = run(plan, 1, 1, cell.engine)  # type: ignore[arg-type]
    ended = resource.getrusage(resource.RUSAGE_SELF)
    system = ended.ru_stime - began.ru_stime
    return {
        "seconds": ended.ru_utime - began.ru_utime + system,
        "system": system,
        "memory": peak_memory(),
        "memory before": before,
        "episodes": len(logs.episodes.person),
        "visits": len(logs.visits.step),
    }


def sussex_for(people: int) -> dict[str, object]:
    """Overrides that give Sussex other numbers of people, staff, beds and places in queues."""
    import sim

    overrides: dict[str, object] = {"people.number": people, "cases": None}
    factor = people / SUSSEX_PEOPLE
    for name, about in sim.load(SUSSEX).tree["resources"].items():
        for field in ("capacity", "changes", "queue_limit"):
            if about.get(field) is not None:
                overrides[f"resources.{name}.{field}"] = _scaled(about[field], factor)
    return overrides


def _scaled(value: Any, factor: float) -> Any:
    if isinstance(value, dict):
        return {key: _scaled(inner, factor) for key, inner in value.items()}
    return value if isinstance(value, str) else math.ceil(value * factor)


def measure(cells: list[Cell], patience: float) -> list[dict[str, Any]]:
    """Run every cell that the one before it does not show to take too long."""
    rows: list[dict[str, Any]] = []
    before: tuple[Cell, float] | None = None
    for cell in cells:
        if cell.engine == "simpy" and before is not None and _size(cell) > _size(before[0]):
            expected = before[1] * _size(cell) / _size(before[0])
            if before[0].engine == "simpy" and expected > patience:
                print(f"left out, about {expected:.0f} s: {cell}", file=sys.stderr)
                continue
        command = [sys.executable, __file__, "--one", json.dumps(asdict(cell))]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        rows.append({**asdict(cell), **json.loads(done.stdout)})
        before = (cell, rows[-1]["seconds"])
        print(f"{before[1]:8.2f} s  {cell}", file=sys.stderr)
    return rows


def _size(cell: Cell) -> float:
    return cell.days * (cell.people or SUSSEX_PEOPLE)


def report(rows: list[dict[str, Any]], keep: bool) -> None:
    """Write the table."""
    import machine
    import pandas as pd
    from records import write_results

    frame = pd.DataFrame(
        {
            "scenario": "W" if row["people"] is None else f"Sussex, {row['people']:,} people",
            "days": f"{row['days']:g}",
            "engine": row["engine"],
            "episodes": f"{row['episodes']:,}",
            "visits": f"{row['visits']:,}",
            "CPU s": row["seconds"],
            "of it system": row["system"],
            "µs per episode": row["seconds"] / row["episodes"] * 1e6,
            "µs per visit": row["seconds"] / row["visits"] * 1e6,
            "peak MB": row["memory"],
            "bytes per visit": (row["memory"] - row["memory before"]) * 1024**2 / row["visits"],
        }
        for row in rows
    )
    about = (
        f"{datetime.date.today()}, {machine.describe()}. One replication each; CPU seconds from "
        "people to logs, among them those the system spends on finding and clearing memory. Bytes "
        "per visit are what the peak rises above that of a warm process."
    )
    write_results("growth", "How cost grows", about, frame, [], keep)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Measure how cost grows.")
    parser.add_argument("--quick", action="store_true", help="short horizons, few people")
    parser.add_argument("--engines", default="compiled,simpy")
    parser.add_argument("--patience", type=float, default=120.0, help="CPU seconds per SimPy cell")
    parser.add_argument("--record", action="store_true", help="keep in results/reference")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(run_cell(Cell(**json.loads(options.one)))))
        return
    horizons = (3.0, 30.0, 90.0) if options.quick else (30.0, 365.0, 3650.0)
    populations = (25_000, 100_000) if options.quick else (25_000, 250_000, 2_500_000)
    year = 30.0 if options.quick else 365.0
    cells = [Cell(engine, days) for engine in options.engines.split(",") for days in horizons]
    cells += [
        Cell(engine, year, people)
        for engine in options.engines.split(",")
        for people in populations
    ]
    report(measure(cells, options.patience), options.record)


if __name__ == "__main__":
    main()
