"""Tell what happens to one named person in one world or two, and how it goes over replications."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import arguments as shared
from sim.cli.assignments import add_assignments

if TYPE_CHECKING:
    from sim.experiment.results import Results
    from sim.report.story.draws import Draw, Story
    from sim.scenario import Loaded

HELP = "tell what happens to one named person in one world or two"

EXAMPLES = """\
examples:
  urgentflow story scenarios/sussex/after.yaml --against scenarios/sussex/before.yaml
  urgentflow story after.yaml --against before.yaml --case mrs_b --replication 3
"""

JOURNEYS = 200

#: days that are left for a journey at the end of the run, if the run is long enough
DAYS_LEFT = 28

WRITTEN = "the story, its picture and every replication as a table"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("scenario", metavar="SCENARIO", help="a scenario, or an option on BASELINE")
    parser.add_argument("--against", metavar="BASELINE", help="the world to compare it with")
    parser.add_argument("--case", metavar="NAME", help="which of the scenario's cases")
    parser.add_argument(
        "--replication",
        type=shared.count,
        metavar="K",
        help="the replication to tell in full (default: the most typical journey of all)",
    )
    parser.add_argument(
        "--journeys",
        type=shared.count,
        metavar="N",
        default=JOURNEYS,
        help="how often the person is followed at least, in copies of them on different days and "
        "in as many replications as that takes (default: %(default)s)",
    )
    shared.add_run_arguments(parser)
    add_assignments(parser)
    parser.add_argument(
        "--out", type=shared.named_folder, metavar="FOLDER", help=f"write {WRITTEN} there"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run every replication in each world, tell one and count them all."""
    from sim.cli.printing import header, list_written, records, show
    from sim.report.story import ladder, telling

    began = time.perf_counter()
    shared.claim_folder(arguments)
    arms = _arms(arguments, {})
    case = _case(arms, arguments.case)
    copies, arguments.replications = _journeys(arguments, arms, case)
    if copies:
        arms = _arms(arguments, copies)
    replications = shared.replications(arguments, arms[0][1])
    _check_replication(arguments.replication, replications)
    header(arms[0][1], replications)
    print(flush=True)
    results = _run(arguments, arms)
    told = next(item for item in _stories(results) if item.case.name == case)
    arguments.answer = {"case": case, "journeys": records(telling.frame(told))}
    show(ladder.distribution(told))
    print(ladder.chains(told))
    print(telling.tell(told, _draw(arguments)))
    if arguments.out is not None:
        list_written(_write(told, results, arguments, began), arguments.out)
    return 0


def _draw(arguments: argparse.Namespace) -> Draw | None:
    """The draw that is asked for, if one is: the first copy of a replication."""
    from sim.report.story.draws import Draw

    return None if arguments.replication is None else Draw(arguments.replication)


def _journeys(
    arguments: argparse.Namespace, arms: list[tuple[str, Loaded]], case: str
) -> tuple[dict[str, object], int]:
    """What it takes to follow the case so often: values of the case to replace, replications.

    Copies come first, one a day at most and no more than leave the run as it is; what these and
    the replications asked for do not come to, further replications do.
    """
    from datetime import timedelta

    from sim.scenario.analysis.crowding import room_for_copies
    from sim.scenario.language.onsets import days_for_copies, end_of

    replications = shared.replications(arguments, arms[0][1])
    model = arms[0][1].model
    mine = model.cases[case]
    wanted = -(-arguments.journeys // replications)
    days, until = days_for_copies(mine, model.run), None
    if mine.until is None and days - DAYS_LEFT >= wanted:
        until = (end_of(model.run) - timedelta(days=DAYS_LEFT)).date()
    room = min([days, *(room_for_copies(loaded.model) for _, loaded in arms)])
    copies = max(mine.copies, min(wanted, room))
    if arguments.replications is None:
        replications = max(replications, -(-arguments.journeys // copies))
    changed: dict[str, object] = {}
    if copies != mine.copies:
        changed[f"cases.{case}.copies"] = copies
        if until is not None and copies > 1:
            changed[f"cases.{case}.until"] = until.isoformat()
    return changed, replications


def _arms(arguments: argparse.Namespace, more: dict[str, object]) -> list[tuple[str, Loaded]]:
    """Load the baseline first, if there is one, then the scenario."""
    from sim.experiment.arm_loading import check_pairable, load_arms

    overrides = {**shared.overrides(arguments), **more}
    if arguments.against is None:
        return load_arms(arguments.scenario, [], overrides)
    arms = load_arms(arguments.against, [arguments.scenario], overrides)
    check_pairable(arms)
    return arms


def _check_replication(told: int | None, replications: int) -> None:
    """Refuse a replication that will not be run: its story is set beside all of them."""
    from sim.cli.errors import UsageError

    if told is not None and told > replications:
        raise UsageError(
            f"--replication {told}: only {replications} are run; "
            f"--replications {told} runs as many as that"
        )


def _case(arms: list[tuple[str, Loaded]], wanted: str | None) -> str:
    """Name of the case to tell: the one asked for, or the only one."""
    from sim.cli.errors import UsageError, unknown_name
    from sim.scenario.problems import listed

    known = [name for name in arms[-1][1].model.cases if _in_all(name, arms)]
    if wanted is not None:
        if wanted not in known:
            raise unknown_name("case", wanted, known)
        return wanted
    if not known:
        raise UsageError("there is nobody to tell of: no `cases` in the days run, or not in both")
    if len(known) > 1:
        raise UsageError(f"--case NAME is needed; cases: {listed(known)}")
    return known[0]


def _in_all(case: str, arms: list[tuple[str, Loaded]]) -> bool:
    return all(case in loaded.model.cases for _, loaded in arms)


def _run(arguments: argparse.Namespace, arms: list[tuple[str, Loaded]]) -> list[Results]:
    from sim.cli.progress import shown
    from sim.experiment.experiment import run_all
    from sim.report.digest import digest

    total = len(arms) * shared.replications(arguments, arms[0][1])
    with shown(total) as (show, _):
        return run_all(arms, shared.settings(arguments, (), digest=digest, on_progress=show))


def _stories(results: list[Results]) -> tuple[Story, ...]:
    from sim.report.page.arms import stories

    return stories(results)


def _write(
    told: Story, results: list[Results], arguments: argparse.Namespace, began: float
) -> list[Path]:
    from sim.experiment.store import complete_set, manifest, write_frame, write_text
    from sim.report.page.folder import write_case
    from sim.report.story import ladder, telling
    from sim.report.tables.grids import to_text

    folder: Path = arguments.out
    name = f"case-{told.case.name}"
    about = manifest(results, arguments.command_line, time.perf_counter() - began)
    with complete_set(folder, about) as (new, written):
        written += write_frame(telling.frame(told), new, name)
        draw = _draw(arguments)
        parts = (to_text(ladder.distribution(told)), ladder.chains(told), telling.tell(told, draw))
        text = "\n".join(parts)
        written.append(write_text(text, new / f"{name}.txt"))
        picture = new / f"{name}.png"
        if write_case(told, picture, draw):
            written.append(picture)
    return written
