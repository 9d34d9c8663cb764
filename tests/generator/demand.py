"""Invented crises: rates, relative rates, profiles, attributes of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.generator.values import Attribute, shares, table

if TYPE_CHECKING:
    from tests.generator.scenarios import Draft

#: crisis attributes; the first may be drawn by several crises, not always with the same levels
OWN = (
    Attribute("severity", ("minor", "major", "dire")),
    Attribute("injury", ("none_seen", "head", "hip")),
    Attribute("onset_place", ("home", "street")),
)

#: about this many crises in a run, whatever its length and population
WANTED = 150


def crises(d: Draft) -> None:
    """Add the crises, all but the steps at which they start (`pathway` adds those)."""
    names = ("fall", "Infection", "flare2")[: d.c.whole(1, 3)]
    drawn = {name: _own(d, number) for number, name in enumerate(names)}
    levels: dict[str, dict[str, None]] = {}  # of each attribute, over all crises that draw it
    for several in drawn.values():
        for attribute in several:
            levels.setdefault(attribute.name, {}).update(dict.fromkeys(attribute.levels))
    d.own = {
        name: [Attribute(a.name, tuple(levels[a.name])) for a in several]
        for name, several in drawn.items()
    }
    d.tree["crises"] = {name: _crisis(d, several, len(names)) for name, several in drawn.items()}


def _own(d: Draft, number: int) -> list[Attribute]:
    """Attributes that a crisis draws, with the levels that it draws."""
    chosen = [a for a in (OWN[0], OWN[1 + number % 2]) if d.c.chance(50)]
    return [Attribute(a.name, a.levels[: d.c.whole(2, len(a.levels))]) for a in chosen]


def _crisis(d: Draft, own: list[Attribute], of: int) -> dict[str, Any]:
    c = d.c
    entry: dict[str, Any] = {"rate": _rate(d, of)}
    if c.chance(60):
        entry["relative_rates"] = {
            f"factor{n}": table(
                c,
                lambda: c.one_of([1, 0.4, 1.5, 2.7, 0, "80 %"]),
                d.anyone,
                percent=85,
                depth=2,
            )
            for n in range(c.whole(1, 2))
        }
    varying = profile(d)
    if varying:
        entry["profile"] = varying
    if own:
        entry["attributes"] = {}
        known = list(d.anyone)
        for attribute in own:
            entry["attributes"][attribute.name] = _attribute(d, attribute, known)
            known.append(next(a for a in _of_all(d) if a.name == attribute.name))
    return entry


def _of_all(d: Draft) -> list[Attribute]:
    """The attributes that crises draw, each with all its levels."""
    return [attribute for several in d.own.values() for attribute in several]


def _attribute(d: Draft, attribute: Attribute, known: list[Attribute]) -> dict[str, Any]:
    """A drawn attribute; its levels are fixed, for not every cell need name them all."""
    names = list(attribute.levels)

    def leaf() -> Any:
        return shares(d.c, names[: d.c.whole(1, len(names))])

    return {"shares": table(d.c, leaf, known, percent=40, depth=2), "levels": names}


def _rate(d: Draft, of: int) -> Any:
    """A rate that gives about `WANTED` crises in the run, however it is written."""
    c = d.c
    wanted = WANTED * c.one_of([1, 2, 4]) / of
    if c.chance(25):
        unit, minutes = c.one_of([("hour", 60.0), ("min", 1.0), ("day", 1440.0)])
        return f"{wanted / d.minutes * minutes:.5f} per {unit}"
    yearly = 1000.0 * wanted / _people(d) * 525600.0 / d.minutes
    yearly = min(yearly, 300_000.0)

    def leaf() -> Any:
        return round(yearly * c.one_of([1.0, 0.3, 2.0, 0.0]), 1)

    return table(c, leaf, d.drawn, percent=50, depth=2) if c.chance(70) else round(yearly, 1)


def _people(d: Draft) -> int:
    if d.strata:
        return max(1, sum(int(line.rsplit(",", 1)[1]) for line in d.strata.splitlines()[1:]))
    return int(d.tree["people"]["number"])


def profile(d: Draft) -> dict[str, Any]:
    """How a rate varies over time, if it does."""
    c = d.c
    found: dict[str, Any] = {}
    if c.chance(45):
        found["hour"] = _hours(d)
        if c.chance(40):
            found["hour"] = {"mon-fri": _hours(d), "sat-sun": _hours(d)}
    if c.chance(30):
        found["weekday"] = [c.whole(1, 4) for _ in range(7)]
    if c.chance(25):
        found["month"] = [c.whole(1, 4) for _ in range(12)]
    if c.chance(25):
        found["growth"] = c.one_of([0.02, "10 %", -0.5, 5])
        if c.chance(40):
            found["growth_from"] = d.day()
    if c.chance(30):
        found["day_to_day"] = c.one_of([0.1, 0.6, {"shared": "weather", "cv": 0.3, "own": 0.1}])
    return found


def _hours(d: Draft) -> list[Any]:
    """24 factors with a quiet and a busy part, perhaps with hours in which nothing happens."""
    quiet, busy = d.c.one_of([(0, 2), (1, 3), (0.25, 1)])
    first = d.c.whole(1, 20)
    return [busy if first <= hour <= first + 3 else quiet for hour in range(24)]
