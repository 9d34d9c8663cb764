"""Compare options with a baseline: the same people with the same luck in every arm.

An alternative is a scenario, an option applied on the baseline, or several options joined by `+`.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.cli import arguments as shared
from sim.cli.assignments import add_assignments
from sim.cli.drawing import Draws, add_draws

if TYPE_CHECKING:
    from sim.experiment.results import Comparison
    from sim.scenario import Loaded

HELP = "compare options with a baseline on the same people with the same luck"

EXAMPLES = """\
examples:
  urgentflow compare scenarios/sussex/before.yaml scenarios/sussex/after.yaml --out results/sussex
  urgentflow compare before.yaml ltc_teams.yaml beds.yaml ltc_teams.yaml+beds.yaml
  urgentflow compare before.yaml after.yaml --replications 30 --by age,frailty
"""

WRITTEN = "tables (CSV, parquet), pictures, a page and a manifest"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("baseline", metavar="BASELINE", help="a scenario")
    parser.add_argument(
        "alternatives",
        nargs="+",
        metavar="ALTERNATIVE",
        help="scenarios, or options (a.yaml+b.yaml)",
    )
    shared.add_run_arguments(parser)
    add_assignments(parser)
    add_draws(parser)
    shared.add_output_arguments(parser, WRITTEN)
    parser.add_argument(
        "--pictures",
        choices=("few", "all", "none"),
        default="few",
        help="pictures beside the page: of all alternatives, of none, or of all while they are few "
        "(default)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Load, say what will be run, run it, show it and write it."""
    from sim.cli.printing import paragraph, print_notices, records, show
    from sim.experiment.arm_loading import check_pairable, load_arms

    began = time.perf_counter()
    shared.claim_folder(arguments)
    arms = load_arms(
        arguments.baseline, arguments.alternatives, overrides=shared.overrides(arguments)
    )
    check_pairable(arms)
    _print_header(arms, shared.replications(arguments, arms[0][1]))
    draws = Draws(arguments, arms, arguments.alternatives)
    comparison = run_arms(arguments, arms)
    draws.run()
    comparison = replace(comparison, variances=draws.frame)

    from sim.report.page.folder import bottleneck_tables, comparison_tables, headline_sentences

    arguments.answer = {
        "baseline": comparison.baseline.title,
        "alternatives": {arm.name: arm.title for arm in comparison.alternatives},
        "replications": comparison.baseline.replications,
        "seed": comparison.baseline.seed,
        "statement": comparison.statement,
        "settling": {arm.name: arm.settling for arm in comparison.arms},
        "headline": headline_sentences(comparison, arguments.per),
        "differences": records(comparison.table(arguments.per)),
        "bottlenecks": records(comparison.bottlenecks()),
    }
    print()
    print_notices(comparison.arms)
    for finding in headline_sentences(comparison, arguments.per):
        paragraph(finding)
        print()
    for grid in comparison_tables(comparison, arguments.per, shared.attributes(arguments)):
        show(grid)
    for grid in bottleneck_tables(comparison.arms, arguments.per, every=arguments.all):
        show(grid)
    paragraph(comparison.statement)
    draws.show()
    if arguments.out is None:
        paragraph("Nothing was written; --out FOLDER keeps " + WRITTEN + ".")
    else:
        _write(comparison, arguments, began, draws)
    return 0


def run_arms(arguments: argparse.Namespace, arms: list[tuple[str, Loaded]]) -> Comparison:
    """Run all arms with progress on stderr and a first look as soon as there is one."""
    from sim.cli.interim import FirstLook
    from sim.cli.progress import shown
    from sim.experiment.experiment import compare_all
    from sim.experiment.job import Progress
    from sim.report.digest import digest

    first_look = FirstLook(len(arms), arms[0][1].model.run.duration / 1440)
    total = len(arms) * shared.replications(arguments, arms[0][1])
    with shown(total) as (show, note):

        def on_progress(progress: Progress) -> None:
            show(progress)
            text = first_look.take(progress)
            if text is not None and progress.total > len(arms):
                note(text)

        by = shared.broken_down_by(arguments, [loaded for _, loaded in arms])
        settings = shared.settings(arguments, by, digest=digest, on_progress=on_progress)
        return compare_all(arms, settings)


def _print_header(arms: list[tuple[str, Loaded]], replications: int) -> None:
    """Say who is compared with whom, on how many people, for how long."""
    from sim.cli.checking import print_findings
    from sim.cli.printing import header, paragraph, people
    from sim.experiment.arm_loading import title_of

    baseline = arms[0][1]
    header(baseline, replications, word="Baseline")
    for name, loaded in arms[1:]:
        title = title_of(loaded, baseline)
        print(f"Alternative: {title} [{name}]")
        for option in loaded.applied:
            if option not in baseline.applied and option.title not in title:
                print(f"  + {option.title}")
        if people(loaded) != people(baseline):
            paragraph(f"Note: it has {people(loaded)}, so not everyone is the same.", "  ")
    print("Every replication has the same people with the same luck in every arm.")
    for name, loaded in arms:
        print_findings(loaded, f"Check of {name}")
    print(flush=True)


def _write(
    comparison: Comparison, arguments: argparse.Namespace, began: float, draws: Draws
) -> None:
    from sim.cli.printing import list_written
    from sim.experiment.store import complete_set, manifest, write_frame
    from sim.report.page.folder import write_comparison
    from sim.report.series import frames

    folder, seconds = arguments.out, time.perf_counter() - began
    about = manifest(comparison.arms, arguments.command_line, seconds)
    with complete_set(folder, about) as (new, written):
        written += write_frame(comparison.differences, new, "differences")
        written += write_frame(comparison.measures, new, "measures")
        written += write_frame(comparison.bottlenecks(), new, "bottlenecks")
        if draws.frame is not None:
            written += write_frame(draws.frame, new, "variances")
        for table, frame in frames(comparison.arms).items():
            written += write_frame(frame, new, table)
        print(f"drawing {len(comparison.arms)} arms", file=sys.stderr, flush=True)
        written += write_comparison(comparison, new, about, arguments.per, arguments.pictures)
    list_written(written, folder)
