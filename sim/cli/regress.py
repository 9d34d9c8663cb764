"""Run reference scenarios again on both engines, and say what is not as it was.

A folder of references lists its scenarios in `regress.yaml`; beside it lie, for each, its numbers
to six significant digits and everything that happened in its first replication.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import arguments as shared
from sim.cli.errors import UsageError, unknown_name

if TYPE_CHECKING:
    from sim.experiment.regression.cases import Case
    from sim.experiment.regression.changes import Change, Report
    from sim.experiment.regression.reference import Rerun
    from sim.scenario import Loaded

HELP = "run reference scenarios again and say what is not as it was"

EXAMPLES = """\
examples:
  urgentflow regress
  urgentflow regress my_references --only sussex
  urgentflow regress --accept          # what it gives now is right: read the diff, commit it

Exit code 0 if nothing differs, 1 if anything does.
"""

#: numbers listed of each case
MOST_LISTED = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "folder",
        type=shared.named_folder,
        metavar="FOLDER",
        nargs="?",
        default=Path("results/reference"),
        help="a folder of references (default: %(default)s)",
    )
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="only this case (repeatable)"
    )
    parser.add_argument(
        "--accept", action="store_true", help="write what they give now as the references"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run every case again, one after the other, and say what differs."""
    from sim.experiment.regression.changes import compared
    from sim.experiment.regression.reference import read, rerun, write

    cases = _cases(arguments)
    if arguments.accept:
        shared.check_folder(arguments.folder)
    references = (
        {} if arguments.accept else {c.name: read(arguments.folder, c.name) for c, _ in cases}
    )
    reports: list[Report] = []
    for case, loaded in cases:
        now = rerun(case, loaded)
        if arguments.accept:
            reports.append(_accepted(now, case.name))
            if reports[-1].same:
                write(now.reference, arguments.folder, case.name)
        else:
            reports.append(compared(case.name, references[case.name], now))
        print("\n".join(_said(reports[-1], now, arguments.accept)), flush=True)
    arguments.answer = {"same": all(each.same for each in reports), "cases": reports}
    if not all(each.same for each in reports) and not arguments.accept:
        print("If this is meant: urgentflow regress --accept, and say why in the commit.")
    return 0 if all(each.same for each in reports) else 1


def _cases(arguments: argparse.Namespace) -> list[tuple[Case, Loaded]]:
    """Read and check the list and all its scenarios before anything is run."""
    from sim.experiment.arm_loading import load_variants
    from sim.experiment.regression.cases import LIST, read_cases

    if not (arguments.folder / LIST).is_file():
        raise UsageError(
            f"{arguments.folder} has no {LIST}, which lists what to run again: "
            "a line `name: {scenario: FILE}` for each"
        )
    cases = read_cases(arguments.folder)
    names = [case.name for case in cases]
    for name in arguments.only:
        if name not in names:
            raise unknown_name("case", name, names)
    chosen = [case for case in cases if not arguments.only or case.name in arguments.only]
    loaded = load_variants([(case.files, case.overrides) for case in chosen])
    return list(zip(chosen, loaded, strict=True))


def _accepted(now: Rerun, name: str) -> Report:
    """What is said of a new reference: engines that differ are never accepted."""
    from sim.experiment.regression.changes import Report

    return Report(name, len(now.reference.numbers), engines=now.engines)


def _said(report: Report, now: Rerun, accepted: bool) -> list[str]:
    """What became of a case, in words."""
    recorded = now.reference.recorded
    events = f"{len(recorded.events.time):,} events"
    if report.same:
        word = "accepted" if accepted else "the same"
        return [f"{report.name}: {word}: {report.compared:,} numbers, {events}, both engines"]
    lines = []
    if report.compared is None:
        lines.append(f"{report.name}: there is no reference yet; --accept writes one")
    elif not accepted:
        lines.append(
            f"{report.name}: {len(report.changes):,} of {report.compared:,} numbers differ"
        )
        lines += _table(report.changes[:MOST_LISTED])
        if len(report.changes) > MOST_LISTED:
            lines.append(f"  and {len(report.changes) - MOST_LISTED:,} more")
    if report.first is not None:
        lines += report.first.sentences(recorded.start, "the reference", "this run")
    elif report.changes:
        lines.append(f"All {events} are the same: what differs is how they are measured.")
    if report.engines is not None:
        lines.append(f"{report.name}: the engines differ, which nobody may accept.")
        lines += report.engines.sentences(recorded.start, "compiled", "simpy")
    return lines


def _table(changes: tuple[Change, ...]) -> list[str]:
    """Numbers that differ: measure, was, is, by how much."""
    from sim.experiment.regression.reference import rounded

    rows = [("measure", "replication", "was", "is", "by")]
    for each in changes:
        name = f"{each.measure}/{each.of}" if each.of else each.measure
        now = "gone" if each.now is None else rounded(each.now) or "none"
        by = f"{each.percent:+.3g} %" if each.percent == each.percent else ""
        rows.append((name, str(each.replication), rounded(each.was) or "none", now, by))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  " + "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])])
        for row in rows
    ]
