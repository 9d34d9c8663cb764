"""Who gains and who loses is said by name, and nothing is said where nothing can be."""

from dataclasses import replace

from sim.report.page.groups import finding
from sim.report.tables.rows import Difference
from tests.report.page.test_words import FEWER


def lines(**changes: float) -> list[Difference]:
    return [
        replace(FEWER, level=level, difference=change, low=change - 10, high=change + 10)
        for level, change in changes.items()
    ]


def test_a_group_called_by_a_number_is_not_taken_for_a_number_of_groups() -> None:
    fifths = [replace(line, level=line.level[1:]) for line in lines(_1=-2.0, _5=-50.0)]
    assert finding(fifths, "deprivation") == (
        "Emergency admissions (a year): improvement in group 5; no detectable change in 1 of 2 "
        "groups.",
    )


def test_those_who_lose_are_named_beside_those_who_gain() -> None:
    (said,) = finding(lines(young=40.0, old=-50.0, oldest=-60.0), "age")
    assert said.endswith("improvement in groups old, oldest; concern in group young.")


def test_all_groups_are_every_group() -> None:
    (said,) = finding(lines(young=-40.0, old=-50.0), "age")
    assert said.endswith("improvement in every group.")


def test_too_few_replications_say_so_and_not_that_nothing_changes() -> None:
    few = [replace(line, interval="range", replications=3) for line in lines(a=-40.0, b=2.0)]
    (said,) = finding(few, "age")
    assert said.endswith("too few replications to tell in any group by age.")
