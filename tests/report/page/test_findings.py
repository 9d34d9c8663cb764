"""An experiment's figures say what its numbers say, and stand on a page like any other."""

import re
from math import nan

from sim.experiment.intervals import Interval
from sim.report.page import findings, overview, render
from sim.report.pictures.tornado import Swing
from sim.report.tables.rows import Meaning

ADMISSIONS = Meaning("Emergency admissions", "admissions", -1, "a year")
COST = Meaning("Cost, total", "GBP", -1, "a year")


def about(mean: float, half: float = 5.0) -> Interval:
    return Interval(mean, mean - half, mean + half, 20, "95 %")


SHARES = {
    "Share of all together": {"Teams": about(-20), "Beds": about(-60), "Nurses": about(2)},
    "By itself": {"Teams": about(-30), "Beds": about(-70), "Nurses": about(0)},
}


def test_a_line_has_the_verdict_of_its_interval() -> None:
    assert findings.line("x", ADMISSIONS, 900, about(-20)).verdict == "better"
    assert findings.line("x", ADMISSIONS, 900, about(20)).verdict == "worse"
    assert findings.line("x", ADMISSIONS, 900, about(2)).verdict == "uncertain"
    few = Interval(-20, -25, -15, 3, "range")
    assert findings.line("x", ADMISSIONS, 900, few).verdict == "uncertain"
    assert findings.line("x", ADMISSIONS, 900, Interval(nan, nan, nan, 0, "none")).replications == 0


def test_attribution_puts_the_option_that_does_most_first() -> None:
    figure = findings.attribution("Who does what", ADMISSIONS, SHARES, "shapley")
    (section,) = figure.grid.sections
    assert [row.cells[0] for row in section.rows] == ["Beds", "Teams", "Nurses"]
    assert section.rows[0].cells[1:] == ("-60 (-65 to -55)", "-70 (-75 to -65)")
    assert figure.finding == (
        "Beds does most for emergency admissions: -60 (-65 to -55) a year (improvement)."
    )


def test_a_tornado_is_in_order_of_what_moves_most_and_says_where_the_sign_turns() -> None:
    swings = (
        Swing("Unit cost", -2e6, -1.4e6, "£200", "£300"),
        Swing("Effect of case management", -3e6, 0.5e6, "none", "as published"),
    )
    figure = findings.doubt("Cost", COST, swings, -1.7e6, "doubt")
    (section,) = figure.grid.sections
    assert [row.cells[0] for row in section.rows] == ["Effect of case management", "Unit cost"]
    assert section.rows[1].cells[1:] == ("£200", "£300", "-£2.0m", "-£1.4m")
    assert figure.finding == (
        "Effect of case management moves it most. Its sign turns on Effect of case management."
    )
    alone = findings.doubt("Cost", COST, swings[:1], -1.7e6, "doubt")
    assert alone.finding.endswith("None of them by itself turns its sign.")


def test_an_experiment_stands_on_a_page_in_the_usual_order() -> None:
    named = [
        overview.Named(name, (findings.line("a", ADMISSIONS, 900, one),))
        for name, one in SHARES["By itself"].items()
    ]
    ranked = overview.ranking("Before", named)
    shapley = findings.attribution("Who does what", ADMISSIONS, SHARES, "shapley")
    page = findings.page(
        "Which of three",
        ["Which of three options?"],
        ["Beds."],
        {"Ranking": ranked, "Attribution": [shapley]},
        [ranked[0].grid, shapley.grid],
        {"urgentflow": "0", "scenarios": []},
        replications=20,
        not_for=["Rotas."],
    )
    text = render.html(page)
    order = ["Which of three options?", "20 replications stand", "Rotas.", "Figure 1", "Figure 2"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert (
        len(re.findall("<figure ", text))
        == len(re.findall("<details><summary>Table of", text))
        == 2
    )
    assert text.count('class="fold"') == 2  # the manifest, and the second table
