"""Results on disk: tidy CSV and parquet, and a manifest that says how they came about.

Every file is written beside its place and renamed, so nobody ever reads half a file. The manifest
is taken away first and written last: where there is one, the files beside it are complete and
belong together.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results import Results
    from sim.scenario import Loaded

MANIFEST = "manifest.json"

#: seconds after which nobody can still be writing a temporary file
ABANDONED = 24 * 3600.0

#: libraries whose versions may matter to a result
LIBRARIES = ("numpy", "pandas", "simpy", "numba", "scipy", "pydantic", "ruamel.yaml", "pyarrow")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path that becomes `path` when the block ends well, and vanishes if not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _remove_abandoned(path: Path) -> None:
    """Remove what a process left behind that was killed while it wrote the file."""
    for part in path.parent.glob(f".{escape(path.name)}.*.part"):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > ABANDONED:
                part.unlink()


def write_frame(frame: pd.DataFrame, folder: Path, name: str) -> list[Path]:
    """Write a frame as ``name.csv`` and ``name.parquet``; return the two paths.

    Numbers are written with all their digits, so reading them back gives the same numbers.
    """
    csv, parquet = folder / f"{name}.csv", folder / f"{name}.parquet"
    with replacing(csv) as path:
        frame.to_csv(path, index=False, lineterminator="\n")
    with replacing(parquet) as path:
        frame.to_parquet(path, index=False)
    return [csv, parquet]


def write_text(text: str, path: Path) -> Path:
    """Write a text file whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
    return path


@contextmanager
def complete_set(folder: Path, manifest: Mapping[str, Any]) -> Iterator[list[Path]]:
    """Write a set of files that belong together, then their manifest.

    Yields a list to which the paths written are added; the manifest names them. An existing
    manifest is removed first, and what it names at the end, unless it has been written anew.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stale = _named_by_manifest(folder)
    (folder / MANIFEST).unlink(missing_ok=True)
    written: list[Path] = []
    yield written
    for path in stale - set(written):
        path.unlink(missing_ok=True)
    listed = sorted(path.relative_to(folder).as_posix() for path in written)
    text = json.dumps({**manifest, "written": listed}, indent=2, ensure_ascii=False)
    written.append(write_text(text + "\n", folder / MANIFEST))


def _named_by_manifest(folder: Path) -> set[Path]:
    """Files of an earlier set, which would be taken for part of the next one."""
    try:
        names = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["written"]
    except (OSError, ValueError, LookupError, TypeError):
        return set()
    # only files in the folder itself, whoever wrote the manifest; `..` is a name of its own
    plain = [name for name in map(str, names) if Path(name).name == name]
    return {folder / name for name in plain if (folder / name).is_file()}


def scenario_hash(loaded: Loaded) -> str:
    """SHA-256 of the merged scenario: the same for any split into files, order or comments.

    Strata count by what their file says, not by its name.
    """
    tree, strata = loaded.tree, loaded.model.people.strata
    if strata is not None:
        rows = sorted(zip(strata.rows, strata.counts, strict=True))
        counted = {"attributes": strata.attributes, "rows": rows}
        tree = {**tree, "people": {**tree["people"], "strata": counted}}
    canonical = json.dumps(
        tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def manifest(arms: Sequence[Results], command: Sequence[str], seconds: float) -> dict[str, Any]:
    """Say everything needed to get the same results again.

    Parameters
    ----------
    arms
        The baseline and alternatives, or the one scenario run.
    command
        The command line as typed.
    seconds
        Wall-clock time of the run.
    """
    from sim.version import __version__

    first = arms[0]
    return {
        "urgentflow": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES},
        "command": list(command),
        "engine": first.engine,
        "seed": first.seed,
        "replications": list(first.replications),
        "by": list(first.by),
        "run_time_seconds": round(seconds, 3),
        "scenarios": [_scenario(arm) for arm in arms],
    }


def _scenario(arm: Results) -> dict[str, Any]:
    loaded = arm.scenario
    run = loaded.model.run
    return {
        "name": arm.name,
        "title": arm.title,
        "sha256": scenario_hash(loaded),
        "start": run.start.isoformat(),
        "warm_up_days": run.warm_up / 1440,
        "days": run.duration / 1440,
        "options": [
            {
                "title": option.title,
                "rationale": option.rationale,
                "file": _as_posix(option.file),
            }
            for option in loaded.applied
        ],
        "files": {_as_posix(file): sha256 for file, sha256 in loaded.hashes.items()},
    }


def _as_posix(file: str | os.PathLike[str]) -> str:
    """Name a file from where the command ran if it is below, so that manifests can be shared."""
    path = Path(file)
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()
