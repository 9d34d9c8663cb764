"""Every picture is a whole file of the promised size, with all its text inside the picture."""

import struct
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from math import nan
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.report.flows import Flows, flows, reached
from sim.report.occupancy import daily_use, occupancy
from sim.report.pictures import beds, differences, figures, marks, options, ribbons, timelines
from sim.report.story.timeline import timeline
from sim.report.tables import headline
from sim.report.tables.rows import Difference, Meaning, Under
from tests.report.fakes import DAY, case_logs, run_logs, world

BEFORE, AFTER = world("Before"), world("After")
ARMS = (BEFORE, AFTER)


def test_words_between_dollars_are_words(tmp_path: Path) -> None:
    figure = figures.new_figure(2.0)
    figures.heading(figure, r"Costs $5, not $\frac{$", "")
    axes = figures.place(figure, 1, 0.5, 9, 1.5)
    axes.set_xticks([0, 1], ["$", r"$\nothing{$"])
    assert figures.save(figure, tmp_path / "picture.png").stat().st_size > 1000


def change(
    title: str, before: float, size: float, half: float, direction: int = -1, unit: str = "visits"
) -> Difference:
    meaning = Meaning(title, unit, direction)
    after, better = before + size, 5.0 if size * direction > 0 else 0.0
    return Difference(
        title,
        "",
        meaning,
        before,
        after,
        size,
        size - half,
        size + half,
        better,
        0.0,
        5 - better,
        5,
    )


TITLES = ("Before", "Community assessment facility and step-up beds")

LINES = (
    change("Emergency admissions", 6321, -321, 45),
    change("A&E attendances", 14210, 120, 130),
    change("Four-hour performance", 0.61, 0.04, 0.01, 1, "share"),
    change("Rapid response visits", 310, 1290, 60, 0),
    change("Admissions to community beds", 0, 120, 8, 0),
    change("Conveyances", 5210, 0, 0),
    change("A measure with an uncommonly long title of its own", 41e6, -1e6, 3e5, -1, "GBP"),
    change("Utilisation: Nurses", 0.656, 4e-6, 11e-6, 0, "share"),
)


FINDING = headline.sentence(LINES, TITLES[1])


def draw_differences(path: Path) -> Path:
    return differences.draw([Under("Hospital", LINES)], *TITLES, FINDING, path)


def draw_one_replication(path: Path) -> Path:
    lines = tuple(replace(line, low=nan, high=nan, replications=1) for line in LINES)
    return differences.draw([Under("Hospital", lines)], *TITLES, FINDING, path)


def draw_options(path: Path) -> Path:
    return options.draw({TITLES[1]: LINES[:4], "Everything": LINES[:3]}, TITLES[0], path)


def draw_occupancy(path: Path) -> Path:
    panels = []
    for kind in ("acute", "community"):
        made = []
        for here in ARMS:
            runs = [run_logs(here, number, 300) for number in (1, 2)]
            used = [daily_use(logs.holds, here.beds(kind), here.horizon) for logs in runs]
            found = occupancy(TITLES[here is AFTER], here, kind, used)
            assert found is not None
            made.append(found)
        panels.append(made)
    return beds.draw(panels, BEFORE.start, path)


def draw_flows(path: Path) -> Path:
    before, after = (reached(here, run_logs(here, 1, 500)) for here in ARMS)
    return ribbons.draw(flows(before, after), *TITLES, 91, path)


def draw_still(path: Path) -> Path:
    return ribbons.draw(Flows(("GP", "No episode"), np.array([[7, 0], [0, 0]])), *TITLES, 91, path)


def draw_case(path: Path) -> Path:
    sides = []
    for here in ARMS:
        found = timeline(here, case_logs(here, 40 * DAY), "mrs_b")
        assert found is not None
        sides.append((TITLES[here is AFTER], found))
    return timelines.draw(BEFORE.cases[0], sides, "Replication 1.", path)


