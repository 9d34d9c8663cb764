"""The slips are what they say, and a test that notices one is told from a test that does not."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.mutation.campaign import LEFT_OUT, NEAR, ROOT, all_slips, chosen, fate
from tests.mutation.slips import slips

SOURCE = '''\
"""Text with 5 < 6."""


def few(numbers: list[int | None], most: int = 3) -> bool:
    """Whether there are few: at most 3."""
    return not len(numbers) > most and min(numbers) == 0.9
'''


def test_slips_change_operators_numbers_and_names_but_neither_types_nor_text() -> None:
    found = [(slip.line, slip.was, slip.becomes) for slip in slips("few.py", SOURCE.encode())]
    assert found == [
        (4, "3", "4"),
        (6, "not ", ""),
        (6, ">", ">="),
        (6, "and", "or"),
        (6, "min", "max"),
        (6, "==", "!="),
        (6, "0.9", "0.95"),
    ]


def test_a_slip_changes_what_it_says_and_nothing_else() -> None:
    source = SOURCE.encode()
    slip = slips("few.py", source)[0]
    assert slip.put_into(source).decode() == SOURCE.replace("most: int = 3", "most: int = 4")


def test_every_slip_of_a_file_of_the_project_can_be_read_by_python() -> None:
    for file in ("sim/plan/schedules.py", "sim/measure/waits.py", "sim/engine/order.py"):
        source = (ROOT / file).read_bytes()
        found = slips(file, source)
        assert found
        for slip in found:
            ast.parse(slip.put_into(source))


def test_more_slips_add_to_fewer_and_the_seed_decides_which() -> None:
    every = all_slips(["sim/plan/schedules.py"])
    assert chosen(every, 1, 10) == chosen(every, 1, 20)[:10]
    assert chosen(every, 1, 10) != chosen(every, 2, 10)


def test_the_tests_near_a_file_and_the_files_left_out_are_there() -> None:
    named = [file for start, tests in NEAR for file in (start, *tests)]
    for file in (*named, *LEFT_OUT):
        assert (ROOT / file).exists(), file


@pytest.mark.parametrize(("claim", "expected"), [("few == 3", "survives"), ("few > 3", "killed")])
def test_a_slip_is_killed_by_a_test_that_fails(tmp_path: Path, claim: str, expected: str) -> None:
    (tmp_path / "test_few.py").write_text(f"def test_few():\n    few = 3\n    assert {claim}\n")
    assert fate(tmp_path, ["test_few.py"], 2) == expected
