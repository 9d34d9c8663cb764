"""Run systems with exactly known answers and print theory beside model.

Each claim passes when the model is within 3.3 standard errors of theory and its 95 % interval is
narrow enough for that to mean something.
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from sim.cli import arguments as shared

if TYPE_CHECKING:
    from sim.experiment.verification.run import Result
    from sim.report.tables.grids import Grid, Row

HELP = "run systems with exactly known answers: theory beside model"

EXAMPLES = """\
examples:
  urgentflow verify
  urgentflow verify mm1 priority jackson
  urgentflow verify --list

Exit code 1 if a claim does not pass.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("cases", nargs="*", metavar="CASE", help="cases to run (default: all)")
    parser.add_argument("--list", action="store_true", help="only say which cases there are")
    parser.add_argument("--engine", choices=shared.ENGINES, default=shared.ENGINES[0])
    parser.add_argument("--workers", type=shared.count, metavar="N", help="most processes at work")


def run(arguments: argparse.Namespace) -> int:
    """Run the cases and print one line for each claim."""
    from sim.cli.errors import unknown_name
    from sim.cli.printing import show as show_table
    from sim.cli.progress import shown
    from sim.experiment.job import Progress
    from sim.experiment.verification.cases import all_cases
    from sim.experiment.verification.run import verify

    known = [case.name for case in all_cases()]
    if arguments.list:
        print("\n".join(known))
        arguments.answer = known
        return 0
    for name in arguments.cases:
        if name not in known:
            raise unknown_name("case", name, known)
    chosen = arguments.cases or known
    done = 0
    began = time.perf_counter()
    with shown(len(chosen), "cases") as (show, note):

        def on_case(results: list[Result], seconds: float) -> None:
            nonlocal done
            done += 1
            note(f"{done} of {len(chosen)} cases: {results[0].case} ({seconds:.0f} s)")

        def advanced(behind: float) -> None:
            elapsed = time.perf_counter() - began
            show(Progress(done, len(chosen), elapsed, under_way=behind - done))

        results = verify(
            chosen, arguments.engine, arguments.workers, on_case=on_case, advanced=advanced
        )
    arguments.answer = [_plain(result) for result in results]
    show_table(_table(results))
    return 0 if all(result.passed for result in results) else 1


def _plain(result: Result) -> dict[str, object]:
    """A claim as plain data."""
    said = ("case", "title", "what", "exact", "model", "half_width", "z", "replications")
    return {word: getattr(result, word) for word in (*said, "passed", "verdict")}


def _table(results: list[Result]) -> Grid:
    from sim.report.tables.grids import Grid, Section

    sections = []
    for title in dict.fromkeys(result.title for result in results):
        rows = tuple(_row(result) for result in results if result.title == title)
        sections.append(Section(title, rows))
    failed = sum(not result.passed for result in results)
    note = f"{len(results) - failed} of {len(results)} claims pass."
    columns = ("", "theory", "model", "+/-", "z", "replications", "verdict")
    return Grid("Theory beside model", columns, tuple(sections), (note,), frozenset({"verdict"}))


def _row(result: Result) -> Row:
    from sim.report.tables.grids import Row

    cells = (
        result.what,
        f"{result.exact:.5g}",
        f"{result.model:.5g}",
        f"{result.half_width:.2g}",
        f"{result.z:+.2f}",
        str(result.replications),
        result.verdict,
    )
    return Row(cells, "" if result.passed else "worse")
