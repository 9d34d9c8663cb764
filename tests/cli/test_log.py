"""The event logs that other tools read, from the command line and from Python."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from tests.cli.test_commands import Command

XES = "{http://www.xes-standard.org/}"


def test_every_format_has_the_visits_of_that_replication(clinic: Path, urgentflow: Command) -> None:
    logs = sim.run("clinic.yaml", replications=2, engine="simpy").logs(2)
    started = np.sort(logs.visits.started[~np.isnan(logs.visits.started)])
    for kind, file in (("xes", "a/log.xes"), ("vidigi", "vidigi.csv"), ("bupar", "bupar.csv")):
        said = urgentflow(
            "log", "clinic.yaml", "--format", kind, "--replication", "2", "--out", file
        )
        assert (said.code, said.out) == (0, f"wrote {file}\n")
    vidigi, bupar = pd.read_csv("vidigi.csv"), pd.read_csv("bupar.csv")
    used = vidigi.loc[vidigi["event_type"] == "resource_use", "time"]
    assert np.array_equal(np.sort(used), started)
    assert set(vidigi["run_number"]) == {2}
    begun = bupar.loc[bupar["lifecycle_id"] == "start", "minutes"]
    assert np.array_equal(np.sort(begun), started)
    traces = ElementTree.parse("a/log.xes").getroot().findall(f"{XES}trace")
    assert len(traces) == len(logs.episodes.onset)


def test_python_writes_the_same_file(clinic: Path, urgentflow: Command) -> None:
    urgentflow("log", "clinic.yaml", "--seed", "9", "--days", "3", "--out", "one.xes")
    path = sim.event_log(
        "clinic.yaml", "two.xes", seed=9, overrides={"run.duration": "3 days"}, engine="simpy"
    )
    assert Path("one.xes").read_bytes() == path.read_bytes()


def test_a_log_that_cannot_be_written_leaves_the_old_one(
    clinic: Path, urgentflow: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("log.csv").write_text("old")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    said = urgentflow("log", "clinic.yaml", "--format", "bupar", "--out", "log.csv")
    assert said.code == 1 and "No space left" in said.err
    assert Path("log.csv").read_text() == "old"
    assert urgentflow("log", "clinic.yaml", "--out", ".").code == 2


def test_a_log_goes_to_standard_output_and_nothing_else_does(
    clinic: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    from sim.cli.main import main

    assert main(["log", "clinic.yaml", "--format", "vidigi", "--out", "log.csv"]) == 0
    capfdbinary.readouterr()
    assert main(["log", "clinic.yaml", "--format", "vidigi", "--out", "-"]) == 0
    assert capfdbinary.readouterr().out == Path("log.csv").read_bytes()


def test_a_file_that_cannot_be_written_is_refused_before_the_run(
    clinic: Path, urgentflow: Command
) -> None:
    Path("taken").write_text("")
    said = urgentflow("log", "clinic.yaml", "--out", "taken/log.xes")
    assert said.code == 2 and "is a file, not a folder" in said.err
