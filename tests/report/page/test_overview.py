"""Several alternatives stand side by side, the best first, and none that did not settle above."""

from dataclasses import replace

from sim.report.page.overview import Named, ranking
from sim.report.tables.rows import Difference, Meaning
from tests.report.page.test_words import FEWER

WAIT = replace(
    FEWER, measure="wait", meaning=Meaning("Wait", "minutes", -1), difference=3.0, low=2.0
)


def named(name: str, change: float, unsettled: str = "", *more: Difference) -> Named:
    line = replace(FEWER, difference=change, low=change - 10, high=change + 10)
    return Named(name, (line, *more), unsettled)


def test_the_best_stands_first_and_what_did_not_settle_last() -> None:
    options = [named("A", -50), named("B", -900, "gridlock"), named("C", -80), named("D", 4)]
    (figure,) = ranking("Before", options)
    (section,) = figure.grid.sections
    assert [row.cells[0] for row in section.rows] == ["C", "A", "D", "B (gridlock)"]
    assert "3 improvements, 1 with no detectable change" in figure.finding
    assert "1 that did not settle" in figure.finding
    assert figure.svg.index(">C<") < figure.svg.index(">A<") < figure.svg.index(">D<")


def test_a_measure_that_one_alternative_does_not_have_leaves_a_gap() -> None:
    (figure,) = ranking("Before", [named("A", -50, "", WAIT), named("B", -60)])
    assert [len(section.rows) for section in figure.grid.sections] == [2, 1]
    assert "Wait" in figure.svg


def test_without_any_measure_there_is_no_picture() -> None:
    assert ranking("Before", [Named("A", ()), Named("B", ())]) == []
