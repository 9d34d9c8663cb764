"""One relative change, and what it makes of every number of a value."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from sim.scenario.files.parameters import adjusted, is_reference
from sim.scenario.files.reading import Node, as_raw
from sim.scenario.problems import Path, Problem, dotted
from sim.scenario.written.amounts import Amount, added, amount, multiplied, written
from sim.scenario.written.bounds import WORDS
from sim.scenario.written.distributions import WRITTEN
from sim.scenario.written.scalars import BROKEN, shown
from sim.scenario.written.shared_draws import DRAWN_WITH

ADD: Final = "add"
TIMES: Final = "times"

#: Parameters of a distribution that say its shape; those of its size are what is left.
SHAPES: Final = frozenset({"shape", "weights", "log_mean", "log_sd", "unit"})

#: Distributions that are moved by moving every parameter of their size.
MOVED: Final = frozenset({"constant", "uniform", "triangular", "empirical", "quantiles"})

A_CHANGE: Final = "`{add: 4}`, `{add: -10 min}` or `{times: 1.25}`"


class ChangeRefusedError(Exception):
    """A change that cannot be made."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem)


@dataclass(frozen=True, slots=True)
class Change:
    """First so many times, then so much more; `node` is where the file says so."""

    times: Fraction
    add: Amount | None
    node: Node
    path: Path

    def refused(self, what: str, found: str = "", allowed: str = "", near: str = "") -> Exception:
        """The exception that says why this change cannot be made."""
        return refused(self.node, self.path, what, found, allowed, near)


def refused(
    node: Node, path: Path, what: str, found: str = "", allowed: str = "", near: str = ""
) -> ChangeRefusedError:
    """The exception that says why a change cannot be made."""
    return ChangeRefusedError(
        Problem(node.file, node.line, dotted(path), what, found, allowed, near)
    )


def is_leaf(node: Node) -> bool:
    """Whether a value is one change: `add`, `times` or both, and nothing else."""
    if not isinstance(node.value, dict) or not node.value:
        return False
    return set(node.value) <= {ADD, TIMES}


def read(node: Node, path: Path) -> Change:
    """A change as written: `add`, `times` or both."""
    factor, more = Fraction(1), None
    if TIMES in node.value:
        said = amount(node.value[TIMES].value)
        if said is None or said.kind != "number" or said.value < 0:
            raise refused(
                node.value[TIMES], path, "`times` is not a factor",
                shown(as_raw(node.value[TIMES])), "a number of 0 or more, such as 1.25",
            )  # fmt: skip
        factor = said.value
    if ADD in node.value:
        more = amount(node.value[ADD].value)
        if more is None:
            raise refused(
                node.value[ADD], path, "`add` is not a number or a duration",
                shown(as_raw(node.value[ADD])), "such as 4, -4, 5 % or `10 min`",
            )  # fmt: skip
    return Change(factor, more, node, path)


def mixed(change: Node, path: Path) -> ChangeRefusedError:
    """The exception for a value among changes."""
    return refused(
        change,
        path,
        "a value among changes: what is changed is not replaced as well",
        shown(as_raw(change)),
        f"{A_CHANGE} (`{{times: 1}}` leaves it as it is), or the whole value written out",
    )


def place(node: Node) -> tuple[str, int]:
    """File and line of a value."""
    return node.file, node.line


def all_numbers(below: Node, change: Change) -> Node:
    """A change made to every number of a value."""
    value = below.value
    if value is BROKEN or value == "never":  # twice as long as for ever is for ever
        return below
    if isinstance(value, dict):
        if is_reference(below):
            return _reference(below, change)
        if "by" in value:
            cells = {k: v if k == "by" else all_numbers(v, change) for k, v in value.items()}
            return Node(cells, *place(change.node))
        if len(value.keys() - set(DRAWN_WITH)) == 1 and not WRITTEN.keys().isdisjoint(value):
            return _distribution(below, change)
        if "until" in value:
            return _after_opening(below, change)
        return _pattern(below, change)
    return _number(below, change)


