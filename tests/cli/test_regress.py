"""`urgentflow regress`: a result that changes is noticed, measured, and traced to an event."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., object]

LIST = """\
clinic: {scenario: ../clinic.yaml, replications: 2, overrides: {run.duration: 4 days}}
"""


@pytest.fixture
def kept(clinic: Path, urgentflow: Command) -> Path:
    """A folder with an accepted reference."""
    folder = clinic / "kept"
    folder.mkdir()
    (folder / "regress.yaml").write_text(LIST)
    said = urgentflow("regress", "kept", "--accept")
    assert said.code == 0 and "clinic: accepted: " in said.out
    return folder


def test_what_has_not_changed_is_the_same(kept: Path, urgentflow: Command) -> None:
    said = urgentflow("regress", "kept")
    assert said.code == 0
    assert said.out.startswith("clinic: the same: ") and "both engines" in said.out


def test_accepting_again_writes_the_same_bytes(kept: Path, urgentflow: Command) -> None:
    before = {path.name: path.read_bytes() for path in kept.iterdir()}
    urgentflow("regress", "kept", "--accept")
    assert {path.name: path.read_bytes() for path in kept.iterdir()} == before
    assert set(before) == {"regress.yaml", "clinic.csv", "clinic.events"}


def test_a_change_is_said_in_numbers_and_by_its_first_event(
    kept: Path, urgentflow: Command
) -> None:
    text = Path("clinic.yaml").read_text()
    Path("clinic.yaml").write_text(text.replace("nurse: {capacity: 2}", "nurse: {capacity: 1}"))
    said = urgentflow("regress", "kept")
    assert said.code == 1
    assert "numbers differ" in said.out and "replication" in said.out
    assert "They part on 2024-04-01" in said.out
    assert "only in the reference: person" in said.out
    assert "seizes a unit of `nurse`" in said.out
    answer = json.loads(urgentflow("regress", "kept", "--json").out)
    changes = answer["cases"][0]["changes"]
    assert answer["same"] is False
    assert {"utilisation"} <= {each["measure"] for each in changes}
    assert urgentflow("regress", "kept", "--accept").code == 0
    assert urgentflow("regress", "kept").code == 0


def test_a_number_in_the_reference_is_compared_to_its_sixth_digit(
    kept: Path, urgentflow: Command
) -> None:
    file = kept / "clinic.csv"
    rows = [row.split(",") for row in file.read_text().splitlines()]
    at = next(n for n, row in enumerate(rows) if len(row[3].replace(".", "")) == 6 and n)
    was = rows[at][3]
    rows[at][3] = was[:-1] + ("1" if was[-1] == "0" else chr(ord(was[-1]) - 1))
    file.write_text("\n".join(map(",".join, rows)) + "\n")
    said = urgentflow("regress", "kept")
    assert said.code == 1
    assert "clinic: 1 of " in said.out
    assert "what differs is how they are measured" in said.out


def test_engines_that_differ_are_never_accepted(
    kept: Path, urgentflow: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.experiment.regression import kept_happenings

    record = kept_happenings.record

    def other_luck(loaded, seed, replication, engine):  # type: ignore[no-untyped-def]
        return record(loaded, 99, replication, engine)

    monkeypatch.setattr(kept_happenings, "record", other_luck)
    for arguments in (["regress", "kept"], ["regress", "kept", "--accept"]):
        said = urgentflow(*arguments)
        assert said.code == 1
        assert "the engines differ, which nobody may accept" in said.out


def test_without_a_reference_there_is_something_to_do(kept: Path, urgentflow: Command) -> None:
    (kept / "clinic.csv").unlink()
    said = urgentflow("regress", "kept")
    assert said.code == 1
    assert "there is no reference yet; --accept writes one" in said.out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("clinic: {scenari: x.yaml}", "did you mean `scenario`?"),
        ("clinic: {scenario: absent.yaml}", "absent.yaml: there is no such file"),
        ("clinic: {scenario: ../clinic.yaml, replications: 0}", "a whole number from 1 to 20"),
        ("clinic: {scenario: ../clinic.yaml, overrides: 3}", "not values by path"),
        ("clinic: 3", "not a case"),
        ("[clinic]", "not a list of cases by name"),
        ("../clinic: {scenario: ../clinic.yaml}", "letters, digits and _"),
        ("clinic: {scenario: ../clinic.yaml, overrides: {resources.nurs.capacity: 1}}", "`nurse`"),
    ],
)
def test_a_list_that_cannot_be_read_is_explained(
    clinic: Path, urgentflow: Command, text: str, said: str
) -> None:
    Path("kept").mkdir()
    Path("kept/regress.yaml").write_text(text)
    result = urgentflow("regress", "kept")
    assert result.code == 2
    assert said in result.err
    assert "Traceback" not in result.err


def test_folders_and_names_that_are_not_there_are_explained(
    kept: Path, urgentflow: Command
) -> None:
    assert "has no regress.yaml" in urgentflow("regress", "absent").err
    named = urgentflow("regress", "kept", "--only", "clinik")
    assert named.code == 2 and "did you mean `clinic`?" in named.err
    (kept / "clinic.events").write_text("nonsense")
    broken = urgentflow("regress", "kept")
    assert broken.code == 2 and "is no file of events" in broken.err


def test_the_references_of_this_repository_are_all_there() -> None:
    from sim.experiment.arm_loading import load_variants
    from sim.experiment.regression.cases import read_cases
    from sim.experiment.regression.reference import read

    folder = Path(__file__).parents[2] / "results" / "reference"
    cases = read_cases(folder)
    assert load_variants([(case.files, case.overrides) for case in cases])
    for case in cases:
        assert read(folder, case.name) is not None
