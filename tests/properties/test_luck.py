"""Luck depends on nothing but the seed and who and what it is for."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from hypothesis import given

from sim.engine import run
from sim.experiment.workers import Tell, spread
from sim.plan.compile import compile_plan
from sim.scenario import load
from tests.generator import Invented, scenario, scenarios
from tests.generator.running import loaded_and_run
from tests.properties.comparing import differences, named, quickly

ROOT = Path(__file__).resolve().parents[2]


@quickly
@given(scenarios())
def test_a_replication_is_the_same_alone_and_in_a_batch(invented: Invented) -> None:
    with tempfile.TemporaryDirectory() as folder:
        model = load(invented.write(Path(folder))).model
    plan = compile_plan(model)
    batch = [named(plan, run(plan, model.run.seed, number)) for number in (1, 2, 3)]
    again = compile_plan(model)
    alone = named(again, run(again, model.run.seed, 2))
    assert differences(batch[1], alone) == []


def test_replications_and_seeds_differ() -> None:
    with tempfile.TemporaryDirectory() as folder:
        model, plan, logs = loaded_and_run(scenario(3), Path(folder))
    first = named(plan, logs)
    assert differences(first, named(plan, run(plan, model.run.seed, 2))) != []
    assert differences(first, named(plan, run(plan, model.run.seed + 1, 1))) != []


def test_neither_hash_order_nor_locale_nor_time_zone_changes_a_bit() -> None:
    usual = _digest_elsewhere(PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C")
    other = _digest_elsewhere(PYTHONHASHSEED="4321", TZ="Pacific/Auckland", LC_ALL="C.UTF-8")
    assert usual == other


def _digest_elsewhere(**environment: str) -> str:
    """Digest of some runs in another process with another environment."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.properties.test_luck"],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_worker_processes_make_the_same_bytes() -> None:
    numbers = list(range(6))
    here, elsewhere = {}, {}
    spread(_digest, (), [(n,) for n in numbers], here.__setitem__, workers=1)
    spread(_digest, (), [(n,) for n in numbers], elsewhere.__setitem__, workers=2, patience=0.0)
    assert here == elsewhere
    assert len(set(here.values())) == len(numbers)


def _digest(_: object, numbers: Iterable[int], tell: Tell | None = None) -> str:
    """Digest of the logs of invented scenarios, wherever it is called."""
    digest = hashlib.sha256()
    with tempfile.TemporaryDirectory() as folder:
        for number in numbers:
            _, plan, logs = loaded_and_run(scenario(number), Path(folder))
            for name, column in sorted(named(plan, logs).items()):
                digest.update(name.encode())
                digest.update(column.tobytes())
    return digest.hexdigest()


if __name__ == "__main__":
    print(_digest((), range(8)))
