"""Try to gain by closing services, and to buy effects without staff; write docs/sceptic.md.

    python experiments/sceptic/matrix.py                      # half an hour
    python experiments/sceptic/matrix.py --replications 2 --only ward_beds,crews --out -

Every resource of the world before is made a quarter smaller and a quarter larger; every option is
run with none, half, all and one and a half times of its staff. Each row is the paired difference
from the world before in the same replications.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from outcomes import outcomes
from worlds import BEFORE, OPTIONS, between, scalable, scaled, with_option

from sim.engine import run
from sim.plan.compile import compile_plan
from sim.scenario import load
from sim.scenario.language.model import Scenario

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sceptic.md"

#: columns: what is shown of a row
SHOWN = {
    "deaths": "deaths",
    "net": "admitted or left",
    "admissions": "admitted here",
    "elsewhere": "elsewhere",
    "unhelped": "gave up",
    "bed_days": "acute bed days",
}

#: shares of an option's staff and places, and what they are called
STAFF = {0.0: "none", 0.5: "half", 1.0: "all", 1.5: "half as many again"}

Found = Sequence[Mapping[str, float]]


@dataclass(frozen=True)
class Row:
    """A world, what was changed, and by how much."""

    what: str
    change: str
    model: Scenario

    def name(self) -> str:
        return f"{self.what} {self.change}"


def rows(before: Scenario, days: int, only: Sequence[str]) -> Iterator[Row]:
    """All worlds of the matrix, or those of some resources and options."""
    for resource in scalable(before):
        if not only or resource in only:
            yield Row(resource, "- 1/4", scaled(before, resource, 0.75))
            yield Row(resource, "+ 1/4", scaled(before, resource, 1.25))
    for option in OPTIONS:
        if only and option.file not in only:
            continue
        model = with_option(option.file, days).model
        for share, words in (
            (0.0, "none"),
            (0.5, "half"),
            (1.0, "all"),
            (1.5, "half as many again"),
        ):
            less = model
            for resource in option.staff:
                less = between(less, before, resource, share)
            yield Row(option.file, f"staff: {words}", less)


def found(model: Scenario, replications: int) -> list[Mapping[str, float]]:
    """What a sceptic counts in each replication of a world."""
    plan = compile_plan(model)
    return [
        outcomes(plan, model, run(plan, model.run.seed, k, "compiled"))
        for k in range(1, replications + 1)
    ]


def difference(of: Found, base: Found, key: str) -> str:
    """The mean paired difference, and the lowest and highest of any replication."""
    values = np.array([a[key] - b[key] for a, b in zip(of, base, strict=True)])
    if not values.any():
        return "0"
    if len(values) == 1:
        return f"{values[0]:+,.0f}"
    return f"{values.mean():+,.0f} ({values.min():+,.0f} to {values.max():+,.0f})"


def table(base: Found, all_found: Sequence[tuple[Row, Found]]) -> str:
    """The matrix as a table."""
    heads = ["what", "change", *SHOWN.values()]
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * 2 + "---:|" * len(SHOWN)]
    means = [f"{np.mean([b[key] for b in base]):,.0f}" for key in SHOWN]
    lines.append(f"| *the world before* | | {' | '.join(means)} |")
    for row, of in all_found:
        cells = [difference(of, base, key) for key in SHOWN]
        lines.append(f"| {row.what} | {row.change} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


INTRODUCTION = """\
# What a sceptic tries

<!-- written by `python docs/generate.py sceptic`; edit that instead -->

Can one gain by closing services, or buy effects without the staff who make them? Resources of the
Sussex world before are made a quarter smaller and a quarter larger, and every option is run with
none, half, all, and half as many again of its staff and places. Numbers are mean paired differences
from the world before in {replications} replications of {days} days (with the lowest and the
highest, if several; too few for an interval); 0 means no difference at all. *Admitted or left* adds
admissions here, admissions to other hospitals and those who gave up or were turned away: closing a
service must not make it fall. Half the staff of an option is rounded down: half of one is none.
{which}
`tests/scenarios/test_sceptic.py` asserts a part of this table whenever tests are run.

"""


SOME = "Only some resources were tried; the command tries all."


def main() -> int:
    """Run and write."""
    parser = argparse.ArgumentParser(description="Try to gain by closing services.")
    parser.add_argument("--replications", type=int, default=4)
    parser.add_argument("--days", type=int, default=364, help="measured days")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="", help="resources and options, with commas between")
    parser.add_argument("--out", default=str(PAGE), help="- for none")
    given = parser.parse_args()
    before = load(BEFORE, overrides={"run.duration": f"{given.days} days"}).model
    only = [name for name in given.only.split(",") if name]
    worlds = [Row("before", "", before), *rows(before, given.days, only)]
    with ProcessPoolExecutor(given.workers) as pool:
        pending = [pool.submit(found, row.model, given.replications) for row in worlds]
        results = []
        for row, future in zip(worlds, pending, strict=True):
            results.append((row, future.result()))
            told = ", ".join(
                f"{key} {difference(results[-1][1], results[0][1], key)}" for key in SHOWN
            )
            print(f"{row.name()}: {told}", file=sys.stderr, flush=True)
    which = SOME if only else ""
    head = INTRODUCTION.format(replications=given.replications, days=given.days, which=which)
    text = head + table(results[0][1], results[1:])
    if given.out == "-":
        sys.stdout.write(text)
    else:
        Path(given.out).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
