"""Only what can bound a queue is said to bound it."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from tests.scenario.analysis.test_offered_load import estimate, load

#: 6 units' worth of work come to 4 doctors
BUSY = """
crises:
  need: {rate: 15 per hour, first: doctor, attributes: {prio: {shares: {a: SHARE, b: rest}}}}
signals: {crowded: {queue: doctors, at_least: 5}}
resources: {doctors: {capacity: 4 RESOURCE}}
pathway:
  doctor:
    seize: doctors
    delay: {exponential: {mean: 24 min}}
    route: ROUTE
    STEP
  letter: {delay: 5 min, route: home}
"""


def relief(
    folder: Path,
    step: str = "",
    share: str = "10 %",
    route: str = "letter",
    resource: str = "",
    more: str = "",
    first: str = "doctor",
) -> str:
    text = textwrap.dedent(BUSY).replace("SHARE", share).replace("ROUTE", route)
    text = text.replace("RESOURCE", resource).replace("STEP", step) + more
    text = text.replace("first: doctor", f"first: {first}")
    row = load(folder, text, "doctors")
    assert row.ratio >= 1.0
    return row.relief


@pytest.mark.parametrize(
    ("share", "found"),
    [("10 %", ""), ("30 %", ""), ("40 %", "patience")],
)
def test_patience_counts_if_those_without_it_are_few_enough(
    share: str, found: str, tmp_path: Path
) -> None:
    # a third must leave for 6 units' worth to become 4
    step = "patience: {by: prio, a: 15 min, b: never}\n    renege_to: home"
    assert relief(tmp_path, step, share) == found


@pytest.mark.parametrize(
    ("patience", "found"),
    [
        ("1000 days", ""),
        ("{exponential: {mean: 100 days}}", ""),
        ("{exponential: {mean: 1 day}}", "patience"),
        ("{lognormal: {mean: 2 h, sd: 3 h}}", "patience"),
    ],
)
def test_patience_longer_than_the_run_is_none(patience: str, found: str, tmp_path: Path) -> None:
    assert relief(tmp_path, f"patience: {patience}\n    renege_to: home") == found


def test_who_gives_up_and_comes_again_relieves_nobody(tmp_path: Path) -> None:
    assert relief(tmp_path, "patience: 15 min\n    renege_to: home") == "patience"
    again = "again: {delay: 1 h, route: doctor}"
    assert relief(tmp_path, "patience: 15 min\n    renege_to: again", more=f"  {again}\n") == ""


def test_a_limit_counts_unless_who_is_turned_away_comes_again(tmp_path: Path) -> None:
    limit = ", queue_limit: 20"
    assert relief(tmp_path, "balk_to: home", resource=limit) == "a queue_limit"
    again = "  again: {delay: 1 h, route: doctor}\n"
    assert relief(tmp_path, "balk_to: again", resource=limit, more=again) == ""


def test_a_signal_counts_if_it_keeps_enough_people_away(tmp_path: Path) -> None:
    for share, found in (("0.5", "signal `crowded`"), ("0.9", "")):
        first = f"{{by: crowded, yes: {{doctor: {share}, letter: rest}}, no: doctor}}"
        assert relief(tmp_path, first=first) == found


def test_a_signal_after_the_service_keeps_nobody_away(tmp_path: Path) -> None:
    assert relief(tmp_path, route="{by: crowded, yes: letter, no: home}") == ""


def test_two_that_do_not_suffice_may_do_so_together(tmp_path: Path) -> None:
    step = "patience: {by: prio, a: 15 min, b: never}\n    renege_to: home"
    first = "{by: crowded, yes: {doctor: 0.8, letter: rest}, no: doctor}"
    assert relief(tmp_path, step, "20 %", first=first) == ("patience and signal `crowded` together")


@pytest.mark.parametrize(("first", "found"), [("b", "patience"), ("a", "")])
def test_patience_of_those_served_first_relieves_nobody(
    first: str, found: str, tmp_path: Path
) -> None:
    # those with patience are 3 units' worth; served first they never come to give up
    step = (
        "patience: {by: prio, a: 15 min, b: never}\n    renege_to: home\n"
        f"    priority: {{by: prio, {first}: 1, other: 2}}"
    )
    assert relief(tmp_path, step, "50 %") == found


TANDEM = """
crises: {{need: {{rate: {rate} per min, first: one}}}}
resources: {{a: {{capacity: 1}}, b: {{capacity: {behind}}}}}
pathway:
  one: {{seize: a, delay: {time}, hold: next, route: two}}
  two: {{seize: b, delay: {time}, {more} route: home}}
