"""A reference: numbers to six significant digits, and everything that happened, in files."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment.regression import kept_happenings
from sim.experiment.regression.cases import Case
from sim.experiment.regression.first_difference import FirstDifference, first_difference
from sim.experiment.regression.kept_happenings import Recorded
from sim.experiment.store import NotOursError, replacing
from sim.measure.context import bare_context
from sim.measure.happenings import Happenings, happenings

if TYPE_CHECKING:
    from sim.engine.logs import Logs
    from sim.plan.plan import Plan
    from sim.scenario import Loaded
    from sim.scenario.language.model import Scenario

#: significant digits of numbers in references
DIGITS = 6

#: of a measured number: the measure, what it is of, and the replication
Key = tuple[str, str, int]

COLUMNS = ("measure", "of", "replication", "value")


@dataclass(frozen=True)
class Reference:
    """What a case gave: its numbers, and everything that happened in its first replication."""

    numbers: Mapping[Key, float]
    recorded: Recorded


@dataclass(frozen=True)
class Rerun:
    """What a case gives now, and where the two engines part (which they must not)."""

    reference: Reference
    engines: FirstDifference | None


def rerun(case: Case, loaded: Loaded) -> Rerun:
    """Run a case on both engines.

    Raises
    ------
    ScenarioError
        If the scenario cannot be run.
    """
    from sim.experiment.experiment import run_all
    from sim.experiment.settings import Settings

    chosen = Settings(replications=case.replications, digest=everything)
    (results,) = run_all([(case.name, loaded)], chosen)
    parting = None
    for number, events in zip(results.replications, results.digests, strict=True):
        other = kept_happenings.record(loaded, None, number, "simpy")
        parting = parting or first_difference(events, other.events)
    columns = ("measure", "of", "by", "replication", "value")
    rows = zip(*(results.measures[name].tolist() for name in columns), strict=True)
    numbers = {(name, of, at): value for name, of, by, at, value in rows if not by}
    start = loaded.model.run.start
    recorded = Recorded(loaded.model.title, start, results.digests[0])
    return Rerun(Reference(numbers, recorded), parting)


def everything(plan: Plan, model: Scenario, logs: Logs) -> Happenings:
    """What to keep of a replication."""
    return happenings(bare_context(plan), logs)


def rounded(value: float) -> str:
    """A number to six significant digits; empty if it has no value."""
    return "" if value != value else f"{value:.{DIGITS}g}"


def write(reference: Reference, folder: Path, name: str) -> list[Path]:
    """Write the files of a reference, each whole or not at all."""
    numbers, events = _files(folder, name)
    with replacing(numbers) as path, path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([*key, rounded(value)] for key, value in reference.numbers.items())
    return [numbers, kept_happenings.write(reference.recorded, events)]


def read(folder: Path, name: str) -> Reference | None:
    """The reference of a case; None if there is none yet.

    Raises
    ------
    NotOursError
        If a file of it is not what was written.
    """
    numbers, events = _files(folder, name)
    if not numbers.exists() or not events.exists():
        return None
    with numbers.open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file)) or [[]]
    try:
        if tuple(head) != COLUMNS:
            raise ValueError
        found = {
            (measure, of, int(number)): float(value or "nan") for measure, of, number, value in rows
        }
    except ValueError:
        raise NotOursError(f"{numbers} is no reference that `regress --accept` wrote") from None
    return Reference(found, kept_happenings.read(events))


def _files(folder: Path, name: str) -> tuple[Path, Path]:
    return folder / f"{name}.csv", folder / f"{name}{kept_happenings.SUFFIX}"
