"""Write a replication as XES, the standard file format of event logs (IEEE 1849).

An episode is a trace, a change in the life of a visit an event. Standard attributes carry what
process-mining tools look for; attributes of our own carry the rest, times in minutes unrounded,
so that the logs can be rebuilt from the file to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

import numpy as np

from sim.engine.logs import Logs
from sim.measure.context import Context
from sim.measure.eventlog import civil_times, episode_table, visit_table
from sim.measure.rows import stable_order

if TYPE_CHECKING:
    import pandas as pd

HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="nested-attributes" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<classifier name="Step" keys="concept:name"/>
<string key="lifecycle:model" value="standard"/>
"""

#: how visits end, in the standard life cycle of XES
ENDS: Mapping[str, str] = {"ended": "complete", "reneged": "withdraw", "balked": "autoskip"}

#: episodes between two words on how many have been written
LOOK = 1000

TYPES = {bool: "boolean", int: "int", float: "float", str: "string"}


def write_xes(
    context: Context,
    logs: Logs,
    path: str | Path,
    watch: Callable[[float], None] | None = None,
) -> None:
    """Write one replication.

    Parameters
    ----------
    context, logs
        The replication and its names.
    path
        File to write; replaced if it exists. Some 1.2 kB a visit.
    watch
        Told now and then what part of the episodes has been written.
    """
    episodes = len(logs.episodes.onset)
    with Path(path).open("w", encoding="utf-8", newline="\n") as file:
        file.write(HEADER)
        file.write(_attribute("horizon", float(logs.horizon)))
        file.write(_absorbed(context, logs))
        for number, trace in enumerate(_traces(context, logs)):
            file.write(trace)
            if watch is not None and number % LOOK == 0:
                watch(number / episodes)
        file.write("</log>\n")


def _absorbed(context: Context, logs: Logs) -> str:
    """Absorbed crises, which are no episodes, as a list of the log."""
    absorbed = logs.absorbed
    columns = (absorbed.person.tolist(), absorbed.crisis.tolist(), absorbed.at.tolist())
    items = "".join(
        f'<string key="absorbed" value={quoteattr(context.crises[crisis])}>'
        f"{_attribute('person', person)}{_attribute('minutes', at)}</string>\n"
        for person, crisis, at in zip(*columns, strict=True)
    )
    return f'<list key="absorbed"><values>\n{items}</values></list>\n'


def _traces(context: Context, logs: Logs) -> Iterator[str]:
    """One trace per episode, in order of onset, with its visits in order."""
    episodes = episode_table(context, logs)
    visits = visit_table(context, logs)
    visits = visits.iloc[stable_order(logs.visits.episode)]
    clocks = (_civil(context, visits[name].to_numpy()) for name in ("queued", "started", "ended"))
    pending = zip(_records(visits), zip(*clocks, strict=True), strict=True)
    visit = next(pending, None)
    for known in _records(episodes):
        parts = ["<trace>\n", _attribute("concept:name", str(known["episode"]))]
        parts += [_attribute(name, value) for name, value in known.items() if _is_there(value)]
        while visit is not None and visit[0]["episode"] == known["episode"]:
            parts += _events(*visit)
            visit = next(pending, None)
        yield "".join([*parts, "</trace>\n"])


def _records(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """The rows of a table as plain Python values."""
    columns = [table[name].tolist() for name in table.columns]
    for row in zip(*columns, strict=True):
        yield dict(zip(table.columns, row, strict=True))


def _events(visit: dict[str, Any], clocks: tuple[str, ...]) -> Iterator[str]:
    """The changes in the life of one visit that have happened."""
    queued, started, ended = clocks
    common = {"concept:name": visit["step"], "concept:instance": str(visit["visit"])}
    yield _event(common, queued, "schedule", visit["queued"], {})
    if _is_there(visit["started"]):
        unit = {}
        if _is_there(visit["resource"]):
            unit = {
                "org:resource": f"{visit['resource']} {visit['unit']}",
                "hold": visit["hold"],
                "resource": visit["resource"],
                "unit": visit["unit"],
                "released": visit["released"],
                "ready": visit["ready"],
            }
        yield _event(common, started, "start", visit["started"], unit)
    if _is_there(visit["ended"]):
        yield _event(common, ended, ENDS[visit["fate"]], visit["ended"], {})


def _event(
    common: Mapping[str, Any],
    clock: str,
    transition: str,
    minutes: float,
    further: Mapping[str, Any],
) -> str:
    attributes = {**common, "lifecycle:transition": transition, "minutes": minutes, **further}
    inner = "".join(
        _attribute(name, value) for name, value in attributes.items() if _is_there(value)
    )
    return f'<event>\n<date key="time:timestamp" value="{clock}"/>\n{inner}</event>\n'


def _attribute(key: str, value: Any) -> str:
    """An attribute with the type of its value; floats to the last bit."""
    text = repr(value) if isinstance(value, float) else str(value)
    return f"<{TYPES[type(value)]} key={quoteattr(key)} value={quoteattr(text)}/>\n"


def _is_there(value: Any) -> bool:
    """Whether a value is known: neither None nor NaN."""
    return value is not None and value == value


def _civil(context: Context, minutes: Any) -> Iterable[str]:
    """Civil times as XES writes them; ``NaT`` where there is none."""
    known = ~np.isnan(minutes)
    texts = np.full(len(minutes), "", dtype=object)
    times = civil_times(context, minutes[known])
    # the clock of a scenario has no zone; XES wants one
    texts[known] = [f"{text}+00:00" for text in np.datetime_as_string(times, unit="ms").tolist()]
    return list(texts)
