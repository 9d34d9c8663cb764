"""Changes that a slip, a bad copy or a hostile hand makes to a scenario."""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Callable, Sequence
from typing import Any

#: parts of a path: names and positions in lists
Where = tuple[Any, ...]

#: numbers and texts at the edges of what can be read
EXTREMES: Sequence[Any] = (
    *(0, 1, -1, 2, 0.0, 1e-9, 1e-300, 0.5, 0.999999999999, 1.0000001, 32767, 32768, 65536),
    *(2**31 - 1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, 1e9, 1e15, 1e308, -0.0),
    *("0 min", "1e-9 s", "1 s", "100 years", "1e9 years", "-5 min", "0 %", "100 %", "1e-9 %"),
    *("101 %", "1 per year", "10000 per min", "1e9 per hour", "unlimited", "never", "rest"),
    *("1900-01-01", "2199-12-31", "2024-02-30", "0001-01-01", "always", "mon 22:00-06:00"),
    *("mon-sun 00:00-24:00", "", " ", "by", "other", "yes", "no", "none", "next", "true"),
    *("name with spaces", "näme", "a" * 200, "a.b", "<b>", "=1+1", "=", "null"),
)

#: values of every kind that a field may have by mistake
KINDS: Sequence[Any] = (
    *(None, True, False, 0, 1, 7, 2.5, "text", "20 min", "50 %", [], [1, 2], ["text"], {}),
    *({"by": "nobody", "other": 1}, {"by": "nobody"}, {"text": 1}, {"text": "rest"}),
    *({"lognormal": {"mean": "2 h", "sd": "1 h"}}, {"constant": "5 min"}, [[]], [{}]),
)


def mutant(tree: Any, others: Sequence[Any], choose: random.Random) -> tuple[Any, list[str]]:
    """A copy of a tree with one to four mutations, and what they were.

    `others` are trees from which parts may be taken over.
    """
    changed = copy.deepcopy(tree)
    said = []
    for _ in range(choose.choice((1, 1, 1, 1, 2, 2, 3, 4))):
        mutate = choose.choice(GENTLE if choose.random() < 0.5 else ROUGH)
        said.append(mutate(changed, others, choose) or f"{mutate.__name__}: nothing to change")
    return changed, said


def places(tree: Any, done: Where = ()) -> list[Where]:
    """Paths of everything within a tree."""
    found: list[Where] = [done] if done else []
    if isinstance(tree, dict):
        for key, part in tree.items():
            found += places(part, (*done, key))
    elif isinstance(tree, list):
        for index, part in enumerate(tree):
            found += places(part, (*done, index))
    return found


def at(tree: Any, where: Where) -> Any:
    """What stands at a path."""
    for part in where:
        tree = tree[part]
    return tree


def _put(tree: Any, where: Where, value: Any) -> None:
    at(tree, where[:-1])[where[-1]] = value


def _anywhere(tree: Any, choose: random.Random) -> Where | None:
    """A path at random; each depth as likely, or most would be leaves of tables."""
    found = places(tree)
    if not found:
        return None
    depth = choose.choice(sorted({len(where) for where in found}))
    return choose.choice([where for where in found if len(where) == depth])


def _leaf(tree: Any, choose: random.Random) -> Where | None:
    leaves = [where for where in places(tree) if not isinstance(at(tree, where), dict | list)]
    return choose.choice(leaves) if leaves else None


def _named(tree: Any, choose: random.Random) -> Where | None:
    """The path of something that has a name."""
    found = [where for where in places(tree) if isinstance(at(tree, where[:-1]), dict)]
    if not found:
        return None
    depth = choose.choice(sorted({len(where) for where in found}))
    return choose.choice([where for where in found if len(where) == depth])


def delete(tree: Any, others: Sequence[Any], choose: random.Random) -> str:
    where = _anywhere(tree, choose)
    if where is None:
        return ""
    del at(tree, where[:-1])[where[-1]]
    return f"delete {_shown(where)}"


def duplicate(tree: Any, others: Sequence[Any], choose: random.Random) -> str:
    """The same thing again under another name, or once more in a list."""
    where = _anywhere(tree, choose)
    if where is None:
        return ""
    around, value = at(tree, where[:-1]), copy.deepcopy(at(tree, where))
    if isinstance(around, list):
        around.insert(where[-1], value)
    else:
        around[_other_name(tree, choose)] = value
    return f"duplicate {_shown(where)}"


def swap(tree: Any, others: Sequence[Any], choose: random.Random) -> str:
    """Two values in each other's place."""
    one, other = _anywhere(tree, choose), _anywhere(tree, choose)
    if one is None or other is None:
        return ""
    shorter = min(len(one), len(other))
    if one[:shorter] == other[:shorter]:
        return ""
    first, second = at(tree, one), at(tree, other)
    _put(tree, one, second)
    _put(tree, other, first)
    return f"swap {_shown(one)} and {_shown(other)}"


def reorder(tree: Any, others: Sequence[Any], choose: random.Random) -> str:
    """The parts of one thing in another order."""
    found = [where for where in [(), *places(tree)] if len(_parts(at(tree, where))) > 1]
    if not found:
        return ""
    where = choose.choice(found)
    thing = at(tree, where)
    if isinstance(thing, dict):
        items = list(thing.items())
        choose.shuffle(items)
        thing.clear()
        thing.update(items)
    else:
        choose.shuffle(thing)
    return f"reorder {_shown(where)}"


