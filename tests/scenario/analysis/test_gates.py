"""What `check` makes of delays that last until something opens."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.scenario.analysis.gates import gate_errors, gate_warnings, ungated, waiting
from sim.scenario.analysis.means import mean, mean_square
from sim.scenario.analysis.offered_load import offered_loads
from sim.scenario.language.attributes import declared
from sim.scenario.written.values import Distribution
from tests.scenario.small import clinic

ROUND = """
calendars:
  ward_round: mon-fri 10:00-12:00, sat 22:00-02:00
  later: {open: mon 09:00-10:00, since: 2024-06-01}
  over: {open: mon-sun 09:00-10:00, until: 2024-04-15}
pathway:
  triage: {seize: nurses, delay: {until: WHAT, then: {exponential: {mean: 1 h}}}, route: home}
"""


@pytest.mark.parametrize("what", ["ward_round", "17:30"])
def test_the_mean_wait_is_that_from_every_minute_of_the_week(tmp_path: Path, what: str) -> None:
    model = clinic(tmp_path, ROUND.replace("WHAT", what)).model
    week = 7 * 1440
    if what == "ward_round":
        days = [day * 1440 for day in range(5)]
        opens = [(day + 600, day + 720) for day in days] + [(5 * 1440 + 1320, 6 * 1440 + 120)]
    else:
        opens = [(day * 1440 + 1050, day * 1440 + 1050) for day in range(7)]
    opens += [(begin + week, end + week) for begin, end in opens]
    waits = []
    for now in np.arange(0, week, 0.5) + 0.25:
        begin = next(begin for begin, end in opens if end > now)
        waits.append(max(0.0, begin - now))
    opening: str | int = what if what == "ward_round" else 1050
    assert waiting(opening, model) == pytest.approx(
        (np.mean(waits), np.mean(np.square(waits))), rel=1e-5
    )


def test_a_wait_is_replaced_by_a_delay_of_the_same_mean_and_variance(tmp_path: Path) -> None:
    model = clinic(tmp_path, ROUND.replace("WHAT", "17:30")).model
    smooth = ungated(model).pathway["triage"].delay
    assert isinstance(smooth, Distribution)
    assert mean(smooth) == pytest.approx(720.0 + 60.0)
    variance = 1440.0**2 / 12.0 + 3600.0
    assert mean_square(smooth) - mean(smooth) ** 2 == pytest.approx(variance)


def test_the_offered_load_has_the_wait_in_it(tmp_path: Path) -> None:
    model = clinic(tmp_path, ROUND.replace("WHAT", "17:30")).model
    loads = offered_loads(model, declared(model))
    assert loads.rows[0].mean_minutes == pytest.approx(780.0)
    assert any("until" in caveat for caveat in loads.caveats)


@pytest.mark.parametrize(
    ("what", "warned"),
    [
        ("ward_round", []),
        ("17:30", []),
        ("later", ["`later` never opens in this run, so nobody ever leaves this step"]),
        ("over", ["`over` is closed for good from 2024-04-15: who comes later stays"]),
    ],
)
def test_a_calendar_that_does_not_open_is_warned_of(
    tmp_path: Path, what: str, warned: list[str]
) -> None:
    model = clinic(tmp_path, ROUND.replace("WHAT", what)).model
    assert [complaint.what for complaint in gate_warnings(model)] == warned


def test_two_waits_for_different_things_are_no_timeless_loop(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {delay: {until: 10:00}, route: afternoon}
      afternoon: {delay: {until: 14:00}, route: {triage: 0.5, home: rest}}
    """
    assert gate_errors(clinic(tmp_path, text).model) == []
    same = text.replace("14:00", "10:00")
    assert len(gate_errors(clinic(tmp_path, same, name="same.yaml").model)) == 1
    then = same.replace("{until: 10:00}, route: {t", "{until: 10:00, then: 1 min}, route: {t")
    assert gate_errors(clinic(tmp_path, then, name="then.yaml").model) == []
