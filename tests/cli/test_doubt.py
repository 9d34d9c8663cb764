"""An experiment whose inputs are drawn says which of them matter, and what to measure next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import sim

Command = Callable[..., object]

DOUBTED = """\
title: A clinic whose inputs are in doubt
extends: clinic.yaml
parameters:
  stay: 1 day
  letters: 5 min
pathway:
  ward: {delay: {exponential: {mean: {parameter: stay}}}, route: letter}
  letter: {delay: {constant: {parameter: letters}}, route: home}
costs:
  beds: {resource: ward_beds, per_day: 300, of: use}
sources:
  parameters.stay: "assumed: nobody counted"
uncertainty:
  parameters.stay: {uniform: {low: 0.5 days, high: 1.5 days}}
  parameters.letters: {uniform: {low: 1 min, high: 9 min}}
"""

FEWER = """\
title: Half as many are admitted
rationale: A test.
pathway: {visit: {route: {ward: 5 %, home: rest}}}
costs: {team: {title: A team, resource: nurse, per_hour: 10, of: capacity}}
"""

EXPERIMENT = """\
title: Do fewer admissions pay
baseline: doubted.yaml
options: [fewer.yaml]
draws: 16
run: {replications: 2, duration: 6 days}
headline: [acute_bed_days, cost_total]
"""


@pytest.fixture
def doubted(clinic: Path) -> Path:
    for name, text in (("doubted", DOUBTED), ("fewer", FEWER), ("doubt", EXPERIMENT)):
        (clinic / f"{name}.yaml").write_text(text, encoding="utf-8")
    return clinic


def test_what_moves_the_answer_is_told_with_its_source(doubted: Path, urgentflow: Command) -> None:
    said = urgentflow("experiment", "doubt.yaml", "--workers", "1", "--out", "results/doubt")
    assert said.code == 0, said.err
    found = pd.read_csv("results/doubt/doubt.csv", keep_default_na=False)
    beds = found[found["measure"] == "acute_bed_days"].set_index("input")
    stay, letters = beds.loc["parameters.stay"], beds.loc["parameters.letters"]
    # twice the stay saves about twice the bed days; a letter after the stay saves none
    assert stay["at_high"] < stay["at_low"] < 0
    assert stay["share"] > 0.5 > letters["share"]
    assert stay["source"] == "assumed: nobody counted" and letters["source"] == ""
    assert (found["worth_knowing"] >= 0).all()
    assert set(found["unit"]) == {"bed days", "GBP"}
    boxes = pd.read_csv("results/doubt/boxes.csv")
    assert boxes["overall"].between(0, 1).all() and boxes["box"].str.contains("fewer").all()
    assert "fewer: what moves its difference in acute_bed_days" in said.out
    assert "Choosing by acute_bed_days, no input by itself would change the choice." in said.out


def test_few_draws_are_not_made_much_of(doubted: Path, urgentflow: Command) -> None:
    Path("doubt.yaml").write_text(EXPERIMENT.replace("draws: 16", "draws: 3"))
    said = urgentflow("experiment", "doubt.yaml", "--workers", "1", "--out", "results/doubt")
    assert said.code == 0, said.err
    assert not Path("results/doubt/doubt.csv").exists()


def test_run_and_compare_tell_what_luck_does_from_what_inputs_do(
    doubted: Path, urgentflow: Command
) -> None:
    few = ("--days", "6", "--replications", "1", "--workers", "1")
    named = "headline: [acute_bed_days]\n"
    (doubted / "named.yaml").write_text("extends: doubted.yaml\n" + named, encoding="utf-8")
    arms = ("named.yaml", "fewer.yaml", "doubted.yaml")
    said = urgentflow(
        "compare", *arms, *few, "--draws", "8", "--out", "results/drawn", "--pictures", "none"
    )
    assert said.code == 0, said.err
    found = pd.read_csv("results/drawn/variances.csv")
    # bed days are as long as stays, which are anything from half a day to a day and a half
    value = found[found["what"] == "value"].set_index("policy").loc["named"]
    assert 0.5 < value["sd_inputs"] / value["mean"] * 12**0.5 < 2.0
    # the same world by another file has the same draws and the same luck: no difference at all
    same = found[(found["what"] == "difference") & (found["policy"] == "doubted")]
    assert same[["mean", "sd_inputs", "sd_luck"]].to_numpy().tolist() == [[0.0, 0.0, 0.0]]
    assert "luck and inputs apart" in said.out and "nothing varies" in said.out
    assert "inputs taken as given" not in said.out

    assert "8 draws say little" in said.out
    page = Path("results/drawn/report.html").read_text(encoding="utf-8")
    assert "Luck and inputs" in page and "8 draws of all inputs" in page
    words = {"replications": 1, "duration": "6 days", "workers": 1}
    python = sim.compare(*arms, draws=8, **words)
    assert python.variances is not None
    assert python.variances["mean"].tolist() == found["mean"].tolist()
    with pytest.raises(TypeError, match="given by their files"):
        sim.run(sim.load("named.yaml"), draws=4, **words)
    with pytest.raises(ValueError, match="draws is from 2"):
        sim.run("named.yaml", draws=1, **words)

    alone = urgentflow("run", "named.yaml", *few)
    assert "Luck only, inputs taken as given" in alone.out
    refused = urgentflow("run", "clinic.yaml", *few, "--draws", "4")
    assert refused.code == 2 and "nothing is uncertain" in refused.err


def test_seek_lays_values_over_what_it_searches(clinic: Path, urgentflow: Command) -> None:
    wrong = ("--set", "resources.nurs.capacity=3")
    target = ("--find", "resources.nurse.capacity", "--until", "wait_mean/visit < 2 min")
    said = urgentflow("seek", "clinic.yaml", *target, *wrong)
    assert said.code == 2 and "nurs" in said.err
