"""From scenario files to a folder of pictures and a page: the numbers agree wherever they stand."""

import pickle
from pathlib import Path

import pytest

from sim.experiment.arm_loading import load_arms
from sim.experiment.experiment import compare_all, run_all
from sim.experiment.results import Comparison
from sim.experiment.settings import Settings
from sim.report.digest import Digest, digest
from sim.report.flows import flows
from sim.report.page import arms, folder
from sim.report.story import ladder, telling
from sim.report.story.draws import Draw, Story
from sim.report.tables.grids import Row
from tests.report.page.small import files


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    folder = tmp_path_factory.mktemp("scenarios")
    before, option = files(folder)
    null = folder / "nothing.yaml"
    null.write_text("title: Nothing\nrationale: A null option.\npathway: {ward: {title: Wards}}\n")
    loaded = load_arms(before, [option, null])
    return compare_all(loaded, Settings(digest=digest, workers=1, by=("age",)))


RECORD = {"urgentflow": "0", "scenarios": []}


def test_a_comparison_leaves_pictures_and_a_page(comparison: Comparison, tmp_path: Path) -> None:
    written = folder.write_comparison(comparison, tmp_path, RECORD)
    assert sorted(path.name for path in written) == sorted(p.name for p in tmp_path.iterdir())
    names = {path.name for path in written}
    assert {"report.html", "options.png", "occupancy.png", "differences-beds.png"} <= names
    assert {"flows-beds.png", "case-mrs_b-beds.png"} <= names
    text = (tmp_path / "report.html").read_text()
    assert "3 replications" in text
    assert "More beds in the community" in text


def test_a_null_option_changes_nothing_anywhere(comparison: Comparison) -> None:
    null = folder.comparison_tables(comparison)[2]
    assert null.title == "Nothing against Before"
    marks = {row.cells[-1] for section in null.sections for row in section.rows}
    assert marks == {"="}
    for one, other in zip(
        arms.digests(comparison.baseline), arms.digests(comparison.alternatives[1]), strict=True
    ):
        assert not flows(one.reached, other.reached).moved.any()


def test_several_alternatives_stand_side_by_side_and_are_folded_one_by_one(
    comparison: Comparison, tmp_path: Path
) -> None:
    page = folder.write_page(comparison, tmp_path / "few.html", RECORD).read_text()
    overview = page.index("All 2 alternatives against “Before”")
    assert overview < page.index("<summary>More beds in the community</summary>")
    assert 'id="differences-activity-2"' in page
    assert 'id="case-mrs-b-1"' not in page
    asked = folder.write_page(comparison, tmp_path / "all.html", RECORD, drawn="all").read_text()
    assert 'id="case-mrs-b-1"' in asked
    none = folder.write_page(comparison, tmp_path / "none.html", RECORD, drawn="none").read_text()
    assert 'id="differences-activity-2"' not in none
    assert "All 2 alternatives against “Before”" in none
    assert "--pictures all" in none


def test_the_ladder_is_a_picture_with_the_numbers_of_its_table(comparison: Comparison) -> None:
    (told,) = arms.stories([comparison.baseline, comparison.alternatives[0]])
    rates = ladder.rates(told)
    assert [rate.title for rate in rates] == [row.cells[0] for row in _shares(told)]
    for rate, row in zip(rates, _shares(told), strict=True):
        written = [f"{100 * share:.0f} %" for share in rate.shares]
        assert [cell.split(" (")[0] for cell in row.cells[1:3]] == written
        assert rate.difference == row.cells[3]


def _shares(told: Story) -> tuple[Row, ...]:
    return ladder.own_table(told).sections[0].rows


def test_the_flows_agree_with_the_measures(comparison: Comparison) -> None:
    found = comparison.baseline.measures
    episodes = found[(found["measure"] == "arrivals") & (found["by"] == "")]["value"].tolist()
    kept = arms.digests(comparison.baseline)
    # cases are episodes of the story, not of the population's demand; both count them alike
    assert [len(item.reached.person) for item in kept] == [int(number) for number in episodes]


def test_the_occupancy_agrees_with_the_bed_days(comparison: Comparison) -> None:
    found = comparison.baseline.measures
    days = found[(found["measure"] == "acute_bed_days") & (found["by"] == "")]["value"].tolist()
    kept = arms.digests(comparison.baseline)
    assert [item.used["acute"][14:].sum() for item in kept] == pytest.approx(days)


def test_every_case_of_both_arms_has_a_story(comparison: Comparison) -> None:
    (told,) = arms.stories([comparison.baseline, comparison.alternatives[0]])
    assert told.case.title == "Mrs B"
    assert [arm.title for arm in told.arms] == ["Before", "More beds in the community"]
    assert set(told.arms[0].timelines) == {Draw(1), Draw(2), Draw(3)}
    assert "999 call" in telling.tell(told)


def test_arms_of_one_title_are_called_by_their_options(comparison: Comparison) -> None:
    assert arms.labels(comparison.arms) == ("Before", "More beds in the community", "Nothing")


def test_a_digest_survives_the_way_back_from_a_worker(comparison: Comparison) -> None:
    kept = arms.digests(comparison.baseline)[0]
    again = pickle.loads(pickle.dumps(kept))
    assert isinstance(again, Digest)
    assert again.reached.person.tolist() == kept.reached.person.tolist()


def test_a_run_leaves_a_page_too_and_one_without_a_digest_says_why_it_has_none(
    tmp_path: Path,
) -> None:
    before, _ = files(tmp_path)
    loaded = load_arms(before, [])
    (results,) = run_all(loaded, Settings(replications=1, digest=digest, workers=1))
    written = folder.write_run(results, tmp_path / "out", RECORD)
    assert [path.name for path in written] == ["occupancy.png", "report.html"]
    assert "Mrs B" in (tmp_path / "out" / "report.html").read_text()
    (bare,) = run_all(loaded, Settings(replications=1, workers=1))
    with pytest.raises(ValueError, match="digest"):
        folder.write_run(bare, tmp_path / "out", RECORD)


def test_no_two_arms_write_one_picture() -> None:
    """Not where the letters left are the same, nor where a file system takes no capitals."""
    marks = folder.marks(["a+b", "a b", "A-b", "a-b-2", "c"])
    assert marks == ("a-b", "a-b-2", "A-b-3", "a-b-2-2", "c")
