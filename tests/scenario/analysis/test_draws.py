"""A draw that nothing is drawn with is spoken of, and one that something is, is not."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim

CLINIC = """\
title: A clinic
run: {{start: 2024-01-01, duration: 1 day}}
arrivals: {{ill: {{rate: 20 per day, first: see, draws: [sickness]}}}}
resources: {{nurse: {{capacity: 9{turnaround}}}}}
pathway: {{see: {{seize: nurse, delay: {delay}, route: home}}}}
outcomes: {{home: Home}}
"""

DRAWN = "{exponential: {mean: 5 min}, draw: sickness}"


@pytest.mark.parametrize(
    ("delay", "turnaround", "idle"),
    [
        ("{exponential: {mean: 5 min}}", "", True),
        (DRAWN, "", False),
        ("{until: 10:00, then: " + DRAWN + "}", "", False),
        ("5 min", ", turnaround: " + DRAWN.replace("draw:", "against:"), False),
    ],
)
def test_a_draw_that_does_nothing_is_warned_of(
    tmp_path: Path, delay: str, turnaround: str, idle: bool
) -> None:
    file = tmp_path / "clinic.yaml"
    file.write_text(CLINIC.format(delay=delay, turnaround=turnaround), encoding="utf-8")
    found = [w for w in sim.check(file).warnings if "nothing is drawn with" in w.what]
    assert [warning.path for warning in found] == (["arrivals.ill.draws"] if idle else [])