PICTURES = [
    draw_differences,
    draw_one_replication,
    draw_options,
    draw_occupancy,
    draw_flows,
    draw_still,
    draw_case,
]


@pytest.mark.parametrize("draw", PICTURES)
def test_a_picture_is_a_whole_png_as_wide_as_promised(
    draw: Callable[[Path], Path], tmp_path: Path
) -> None:
    path = draw(tmp_path / "new" / "picture.png")
    data = path.read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    assert data.startswith(b"\x89PNG")
    assert data.endswith(b"IEND\xaeB`\x82")
    assert width == figures.WIDTH * figures.DPI == 1500
    assert 400 < height < 3000
    assert [item.name for item in path.parent.iterdir()] == ["picture.png"]


@pytest.mark.parametrize("draw", PICTURES)
def test_no_text_is_cut_off_or_written_over_another(
    draw: Callable[[Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Figure] = []

    def keep(figure: Figure, path: Path) -> Path:
        drawn.append(figure)
        return path

    monkeypatch.setattr(figures, "save", keep)
    draw(tmp_path / "picture.png")
    figure = drawn[0]
    figure.canvas.draw()
    texts = [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
    assert len(boxes) >= 4
    for words, box in boxes:
        assert box.x0 >= 0 and box.x1 <= figure.bbox.width, words
        assert box.y0 >= 0 and box.y1 <= figure.bbox.height, words
    for (one, here), (other, there) in combinations(boxes, 2):
        wide = min(here.x1, there.x1) - max(here.x0, there.x0)
        high = min(here.y1, there.y1) - max(here.y0, there.y0)
        # a box has the height of the tallest letters; three pixels of it are air
        assert wide <= 1 or high <= 3, f"{one!r} and {other!r} overlap"


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("inner", [-8, -1, 0, 4, 9, 12.5, 19, 25])
def test_the_size_of_what_is_beyond_the_axis_is_not_written_over_its_interval(
    side: int, inner: float
) -> None:
    limit, centre = 20.0, 31.0
    row = change("Over twelve hours in A&E", 100, side * centre, centre - inner)
    axes = figures.place(figures.new_figure(2.0), 3, 0.5, 6, 1.5)
    axes.set_xlim(-limit, limit)
    marks.interval(axes, row, 0.5, limit)
    figure = axes.figure
    figure.canvas.draw()
    (words,) = (text for text in axes.texts if text.get_text())
    assert words.get_text() == f"{side * centre:+.0f} %"
    box = words.get_window_extent()
    for line in axes.lines:
        ends = axes.transData.transform(line.get_xydata())[:, 0]
        assert box.x1 < min(ends) or box.x0 > max(ends)
    edges = axes.get_window_extent()
    assert edges.x0 < box.x0 and box.x1 < edges.x1


def test_the_same_picture_is_the_same_bytes(tmp_path: Path) -> None:
    one, two = draw_differences(tmp_path / "1.png"), draw_differences(tmp_path / "2.png")
    assert one.read_bytes() == two.read_bytes()


def test_a_picture_can_be_drawn_as_svg(tmp_path: Path) -> None:
    assert "</svg>" in draw_flows(tmp_path / "flows.svg").read_text()


def test_a_failure_leaves_the_old_picture_and_no_rubbish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"old")
    figure = figures.new_figure(2.0)

    def fail(name: object, **options: object) -> None:
        Path(str(name)).write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(figure, "savefig", fail)
    with pytest.raises(OSError, match="disk full"):
        figures.save(figure, path)
    assert path.read_bytes() == b"old"
    assert [item.name for item in tmp_path.iterdir()] == ["picture.png"]


def test_drawing_leaves_no_global_state(tmp_path: Path) -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    draw_case(tmp_path / "case.png")
    assert dict(matplotlib.rcParams) == before


def test_one_extreme_change_does_not_press_the_others_together() -> None:
    assert marks.axis_limit(LINES) < 30
    assert marks.axis_limit([]) == 1.0
    assert marks.axis_limit(LINES[5:6]) == 1.0
