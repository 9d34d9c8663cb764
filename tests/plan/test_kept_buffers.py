"""Large pieces of memory are used again, but never while somebody still looks at them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.engine import run
from sim.plan import kept_buffers
from sim.plan.compile import compile_plan
from sim.plan.kept_buffers import piece
from sim.scenario import load

SCENARIOS = Path(__file__).parents[2] / "scenarios"

FLOAT = np.dtype(np.float64)


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(kept_buffers, "_kept", {})


def address(array):
    return array.ctypes.data


def test_a_piece_nobody_refers_to_is_used_again():
    first = piece("test", 1000, FLOAT)
    where = address(first)
    del first
    assert address(piece("test", 900, FLOAT)) == where


@pytest.mark.parametrize("look", [lambda whole: whole, lambda whole: whole[3:5], np.split])
def test_a_piece_somebody_looks_at_is_left_alone(look):
    first = piece("test", 1000, FLOAT)
    first[:] = 7.0
    kept = look(first, 10) if look is np.split else look(first)
    del first
    piece("test", 1000, FLOAT)[:] = 0.0
    assert (np.asarray(kept) == 7.0).all()


def test_uses_do_not_share_and_a_larger_piece_is_new():
    first = address(piece("test", 1000, FLOAT))
    assert address(piece("other", 1000, FLOAT)) != first
    assert len(piece("test", 100_000, FLOAT)) == 100_000


def test_what_is_very_large_is_not_kept(monkeypatch):
    monkeypatch.setattr(kept_buffers, "LARGEST_KEPT", 100)
    piece("test", 1000, FLOAT)
    assert not kept_buffers._kept


def test_logs_stay_as_they_are_when_others_are_made():
    model = load(SCENARIOS / "quickstart.yaml", overrides={"run.duration": "3 days"}).model
    plan = compile_plan(model)
    kept, copied = [], []
    for replication in range(1, 6):  # some need no more memory than the one before
        logs = run(plan, 1, replication)
        kept.append(logs.visits.queued)
        copied.append(logs.visits.queued.copy())
    for old, new in zip(copied, kept, strict=True):
        np.testing.assert_array_equal(old, new)
