"""What can be moved on the page: a slider for each value, with its range, in the unit it has.

These are the capacities (the busiest first, by the loads that `check` estimates), the coverage of
programmes, and what is uncertain. A capacity that varies with the hour is moved as a whole: so many
more, whenever there are any.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.experiment.designs.draws import quantile
from sim.report.world import readable
from sim.scenario.files.parameters import is_reference
from sim.scenario.files.paths import at, find
from sim.scenario.files.reading import Node, as_raw
from sim.scenario.written.quantities import UNITS

if TYPE_CHECKING:
    from sim.scenario import Loaded

STAFF = "Staff, beds and vehicles"  #: the group of capacities

#: how far a capacity may be moved: so much of itself either way
REACH = 0.3

#: and by so many units at least
LEAST_UNITS = 3

#: positions a slider has, about
POSITIONS = 40

#: the part of an uncertain value's distribution that a slider covers
WITHIN = 0.025, 0.975

#: controls that are shown at once of each group; the others are folded away
SHOWN = 8


@dataclass(frozen=True)
class Control:
    """A slider: where its value stands, what it is called, how far it goes, in which unit.

    `moves` is ``value`` where the value is replaced, ``add`` where so many are added to every
    number that is not zero. `needs` are the options without which there is no such value.
    """

    path: str
    title: str
    group: str
    moves: str
    low: float
    high: float
    step: float
    unit: str = ""
    needs: tuple[str, ...] = ()


def controls(whole: Loaded, alone: Mapping[str, Loaded], baseline: Loaded) -> tuple[Control, ...]:
    """The controls of a scenario and its options.

    Parameters
    ----------
    whole
        The scenario with every option.
    alone
        The scenario with each option by itself, by the option's name.
    baseline
        The scenario without any.
    """
    found = [
        *_capacities(whole, (baseline, *alone.values())),
        *_programmes(whole),
        *_uncertain(whole),
    ]
    placed = []
    for control in found:
        needs: tuple[str, ...] = ()
        if find(baseline.merged, control.path) is None:
            needs = tuple(
                name for name, one in alone.items() if find(one.merged, control.path) is not None
            )
        placed.append(Control(**{**control.__dict__, "needs": needs}))
    return tuple(placed)


def position(control: Control, loaded: Loaded, values: Mapping[str, object]) -> float | None:
    """Where a control stands in a world, given the values laid over it; None if it is not there.

    A value that was changed in a way that a slider cannot show is NaN.
    """
    changed = values.get(control.path)
    if control.moves == "add":
        if find(loaded.merged, control.path) is None:
            return None
        return 0.0 if changed is None else _added(changed)
    node = _value_node(loaded.merged, control.path)
    if node is None:
        return None
    number = _number(as_raw(node), control.unit)
    return math.nan if number is None else number


def value(control: Control, position: float, loaded: Loaded) -> object:
    """What stands at the path of a control once it is moved to a position; None for no change."""
    number: float | int = int(position) if position == int(position) else round(position, 10)
    if control.moves == "value":
        if control.unit == "":
            return number
        return f"{number:g} {control.unit}"
    if not number:
        return None
    parts = find(loaded.merged, control.path)
    node = at(loaded.merged, parts) if parts else None
    return _add_to(node, number) if node is not None else {"add": number}


def _capacities(loaded: Loaded, others: Sequence[Loaded]) -> Iterator[Control]:
    """A control for each capacity that is a number or varies with the time.

    Where it varies in any of the worlds, what is moved is how many more there are.
    """
    for name in _busiest_first(loaded):
        resource = loaded.model.resources[name]
        path = f"resources.{name}.capacity"
        node = _value_node(loaded.merged, path)
        if node is None or resource.slots is not None:
            continue
        title = resource.title or readable(name)
        number = _number(as_raw(node), "")
        elsewhere = [_value_node(each.merged, path) for each in others]
        plain = all(_number(as_raw(each), "") is not None for each in elsewhere if each)
        if number is not None and plain:
            reach = max(LEAST_UNITS, math.ceil(REACH * number))
            low = max(0.0, number - reach)
            yield Control(path, title, STAFF, "value", low, number + reach, 1)
            continue
        leaves = list(_numbers(node))
        if not leaves or any(leaf is None for leaf in leaves):
            continue  # unlimited, or it comes from a parameter, which has a control
        there = [leaf for leaf in leaves if leaf]
        if there:
            reach = max(LEAST_UNITS, math.ceil(REACH * max(there)))
            low = -min(min(there), float(reach))
            yield Control(path, title, STAFF, "add", low, float(reach), 1, "whenever open")


def _busiest_first(loaded: Loaded) -> list[str]:
    from sim.scenario.check import check

    load: dict[str, float] = {}
    for row in check(loaded).load.rows:
        load[row.of] = max(row.ratio, load.get(row.of, 0.0))
    return sorted(loaded.model.resources, key=lambda name: -load.get(name, -1.0))


def _programmes(loaded: Loaded) -> Iterator[Control]:
    for name, programme in loaded.model.programmes.items():
        path = f"programmes.{name}.coverage"
        node = _value_node(loaded.merged, path)
        unit = _unit(as_raw(node)) if node is not None else None
        if unit in ("%", ""):
            title = f"{programme.title or readable(name)}: share of those eligible"
            high, step = (100.0, 1.0) if unit == "%" else (1.0, 0.01)
            yield Control(path, title, "Programmes", "value", 0.0, high, step, unit)


def _uncertain(loaded: Loaded) -> Iterator[Control]:
    """What has an uncertainty, and parameters that capacities take their numbers from."""
    model = loaded.model
    for path, distribution in model.uncertainty.items():
        node = _value_node(loaded.merged, path)
        unit = _unit(as_raw(node)) if node is not None else None
        if node is None or unit is None:
            continue
        low, high = (quantile(distribution, each) for each in WITHIN)
        scale = float(UNITS[unit]) if unit in UNITS else 0.01 if unit == "%" else 1.0
        now = _number(as_raw(node), unit)
        assert now is not None
        low, high, step = _steps(now, min(low / scale, now), max(high / scale, now))
        yield Control(path, _title(loaded, path), "Assumptions", "value", low, high, step, unit)
    for name, parameter in model.parameters.items():
        path = f"parameters.{name}"
        users = [text for text in model.resources if _refers(loaded, text, name)]
        if path in model.uncertainty or not users:
            continue
        node = _value_node(loaded.merged, path)
        number = _number(as_raw(node), "") if node is not None else None
        if number is not None:
            reach = max(LEAST_UNITS, math.ceil(REACH * number))
            title = parameter.title or readable(name)
            low = max(0.0, number - reach)
            yield Control(path, title, STAFF, "value", low, number + reach, 1)


def _refers(loaded: Loaded, resource: str, parameter: str) -> bool:
    """Whether the capacity of a resource takes a number from a parameter."""
    node = at(loaded.merged, ("resources", resource, "capacity"))
    return node is not None and f"'parameter': '{parameter}'" in repr(as_raw(node))


def _title(loaded: Loaded, path: str) -> str:
    section, _, rest = path.partition(".")
    if section == "parameters" and rest in loaded.model.parameters:
        return loaded.model.parameters[rest].title or readable(rest)
    return readable(rest.replace(".", ", "))


def _value_node(root: Node, path: str) -> Node | None:
    """The node that a control is about: that of a parameter's `value`, where it is written long."""
    parts = find(root, path)
    node = at(root, parts) if parts else None
    if node is not None and isinstance(node.value, dict) and parts and parts[0] == "parameters":
        return node.child("value")
    return node


