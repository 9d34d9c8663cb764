"""Claims about `results`: what is there is listed, shown, compared and tidied up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.cli.main import main
from sim.experiment.tasks.world import code_hash
from tests.cli.conftest import Said

SWEEP = ("sweep", "clinic.yaml", "--set", "resources.nurse.capacity=2,3", "--days", "2")


@pytest.fixture
def two(clinic: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Two folders of results and the store they share, in `results`."""
    for name, number in (("one", "1"), ("two", "2")):
        assert main([*SWEEP, "--replications", number, "--out", f"results/{name}"]) == 0
    capsys.readouterr()
    return clinic


def test_what_is_there_is_listed_shown_and_compared(
    two: Path, urgentflow: Callable[..., Said]
) -> None:
    said = urgentflow("results", "list").out
    assert "results/one: experiment, Sweep of clinic.yaml" in said
    assert "3 variants, 2 replications, seed 5" in said
    # the sweep's capacity of 2 is what the clinic has, but said otherwise than in its file
    assert "results/store: store of" in said

    said = urgentflow("results", "show", "results/two").out
    assert "Experiment: Sweep of clinic.yaml" in said
    assert "differences.csv" in said

    same = urgentflow("results", "diff", "results/one", "results/one")
    assert (same.code, same.out) == (0, "No number differs.\n")
    other = urgentflow("results", "diff", "results/one", "results/two")
    assert other.code == 1
    assert "differences: nurse capacity 3, arrivals, value:" in other.out


def test_cleaning_removes_what_other_versions_left(
    two: Path, urgentflow: Callable[..., Said]
) -> None:
    store = two / "results" / "store"
    of_another = store / "0123456789abcdef" / ("ab" * 32) / "1.parquet"
    of_another.parent.mkdir(parents=True)
    of_another.write_bytes(b"")
    assert "1 of other versions" in urgentflow("results", "list").out
    assert urgentflow("results", "clean", "results/store").out == "1 tasks removed.\n"
    assert not of_another.exists()
    assert (store / code_hash()[:16]).exists()
    urgentflow("results", "clean", "results/store", "--all")
    assert not list(store.rglob("*.parquet"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show",), "takes one folder, not 0"),
        (("diff", "a"), "takes two folders, not 1"),
        (("show", "."), "no manifest of urgentflow"),
        (("clean", "."), "no store of tasks"),
        (("list", "nowhere"), "no such folder"),
        (("list", ".", "--all"), "--all is for `results clean`"),
    ],
)
def test_mistakes_are_said(
    clinic: Path, urgentflow: Callable[..., Said], arguments: tuple[str, ...], words: str
) -> None:
    said = urgentflow("results", *arguments)
    assert said.code == 2
    assert words in said.err
