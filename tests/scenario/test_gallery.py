"""Every broken file of the gallery is refused in exactly the words kept beside it."""

from __future__ import annotations

import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pytest

from sim.scenario import ScenarioError, load
from tests.gallery.accept import GALLERY, expected, message
from tests.scenario.small import clinic

FILES = sorted(GALLERY.glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_broken_file_is_refused_in_these_words(file: Path) -> None:
    code, printed = message(file.name)
    assert printed == expected(file).read_text(encoding="utf-8")
    assert code == 2


def test_the_gallery_has_a_title_and_a_message_for_every_file() -> None:
    assert len(FILES) >= 35
    for file in FILES:
        assert file.read_bytes().startswith(b"# ")
        assert expected(file).exists()
    assert len(list(GALLERY.glob("*.expected.txt"))) == len(FILES)


def test_every_message_names_a_file_and_ends_with_how_many_there_are() -> None:
    for file in FILES:
        lines = expected(file).read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith((file.name, "parts/"))
        heads = [line for line in lines[:-1] if not line.startswith(" ")]
        count = len(heads)
        assert lines[-1] == ("1 problem found." if count == 1 else f"{count} problems found.")


def test_a_new_process_says_the_same_and_leaves_no_traceback() -> None:
    file = GALLERY / "42_everything_at_once.yaml"
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli.main", "check", file.name],
        cwd=GALLERY,
        env={"PYTHONPATH": str(GALLERY.parent.parent), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == expected(file).read_text(encoding="utf-8")


HOSTILE = {
    "nested": "people: " + "[" * 100_000,
    "nested_mappings": "".join(" " * i + "a:\n" for i in range(3_000)),
    "a_long_line": "title: " + "x" * 5_000_000,
    "many_keys": "".join(f"k{i}: 1\n" for i in range(400_000)),
    "many_steps": "pathway:\n" + "".join(f"  s{i}: {{route: s{i + 1}}}\n" for i in range(4_000)),
    "many_branches": "crises: {a: {first: {" + ", ".join(f"s{i}: 0" for i in range(9_000)) + "}}}",
    "one_huge_number": "run: {seed: " + "9" * 15_000 + "}",
    "one_huge_exponent": "people: {number: 1e999999999}",
    "one_huge_duration": "run: {duration: 1e300 days}",
    "quotes": "'" * 200_000,
    "anchors": "".join(f"a{i}: &x{i} 1\n" for i in range(10_000)),
    "nul": "title: a\0b\n" * 1_000,
    "references": "costs: [" + "*a, " * 30_000 + "]",
}


def refuse(text: str, folder: Path) -> None:
    path = folder / "hostile.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError):
        load(path)


@pytest.mark.parametrize("name", HOSTILE)
def test_refusing_a_hostile_file_takes_little_memory(name: str, tmp_path: Path) -> None:
    text = HOSTILE[name]
    refuse("title: warm up\n", tmp_path)
    tracemalloc.start()
    try:
        refuse(text, tmp_path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100e6


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_refusing_a_hostile_file_is_no_slower_than_reading_a_large_good_one(
    name: str, tmp_path: Path
) -> None:
    steps = "\n".join(
        f"  s{i}: {{seize: nurses, delay: {{lognormal: {{mean: 9 min, sd: 5 min}}}}, "
        f"route: {{home: 0.5, s{i + 1}: rest}}}}"
        for i in range(500)
    )
    last = "  s500: {delay: 1 min, route: home}"
    crises = "crises: {fall: {rate: 10, first: s0}}"

    def seconds(action: object) -> float:
        start = time.perf_counter()
        action()  # type: ignore[operator]
        return time.perf_counter() - start

    refuse("title: warm up\n", tmp_path)
    good = seconds(lambda: clinic(tmp_path, f"{crises}\npathway:\n{steps}\n{last}"))
    assert seconds(lambda: refuse(HOSTILE[name], tmp_path)) < 5 * good + 1.0