def _unit(raw: object) -> str | None:
    """The unit a number is written with; empty for none, None if it is no number."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int | float):
        return ""
    if not isinstance(raw, str):
        return None
    number, _, unit = raw.strip().partition(" ")
    if raw.strip().endswith("%"):
        number, unit = raw.strip()[:-1].strip(), "%"
    try:
        float(number)
    except ValueError:
        return None
    return unit if unit == "%" or unit in UNITS or not unit else None


def _number(raw: object, unit: str) -> float | None:
    """The number of a value written in a unit; None if it is written otherwise."""
    written = _unit(raw)
    if written is None:
        return None
    text = str(raw).strip().removesuffix("%").split(" ")[0]
    number = float(text)
    if written == unit:
        return number
    if written in UNITS and unit in UNITS:
        return number * float(UNITS[written] / UNITS[unit])
    scale = {"%": 0.01, "": 1.0}
    return number * scale[written] / scale[unit] if written in scale and unit in scale else None


def _numbers(node: Node) -> Iterator[float | None]:
    """Every number of a table or weekly pattern; None for what is none."""
    if isinstance(node.value, dict):
        if is_reference(node):
            yield None
            return
        for name, part in node.value.items():
            if name != "by":
                yield from _numbers(part)
        return
    yield _number(node.value, "")


def _add_to(node: Node, number: float) -> dict[str, Any]:
    """The change that adds a number wherever there is one that is not zero."""
    if all(_numbers(node)):
        return {"add": number}
    assert isinstance(node.value, dict)
    found: dict[str, Any] = {}
    for name, part in node.value.items():
        if name == "by":
            continue
        if isinstance(part.value, dict):
            inner = _add_to(part, number) if any(_numbers(part)) else {}
            found |= {name: inner} if inner else {}
        elif _number(part.value, ""):
            found[name] = {"add": number}
    return found


def _added(change: object) -> float:
    """How many a change adds, the same wherever it adds any; NaN if it is no such change."""
    if not isinstance(change, dict):
        return math.nan
    if set(change) == {"add"} and isinstance(change["add"], int | float):
        return float(change["add"])
    found = {_added(part) for part in change.values()}
    return found.pop() if len(found) == 1 else math.nan


def _steps(now: float, low: float, high: float) -> tuple[float, float, float]:
    """Bounds on a grid of round steps through the present value."""
    rough = (high - low) / POSITIONS or max(abs(now), 1.0) / POSITIONS
    scale = 10.0 ** math.floor(math.log10(rough))
    step = next(m * scale for m in (1, 2, 5, 10) if m * scale >= rough * 0.999)
    below, above = math.floor((now - low) / step + 1e-9), math.floor((high - now) / step + 1e-9)
    return round(now - below * step, 10), round(now + above * step, 10), round(step, 10)


def folded(found: Sequence[Control]) -> frozenset[str]:
    """Paths of the controls that are folded away: what comes late in its group."""
    counted: dict[str, int] = {}
    paths = set()
    for control in found:
        counted[control.group] = counted.get(control.group, 0) + 1
        if counted[control.group] > SHOWN:
            paths.add(control.path)
    return frozenset(paths)
