"""Run workload W on every engine, side by side, and write the table of results.

    python experiments/benchmarks/compare.py                       # 30 days, five rounds
    python experiments/benchmarks/compare.py --days 365 --record   # the reference results

Every run has a process of its own (worker.py); the engines take turns, so that whatever else the
machine does falls on all of them. Times are process CPU seconds for sampling, simulation and
statistics; start-up and compilation are reported apart.
"""

from __future__ import annotations

import argparse
import datetime
import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

import agreement
import machine
import numpy as np
import pandas as pd
from engines import ENGINES
from records import write_results

HERE = Path(__file__).parent
YARDSTICKS = {"textbook_simpy": "× textbook SimPy", "limit": "× the limit"}

Report = dict[str, Any]


def measure(names: list[str], days: float, rounds: int) -> list[Report]:
    """Run every engine once per round, the slow ones in fewer rounds."""
    reports = []
    for number in range(1, rounds + 1):
        for name in names:
            if number > ENGINES[name].rounds:
                continue
            report = run_alone(name, days, number)
            print(f"round {number}  {name:<15} {report['seconds']:9.3f} s", file=sys.stderr)
            reports.append(report)
    return reports


def run_alone(name: str, days: float, seed: int) -> Report:
    """Run one replication in a process of its own."""
    command = [sys.executable, str(HERE / "worker.py"), name, str(days), str(seed)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    report: Report = json.loads(done.stdout)
    return report


def table(reports: list[Report], days: float) -> tuple[pd.DataFrame, list[str]]:
    """Summarise: a row per engine from fast to slow, and what there is to say below the table."""
    by_engine = {
        name: [report for report in reports if report["engine"] == name]
        for name in dict.fromkeys(report["engine"] for report in reports)
    }
    found = {n: [report["statistics"] for report in own] for n, own in by_engine.items()}
    comparisons = agreement.compare(found, days)
    rows = []
    for name, own in by_engine.items():
        seconds = [report["seconds"] for report in own]
        middle = median(seconds)
        visits = median(report["statistics"]["visits"] for report in own)
        row = {
            "engine": ENGINES[name].title,
            "version": ENGINES[name].version(),
            "rounds": len(own),
            "CPU s": middle,
            "least–most": f"{min(seconds):.3g}–{max(seconds):.3g}",
            "µs per visit": middle / visits * 1e6,
            "first run s": median(report["first"] for report in own),
            "start-up s": median(report["startup"] for report in own),
            "peak MB": median(report["memory"] for report in own),
            "furthest z": agreement.furthest(comparisons, name),
        }
        for yardstick, title in YARDSTICKS.items():
            if yardstick in by_engine:
                row[title] = middle / median(r["seconds"] for r in by_engine[yardstick])
        rows.append(row)
    frame = pd.DataFrame(rows).sort_values("CPU s", ignore_index=True)
    return frame, [*_verdicts(comparisons, found), *_ratios(by_engine)]


def _verdicts(comparisons: list[agreement.Comparison], found: dict[str, Any]) -> list[str]:
    far = [c for c in comparisons if abs(c.z) >= agreement.LIMIT]
    exact = len({c.quantity for c in comparisons if c.is_exact})
    lines = [
        f"{c.engine} disagrees: {c.quantity} {c.mean:.4g} where {c.expected:.4g} is expected "
        f"(z = {c.z:.1f})"
        for c in far
    ]
    if not far and not any(np.isnan(c.z) for c in comparisons):
        lines.append(
            f"All engines agree: no mean, 95th percentile or occupancy is {agreement.LIMIT:g} "
            f"standard errors from theory ({exact} quantities) or, where there is no exact "
            "result, from the mean of the other engines."
        )
    same = agreement.same_luck_same_result(found)
    if same is not None:
        verdict = "equal to the last bit" if same else "NOT EQUAL"
        lines.append(f"The statistics of urgentflow's two engines are {verdict}.")
    return lines


#: numerator, denominator: how many times the second is faster
RATIOS = (
    ("textbook_simpy", "simpy"),
    ("textbook_simpy", "compiled"),
    ("ciw", "compiled"),
    ("salabim", "compiled"),
    ("cimba", "compiled"),
    ("compiled", "limit"),
    ("simpy", "compiled"),
)


def _ratios(by_engine: dict[str, list[Report]]) -> list[str]:
    middle = {name: median(r["seconds"] for r in own) for name, own in by_engine.items()}
    return [
        f"{ENGINES[b].title}: {middle[a] / middle[b]:.3g} times as fast as {ENGINES[a].title}."
        for a, b in RATIOS
        if a in middle and b in middle
    ]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Compare engines on workload W.")
    parser.add_argument("--days", type=float, default=30.0, help="horizon (default 30)")
    parser.add_argument("--rounds", type=int, default=5, help="at least five for results to keep")
    parser.add_argument("--engines", default=",".join(ENGINES), help="comma-separated names")
    parser.add_argument("--record", action="store_true", help="keep in results/reference")
    options = parser.parse_args()
    names = []
    for name in options.engines.split(","):
        if name not in ENGINES:
            parser.error(f"no engine {name!r}; there are {', '.join(ENGINES)}")
        missing = ENGINES[name].missing()
        if missing:
            print(f"without {name}: {missing}", file=sys.stderr)
        else:
            names.append(name)
    reports = measure(names, options.days, options.rounds)
    frame, notes = table(reports, options.days)
    heading = f"Workload W, {options.days:g} days"
    about = f"{datetime.date.today()}, {machine.describe()}. CPU seconds, medians of the rounds."
    write_results("compare", heading, about, frame, notes, keep=options.record)


if __name__ == "__main__":
    main()
