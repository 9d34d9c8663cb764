"""How scenarios are run: one set of words for Python and the command line, checked once."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from sim.engine import EngineName
from sim.experiment.executor import Executor
from sim.experiment.job import Digest, Progress

if TYPE_CHECKING:
    from typing import Self

#: most replications, and the highest number of one
MOST_REPLICATIONS = 100_000


@dataclass(frozen=True)
class Settings:
    """How scenarios are run; None takes what the (baseline) scenario says.

    Parameters
    ----------
    replications
        How many, from 1 on.
    seed
        Seed of every random number, 0 or more.
    engine
        ``compiled`` or ``simpy``; never changes a result.
    by
        Attributes to break the measures down by.
    workers
        Most processes at work; by default one per processor. Never changes a result.
    digest
        What to keep of every replication besides its measures.
    on_progress
        Called after every replication, and a few times a second within them (`latest` is then
        None).
    only
        Numbers of the replications to run, instead of 1 to `replications`.
    executor
        Runs the replications instead of `workers` of this machine; only one of these can be given.
    store
        Folder that replications are kept in as they are done, and taken from if they are there.

    Raises
    ------
    TypeError, ValueError
        If one of them is not what it should be.
    """

    replications: int | None = None
    seed: int | None = None
    engine: EngineName = "compiled"
    by: tuple[str, ...] = ()
    workers: int | None = None
    digest: Digest | None = None
    on_progress: Callable[[Progress], None] | None = None
    only: tuple[int, ...] | None = None
    executor: Executor | None = None
    store: Path | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be meant; nothing given is ignored."""
        most = {"replications": MOST_REPLICATIONS, "workers": 1_000}
        for name, high in most.items():
            if getattr(self, name) is not None:
                whole(name, getattr(self, name), 1, high)
        if self.seed is not None:
            whole("seed", self.seed, 0, 2**63 - 1)
        check_engine(self.engine)
        if isinstance(self.by, str) or not all(isinstance(name, str) for name in self.by):
            raise TypeError(f"by is a list of names of attributes, not {self.by!r}")
        for number in self.only or ():
            whole("only", number, 1, MOST_REPLICATIONS)
        if self.only is not None and (not self.only or len(set(self.only)) < len(self.only)):
            raise ValueError(f"only is a list of different numbers, not {self.only!r}")
        if self.executor is not None and self.workers is not None:
            raise ValueError("workers are of this machine; an executor has its own")
        if self.store is not None and not isinstance(self.store, Path):
            raise TypeError(f"store is a folder (a Path), not {self.store!r}")
        for name in ("digest", "on_progress", "executor"):
            if getattr(self, name) is not None and not callable(getattr(self, name)):
                raise TypeError(f"{name} is a function, not {getattr(self, name)!r}")

    @classmethod
    def of(cls, **said: Any) -> Self:
        """Settings from words as a user says them: `by` may be one name or any list, `store` text.

        Raises
        ------
        TypeError
            If there is no such word.
        """
        for name in said:
            if name not in cls.__dataclass_fields__:
                raise unknown_word(name, cls.__dataclass_fields__)
        if "by" in said:
            by = said["by"]
            said["by"] = (by,) if isinstance(by, str) else tuple(by or ())
        if isinstance(said.get("store"), str | PathLike):
            said["store"] = Path(said["store"])
        return cls(**said)


def check_engine(name: object) -> None:
    """Refuse an engine there is not.

    Raises
    ------
    ValueError
        If there is no engine of that name.
    """
    engines = get_args(EngineName)
    if name not in engines:
        allowed = " or ".join(f"`{engine}`" for engine in engines)
        raise ValueError(f"there is no engine {name!r}: {allowed}")


def whole(name: str, value: object, low: int, high: int) -> int:
    """A whole number within limits.

    Raises
    ------
    TypeError, ValueError
        If it is none, or beyond them.
    """
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"{name} is a whole number, not {value!r}") from None
    if isinstance(value, bool):
        raise TypeError(f"{name} is a whole number, not {value!r}")
    if not low <= number <= high:
        raise ValueError(f"{name} is from {low:,} to {high:,}, not {number:,}")
    return number


def unknown_word(name: str, known: Any) -> TypeError:
    """The error for a word that nothing here understands."""
    from sim.scenario.problems import listed, nearest_name

    near = nearest_name(name, known)
    meant = f"; did you mean `{near}`?" if near else ""
    return TypeError(f"there is no setting `{name}`{meant} (there is: {listed(known, most=30)})")
