"""What `experiment` and `sweep` share: their arguments, the run with its progress, its findings."""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import arguments as shared
from sim.cli import enough
from sim.cli.errors import UsageError
from sim.cli.progress import readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pandas as pd

    from sim.experiment.answers.enough import Rule
    from sim.experiment.conduct import Conducted
    from sim.experiment.designs import Design
    from sim.experiment.executor import Executor
    from sim.experiment.language import Experiment
    from sim.experiment.tasks.lab import Lab, Runs
    from sim.experiment.tasks.run import TaskProgress
    from sim.experiment.tasks.store import TaskStore

#: numbers of replications of every variant after which the answer so far is told
TOLD = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)

#: seconds between two lines on how many variants have been read
READING = 5.0

#: most variants that `--check` lists
LISTED = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the run, of where it runs and of what is kept."""
    shared.add_run_arguments(parser)
    enough.add_arguments(parser)
    group = parser.add_argument_group("where it runs, and what is kept")
    group.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="run on a Dask cluster, as tcp://10.0.0.5:8786 (needs urgentflow[cluster])",
    )
    group.add_argument(
        "--out", type=shared.named_folder, metavar="FOLDER", help="write tables there"
    )
    group.add_argument(
        "--store",
        type=shared.named_folder,
        metavar="FOLDER",
        help="keep what is done there, and take from there what is (default: `store` beside --out)",
    )
    group.add_argument(
        "--check", action="store_true", help="read and check every variant, and run nothing"
    )


def conducted(arguments: argparse.Namespace, experiment: Experiment) -> int:
    """Check, run, show and write an experiment."""
    from sim.cli.printing import paragraph

    began = time.perf_counter()
    _refuse_unused(arguments)
    lab = _lab(arguments, experiment)
    shared.claim_folder(arguments)
    from sim.experiment.conduct import designed, numbers

    sequential = enough.asked(arguments)
    design = designed(experiment, lab)
    rules = _rules(arguments, design, lab) if sequential else {}
    replications = (
        tuple(range(1, arguments.replications + 1))
        if arguments.replications
        else numbers(experiment, lab)
    )
    _print_header(experiment, design, None if sequential else len(replications))
    if arguments.check:
        arguments.answer = _checked(design, None if sequential else len(replications))
        return 0
    lab.executor = _executor(arguments, lab)
    with _store(arguments) as store, _progress(lab, experiment):
        if store is not None:
            lab.store = store
        found, how = _run(arguments, experiment, design, lab, rules, replications)
    _show(arguments, found, lab)
    if how:
        paragraph(how)
    if arguments.out is None:
        paragraph("Nothing was written; --out FOLDER keeps tables, and what was done.")
    else:
        _write(arguments, found, lab, time.perf_counter() - began)
    return 1 if found.runs.failures else 0


def _rules(arguments: argparse.Namespace, design: Design, lab: Lab) -> dict[str, Rule]:
    """What is asked for instead of a number of replications."""
    if len(design.draws) > 1:
        raise UsageError(
            "--precise and --clear are about luck, which more replications lessen; the doubt of "
            "drawn inputs they do not: leave out the draws, or say --replications"
        )
    found = enough.rules(arguments, lab.loaded(design.variants[0]))
    if lab.measures is not None:
        lab.measures = tuple(dict.fromkeys((*lab.measures, *found)))
    return found


def _run(
    arguments: argparse.Namespace,
    experiment: Experiment,
    design: Design,
    lab: Lab,
    rules: Mapping[str, Rule],
    replications: tuple[int, ...],
) -> tuple[Conducted, str]:
    """Run so many replications, or until it is enough; how that ended, in words."""
    from sim.experiment.conduct import conduct
    from sim.experiment.sequential import NothingToJudgeError, conduct_until

    if not rules:
        return conduct(experiment, design, lab, replications), ""

    def note(number: int) -> None:
        print(f"{number} replications of each variant", file=sys.stderr, flush=True)

    most = arguments.most or enough.MOST
    try:
        found, ended = conduct_until(experiment, design, lab, rules, most, note)
    except NothingToJudgeError as error:
        raise UsageError(str(error)) from None
    return found, enough.sentence(ended)


def _refuse_unused(arguments: argparse.Namespace) -> None:
    """Refuse arguments that would mean nothing beside others."""
    if arguments.check:
        for name in ("out", "store", "scheduler", "workers"):
            if getattr(arguments, name) is not None:
                raise UsageError(f"--check runs nothing, so --{name} would be for nothing")


def _told_of_reading() -> Callable[[int, int], None]:
    """Say now and then how many variants have been read, where that takes a while."""
    began = last = time.monotonic()

    def reading(number: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last > READING:
            last = now
            print(
                f"{number} of {total} variants read and checked after {readable(now - began)}",
                file=sys.stderr,
                flush=True,
            )

    return reading


def _lab(arguments: argparse.Namespace, experiment: Experiment) -> Lab:
    from sim.experiment.tasks.lab import Lab

    wanted = (*experiment.measures, *experiment.headline)
    return Lab(
        experiment.baseline,
        seed=experiment.seed if arguments.seed is None else arguments.seed,
        measures=tuple(dict.fromkeys(wanted)) if experiment.measures else None,
        engine=arguments.engine,
        overrides={**experiment.overrides, **shared.overrides(arguments)},
        reading=_told_of_reading(),
    )


def _executor(arguments: argparse.Namespace, lab: Lab) -> Executor:
    """Where tasks are done: a cluster, or as many workers here as there is memory for."""
    from sim.experiment.designs import Variant
    from sim.experiment.executor import Local
    from sim.experiment.experiment import with_room

    if arguments.scheduler is not None:
        if arguments.workers is not None:
            raise UsageError("--workers are of this machine; a scheduler has its own")
        from sim.experiment.cluster import Cluster

        return Cluster(arguments.scheduler)
    return Local(with_room([lab.loaded(Variant("baseline"))], arguments.workers, lab.engine))


@contextlib.contextmanager
def _store(arguments: argparse.Namespace) -> Iterator[TaskStore | None]:
    """The store, if anything is to be kept."""
    from sim.experiment.tasks.store import opened

    folder: Path | None = arguments.store
    if folder is None and arguments.out is not None:
        folder = arguments.out.resolve().parent / "store"
    if folder is None:
        yield None
        return
    shared.check_folder(folder)
    with opened(folder) as store:
        yield store


@contextlib.contextmanager
def _progress(lab: Lab, experiment: Experiment) -> Iterator[None]:
    """Show how far it is, and the answer so far after some replications of every variant."""
    from sim.cli.progress import shown
    from sim.report.tables.experiment import headline_of, so_far

    told: set[int] = set()
    with shown(0, "tasks") as (show, note):

        def watch(runs: Runs, progress: TaskProgress) -> None:
            show(progress)
            wanted = next((number for number in TOLD if number not in told), None)
            # what is complete takes a while to find out where there are thousands of variants
            early = wanted is None or progress.done < wanted * progress.total / len(
                runs.replications
            )
            if progress.latest is None or progress.done == progress.total or early:
                return
            complete = runs.complete
            if wanted is not None and len(complete) >= wanted:
                told.update(number for number in TOLD if number <= len(complete))
                outcomes = runs.only(complete).outcomes
                text = so_far(outcomes, headline_of(_named(lab, experiment), outcomes))
                if text:
                    note(text)

        lab.watch = watch
        yield


def _named(lab: Lab, experiment: Experiment) -> tuple[str, ...]:
    """The headline that the experiment or its baseline names."""
    from sim.experiment.designs import Variant

    return experiment.headline or lab.loaded(Variant("baseline")).model.headline


def _print_header(experiment: Experiment, design: Design, replications: int | None) -> None:
    from sim.cli.printing import paragraph

    print(f"Experiment: {experiment.title}")
    if experiment.question:
        paragraph(experiment.question, "  ")
    number, draws = len(design.variants), len(design.draws)
    drawn = f" ({len(design.policies)} policies, {draws} draws)" if draws > 1 else ""
    many = "as many replications as are enough"
    if replications is not None:
        many = f"{replications} {'replication' if replications == 1 else 'replications'}"
    paragraph(
        f"{number} {'variant' if number == 1 else 'variants'}{drawn}, {many} each, "
        f"all on the same people with the same luck.",
        "  ",
    )
    print(flush=True)


def _checked(design: Design, replications: int | None) -> dict[str, object]:
    """Say which variants there are."""
    for variant in design.variants[:LISTED]:
        print(f"  {variant.name}")
    if len(design.variants) > LISTED:
        print(f"  and {len(design.variants) - LISTED} more")
    print("\nEvery variant can be run.")
    return {
        "variants": [variant.name for variant in design.variants],
        "replications": replications,
        "tasks": None if replications is None else len(design.variants) * replications,
    }


def _show(arguments: argparse.Namespace, found: Conducted, lab: Lab) -> None:
    from sim.cli.printing import paragraph, records, show
    from sim.experiment.findings.tables import tables
    from sim.experiment.intervals import statement
    from sim.report.tables.experiment import headline_of, ranking_grids, sentences, shares_grid

    outcomes = found.runs.outcomes
    headline = headline_of(_named(lab, found.experiment), outcomes)
    frames = tables(found, headline)
    arguments.tables = frames
    arguments.answer = {
        name: records(frame) for name, frame in frames.items() if name != "outcomes"
    }
    if "failures" in frames:
        for failure in found.runs.failures[:10]:
            paragraph(f"Failed: {failure}")
        print()
    if "settling" in frames:
        names = frames["settling"]["variant"].nunique()
        paragraph(
            f"In {names} of {len(found.design.variants)} variants a queue had not settled: see "
            "settling.csv before any number."
        )
        print()
    if "ranking" in frames:
        for sentence in sentences(frames["ranking"]):
            paragraph(sentence)
        print()
        for grid in ranking_grids(frames["ranking"]):
            show(grid)
    if "shares" in frames:
        for grid in shares_grid(frames["shares"]):
            show(grid)
    _show_doubt(frames)
    paragraph(statement(len(outcomes.replications)))


def _show_doubt(frames: Mapping[str, pd.DataFrame]) -> None:
    """What inputs do to the answer, where they were drawn often enough."""
    from sim.cli.printing import paragraph, show
    from sim.report.tables.doubt import doubt_grids, measure_next, variance_grids

    if "variances" in frames:
        for grid in variance_grids(frames["variances"]):
            show(grid)
    if "doubt" not in frames:
        return
    for grid in doubt_grids(frames["doubt"]):
        show(grid)
    for text in (*frames["boxes"]["box"], *measure_next(frames["doubt"])):
        paragraph(str(text))
    print()


def _write(arguments: argparse.Namespace, found: Conducted, lab: Lab, seconds: float) -> None:
    from sim.cli.printing import list_written
    from sim.experiment.findings.about import about
    from sim.experiment.store import complete_set, write_frame, write_text

    said = about(found, arguments.command_line, lab.engine, seconds)
    with complete_set(arguments.out, said) as (new, written):
        for name, frame in arguments.tables.items():
            written += write_frame(frame, new, name)
        written.append(write_text(_page(arguments, found, lab, said), new / "report.html"))
    list_written(written, arguments.out)


def _page(
    arguments: argparse.Namespace, found: Conducted, lab: Lab, record: Mapping[str, object]
) -> str:
    """The page to open."""
    from sim.experiment.designs import Variant
    from sim.experiment.periods import period
    from sim.report.page.experiment import page
    from sim.report.page.render import html
    from sim.report.tables.experiment import headline_of

    model = lab.loaded(Variant("baseline")).model
    made = page(
        found.experiment.title,
        found.experiment.question,
        arguments.tables,
        headline_of(_named(lab, found.experiment), found.runs.outcomes),
        period("run", model.run.duration / 1440.0),
        record,
        baseline=model.title,
        replications=len(found.runs.outcomes.replications),
        not_for=(model.not_for,) if model.not_for else (),
    )
    return html(made)
