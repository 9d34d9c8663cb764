"""A whole invented scenario: people, what befalls them, what there is to help, a pathway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.generator.arrivals import arrivals
from tests.generator.booking import slots
from tests.generator.choices import Choices, FromHypothesis, FromNumber
from tests.generator.demand import crises
from tests.generator.elsewhere import changes, parameters
from tests.generator.gates import clocks, tag_some_step
from tests.generator.luck import share_luck
from tests.generator.pathway import pathway
from tests.generator.requests import asked, pools, react
from tests.generator.values import (
    ANY,
    WHOLE,
    Attribute,
    capacity,
    duration,
    periods,
    shares,
    table,
)

NO_YES = ("no", "yes")

#: names whose natural order is neither that of their invention nor alphabetical
RESOURCES = ("unit10", "unit9", "Zebra", "beds2")


@dataclass
class Draft:
    """A scenario being invented."""

    c: Choices
    mode: str  #: how durations are drawn
    start: date
    days: int
    minutes: int  #: of the whole run
    tree: dict[str, Any] = field(default_factory=dict)
    strata: str = ""  #: text of the strata file
    drawn: list[Attribute] = field(default_factory=list)  #: of people, never set by steps
    settable: list[Attribute] = field(default_factory=list)  #: changed by steps
    kept: list[Attribute] = field(default_factory=list)  #: settable ones kept by the person
    around: list[Attribute] = field(default_factory=list)  #: programmes, calendars, signals
    own: dict[str, list[Attribute]] = field(default_factory=dict)  #: drawn by each crisis
    elapsed: list[Attribute] = field(default_factory=list)  #: times since something in an episode
    asking: bool = False  #: whether steps may ask for more than one unit of one resource

    @property
    def anyone(self) -> list[Attribute]:
        """Attributes every person has at any time."""
        return [*self.drawn, *self.kept, *self.around]

    @property
    def everything(self) -> list[Attribute]:
        """Attributes that steps may vary by."""
        own = {a.name: a for several in self.own.values() for a in several}
        lacking = [
            a.name
            for a in own.values()
            if any(a.name not in {b.name for b in several} for several in self.own.values())
        ]
        drawn = [
            Attribute(a.name, (*a.levels, "none")) if a.name in lacking else a for a in own.values()
        ]
        episode = [a for a in self.settable if a not in self.kept]
        return [*self.anyone, *episode, *drawn, *self.elapsed]

    def day(self, within: bool = True) -> str:
        """A date of the run, or somewhat before or after it."""
        low, high = (0, self.days) if within else (-3, self.days + 3)
        return (self.start + timedelta(days=self.c.whole(low, high))).isoformat()


@dataclass(frozen=True)
class Invented:
    """A scenario as a tree of plain values, and the text of its strata file ("" if none).

    `above` is what a second file says that extends the first, if anything.
    """

    tree: dict[str, Any]
    strata: str
    above: dict[str, Any] = field(default_factory=dict)

    def write(self, folder: Path, name: str = "scenario.yaml") -> Path:
        """Write the files into a folder; returns the scenario's."""
        if self.strata:
            (folder / "strata.csv").write_text(self.strata, encoding="utf-8")
        path = folder / name
        tree = self.tree
        if self.above:
            (folder / f"base_of_{name}").write_text(as_yaml(tree), encoding="utf-8")
            tree = {"title": "Extended", "extends": f"base_of_{name}", **self.above}
        path.write_text(as_yaml(tree), encoding="utf-8")
        return path


def as_yaml(tree: Any) -> str:
    """A tree as YAML text."""
    import io

    from ruamel.yaml import YAML

    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.width = 100
    writer.representer.sort_base_mapping_type_on_output = False
    writer.representer.ignore_aliases = lambda *_: True  # the language has no anchors
    stream = io.StringIO()
    writer.dump(tree, stream)
    return stream.getvalue()


def scenarios() -> Any:
    """A hypothesis strategy of `Invented` scenarios."""
    from hypothesis import strategies

    @strategies.composite
    def drawn(draw: Any) -> Invented:
        return invent(FromHypothesis(draw))

    return drawn()


