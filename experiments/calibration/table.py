"""Set what the shipped scenarios simulate beside the evidence, as ``docs/calibration.md``.

    python experiments/calibration/table.py                     # about a minute
    python experiments/calibration/table.py --replications 1 --days 28 --out -

Which numbers, with which range from which row of ``scenarios/evidence.csv``, is said in
``targets.csv``; nothing in the table is typed by hand.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from quantities import Numbers, numbers
from readings import DAY, extra

from sim.experiment.experiment import run_all
from sim.experiment.results import Results
from sim.experiment.settings import Settings
from sim.scenario import load

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SCENARIOS = ROOT / "scenarios"

#: the worlds of the table: heading, file
WORLDS = {
    "England": SCENARIOS / "base" / "urgent_care.yaml",
    "Sussex before": SCENARIOS / "sussex" / "before.yaml",
    "Sussex after": SCENARIOS / "sussex" / "after.yaml",
}

INTRODUCTION = """\
# Calibration: simulated beside evidence

<!-- written by `python docs/generate.py calibration`; edit `experiments/calibration` instead -->

Every number is the mean over {replications} replications of {days} days after {warm_up} days of
warm-up from {start}; rates are yearly. The plausible range comes from the evidence row that is
named, with its status (`scenarios/evidence.csv`); where the note says so it is a judgement around
it. **no** marks a simulated number outside its range.

*England* is `scenarios/base/urgent_care.yaml`, the others are `scenarios/sussex/`. Nothing says
where the world after the plans should lie: its column has no marks.
"""

NOTES = """\
## What does not fit, and why it is left

- **Stay of at least one night.** By age the stays are at the upper end of the evidence (E06-002,
  E06-021). Over all ages the mean of E06-001 cannot be had together with the emergency bed days of
  E06-005: at 108 admissions per 1,000, a third of them zero-day, 7.9 days would fill 580 bed days
  per 1,000, as many as all general and acute beds provide (E06-011). The model stays between the
  two, with more beds than the middle of E06-011. Its share of beds held for more than seven days is
  at the lower end of E12-009, and that for more than twenty-one at the upper end of E12-010: those
  between are too few.
- **Response to critical acuity** is at the upper end or just over it: there are no cars with a
  single responder.
- **The day of discharge.** Fridays have a little less of the week than measured: those whom the
  round of a Thursday keeps are too few.
- **Bad days** come to each kind of need by itself and, for a part, to all at once: a factor that
  all kinds share, of the width that brings daily A&E arrivals from what the factors of their own
  leave to E12-011. The split is assumed. The note at E12-011 would have one factor of about 4 %.
- **Bank holidays** are left out, though the language knows them: with them, staff and demand as on
  a Sunday, more rows lay outside (111 calls at weekends; admissions in *Sussex before*), each
  by little, for nothing has been fitted again to a year that has them.

## Set, fitted, not used

- **Set** from a figure and left alone: the population; hourly and monthly profiles; ambulance
  times; durations of calls and consultations; stays in home care and community beds; the shares
  of the practitioner trial; the price in lives of a long wait (E13-001); all prices.
- **Fitted** so that a number of this table comes out: rates of crises, first contacts, admitted
  shares, stays on wards, who needs what on leaving, shares let go by ward rounds, day-to-day
  factors, and every capacity. That these fit is no test of the model. The rows fitted to are
  those of demand, 999, A&E but its times by age, beds, ways of leaving, and time.
- **Not used** in setting anything, and so a test: time in A&E of older beside younger people, the
  share of admissions that come through A&E, and admission of the severely frail
  beside the not frail. With three rows it is a small test.
