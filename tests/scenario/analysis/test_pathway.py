"""What makes a pathway impossible to walk, and what does not."""

from __future__ import annotations

from pathlib import Path

from sim.scenario.analysis.pathway import pathway_errors, pathway_warnings
from tests.scenario.small import clinic


def errors(folder: Path, text: str) -> list[str]:
    return [f"{c.what}: {c.found}" for c in pathway_errors(clinic(folder, text).model)]


def warnings(folder: Path, text: str) -> list[str]:
    return [c.what for c in pathway_warnings(clinic(folder, text).model)]


def test_a_straight_pathway_has_nothing_wrong(tmp_path: Path) -> None:
    assert errors(tmp_path, "") == []


def test_a_step_nothing_leads_to_is_never_reached(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {delay: 20 min, route: home}
      x_ray: {delay: 20 min, route: plaster}
      plaster: {delay: 20 min, route: home}
    """
    assert errors(tmp_path, text) == [
        "step `x_ray` is never reached: nothing leads here",
        "step `plaster` is never reached: only x_ray leads here, not reached either",
    ]


def test_balking_reneging_and_side_tasks_all_reach_steps(tmp_path: Path) -> None:
    text = """
    resources:
      nurses: {capacity: 4, queue_limit: 3}
    pathway:
      triage:
        {seize: nurses, patience: 1 h, renege_to: a, balk_to: b, spawn: [c], route: home}
      a: {delay: 1 min, route: home}
      b: {delay: 1 min, route: home}
      c: {delay: 1 min, route: home}
    """
    assert errors(tmp_path, text) == []


def test_a_branch_of_probability_0_reaches_its_step_for_a_sweep_to_raise(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {delay: 20 min, route: {home: rest, x_ray: 0}}
      x_ray: {delay: 20 min, route: home}
    """
    assert errors(tmp_path, text) == []
    assert "step `x_ray` is only reached by branches of probability 0" in warnings(tmp_path, text)


def test_a_loop_that_no_one_can_leave_is_named(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {delay: 20 min, route: {home: 0.5, a: 0.5}}
      a: {delay: 20 min, route: b}
      b: {delay: 20 min, route: {a: 1, home: 0}}
    """
    assert errors(tmp_path, text) == ["step `a` can never reach an outcome: a -> b -> a"]


def test_a_loop_that_reneging_leaves_ends(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {seize: nurses, delay: 20 min, patience: 1 day, renege_to: home, route: triage}
    """
    assert errors(tmp_path, text) == []


def test_a_loop_with_time_in_it_is_allowed(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {route: {home: 0.5, a: 0.5}}
      a: {delay: 20 min, route: triage}
    """
    assert errors(tmp_path, text) == []


def test_a_loop_without_any_time_in_it_is_an_error_however_unlikely(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {route: {home: rest, a: 0.001}}
      a: {delay: {empirical: {values: [0 min]}}, route: triage}
    """
    assert errors(tmp_path, text) == ["a loop that takes no time: triage -> a -> triage"]


def test_waiting_is_no_excuse_for_a_loop_without_delay(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {seize: nurses, route: {home: 0.5, triage: 0.5}}
    """
    assert errors(tmp_path, text) == ["a loop that takes no time: triage -> triage"]


def test_turning_each_other_away_takes_no_time(tmp_path: Path) -> None:
    text = """
    resources:
      nurses: {capacity: 4, queue_limit: 3}
      beds: {capacity: 4, queue_limit: 3}
    pathway:
      triage: {seize: nurses, delay: 20 min, balk_to: ward, route: ward}
      ward: {seize: beds, delay: 20 min, balk_to: triage, route: home}
    """
    assert errors(tmp_path, text) == [
        "a loop that takes no time: triage -> ward (balk) -> triage (balk)"
    ]


def test_patience_of_no_time_at_all_takes_no_time(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {seize: nurses, delay: 9 min, patience: 0 min, renege_to: again, route: home}
      again: {route: triage}
    """
    assert errors(tmp_path, text) == [
        "a loop that takes no time: triage -> again (renege) -> triage"
    ]


def test_a_side_task_that_starts_itself_at_once_never_ends(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {delay: 20 min, spawn: [letter], route: home}
      letter: {spawn: [letter], route: home}
    """
    assert errors(tmp_path, text) == ["a loop that takes no time: letter -> letter (spawn)"]


def test_a_loop_that_takes_no_time_in_one_cell_is_worth_a_warning(tmp_path: Path) -> None:
    text = """
    people: {number: 1000, attributes: {age: {shares: {old: 0.5, young: 0.5}}}}
    pathway:
      triage: {delay: {by: age, old: 0 min, young: 20 min}, route: {home: 0.5, triage: 0.5}}
    """
    assert errors(tmp_path, text) == []
    assert "a loop that takes no time in some cells of its tables" in warnings(tmp_path, text)


def test_unused_resources_and_outcomes_are_mentioned(tmp_path: Path) -> None:
    text = """
    outcomes: {home: At home, died: Died}
    """
    assert warnings(tmp_path, text) == ["no step seizes `beds`", "no step ends in `died`"]


def test_balking_where_nothing_is_ever_full_or_closed_is_mentioned(tmp_path: Path) -> None:
    text = """
    resources: {nurses: {capacity: 4}}
    pathway:
      triage: {seize: nurses, delay: 20 min, balk_to: home, route: home}
    """
    assert warnings(tmp_path, text) == [
        "no one is ever turned away: `nurses` has no queue_limit and never closes"
    ]


def test_a_resource_closed_at_night_can_turn_people_away(tmp_path: Path) -> None:
    text = """
    resources: {nurses: {capacity: {mon-sun 08:00-20:00: 4}}}
    pathway:
      triage: {seize: nurses, delay: 20 min, balk_to: home, route: home}
    """
    assert warnings(tmp_path, text) == []


def test_steps_may_draw_as_one_if_no_episode_comes_to_both(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {route: {here: 0.5, there: rest}}
      here: {delay: 20 min, draws_as: seen, route: home}
      there: {delay: 20 min, draws_as: seen, route: END, spawn: {tell: 1}}
      tell: {delay: 5 min, draws_as: seen, route: home}
    """
    assert errors(tmp_path, text.replace("END", "home")) == []
    assert errors(tmp_path, text.replace("END", "{home: 1, here: 0}")) == []
    for end, way in (
        ("{home: 0.5, here: rest}", "there -> here"),
        ("{home: 0.5, triage: rest}", "there -> triage -> here"),
    ):
        assert errors(tmp_path, text.replace("END", end)) == [
            f"`there` draws as `seen` too, and an episode may come to both: {way}"
        ]