"""
MINUTE = "{exponential: {mean: 1 min}}"


def bound(folder: Path, rate: float, behind: int = 1, time: str = MINUTE, more: str = "") -> float:
    text = TANDEM.format(rate=rate, behind=behind, time=time, more=more)
    found = load(folder, text, "a").bound
    return 0.0 if found is None else found.per_minute


def test_two_servers_behind_each_other_let_two_thirds_through(tmp_path: Path) -> None:
    # the cycle of the first is the longer of two exponential times
    assert bound(tmp_path, 0.72) == pytest.approx(2 / 3)
    assert bound(tmp_path, 0.66) == 0.0


def test_constant_times_behind_each_other_hold_nobody_up(tmp_path: Path) -> None:
    assert bound(tmp_path, 0.9, time="1 min") == 0.0


def test_room_behind_or_leaving_that_queue_lets_more_through(tmp_path: Path) -> None:
    assert bound(tmp_path, 0.72, behind=4) == 0.0
    assert bound(tmp_path, 0.72, more="patience: 10 min, renege_to: home,") == 0.0


def test_a_chain_is_held_up_by_its_last_stage(tmp_path: Path) -> None:
    text = """
    crises: {call: {rate: 11 per day, first: ambulance}}
    resources: {crews: {capacity: 4}, cubicles: {capacity: 6}, beds: {capacity: 25}}
    pathway:
      ambulance: {seize: crews, delay: 40 min, hold: next, route: cubicle}
      cubicle: {seize: cubicles, delay: {exponential: {mean: 8 h}}, hold: next, route: ward}
      ward: {seize: beds, delay: {exponential: {mean: 2 days}}, hold: true, route: round}
      round: {seize: doctors, delay: 15 min, route: home}
    """.replace("beds: {capacity: 25}", "beds: {capacity: 25}, doctors: {capacity: HOURS}")
    always = {row.resource: row for row in estimate(tmp_path, text.replace("HOURS", "1")).rows}
    assert all(row.settles for row in always.values())
    # 21 hours without a round: a patient waits for 9.2 hours, and 25 beds are too few
    hours = text.replace("HOURS", "{mon-sun 09:00-12:00: 4, other: 0}")
    rows = {row.resource: row for row in estimate(tmp_path, hours).rows}
    assert {name: row.bound.waits_for for name, row in rows.items() if row.bound} == {
        "crews": "cubicles",
        "cubicles": "beds",
        "beds": "doctors",
    }
    beds = rows["beds"].bound
    assert beds is not None
    assert beds.per_minute * 1440 < 25 / (2 + 21 * 21 / 2 / 24 / 24)


def test_units_that_come_back_at_once_are_all_with_the_servers() -> None:
    """However short their own time, what they get through is what the servers can do."""
    from sim.scenario.analysis.blocking import _exponential

    for own in (1e-3, 1e-9, 1e-300):
        assert _exponential(400.0, own, 2.0, 10.0, 0.0) == pytest.approx(0.2, rel=1e-6)
    # by hand: one unit, one server, both times 10 minutes; half the time it is with the server
    assert _exponential(1.0, 10.0, 1.0, 10.0, 0.0) == pytest.approx(0.05)


BOOKED = """
crises: {need: {rate: 9 per hour, first: {hub: SHARE, walk: rest}}}
resources:
  hub: {slots: {mon-sun 00:00-24:00: {every: 15 min, places: 2}}, walk_in: true}
pathway:
  hub: {book: hub, within: 1 day, balk_to: home, delay: 10 min, route: home}
  walk: {seize: hub, delay: 10 min, route: home}
"""


def test_those_who_book_are_turned_away_in_the_end_and_those_who_walk_in_never(
    tmp_path: Path,
) -> None:
    """Nine an hour book eight places of which each is a quarter of an hour, whatever it takes."""
    some, none = (load(tmp_path, BOOKED.replace("SHARE", share), "hub") for share in ("1", "0"))
    assert some.ratio == pytest.approx(9 / 8)
    assert some.relief == "turning away those who find no slot"
    assert none.ratio == pytest.approx(9 * 10 / 60 / 2)
