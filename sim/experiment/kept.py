"""What is on disk of earlier runs: folders with a manifest, and stores of tasks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.store import MANIFEST
from sim.experiment.tasks.store import ABOUT, FolderStore

if TYPE_CHECKING:
    import pandas as pd

#: tables with numbers, and what tells their rows apart
TABLES: Mapping[str, tuple[str, ...]] = {
    "summary": ("measure", "of", "by", "level"),
    "differences": ("alternative", "policy", "measure", "of", "by", "level"),
    "outcomes": ("variant", "replication", "measure", "of"),
}

#: numbers that are compared
NUMBERS = ("mean", "value", "difference")


@dataclass(frozen=True)
class Folder:
    """A folder of results; `about` is its manifest."""

    path: Path
    about: Mapping[str, Any] = field(repr=False)

    @property
    def what(self) -> str:
        """What it is of: a run, a comparison, an experiment."""
        if "what" in self.about:
            return str(self.about["what"])
        return "comparison" if len(self.about.get("scenarios", ())) > 1 else "run"

    @property
    def title(self) -> str:
        """What it is called."""
        scenarios = self.about.get("scenarios") or [{}]
        return str(self.about.get("title") or scenarios[0].get("title", ""))

    @property
    def words(self) -> str:
        """How it came about, in a line."""
        many = len(self.about.get("replications", ()))
        of = self.about.get("variants") or len(self.about.get("scenarios", ()))
        return (
            f"{of} {'variant' if of == 1 else 'variants'}, {many} "
            f"{'replication' if many == 1 else 'replications'}, seed {self.about.get('seed')}, "
            f"urgentflow {self.about.get('urgentflow')}"
        )

    @property
    def files(self) -> tuple[str, ...]:
        """Names of its files."""
        return tuple(str(name) for name in self.about.get("written", ()))

    def table(self, name: str) -> pd.DataFrame | None:
        """One of its tables, if it has it."""
        import pandas as pd

        path = self.path / f"{name}.parquet"
        return pd.read_parquet(path) if path.exists() else None


@dataclass(frozen=True)
class Store:
    """A store of tasks: how many, how many of other versions, how large."""

    path: Path
    tasks: int
    others: int
    bytes: int

    @property
    def size(self) -> str:
        """How large, in words."""
        return f"{self.bytes / 2**20:,.1f} MB"


def read_folder(path: Path) -> Folder | None:
    """A folder of results, or None if it has no manifest of ours."""
    try:
        about = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return Folder(path, about) if isinstance(about, dict) and "urgentflow" in about else None


def folders(place: Path) -> Iterator[Folder]:
    """Folders of results in a folder, itself included, by name."""
    for path in [place, *sorted(each for each in place.iterdir() if each.is_dir())]:
        found = read_folder(path)
        if found is not None:
            yield found


def stores(place: Path) -> Iterator[Store]:
    """Stores of tasks in a folder, itself included, by name."""
    for path in [place, *sorted(each for each in place.iterdir() if each.is_dir())]:
        if (path / ABOUT).exists():
            store = FolderStore(path)
            codes = store.codes()
            tasks = sum(map(len, codes.values()))
            own = len(codes.get(store.code, ()))
            size = sum(file.stat().st_size for files in codes.values() for file in files)
            yield Store(path, tasks, tasks - own, size)


def differences(one: Folder, other: Folder) -> pd.DataFrame | None:
    """Every number in which tables that both have differ; None if they have none in common.

    Columns `table`, `what` (which row and column), `was`, `is`; NaN for what one does not have.
    """
    import pandas as pd

    frames = []
    for name, keys in TABLES.items():
        tables = [folder.table(name) for folder in (one, other)]
        if any(table is None for table in tables):
            continue
        columns = [_numbers(table, keys) for table in tables if table is not None]
        both = pd.concat(columns, axis=1, keys=["was", "is"])
        changed = both[(both["was"] != both["is"]) & ~both.isna().all(axis=1)]
        rows = changed.reset_index(names="what")
        frames.append(rows.assign(table=name)[["table", "what", "was", "is"]])
    return pd.concat(frames, ignore_index=True) if frames else None


def _numbers(table: pd.DataFrame, keys: tuple[str, ...]) -> pd.Series[float]:
    """The numbers of a table in one column, by what they are."""
    import pandas as pd

    there = [name for name in keys if name in table]
    rows = table[there].astype(str).itertuples(index=False)
    words = [", ".join(filter(None, row)) for row in rows]
    columns = [
        pd.Series(table[name].to_numpy(float), index=[f"{row}, {name}" for row in words])
        for name in NUMBERS
        if name in table
    ]
    return pd.concat(columns)