"""


@dataclass(frozen=True)
class Target:
    """One row of ``targets.csv``."""

    section: str
    key: str
    what: str
    unit: str
    evidence: str
    range: tuple[float, float]
    sussex: tuple[float, float] | None
    note: str

    def range_in(self, world: str) -> tuple[float, float] | None:
        """The plausible range in a world; None where there is none."""
        if world == "England":
            return self.range
        return self.sussex if world == "Sussex before" else None


def targets() -> list[Target]:
    """All targets, in the order of the file."""
    with (HERE / "targets.csv").open(encoding="utf-8", newline="") as stream:
        return [_target(row) for row in csv.DictReader(stream)]


def _target(row: Mapping[str, str]) -> Target:
    sussex = None
    if row["sussex_low"]:
        sussex = (float(row["sussex_low"]), float(row["sussex_high"]))
    return Target(
        row["section"],
        row["key"],
        row["what"],
        row["unit"],
        row["evidence"],
        (float(row["low"]), float(row["high"])),
        sussex,
        row["note"],
    )


def shown(value: float, unit: str) -> str:
    """A number as the table shows it: shares in per cent, others with three digits."""
    if np.isnan(value):
        return "-"
    if unit == "share" or unit.startswith("share of"):
        return f"{100 * value:.1f} %"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def markdown(found: Mapping[str, Numbers], rows: list[Target], statuses: Mapping[str, str]) -> str:
    """The table, section by section."""
    lines = []
    for section, group in groupby(rows, key=lambda row: row.section):
        heads = [section, "unit", *found, "plausible", "in Sussex", "evidence", "note"]
        lines += ["", f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
        lines += [_line(target, found, statuses) for target in group]
    return "\n".join(lines) + "\n"


def _line(target: Target, found: Mapping[str, Numbers], statuses: Mapping[str, str]) -> str:
    cells = [target.what, target.unit]
    for world, values in found.items():
        mean = float(values[target.key].mean())
        limits = target.range_in(world)
        known = limits is not None and not np.isnan(mean)
        outside = known and not limits[0] <= mean <= limits[1]
        cells.append(shown(mean, target.unit) + (" **no**" if outside else ""))
    cells.append(_range(target.range, target.unit))
    cells.append(_range(target.sussex, target.unit) if target.sussex != target.range else "same")
    named = [name.strip() for name in target.evidence.split(",")]
    cells.append(", ".join(f"{name} {statuses[name]}" for name in named))
    cells.append(target.note)
    return f"| {' | '.join(cells)} |"


def _range(limits: tuple[float, float] | None, unit: str) -> str:
    return "none" if limits is None else f"{shown(limits[0], unit)} to {shown(limits[1], unit)}"


def evidence_statuses() -> dict[str, str]:
    """Status of every row of the evidence."""
    with (SCENARIOS / "evidence.csv").open(encoding="utf-8", newline="") as stream:
        return {row["id"]: row["status"] for row in csv.DictReader(stream)}


def simulate(replications: int | None, days: int | None, engine: str) -> dict[str, Results]:
    """Run every world of the table."""
    overrides = {} if days is None else {"run.duration": f"{days} days"}
    settings = Settings(
        replications,
        by=("age", "crisis"),
        digest=extra,
        engine=engine,  # type: ignore[arg-type]
    )
    worlds = [(name, load(path, overrides=overrides)) for name, path in WORLDS.items()]
    return {r.name: r for r in run_all(worlds, settings)}


def page(results: Mapping[str, Results]) -> str:
    """The whole page."""
    one = next(iter(results.values()))
    run = one.scenario.model.run
    head = INTRODUCTION.format(
        replications=len(one.replications),
        days=round(run.duration / DAY),
        warm_up=round(run.warm_up / DAY),
        start=run.start.isoformat(),
    )
    found = {name: numbers(r) for name, r in results.items()}
    return head + markdown(found, targets(), evidence_statuses()) + "\n" + NOTES


def main() -> int:
    """Run and write."""
    parser = argparse.ArgumentParser(description="Set simulated numbers beside the evidence.")
    parser.add_argument("--replications", type=int, help="default: what the scenarios say")
    parser.add_argument("--days", type=int, help="measured days; default: what the scenarios say")
    parser.add_argument("--engine", default="compiled", choices=("simpy", "compiled"))
    parser.add_argument("--out", default=str(ROOT / "docs" / "calibration.md"), help="- for none")
    given = parser.parse_args()
    text = page(simulate(given.replications, given.days, given.engine))
    if given.out == "-":
        sys.stdout.write(text)
    else:
        Path(given.out).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