def _number(below: Node, change: Change) -> Node:
    one = amount(below.value)
    if one is None:
        raise change.refused(
            "what stands below is not a number to change", shown(as_raw(below)),
            "the whole value written out",
        )  # fmt: skip
    return Node(written(made(one, change)), *place(change.node))


def made(one: Amount, change: Change) -> Amount:
    """An amount after a change."""
    result: Amount | None = multiplied(one, change.times)
    if change.add is not None and result is not None:
        result = added(result, change.add)
        if result is None:
            kinds = {"number": "a number", "duration": "a duration", "rate": "a rate"}
            raise change.refused(
                f"{kinds[change.add.kind]} cannot be added to {kinds[one.kind]}",
                shown(as_raw(change.node.value[ADD])),
                f"{kinds[one.kind]}, like the {written(one)} below",
            )
    assert result is not None
    return result


def _pattern(below: Node, change: Change) -> Node:
    """Numbers by period or date; where there is none (0), nothing is added."""
    entries = {}
    for key, part in below.value.items():
        one = amount(part.value) if not isinstance(part.value, dict | list) else None
        entries[key] = part if one is not None and one.value == 0 else all_numbers(part, change)
    return Node(entries, *place(change.node))


def _distribution(below: Node, change: Change) -> Node:
    """A distribution stretched or moved: every parameter of its size, none of its shape."""
    luck = {word: node for word, node in below.value.items() if word in DRAWN_WITH}
    ((kind, parameters),) = ((k, node) for k, node in below.value.items() if k not in luck)
    shaped = isinstance(parameters.value, dict) and any(word in parameters.value for word in WORDS)
    movable = kind in MOVED and not shaped
    if change.add is not None and change.add.value != 0 and not movable:
        raise change.refused(
            f"a {kind} distribution cannot be moved by `add`", shown(as_raw(change.node)),
            "`{times: 1.25}`, or the whole distribution written out",
        )  # fmt: skip
    if not isinstance(parameters.value, dict):
        return Node({kind: _number(parameters, change), **luck}, *place(change.node))
    sized: dict[str, Node] = {}
    for name, node in parameters.value.items():
        if name in SHAPES or (name == TIMES and "log_mean" not in parameters.value):
            sized[name] = node
        elif name == "points" and isinstance(node.value, list):
            sized[name] = Node([_point(item, change) for item in node.value], *place(change.node))
        elif isinstance(node.value, list):
            items = [all_numbers(item, change) for item in node.value]
            sized[name] = Node(items, *place(change.node))
        else:
            sized[name] = all_numbers(node, change)
    if "log_mean" in sized and TIMES not in sized:
        sized[TIMES] = Node(float(change.times), *place(change.node))
    return Node({kind: Node(sized, *place(change.node)), **luck}, *place(change.node))


def _point(pair: Node, change: Change) -> Node:
    """A probability, which stays, and a value, which is changed."""
    if not isinstance(pair.value, list) or len(pair.value) != 2:
        return pair
    probability, value = pair.value
    return Node([probability, all_numbers(value, change)], *place(change.node))


def _after_opening(below: Node, change: Change) -> Node:
    """A delay until something opens, of which what comes `then` is changed."""
    if "then" not in below.value:
        raise change.refused(
            "what stands below waits until something opens, and has no number to change",
            shown(as_raw(below)), "the whole value written out",
        )  # fmt: skip
    then = all_numbers(below.value["then"], change)
    return Node({**below.value, "then": then}, *place(change.node))


def _reference(below: Node, change: Change) -> Node:
    """A value from a parameter, changed after it has been taken from there."""
    found = adjusted(below, change.times, change.add, place(change.node))
    if found is None:
        raise change.refused(
            "what is added is not of the kind of what is added already", shown(as_raw(below)),
            "the parameter changed, or the whole value written out",
        )  # fmt: skip
    return Node(found, *place(change.node))
