"""Whatever a file says, it is refused in words or run alike by both engines."""

from __future__ import annotations

import os

import pytest

from tests.fuzz.campaign import campaign

#: mutants tried; ``python -m tests.fuzz --count 20000`` tries more
COUNT = int(os.environ.get("URGENTFLOW_MUTANTS", "500"))


@pytest.mark.slow
def test_no_mutated_scenario_crashes_or_divides_the_engines() -> None:
    tally = campaign(seed=0, first=0, count=COUNT)
    assert not tally.faults, "\n".join(str(fault) for fault in tally.faults)
    # the proof is of something: many are refused, and many stay valid and are run by both
    assert tally.ends["refused"] > COUNT / 5
    assert tally.ends["compared"] > COUNT / 20
