"""Check a scenario without running it: errors, what may be held where, loads, sources."""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING

from sim.cli.assignments import add_assignments, assigned

if TYPE_CHECKING:
    from sim.report.tables.grids import Grid
    from sim.scenario import Loaded
    from sim.scenario.analysis.offered_load import Load
    from sim.scenario.check import CheckReport

HELP = "check a scenario without running it"

EXAMPLES = """\
examples:
  urgentflow check scenarios/sussex/before.yaml
  urgentflow check scenarios/sussex/before.yaml+scenarios/sussex/options/ltc_teams.yaml
  urgentflow check scenarios/quickstart.yaml --set resources.nurses.capacity=2

Exit code 2 if there are errors, all of them listed; 0 if not, whatever the warnings.
"""

#: fields without a source that are listed one by one
MOST_UNSOURCED = 20

#: pools of one resource that are shown one by one
MOST_POOLS = 6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("scenario", nargs="+", metavar="SCENARIO", help="a scenario file")
    parser.add_argument(
        "--unsourced", action="store_true", help="list every field with numbers without a source"
    )
    parser.add_argument(
        "--assumed", action="store_true", help="list everything that is assumed, and why"
    )
    parser.add_argument(
        "--all", action="store_true", help="show every pool of a resource with many, by load"
    )
    add_assignments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what is found in each scenario; the errors of all of them come together."""
    from sim.cli.checking import checked
    from sim.experiment.arm_loading import load_each
    from sim.experiment.needs import estimated, in_words, refuse_oversized

    arguments.answer = []
    overrides = assigned(arguments.set, {})
    for position, loaded in enumerate(load_each(arguments.scenario, overrides)):
        if position:
            print()
        report, needs = checked(loaded), estimated(loaded.model)
        answer = {"title": loaded.model.title, "report": report, "needs": needs}
        arguments.answer.append(answer)
        _print_report(
            loaded,
            report,
            None if arguments.unsourced else MOST_UNSOURCED,
            None if arguments.all else MOST_POOLS,
        )
        if arguments.assumed:
            _print_assumed(loaded)
        print(in_words(needs))
        refuse_oversized(needs)
    return 0


def _print_report(
    loaded: Loaded, report: CheckReport, most_unsourced: int | None, most_pools: int | None
) -> None:
    from sim.cli.checking import summary
    from sim.cli.printing import header, show

    header(loaded, loaded.model.run.replications)
    for option in loaded.applied:
        print(f"  + {option.title} ({option.file})")
    print(f"Check: {summary(report)}.\n")
    for warning in report.warnings:
        print(f"warning: {warning}\n")
    if report.load.rows:
        show(loads(report, most_pools))
    held = holdings(report)
    if held is not None:
        show(held)
    _print_sources(report, most_unsourced)


def loads(report: CheckReport, most: int | None = MOST_POOLS) -> Grid:
    """Offered load of every pool, as a table; of resources with many, the `most` busiest ones."""
    from sim.report.tables.grids import Grid, Row, Section

    by_resource: dict[str, list[Load]] = {}
    for row in report.load.rows:
        by_resource.setdefault(row.of, []).append(row)
    rows = []
    for name, pools in by_resource.items():
        if most is None or len(pools) <= most:
            rows += [Row(_load(pool)) for pool in pools]
            continue
        busiest = sorted(pools, key=lambda pool: -pool.ratio)
        rows += [Row(_load(pool)) for pool in busiest[: most - 1]]
        rows.append(Row(_others(name, busiest[most - 1 :])))
    notes = [f"{text[:1].upper()}{text[1:]}." for text in report.load.caveats]
    if any(row.waiting_left_out for row in report.load.rows):
        notes.append("+: and the time a unit is kept while its holder waits, not known yet.")
    for row in report.load.rows:
        if row.bound is not None:
            notes.append(f"{row.resource}: kept by those who wait for {row.bound.waits_for}.")
    if len(rows) < len(report.load.rows):
        notes.append("Of many pools the busiest are shown (--all shows every one).")
    columns = ("resource", "uses a day", "mean use", "offered", "capacity", "load", "")
    return Grid("Offered load", columns, (Section("", tuple(rows)),), tuple(notes), frozenset({""}))


def _others(resource: str, pools: list[Load]) -> tuple[str, ...]:
    """Pools of one resource in one line: their sums, and the load of the busiest of them."""
    per_day, offered = sum(p.per_day for p in pools), sum(p.offered for p in pools)
    capacity = sum(p.capacity for p in pools)
    settled = all(p.settles for p in pools)
    return (
        f"{resource}: {len(pools)} more",
        f"{per_day:,.1f}",
        _time(offered * 1440.0 / per_day if per_day > 0 else 0.0),
        f"{offered:,.2f}",
        "unlimited" if math.isinf(capacity) else f"{capacity:,.2f}",
        "" if math.isinf(pools[0].capacity) else f"to {pools[0].ratio * 100:.0f} %",
        "" if settled else "some will not settle",
    )


def _load(row: Load) -> tuple[str, ...]:
    more = " +" if row.waiting_left_out else ""
    unlimited = math.isinf(row.capacity)
    return (
        row.resource,
        f"{row.per_day:,.1f}",
        _time(row.mean_minutes),
        f"{row.offered:,.2f}",
        "unlimited" if unlimited else f"{row.capacity:,.2f}",
        "" if unlimited else f"{row.ratio * 100:.0f} %{more}",
        "" if row.settles else row.relief or "will not settle",
    )


def _time(minutes: float) -> str:
    from sim.report.tables.numbers import duration

    return f"{minutes:.3g} min" if minutes < 10 else duration(minutes)


def holdings(report: CheckReport) -> Grid | None:
    """What may be held on coming to each step, as a table; None if nothing is ever kept."""
    from sim.report.tables.grids import Grid, Row, Section

    rows = tuple(
        Row(
            (
                item.step,
                ", ".join(item.always),
                ", ".join(name for name in item.may if name not in item.always),
            )
        )
        for item in report.holding
        if item.may or item.always
    )
    if not rows:
        return None
    columns = ("on coming to step", "always held", "may be held")
    return Grid("Kept from earlier steps", columns, (Section("", rows),), (), frozenset(columns))


def _print_sources(report: CheckReport, most: int | None) -> None:
    """Count the numbers by source, and list `most` fields without one (None: all)."""
    from sim.cli.printing import paragraph

    counts = report.provenance.counts
    known = ", ".join(f"{number} {status}" for status, number in counts.items() if number)
    paragraph(f"Sources of {sum(counts.values())} numbers: {known or 'none'}.")
    unsourced = report.provenance.unsourced
    for item in unsourced[:most]:
        many = f"{item.numbers} numbers" if item.numbers > 1 else "1 number"
        print(f"  unsourced: {item.file}:{item.line}: {item.field} ({many}; {item.why})")
    if most is not None and len(unsourced) > most:
        print(f"  and {len(unsourced) - most} more fields (--unsourced lists all)")


def _print_assumed(loaded: Loaded) -> None:
    """Every entry of `sources` that is an assumption, with its reason."""
    from sim.cli.printing import paragraph

    for path, source in loaded.model.sources.items():
        if source.startswith("assumed"):
            paragraph(f"{path}: {source}", "  ")
