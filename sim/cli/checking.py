"""What the static check found, in words: shared by `check` and by what runs scenarios."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario import Loaded
    from sim.scenario.check import CheckReport


def checked(loaded: Loaded) -> CheckReport:
    """Analyse a scenario.

    Raises
    ------
    ScenarioError
        If it cannot be run.
    """
    from sim.scenario import ScenarioError
    from sim.scenario.check import check

    report = check(loaded)
    if not report.ok:
        raise ScenarioError(report.problems)
    return report


def print_findings(loaded: Loaded, name: str) -> None:
    """Print one line on the check of a scenario about to run, and its warnings on stderr."""
    report = checked(loaded)
    print(f"{name}: {summary(report)}.", flush=True)
    for warning in report.warnings:
        print(f"warning: {warning}", file=sys.stderr, flush=True)


def summary(report: CheckReport) -> str:
    """The check in one line: errors, warnings, loads, sources."""
    parts = ["no errors", _plural(len(report.warnings), "warning")]
    loads = [row for row in report.load.rows if row.ratio > 0]
    if loads:
        busiest = max(loads, key=lambda row: row.ratio)
        parts.append(
            f"busiest resource {busiest.resource} at {busiest.ratio * 100:.0f} % of capacity"
        )
    unsourced = report.provenance.counts.get("unsourced", 0)
    if unsourced:
        parts.append(f"{_plural(unsourced, 'number')} without a source")
    return "; ".join(parts)


def _plural(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
