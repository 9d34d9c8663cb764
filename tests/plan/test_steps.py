"""The pathway as arrays: every field of a step, worked out on a small one."""

from __future__ import annotations

from typing import Any

from sim.plan.plan import NONE, Hold, Plan
from tests.plan import small

#: steps are numbered by name: assess 0, bed 1, call 2; outcomes: died -1, done -2
SECTIONS: dict[str, Any] = {
    "crises": {"need": {"rate": 0, "first": "call"}},
    "resources": {
        "beds": {"capacity": {"mon-fri 08:00-18:00": 2, "other": 0}, "turnaround": "2 h"},
        "nurse": {"capacity": 1},
    },
    "attributes": {
        "seen": {"levels": ["no", "yes"], "initially": "no"},
        "worse": {"levels": ["no", "yes"], "initially": "yes", "on": "person"},
    },
    "pathway": {
        "call": {"delay": "5 min", "route": {"assess": 0.5, "done": 0.3, "died": 0.2}},
        "assess": {
            "seize": "nurse",
            "priority": 2,
            "patience": "4 h",
            "renege_to": "died",
            "delay": "30 min",
            "hold": "next",
            "set": {"seen": "yes"},
            "spawn": {"call": 0.25},
            "route": "bed",
        },
        "bed": {
            "seize": "beds",
            "balk_to": "call",
            "balk_when": ["closed"],
            "delay": "1 day",
            "hold": True,
            "set": {"worse": "no", "seen": {"by": "worse", "yes": "no", "no": "yes"}},
            "route": {"assess": 0.1, "done": 0.9},
        },
    },
    "outcomes": {"done": "Done", "died": "Died"},
}


def made() -> Plan:
    return small.plan(**SECTIONS)


def durations(plan: Plan, table: int) -> float:
    """The constant that a table of one cell says, in minutes."""
    return float(plan.world.distributions[leaf(plan, table)]["a"])


def leaf(plan: Plan, table: int) -> int:
    return int(plan.world.cells[plan.world.tables[table]["first_cell"]])


def branches(plan: Plan, table: int) -> list[tuple[int, float]]:
    """Targets and cumulative shares of a choice of one cell."""
    found: list[tuple[int, float]] = []
    for target, cumulative in plan.world.branches[plan.world.choices[leaf(plan, table)] :].tolist():
        found.append((target, round(cumulative, 12)))
        if cumulative == 1.0:
            return found
    raise AssertionError("a choice without an end")


def test_steps_seize_wait_and_lead_to_what_is_written() -> None:
    plan = made()
    assess, bed, call = plan.world.steps
    assert [step["seize"] for step in (assess, bed, call)] == [1, 0, NONE]
    assert branches(plan, assess["renege_to"]) == [(-1, 1.0)]
    assert branches(plan, bed["balk_to"]) == [(2, 1.0)]
    assert [bed["renege_to"], call["renege_to"]] == [NONE, NONE]
    assert [assess["balk_to"], call["balk_to"]] == [NONE, NONE]
    assert [bool(step["balk_closed"]) for step in (assess, bed, call)] == [False, True, False]
    assert not any(step["balk_full"] for step in (assess, bed, call))
    assert [step["hold"] for step in (assess, bed, call)] == [Hold.NEXT, Hold.TRUE, Hold.NO]


def test_a_step_turns_away_when_it_is_said_to_and_without_a_word_in_both_cases() -> None:
    limited = {"beds": {**SECTIONS["resources"]["beds"], "queue_limit": 3}}
    resources = {**SECTIONS["resources"], **limited}
    for words, closed in ((["full"], 0), (["full", "closed"], 1), (None, 1)):
        bed = {k: v for k, v in SECTIONS["pathway"]["bed"].items() if k != "balk_when"}
        if words:
            bed["balk_when"] = words
        pathway = {**SECTIONS["pathway"], "bed": bed}
        step = small.plan(**{**SECTIONS, "resources": resources, "pathway": pathway}).world.steps[1]
        assert (step["balk_full"], step["balk_closed"]) == (1, closed)


