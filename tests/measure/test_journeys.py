"""Claims about named cases: who they are in each replication, their copies, and their journeys."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.engine import EngineName, run
from sim.engine.logs import Logs
from sim.measure import Context, Journey, build_context, journeys, traced
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.plan.population import NEVER, draw_population, with_cases
from sim.scenario.problems import ScenarioError
from tests.engine.logs_equal import differences

ENGINES: tuple[EngineName, ...] = ("compiled", "simpy")

PLACE = """
title: A place with a team and a ward
run: {start: 2024-04-01, warm_up: 7 days, duration: 21 days}
people:
  number: 2000
  attributes: {frail: {shares: {yes: 0.3, no: rest}}, age: {shares: {old: 0.5, young: rest}}}
crises:
  fall: {rate: 2000, first: call}
programmes:
  team: {eligible: {frail: yes}, coverage: 50 %}
  round: {coverage: 100 %, caseload: 200}
resources:
  bed: {capacity: 40, bed: acute}
  cot: {capacity: 10, bed: community}
outcomes: {home: At home}
pathway:
  call: {delay: 10 min, spawn: {tell: 1}, route: {by: team, yes: cot_stay, no: ward}}
  ward:
    {seize: bed, delay: {exponential: {mean: 3 days}}, hold: next, route: {again: 0.5, home: rest}}
  again: {seize: cot, delay: 1 day, route: home}
  cot_stay: {seize: cot, delay: {exponential: {mean: 4 days}}, route: home}
  tell: {delay: 5 min, route: home}
cases:
  mrs_b: {crisis: fall, at: 2024-04-08 09:30, attributes: {frail: yes}, copies: 7}
  mr_a: {crisis: fall, at: 2024-04-10 15:00}
  ms_c: {crisis: fall, at: 2024-04-10 15:00, programmes: {team: no}, copies: 3, until: 2024-04-16}
"""


def place(folder: Path, text: str = PLACE) -> tuple[Plan, Context]:
    file = folder / "place.yaml"
    file.write_text(text)
    model = sim.load(file).model
    plan = compile_plan(model)
    return plan, build_context(plan, model)


def told(folder: Path, *replications: int, text: str = PLACE) -> list[Journey]:
    plan, context = place(folder, text)
    return [one for number in replications for one in journeys(context, run(plan, 1, number))]


def of(case: str, items: list[Journey]) -> list[Journey]:
    return [item for item in items if item.case == case]


def test_copies_come_at_one_time_of_day_on_days_spread_evenly(tmp_path: Path) -> None:
    mrs_b = of("mrs_b", told(tmp_path, 1))
    assert [item.copy for item in mrs_b] == list(range(7))
    days = [divmod(item.onset, 1440.0) for item in mrs_b]
    assert days == [(7 + 3 * copy, 9.5 * 60) for copy in range(7)]
    assert [item.onset // 1440 for item in of("ms_c", told(tmp_path, 1))] == [9, 11, 13]


@pytest.mark.parametrize("engine", ENGINES)
def test_every_copy_is_a_person_with_luck_of_their_own(tmp_path: Path, engine: EngineName) -> None:
    plan, context = place(tmp_path)
    logs = run(plan, 1, 1, engine)
    rows = np.flatnonzero((logs.episodes.case >= 0) & (logs.episodes.parent < 0))
    assert len(rows) == len(set(logs.episodes.person[rows].tolist())) == 11
    assert logs.episodes.person[rows].min() >= 2000
    items = of("mrs_b", list(journeys(context, logs)))
    assert len({sum(item.bed_days.values()) for item in items}) == 7


def test_the_first_copy_has_the_luck_of_the_case_alone(tmp_path: Path) -> None:
    """Adding copies gives nobody other luck, the case least of all."""
    text = PLACE.replace("40", "unlimited").replace("10,", "unlimited,")
    alone = of("mrs_b", told(tmp_path, 1, 2, 3, text=text.replace(", copies: 7", "")))
    first = [item for item in of("mrs_b", told(tmp_path, 1, 2, 3, text=text)) if item.copy == 0]
    assert repr(alone) == repr(first)


def test_membership_is_drawn_in_every_replication_unless_it_is_fixed(tmp_path: Path) -> None:
    items = told(tmp_path, *range(1, 61))
    share = np.mean([item.levels["team"] == "yes" for item in of("mrs_b", items)])
    assert share == pytest.approx(0.5, abs=0.1)  # of 420: four standard errors
    by_seed = {item.levels["team"] for item in of("mr_a", items) if item.levels["frail"] == "yes"}
    assert by_seed == {"yes", "no"}
    assert {item.levels["team"] for item in of("ms_c", items)} == {"no"}
    assert {item.levels["team"] for item in of("mr_a", items) if item.levels["frail"] == "no"} == {
        "no"
    }


def test_attributes_not_given_are_drawn_in_every_replication(tmp_path: Path) -> None:
    items = told(tmp_path, *range(1, 31))
    assert {item.levels["frail"] for item in of("mrs_b", items)} == {"yes"}
    share = np.mean([item.levels["age"] == "old" for item in of("mrs_b", items)])
    assert share == pytest.approx(0.5, abs=0.14)  # of 210: four standard errors


def test_a_caseload_takes_a_case_as_it_takes_others(tmp_path: Path) -> None:
    """200 of 2,000 are on the round; so is one case in ten, and nobody loses a place to them."""
    plan, _ = place(tmp_path)
    people = draw_population(plan, 1)
    members = people.numbers.reshape(2000, -1)[:, plan.programmes.index("round")] < NEVER
    assert members.sum() == 200
    items = told(tmp_path, *range(1, 61))
    share = np.mean([item.levels["round"] == "yes" for item in items])
    assert share == pytest.approx(0.1, abs=0.05)  # of 660: four standard errors
    everyone = with_cases(plan, people, 1, 1)
    assert everyone.levels[: len(people.levels)].tobytes() == people.levels.tobytes()


def test_nobody_elses_luck_depends_on_copies(tmp_path: Path) -> None:
    """Where capacity binds nobody, the others' logs are the same to the bit."""
    text = PLACE.replace("40", "unlimited").replace("10,", "unlimited,")
    many, few = (
        others(run(place(tmp_path, one)[0], 1, 1))
        for one in (text, text.replace(", copies: 7", ""))
    )
    assert many == few


