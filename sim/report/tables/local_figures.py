"""Local figures of a place beside the model's, and which number of the place moves each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.experiment.own_place.figures import Given, asked
from sim.experiment.own_place.writing import ADMISSIONS_PER_ILLNESS, ATTENDANCES_PER_MINOR
from sim.report.tables.grids import Grid, Row, Section

if TYPE_CHECKING:
    from sim.experiment.results import Results

#: figure: measure, of what, kind, what moves it, and by how many per cent for one of it
MEASURED = {
    "emergency_admissions": (
        *("emergency_admissions", "", "count"),
        *("parameters.illness_here.value", ADMISSIONS_PER_ILLNESS),
    ),
    "ae_attendances": (
        *("ae_attendances", "", "count"),
        *("parameters.minor_needs_here.value", ATTENDANCES_PER_MINOR),
    ),
    "utc_attendances": ("tagged_visits", "utc_attendance", "count", "minor_needs_here", 0.0),
    "calls_111": ("tagged_visits", "contact_111", "count", "minor_needs_here", 0.0),
    "incidents_999": (
        *("tagged_visits", "crew_on_scene+hear_and_treat", "count"),
        *("illness_here, with admissions", 0.0),
    ),
    "four_hours": ("ae_within_4_hours", "", "share", "resources.ae_doctors, ward_beds", 0.0),
    "occupancy": ("acute_occupancy_share", "", "share", "resources.ward_beds", 0.0),
    "mean_stay": ("acute_length_of_stay_mean", "", "days", "parameters.ward_stay.value", 0.0),
    "readmissions": ("readmission_share", "", "share", "parameters.relapse.value", 0.0),
}

#: a model within so much of a local figure is not called off
NEAR = 0.05


def local_figures(results: Results, given: Mapping[str, Given]) -> Grid:
    """The calibration table of a place."""
    known = asked()
    rows = []
    for figure, (measure, of, kind, mover, power) in MEASURED.items():
        if figure not in given:
            continue
        value, local = _model(results, measure, of, kind), given[figure].value
        off = value / local - 1 if local else float("inf")
        advice = (
            _advice(results, mover, power, local / value if value else 0) if abs(off) > NEAR else ""
        )
        cells = (known[figure].what, _shown(local), _shown(value), known[figure].unit)
        rows.append(Row((*cells, f"{off:+.0%}" + (" off" if advice else ""), advice)))
    columns = ("figure", "here", "model", "unit", "apart", "what moves it")
    notes = (
        f"Off: more than {NEAR:.0%} apart. Figures not given are left out.",
        "Edit the number in the place's file, or try it with --set, and run again.",
    )
    words = frozenset({"unit", "what moves it"})
    return Grid(
        "Local figures beside the model", columns, (Section("", tuple(rows)),), notes, words
    )


def _model(results: Results, measure: str, of: str, kind: str) -> float:
    frame = results.measures
    frame = frame[(frame.measure == measure) & (frame.by == "")]
    total = sum(float(frame[frame.of == part].value.mean()) for part in of.split("+"))
    if kind == "count":
        return total * 365 * 1440 / results.scenario.model.run.duration
    return total * 100 if kind == "share" else total


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def _advice(results: Results, mover: str, power: float, ratio: float) -> str:
    name = mover.split(".")[1] if power else ""
    parameters = results.scenario.tree.get("parameters", {})
    if name not in parameters or ratio <= 0:
        return mover
    now = float(parameters[name]["value"])
    return f"{mover}: {now:.3g}, try about {now * ratio ** (1 / power):.3g}"
