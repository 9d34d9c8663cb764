"""One share changed, and the others scaled to what it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from sim.scenario.files.change import all_numbers, made, place, read, refused
from sim.scenario.files.parameters import is_reference
from sim.scenario.files.reading import Node, as_raw
from sim.scenario.problems import Path, listed, nearest_name
from sim.scenario.written.amounts import Amount, amount, multiplied, written
from sim.scenario.written.scalars import shown


def rescaled(below: Node, change: Node, path: Path) -> Node:
    """Shares with those of some names changed."""
    if isinstance(below.value, dict):
        old = dict(below.value)
    else:
        old = {str(as_raw(below)): Node(1, below.file, below.line)}
    if any(is_reference(node) for node in old.values()):
        return _rescaled_references(old, change, path)
    known = {name: share for name, node in old.items() if (share := amount(node.value)) is not None}
    rest = [name for name, node in old.items() if node.value == "rest"]
    if len(known) + len(rest) != len(old) or len(rest) > 1:
        raise refused(change, path, "the shares below cannot be read", shown(as_raw(below)))
    if rest:
        left = 1 - sum((share.value for share in known.values()), Fraction(0))
        known[rest[0]] = Amount(max(Fraction(0), left), unit=_unit(known))
    new: dict[str, Amount] = {}
    for name, part in change.value.items():
        new[name] = _share(name, part, known, path)
    return _scaled(old, known, new, change, path)


def _unit(known: Mapping[str, Amount]) -> str:
    return next((share.unit for share in known.values()), "")


def _share(name: str, part: Node, known: Mapping[str, Amount], path: Path) -> Amount:
    """One share after its change."""
    change = read(part, (*path, name))
    if name not in known and change.add is None:
        raise change.refused(
            f"there is no share of `{name}` below to multiply", shown(as_raw(part)),
            listed(known), nearest_name(name, known),
        )  # fmt: skip
    before = known.get(name, Amount(Fraction(0), unit=_unit(known)))
    after = made(before, change)
    if not 0 <= after.value <= 1:
        where = "above 1" if after.value > 1 else "below 0"
        raise change.refused(
            f"the share of `{name}` comes to {where}",
            f"{written(after)} (it was {written(before)})",
            "a change that leaves it from 0 to 1",
        )
    return after


def _scaled(
    old: Mapping[str, Node],
    known: Mapping[str, Amount],
    new: Mapping[str, Amount],
    change: Node,
    path: Path,
) -> Node:
    """All shares, those not changed scaled so that the sum is 1."""
    taken = sum((share.value for share in new.values()), Fraction(0))
    others = {name: share for name, share in known.items() if name not in new}
    before = sum((share.value for share in others.values()), Fraction(0))
    if taken > 1:
        raise refused(
            change, path, "the shares that are changed come to more than 1 together",
            f"{float(taken):.10g}", "at most 1",
        )  # fmt: skip
    if before == 0 and taken != 1:
        raise refused(
            change, path, "there is no other share that could be scaled to what is left",
            f"{float(1 - taken):.10g} left", "shares that sum to 1, written out",
        )  # fmt: skip
    factor = (1 - taken) / before if before else Fraction(1)
    here = place(change)
    found: dict[str, Node] = {}
    for name, node in old.items():
        if name in new:
            found[name] = Node(written(new[name]), *here)
        elif node.value == "rest":
            found[name] = node
        else:
            found[name] = Node(written(multiplied(known[name], factor)), *here)
    for name in new:
        if name not in found:
            found[name] = Node(written(new[name]), *place(change.value[name]))
    return Node(found, *here)


def _rescaled_references(old: dict[str, Node], change: Node, path: Path) -> Node:
    """Shares from parameters: one is changed and `rest` takes what is left."""
    scaled = [n for n, node in old.items() if n not in change.value and node.value != "rest"]
    lost = [n for n in change.value if n not in old or old[n].value == "rest"]
    if scaled or lost:
        raise refused(
            change, path,
            "these shares come from parameters, so that the others cannot be scaled",
            listed([*scaled, *lost]), "a change of the parameter, or the shares written out",
        )  # fmt: skip
    found = dict(old)
    for name, part in change.value.items():
        found[name] = all_numbers(old[name], read(part, (*path, name)))
    return Node(found, *place(change))
