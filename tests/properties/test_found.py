"""What invented scenarios and exact answers have brought to light; each was once wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.properties.comparing import Columns, run_tree


def _clinic(**changes: Any) -> dict[str, Any]:
    """A small scenario with some of its sections replaced."""
    return {
        "title": "A clinic",
        "run": {"start": "2024-01-06", "duration": "5 days"},  # a Saturday
        "people": {"number": 2000},
        "crises": {"need": {"rate": "3 per hour", "first": "serve"}},
        "resources": {"nurse": {"capacity": 1}},
        "pathway": {"serve": {"seize": "nurse", "delay": "1 h", "route": "done"}},
        "outcomes": {"done": "Done"},
        **changes,
    }


def _levels(columns: Columns, attribute: str) -> set[str]:
    return set(columns[f"level of {attribute}"].tolist())


@pytest.mark.parametrize("first", ["aa", "zz"])
def test_all_tables_of_a_set_read_the_levels_before_the_step(first: str) -> None:
    """The second reads what the first was, whichever name comes first in the alphabet."""
    either = {"levels": ["no", "yes"], "initially": "no"}
    second = {"by": first, "yes": "yes", "no": "no"}
    tree = _clinic(
        attributes={first: dict(either), "mm": dict(either)},
        resources={},
        pathway={"serve": {"set": {first: "yes", "mm": second}, "route": "done"}},
    )
    columns = run_tree(tree)
    assert _levels(columns, first) == {"yes"}
    assert _levels(columns, "mm") == {"no"}


def test_fifo_ignores_priorities() -> None:
    """An option makes a resource with priorities serve in order of arrival."""
    tree = _clinic()
    tree["crises"]["need"]["attributes"] = {"urgency": {"shares": {"high": 0.5, "low": 0.5}}}
    tree["pathway"]["serve"]["priority"] = {"by": "urgency", "high": 1, "low": 2}
    fifo = {"title": "o", "rationale": "r", "resources": {"nurse": {"discipline": "fifo"}}}
    by_urgency, in_order = run_tree(tree), run_tree(tree, options=[fifo])
    served = [columns["visits.started"] for columns in (by_urgency, in_order)]
    started = [times[~np.isnan(times)] for times in served]
    assert (np.diff(started[0]) < 0).any()
    assert (np.diff(started[1]) >= 0).all()


def test_capacity_across_sunday_midnight_does_not_change_for_an_instant() -> None:
    """One unit by night, also from Sunday to Monday; two by day."""
    tree = _clinic()
    tree["resources"]["nurse"]["capacity"] = {"mon-sun 22:00-06:00": 1, "other": 2}
    tree["pathway"]["serve"]["delay"] = "5 h"  # everyone queues
    columns = run_tree(tree)
    midnight = 2 * 1440.0
    seized, ready = columns["holds.seized"], columns["holds.ready"]
    assert not (seized == midnight).any()
    before = ((seized < midnight) & ~(ready <= midnight)).sum()
    assert before <= 2


def test_a_run_in_which_nothing_happens_has_empty_logs() -> None:
    tree = _clinic()
    tree["crises"]["need"]["rate"] = 0
    columns = run_tree(tree)
    assert len(columns["episodes.onset"]) == len(columns["visits.queued"]) == 0


def test_adding_an_unused_case_leaves_the_other_cases_their_luck() -> None:
    case = {"crisis": "need", "at": "2024-01-07 09:30"}
    tree = _clinic(resources={}, cases={"mr_b": case})
    tree["pathway"]["serve"] = {"delay": {"exponential": {"mean": "1 h"}}, "route": "done"}
    one = run_tree(tree)
    other = run_tree({**tree, "cases": {"mr_b": case, "mr_a": {**case, "at": "2024-01-08 09:30"}}})
    ends = [
        columns["episodes.ended"][columns["episodes.case"] == "mr_b"] for columns in (one, other)
    ]
    assert ends[0] == ends[1]
