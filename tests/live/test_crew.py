"""Workers that stay: who is not wanted any more stops at once, and what two want is done once."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import Any

from sim.experiment.workers import Tell
from sim.live.crew import GRACE, Crew, Job

#: a job that runs for good is far longer than this
SOON = 30.0


def pid(context: Any, item: Any, tell: Tell) -> int:
    """The process that a job is done in."""
    return os.getpid()


def endless(context: Any, item: Any, tell: Tell) -> None:
    """A job that says how far it is, as replications do, and never ends."""
    while True:
        time.sleep(0.01)
        tell(0.0)


def deaf(context: Any, item: Any, tell: Tell) -> None:
    """A job that never says how far it is, and never ends."""
    while True:
        time.sleep(0.01)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def result(crew: Crew, job: Job) -> Any:
    """What a job comes to."""
    there, got = threading.Event(), []
    crew.ask([job], lambda _, value: (got.append(value), there.set()))
    assert there.wait(SOON)
    return got[0]


def test_what_nobody_wants_stops_and_its_worker_stays() -> None:
    with Crew(1) as crew:
        before = result(crew, Job("first", pid, None, 0))
        errand = crew.ask([Job("long", endless, None, 0)], lambda *_: None)
        until(lambda: crew.busy == 1)
        crew.drop(errand)
        until(lambda: crew.busy == 0)
        assert result(crew, Job("next", pid, None, 0)) == before


def test_a_worker_that_does_not_listen_is_killed_and_replaced() -> None:
    with Crew(1) as crew:
        before = result(crew, Job("first", pid, None, 0))
        errand = crew.ask([Job("long", deaf, None, 0)], lambda *_: None)
        until(lambda: crew.busy == 1)
        began = time.monotonic()
        crew.drop(errand)
        until(lambda: crew.busy == 0)
        assert time.monotonic() - began > GRACE / 2
        assert result(crew, Job("next", pid, None, 0)) != before


def test_what_two_want_is_done_once_and_goes_on_when_one_of_them_leaves() -> None:
    with Crew(2) as crew:
        one = crew.ask([Job("same", endless, None, 0)], lambda *_: None)
        two = crew.ask([Job("same", endless, None, 0)], lambda *_: None)
        until(lambda: len(one.under_way) == len(two.under_way) == 1)
        assert crew.busy == 1
        crew.drop(one)
        time.sleep(0.1)
        assert crew.busy == 1
        crew.drop(two)
        until(lambda: crew.busy == 0)
