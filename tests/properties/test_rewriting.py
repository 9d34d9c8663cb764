"""The same scenario written otherwise is the same: order, names and units in the file."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given

from tests.generator import Invented, scenarios
from tests.properties.comparing import Columns, differences, merged, quickly, run_tree
from tests.properties.rewriting import in_other_units, renamed, shuffled


@quickly
@given(scenarios())
def test_the_order_of_mappings_in_the_file_changes_nothing(invented: Invented) -> None:
    tree = merged(invented)
    other = shuffled(tree)
    assert differences(run_tree(tree, invented.strata), run_tree(other, invented.strata)) == []


@quickly
@given(scenarios())
def test_minutes_or_hours_in_the_file_change_nothing(invented: Invented) -> None:
    tree = merged(invented)
    other = in_other_units(tree)
    assert other != tree
    assert differences(run_tree(tree, invented.strata), run_tree(other, invented.strata)) == []


@quickly
@given(scenarios())
def test_renaming_changes_nothing_but_names(invented: Invented) -> None:
    """Names that keep their natural order, so that ties between things are resolved alike."""
    tree = merged(invented)
    names = _names(tree, lambda name: f"{name}_too")
    one = run_tree(tree, invented.strata)
    other = run_tree(renamed(tree, names), invented.strata)
    assert differences(_called(one, names), other) == []


@quickly
@given(scenarios())
def test_renaming_across_the_order_of_names_changes_nothing_but_names(invented: Invented) -> None:
    """Any new names, for things whose order can decide nothing.

    That of resources decides whose capacity changes first at one instant, and that of outcomes
    which of them a random number means, so the former stay fixed here and the latter are kept.
    """
    tree = merged(invented)
    for resource in tree["resources"].values():
        resource.pop("changes", None)
        if isinstance(resource["capacity"], dict):
            resource["capacity"] = 2
    names = _names(tree, _backwards)
    del names["outcomes"]
    one = run_tree(tree, invented.strata)
    other = run_tree(renamed(tree, names), invented.strata)
    assert differences(_called(one, names), other) == []


def _names(tree: dict[str, Any], new: Any) -> dict[str, dict[str, str]]:
    sections = ("resources", "calendars", "signals", "outcomes")
    names = {section: {name: new(name) for name in tree.get(section, {})} for section in sections}
    names["outcomes"].pop("died", None)  # its name is its meaning
    tags = {tag for step in tree["pathway"].values() for tag in step.get("tags", [])}
    names["tags"] = {tag: new(tag) for tag in sorted(tags)}
    return names


def _backwards(name: str) -> str:
    """A name whose place in the natural order is quite another."""
    return f"{chr(ord('z') - ord(name[0].lower()) + ord('a'))}_{name}"


def _called(columns: Columns, names: dict[str, dict[str, str]]) -> Columns:
    """The logs of a run with the new names for the old."""
    found = dict(columns)
    for column, section in (("holds.resource", "resources"), ("episodes.outcome", "outcomes")):
        known = names.get(section, {})
        found[column] = np.array(
            [known.get(name, name) for name in found[column].tolist()], dtype="U64"
        )
    for section in ("calendars", "signals"):
        for old, new in names[section].items():
            found[f"level of {new}"] = found.pop(f"level of {old}")
    return found
