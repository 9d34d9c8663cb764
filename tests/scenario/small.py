"""Small scenarios for tests of the static checks: a clinic, of which a test says what matters."""

from __future__ import annotations

import textwrap
from pathlib import Path

from sim.scenario import Loaded, load

DEFAULTS = {
    "title": "title: A walk-in clinic",
    "run": "run: {start: 2024-04-01, duration: 28 days}",
    "people": "people: {number: 100000}",
    "crises": "crises:\n  fall: {rate: 100, first: triage}",
    "resources": "resources:\n  nurses: {capacity: 4}\n  beds: {capacity: 10}",
    "pathway": "pathway:\n  triage: {seize: nurses, delay: 20 min, route: home}",
    "outcomes": "outcomes: {home: At home}",
}


def clinic(folder: Path, text: str = "", name: str = "clinic.yaml", **options: object) -> Loaded:
    """The default clinic with the sections in `text` replaced or added, read from a file."""
    written = textwrap.dedent(text).strip("\n")
    given = {line.split(":")[0] for line in written.splitlines() if line[:1].isalpha()}
    parts = [part for section, part in DEFAULTS.items() if section not in given]
    path = folder / name
    path.write_text("\n".join([*parts, written]) + "\n", encoding="utf-8")
    return load(path, **options)  # type: ignore[arg-type]
