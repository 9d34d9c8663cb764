"""What a run needs of memory, time and the engine's bounds, estimated before it begins.

A run that cannot end well should not begin: the estimate is made from the scenario alone, in
moments, and refuses with the part that needs too much. It is rough, to within a factor of about
two, and leaves out what it cannot know (waiting, signals, chance); bounds within the engines stop
what gets past it.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.engine import EngineName
from sim.engine.limits import MOST_SLOTS, ROW_BYTES, RunawayError, log_bytes
from sim.scenario.analysis.flow import TooComplexError
from sim.scenario.analysis.offered_load import Loads, Traffic, offered_loads, traffic
from sim.scenario.language.attributes import declared
from sim.scenario.language.model import Scenario
from sim.scenario.rules.field_rules import MOST_CRISES

GB = 2.0**30

#: the interpreter with all that is imported
BASE = 0.3 * GB

#: bytes for each crisis that may fall due: found, in a buffer up to twice as large, and in order;
#: for the SimPy engine as Python objects besides
CANDIDATE_BYTES: Mapping[EngineName, float] = {"compiled": 160.0, "simpy": 800.0}

#: bytes for each episode under way: its slot and events to come, or a process
UNDER_WAY_BYTES: Mapping[EngineName, float] = {"compiled": 250.0, "simpy": 3000.0}

#: bytes for each row of the logs while it is measured, the row itself included
MEASURED_BYTES = 100.0


#: rows of the logs written and measured in a second, on a machine of some years ago
ROWS_PER_SECOND: Mapping[EngineName, float] = {"compiled": 1e6, "simpy": 2e4}

#: seconds to find out whether one person has a crisis of one kind
LOOKED_AT = 4e-8


class OversizedError(RunawayError):
    """A run that needs more than there is, refused before it begins."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What one replication needs, as far as it can be estimated; NaN where it cannot.

    `crises` and `rows` (visits and units held) are numbers in the whole run, `under_way` the
    number of episodes at once at its end. `busiest` is the step visited most, with its visits
    per episode; `fullest` the resource most wait for, empty if none. `parts` are bytes of memory
    by what needs them. `seconds` is the time to simulate and measure it once.
    """

    crises: float
    rows: float
    under_way: float
    busiest: tuple[str, float]
    fullest: str
    parts: Mapping[str, float]
    seconds: float

    @property
    def bytes(self) -> float:
        """Memory of one process."""
        return BASE + sum(part for part in self.parts.values() if math.isfinite(part))


def estimated(model: Scenario, engine: EngineName = "compiled") -> Needs:
    """Estimate what one replication of a checked scenario needs."""
    run = model.run
    minutes = run.warm_up + run.duration
    attributes = declared(model)
    people = model.people.registered
    columns = sum(a.origin == "people" or a.on == "person" for a in attributes.values())
    of_person = 40.0 + 4.0 * columns + 16.0 * len(model.programmes)
    parts = {
        f"{people:,} people": people * of_person,
        f"hourly rates of {len(model.demand):,} crises": 24.0 * len(model.demand) * minutes / 60.0,
    }
    try:
        coming = traffic(model, attributes)
    except TooComplexError:
        return Needs(math.nan, math.nan, math.nan, ("", math.nan), "", parts, math.nan)
    crises = sum(coming.episodes.values()) * minutes
    parts[f"{crises:,.0f} crises that may fall due"] = crises * CANDIDATE_BYTES[engine]
    newcomers = sum(coming.episodes[name] for name in model.arrivals) * minutes
    if newcomers:
        parts[f"{newcomers:,.0f} people who arrive"] = newcomers * of_person
    rows = _rows(model, coming, minutes)
    parts[f"logs of {rows:,.0f} rows"] = rows * MEASURED_BYTES
    # queues cannot matter to the bound where fewer come altogether, and take time to estimate
    loads = offered_loads(model, attributes) if crises > MOST_SLOTS else Loads(())
    under_way, fullest = _under_way(coming, loads, minutes)
    copies = sum(case.copies for case in model.cases.values())
    under_way = min(under_way, people + newcomers + copies)
    parts[f"{under_way:,.0f} episodes under way"] = under_way * UNDER_WAY_BYTES[engine]
    seconds = rows / ROWS_PER_SECOND[engine] + LOOKED_AT * people * len(model.crises)
    return Needs(crises, rows, under_way, _busiest(coming), fullest, parts, seconds)


def in_words(needs: Needs) -> str:
    """The estimate in a line."""
    if math.isnan(needs.rows):
        return "What a replication needs cannot be estimated: too many ways through the pathway."
    return (
        f"A replication needs about {needs.bytes / GB:,.2g} GB of memory, "
        f"{max(0.1, needs.seconds):,.1f} s and {needs.rows:,.2g} rows of logs."
    )


def refuse_oversized(needs: Needs) -> None:
    """Do nothing for a run there is room for.

    Raises
    ------
    OversizedError
        With the estimate and the part that needs too much.
    """
    if needs.crises > MOST_CRISES:
        raise OversizedError(
            f"refused before it runs: about {needs.crises:.2g} crises in the run, "
            f"and at most {MOST_CRISES:,} can be simulated. Lower the rates, the number of "
            "people or the time."
        )
    if needs.rows * ROW_BYTES > log_bytes():
        step, times = needs.busiest
        raise OversizedError(
            f"refused before it runs: the logs of a replication would have about "
            f"{needs.rows:.2g} rows, or {needs.rows * ROW_BYTES / GB:,.3g} GB, and their bound is "
            f"{log_bytes() / GB:g} GB (URGENTFLOW_LOG_GB sets another). Most are of step "
            f"`{step}`, through which an episode passes {times:,.3g} times on average."
        )
    if needs.under_way > MOST_SLOTS:
        waiting = f", most of them waiting for `{needs.fullest}`" if needs.fullest else ""
        raise OversizedError(
            f"refused before it runs: about {needs.under_way:,.0f} episodes would be under way "
            f"at once{waiting}, and at most {MOST_SLOTS:,} can be. "
            f"{_memory(needs)} `urgentflow check` says which resources will not settle."
        )
    available = available_bytes()
    if needs.bytes > available:
        raise OversizedError(
            f"refused before it runs: {_memory(needs)} This machine has "
            f"{available / GB:,.3g} GB free for it. Fewer people, a shorter run or a larger "
            "machine would do."
        )


def workers_with_room(wanted: int, needs: Needs) -> int:
    """As many worker processes as wanted, or as there is memory for; at least 1."""
    return max(1, min(wanted, int(available_bytes() / needs.bytes)))


def available_bytes() -> float:
    """Memory free for a run: of the machine, and of the control group this process is in.

    Infinite where the system does not say.
    """
    known = [_free_of_machine(), *_free_of_groups()]
    return max(0.0, min(known))


def _memory(needs: Needs) -> str:
    part = max(needs.parts, key=lambda name: needs.parts[name])
    size = needs.parts[part]
    return (
        f"A replication needs about {needs.bytes / GB:,.3g} GB of memory, "
        f"most of it ({size / GB:,.3g} GB) for {part}."
    )


def _rows(model: Scenario, coming: Traffic, minutes: float) -> float:
    """Visits and units held; of ways longer than the run, the part that fits into it."""
    rows = sum(
        rate * (1.0 if model.pathway[step].seize is None else 2.0)
        for step, rate in coming.visits.items()
    )
    episodes = sum(coming.episodes.values())
    length = coming.minutes / episodes if episodes > 0.0 else 0.0  # of all visits of an episode
    return rows * minutes * min(1.0, minutes / length if length > 0.0 else 1.0)


def _under_way(coming: Traffic, loads: Loads, minutes: float) -> tuple[float, str]:
    """Episodes at once: those being served by Little's law, and those no capacity is left for."""
    served = min(coming.minutes, sum(coming.episodes.values()) * minutes)
    queues = {
        load.resource: load.per_day / 1440.0 * minutes * (1.0 - 1.0 / load.ratio)
        for load in loads.rows
        if load.ratio > 1.0 and not load.relief
    }
    fullest = max(queues, key=lambda name: queues[name]) if queues else ""
    return served + max(queues.values(), default=0.0), fullest


