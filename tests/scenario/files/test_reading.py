"""What unquoted YAML means, where every value came from, and which files are refused."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from sim.scenario import ScenarioError, load
from sim.scenario.files.reading import DEEPEST, MOST_VALUES, as_raw, places, read_text
from sim.scenario.files.yaml_text import LARGEST_FILE, LONGEST_LINE
from sim.scenario.written.scalars import text_of
from tests.scenario.reading import only_problem, problems, problems_of_file, written
from tests.scenario.small import clinic


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("12", 12),
        ("-3", -3),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("2024-04-01", "2024-04-01"),
        ("22:00", "22:00"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("1,000", "1,000"),
        ("'12'", "12"),
        ("85+", "85+"),
        ("0-4", "0-4"),
    ],
)
def test_plain_scalars_mean_what_yaml_1_2_says_and_nothing_more(text: str, value: object) -> None:
    found = written(text)
    assert found == value
    assert isinstance(found, bool) == isinstance(value, bool)


@pytest.mark.parametrize("text", ["2", "2.0", "02", "1e3", "true", "0-4"])
def test_a_level_keeps_the_text_it_was_written_with(text: str) -> None:
    assert text_of(written(text)) == text


def test_names_that_look_like_numbers_are_their_source_text() -> None:
    raw = as_raw(read_text("a: {1: x, 2.0: y, true: z, null: w}", "test.yaml", []))
    assert list(raw["a"]) == ["1", "2.0", "true", "null"]


def test_every_value_knows_its_line() -> None:
    root = read_text("a:\n  b: 1\n  c:\n    - x\n    - y\nd: 2\n", "f.yaml", [])
    lines = {path: line for path, (_, line) in places(root)}
    assert lines == {
        (): 1, ("a",): 1, ("a", "b"): 2, ("a", "c"): 3, ("a", "c", 0): 4, ("a", "c", 1): 5,
        ("d",): 6,
    }  # fmt: skip


def test_a_scenario_reports_where_each_value_came_from(tmp_path: Path) -> None:
    loaded = clinic(tmp_path)
    file, line = loaded.origins[("resources", "beds", "capacity")]
    assert Path(file).read_text().splitlines()[line - 1].strip() == "beds: {capacity: 10}"


@pytest.mark.parametrize(
    ("extra", "what"),
    [
        ("x: &a 1", "anchors are not allowed"),
        ("x: *a", "aliases are not allowed"),
        ("x: !!str 1", "tags are not allowed"),
        ("x: .nan", "NaN and infinities are not allowed"),
        ("x: -.inf", "NaN and infinities are not allowed"),
        ("x: 1e999", "the number is too large"),
        ("x: " + "9" * 5000, "a number of 5000 characters"),
        ("x: 1\nx: 2", "`x` is written twice"),
        ("<<: {a: 1}", "merge keys are not allowed"),
        ("[a, b]: 1", "a name cannot be a list, a mapping or an alias"),
        ('x: "\\ud800"', "a character that cannot be printed"),
        ('x: "\\e[31m"', "a character that cannot be printed"),
        ("---\ntitle: two", "a second document starts here (`---`)"),
    ],
)
def test_yaml_that_a_scenario_does_not_need_is_refused(
    tmp_path: Path, extra: str, what: str
) -> None:
    assert what in [problem.what for problem in problems(tmp_path, extra)]


def test_an_alias_bomb_is_never_expanded(tmp_path: Path, honest_seconds: float) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 40)]
    start = time.process_time()
    found = problems_of_file(tmp_path / "bomb.yaml", "\n".join(lines))
    assert time.process_time() - start < 4 * honest_seconds
    assert found[0].what == "anchors are not allowed"


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        ("", 0, "the file is empty"),
        ("# only a comment\n", 0, "the file is empty"),
        ("[1, 2]", 1, "the file does not hold a scenario"),
        ("hello", 1, "the file does not hold a scenario"),
        ("title: x\nrun:\n\tstart: y\n", 3, "not valid YAML: a tab; indent with spaces"),
        ("title: 'x\nrun: y\n", 3, "not valid YAML: a quote is not closed"),
        ("title: x\nrun: {start: y\n", 3, "not valid YAML: a `,` or the closing `}` is missing"),
        ("title: x\nrun: [y\n", 3, "not valid YAML: a `,` or the closing `]` is missing"),
        ("title: a: b\n", 1, "not valid YAML: a `:` that cannot stand here"),
        ("title x\nrun: 1\n", 1, "not valid YAML: a `:` is missing"),
        ("title: @x\n", 1, "not valid YAML: `@` cannot start a value; quote the text"),
        ('title: "\\q"\n', 1, "not valid YAML"),
        ('title: "\\Uffffffff"\n', 0, "the file is not valid YAML"),
        ("title: \x07\n", 1, "the file holds a character that YAML does not allow"),
        (b"title: caf\xe9\n", 1, "the file is not UTF-8 text"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused_in_plain_words(
    tmp_path: Path, content: str | bytes, line: int, what: str
) -> None:
    (problem,) = problems_of_file(tmp_path / "bad.yaml", content)
    assert problem.what.startswith(what)
    assert problem.line in (line, line - 1)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_byte_order_mark_and_any_line_ends_are_read(tmp_path: Path, newline: str) -> None:
    plain = clinic(tmp_path)
    path = tmp_path / "windows.yaml"
    text = plain.files[0].read_text().replace("\n", newline)
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load(path).model == plain.model


def test_a_missing_file_names_the_one_that_was_meant(tmp_path: Path) -> None:
    clinic(tmp_path, name="clinic.yaml")
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "clinc.yaml")
    (problem,) = caught.value.problems
    assert problem.what == "there is no such file"
    assert problem.nearest == str(tmp_path / "clinic.yaml")


def test_a_folder_is_not_a_scenario(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="this is a folder"):
        load(tmp_path)


def test_an_option_is_not_a_scenario(tmp_path: Path) -> None:
    (problem,) = problems_of_file(tmp_path / "option.yaml", "title: x\nrationale: y\n")
    assert problem.what == "this is an option: it changes a scenario and is none itself"


HOSTILE = {
    "too large": "x" * (LARGEST_FILE + 1),
    "one long line": "x: " + "y" * (LONGEST_LINE + 1),
    "deep flow": "x: " + "[" * 100 + "]" * 100,
    "deeper flow": "[" * 19_000,
    "deep blocks": "\n".join(" " * i + "a:" for i in range(DEEPEST + 1)),
    "deep lists": "- " * 9_000,
    "deep questions": "? " * 5_000,
    "many values": "x: [\n" + ("a," * 5_000 + "\n") * 24 + "]",
    "many names": "\n".join(f"k{i}: 1" for i in range(MOST_VALUES // 2 + 1)),
    "one name many times": "k: 1\n" * 9_000,
    "many anchors": "\n".join(f"k{i}: &a{i} 1" for i in range(9_000)),
    "many documents": "---\n" * 9_000,
    "many directives": "%FOO bar\n" * 9_000,
    "an open quote": '"' + ("x" * 20 + "\n") * 9_000,
    "an endless block": "a: |\n" + " xxxxxxxxxxxxxxxx\n" * 9_000,
    "comments": "#\n" * 9_000,
    "blank lines": "\n" * 9_000,
    "many lines": "x: 1\n" * 50_000,
}


@pytest.fixture(scope="module")
def honest_seconds(tmp_path_factory: pytest.TempPathFactory) -> float:
    """Processor time in which a large scenario is read here and now."""
    folder = tmp_path_factory.mktemp("honest")
    clinic(folder, many_steps(200))  # imports are not what is measured
    start = time.process_time()
    clinic(folder, many_steps(201))
    return time.process_time() - start


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_about_as_fast_as_an_honest_one_is_read(
    tmp_path: Path, kind: str, honest_seconds: float
) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_text(HOSTILE[kind], encoding="utf-8")
    start = time.process_time()
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert len(str(caught.value)) < 100_000
    assert time.process_time() - start < 4 * honest_seconds


def many_steps(number: int) -> str:
    """A pathway of so many steps, of ten lines each."""
    steps = [
        f"  step_{i}:\n"
        "    seize: nurses\n"
        "    priority: 2\n"
        "    patience: {exponential: {mean: 20 min}}\n"
        "    renege_to: home\n"
        "    delay:\n"
        "      uniform:\n"
        "        low: 10 min\n"
        "        high: 30 min\n"
        f"    route: {{step_{i + 1}: .5, home: rest}}"
        for i in range(number)
    ]
    last = f"  step_{number}: {{route: home}}"
    return "\n".join(["pathway:", "  triage: {route: step_0}", *steps, last])


def test_the_time_to_read_grows_no_faster_than_the_file(tmp_path: Path) -> None:
    def seconds(number: int) -> float:
        start = time.process_time()
        assert len(clinic(tmp_path, many_steps(number)).model.pathway) == number + 2
        return time.process_time() - start

    seconds(50)  # imports are not what is measured
    short = seconds(100)
    assert seconds(400) < 8 * short


def test_one_mistake_is_reported_once_however_much_depends_on_it(tmp_path: Path) -> None:
    problem = only_problem(
        tmp_path,
        """
        resources: [nurses]
        """,
    )
    assert (problem.path, problem.what) == ("resources", "not a mapping")


def test_all_mistakes_are_reported_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        """
        run: {start: 2024-02-30, duration: 28, sed: 1}
        pathway:
          triage:
            seize: nurse
            delay: {lognormal: {mean: 9 min, sd: 5}}
            route: {hom: .5, home: .48}
        """,
    )
    assert [problem.path for problem in found] == [
        "run.start",
        "run.duration",
        "run.sed",
        "pathway.triage.seize",
        "pathway.triage.delay.lognormal.sd",
        "pathway.triage.route",
        "pathway.triage.route.hom",
    ]
    assert [problem.line for problem in found] == sorted(problem.line for problem in found)
