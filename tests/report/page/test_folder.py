"""From scenario files to a folder of pictures and a page: the numbers agree wherever they stand."""

import pickle
from pathlib import Path

import pytest

from sim.experiment.arm_loading import load_arms
from sim.experiment.experiment import Settings, compare_all, run_all
from sim.experiment.results import Comparison
from sim.report.digest import Digest, digest
from sim.report.flows import flows
from sim.report.page import folder
from sim.report.story import telling
from sim.report.story.draws import Draw

SCENARIO = """\
title: Before
description: A small place with a hospital.
run: {start: 2024-04-01, warm_up: 14 days, duration: 42 days, replications: 3, seed: 4}
people:
  number: 4000
  attributes:
    age: {shares: {old: 0.3, young: 0.7}}
crises:
  fall:
    title: A fall
    rate: {by: age, old: 900, young: 300}
    first: call_999
resources:
  crews: {title: Ambulance crews, capacity: 3}
  ward_beds: {title: Ward beds, capacity: 30, bed: acute}
  community_beds: {title: Community beds, capacity: 4, bed: community}
pathway:
  call_999:
    title: 999 call
    delay: 5 min
    tags: [call_999]
    route: {crew: 0.8, done: rest}
  crew:
    title: Ambulance crew
    seize: crews
    delay: {exponential: {mean: 40 min}}
    tags: [crew_on_scene]
    hold: next
    route: {ward: {by: age, old: 0.5, young: 0.2}, done: rest}
  ward:
    title: Ward
    seize: ward_beds
    delay: {exponential: {mean: 4 days}}
    tags: [emergency_admission, ae_attendance]
    route: {done: 1}
outcomes: {done: At home}
cases:
  mrs_b: {title: Mrs B, attributes: {age: old}, crisis: fall, at: 2024-04-20 09:30}
"""

OPTION = """\
title: More beds in the community
rationale: Some people need a bed but not a hospital.
pathway:
  crew:
    route: {ward: 0.2, community: 0.1, done: rest}
  community:
    title: Community bed
    seize: community_beds
    delay: {exponential: {mean: 6 days}}
    tags: [community_admission]
    route: done
"""


def files(folder: Path) -> tuple[Path, Path]:
    before, option = folder / "before.yaml", folder / "beds.yaml"
    route = "{by: age, old: {ward: 0.5, done: rest}, young: {ward: 0.2, done: rest}}"
    text = SCENARIO.replace("{ward: {by: age, old: 0.5, young: 0.2}, done: rest}", route)
    before.write_text(text)
    option.write_text(OPTION)
    return before, option


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    folder = tmp_path_factory.mktemp("scenarios")
    before, option = files(folder)
    null = folder / "nothing.yaml"
    null.write_text("title: Nothing\nrationale: A null option.\npathway: {ward: {title: Wards}}\n")
    arms = load_arms(before, [option, null])
    return compare_all(arms, Settings(digest=digest, workers=1, by=("age",)))


def test_a_comparison_leaves_pictures_and_a_page_that_shows_them(
    comparison: Comparison, tmp_path: Path
) -> None:
    written = folder.write_comparison(comparison, tmp_path)
    assert sorted(path.name for path in written) == sorted(p.name for p in tmp_path.iterdir())
    names = {path.name for path in written}
    assert {"report.md", "options.png", "occupancy.png", "differences-beds.png"} <= names
    assert {"flows-beds.png", "case-mrs_b-beds.png"} <= names
    text = (tmp_path / "report.md").read_text()
    for name in names - {"report.md"}:
        assert f"]({name})" in text
    assert "3 replications" in text
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert len(set(headings[: len(names) - 1])) == len(names) - 1  # each picture has its own
    assert "More beds in the community" in text


def test_a_null_option_changes_nothing_anywhere(comparison: Comparison) -> None:
    null = folder.comparison_tables(comparison)[2]
    assert null.title == "Nothing against Before"
    marks = {row.cells[-1] for section in null.sections for row in section.rows}
    assert marks == {"="}
    for one, other in zip(
        folder.digests(comparison.baseline), folder.digests(comparison.alternatives[1]), strict=True
    ):
        assert not flows(one.reached, other.reached).moved.any()


def test_the_flows_agree_with_the_measures(comparison: Comparison) -> None:
    found = comparison.baseline.measures
    episodes = found[(found["measure"] == "arrivals") & (found["by"] == "")]["value"].tolist()
    kept = folder.digests(comparison.baseline)
    # cases are episodes of the story, not of the population's demand; both count them alike
    assert [len(item.reached.person) for item in kept] == [int(number) for number in episodes]


def test_the_occupancy_agrees_with_the_bed_days(comparison: Comparison) -> None:
    found = comparison.baseline.measures
    days = found[(found["measure"] == "acute_bed_days") & (found["by"] == "")]["value"].tolist()
    kept = folder.digests(comparison.baseline)
    assert [item.used["acute"][14:].sum() for item in kept] == pytest.approx(days)


def test_every_case_of_both_arms_has_a_story(comparison: Comparison) -> None:
    (told,) = folder.stories([comparison.baseline, comparison.alternatives[0]])
    assert told.case.title == "Mrs B"
    assert [arm.title for arm in told.arms] == ["Before", "More beds in the community"]
    assert set(told.arms[0].timelines) == {Draw(1), Draw(2), Draw(3)}
    assert "999 call" in telling.tell(told)


def test_arms_of_one_title_are_called_by_their_options(comparison: Comparison) -> None:
    assert folder.labels(comparison.arms) == ("Before", "More beds in the community", "Nothing")


def test_a_digest_survives_the_way_back_from_a_worker(comparison: Comparison) -> None:
    kept = folder.digests(comparison.baseline)[0]
    again = pickle.loads(pickle.dumps(kept))
    assert isinstance(again, Digest)
    assert again.reached.person.tolist() == kept.reached.person.tolist()


def test_a_run_leaves_a_page_too_and_one_without_a_digest_says_why_it_has_none(
    tmp_path: Path,
) -> None:
    before, _ = files(tmp_path)
    arms = load_arms(before, [])
    (results,) = run_all(arms, Settings(replications=1, digest=digest, workers=1))
    written = folder.write_run(results, tmp_path / "out")
    assert [path.name for path in written] == ["occupancy.png", "report.md"]
    assert "Mrs B" in (tmp_path / "out" / "report.md").read_text()
    (bare,) = run_all(arms, Settings(replications=1, workers=1))
    with pytest.raises(ValueError, match="digest"):
        folder.write_run(bare, tmp_path / "out")


def test_no_two_arms_write_one_picture() -> None:
    """Not where the letters left are the same, nor where a file system takes no capitals."""
    marks = folder.marks(["a+b", "a b", "A-b", "a-b-2", "c"])
    assert marks == ("a-b", "a-b-2", "A-b-3", "a-b-2-2", "c")