def _parts(thing: Any) -> Any:
    return thing if isinstance(thing, dict | list) else ()


def retype(tree: Any, others: Sequence[Any], choose: random.Random) -> str:
    where = _anywhere(tree, choose)
    if where is None:
        return ""
    value = copy.deepcopy(choose.choice(KINDS))
    _put(tree, where, value)
    return f"{_shown(where)} is {value!r}"


def rename(tree: Any, others: Sequence[Any], choose: random.Random) -> str:
    """A thing under another name, its place among the others kept."""
    where = _named(tree, choose)
    if where is None:
        return ""
    around, name = at(tree, where[:-1]), _other_name(tree, choose)
    items = [(name if key == where[-1] else key, value) for key, value in around.items()]
    around.clear()
    around.update(items)
    return f"rename {_shown(where)} to {name!r}"


def rewrite(tree: Any, others: Sequence[Any], choose: random.Random) -> str:
    """A name where another one stood."""
    where = _leaf(tree, choose)
    if where is None:
        return ""
    name = _other_name(tree, choose)
    _put(tree, where, name)
    return f"{_shown(where)} is {name!r}"


def extreme(tree: Any, others: Sequence[Any], choose: random.Random) -> str:
    where = _leaf(tree, choose)
    if where is None:
        return ""
    value = choose.choice(EXTREMES)
    _put(tree, where, value)
    return f"{_shown(where)} is {value!r}"


def transplant(tree: Any, others: Sequence[Any], choose: random.Random) -> str:
    """What another place or scenario has under the same name, or at the same depth."""
    where = _anywhere(tree, choose)
    if where is None:
        return ""
    source = choose.choice([tree, *others])
    alike = [w for w in places(source) if w[-1] == where[-1]]
    alike = alike or [w for w in places(source) if len(w) == len(where)]
    if not alike:
        return ""
    taken = choose.choice(alike)
    _put(tree, where, copy.deepcopy(at(source, taken)))
    return f"{_shown(where)} is what {_shown(taken)} was"


def nest(tree: Any, others: Sequence[Any], choose: random.Random) -> str:
    """A value that varies by an attribute."""
    where = _leaf(tree, choose)
    if where is None:
        return ""
    value, name = at(tree, where), _other_name(tree, choose)
    cells = {"by": name, "yes": value, "other": choose.choice(EXTREMES)}
    _put(tree, where, cells if choose.random() < 0.5 else {"by": name, "other": value})
    return f"{_shown(where)} by {name!r}"


def exchange(tree: Any, others: Sequence[Any], choose: random.Random) -> str:
    """The values that two places of the same kind have, in each other's place."""
    found = places(tree)
    if not found:
        return ""
    one = choose.choice(found)
    alike = [w for w in found if w[-1] == one[-1] and len(w) == len(one) and w != one]
    if not alike:
        return ""
    other = choose.choice(alike)
    first, second = at(tree, one), at(tree, other)
    _put(tree, one, second)
    _put(tree, other, first)
    return f"exchange {_shown(one)} and {_shown(other)}"


def adjust(tree: Any, others: Sequence[Any], choose: random.Random) -> str:
    """Another number of the same kind, with the same unit."""
    numbers = [w for w in places(tree) if _parted(at(tree, w)) is not None]
    if not numbers:
        return ""
    where = choose.choice(numbers)
    number, unit = _parted(at(tree, where)) or (0.0, "")
    changed = choose.choice((0, 1, number + 1, number * 2, number * 7, number * 40, number / 3))
    whole = round(changed) if isinstance(number, int) or float(changed).is_integer() else changed
    _put(tree, where, f"{whole} {unit}" if unit else whole)
    return f"{_shown(where)} is {at(tree, where)!r}"


def _parted(value: Any) -> tuple[float, str] | None:
    """A number and its unit, if a value is one."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value, ""
    match = re.fullmatch(r"([0-9.]+) *(%|[a-z]+|per [a-z]+)", value) if _text(value) else None
    return (float(match[1]), match[2]) if match and match[1].count(".") < 2 else None


def _text(value: Any) -> bool:
    return isinstance(value, str) and value[:1].isdigit() and "." not in (value[0], value[-1])


Mutation = Callable[[Any, Sequence[Any], random.Random], str]

#: mutations after which a scenario is often still valid
GENTLE: Sequence[Mutation] = (adjust, adjust, exchange, exchange, reorder, transplant)

#: mutations that mostly break it
ROUGH: Sequence[Mutation] = (
    *(delete, duplicate, swap, retype, rename, rewrite, rewrite, extreme, extreme, extreme),
    *(transplant, nest),
)


def _other_name(tree: Any, choose: random.Random) -> str:
    """A name that stands somewhere in the tree, or a slip of one."""
    found = sorted({str(part) for where in places(tree) for part in where} | _texts(tree))
    name = choose.choice(found) if found else "name"
    if choose.random() < 0.2:
        name = choose.choice((name[:-1], name + "x", name.upper(), name.replace("_", " ")))
    return name


def _texts(tree: Any) -> set[str]:
    values = (at(tree, where) for where in places(tree))
    return {value for value in values if isinstance(value, str)}


def _shown(where: Where) -> str:
    return ".".join(str(part) for part in where) or "everything"


def as_text(tree: Any) -> str:
    """A tree as YAML (as JSON, which is YAML and quick to write)."""
    return json.dumps(tree, ensure_ascii=False, indent=1)