def test_times_are_in_minutes_and_what_is_not_written_is_none() -> None:
    plan = made()
    assess, bed, call = plan.world.steps
    assert durations(plan, assess["patience"]) == 240
    assert [durations(plan, step["delay"]) for step in (assess, bed, call)] == [30, 1440, 5]
    assert bed["patience"] == call["patience"] == NONE
    assert bed["priority"] == call["priority"] == NONE
    assert plan.world.numbers[leaf(plan, assess["priority"])] == 2


def test_routes_read_outcomes_from_the_last_name_then_steps_by_name() -> None:
    plan = made()
    assert branches(plan, plan.world.steps[2]["route"]) == [(-2, 0.3), (-1, 0.5), (0, 1.0)]
    assert branches(plan, plan.world.steps[1]["route"]) == [(-2, 0.9), (0, 1.0)]
    assert branches(plan, plan.world.steps[0]["route"]) == [(1, 1.0)]


def test_a_branch_without_a_share_is_left_out() -> None:
    for shares, target in (({"done": 0, "well": 1}, -2), ({"done": 1, "well": 0}, -1)):
        plan = small.plan(
            pathway={"serve": {"delay": "1 h", "route": shares}},
            outcomes={"done": "Done", "well": "Well"},
        )
        assert branches(plan, plan.world.steps[0]["route"]) == [(target, 1.0)]


def test_what_is_set_and_spawned_belongs_to_its_step() -> None:
    plan = made()
    world = plan.world
    assess, bed, call = world.steps

    def set_at(step: Any) -> list[str]:
        rows = world.settings[step["first_set"] : step["end_set"]]
        return [plan.attributes[row["attribute"]] for row in rows]

    assert [sorted(set_at(step)) for step in (assess, bed, call)] == [
        ["seen"],
        ["seen", "worse"],
        [],
    ]
    spawned = world.spawns[assess["first_spawn"] : assess["end_spawn"]]
    assert spawned["step"].tolist() == [2]
    assert world.numbers[leaf(plan, spawned[0]["table"])] == 0.25
    assert bed["first_spawn"] == bed["end_spawn"]


def test_a_table_that_reads_an_attribute_is_set_before_it() -> None:
    """`seen` reads `worse`, which the same step sets: it must read what it was."""
    plan = made()
    bed = plan.world.steps[1]
    rows = plan.world.settings[bed["first_set"] : bed["end_set"]]
    assert [plan.attributes[row["attribute"]] for row in rows] == ["seen", "worse"]


def test_steps_on_a_loop_are_numbered_and_others_are_not() -> None:
    """assess, bed and call can be come to again; a step before them cannot."""
    assert made().world.steps["loop"].tolist() == [0, 1, 2]
    sections = {**SECTIONS, "crises": {"need": {"rate": 0, "first": "before"}}}
    sections["pathway"] = {**sections["pathway"], "before": {"route": "call"}}
    assert small.plan(**sections).world.steps["loop"].tolist() == [0, 1, NONE, 2]


def test_each_decision_of_each_step_has_a_key_of_its_own() -> None:
    steps = made().world.steps
    names = ("key_patience", "key_delay", "key_turnaround", "key_route")
    keys = [int(step[name]) for step in steps for name in names]
    assert len(set(keys)) == 3 * 4


def test_draws_as_gives_a_step_the_keys_of_another_name() -> None:
    old = small.plan().world.steps[0]
    new = small.plan(
        crises={"need": {"rate": 0, "first": "treat"}},
        pathway={"treat": {"seize": "nurse", "delay": "1 h", "route": "done", "draws_as": "serve"}},
    ).world.steps[0]
    for name in ("key_patience", "key_delay", "key_turnaround", "key_route"):
        assert new[name] == old[name]


def test_units_kept_until_released_are_released_where_it_says() -> None:
    plan = small.plan(
        resources={"nurse": {"capacity": 1}, "bed": {"capacity": 1}},
        crises={"need": {"rate": 0, "first": "lie"}},
        pathway={
            "lie": {"seize": "bed", "delay": "1 h", "hold": True, "route": "serve"},
            "serve": {"seize": "nurse", "release": ["bed"], "delay": "1 h", "route": "done"},
        },
    )
    lie, serve = plan.world.steps
    assert lie["first_release"] == lie["end_release"]
    assert plan.world.releases[serve["first_release"] : serve["end_release"]].tolist() == [
        (0, 1, NONE)
    ]
