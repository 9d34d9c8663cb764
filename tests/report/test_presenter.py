"""What a notebook shows of results: short names, tables, pictures, logs with names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.experiment.results import Comparison, NothingToShowError, Results

TEMPLATE = Path(__file__).parents[2] / "scenarios" / "template"
DAYS = {"run.duration": "7 days"}


@pytest.fixture(scope="module")
def compared() -> Comparison:
    return sim.compare(
        TEMPLATE / "scenario.yaml", TEMPLATE / "option.yaml", replications=3, overrides=DAYS
    )


@pytest.fixture(scope="module")
def results(compared: Comparison) -> Results:
    return compared.alternatives[0]


def test_results_say_what_they_are_in_a_line(compared: Comparison, results: Results) -> None:
    for one in (compared, results):
        assert "\n" not in repr(one) and len(repr(one)) < 200
    assert "3 replications of 7 days" in repr(results)
    assert "A walk-in centre" in repr(compared)


def test_a_notebook_shows_the_table_that_the_command_prints(compared: Comparison) -> None:
    html = compared._repr_html_()
    assert html is not None and html.startswith("<table>")
    assert "Mean wait: Seen by a nurse" in html


def test_pictures_are_drawn_by_kind_and_saved(compared: Comparison, tmp_path: Path) -> None:
    drawn = compared.plot("differences")
    assert "data:image/png;base64," in drawn._repr_html_()
    (path,) = drawn.save(tmp_path)
    assert path.read_bytes().startswith(b"\x89PNG")


def test_a_kind_there_is_not_or_has_nothing_to_show_is_said(compared: Comparison) -> None:
    with pytest.raises(ValueError, match="differences, occupancy, flows, case"):
        compared.plot("pies")
    with pytest.raises(ValueError, match="nothing to show of 'case'"):
        compared.plot("case")


def test_results_made_without_a_presenter_say_so(results: Results) -> None:
    with pytest.raises(NothingToShowError, match=r"sim\.run or sim\.compare"):
        results.plot()


def test_logs_come_with_names_and_join(results: Results) -> None:
    frames = results.frames(2)
    logs = results.logs(2)
    assert set(frames.visits["step"]) == {"see_nurse", "x_ray"}
    assert set(frames.holds["resource"]) == {"nurses"}
    assert set(frames.episodes["level:age"]) == {"under_65", "65+"}
    np.testing.assert_array_equal(frames.holds["seized"], logs.holds.seized)
    assert set(frames.holds["episode"]) <= set(frames.episodes["episode"])
    most = results.scenario.model.resources["nurses"]
    assert frames.holds["unit"].max() <= 4 and most is not None


@pytest.mark.parametrize("form", ["vidigi", "bupar"])
def test_an_event_log_without_a_path_is_a_frame_of_what_the_file_has(
    form: str, tmp_path: Path
) -> None:
    import pandas as pd

    where = {"overrides": {**DAYS, "run.warm_up": "0 days"}}
    frame = sim.event_log(TEMPLATE / "scenario.yaml", format=form, **where)
    path = tmp_path / "log.csv"
    sim.event_log(TEMPLATE / "scenario.yaml", path, format=form, **where)
    written = pd.read_csv(path)
    assert list(frame.columns) == list(written.columns) and len(frame) == len(written)


def test_xes_needs_a_path() -> None:
    with pytest.raises(ValueError, match="vidigi"):
        sim.event_log(TEMPLATE / "scenario.yaml", format="xes", overrides=DAYS)