def scenario(number: int) -> Invented:
    """The scenario that follows from a number, always the same."""
    return invent(FromNumber(number))


def asking(number: int) -> Invented:
    """The scenario with requests of all kinds that follows from a number."""
    return invent(FromNumber(number), asking=True)


def invent(c: Choices, asking: bool = False) -> Invented:
    """Invent a scenario from the decisions of `c`."""
    d = _draft(c)
    d.asking = asking
    _people(d)
    _calendars(d)
    d.tree["resources"] = _resources(d)
    _signals(d)
    _programmes(d)
    _set_attributes(d)
    crises(d)
    pathway(d)
    tag_some_step(d)
    _turnarounds(d)
    _cases(d)
    _prices(d)
    if d.asking:
        react(d)
        slots(d)
    above = _above(d)
    # last, so that what was invented before these words stays what it was
    if c.chance(40) and (found := parameters(c, d.tree)):
        d.tree["parameters"] = found
    if c.chance(30):
        above = _merged(above, changes(c, d.tree))
    arrivals(d)
    share_luck(d)
    return Invented({key: part for key, part in d.tree.items() if part != {}}, d.strata, above)


def _above(d: Draft) -> dict[str, Any]:
    """What a second file changes: `fifo` where steps have priorities, which it then ignores.

    Within one file that is refused, as it can hardly be meant.
    """
    resources = d.tree["resources"]
    prioritised = {
        name
        for step in d.tree["pathway"].values()
        if step.get("priority") is not None
        for name in asked(step)
    }
    moved = {
        name: {"discipline": "fifo"}
        for name in sorted(prioritised)
        if resources[name].get("discipline") == "fifo"
    }
    for name in moved:
        del resources[name]["discipline"]
    return {"resources": moved} if moved else {}


