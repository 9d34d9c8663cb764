"""Tables show what was picked, in order, in words and numbers a reader can use."""

import math
from collections.abc import Sequence

import pandas as pd
import pytest

from sim.measure.registry import definitions
from sim.report.tables import measures, rows, selection
from sim.report.tables.grids import Grid, Row, Section, fitted, to_markdown, to_rich, to_text
from tests.report.fakes import world

BEFORE, AFTER = world("Before"), world("After")
NAN = math.nan


def frame(*lines: tuple[str, str, float, float, float, float, str]) -> pd.DataFrame:
    """Differences: measure, of, baseline, difference, half width, better share, unit."""
    made = []
    for measure, of, before, change, half, better, unit in lines:
        made.append(
            {
                "alternative": "after",
                "measure": measure,
                "of": of,
                "by": "",
                "level": "",
                "unit": unit,
                "baseline": before,
                "value": before + change,
                "difference": change,
                "low": change - half,
                "high": change + half,
                "better": better,
                "same": 5.0 if change == 0 else 0.0,
                "worse": 5.0 - better,
                "replications": 5,
                "interval": "95 %",
                "period": "in 84 days" if definitions()[measure].accumulates else "",
            }
        )
    return pd.DataFrame(made)


def cells(grid: Grid) -> dict[str, tuple[str, ...]]:
    return {row.cells[0]: row.cells[1:] for section in grid.sections for row in section.rows}


def compared(data: pd.DataFrame) -> Grid:
    return measures.comparison(rows.differences(data, "after", (BEFORE, AFTER)), "Before", "After")


def test_every_measure_that_is_picked_exists() -> None:
    headings: Sequence[selection.Heading] = (*selection.HEADINGS, selection.HEADLINES)
    picked = {pick.measure for heading in headings for pick in heading.picks}
    assert picked <= set(definitions())


def test_rows_stand_under_their_headings_in_the_order_of_the_page() -> None:
    data = frame(
        ("deaths", "", 5, 0, 1, 1, "deaths"),
        ("emergency_admissions", "", 100, -5, 1, 5, "admissions"),
        ("arrivals", "", 900, -9, 1, 0, "episodes"),
    )
    grid = compared(data)
    assert [section.heading for section in grid.sections] == ["Demand", "Hospital", "Outcomes"]


def test_a_verdict_needs_the_whole_interval_on_one_side() -> None:
    data = frame(
        ("emergency_admissions", "", 100, -5, 1, 5, "admissions"),
        ("ae_within_4_hours", "", 0.6, -0.05, 0.01, 0, "share"),
        ("deaths", "", 50, 1, 4, 2, "deaths"),
        ("conveyances", "", 50, 0, 0, 0, "conveyances"),
        ("arrivals", "", 900, -9, 1, NAN, "episodes"),
    )
    found = {row: line[-1] for row, line in cells(compared(data)).items()}
    assert found == {
        "Episodes begun (in 84 days)": "changed",
        "Conveyances by ambulance (in 84 days)": "=",
        "Emergency admissions (in 84 days)": "better 5 of 5",
        "Four-hour performance": "worse 0 of 5",
        "Deaths (in 84 days)": "~ 2 of 5",
    }


def test_numbers_are_written_with_interval_percent_and_both_arms() -> None:
    data = frame(("emergency_admissions", "", 6321, -321, 45, 5, "admissions"))
    line = cells(compared(data))["Emergency admissions (in 84 days)"]
    assert line[:4] == ("6,321", "6,000", "-321 (-366 to -276)", "-5.1 %")


def test_the_range_of_a_few_stands_in_brackets_and_is_no_verdict() -> None:
    data = frame(("emergency_admissions", "", 6321, -321, 45, 3, "admissions"))
    grid = compared(data.assign(interval="range", replications=3))
    line = cells(grid)["Emergency admissions (in 84 days)"]
    assert line[2] == "-321 [-366 to -276]"
    assert line[-1] == "~ 3 of 3"
    assert "difference (lowest to highest)" in grid.columns
    assert any("fewer than 5" in note for note in grid.notes)


def test_the_same_in_all_replications_has_no_variation() -> None:
    data = frame(("cost_total", "", 6321, -321, 0, 5, "GBP")).assign(interval="no variation")
    assert next(iter(cells(compared(data)).values()))[2] == "-£321 (no variation)"


def test_what_falls_because_people_are_lost_is_not_better() -> None:
    data = frame(
        ("never_seen", "", 10, 40, 5, 0, "episodes"),
        ("emergency_admissions", "", 100, -5, 1, 5, "admissions"),
        ("ae_within_4_hours", "", 0.6, 0.05, 0.01, 5, "share"),
        ("deaths", "", 50, -5, 1, 5, "deaths"),
        ("conveyances", "", 50, 5, 1, 0, "conveyances"),
    )
    grid = compared(data)
    verdicts = {row: line[-1].split()[0] for row, line in cells(grid).items()}
    assert verdicts["Deaths (in 84 days)"] == "better"
    assert verdicts["Conveyances by ambulance (in 84 days)"] == "worse"
    assert verdicts["Emergency admissions (in 84 days)"] == "changed"
    assert verdicts["Four-hour performance"] == "changed"
    assert measures.LOST_NOTE in grid.notes


