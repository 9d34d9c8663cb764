"""What tests of reading need: problems of a small scenario, and values read one at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from sim.scenario import Problem, ScenarioError, load
from sim.scenario.files.reading import as_raw, read_text
from sim.scenario.written.positions import Complaint, RefusedError, Spot
from tests.scenario.small import clinic

T = TypeVar("T")


def problems(folder: Path, text: str) -> tuple[Problem, ...]:
    """What is wrong with the small clinic once `text` replaces some of its sections."""
    with pytest.raises(ScenarioError) as caught:
        clinic(folder, text)
    return caught.value.problems


def only_problem(folder: Path, text: str) -> Problem:
    """The one thing that is wrong with it."""
    found = problems(folder, text)
    assert len(found) == 1, "\n".join(map(str, found))
    return found[0]


def problems_of_file(path: Path, content: str | bytes) -> tuple[Problem, ...]:
    """What is wrong with a file of this content."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(ScenarioError) as caught:
        load(path)
    return caught.value.problems


def written(text: str) -> object:
    """The raw value of YAML text."""
    return as_raw(read_text(f"value: {text}", "test.yaml", []))["value"]


def parsed(parse: Callable[[object, Spot], T], text: str) -> T:
    """A value as a parser reads it; it must find nothing wrong."""
    spot = Spot()
    value = parse(written(text), spot)
    assert spot.complaints == []
    return value


def complaints(parse: Callable[[object, Spot], object], text: str) -> list[Complaint]:
    """Everything a parser finds wrong with a value."""
    spot = Spot()
    try:
        parse(written(text), spot)
    except RefusedError as refused:
        spot.note(refused)
    return spot.complaints


def complaint(parse: Callable[[object, Spot], object], text: str) -> Complaint:
    """The one thing a parser finds wrong with a value."""
    found = complaints(parse, text)
    assert len(found) == 1, found
    return found[0]
