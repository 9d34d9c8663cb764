"""What happens first when several things happen at one instant, in both engines.

The engines share the order, so that they agree on it says nothing: each claim is worked out from
`docs/method.md`, with named cases that come at given minutes.
"""

from __future__ import annotations

from typing import Any

import pytest

from sim.engine import EngineName, run
from sim.engine.logs import Logs
from sim.engine.order import Kind
from tests.plan import small

BOTH = pytest.mark.parametrize("engine", ["simpy", "compiled"])

#: what came of each visit: case, step, minutes queued, started and ended (None for never)
Seen = set[tuple[str, str, float, float | None, float | None]]


def happened(engine: EngineName, cases: dict[str, str], **sections: Any) -> Seen:
    """Run cases, each coming for its crisis at a time of Wednesday 1 May."""
    made = small.plan(
        run={"start": "2024-05-01", "duration": "10 h"},
        cases={
            name: {"crisis": crisis_at.split()[0], "at": f"2024-05-01 {crisis_at.split()[1]}"}
            for name, crisis_at in cases.items()
        },
        **sections,
    )
    logs: Logs = run(made, 1, 1, engine=engine)
    visits, of = logs.visits, logs.episodes.case
    return {
        (made.cases[of[episode]], made.steps[step], queued, _known(started), _known(ended))
        for episode, step, queued, started, ended in zip(
            visits.episode.tolist(),
            visits.step.tolist(),
            visits.queued.tolist(),
            visits.started.tolist(),
            visits.ended.tolist(),
            strict=True,
        )
    }


def _known(time: float) -> float | None:
    return None if time != time else time


def served(**more: Any) -> dict[str, Any]:
    """A crisis `need` that one nurse serves for an hour, with fields of that step replaced."""
    return {
        "crises": {"need": {"rate": 0, "first": "serve"}},
        "pathway": {"serve": {"seize": "nurse", "delay": "1 h", "route": "done", **more}},
    }


def test_the_order_is_that_of_the_method() -> None:
    ordered = sorted(Kind, key=int)
    names = ["APPOINTMENT", "CAPACITY", "END", "READY", "PATIENCE", "MOVE", "RISE", "ARRIVAL"]
    assert [kind.name for kind in ordered] == names
    assert min(Kind) > 1  # SimPy's own


@BOTH
def test_who_ends_gives_up_the_unit_before_who_arrives_at_that_instant(engine: EngineName) -> None:
    """The queue takes nobody: who found the unit still taken would be turned away."""
    sections = served(balk_to="away")
    sections["pathway"]["away"] = {"route": "done"}
    sections["resources"] = {"nurse": {"capacity": 1, "queue_limit": 0}}
    seen = happened(engine, {"first": "need 01:00", "second": "need 02:00"}, **sections)
    assert seen == {
        ("first", "serve", 60, 60, 120),
        ("second", "serve", 120, 120, 180),
    }


@BOTH
def test_who_ends_at_the_instant_at_which_patience_runs_out_is_in_time(engine: EngineName) -> None:
    sections = served(patience="30 min", renege_to="left")
    sections["pathway"]["left"] = {"route": "done"}
    seen = happened(engine, {"first": "need 01:00", "second": "need 01:30"}, **sections)
    assert seen == {
        ("first", "serve", 60, 60, 120),
        ("second", "serve", 90, 120, 180),
    }


@BOTH
def test_a_unit_ready_at_the_instant_at_which_patience_runs_out_is_in_time(
    engine: EngineName,
) -> None:
    """Served until 2:00, cleaned until 2:10, when the other has waited for 40 minutes."""
    sections = served(patience="40 min", renege_to="left")
    sections["pathway"]["left"] = {"route": "done"}
    sections["resources"] = {"nurse": {"capacity": 1, "turnaround": "10 min"}}
    seen = happened(engine, {"first": "need 01:00", "second": "need 01:30"}, **sections)
    assert seen == {
        ("first", "serve", 60, 60, 120),
        ("second", "serve", 90, 130, 190),
    }


@BOTH
def test_a_unit_ready_when_someone_arrives_is_free(engine: EngineName) -> None:
    sections = served(balk_to="away")
    sections["pathway"]["away"] = {"route": "done"}
    sections["resources"] = {"nurse": {"capacity": 1, "queue_limit": 0, "turnaround": "10 min"}}
    seen = happened(engine, {"first": "need 01:00", "second": "need 02:10"}, **sections)
    assert ("second", "serve", 130, 130, 190) in seen


