"""How often the verdicts on settling are right: false alarms and power, measured.

Simulates systems of which it is known whether they settle, with many seeds, and counts the
verdicts on them. Writes the table in docs/settling.md between its markers.

    python experiments/settling/coverage.py [--seeds 100]
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sim.engine import run
from sim.experiment.settling import State, judge
from sim.measure.backlog import backlog
from sim.measure.context import bare_context
from sim.measure.joined_logs import Reading
from sim.plan.compile import compile_plan
from sim.scenario import load

DOCUMENT = Path(__file__).parents[2] / "docs" / "settling.md"
BEGIN, END = "<!-- coverage: begin -->", "<!-- coverage: end -->"

SCENARIO = """\
title: A system to be judged
run: {{start: 2024-01-01, warm_up: {warm_up} days, duration: {days} days}}
people: {{number: 20000}}
crises: {{need: {{rate: {rate} per hour, profile: {profile}, first: {first}}}}}
resources: {resources}
pathway:
{pathway}
outcomes: {{out: Out}}
"""

QUEUE = "  serve: {seize: server, delay: {exponential: {mean: 1 h}}, route: out}"
CHANGEABLE = "  serve: {seize: server, delay: {lognormal: {mean: 1 h, sd: 2 h}}, route: out}"
TANDEM = """\
  a: {seize: first, delay: {exponential: {mean: 1 h}}, hold: next, route: b}
  b: {seize: second, delay: {exponential: {mean: 1 h}}, route: out}"""
DAY_AND_NIGHT = "{hour: [1,1,1,1,1,1,1,2,3,4,4,4,4,4,4,4,4,4,3,3,3,2,2,2]}"


@dataclass(frozen=True)
class System:
    """A system, what is true of it, and how it is run; `load` is offered work over capacity."""

    name: str
    truth: State
    load: float
    days: int
    warm_up: int
    servers: int = 5
    replications: int = 3
    pathway: str = QUEUE
    profile: str = "{}"

    def written(self) -> str:
        """The scenario."""
        tandem = self.pathway == TANDEM
        return SCENARIO.format(
            warm_up=self.warm_up,
            days=self.days,
            rate=self.load * self.servers,
            profile=self.profile,
            first="a" if tandem else "serve",
            resources="{first: {capacity: 1}, second: {capacity: 1}}"
            if tandem
            else f"{{server: {{capacity: {self.servers}}}}}",
            pathway=self.pathway,
        )


SETTLED, GREW, BEGAN = State.SETTLED, State.DID_NOT_SETTLE, State.BEGAN_UNSETTLED

SYSTEMS = (
    System("M/M/5", SETTLED, 0.5, 28, 14),
    System("M/M/5", SETTLED, 0.8, 28, 14),
    System("M/M/5", SETTLED, 0.9, 7, 14),
    System("M/M/5", SETTLED, 0.9, 28, 14),
    System("M/M/5", SETTLED, 0.9, 112, 14),
    System("M/M/5, one replication", SETTLED, 0.9, 28, 14, replications=1),
    System("M/M/5, ten replications", SETTLED, 0.9, 28, 14, replications=10),
    System("M/M/5", SETTLED, 0.95, 112, 56),
    System("M/M/1", SETTLED, 0.9, 112, 84, servers=1),
    System("M/G/5, service times of cv 2", SETTLED, 0.8, 56, 28, pathway=CHANGEABLE),
    System("M(t)/M/5 by day and night", SETTLED, 0.8, 28, 14, profile=DAY_AND_NIGHT),
    System("two stages with blocking", SETTLED, 0.5, 56, 28, servers=1, pathway=TANDEM),
    System("M/M/5", GREW, 1.02, 112, 14),
    System("M/M/5", GREW, 1.05, 28, 14),
    System("M/M/5", GREW, 1.05, 112, 14),
    System("M/M/5", GREW, 1.1, 28, 14),
    System("M/M/5", GREW, 1.2, 7, 7),
    System("M(t)/M/5 by day and night", GREW, 1.1, 28, 14, profile=DAY_AND_NIGHT),
    System("two stages with blocking", GREW, 0.72, 112, 14, servers=1, pathway=TANDEM),
    System("M/M/5", BEGAN, 0.98, 200, 20),
    System("M/M/5, ten replications", BEGAN, 0.98, 200, 20, replications=10),
    System("M/M/5", BEGAN, 0.95, 56, 3),
)


def verdicts(system: System, seeds: int) -> Counter[State]:
    """How often each was the worst verdict on a system, over seeds from 1."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "system.yaml"
        path.write_text(system.written(), encoding="utf-8")
        plan = compile_plan(load(path).model)
    context = bare_context(plan)
    found: Counter[State] = Counter()
    for seed in range(1, seeds + 1):
        numbers = range(1, system.replications + 1)
        logs = (run(plan, seed, number, "compiled") for number in numbers)
        found[judge(context, [backlog(Reading(context, each)) for each in logs]).state] += 1
    return found


def lines(seeds: int) -> Iterator[str]:
    """The table, row by row, and what it comes to."""
    silent = spoken = 0
    heads = ("system", "load", "warm-up", "days", "truth", *(state.value for state in State))
    yield f"| {' | '.join(heads)} |"
    yield f"|:---|{'---:|' * 3}:---|{'---:|' * len(State)}"
    for system in SYSTEMS:
        found = verdicts(system, seeds)
        if system.truth is SETTLED:
            silent += found[SETTLED]
        else:
            spoken += seeds - found[SETTLED]
        counts = [str(found[state]) if found[state] else "" for state in State]
        cells = (system.name, f"{system.load:.2f}", str(system.warm_up), str(system.days))
        row = f"| {' | '.join([*cells, system.truth.value, *counts])} |"
        print(row, flush=True)
        yield row
    settled = seeds * sum(system.truth is SETTLED for system in SYSTEMS)
    yield ""
    yield f"Nothing was said of what had settled in {silent:,} of {settled:,} runs; something was"
    yield f"said of what had not in {spoken:,} of {seeds * len(SYSTEMS) - settled:,}."


def main() -> None:
    """Measure, and put the table in its document."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=100)
    table = "\n".join(lines(parser.parse_args().seeds))
    text = DOCUMENT.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
