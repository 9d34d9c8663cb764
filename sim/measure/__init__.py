"""Measures: numbers computed from the logs of a run, each defined once with its unit.

`measure` gives all of them as a tidy data frame. Nothing here simulates, and nothing here
compares: differences between arms are made in `sim.experiment`.
"""

from __future__ import annotations

from sim.measure.context import Context, build_context
from sim.measure.definition import Definition
from sim.measure.journeys import Journey, journeys, traced
from sim.measure.occupancy import occupancy, occupancy_shares
from sim.measure.registry import definitions
from sim.measure.summary import measure, measure_in

__all__ = [
    "Context",
    "Definition",
    "Journey",
    "build_context",
    "definitions",
    "journeys",
    "measure",
    "measure_in",
    "occupancy",
    "occupancy_shares",
    "traced",
]
