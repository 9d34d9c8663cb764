"""Capacities that react to signals: traces worked out by hand, which both engines must follow."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.test_requests import Trace, trace

SURGE = """
signals: {full: {queue: beds, at_least: 2, until: 0SIGNAL}}
resources: {beds: {capacity: {by: full, yes: 2, no: 1}RESOURCE}}
pathway:
  urgent: {seize: beds, delay: 60 min, route: done}
  routine: {seize: beds, delay: 10 min, route: done}
"""


def surge(folder: Path, *cases: str, signal: str = "", resource: str = "") -> Trace:
    """A bed, and a second one from two waiting until nobody is waiting."""
    text = SURGE.replace("SIGNAL", signal).replace("RESOURCE", resource)
    return trace(folder, text, *cases)


def capacity(found: Trace) -> list[tuple[float, int]]:
    """When the capacity changed (minutes after 09:00) and to how many units."""
    changes = found.logs.capacities
    return [(at - 540, units) for at, units in zip(changes.at, changes.units, strict=True)]


def test_a_surge_bed_opens_and_when_it_closes_finishes_first(tmp_path: Path) -> None:
    """At 2 two wait: the second bed opens for b, and closes when c is in at 12.

    Bed one is a's to 60, the surge bed b's to 12 and c's to 22. Then d, who comes at 15, waits for
    a: the surge bed is closed, though nobody was sent away.
    """
    found = surge(tmp_path, "a urgent 0", "b routine 1", "c routine 2", "d routine 15")
    assert found.served("urgent") == {"a": (0.0, 60.0)}
    assert found.served("routine") == {"b": (2.0, 12.0), "c": (12.0, 22.0), "d": (60.0, 70.0)}
    assert capacity(found) == [(-540.0, 1), (2.0, 2), (12.0, 1)]


def test_a_signal_that_must_last_counts_only_then(tmp_path: Path) -> None:
    """Two wait from 2 on; after five minutes of it the second bed opens."""
    found = surge(tmp_path, "a urgent 0", "b routine 1", "c routine 2", signal=", for: 5 min")
    assert found.served("routine") == {"b": (7.0, 17.0), "c": (17.0, 27.0)}
    assert capacity(found) == [(-540.0, 1), (7.0, 2), (17.0, 1)]


def test_opening_and_closing_take_their_time(tmp_path: Path) -> None:
    """The surge bed is there 20 minutes after it is wanted, and 15 after nobody wants it."""
    found = surge(
        tmp_path,
        *("a urgent 0", "b routine 1", "c routine 2", "d routine 45", "e routine 48"),
        resource=", opens_after: 20 min, closes_after: 15 min",
    )
    served = {"b": (22.0, 32.0), "c": (32.0, 42.0), "d": (45.0, 55.0), "e": (60.0, 70.0)}
    assert found.served("routine") == served
    assert capacity(found) == [(-540.0, 1), (22.0, 2), (47.0, 1)]


def test_who_is_no_longer_wanted_does_not_open(tmp_path: Path) -> None:
    """The first bed is free before the second could be opened."""
    found = surge(
        tmp_path,
        *("a routine 0", "b routine 1", "c routine 2"),
        resource=", opens_after: 20 min",
    )
    assert found.served("routine") == {"a": (0.0, 10.0), "b": (10.0, 20.0), "c": (20.0, 30.0)}
    assert capacity(found) == [(-540.0, 1)]


def test_a_capacity_follows_a_calendar_and_a_signal(tmp_path: Path) -> None:
    """The second bed can be opened from 09:30 on only."""
    found = trace(
        tmp_path,
        """
calendars: {staffed: "mon-sun 09:30-24:00"}
signals: {full: {queue: beds, at_least: 2, until: 0}}
resources: {beds: {capacity: {by: staffed, yes: {by: full, yes: 2, no: 1}, no: 1}}}
pathway:
  urgent: {seize: beds, delay: 60 min, route: done}
  routine: {seize: beds, delay: 10 min, route: done}
""",
        "a urgent 0",
        "b routine 1",
        "c routine 2",
    )
    assert found.served("routine") == {"b": (30.0, 40.0), "c": (40.0, 50.0)}
    assert capacity(found) == [(-540.0, 1), (30.0, 2), (40.0, 1)]


def test_each_pool_reacts_to_its_own_queue(tmp_path: Path) -> None:
    found = trace(
        tmp_path,
        """
signals: {full: {queue: beds, at_least: 2, until: 0}}
resources: {beds: {per: near, capacity: {by: full, yes: 2, no: 1}}}
pathway:
  urgent: {seize: beds, delay: 60 min, route: done}
  routine: {seize: beds, delay: 10 min, route: done}
