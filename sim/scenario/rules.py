"""Everything a scenario must satisfy beyond the types of its fields.

Calls each family of checks on what could be read of a scenario and joins what they say.
"""

from __future__ import annotations

from pathlib import Path as FilePath

from sim.scenario.model import Scenario
from sim.scenario.reading import Node
from sim.scenario.spots import Complaint


def broken(model: Scenario, root: Node, evidence: FilePath | None) -> list[Complaint]:
    """All complaints about a scenario; parts of it may be `BROKEN`."""
    return []
