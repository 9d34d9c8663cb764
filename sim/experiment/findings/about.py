"""What an experiment's folder says of itself: everything needed to have it again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.store import versions
from sim.experiment.tasks.world import code_hash

if TYPE_CHECKING:
    from sim.experiment.conduct import Conducted


def about(
    conducted: Conducted, command: Sequence[str], engine: str, seconds: float
) -> dict[str, Any]:
    """The manifest of an experiment.

    Parameters
    ----------
    conducted
        The experiment and what came of it.
    command
        The command line as typed.
    engine
        Which engine ran it.
    seconds
        Wall-clock time of the run, what was kept from before not counted.
    """
    experiment, runs = conducted.experiment, conducted.runs
    file = Path(experiment.file)
    content = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
    return {
        **versions(),
        "what": "experiment",
        "title": experiment.title,
        "file": {"name": file.as_posix(), "sha256": content} if content else None,
        "command": list(command),
        "engine": engine,
        "seed": runs.seed,
        "replications": list(runs.replications),
        "variants": len(runs.variants),
        "failures": len(runs.failures),
        "code": code_hash(),
        "run_time_seconds": round(seconds, 3),
    }
