"""The finding is a sentence about what the scenario is judged by."""

from __future__ import annotations

from math import nan
from pathlib import Path

import pytest

import sim
from sim.report.page.folder import headline_sentences
from sim.report.tables.headline import headline_of, sentence
from sim.report.tables.rows import Difference, Meaning

ADMISSIONS = Meaning("Emergency admissions", "admissions", -1, "a year")
BED_DAYS = Meaning("Bed days, community beds", "bed days", 0, "a year")
FOUR_HOURS = Meaning("Four-hour performance", "share", 1)


def line(meaning: Meaning, before: float, size: float, half: float, **more: object) -> Difference:
    bounds = (before, before + size, size, size - half, size + half)
    made = Difference("m", "", meaning, *bounds, 5.0, 0.0, 0.0, 5, **more)  # type: ignore[arg-type]
    return made


def test_three_measures_make_a_sentence_with_period_interval_and_baseline() -> None:
    lines = (
        line(ADMISSIONS, 2300, -120, 25),
        line(BED_DAYS, 900, 50, 10),
        line(FOUR_HOURS, 0.7, 0.04, 0.01),
        line(ADMISSIONS, 2300, -999, 25),
    )
    assert sentence(lines, "After") == (
        "With \u201cAfter\u201d, emergency admissions fall by 120 (95 to 145) a year from 2,300 "
        "(better), bed days, community beds rise by 50 (40 to 60) a year from 900, and four-hour "
        "performance rises by 4.0 (3.0 to 5.0) % pts from 70.0 % (better)."
    )


def test_what_is_not_told_apart_and_what_is_exactly_the_same_say_so() -> None:
    text = sentence((line(ADMISSIONS, 2300, -12, 25), line(FOUR_HOURS, 0.7, 0, 0)), "After")
    assert "emergency admissions change by -12 (-37 to +13) a year, which is not told apart" in text
    assert "four-hour performance does not change at all" in text


def test_a_few_replications_are_too_few_to_tell() -> None:
    assert sentence((line(ADMISSIONS, 2300, -12, 25, interval="range"),), "After").endswith(
        "a year, which 5 replications are too few to tell."
    )
    one = line(ADMISSIONS, 2300, -12, nan, interval="none")
    assert sentence((one,), "After").endswith("a year, which is one draw of luck.")


def test_a_neutral_measure_may_go_the_way_that_an_option_intends() -> None:
    lines = (line(BED_DAYS, 900, 50, 10, intended=1), line(BED_DAYS, 900, 50, 10, intended=-1))
    text = sentence(lines, "After")
    assert "(as intended)" in text
    assert "(the other way than intended)" in text


CLINIC = """\
title: A clinic
{headline}
run: {{start: 2024-04-01, duration: 3 days, replications: 2}}
people: {{number: 5000}}
crises: {{fall: {{rate: 9000, first: visit}}}}
resources: {{nurses: {{capacity: 1}}, porters: {{capacity: 50}}}}
pathway:
  visit: {{seize: nurses, delay: 12 min, route: move}}
  move: {{seize: porters, delay: 5 min, route: done}}
"""


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", ("pool_wait_mean/nurses", "queue_length_mean/nurses", "utilisation/nurses")),
        ("headline: [wait_p95/visit, arrivals]", ("wait_p95/visit", "arrivals")),
    ],
)
def test_the_headline_is_what_the_scenario_names_or_the_pool_that_binds(
    tmp_path: Path, written: str, expected: tuple[str, ...]
) -> None:
    file = tmp_path / "clinic.yaml"
    file.write_text(CLINIC.format(headline=written))
    before = sim.run(file)
    assert headline_of(before) == expected
    (tmp_path / "more.yaml").write_text(
        "title: A second nurse\nrationale: r\nresources: {nurses: {capacity: 2}}\n"
        "intends: {utilisation/nurses: less}\n"
    )
    (finding,) = headline_sentences(sim.compare(file, tmp_path / "more.yaml"))
    assert finding.startswith("With \u201c")