def others(logs: Logs) -> Mapping[str, bytes]:
    rows = logs.episodes.person < 2000
    visits = rows[logs.visits.episode]
    return {
        "onset": logs.episodes.onset[rows].tobytes(),
        "ended": logs.episodes.ended[rows].tobytes(),
        "queued": logs.visits.queued[visits].tobytes(),
        "step": logs.visits.step[visits].tobytes(),
    }


def test_a_journey_says_what_the_logs_say(tmp_path: Path) -> None:
    plan, context = place(tmp_path)
    logs = run(plan, 1, 1)
    found = journeys(context, logs)
    assert repr(found) == repr(journeys(context, traced(logs)))  # for NaN is not NaN
    for item in found:
        (row,) = np.flatnonzero(
            (logs.episodes.case == plan.cases.index(item.case))
            & (logs.episodes.ordinal == item.copy)
            & (logs.episodes.parent < 0)
        )
        mine = logs.visits.episode == row
        assert [one.step for one in item.passages] == [
            plan.steps[step] for step in logs.visits.step[mine]
        ]
        assert [one.step for one in item.side_tasks] == ["tell"]
        acute = (logs.holds.episode == row) & (logs.holds.resource == plan.resources.index("bed"))
        ended = np.nan_to_num(logs.holds.released[acute], nan=logs.horizon)
        days = float((ended - logs.holds.seized[acute]).sum()) / 1440
        assert item.bed_days["acute"] == pytest.approx(days)


def test_engines_agree_on_copies(tmp_path: Path) -> None:
    plan, _ = place(tmp_path)
    assert differences(*(run(plan, 1, 1, engine) for engine in ENGINES)) == []


def test_check_warns_of_copies_that_are_more_than_a_small_share(tmp_path: Path) -> None:
    """Ten copies in 28 days, where 307 episodes are expected: 3 %."""
    file = tmp_path / "place.yaml"
    for text, warned in ((PLACE, True), (PLACE.replace("number: 2000", "number: 20000"), False)):
        file.write_text(text)
        said = [one for one in sim.check(file).warnings if "copies" in one.what]
        assert bool(said) == warned


def test_more_copies_than_days_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="at most 21, one a day"):
        place(tmp_path, PLACE.replace("copies: 7", "copies: 22"))


def test_a_shorter_run_keeps_the_copies_it_has_room_for(tmp_path: Path) -> None:
    file = tmp_path / "place.yaml"
    file.write_text(PLACE)
    with pytest.warns(UserWarning, match="mrs_b comes 3 times"):
        results = sim.run(file, replications=1, overrides={"run.duration": "3 days"})
    assert results.scenario.model.cases["mrs_b"].copies == 3
