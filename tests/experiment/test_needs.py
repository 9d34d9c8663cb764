"""A run that there is no room for is refused before it begins, with what needs too much."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.engine import run
from sim.experiment import needs as estimates
from sim.experiment.needs import GB, OversizedError, estimated, refuse_oversized, workers_with_room
from sim.plan.compile import compile_plan
from sim.scenario import load

ROOT = Path(__file__).parents[2]

FLOOD = """
title: A rate that is 0 for the fewest and a million for the rest
run: {start: 2024-04-01, duration: 10 days}
people: {number: 20000000, attributes: {a: {shares: {x: 0.001, y: rest}}}}
crises: {c: {rate: {by: a, x: 0, y: 1000000}, first: s}}
resources: {r: {capacity: 5}}
pathway:
  s: {seize: r, delay: 20 min, route: done}
"""

LOOP = """
title: A loop of a nanosecond that almost never ends
run: {start: 2024-04-01, duration: 2 days}
people: {number: 1000}
crises: {c: {rate: 1000, first: s}}
pathway:
  s: {delay: 1e-9 s, route: {s: 0.99999999, done: rest}}
"""

CROWD = f"""
title: Twenty million people and a hundred crises
run: {{start: 2024-04-01, duration: 2 days}}
people: {{number: 20000000}}
crises: {{{", ".join(f"c{number}: {{rate: 1000, first: s}}" for number in range(100))}}}
resources: {{r: {{capacity: 5}}}}
pathway:
  s: {{seize: r, delay: 20 min, route: done}}
