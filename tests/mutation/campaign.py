"""Trying slips: each is put into a copy of the project, and the tests near it are run."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.mutation.slips import Slip, slips

ROOT = Path(__file__).resolve().parents[2]

#: what a slip can come to: a test fails, the tests hang, or nobody notices
Fate = Literal["killed", "hangs", "survives"]

DEFINED = "tests/measure/test_definitions.py"

#: where slips are made, and the tests that should notice them; the first that fits holds
NEAR: Sequence[tuple[str, tuple[str, ...]]] = (
    ("sim/plan/schedules.py", ("tests/plan/test_schedules.py",)),
    ("sim/plan/population.py", ("tests/plan/test_population.py",)),
    ("sim/plan/people.py", ("tests/plan/test_population.py",)),
    ("sim/plan/demand.py", ("tests/plan/test_demand.py",)),
    ("sim/plan/profiles.py", ("tests/plan/test_compile.py", "tests/plan/test_demand.py")),
    ("sim/plan/steps.py", ("tests/plan/test_steps.py",)),
    ("sim/plan/compile.py", ("tests/plan/test_compile.py",)),
    ("sim/plan/crises.py", ("tests/plan/test_compile.py",)),
    ("sim/plan/flatten.py", ("tests/plan/test_compile.py", "tests/plan/test_steps.py")),
    ("sim/plan/names.py", ("tests/plan/test_compile.py", "tests/plan/test_steps.py")),
    ("sim/plan/", ("tests/plan",)),
    ("sim/measure/beds.py", ("tests/measure/test_stays.py", DEFINED)),
    ("sim/measure/contacts.py", ("tests/measure/test_contacts.py", DEFINED)),
    ("sim/measure/emergency.py", ("tests/measure/test_emergency.py", DEFINED)),
    ("sim/measure/pools.py", ("tests/measure/test_pools.py", DEFINED)),
    ("sim/measure/scenario_measures.py", ("tests/measure/test_scenario_measures.py", DEFINED)),
    (
        "sim/measure/stays.py",
        ("tests/measure/test_stays.py", "tests/measure/test_contacts.py", DEFINED),
    ),
    ("sim/measure/waits.py", ("tests/measure/test_waits.py", DEFINED)),
    ("sim/measure/", ("tests/measure",)),
    ("sim/engine/", ("tests/engine/test_order.py", "tests/engine/test_equality.py")),
)

#: what decides nothing that a run says
LEFT_OUT = ("sim/plan/jit.py", "sim/plan/checked.py", "sim/measure/directions.py")


@dataclass(frozen=True, slots=True)
class Trial:
    """A slip and what came of it."""

    slip: Slip
    fate: Fate


def all_slips(only: Sequence[str], root: Path = ROOT) -> list[Slip]:
    """Every slip in the files whose paths begin with one of `only`."""
    found: list[Slip] = []
    for path in sorted((root / "sim").rglob("*.py")):
        file = path.relative_to(root).as_posix()
        if file.startswith(tuple(only)) and file not in LEFT_OUT and near(file):
            found += slips(file, path.read_bytes())
    return found


def near(file: str) -> tuple[str, ...]:
    """The tests near a file."""
    return next((tests for start, tests in NEAR if file.startswith(start)), ())


def chosen(every: Sequence[Slip], seed: int, count: int) -> list[Slip]:
    """The first `count` of all slips in an order by the seed: more only adds to them."""
    order = list(every)
    random.Random(seed).shuffle(order)
    return order[:count]


def campaign(some: Sequence[Slip], minutes: float, tell: Callable[[Trial], None]) -> None:
    """Try slips one after another, each for so many minutes at most."""
    with copied(ROOT) as root:
        for slip in some:
            path = root / slip.file
            source = path.read_bytes()
            path.write_bytes(slip.put_into(source))
            try:
                tell(Trial(slip, fate(root, near(slip.file), minutes)))
            finally:
                path.write_bytes(source)


@contextmanager
def copied(root: Path) -> Iterator[Path]:
    """A copy of what the tests need, which is removed in the end."""
    with tempfile.TemporaryDirectory(prefix="slips-") as folder:
        for name in ("sim", "tests", "scenarios", "docs"):
            if (root / name).exists():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(root / name, Path(folder) / name, ignore=ignored)
        shutil.copy(root / "pyproject.toml", folder)
        yield Path(folder)


def fate(root: Path, tests: Sequence[str], minutes: float) -> Fate:
    """Run tests in a folder until the first fails."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    # a folder of machine code of its own, which goes with the copy
    environment = {**os.environ, "XDG_CACHE_HOME": str(root / "cache"), "PYTHONPATH": str(root)}
    running = subprocess.Popen(
        command,
        cwd=root,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return "killed" if running.wait(60 * minutes) else "survives"
    except subprocess.TimeoutExpired:
        return "hangs"
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