""",
        *("a urgent 0 north", "b routine 1 north", "c routine 2 north"),
        *("d urgent 0 south", "e routine 1 south"),
    )
    assert found.served("routine") == {"b": (2.0, 12.0), "c": (12.0, 22.0), "e": (60.0, 70.0)}
    resources = found.logs.capacities.resource.tolist()
    assert [found.plan.resources[r] for r in resources[2:]] == ["beds[north]"] * 2


def test_a_route_reads_the_signal_as_it_was_last_seen(tmp_path: Path) -> None:
    """On from two waiting until none: those who come between are sent elsewhere."""
    found = trace(
        tmp_path,
        """
signals: {full: {queue: beds, at_least: 2, until: 0}}
resources: {beds: {capacity: 1}}
pathway:
  urgent: {seize: beds, delay: 10 min, route: done}
  routine: {route: {by: full, yes: away, no: urgent}}
  away: {delay: 1 min, route: done}
""",
        *("a urgent 0", "b urgent 1", "c urgent 2", "d routine 15", "e routine 25"),
    )
    assert list(found.served("away")) == ["d"]
    assert found.served("urgent")["e"] == (30.0, 40.0)


@pytest.mark.parametrize("at_least", [0.5, 1.0])
def test_signals_that_contradict_each_other_come_to_rest(tmp_path: Path, at_least: float) -> None:
    """One closes what the other opens; a run goes on, and both engines agree."""
    found = trace(
        tmp_path,
        f"""
signals:
  busy: {{occupancy: desks, at_least: {at_least}}}
  idle: {{queue: desks, at_least: 1}}
resources:
  desks: {{capacity: 1}}
  beds: {{capacity: {{by: busy, yes: {{by: idle, yes: 0, no: 2}}, no: 1}}}}
pathway:
  urgent: {{seize: desks, delay: 10 min, route: routine}}
  routine: {{seize: beds, delay: 10 min, route: done}}
""",
        *("a urgent 0", "b urgent 1", "c routine 2", "d routine 3"),
    )
    assert len(found.visits()) == 6


def test_beds_open_for_those_who_have_waited_long(tmp_path: Path) -> None:
    """Two have waited half an hour at 32, when the second of them has; c is then in at once."""
    found = trace(
        tmp_path,
        """
signals: {breaches: {queue: beds, waited: 30 min, at_least: 2, until: 0}}
resources: {beds: {capacity: {by: breaches, yes: 2, no: 1}}}
pathway:
  urgent: {seize: beds, delay: 100 min, route: done}
  routine: {seize: beds, delay: 10 min, route: done}
""",
        *("a urgent 0", "b routine 1", "c routine 2", "d routine 20"),
    )
    # at 42 nobody who waits has waited so long: d came at 20
    assert found.served("routine") == {"b": (32.0, 42.0), "c": (42.0, 52.0), "d": (100.0, 110.0)}
    assert capacity(found) == [(-540.0, 1), (32.0, 2), (42.0, 1)]


@pytest.mark.parametrize("seize", ["beds", "{any_of: [beds]}"])
def test_the_longest_wait_is_found_whatever_the_priorities(tmp_path: Path, seize: str) -> None:
    """The one who comes first is served last, and is the first to have waited half an hour."""
    found = trace(
        tmp_path,
        f"""
signals: {{breach: {{queue: beds, waited: 30 min, at_least: 1}}}}
resources: {{beds: {{capacity: 1}}}}
pathway:
  urgent: {{seize: {seize}, priority: 1, delay: 20 min, route: done}}
  routine:
    seize: {seize}
    priority: 2
    delay: 20 min
    route: {{by: breach, yes: late, no: done}}
  late: {{delay: 1 min, route: done}}
""",
        *("a urgent 0", "b routine 1", "c urgent 2", "d routine 35", "e routine 41"),
    )
    # b starts at 40; d at 60 and, having waited 25 minutes, does not count; e waits to 80
    assert found.served("routine") == {"b": (40.0, 60.0), "d": (60.0, 80.0), "e": (80.0, 100.0)}
    assert list(found.served("late")) == ["d"]


def test_who_is_inside_counts_whether_waiting_or_served(tmp_path: Path) -> None:
    """Three inside from 2 on, two from 60 on when a leaves: the signal is on until then."""
    found = trace(
        tmp_path,
        """
signals: {crowd: {inside: [urgent, more], at_least: 3}}
resources: {beds: {capacity: 1}}
pathway:
  urgent: {seize: beds, delay: 30 min, patience: 100 min, renege_to: away, route: more}
  more: {delay: 30 min, route: done}
  routine: {route: {by: crowd, yes: away, no: done}}
  away: {delay: 1 min, route: done}
""",
        *("a urgent 0", "b urgent 1", "c urgent 2", "r routine 1", "s routine 3", "t routine 59"),
        "u routine 61",
    )
    assert list(found.served("away")) == ["s", "t"]
