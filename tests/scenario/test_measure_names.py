"""Measures that files name are those that there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.measure.registry import DEFINITIONS
from sim.scenario import load
from sim.scenario.language.standard_measures import STANDARD_MEASURES

CLINIC = """\
title: A clinic
headline: {headline}
run: {{start: 2024-04-01, duration: 28 days}}
people: {{number: 100}}
crises: {{fall: {{rate: 50, first: visit}}}}
resources: {{nurses: {{capacity: 4}}}}
pathway: {{visit: {{seize: nurses, delay: 5 min, route: done}}}}
"""


def test_the_language_knows_every_measure_and_no_other() -> None:
    assert dict(STANDARD_MEASURES) == {item.name: item.of for item in DEFINITIONS}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("arrivals", ("arrivals",)),
        ("[arrivals, wait_mean/visit]", ("arrivals", "wait_mean/visit")),
        ("[queue_length_max/nurses, own_count/seen]", None),
    ],
)
def test_a_headline_names_measures_and_what_they_are_of(
    tmp_path: Path, written: str, read: tuple[str, ...] | None
) -> None:
    file = tmp_path / "clinic.yaml"
    file.write_text(CLINIC.format(headline=written))
    if read is None:
        with pytest.raises(Exception, match="no measure `seen`"):
            load(file)
    else:
        assert load(file).model.headline == read


def test_an_option_keeps_what_it_intends_and_adds_rungs_to_a_ladder(tmp_path: Path) -> None:
    file, option = tmp_path / "clinic.yaml", tmp_path / "more.yaml"
    file.write_text(
        CLINIC.format(headline="arrivals")
        + "cases: {mr_a: {crisis: fall, at: 2024-04-02 09:00, "
        + "ladder: {seen: {steps: visit}}}}\n"
    )
    option.write_text(
        "title: More\nrationale: Because.\nintends: {wait_mean/visit: less}\n"
        "cases: {mr_a: {ladder: {home: {outcomes: done}}}}\n"
    )
    loaded = load(file, [option])
    assert loaded.applied[0].intends == {"wait_mean/visit": "less"}
    assert list(loaded.model.cases["mr_a"].ladder) == ["seen", "home"]
