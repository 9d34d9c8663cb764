"""How many staff each option needs: the smallest number that meets its service level.

    python experiments/sceptic/sizing.py          # writes docs/sizing.md, some minutes

An option is costed with staff who can do its work; this says with how many that is so, and what
the next one adds. Each number is tried upon the world before with that option (community
assessment: with the single point of access too, which alone refers to it).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from outcomes import outcomes
from worlds import BEFORE, SUSSEX, set_to

from sim.engine import run
from sim.engine.logs import Fate, Logs
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.scenario import load
from sim.scenario.language.model import Scenario
from sim.scenario.written.values import WeeklyCapacity

Times = npt.NDArray[np.float64]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sizing.md"


@dataclass(frozen=True)
class Level:
    """A service level: which staff of which options, when it is met, and what is tried."""

    resource: str
    options: tuple[str, ...]
    words: str
    met_at: float
    source: str
    steps: tuple[str, ...]
    within: float  #: minutes of waiting; those who give up or are turned away are not served
    tried: tuple[int, ...]


DAY = 1440.0
SPA = "single_point_of_access"

LEVELS = (
    Level("spa_staff", (SPA,), "calls answered within a minute", 0.80, "E07-035",
          ("spa_call", "spa_call_crew"), 1, (1, 2, 3)),
    Level("rapid_response", (SPA,), "first visits begun within two hours", 0.80, "E13-014",
          ("rapid_response",), 120, (2, 3, 5)),
    Level("practitioners", ("paramedic_practitioners",), "eligible calls that find one free", 0.80,
          "assumed", ("practitioner",), 0, (1, 2, 3, 4)),
    Level("caf_places", (SPA, "community_beds"), "referrals that find a place", 0.80, "assumed",
          ("community_assessment",), DAY, (1, 2, 3)),
    Level("in_reach_nurses", ("in_reach_discharge",), "ward patients seen within a day", 0.80,
          "assumed", ("in_reach_visit",), DAY, (1, 2, 3, 4)),
    Level("ltc_nurses", ("ltc_teams",), "planned contacts that take place", 0.95, "assumed",
          ("ltc_contact",), 7 * DAY, (4, 6, 12)),
)  # fmt: skip


def share_served(plan: Plan, model: Scenario, logs: Logs, level: Level) -> float:
    """Share of visits to the level's steps, joined in the measured and open time, served so."""
    visits = logs.visits
    rows = np.isin(visits.step, [plan.steps.index(name) for name in level.steps])
    rows &= (visits.queued >= model.run.warm_up) & (visits.fate != Fate.WAITING)
    rows &= _open(model, level.resource, visits.queued)
    waited = visits.started[rows] - visits.queued[rows]
    served = waited <= level.within + 1e-9
    return float(served.mean())


def _open(model: Scenario, resource: str, times: Times) -> npt.NDArray[np.bool_]:
    """Whether a resource was open at some times, minutes since the start of the run."""
    capacity = model.resources[resource].capacity
    if not isinstance(capacity, WeeklyCapacity):
        return np.ones(len(times), dtype=np.bool_)
    of_week = (times + model.run.start.weekday() * DAY) % (7 * DAY)
    found = np.zeros(len(times), dtype=np.bool_)
    for period, units in capacity.periods:
        found |= (of_week >= period.start) & (of_week < period.end) & (units > 0)
    return found


def lines(level: Level, days: int, say: Callable[[str], None]) -> list[str]:
    """Rows of the table: each number tried, the service level, and what it did."""
    options = [SUSSEX / "options" / f"{name}.yaml" for name in level.options]
    loaded = load(BEFORE, options, {"run.duration": f"{days} days"})
    found = []
    for number in level.tried:
        model = set_to(loaded.model, level.resource, number)
        plan = compile_plan(model)
        logs = run(plan, model.run.seed, 1, "compiled")
        counted = outcomes(plan, model, logs)
        found.append((number, share_served(plan, model, logs, level), counted))
        say(f"{level.resource} {number}")
    enough = next((number for number, share, _ in found if share >= level.met_at), None)
    shipped = _on_duty(loaded.model.resources[level.resource].capacity)
    return [
        f"| {level.resource} | {number}{' (shipped)' if number == shipped else ''} | "
        f"{100 * share:.0f} %{' **enough**' if number == enough else ''} | {level.words} | "
        f"{100 * level.met_at:.0f} % ({level.source}) | {counted['admissions']:,.0f} | "
        f"{counted['bed_days']:,.0f} |"
        for number, share, counted in found
    ]


def _on_duty(capacity: object) -> int:
    periods = getattr(capacity, "periods", ())
    return max((units for _, units in periods), default=capacity)  # type: ignore[no-any-return]


PAGE_HEAD = """\
# How many staff an option needs

<!-- written by `python docs/generate.py sizing`; edit experiments/sceptic/sizing.py instead -->

A price means something once there are enough staff to do the work. For each option: how many on
duty at once, what share of those who ask in their hours are served, and the smallest number that
meets a stated service level. One replication of {days} days each, so that the last columns show
where more staff stop adding, not by how much.

| staff | on duty | served | what | asked for | emergency admissions | acute bed days |
|---|---:|---:|---|---|---:|---:|
"""


def main() -> int:
    """Run and write."""
    parser = argparse.ArgumentParser(description="Find the smallest numbers of staff.")
    parser.add_argument("--days", type=int, default=84)
    parser.add_argument("--out", default=str(PAGE), help="- for none")
    given = parser.parse_args()
    rows = [
        line
        for level in LEVELS
        for line in lines(level, given.days, lambda word: print(word, file=sys.stderr))
    ]
    text = PAGE_HEAD.format(days=given.days) + "\n".join(rows) + "\n"
    if given.out == "-":
        sys.stdout.write(text)
    else:
        Path(given.out).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