@BOTH
def test_who_gives_up_leaves_a_place_in_the_queue_to_who_arrives_at_that_instant(
    engine: EngineName,
) -> None:
    """One place to wait; at 2:00 patience runs out for one and another comes."""
    sections = served(patience="20 min", renege_to="left", balk_to="away", delay="3 h")
    sections["pathway"] |= {"left": {"route": "done"}, "away": {"route": "done"}}
    sections["resources"] = {"nurse": {"capacity": 1, "queue_limit": 1}}
    cases = {"first": "need 01:00", "second": "need 01:40", "third": "need 02:00"}
    seen = happened(engine, cases, **sections)
    assert ("second", "serve", 100, None, 120) in seen
    assert ("second", "left", 120, 120, 120) in seen
    assert ("third", "serve", 120, None, 140) in seen
    assert "away" not in {step for _, step, *_ in seen}


@BOTH
def test_who_ends_comes_to_a_queue_before_a_unit_is_ready_at_that_instant(
    engine: EngineName,
) -> None:
    """At 2:10 the more urgent comes from another step while the unit becomes ready: it is served.

    Were the unit ready first, the one who waits since 1:30 would have it.
    """
    sections: dict[str, Any] = {
        "crises": {
            "need": {"rate": 0, "first": "serve"},
            "worse": {"rate": 0, "first": "before"},
        },
        "resources": {"nurse": {"capacity": 1, "turnaround": "10 min"}},
        "pathway": {
            "serve": {"seize": "nurse", "delay": "1 h", "priority": 2, "route": "done"},
            "before": {"delay": "70 min", "route": "at_once"},
            "at_once": {"seize": "nurse", "delay": "20 min", "priority": 1, "route": "done"},
        },
    }
    cases = {"first": "need 01:00", "second": "need 01:30", "urgent": "worse 01:00"}
    seen = happened(engine, cases, **sections)
    assert ("urgent", "at_once", 130, 130, 150) in seen
    assert ("second", "serve", 90, 160, 220) in seen


@BOTH
def test_units_that_come_on_duty_serve_before_anything_else_at_that_instant(
    engine: EngineName,
) -> None:
    """At 2:00 a second nurse comes, and the patience of one who waits runs out."""
    sections = served(patience="30 min", renege_to="left")
    sections["pathway"]["left"] = {"route": "done"}
    sections["resources"] = {"nurse": {"capacity": {"mon-sun 02:00-24:00": 2, "other": 1}}}
    seen = happened(engine, {"first": "need 01:10", "second": "need 01:30"}, **sections)
    assert ("second", "serve", 90, 120, 180) in seen


@BOTH
def test_a_unit_that_goes_off_duty_takes_on_nobody_at_that_instant(engine: EngineName) -> None:
    """The shift ends at 2:00, as the visit does; who waits is served in the next one, at 3:00."""
    sections = served()
    sections["resources"] = {"nurse": {"capacity": {"mon-sun 02:00-03:00": 0, "other": 1}}}
    seen = happened(engine, {"first": "need 01:00", "second": "need 01:30"}, **sections)
    assert ("first", "serve", 60, 60, 120) in seen
    assert ("second", "serve", 90, 180, 240) in seen


@BOTH
def test_ends_at_one_instant_come_in_the_order_of_onset(engine: EngineName) -> None:
    """Both come to the queue at 2:00; who fell ill first stands first, though named last."""
    sections: dict[str, Any] = {
        "crises": {
            "long": {"rate": 0, "first": "an_hour"},
            "short": {"rate": 0, "first": "half_an_hour"},
        },
        "pathway": {
            "an_hour": {"delay": "1 h", "route": "serve"},
            "half_an_hour": {"delay": "30 min", "route": "serve"},
            "serve": {"seize": "nurse", "delay": "1 h", "route": "done"},
        },
    }
    seen = happened(engine, {"z": "long 01:00", "a": "short 01:30"}, **sections)
    assert ("z", "serve", 120, 120, 180) in seen
    assert ("a", "serve", 120, 180, 240) in seen
