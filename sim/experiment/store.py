"""Results on disk: tidy CSV and parquet, and a manifest that says how they came about.

Every file is written beside its place and renamed, so nobody ever reads half a file. A set is
written aside and put in the place of the one before; its manifest is taken away first and written
last: where there is one, the files beside it are complete and belong together.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results import Results
    from sim.scenario import Loaded

MANIFEST = "manifest.json"

#: what the files are while a set takes the place of another
UNFINISHED = ".manifest.unfinished"

#: held by the run that is to write into a folder
LOCK = ".urgentflow.lock"

#: how standard output is named as a file
STANDARD_OUTPUT = "-"

_NUMBER = re.compile(r"[-+]?[0-9.]+([eE][-+]?[0-9]+)?")

#: names that every set has
USUAL = re.compile(r"((summary|measures|differences)\.(csv|parquet)|report\.(md|html)|case-.*)\Z")

#: seconds after which nobody can still be writing a temporary file
ABANDONED = 24 * 3600.0

#: libraries whose versions may matter to a result
LIBRARIES = ("numpy", "pandas", "simpy", "numba", "scipy", "pydantic", "ruamel.yaml", "pyarrow")


class NotOursError(Exception):
    """A place for results that is taken, or holds what an earlier run did not write."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path that becomes `path` when the block ends well, and vanishes if not.

    A symbolic link is written through. What is no ordinary file (a device, a named pipe) and `-`,
    standard output, stay what they are: the content is passed on to them.
    """
    if is_stream(path):
        with _passed_on(path) as temporary:
            yield temporary
        return
    target = path.resolve() if path.is_symlink() else path
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(target)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield temporary
        with suppress(FileNotFoundError):
            shutil.copymode(target, temporary)
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def is_stream(path: Path) -> bool:
    """Whether content is passed on to what is there, instead of put in its place."""
    if str(path) == STANDARD_OUTPUT:
        return True
    # a name of something open, such as /dev/stdout, is no place for another file either
    named = path.absolute().as_posix().startswith(("/dev/", "/proc/"))
    return path.exists() and (named or not path.is_file())


@contextmanager
def _passed_on(stream: Path) -> Iterator[Path]:
    """Give a temporary path whose content goes to a stream when the block ends well."""
    with tempfile.TemporaryDirectory() as folder:
        temporary = Path(folder) / "content"
        yield temporary
        with temporary.open("rb") as content:
            if str(stream) == STANDARD_OUTPUT:
                sys.stdout.flush()
                shutil.copyfileobj(content, sys.stdout.buffer)
                sys.stdout.buffer.flush()
            else:
                with stream.open("wb") as end:
                    shutil.copyfileobj(content, end)


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
        safe(frame).to_csv(path, index=False, lineterminator="\n")
    with replacing(parquet) as path:
        frame.to_parquet(path, index=False)
    return [csv, parquet]


def safe(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame for CSV in which no text is a formula to a spreadsheet: a `'` stands before it."""
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    plain = (is_numeric_dtype, is_bool_dtype)
    words = [name for name in frame if not any(test(frame[name]) for test in plain)]
    escaped = {str(name): frame[name].map(_no_formula) for name in words}
    return frame.assign(**escaped).rename(columns=_no_formula)


def _no_formula(cell: object) -> object:
    """Text that begins like a formula, with a quote before it; numbers as they are."""
    risky = isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{cell}" if risky and not _NUMBER.fullmatch(str(cell)) else cell


def write_text(text: str, path: Path) -> Path:
    """Write a text file whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
    return path


@contextmanager
def complete_set(folder: Path, manifest: Mapping[str, Any]) -> Iterator[tuple[Path, list[Path]]]:
    """Write a set of files that belong together, then their manifest: all of them or none.

    Yields a folder to write into and a list to which the paths written are added. When the block
    ends well, they take the place of the set that the folder's manifest names, and the list names
    them there. What no manifest names is never written over, nor taken away.

    Raises
    ------
    NotOursError
        If a file would be written over that is not of an earlier set; the new set then stays in
        the folder that was yielded.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=".results.", suffix=".part", dir=folder))
    try:
        written: list[Path] = []
        yield stage, written
        _swap(stage, written, folder, manifest)
    except NotOursError:
        raise
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        raise


