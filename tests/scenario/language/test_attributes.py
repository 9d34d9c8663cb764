"""One namespace of attributes, and the order of their levels."""

from __future__ import annotations

from pathlib import Path

from sim.scenario.language.attributes import declared, natural
from tests.scenario.small import clinic

ALL = """
people:
  number: 1000
  attributes:
    age: {shares: {85+: .1, 5-17: .4, 0-4: .5}}
    frailty: {shares: {severe: .1, fit: .9}, levels: [fit, mild, severe]}
crises:
  fall: {rate: 1, first: triage, attributes: {severity: {shares: {minor: .5, major: .5}}}}
  burn:
    rate: 1
    first: triage
    attributes: {severity: {shares: {deep: 1}}, depth: {shares: {a: 1}}}
calendars: {in_hours: mon-fri 08:00-18:30}
signals: {busy: {queue: nurses, at_least: 3}}
attributes:
  known: {levels: [no, yes], initially: no, on: person}
  seen: {levels: [never, once], initially: never}
programmes: {team: {coverage: 50 %}}
"""


def test_attributes_come_from_six_origins(tmp_path: Path) -> None:
    found = declared(clinic(tmp_path, ALL).model)
    assert {name: (a.origin, a.on) for name, a in found.items()} == {
        "age": ("people", "person"),
        "busy": ("signal", "episode"),
        "depth": ("crisis", "episode"),
        "frailty": ("people", "person"),
        "in_hours": ("calendar", "episode"),
        "known": ("set", "person"),
        "seen": ("set", "episode"),
        "severity": ("crisis", "episode"),
        "team": ("programme", "person"),
    }


def test_levels_are_in_natural_order_unless_declared(tmp_path: Path) -> None:
    found = declared(clinic(tmp_path, ALL).model)
    assert found["age"].levels == ("0-4", "5-17", "85+")
    assert found["frailty"].levels == ("fit", "mild", "severe")
    assert found["in_hours"].levels == ("no", "yes")


def test_levels_drawn_by_crises_are_their_union_and_none_if_not_always_drawn(
    tmp_path: Path,
) -> None:
    found = declared(clinic(tmp_path, ALL).model)
    assert found["severity"].levels == ("deep", "major", "minor")
    assert found["depth"].levels == ("a", "none")


def test_natural_order_reads_numbers_as_numbers() -> None:
    names = ["10-19", "2+", "0-4", "85+", "5-9", "a10", "a9", "B", "1.5", "1"]
    assert sorted(names, key=natural) == [
        "0-4", "1", "1.5", "2+", "5-9", "10-19", "85+", "B", "a9", "a10",
    ]  # fmt: skip
