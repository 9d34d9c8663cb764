"""Variables of the environment are obeyed or refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sim.plan.environment import (
    EnvironmentVariableError,
    check_environment,
    is_checked,
    log_gigabytes,
)

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("text", ["abc", "-1", "0", "nan", "inf", "1e9", "8 GB", "80.1"])
def test_a_bound_on_logs_that_bounds_nothing_is_refused(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("URGENTFLOW_LOG_GB", text)
    with pytest.raises(EnvironmentVariableError, match=r"URGENTFLOW_LOG_GB=.*above 0 and up to 80"):
        log_gigabytes()


def test_the_usual_bound_holds_where_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in (None, ""):
        monkeypatch.setenv("URGENTFLOW_LOG_GB", text or "")
        assert log_gigabytes() == 8.0
    monkeypatch.setenv("URGENTFLOW_LOG_GB", "0.5")
    assert log_gigabytes() == 0.5


def test_checked_is_yes_or_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("URGENTFLOW_CHECKED", "yes")
    with pytest.raises(EnvironmentVariableError, match="neither 0 nor 1"):
        is_checked()


def test_a_variable_nobody_reads_is_refused_and_all_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("URGENTFLOW_LOGS_GB", "4")
    monkeypatch.setenv("URGENTFLOW_CHECKED", "maybe")
    with pytest.raises(EnvironmentVariableError) as caught:
        check_environment()
    assert "URGENTFLOW_LOGS_GB: there is no such variable; did you mean URGENTFLOW_LOG_GB?" in str(
        caught.value
    )
    assert "URGENTFLOW_CHECKED=maybe" in str(caught.value)


def test_the_command_line_says_so_in_words() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli.main", "schema"],
        capture_output=True, text=True, cwd=ROOT, env={"URGENTFLOW_LOG_GB": "nan"},
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("urgentflow: URGENTFLOW_LOG_GB=nan: not a number of GB")
    assert "Traceback" not in done.stderr