def _merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Two mappings of mappings in one."""
    both = dict(one)
    for name, part in other.items():
        nested = isinstance(part, dict) and isinstance(one.get(name), dict)
        both[name] = _merged(one[name], part) if nested else part
    return both


def _draft(c: Choices) -> Draft:
    start = date(2024, 1, 1) + timedelta(days=c.one_of([0, 56, 59, 150, 304, 363]))
    days = c.whole(1, 9)
    warm_up = c.one_of(["0 min", "1 day", "12 h"])
    duration_of_run, minutes = c.one_of(
        [(f"{days} days", days * 1440), (f"{days * 24 + 7} h", days * 1440 + 420),
         (f"{days * 1440 + 90} min", days * 1440 + 90)]
    )  # fmt: skip
    d = Draft(c, c.one_of([ANY, WHOLE]), start, days, minutes)
    d.tree["title"] = "Invented"
    d.tree["run"] = {
        "start": start.isoformat(),
        "warm_up": warm_up,
        "duration": duration_of_run,
        "replications": 2,
        "seed": c.whole(0, 9),
    }
    return d


def _people(d: Draft) -> None:
    c = d.c
    attributes: dict[str, Any] = {}
    people: dict[str, Any] = {}
    if c.chance(25):
        people["strata"] = "strata.csv"
        d.strata = "age,sex,people\n" + "".join(
            f"{age},{sex},{c.whole(0, 60)}\n" for age in ("0-4", "5-64", "65+") for sex in "fm"
        )
        d.strata += "65+,x,5\n"
        d.drawn += [Attribute("age", ("0-4", "5-64", "65+")), Attribute("sex", ("f", "m", "x"))]
    else:
        people["number"] = c.one_of([40, 150, 400, 8])
    for name, levels in (
        ("deprived", ("no", "yes")),
        ("frailty", ("fit", "mild", "severe")),
        ("ltc", ("0", "1", "2+")),
    )[: c.whole(0, 3)]:
        attributes[name] = {"shares": _shares_of(d, levels, d.drawn)}
        if c.chance(30):
            attributes[name]["levels"] = list(levels[::-1])
        d.drawn.append(Attribute(name, levels))
    if c.chance(30):
        attributes["alone"] = {"shares": _shares_of(d, NO_YES, d.drawn)}
        changed = Attribute("alone", NO_YES)
        d.settable.append(changed)
        d.kept.append(changed)
    if attributes:
        people["attributes"] = attributes
    d.tree["people"] = people


def _shares_of(d: Draft, levels: Sequence[str], by: Sequence[Attribute]) -> Any:
    """Shares of all levels (somewhere in a table, so that every level exists)."""
    written = table(d.c, lambda: shares(d.c, levels), by, percent=40, depth=2)
    # a single level alone would not name the others
    return written if isinstance(written, dict) else {levels[0]: 0.5, levels[1]: "rest"}


def _calendars(d: Draft) -> None:
    c = d.c
    found: dict[str, Any] = {}
    for name in ("in_hours", "launched")[: c.whole(0, 2)]:
        several = "mon-fri 08:00-12:00, mon-fri 13:00-17:30, sat 09:00-12:00"
        entry: dict[str, Any] = {"open": c.one_of(["always", periods(c), several])}
        if c.chance(40):
            entry["since"] = d.day()
        if c.chance(30):
            entry["until"] = (d.start + timedelta(days=d.days + c.whole(1, 3))).isoformat()
        if c.chance(30):
            entry["closed_on"] = [d.day()]
        if c.chance(20):
            d.tree["holidays"] = c.one_of(["england", {"of": "scotland", "like": "sat"}])
            entry["holidays"] = c.one_of(["only", "never"])
        found[name] = entry["open"] if len(entry) == 1 and c.chance(50) else entry
        d.around.append(Attribute(name, NO_YES))
    d.tree["calendars"] = found


def _resources(d: Draft) -> dict[str, Any]:
    c = d.c
    found: dict[str, Any] = {}
    for name in RESOURCES[: c.whole(1, 4)]:
        entry: dict[str, Any] = {"capacity": capacity(c, 4)}
        if c.chance(12):
            entry["capacity"] = "unlimited"
        if c.chance(35):
            dates = {d.day() for _ in range(c.whole(1, 2))}
            entry["changes"] = {
                day: c.one_of([capacity(c, 4), 0, "unlimited"]) if c.chance(60) else 1
                for day in sorted(dates)
            }
        if c.chance(30):
            entry["discipline"] = c.one_of(["priority", "fifo"])
        if c.chance(35):
            entry["queue_limit"] = c.whole(0, 3)
        if c.chance(40):
            entry["bed"] = c.one_of(["acute", "community"])
        found[name] = entry
        if d.asking:
            pools(d, entry)
    return found


def _turnarounds(d: Draft) -> None:
    """Times after release, once all attributes they may vary by exist."""
    for entry in d.tree["resources"].values():
        if d.c.chance(35):
            entry["turnaround"] = table(
                d.c, lambda: duration(d.c, d.mode, 20), d.everything, percent=25, depth=2
            )


def _signals(d: Draft) -> None:
    c = d.c
    found: dict[str, Any] = {}
    limited = [n for n, r in d.tree["resources"].items() if r["capacity"] != "unlimited"]
    for name in ("crowded", "full")[: c.whole(0, 2)]:
        if not limited:
            break
        watched = c.one_of(limited)
        if c.chance(50):
            found[name] = {"queue": watched, "at_least": c.whole(1, 4)}
        else:
            found[name] = {"occupancy": watched, "at_least": c.one_of(["75 %", 0.5, 1])}
        d.around.append(Attribute(name, NO_YES))
    d.tree["signals"] = found
    if d.asking:
        clocks(d)


def _programmes(d: Draft) -> None:
    c = d.c
    found: dict[str, Any] = {}
    for name in ("team", "Plan")[: c.whole(0, 2)]:
        entry: dict[str, Any] = {"coverage": c.one_of(["60 %", 1, 0.25])}
        if c.chance(60):
            first, later = sorted([d.day(), d.day()])
            entry["coverage"] = {first: c.one_of([0, "20 %"]), later: c.one_of(["80 %", 1])}
        if d.drawn and c.chance(60):
            chosen = c.one_of(d.drawn)
            levels = c.some_of(chosen.levels, 60) or [chosen.levels[0]]
            entry["eligible"] = {chosen.name: levels}
        if c.chance(35):
            entry["caseload"] = c.whole(0, 40)
        found[name] = entry
        d.around.append(Attribute(name, NO_YES))
    d.tree["programmes"] = found


def _set_attributes(d: Draft) -> None:
    c = d.c
    found: dict[str, Any] = {}
    for name, levels, on in (
        ("referred", NO_YES, "episode"),
        ("known", ("never", "once", "often"), "person"),
    ):
        if not c.chance(60):
            continue
        found[name] = {"levels": list(levels), "initially": c.one_of(levels)}
        if on == "person" or c.chance(50):
            found[name]["on"] = on
        attribute = Attribute(name, levels)
        d.settable.append(attribute)
        if on == "person":
            d.kept.append(attribute)
    d.tree["attributes"] = found


def _cases(d: Draft) -> None:
    """Named people, several at one whole minute so that they tie."""
    c = d.c
    found: dict[str, Any] = {}
    at = d.start + timedelta(days=c.whole(0, max(0, d.days - 1)))
    time = c.one_of(["09:30", "00:00", "08:00"])
    for name in ("mrs_b", "mr_a", "ms_c")[: c.whole(0, 3)]:
        crisis = c.one_of(list(d.tree["crises"]))
        known = [*d.drawn, *d.own[crisis]]
        entry: dict[str, Any] = {"crisis": crisis, "at": f"{at.isoformat()} {time}"}
        if known and c.chance(60):
            entry["attributes"] = {a.name: c.one_of(a.levels) for a in c.some_of(known)}
        if d.tree["programmes"] and c.chance(40):
            programme = c.one_of(list(d.tree["programmes"]))
            entry["programmes"] = {programme: c.one_of([True, False])}
        if c.chance(40):
            days = max(1, d.days - (at - d.start).days)
            entry["copies"] = c.whole(1, min(5, days))
            if entry["copies"] > 1 and c.chance(50):
                entry["until"] = (at + timedelta(days=min(days, entry["copies"]))).isoformat()
        found[name] = {key: value for key, value in entry.items() if value != {}}
    d.tree["cases"] = found


def _prices(d: Draft) -> None:
    """Costs and measures, which no run may depend on."""
    c = d.c
    tags = sorted({tag for step in d.tree["pathway"].values() for tag in step.get("tags", [])})
    costs: dict[str, Any] = {}
    measures: dict[str, Any] = {}
    if tags and c.chance(40):
        costs["visits"] = {"tag": c.one_of(tags),
                           "each": table(c, lambda: c.whole(0, 300), d.drawn)}  # fmt: skip
        measures["visits"] = {"count": c.one_of(tags)}
    if len(tags) > 1 and c.chance(40):
        measures["response"] = {"from": tags[0], "to": tags[1], "target": "18 min"}
    if c.chance(30):
        costs["units"] = {"resource": c.one_of(list(d.tree["resources"])), "per_day": 100,
                          "of": c.one_of(["use", "capacity"])}  # fmt: skip
        if d.tree["resources"][costs["units"]["resource"]]["capacity"] == "unlimited":
            costs["units"]["of"] = "use"
    if d.tree["programmes"] and c.chance(30):
        costs["team"] = {"programme": c.one_of(list(d.tree["programmes"])), "per_year": 900,
                         "cash": c.one_of([True, False])}  # fmt: skip
    d.tree["costs"] = costs
    d.tree["measures"] = measures
    if c.chance(30):
        d.tree["headline"] = ["arrivals", "cost_total"][: c.whole(1, 2)]
    for case in d.tree["cases"].values():
        if c.chance(40):
            case["ladder"] = {"begun": {"steps": c.one_of(list(d.tree["pathway"]))}}
