"""Paths and ids of `sources` and `uncertainty`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.reading import only_problem
from tests.scenario.small import clinic

EVIDENCE = "evidence: evidence.csv\n"


def test_sources_name_evidence_or_say_what_is_assumed(tmp_path: Path) -> None:
    (tmp_path / "evidence.csv").write_text("id,value\nE01-001,3\nE01-002,4\n")
    text = EVIDENCE + (
        "sources:\n"
        "  crises.fall.rate: E01-001\n"
        "  resources: E01-001, E01-002\n"
        '  run: "assumed: a year is enough"\n'
    )
    loaded = clinic(tmp_path, text)
    assert loaded.evidence == tmp_path / "evidence.csv"
    assert len(loaded.model.sources) == 3


def test_a_path_may_lead_through_levels_with_dots(tmp_path: Path) -> None:
    text = (
        "people: {number: 9, attributes: {dose: {shares: {1.5: .5, 2: .5}}}}\n"
        'sources: {people.attributes.dose.shares.1.5: "assumed: half"}'
    )
    assert len(clinic(tmp_path, text).model.sources) == 1


@pytest.mark.parametrize(
    ("text", "path", "what", "nearest"),
    [
        ('sources: {crises.fal.rate: "assumed: x"}', "sources.crises.fal.rate",
         "there is no `fal` in `crises`", "crises.fall"),
        ('sources: {crisis: "assumed: x"}', "sources.crisis", "there is no `crisis`", "crises"),
        ('sources: {run: "assumed:"}', "sources.run", "an assumption without a reason", ""),
        ("sources: {run: E1}", "sources.run",
         "an evidence id, but the scenario names no `evidence` file", ""),
        (EVIDENCE + "sources: {run: E01-003}", "sources.run",
         "the evidence has no id `E01-003`", "E01-001"),
        ("evidence: evidnce.csv", "evidence", "there is no such file", ""),
        ("uncertainty: {crises.fall.rat: {uniform: {low: 1, high: 2}}}",
         "uncertainty.crises.fall.rat", "there is no `rat` in `crises.fall`", "crises.fall.rate"),
        ("uncertainty: {crises.fall.rate: 3}", "uncertainty.crises.fall.rate",
         "not a distribution", ""),
    ],
)  # fmt: skip
def test_what_is_no_source_says_why(
    tmp_path: Path, text: str, path: str, what: str, nearest: str
) -> None:
    (tmp_path / "evidence.csv").write_text("id,value\nE01-001,3\n")
    problem = only_problem(tmp_path, text)
    assert (problem.path, problem.what, problem.nearest) == (path, what, nearest)
