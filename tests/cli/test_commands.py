"""What the commands print and write."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import sim

Command = Callable[..., object]

ROOT = Path(__file__).parents[2]


def test_check_says_what_can_be_known_without_running(clinic: Path, urgentflow: Command) -> None:
    result = urgentflow("check", "clinic.yaml")
    assert result.code == 0
    assert "2,000 people, 10 days from 1 April 2024 after 2 days of warm-up" in result.out
    assert "Offered load" in result.out and "ward_beds" in result.out
    assert "unsourced: clinic.yaml:" in result.out


def test_check_lists_what_is_assumed_and_why(clinic: Path, urgentflow: Command) -> None:
    said = 'title: s\nextends: clinic.yaml\nsources: {people: "assumed: for the test"}\n'
    Path("sourced.yaml").write_text(said)
    assert "people: assumed: for the test" not in urgentflow("check", "sourced.yaml").out
    assert "people: assumed: for the test" in urgentflow("check", "sourced.yaml", "--assumed").out


def test_check_warns_of_a_queue_that_will_not_settle(clinic: Path, urgentflow: Command) -> None:
    Path("full.yaml").write_text(
        "title: f\nextends: clinic.yaml\nresources: {nurse: {capacity: 0}}"
    )
    result = urgentflow("check", "full.yaml")
    assert result.code == 0
    assert "will not settle" in result.out


def test_diff_says_in_words_what_an_option_changes(clinic: Path, urgentflow: Command) -> None:
    result = urgentflow("diff", "clinic.yaml", "more_nurses.yaml")
    assert result.code == 0
    assert "nurse" in result.out and "from 2 to 3" in result.out
    assert urgentflow("diff", "clinic.yaml", "clinic.yaml").out.startswith("No difference")


def test_run_shows_the_measures_and_writes_everything(clinic: Path, urgentflow: Command) -> None:
    result = urgentflow("run", "clinic.yaml", "--by", "age", "--out", "results/new")
    assert result.code == 0
    assert "Emergency admissions" in result.out
    assert "3 replications give no 95 % interval" in result.out
    assert "(in 10 days)" in result.out
    folder = Path("results/new")
    manifest = json.loads((folder / "manifest.json").read_text())
    written = {path.name for path in folder.iterdir()} - {"manifest.json"}
    assert set(manifest["written"]) == written
    assert {"measures.csv", "measures.parquet", "summary.csv", "report.html"} <= written
    measures = pd.read_csv(folder / "measures.csv", keep_default_na=False, na_values={"value": ""})
    pd.testing.assert_frame_equal(measures, pd.read_parquet(folder / "measures.parquet"))
    assert set(measures["by"]) == {"", "age"}
    assert set(measures["replication"]) == {1, 2, 3}


def test_the_manifest_says_how_to_get_the_same_again(clinic: Path, urgentflow: Command) -> None:
    urgentflow("run", "clinic.yaml+more_nurses.yaml", "--seed", "9", "--days", "4", "--out", "x")
    manifest = json.loads(Path("x/manifest.json").read_text())
    assert manifest["urgentflow"] == sim.__version__
    assert manifest["seed"] == 9 and manifest["replications"] == [1, 2, 3]
    assert manifest["command"][:3] == ["urgentflow", "run", "clinic.yaml+more_nurses.yaml"]
    assert manifest["libraries"]["numpy"] and manifest["run_time_seconds"] > 0
    (scenario,) = manifest["scenarios"]
    assert scenario["days"] == 4
    assert [option["file"] for option in scenario["options"]] == ["more_nurses.yaml"]
    assert set(scenario["files"]) == {"clinic.yaml", "more_nurses.yaml"}
    assert len(scenario["sha256"]) == 64


def test_a_null_option_changes_exactly_nothing(clinic: Path, urgentflow: Command) -> None:
    result = urgentflow("compare", "clinic.yaml", "nothing.yaml", "--by", "age", "--out", "null")
    assert result.code == 0
    assert "Alternative: Nothing at all [nothing]" in result.out
    differences = pd.read_csv("null/differences.csv")
    known = differences[differences["replications"] > 0]
    assert len(known) > 50
    assert (known[["difference", "low", "high"]] == 0).all(axis=None)
    assert not {"better", "worse"} & set(known.loc[known["better"] > 0, "measure"])


def test_more_nurses_shorten_the_wait_in_every_replication(
    clinic: Path, urgentflow: Command
) -> None:
    result = urgentflow("compare", "clinic.yaml", "more_nurses.yaml", "--out", "nurses")
    assert result.code == 0
    assert "First look, replication 1 only" in result.err
    frame = pd.read_csv("nurses/differences.csv", keep_default_na=False).set_index("measure")
    overall = frame[frame["by"] == ""]
    wait = overall.loc["wait_mean"].set_index("of").loc["visit"]
    assert float(wait["high"]) < 0
    assert float(wait["share_better"]) == 1
    assert {path.suffix for path in Path("nurses").iterdir()} == {
        ".csv", ".parquet", ".png", ".html", ".json"
    }  # fmt: skip


def test_options_combine_on_the_baseline(clinic: Path, urgentflow: Command) -> None:
    result = urgentflow(
        "compare", "clinic.yaml", "more_nurses.yaml", "more_nurses.yaml+nothing.yaml",
        "--replications", "2",
    )  # fmt: skip
    assert result.code == 0
    assert "Alternative: A third nurse [more_nurses]" in result.out
    assert "Alternative: A third nurse + Nothing at all [more_nurses+nothing]" in result.out


def test_a_case_outside_the_days_run_is_left_out_aloud(clinic: Path, urgentflow: Command) -> None:
    result = urgentflow("run", "clinic.yaml", "--days", "1", "--replications", "1")
    assert result.code == 0
    assert "note: case mr_a falls outside the days run and is left out" in result.err


def test_results_do_not_depend_on_the_number_of_workers(
    clinic: Path, urgentflow: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.experiment.workers.PATIENCE", 0.0)
    for workers in ("1", "3"):
        urgentflow("compare", "clinic.yaml", "more_nurses.yaml", "--workers", workers,
                   "--out", f"with_{workers}")  # fmt: skip
    for name in ("differences.csv", "measures.csv", "measures.parquet"):
        one, three = (Path(f"with_{workers}", name).read_bytes() for workers in "13")
        assert one == three, name
    pages = [Path(f"with_{workers}", "report.html").read_text() for workers in "13"]
    assert what_came_out(pages[0]) == what_came_out(pages[1])


def what_came_out(page: str) -> list[str]:
    """The lines of a page but for those on the command and on how long it took."""
    how = ('<tr><th scope="row">command</th>', '<tr><th scope="row">run_time_seconds</th>')
    return [line for line in page.splitlines() if not line.startswith(how)]


def test_story_tells_the_case_in_both_worlds(clinic: Path, urgentflow: Command) -> None:
    result = urgentflow(
        "story", "more_nurses.yaml", "--against", "clinic.yaml", "--out", "told", "--journeys", "9"
    )
    assert result.code == 0
    assert result.out.count("Mr A, 85") >= 2
    assert "Nurse visit" in result.out
    assert "over all journeys" in result.out
    assert "The most frequent routes" in result.out
    assert "episodes a year" in result.out
    rows = pd.read_csv("told/case-mr_a.csv")
    assert len(rows) >= 2 * 9
    assert len(rows.drop_duplicates(["arm", "replication", "copy"])) == len(rows)
    assert (Path("told") / "case-mr_a.txt").read_text() in result.out


def test_story_of_one_world_and_one_replication(clinic: Path, urgentflow: Command) -> None:
    result = urgentflow("story", "clinic.yaml", "--case", "mr_a", "--replication", "2",
                        "--journeys", "3")  # fmt: skip
    assert result.code == 0
    assert "Nurse visit" in result.out


def test_a_breakdown_is_shown_where_no_visit_has_a_standard_tag(
    clinic: Path, urgentflow: Command
) -> None:
    text = Path("clinic.yaml").read_text().replace("    tags: [ae_attendance, in_ae]\n", "")
    Path("queue.yaml").write_text(text.replace("    tags: [emergency_admission]\n", ""))
    result = urgentflow("run", "queue.yaml", "--by", "age")
    shown = result.out.partition("By age")[2]
    assert "Episodes begun" in shown and "Mean wait: Nurse visit (minutes)" in shown
    assert "  young" in shown and "  old" in shown


def test_a_copy_without_its_scenarios_is_said_to_be_broken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, urgentflow: Command
) -> None:
    installed = tmp_path / "site-packages" / "sim" / "experiment" / "shipped.py"
    monkeypatch.setattr("sim.experiment.shipped.__file__", str(installed))
    result = urgentflow("verify", "mm1")
    assert result.code == 1 and "came without its scenarios" in result.err


def test_schema_is_json_schema(clinic: Path, urgentflow: Command) -> None:
    import jsonschema

    urgentflow("schema", "--out", "schema.json")
    schema = json.loads(Path("schema.json").read_text())
    assert schema == json.loads(urgentflow("schema").out)
    jsonschema.validators.validator_for(schema).check_schema(schema)


def test_measures_are_listed_with_their_formulas(urgentflow: Command) -> None:
    result = urgentflow("measures", "emergency_admissions")
    assert result.code == 0
    assert "less is better" in result.out


def test_verify_prints_theory_beside_model(urgentflow: Command) -> None:
    assert "mm1" in urgentflow("verify", "--list").out.split()


def test_version_is_that_of_the_package(urgentflow: Command) -> None:
    assert urgentflow("--version").out == f"urgentflow {sim.__version__}\n"


def process(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "sim.cli.main", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_a_terminal_without_a_character_is_no_error(clinic: Path) -> None:
    Path("cafe.yaml").write_text("title: Café\nextends: clinic.yaml\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli.main", "check", "cafe.yaml"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"Scenario: Caf?")


@pytest.mark.skipif(os.name != "posix", reason="sends a signal to a process group")
def test_ctrl_c_leaves_no_file_and_no_traceback(clinic: Path) -> None:
    running = process(
        clinic, "run", "clinic.yaml", "--days", "3000", "--replications", "50",
        "--workers", "2", "--out", "results",
    )  # fmt: skip
    assert running.stdout is not None
    running.stdout.readline()  # the scenario is loaded, the run about to begin
    time.sleep(2.5)
    os.killpg(running.pid, signal.SIGINT)
    _, err = running.communicate(timeout=20)
    assert running.returncode == 130
    assert "Traceback" not in err and "interrupted" in err
    assert not Path("results").exists()


def test_a_reader_that_leaves_early_is_no_error(clinic: Path) -> None:
    running = process(clinic, "measures")
    assert running.stdout is not None
    running.stdout.close()
    assert running.wait(timeout=20) == 0
    assert running.stderr is not None and running.stderr.read() == ""


def test_counts_are_shown_in_the_period_that_is_asked_for(
    clinic: Path, urgentflow: Command
) -> None:
    def arrivals(per: str) -> tuple[float, str]:
        out = urgentflow("run", "clinic.yaml", "--replications", "1", "--per", per).out
        line = next(line for line in out.splitlines() if "Episodes begun (" in line)
        return float(line.split(")")[1].split()[0].replace(",", "")), line

    run, day, year = (arrivals(per) for per in ("run", "day", "year"))
    assert ("in 10 days" in run[1], "a day" in day[1], "a year" in year[1]) == (True, True, True)
    assert day[0] == pytest.approx(run[0] / 10, abs=0.05)
    assert year[0] == pytest.approx(run[0] * 36.525, rel=1e-3)
