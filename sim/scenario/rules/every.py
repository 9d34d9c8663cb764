"""Everything a scenario must satisfy beyond the types of its fields.

Calls each family of checks on what could be read of a scenario and joins what they say. Walks
through the pathway are only looked at once every name in it is right.
"""

from __future__ import annotations

from pathlib import Path as FilePath

from sim.scenario.analysis.gates import gate_errors
from sim.scenario.analysis.holding import holding_errors
from sim.scenario.analysis.pathway import pathway_errors
from sim.scenario.files.csv_text import Hashes
from sim.scenario.files.reading import Node
from sim.scenario.language.attributes import declared
from sim.scenario.language.model import Scenario
from sim.scenario.rules.correlations import wrong_correlations
from sim.scenario.rules.defined_names import Known
from sim.scenario.rules.draws import wrong_draws
from sim.scenario.rules.field_rules import wrong_together
from sim.scenario.rules.levels import wrong_levels
from sim.scenario.rules.names import wrong_names
from sim.scenario.rules.sourcing import wrong_sources
from sim.scenario.written.positions import Complaint


def broken_rules(
    known: Known, root: Node, evidence: FilePath | None, hashes: Hashes
) -> list[Complaint]:
    """All complaints about a scenario, parts of which may be `BROKEN`.

    The hash of the evidence file goes to `hashes`.
    """
    return [
        *wrong_names(known),
        *wrong_levels(known),
        *wrong_draws(known),
        *wrong_together(known),
        *wrong_correlations(known),
        *wrong_sources(known.model, root, evidence, hashes),
    ]


def broken_walks(model: Scenario) -> list[Complaint]:
    """Complaints about walks through the pathway of a scenario whose names are right."""
    return [*pathway_errors(model), *gate_errors(model), *holding_errors(model, declared(model))]