def _swap(stage: Path, written: list[Path], folder: Path, manifest: Mapping[str, Any]) -> None:
    """Put a new set in the place of the old one."""
    old = names_of_set(folder)
    new = sorted(path.relative_to(stage).as_posix() for path in written)
    taken = [name for name in new if name not in old and os.path.lexists(folder / name)]
    if taken:
        stage.chmod(0o755)
        kept = f"the results are in {stage}"
        raise NotOursError(f"{folder}: `{taken[0]}` there is not of an earlier run; {kept}")
    known = json.dumps({"written": sorted({*old, *new})})
    write_text(known, folder / UNFINISHED)
    (folder / MANIFEST).unlink(missing_ok=True)
    for name in new:
        os.replace(stage / name, folder / name)
    for name in old - set(new):
        (folder / name).unlink(missing_ok=True)
    text = json.dumps({**manifest, "written": new}, indent=2, ensure_ascii=False)
    written[:] = [*(folder / name for name in new), write_text(text + "\n", folder / MANIFEST)]
    (folder / UNFINISHED).unlink()
    shutil.rmtree(stage, ignore_errors=True)


def names_of_set(folder: Path) -> set[str]:
    """Names of the files in a folder that an earlier run wrote there.

    Raises
    ------
    NotOursError
        If there is a manifest that no run has written.
    """
    found: set[str] = set()
    for file in (folder / MANIFEST, folder / UNFINISHED):
        if not os.path.lexists(file):
            continue
        try:
            said = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            said = None
        names = said.get("written") if isinstance(said, dict) else None
        if not isinstance(names, list) or not all(map(_plain_name, names)):
            raise NotOursError(f"{file} is not of an earlier run; name another folder")
        found |= {name for name in names if (folder / name).is_file()}
    return found


def _plain_name(name: object) -> bool:
    """Whether this is the name of a file in the folder itself."""
    return isinstance(name, str) and bool(name) and Path(name).name == name != MANIFEST


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Keep a folder for the results of one run, from before it until they are written.

    Raises
    ------
    NotOursError
        If another run is to write there, if the manifest is none of ours, or if there is
        something that results would be written over and that no manifest names.
    OSError
        If nothing can be written there.
    """
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder / LOCK, folder):
            ours = names_of_set(folder)
            for path in sorted(folder.iterdir()):
                if USUAL.match(path.name) and path.name not in ours:
                    raise NotOursError(
                        f"{folder}: `{path.name}` there is not of an earlier run and would be "
                        "written over; move it away, or name another folder"
                    )
            yield
    finally:
        for place in made:
            with suppress(OSError):
                place.rmdir()  # only what has stayed empty


@contextmanager
def locked(file: Path, folder: Path) -> Iterator[None]:
    """Hold the lock of a folder, which goes with the process that has it.

    Raises
    ------
    NotOursError
        If another process has it.
    """
    with file.open("a+", encoding="utf-8") as held:
        try:
            _lock(held)
            mine = os.path.samestat(os.fstat(held.fileno()), file.stat())
        except OSError:
            mine = False
        if not mine:
            raise NotOursError(f"{folder}: another run is about to write its results there")
        try:
            yield
        finally:
            with suppress(OSError):
                file.unlink()


def _lock(held: IO[str]) -> None:
    """Take the lock of an open file, or raise an OSError."""
    if sys.platform == "win32":
        import msvcrt

        held.seek(0)
        msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(held.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


def scenario_hash(loaded: Loaded) -> str:
    """SHA-256 of the merged scenario: the same for any split into files, order or comments."""
    return tree_hash(content(loaded))


def content(loaded: Loaded) -> dict[str, Any]:
    """The merged scenario as plain data; strata count by what their file says, not by its name."""
    tree, strata = loaded.tree, loaded.model.people.strata
    if strata is not None:
        rows = sorted(zip(strata.rows, strata.counts, strict=True))
        counted = {"attributes": strata.attributes, "rows": rows}
        return {**tree, "people": {**tree["people"], "strata": counted}}
    return tree


def tree_hash(tree: Mapping[str, Any]) -> str:
    """SHA-256 of plain data, whatever the order of its names."""
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
    first = arms[0]
    return {
        **versions(),
        "command": list(command),
        "engine": first.engine,
        "seed": first.seed,
        "replications": list(first.replications),
        "by": list(first.by),
        "run_time_seconds": round(seconds, 3),
        "scenarios": [_scenario(arm) for arm in arms],
    }


def versions() -> dict[str, Any]:
    """What a result may depend on besides what was asked for."""
    from sim.version import __version__

    return {
        "urgentflow": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES},
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