"""


def written(text: str, folder: Path) -> Path:
    file = folder / "large.yaml"
    file.write_text(text)
    return file


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (FLOOD, r"about 5.5e\+08 crises in the run, and at most 100,000,000"),
        (LOOP, r"20.4 GB, .* step `s`, .* passes 1e\+08 times on average"),
        (CROWD, r"11,034,\d+ episodes .* waiting for `r`, .* GB of memory, most of it \(.*\) for"),
    ],
)
def test_what_cannot_end_well_does_not_begin(
    text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begun(*_: object, **__: object) -> None:
        raise AssertionError("it was begun")

    monkeypatch.setattr("sim.plan.population.draw_population", begun)
    monkeypatch.setattr("sim.engine.run", begun)
    with pytest.raises(OversizedError, match=said):
        sim.run(written(text, tmp_path), replications=2)
    with pytest.raises(OversizedError, match=said):
        sim.event_log(tmp_path / "large.yaml", tmp_path / "log.xes")


def test_check_says_that_a_crisis_is_too_frequent(tmp_path: Path) -> None:
    report = sim.check(written(FLOOD, tmp_path))
    assert [problem.path for problem in report.problems] == ["crises.c.rate"]


def test_more_memory_than_the_machine_has_is_refused_with_the_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = FLOOD.replace("1000000}", "10}").replace("20000000", "10000000")
    needs = estimated(load(written(text, tmp_path)).model)
    monkeypatch.setattr(estimates, "available_bytes", lambda: needs.bytes * 1.01)
    refuse_oversized(needs)
    monkeypatch.setattr(estimates, "available_bytes", lambda: needs.bytes * 0.99)
    with pytest.raises(OversizedError, match=r"for 10,000,000 people\. This machine has"):
        refuse_oversized(needs)


def test_no_more_workers_than_there_is_memory_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs = estimated(load(written(FLOOD.replace("1000000}", "1}"), tmp_path)).model)
    monkeypatch.setattr(estimates, "available_bytes", lambda: needs.bytes * 2.5)
    assert workers_with_room(8, needs) == 2
    assert workers_with_room(1, needs) == 1
    monkeypatch.setattr(estimates, "available_bytes", lambda: 0.0)
    assert workers_with_room(8, needs) == 1


@pytest.mark.parametrize("name", ["quickstart", "sussex/before", "sussex/after"])
def test_the_estimate_is_within_a_factor_of_two_of_what_happens(name: str) -> None:
    """Waiting and what follows from it is left out, so it cannot be nearer."""
    changes = {"run.warm_up": "0 min", "run.duration": "20 days"}
    file = ROOT / "scenarios" / f"{name}.yaml"
    cases = {f"cases.{case}": None for case in load(file).model.cases}
    model = load(file, (), {**changes, **cases}).model
    needs = estimated(model)
    logs = run(compile_plan(model), 1, 1)
    rows = len(logs.visits.step) + len(logs.holds.seized)
    crises = int((logs.episodes.parent < 0).sum()) + len(logs.absorbed.at)
    assert 0.5 < needs.rows / rows < 2.0
    assert 0.5 < needs.crises / crises < 2.0


def test_a_way_longer_than_the_run_counts_only_as_far_as_it_fits(tmp_path: Path) -> None:
    """Ten thousand weekly visits are expected of everyone, and two weeks simulated."""
    text = LOOP.replace("1e-9 s", "7 days").replace("0.99999999", "0.9999")
    model = load(written(text.replace("2 days", "14 days"), tmp_path)).model
    needs = estimated(model)
    assert needs.rows == pytest.approx(2 * needs.crises, rel=0.01)


#: `ru_maxrss` would be no less than what the process that started this one uses
MEASURED = """
import sys
from pathlib import Path
import sim
sim.run(sys.argv[1], replications=1, workers=1)
status = Path("/proc/self/status").read_text().split("VmHWM:")[1]
print(status.split()[0])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="kilobytes on Linux only")
def test_the_estimate_of_memory_is_not_far_from_what_is_used(tmp_path: Path) -> None:
    """Four million people with an attribute and a programme, and a million crises."""
    text = """
title: Many
run: {start: 2024-04-01, duration: 90 days}
people: {number: 4000000, attributes: {a: {shares: {x: 0.5, y: rest}}}}
programmes: {p: {eligible: {a: x}, coverage: 10 %}}
crises: {c: {rate: 1000, first: s}}
pathway: {s: {delay: 20 min, route: done}}
"""
    file = written(text, tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(file)],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    used = float(done.stdout.split()[-1]) * 1024
    assert 0.5 < estimated(load(file).model).bytes / used < 2.0
    assert used < 4 * GB and resource.RLIMIT_AS  # small enough to try anywhere


def test_limits_of_control_groups_count(tmp_path: Path) -> None:
    """Both versions of them; what is only kept of files makes room."""
    (tmp_path / "memory.max").write_text("1000000\n")
    (tmp_path / "memory.current").write_text("400000\n")
    (tmp_path / "memory.stat").write_text("anon 300000\ninactive_file 50000\n")
    assert 650_000.0 in list(estimates._free_of_groups(tmp_path))
    (tmp_path / "memory.max").write_text("max\n")
    assert list(estimates._free_of_groups(tmp_path)) == []
    old = tmp_path / "memory"
    old.mkdir()
    assert estimates.available_bytes() > 0.0


def test_check_tells_what_a_replication_needs_and_refuses_what_a_run_would(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from sim.cli.main import main

    assert main(["check", str(written(LOOP.replace("0.99999999", "0.5"), tmp_path))]) == 0
    assert (
        "A replication needs about 0.3 GB of memory, 0.1 s and 11 rows" in capsys.readouterr().out
    )
    assert main(["check", str(written(LOOP, tmp_path))]) == 2
    assert "refused before it runs" in capsys.readouterr().err


def test_fewer_workers_than_asked_for_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(LOOP.replace("0.99999999", "0.5"), tmp_path)
    monkeypatch.setattr(estimates, "available_bytes", lambda: 0.5 * GB)
    with pytest.warns(UserWarning, match="memory for 1 of the 6 workers"):
        sim.run(file, replications=1, workers=6)