def test_what_rises_because_people_are_seen_who_were_lost_is_not_worse() -> None:
    data = frame(
        ("never_seen", "", 50, -40, 5, 5, "episodes"),
        ("emergency_admissions", "", 100, 5, 1, 0, "admissions"),
        ("deaths", "", 50, 5, 1, 0, "deaths"),
    )
    grid = compared(data)
    verdicts = {row: line[-1] for row, line in cells(grid).items()}
    assert "worse" not in verdicts["Emergency admissions (in 84 days)"]
    assert "worse" in verdicts["Deaths (in 84 days)"]
    assert measures.KEPT_NOTE in grid.notes


def test_how_full_beds_are_is_neither_better_nor_worse() -> None:
    data = frame(
        ("acute_occupancy_share", "", 0.9, -0.1, 0.01, NAN, "share"),
        ("community_bed_days", "", 900, 50, 1, NAN, "bed days"),
    )
    assert {line[-1] for line in cells(compared(data)).values()} == {"changed"}


def test_an_exact_zero_reads_no_change() -> None:
    data = frame(("emergency_admissions", "", 6321, 0, 0, 0, "admissions"))
    assert cells(compared(data))["Emergency admissions (in 84 days)"][2] == "no change"


def test_what_never_happens_in_either_arm_is_left_out_but_what_is_new_is_not() -> None:
    data = frame(
        ("conveyances", "", 0, 0, 0, 0, "conveyances"),
        ("emergency_admissions", "", 0, 7, 1, 0, "admissions"),
    )
    assert list(cells(compared(data))) == ["Emergency admissions (in 84 days)"]


def test_things_are_called_by_their_titles() -> None:
    data = frame(
        ("wait_mean", "ae", 30.0, -5, 1, 5, "minutes"),
        ("utilisation", "ward_beds", 0.9, -0.05, 0.01, 5, "share"),
        ("tagged_visits", "contact_111", 500, -5, 1, NAN, "visits"),
        ("outcomes", "home", 300, 5, 1, NAN, "episodes"),
    )
    assert list(cells(compared(data))) == [
        "NHS 111 contacts (in 84 days)",
        "Mean wait: A&E: assessed and treated in a cubicle (minutes)",
        "Utilisation: Acute ward bed",
        "Ended: At home (in 84 days)",
    ]


def test_steps_of_a_large_pathway_are_not_listed_one_by_one() -> None:
    many = [("wait_mean", f"step_{n}", 30.0, -5.0, 1.0, 5.0, "minutes") for n in range(30)]
    assert cells(compared(frame(*many))) == {}
    assert len(cells(compared(frame(*many[:3])))) == 3


def test_a_run_without_an_interval_is_written_without_one() -> None:
    data = pd.DataFrame(
        [
            {
                "measure": "emergency_admissions",
                "of": "",
                "by": "",
                "level": "",
                "unit": "admissions",
                "mean": 6321.4,
                "low": NAN,
                "high": NAN,
                "replications": 1,
                "interval": "none",
                "period": "",
            }
        ]
    )
    grid = measures.summary(rows.summaries(data, [BEFORE]), "Before")
    assert cells(grid) == {"Emergency admissions": ("6,321", "")}


def test_breakdowns_have_a_row_for_each_level_under_each_measure() -> None:
    data = pd.concat(
        [
            frame(("emergency_admissions", "", 100.0 * n, -5, 1, 5, "admissions")).assign(
                by="age", level=level
            )
            for n, level in enumerate(("0-64", "65-84", "85+"), start=1)
        ]
    )
    groups = rows.differences(data, "after", (BEFORE, AFTER), (selection.HEADLINES,), "age")
    grid = measures.breakdown_comparison(groups, "age", "After")
    assert [section.heading for section in grid.sections] == ["Emergency admissions (in 84 days)"]
    assert [(row.cells[0], row.cells[1]) for row in grid.sections[0].rows] == [
        ("0-64", "100.0"),
        ("65-84", "200"),
        ("85+", "300"),
    ]
    assert cells(grid)["85+"][2] == "-5.0 (-6.0 to -4.0)"


GRID = Grid(
    "Title",
    ("", "baseline", "alternative", "is"),
    (Section("Some | heading", (Row(("A [bold]row[/]", "1", "22", "x")),)),),
    ("A note.",),
    words=frozenset({"is"}),
    spare=("alternative",),
)


def test_the_three_ways_of_writing_say_the_same() -> None:
    from rich.console import Console

    console = Console(width=100, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(to_rich(GRID))
    for text in (to_text(GRID), to_markdown(GRID), console.export_text()):
        for word in ("Title", "baseline", "alternative", "heading", "A [bold]row[/]", "22", "note"):
            assert word in text


def test_markdown_keeps_its_columns_whatever_is_in_the_cells() -> None:
    lines = [line for line in to_markdown(GRID).splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in lines} == {5}


def test_a_narrow_terminal_loses_spare_columns_only() -> None:
    assert fitted(GRID, 200) == GRID
    narrow = fitted(GRID, 10)
    assert narrow.columns == ("", "baseline", "is")
    assert narrow.sections[0].rows[0].cells == ("A [bold]row[/]", "1", "x")


@pytest.mark.parametrize("write", [to_text, to_markdown])
def test_text_has_no_trailing_spaces_and_ends_with_one_line_end(write: object) -> None:
    assert callable(write)
    text = write(GRID)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