def _busiest(coming: Traffic) -> tuple[str, float]:
    episodes = sum(coming.episodes.values())
    if not coming.visits or episodes <= 0.0:
        return "", 0.0
    step = max(coming.visits, key=lambda name: coming.visits[name])
    return step, coming.visits[step] / episodes


def _free_of_machine() -> float:
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return float(line.split()[1]) * 1024.0
    except (OSError, ValueError, IndexError):
        pass
    try:  # without /proc: all there is, for nobody says what is free
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):
        return math.inf


def _free_of_groups(root: Path = Path("/sys/fs/cgroup")) -> Iterator[float]:
    """What is left of every limit on memory of the control groups this process is in."""
    for folder in _groups(root):
        for limit, usage in (
            ("memory.max", "memory.current"),
            ("memory.limit_in_bytes", "memory.usage_in_bytes"),
        ):
            most, used = _number(folder / limit), _number(folder / usage)
            if most is not None and used is not None:
                yield most - used + _reclaimable(folder)


def _groups(root: Path) -> Iterator[Path]:
    """Folders of the groups of this process and of those above them, as far as they can be read."""
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    for line in [*lines, "0::/"]:
        _, controllers, path = line.split(":", 2)
        top = root / "memory" if "memory" in controllers.split(",") else root
        here = top / path.lstrip("/")
        while True:
            yield here
            if here == top or top not in here.parents:
                break
            here = here.parent


def _number(file: Path) -> float | None:
    try:
        return float(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None  # not there, or `max`: no limit


def _reclaimable(folder: Path) -> float:
    """Bytes of files kept in memory, which make room when it is needed."""
    try:
        for line in (folder / "memory.stat").read_text(encoding="ascii").splitlines():
            name, _, value = line.partition(" ")
            if name in ("inactive_file", "total_inactive_file"):
                return float(value)
    except (OSError, ValueError):
        pass
    return 0.0
