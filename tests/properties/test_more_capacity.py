"""More capacity at a single queue in order of arrival never lengthens anyone's wait."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.generator.choices import Choices, FromHypothesis
from tests.generator.values import ANY, WHOLE, capacity, duration
from tests.properties.comparing import quickly, run_tree


@st.composite
def single_queues(draw: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """One resource that people come to once in their lives, and the same with more units.

    Everyone has at most one episode (it ends in death), so that both worlds see the same people
    at the same times whatever they wait.
    """
    c: Choices = FromHypothesis(draw)
    units = capacity(c, 3)
    mode = c.one_of([ANY, WHOLE])
    tree: dict[str, Any] = {
        "title": "One queue",
        "run": {"start": "2024-01-01", "duration": "5 days", "seed": c.whole(0, 9)},
        "people": {"number": 300, "attributes": {"kind": {"shares": {"a": 0.5, "b": 0.5}}}},
        "crises": {"need": {"rate": f"{c.one_of([2, 5, 10])} per hour", "first": "serve"}},
        "resources": {"server": {"capacity": units, "discipline": "fifo"}},
        "pathway": {
            "serve": {
                "seize": "server",
                "delay": {"by": "kind", "a": duration(c, mode, 60), "b": duration(c, mode, 15)},
                "route": "died",
            }
        },
        "outcomes": {"died": "Died"},
    }
    if c.chance(50):
        tree["resources"]["server"]["turnaround"] = duration(c, mode, 10)
    more = c.whole(1, 3)
    other = copy.deepcopy(tree)
    larger: Any = {k: v + more for k, v in units.items()} if isinstance(units, dict) else None
    if isinstance(larger, dict):
        larger.setdefault("other", more)
    other["resources"]["server"]["capacity"] = units + more if larger is None else larger
    return tree, other


@quickly
@given(single_queues())
def test_more_units_never_lengthen_anyones_wait(
    worlds: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    fewer, more = (run_tree(tree) for tree in worlds)
    assert np.array_equal(fewer["episodes.person"], more["episodes.person"])
    assert np.array_equal(fewer["visits.queued"], more["visits.queued"])
    starts = [np.nan_to_num(logs["visits.started"], nan=np.inf) for logs in (fewer, more)]
    assert (starts[1] <= starts[0]).all()
