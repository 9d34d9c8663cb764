"""What may be held along the paths of a pathway."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario.analysis.deadlock import deadlock_warnings
from sim.scenario.analysis.holding import holding_errors, holdings
from sim.scenario.language.attributes import declared
from sim.scenario.language.model import Scenario
from sim.scenario.written.values import leaves
from tests.scenario.small import clinic


def errors(folder: Path, text: str) -> list[str]:
    model = clinic(folder, text).model
    found = holding_errors(model, declared(model))
    return [f"{'.'.join(map(str, c.path))}: {c.what}: {c.found}" for c in found]


def may_hold(folder: Path, text: str) -> dict[str, tuple[str, ...]]:
    return {row.step: row.may for row in holdings(clinic(folder, text).model)}


def test_a_unit_is_given_back_at_the_end_of_its_own_step(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {seize: nurses, delay: 20 min, route: treat}
      treat: {seize: nurses, delay: 20 min, route: home}
    """
    assert errors(tmp_path, text) == []
    assert may_hold(tmp_path, text) == {"triage": (), "treat": ()}


def test_hold_next_lasts_until_the_next_step_has_started(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {seize: nurses, hold: next, delay: 20 min, route: ward}
      ward: {seize: beds, delay: 20 min, route: review}
      review: {seize: nurses, delay: 20 min, route: home}
    """
    assert errors(tmp_path, text) == []
    assert may_hold(tmp_path, text) == {"triage": (), "ward": ("nurses",), "review": ()}


def test_many_outcomes_do_not_hide_that_a_unit_is_seized_twice(tmp_path: Path) -> None:
    ends = [f"end_{number}" for number in range(40)]
    text = f"""
    outcomes: {{{", ".join(f"{name}: End" for name in ends)}}}
    pathway:
      triage: {{seize: nurses, hold: true, delay: 20 min, route: {{triage: 0.2, {
        ", ".join(f"{name}: 0.02" for name in ends)
    }}}}}
    """
    (error,) = errors(tmp_path, text)
    assert "`nurses` is seized twice" in error


def test_hold_next_outlasts_reneging_and_balking(tmp_path: Path) -> None:
    text = """
    resources:
      nurses: {capacity: 4}
      beds: {capacity: 10, queue_limit: 2}
    pathway:
      triage: {seize: nurses, hold: next, delay: 20 min, route: ward}
      ward:
        {seize: beds, delay: 1 day, patience: 4 h, renege_to: chair, balk_to: lounge, route: home}
      chair: {seize: nurses, delay: 20 min, route: home}
      lounge: {delay: 20 min, route: home}
    """
    assert may_hold(tmp_path, text)["lounge"] == ("nurses",)
    assert errors(tmp_path, text) == [
        "pathway.chair.seize: `nurses` is seized twice: it may be held already, "
        "kept since step `triage`, via triage -> ward -> chair"
    ]


def test_hold_true_lasts_until_a_release(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {seize: nurses, hold: true, delay: 20 min, route: walk}
      walk: {delay: 20 min, route: ward}
      ward: {seize: beds, release: [nurses], delay: 20 min, route: again}
      again: {seize: nurses, delay: 20 min, route: home}
    """
    assert errors(tmp_path, text) == []
    assert may_hold(tmp_path, text) == {
        "triage": (),
        "walk": ("nurses",),
        "ward": ("nurses",),
        "again": (),
    }


def test_a_path_on_which_it_is_still_held_is_enough_for_an_error(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {seize: nurses, hold: true, delay: 20 min, route: {give_back: 0.9, keep: 0.1}}
      give_back: {release: [nurses], delay: 20 min, route: treat}
      keep: {delay: 20 min, route: treat}
      treat: {seize: nurses, delay: 20 min, route: home}
    """
    assert errors(tmp_path, text) == [
        "pathway.treat.seize: `nurses` is seized twice: it may be held already, "
        "kept since step `triage`, via triage -> keep -> treat"
    ]


def test_coming_round_a_loop_still_holding_is_an_error(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {seize: nurses, hold: true, delay: 20 min, route: wait}
      wait: {delay: 20 min, route: {triage: 0.1, home: rest}}
    """
    assert errors(tmp_path, text) == [
        "pathway.triage.seize: `nurses` is seized twice: it may be held already, "
        "kept since step `triage`, via triage -> wait -> triage"
    ]


def test_attributes_of_the_person_tell_paths_apart(tmp_path: Path) -> None:
    text = """
    people: {number: 1000, attributes: {age: {shares: {old: 0.5, young: 0.5}}}}
    pathway:
      triage: {delay: 20 min, route: {by: age, old: ward, young: treat}}
      ward: {seize: beds, hold: true, delay: 1 day, route: treat}
      treat: {delay: 20 min, route: {by: age, old: home, young: day_bed}}
      day_bed: {seize: beds, delay: 1 h, route: home}
    """
    assert errors(tmp_path, text) == []


def test_attributes_that_steps_set_tell_paths_apart(tmp_path: Path) -> None:
    text = """
    attributes: {admitted: {levels: [no, yes], initially: no}}
    pathway:
      triage: {delay: 20 min, route: {ward: 0.5, treat: 0.5}}
      ward: {seize: beds, hold: true, delay: 1 day, set: {admitted: yes}, route: treat}
      treat: {delay: 20 min, route: {by: admitted, yes: home, no: day_bed}}
      day_bed: {seize: beds, delay: 1 h, route: home}
    """
    assert errors(tmp_path, text) == []


def test_attributes_that_come_and_go_do_not_tell_paths_apart(tmp_path: Path) -> None:
    text = """
    calendars: {in_hours: mon-fri 08:00-18:00}
    pathway:
      triage: {delay: 20 min, route: {by: in_hours, yes: ward, no: treat}}
      ward: {seize: beds, hold: true, delay: 1 day, route: treat}
      treat: {delay: 20 min, route: {by: in_hours, yes: home, no: day_bed}}
      day_bed: {seize: beds, delay: 1 h, route: home}
    """
    assert len(errors(tmp_path, text)) == 1


def test_a_side_task_starts_with_nothing_held(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {seize: nurses, hold: true, delay: 20 min, spawn: [letter], route: home}
      letter: {seize: nurses, delay: 20 min, route: home}
    """
    assert errors(tmp_path, text) == []
    assert may_hold(tmp_path, text)["letter"] == ()


def test_releasing_what_no_step_keeps_is_an_error(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {seize: nurses, delay: 20 min, route: out}
      out: {release: [nurses], delay: 20 min, route: home}
    """
    assert errors(tmp_path, text) == [
        "pathway.out.release: step `out` releases `nurses`, which can never be held here: "
        "no step keeps it with `hold`"
    ]


def test_releasing_what_only_other_paths_hold_is_an_error(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {delay: 1 min, route: {ward: 0.5, out: 0.5}}
      ward: {seize: beds, hold: true, delay: 1 day, route: home}
      out: {release: [beds], delay: 20 min, route: home}
    """
    assert errors(tmp_path, text) == [
        "pathway.out.release: step `out` releases `beds`, which can never be held here: "
        "no path from ward comes here still holding it"
    ]


def test_releasing_what_is_held_on_some_paths_only_is_allowed(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {delay: 1 min, route: {ward: 0.5, out: 0.5}}
      ward: {seize: beds, hold: true, delay: 1 day, route: out}
      out: {release: [beds], delay: 20 min, route: home}
    """
    assert errors(tmp_path, text) == []


def test_the_table_of_holdings_tells_always_from_sometimes(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {seize: nurses, hold: true, delay: 1 min, route: {ward: 0.5, out: 0.5}}
      ward: {seize: beds, hold: true, delay: 1 day, route: out}
      out: {release: [beds, nurses], delay: 20 min, route: home}
    """
    rows = {row.step: row for row in holdings(clinic(tmp_path, text).model)}
    assert rows["out"].may == ("nurses", "beds")
    assert rows["out"].always == ("nurses",)


def test_two_resources_each_held_while_waiting_for_the_other_may_deadlock(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {delay: 1 min, route: {a: 0.5, c: 0.5}}
      a: {seize: nurses, hold: next, delay: 1 h, route: b}
      b: {seize: beds, delay: 1 h, route: home}
      c: {seize: beds, hold: next, delay: 1 h, route: d}
      d: {seize: nurses, delay: 1 h, route: home}
    """
    found = deadlock_warnings(clinic(tmp_path, text).model)
    assert [c.found for c in found] == [
        "step `d` waits for `nurses` holding `beds`; step `b` waits for `beds` holding `nurses`"
    ]


def test_patience_that_outlasts_the_run_breaks_no_deadlock(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {delay: 1 min, route: {a: 0.5, c: 0.5}}
      a: {seize: nurses, hold: next, delay: 1 h, route: b}
      b: {seize: beds, delay: 1 h, patience: 1000 days, renege_to: home, route: home}
      c: {seize: beds, hold: next, delay: 1 h, route: d}
      d: {seize: nurses, delay: 1 h, route: home}
    """
    assert len(deadlock_warnings(clinic(tmp_path, text).model)) == 1


def test_patience_breaks_a_deadlock(tmp_path: Path) -> None:
    text = """
    pathway:
      triage: {delay: 1 min, route: {a: 0.5, c: 0.5}}
      a: {seize: nurses, hold: next, delay: 1 h, route: b}
      b: {seize: beds, delay: 1 h, patience: 1 day, renege_to: home, route: home}
      c: {seize: beds, hold: next, delay: 1 h, route: d}
      d: {seize: nurses, delay: 1 h, route: home}
    """
    assert deadlock_warnings(clinic(tmp_path, text).model) == []


@st.composite
def pathways(draw: st.DrawFn) -> str:
    """The pathway section of a scenario with two resources, anything held and released anywhere."""
    size = draw(st.integers(1, 5))
    names = [f"s{i}" for i in range(size)]
    anywhere = st.sampled_from([*names, "home"])
    lines = ["pathway:"]
    for name in names:
        parts = []
        seized = draw(st.sampled_from(["nurses", "beds", None]))
        if seized:
            parts.append(f"seize: {seized}, hold: {draw(st.sampled_from(['no', 'next', 'true']))}")
            if draw(st.booleans()):
                parts.append(f"patience: 1 h, renege_to: {draw(anywhere)}")
            if draw(st.booleans()):
                parts.append(f"balk_to: {draw(anywhere)}")
        released = draw(st.sampled_from(["", "nurses", "beds", "nurses, beds"]))
        parts.append(f"release: [{released}], delay: 1 min")
        if draw(st.booleans()):
            parts.append(f"spawn: [{draw(st.sampled_from(names))}]")
        parts.append(f"route: {{{draw(anywhere)}: 0.5, home: 0.5}}")
        lines.append(f"  {name}: {{{', '.join(parts)}}}".replace("home: 0.5, home: 0.5", "home: 1"))
    return "\n".join(lines)


def every_state(model: Scenario) -> dict[str, set[frozenset[tuple[str, str]]]]:
    """All sets of (resource, how it is kept) an episode can come to each step with, by walking."""
    found: dict[str, set[frozenset[tuple[str, str]]]] = {name: set() for name in model.pathway}
    todo = [("s0", frozenset[tuple[str, str]]())]
    while todo:
        name, held = todo.pop()
        if name not in model.pathway or held in found[name]:
            continue
        found[name].add(held)
        step = model.pathway[name]
        for way in (step.balk_to, step.renege_to):
            if way is not None:
                todo += [(target, held) for shares in leaves(way) for target in shares]
        left = {r: how for r, how in held if how == "true" and r not in step.release}
        if step.first_asked:
            left.pop(step.first_asked, None)
            if step.hold != "no":
                left[step.first_asked] = step.hold
        for shares in leaves(step.route):
            todo += [(target, frozenset(left.items())) for target in shares]
        todo += [(first, frozenset()) for first in step.spawn]
    return found


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pathway=pathways())
def test_what_may_be_held_is_what_some_walk_holds(
    pathway: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    crises = "crises: {fall: {rate: 100, first: s0}}"
    model = clinic(tmp_path_factory.mktemp("walk"), f"{crises}\n{pathway}").model
    walked = every_state(model)
    rows = {row.step: row for row in holdings(model)}
    assert set(rows) == {name for name, states in walked.items() if states}
    for name, row in rows.items():
        sets = [{resource for resource, _ in state} for state in walked[name]]
        assert set(row.may) == set().union(*sets)
        assert set(row.always) == set.intersection(*sets)
    twice = {
        (name, step.first_asked)
        for name, step in model.pathway.items()
        if any(step.first_asked in {resource for resource, _ in state} for state in walked[name])
    }
    vain = {
        (name, resource)
        for name, step in model.pathway.items()
        for resource in step.release
        if walked[name] and not any(resource in dict(state) for state in walked[name])
    }
    found = holding_errors(model, declared(model))
    assert {(c.path[1], model.pathway[str(c.path[1])].first_asked) for c in found
            if c.path[2] == "seize"} == twice  # fmt: skip
    assert {(c.path[1], c.what.split("`")[3]) for c in found if c.path[2] == "release"} == vain
