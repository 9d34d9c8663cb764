"""Scenarios of one's own to start from: copies of what comes with the program, in a new folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.experiment.shipped import places, scenarios

#: the small scenario with a comment on every part
QUICKSTART = "quickstart"

#: what a place stands on, beside its own folder
FOUNDATIONS = ("base", "evidence.csv")


def beginnings() -> tuple[str, ...]:
    """What one can start from."""
    return (QUICKSTART, *places())


def start_from(beginning: str, folder: Path) -> Path:
    """Copy a beginning to a new folder, whole or not at all.

    Parameters
    ----------
    beginning
        One of `beginnings`.
    folder
        Where; it must not exist, or be empty.

    Returns
    -------
    Path
        The scenario to look at first.

    Raises
    ------
    FileExistsError
        If there is something already.
    """
    with new_folder(folder) as whole:
        first = _copied(beginning, whole)
    return folder / first


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give a path where nothing is yet; what is made there becomes the folder, or nothing does.

    Raises
    ------
    FileExistsError
        If there is something already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError("it is there already, and not empty")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as aside:
        whole = Path(aside) / "new"
        yield whole
        if folder.is_dir():
            folder.rmdir()
        os.replace(whole, folder)


def _copied(beginning: str, folder: Path) -> Path:
    """Copy to a folder that is not there yet; returns the first scenario, from there."""
    if beginning == QUICKSTART:
        shutil.copytree(scenarios() / "template", folder)
        return Path("scenario.yaml")
    folder.mkdir()
    for name in (beginning, *FOUNDATIONS):
        source = scenarios() / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copyfile(source, folder / name)
    (folder / "README.md").write_text(_about(beginning), encoding="utf-8", newline="\n")
    return Path(beginning, "before.yaml")


def _about(place: str) -> str:
    return f"""\
# {place.capitalize()}, to make one's own

Written by `urgentflow init`. In this folder:

- `{place}/before.yaml`: the place as it is, what differs from the whole system in `base/`;
- `{place}/after.yaml` and `{place}/options/`: what could be changed, a file each;
- `base/`: people, crises, front door, hospital and community, which places stand on;
- `evidence.csv`: the sources that numbers name.

```bash
urgentflow check {place}/before.yaml
urgentflow compare {place}/before.yaml {place}/after.yaml --out results
```

Copy `{place}/before.yaml` to a file of your own, change in it what is different where you are, and
say in its `sources` how you know.
"""
