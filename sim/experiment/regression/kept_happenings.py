"""Everything that happened in one replication, in a file: for another version to compare with."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.store import NotOursError, replacing
from sim.measure.happenings import Happenings, happenings
from sim.version import __version__

if TYPE_CHECKING:
    from sim.engine import EngineName
    from sim.scenario import Loaded

#: how a file of happenings ends
SUFFIX = ".events"

#: what is written here; a file of another number is refused
FORMAT = 1


@dataclass(frozen=True)
class Recorded:
    """What happened in one replication of a scenario, and when its time began."""

    title: str
    start: date
    events: Happenings
    version: str = __version__


def record(loaded: Loaded, seed: int | None, replication: int, engine: EngineName) -> Recorded:
    """Run one replication and keep everything that happens in it.

    Raises
    ------
    ScenarioError
        If the scenario cannot be run.
    OversizedError
        If it needs more memory than there is.
    """
    from sim.engine import run
    from sim.experiment.needs import estimated, refuse_oversized
    from sim.measure.context import bare_context
    from sim.plan.compile import compile_plan
    from sim.scenario.check import refuse_unrunnable

    refuse_unrunnable(loaded)
    refuse_oversized(estimated(loaded.model, engine))
    plan, said = compile_plan(loaded.model), loaded.model.run
    logs = run(plan, said.seed if seed is None else seed, replication, engine)
    return Recorded(loaded.model.title, said.start, happenings(bare_context(plan), logs))


def write(recorded: Recorded, path: Path) -> Path:
    """Write a file of happenings, whole or not at all."""
    about = {
        "format": FORMAT,
        "urgentflow": recorded.version,
        "title": recorded.title,
        "start": recorded.start.isoformat(),
        "names": recorded.events.names,
        "attributes": recorded.events.attributes,
    }
    with replacing(path) as temporary, temporary.open("wb") as file:
        text = np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)
        np.savez_compressed(
            file, about=text, time=recorded.events.time, rows=_narrow(recorded.events.rows)
        )
    return path


def read(path: Path) -> Recorded:
    """Read a file of happenings.

    Raises
    ------
    NotOursError
        If it is none, or of another format.
    OSError
        If it cannot be read.
    """
    try:
        with np.load(path, allow_pickle=False) as found:
            about = json.loads(found["about"].tobytes())
            time, rows = found["time"], found["rows"].T.astype(np.int64)
        if about["format"] != FORMAT:
            raise NotOursError(f"{path} has format {about['format']}; this version reads {FORMAT}")
        events = Happenings(time, rows, tuple(about["names"]), tuple(about["attributes"]))
        start = date.fromisoformat(about["start"])
        return Recorded(about["title"], start, events, about["urgentflow"])
    except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        raise NotOursError(f"{path} is no file of events that `bisect --keep` wrote") from None


def _narrow(rows: np.ndarray) -> np.ndarray:
    """Columns one after the other, which compress better than rows."""
    fits = not len(rows) or int(np.abs(rows).max()) < 2**31
    return np.ascontiguousarray(rows.T.astype(np.int32 if fits else np.int64))
