from __future__ import annotations

from pathlib import Path

from sim.measure.document import markdown
from sim.measure.registry import DEFINITIONS

PAGE = Path(__file__).parents[2] / "docs" / "measures.md"


def test_the_page_in_the_docs_is_the_one_the_definitions_give() -> None:
    assert PAGE.read_text(encoding="utf-8") == markdown()


def test_every_measure_is_on_the_page_once() -> None:
    lines = markdown().splitlines()
    for definition in DEFINITIONS:
        assert lines.count(f"### `{definition.name}`") == 1
