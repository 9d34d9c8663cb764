"""The page of an experiment shows what its tables say."""

from __future__ import annotations

import pandas as pd

from sim.experiment.periods import period
from sim.report.page.experiment import page
from sim.report.page.render import html

HEADLINE = ("emergency_admissions", "pool_wait_mean/nurses")


def frames() -> dict[str, pd.DataFrame]:
    """Two options and both, of which one did not settle, on two measures and one doubtful input."""
    policies = ("team", "<b>beds</b>", "team+beds")
    changes = []
    for (name, of), unit in zip(
        (("emergency_admissions", ""), ("pool_wait_mean", "nurses")), ("", "min"), strict=True
    ):
        for at, policy in enumerate(policies):
            change = -10.0 - at
            row = [policy, name, of, unit, 900.0, 900.0 + change, change, change - 2, change + 2]
            changes.append([*row, "95 %", 20])
    differences = pd.DataFrame(
        changes,
        columns=["policy", "measure", "of", "unit", "baseline", "value", "difference", "low",
                 "high", "interval", "pairs"],
    )  # fmt: skip
    ranking = differences[["measure", "of", "unit"]].assign(
        rank=1, policy=differences["policy"], value=differences["value"],
        difference=differences["difference"], low=differences["low"], high=differences["high"],
        interval="95 %", low_of_all=differences["low"], high_of_all=differences["high"],
        best=0.96, best_share=1.0, regret=0.0, pairs=20,
    )  # fmt: skip
    shares = pd.DataFrame(
        [
            ["emergency_admissions", "", "", option, effect, -5.0, -7.0, -3.0, "95 %"]
            for option in ("team", "beds")
            for effect in ("share", "alone", "last")
        ],
        columns=["measure", "of", "unit", "option", "effect", "mean", "low", "high", "interval"],
    )
    doubt = pd.DataFrame(
        [["emergency_admissions", "", "", "team", "rates.fall", "E1",
          1.0, 2.0, -30.0, 5.0, 0.9, 3.0]],
        columns=["measure", "of", "unit", "policy", "input", "source", "low", "high", "at_low",
                 "at_high", "share", "worth_knowing"],
    )  # fmt: skip
    boxes = pd.DataFrame({"box": ["team pays in all of the draws."]})
    variants = pd.DataFrame({"variant": ["team, draw 1"], "policy": ["team"]})
    settling = pd.DataFrame({"variant": ["team, draw 1"], "resource": ["beds"]})
    return {
        "differences": differences, "ranking": ranking, "shares": shares, "doubt": doubt,
        "boxes": boxes, "variants": variants, "settling": settling,
    }  # fmt: skip


def written(**changed: pd.DataFrame) -> str:
    return html(
        page(
            "Which", "Which of them?", {**frames(), **changed}, HEADLINE, period("run", 364.0),
            {"urgentflow": "1"}, baseline="Before", replications=20, not_for=("Nothing else.",),
        )
    )  # fmt: skip


def test_ranking_shares_and_doubt_each_have_a_figure_and_a_table() -> None:
    text = written()
    assert text.count("<figure") == 3  # one ranking of both measures, one of shares, one tornado
    for words in ("All alternatives", "Who did what", "What is doubtful", "Nothing else."):
        assert words in text
    assert "in 364 days" in text and "rates.fall" in text
    assert "team pays in all of the draws." in text
    assert "over luck and over the inputs" in text


def test_what_did_not_settle_stands_above_everything_and_beside_its_name() -> None:
    text = written()
    assert text.index("Did not settle: team.") < text.index("Which of them?")
    assert "team (did not settle)" in text


def test_names_are_text() -> None:
    assert "<b>beds" not in written()
