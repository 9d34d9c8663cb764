"""The Sussex scenario, full size, one year, on both engines: where the time goes, and the memory.

    python experiments/benchmarks/sussex.py                 # compiled engine, three rounds
    python experiments/benchmarks/sussex.py --engines compiled,simpy --record

Every run has a process of its own, in which the compiled engine is warm (its machine code loaded
by a run of two days) before anything is timed.
"""

from __future__ import annotations

import argparse
import datetime
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

SCENARIO = ROOT / "scenarios" / "sussex" / "before.yaml"
STAGES = ("read", "compile", "people", "demand", "events", "logs", "measures")
SIMULATION = STAGES[2:6]


class Stopwatch:
    """CPU seconds by stage; a stage within another is not counted twice."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(STAGES, 0.0)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        before, inside = time.process_time(), sum(self.seconds.values())
        yield
        nested = sum(self.seconds.values()) - inside
        self.seconds[name] += time.process_time() - before - nested

    def around(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        """The function, timed as a stage."""

        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.stage(name):
                return function(*args, **kwargs)

        return timed


def run_once(engine: str, days: float, seed: int) -> dict[str, Any]:
    """Time the stages of one replication in this process."""
    from worker import peak_memory

    import sim
    from sim.engine import run
    from sim.measure import build_context, measure_in
    from sim.plan.compile import compile_plan
    from sim.plan.demand import draw_candidates
    from sim.plan.population import draw_population

    warm = sim.load(SCENARIO, duration="2 days", warm_up="0 days", overrides=WITHOUT_CASES)
    run(compile_plan(warm.model), seed, 1, engine)  # type: ignore[arg-type]
    startup = time.process_time()

    def stages() -> tuple[Stopwatch, Any, int]:
        watch = Stopwatch()
        with watch.stage("read"):
            year = {"duration": f"{days:g} days", "warm_up": "0 days"}
            loaded = sim.load(SCENARIO, overrides=WITHOUT_CASES, **year)
        with watch.stage("compile"):
            plan = compile_plan(loaded.model)
            context = build_context(plan, loaded.model)
        with watch.stage("people"):
            people = draw_population(plan, seed)
        with watch.stage("demand"):
            candidates = draw_candidates(plan, people, seed, 1)
        logs = _simulate(engine, watch, plan, people, candidates)
        with watch.stage("measures"):
            measures = measure_in(context, logs)
        return watch, logs, len(measures)

    first = None
    if engine == "compiled":  # as in compare.py: the first time, memory has to be found
        first = sum(stages()[0].seconds[stage] for stage in SIMULATION)
    watch, logs, measures = stages()
    return {
        "engine": engine,
        "startup": startup,
        "first": first,
        "stages": watch.seconds,
        "episodes": len(logs.episodes.person),
        "visits": len(logs.visits.step),
        "measures": measures,
        "memory": peak_memory(),
    }


#: cases have dates of their own, which a short warm-up run does not reach
WITHOUT_CASES = {"cases": None}


def _simulate(engine: str, watch: Stopwatch, plan: Any, people: Any, candidates: Any) -> Any:
    """Run either engine, telling apart the events from putting the logs together."""
    if engine == "simpy":
        from sim.engine.reference.engine import Engine

        with watch.stage("events"):
            reference = Engine(plan, people, candidates)
            reference.run()
        with watch.stage("logs"):
            return reference.logs()
    from sim.engine.compiled import engine as compiled

    put_together = compiled._logs
    compiled._logs = watch.around(put_together, "logs")
    try:
        with watch.stage("events"):
            return compiled.run_compiled(plan, people, candidates)
    finally:
        compiled._logs = put_together


def measure(engines: dict[str, int], days: float) -> list[dict[str, Any]]:
    """Run each engine as often as said, in turns, each time in a process of its own."""
    reports = []
    for number in range(1, max(engines.values()) + 1):
        for engine, rounds in engines.items():
            if number > rounds:
                continue
            command = [sys.executable, __file__, "--one", engine, str(days), str(number)]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
            reports.append(json.loads(done.stdout))
            total = sum(reports[-1]["stages"].values())
            print(f"round {number}  {engine:<9} {total:8.2f} s", file=sys.stderr)
    return reports


def report(reports: list[dict[str, Any]], days: float, keep: bool) -> None:
    """Write the table: a row per stage, a column per engine."""
    import machine
    import pandas as pd
    from records import write_results

    by_engine = {
        name: [one for one in reports if one["engine"] == name]
        for name in dict.fromkeys(one["engine"] for one in reports)
    }
    columns, totals = {}, {}
    for name, own in by_engine.items():
        stages = {s: median(one["stages"][s] for one in own) for s in STAGES}
        totals[name] = median(sum(one["stages"][s] for s in SIMULATION) for one in own)
        columns[f"{name}, CPU s"] = [*stages.values(), totals[name]]
    frame = pd.DataFrame({"stage": [*STAGES, "simulation (people to logs)"], **columns})
    notes = []
    for name, own in by_engine.items():
        one = own[-1]
        notes.append(
            f"{name}: {one['episodes']:,} episodes, {one['visits']:,} visits, {len(own)} rounds; "
            f"{totals[name] / one['visits'] * 1e6:.3g} µs per visit; "
            f"peak {median(o['memory'] for o in own):,.0f} MB; start-up and a warm-up run of two "
            f"days {median(o['startup'] for o in own):.2g} CPU s."
        )
        if one["first"] is not None:
            notes[-1] += (
                " These are times of the second run in a process; the first simulates in "
                f"{median(o['first'] for o in own):.2g} s."
            )
    if len(totals) == 2:
        ratio = totals["simpy"] / totals["compiled"]
        notes.append(
            f"The compiled engine simulates {ratio:.3g} times as fast as the SimPy engine."
        )
    heading = f"Sussex, full size, {days:g} days: where the time goes"
    about = f"{datetime.date.today()}, {machine.describe()}. CPU seconds, medians of the rounds."
    write_results("sussex", heading, about, frame, notes, keep)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Time the Sussex scenario by stage.")
    parser.add_argument("--days", type=float, default=365.0)
    parser.add_argument("--engines", default="compiled", help="compiled, simpy or both")
    parser.add_argument("--rounds", type=int, default=3, help="of the compiled engine")
    parser.add_argument("--simpy-rounds", type=int, default=1, help="each takes a minute or more")
    parser.add_argument("--record", action="store_true", help="keep in results/reference")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        engine, days, seed = options.one
        print(json.dumps(run_once(engine, float(days), int(seed))))
        return
    rounds = {"compiled": options.rounds, "simpy": options.simpy_rounds}
    engines = {name: rounds[name] for name in options.engines.split(",")}
    report(measure(engines, options.days), options.days, options.record)


if __name__ == "__main__":
    main()
