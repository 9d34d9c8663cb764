"""Run one scenario and show its main measures."""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import arguments as shared
from sim.cli.assignments import add_assignments
from sim.cli.drawing import Draws, add_draws

if TYPE_CHECKING:
    from sim.experiment.results import Results
    from sim.scenario import Loaded

HELP = "run one scenario and show its main measures"

EXAMPLES = """\
examples:
  urgentflow run scenarios/sussex/before.yaml
  urgentflow run scenarios/verification/mm1.yaml --replications 3 --days 30
  urgentflow run scenarios/sussex/before.yaml --by age --by frailty --out results/before
"""

WRITTEN = "tables (CSV, parquet), a picture of the beds, a page and a manifest"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("scenario", metavar="SCENARIO", help="a scenario file")
    shared.add_run_arguments(parser)
    add_assignments(parser)
    add_draws(parser)
    shared.add_output_arguments(parser, WRITTEN)
    parser.add_argument(
        "--figures", type=Path, metavar="CSV", help="set local figures beside the model's"
    )


def run(arguments: argparse.Namespace) -> int:
    """Load, run, show and write."""
    from sim.cli.checking import print_findings
    from sim.cli.printing import header, paragraph, print_notices, records, show
    from sim.experiment.arm_loading import load_arms

    began = time.perf_counter()
    given = None
    if arguments.figures is not None:
        from sim.experiment.own_place.figures import read_figures

        given = read_figures(arguments.figures)
    shared.claim_folder(arguments)
    ((name, loaded),) = load_arms(arguments.scenario, [], shared.overrides(arguments))
    header(loaded, shared.replications(arguments, loaded))
    print_findings(loaded, "Check")
    print(flush=True)
    draws = Draws(arguments, [(name, loaded)])
    results = _run(arguments, name, loaded)
    draws.run()
    results = replace(results, variances=draws.frame)

    from sim.experiment.intervals import statement
    from sim.report.page.folder import bottleneck_tables, run_tables

    arguments.answer = {
        "title": results.title,
        "replications": results.replications,
        "seed": results.seed,
        "engine": results.engine,
        "settling": results.settling,
        "summary": records(results.summary(arguments.per)),
        "bottlenecks": records(results.bottlenecks()),
    }
    print_notices([results])
    for grid in run_tables(results, arguments.per, shared.attributes(arguments)):
        show(grid)
    for grid in bottleneck_tables([results], arguments.per, every=arguments.all):
        show(grid)
    if given is not None:
        from sim.report.tables.local_figures import local_figures

        show(local_figures(results, given))
    paragraph(statement(len(results.replications)))
    draws.show()
    if arguments.out is None:
        paragraph("Nothing was written; --out FOLDER keeps " + WRITTEN + ".")
    else:
        _write(results, arguments, began, draws)
    return 0


def _run(arguments: argparse.Namespace, name: str, loaded: Loaded) -> Results:
    from sim.cli.progress import shown
    from sim.experiment.experiment import run_all
    from sim.report.digest import digest

    total = shared.replications(arguments, loaded)
    with shown(total) as (show, _):
        by = shared.broken_down_by(arguments, [loaded])
        settings = shared.settings(arguments, by, digest=digest, on_progress=show)
        return run_all([(name, loaded)], settings)[0]


def _write(results: Results, arguments: argparse.Namespace, began: float, draws: Draws) -> None:
    from sim.cli.printing import list_written
    from sim.experiment.store import complete_set, manifest, write_frame
    from sim.report.page.folder import write_run
    from sim.report.series import frames

    folder, seconds = arguments.out, time.perf_counter() - began
    about = manifest([results], arguments.command_line, seconds)
    with complete_set(folder, about) as (new, written):
        written += write_frame(results.summary(), new, "summary")
        written += write_frame(results.measures, new, "measures")
        written += write_frame(results.bottlenecks(), new, "bottlenecks")
        if draws.frame is not None:
            written += write_frame(draws.frame, new, "variances")
        for table, frame in frames([results]).items():
            written += write_frame(frame, new, table)
        written += write_run(results, new, about, arguments.per)
    list_written(written, folder)
