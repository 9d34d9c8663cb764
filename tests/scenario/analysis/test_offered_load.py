"""Offered loads that can be worked out by hand."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from sim.scenario.analysis.offered_load import Load, Loads, offered_loads
from sim.scenario.language.attributes import declared
from tests.scenario.small import clinic


def estimate(folder: Path, text: str) -> Loads:
    model = clinic(folder, text).model
    return offered_loads(model, declared(model))


def load(folder: Path, text: str, resource: str = "nurses") -> Load:
    return {row.resource: row for row in estimate(folder, text).rows}[resource]


def test_one_server_is_offered_arrivals_times_service(tmp_path: Path) -> None:
    row = load(
        tmp_path,
        """
        crises: {fall: {rate: 0.75 per min, first: triage}}
        resources: {nurses: {capacity: 1}}
        pathway: {triage: {seize: nurses, delay: {exponential: {mean: 1 min}}, route: home}}
        """,
    )
    assert row.ratio == pytest.approx(0.75)
    assert row.per_day == pytest.approx(0.75 * 1440)
    assert row.settles and not row.waiting_left_out


def test_a_yearly_rate_is_per_thousand_people(tmp_path: Path) -> None:
    row = load(
        tmp_path,
        """
        people: {number: 36500}
        crises: {fall: {rate: 100, first: triage}}
        """,
    )
    assert row.per_day == pytest.approx(10.0)


def test_turnaround_keeps_the_unit_busy(tmp_path: Path) -> None:
    text = """
    crises: {{fall: {{rate: 1 per h, first: triage}}}}
    resources: {{nurses: {{capacity: 1{more}}}}}
    pathway: {{triage: {{seize: nurses, delay: 20 min, route: home}}}}
    """
    assert load(tmp_path, text.format(more="")).ratio == pytest.approx(1 / 3)
    with_turnaround = load(tmp_path, text.format(more=", turnaround: 10 min"))
    assert with_turnaround.ratio == pytest.approx(1 / 2)


def test_a_jackson_network_solves_the_traffic_equations(tmp_path: Path) -> None:
    found = estimate(
        tmp_path,
        """
        crises: {a: {rate: 5 per min, first: gp}, b: {rate: 3 per min, first: ae}}
        resources: {gps: {capacity: 8}, aes: {capacity: 4}, beds: {capacity: 12}}
        pathway:
          gp: {seize: gps, delay: {exponential: {mean: 1 min}}, route: {ae: 0.3, home: rest}}
          ae: {seize: aes, delay: {exponential: {mean: 0.5 min}}, route: {ward: 0.25, home: rest}}
          ward: {seize: beds, delay: {exponential: {mean: 5 min}}, route: {gp: 0.1, home: rest}}
        """,
    )
    gp = (5 + 0.1 * 0.25 * 3) / (1 - 0.3 * 0.25 * 0.1)
    ae = 3 + 0.3 * gp
    offered = {row.resource: row.offered for row in found.rows}
    assert offered == pytest.approx({"gps": gp, "aes": ae / 2, "beds": 0.25 * ae * 5})


def test_a_step_that_returns_to_itself_is_a_geometric_series(tmp_path: Path) -> None:
    row = load(
        tmp_path,
        """
        crises: {fall: {rate: 1 per h, first: triage}}
        pathway: {triage: {seize: nurses, delay: 1 h, route: {triage: 0.9, home: rest}}}
        """,
    )
    assert row.offered == pytest.approx(10.0)


def test_hold_true_lasts_over_the_steps_up_to_the_release(tmp_path: Path) -> None:
    row = load(
        tmp_path,
        """
        crises: {fall: {rate: 1 per h, first: triage}}
        pathway:
          triage: {seize: nurses, hold: true, delay: 1 h, route: {walk: 0.5, home: rest}}
          walk: {delay: 4 h, route: {walk: 0.5, ward: rest}}
          ward: {seize: beds, release: [nurses], delay: 1 day, route: home}
        """,
    )
    assert row.mean_minutes == pytest.approx(60 * (1 + 0.5 * 8))
    assert row.waiting_left_out


def test_tables_are_averaged_over_the_people_who_come(tmp_path: Path) -> None:
    row = load(
        tmp_path,
        """
        people:
          number: 36500
          attributes:
            age: {shares: {old: 0.2, young: 0.8}}
            frail: {shares: {by: age, old: {yes: 0.5, no: 0.5}, other: {no: 1}}}
        crises:
          fall: {rate: {by: age, old: 100, young: 25}, first: triage}
        pathway:
          triage: {seize: nurses, delay: {by: frail, yes: 60 min, no: 20 min}, route: home}
        """,
    )
    # old and young each bring two a day; half of the old are frail
    assert row.per_day == pytest.approx(4.0)
    assert row.mean_minutes == pytest.approx(30.0)


def test_relative_rates_multiply_for_the_same_people(tmp_path: Path) -> None:
    row = load(
        tmp_path,
        """
        people: {number: 36500, attributes: {ltc: {shares: {yes: 0.5, no: 0.5}}}}
        crises:
          fall:
            rate: 100
            relative_rates: {a: {by: ltc, yes: 0.5, no: 1}, b: {by: ltc, yes: 0.5, no: 1}}
            first: triage
        """,
    )
    assert row.per_day == pytest.approx(10 * (0.5 * 0.25 + 0.5))


def test_a_programme_reaches_its_share_of_the_eligible(tmp_path: Path) -> None:
    text = """
    people: {{number: 36500, attributes: {{ltc: {{shares: {{some: 0.5, none: 0.5}}}}}}}}
    programmes: {{team: {{eligible: {{ltc: [some]}}, coverage: 60 %{caseload}}}}}
    crises:
      fall:
        rate: 100
        relative_rates: {{team: {{by: team, yes: 0, no: 1}}}}
        first: triage
    """
    assert load(tmp_path, text.format(caseload="")).per_day == pytest.approx(7.0)
    limited = load(tmp_path, text.format(caseload=", caseload: 1825"))
    assert limited.per_day == pytest.approx(9.5)


def test_crisis_attributes_are_drawn_for_their_own_crisis_only(tmp_path: Path) -> None:
    row = load(
        tmp_path,
        """
        crises:
          fall:
            rate: 1 per h
            attributes: {severity: {shares: {major: 0.25, minor: 0.75}}}
            first: triage
          cough: {rate: 1 per h, first: triage}
        pathway:
          triage:
            seize: nurses
            delay: {by: severity, major: 40 min, minor: 20 min, none: 5 min}
            route: home
        """,
    )
    assert row.mean_minutes == pytest.approx((25 + 5) / 2)


def test_levels_set_on_the_way_are_followed(tmp_path: Path) -> None:
    row = load(
        tmp_path,
        """
        crises: {fall: {rate: 1 per h, first: triage}}
        attributes: {known: {levels: [no, yes], initially: no}}
        pathway:
          triage:
            seize: nurses
            delay: {by: known, yes: 10 min, no: 30 min}
            set: {known: {yes: 0.5, no: 0.5}}
            route: {by: known, yes: again, no: home}
          again: {delay: 1 h, route: {by: known, yes: triage2, no: triage2}}
          triage2: {seize: nurses, delay: {by: known, yes: 10 min, no: 30 min}, route: home}
        """,
    )
    assert row.offered == pytest.approx((30 + 0.5 * 10) / 60)


def test_side_tasks_bring_work_of_their_own(tmp_path: Path) -> None:
    row = load(
        tmp_path,
        """
        crises: {fall: {rate: 1 per h, first: triage}}
        pathway:
          triage: {delay: 20 min, spawn: {letter: 0.5}, route: home}
          letter: {seize: nurses, delay: 60 min, route: home}
        """,
    )
    assert row.offered == pytest.approx(0.5)


def test_weekly_capacity_and_changes_are_averaged_over_the_measured_days(tmp_path: Path) -> None:
    row = load(
        tmp_path,
        """
        run: {start: 2024-04-01, warm_up: 14 days, duration: 28 days}
        resources:
          nurses:
            capacity: 100
            changes:
              2024-04-15: {mon-fri 00:00-12:00: 14, other: 0}
              2024-04-29: {mon-sun 00:00-24:00: 3}
        """,
    )
    assert row.capacity == pytest.approx((14 * 0.5 * 5 / 7 + 3) / 2)


def test_a_calendar_counts_as_often_as_the_crisis_meets_it(tmp_path: Path) -> None:
    row = load(
        tmp_path,
        f"""
        calendars: {{morning: mon-sun 00:00-12:00}}
        crises:
          fall:
            rate: 1 per h
            profile: {{hour: {[3] * 12 + [1] * 12}}}
            first: triage
        pathway:
          triage: {{delay: 1 min, route: {{by: morning, yes: nurse, no: home}}}}
          nurse: {{seize: nurses, delay: 1 h, route: home}}
        """,
    )
    assert row.offered == pytest.approx(0.75)


def test_those_who_find_a_resource_closed_go_where_they_balk_to(tmp_path: Path) -> None:
    found = estimate(
        tmp_path,
        """
        crises: {fall: {rate: 1 per h, first: triage}}
        resources: {nurses: {capacity: {mon-sun 00:00-06:00: 2}}, beds: {capacity: 10}}
        pathway:
          triage: {seize: nurses, delay: 30 min, balk_to: ward, route: home}
          ward: {seize: beds, delay: 2 h, route: home}
        """,
    )
    offered = {row.resource: row.offered for row in found.rows}
    assert offered == pytest.approx({"nurses": 0.25 * 0.5, "beds": 0.75 * 2})


def test_work_for_a_resource_without_capacity_never_settles(tmp_path: Path) -> None:
    row = load(tmp_path, "resources: {nurses: {capacity: 0}}")
    assert math.isinf(row.ratio) and not row.settles


def test_who_would_be_held_by_a_resource_without_capacity_waits_for_nobody_else(
    tmp_path: Path,
) -> None:
    """It had been divided by what comes through."""
    text = """
        crises: {fall: {rate: 2 per hour, first: triage}}
        resources: {nurses: {capacity: 0}, beds: {capacity: 3}}
        pathway:
          triage: {seize: nurses, hold: true, delay: 10 min, route: ward}
          ward: {seize: beds, release: nurses, delay: {exponential: {mean: 1 h}}, route: home}
        """
    row = load(tmp_path, text)
    assert not row.settles and row.ratio == math.inf


def test_unlimited_capacity_always_settles(tmp_path: Path) -> None:
    row = load(tmp_path, "resources: {nurses: {capacity: unlimited}}")
    assert row.ratio == 0.0 and row.settles


def test_a_queue_limit_or_patience_relieves_an_overload(tmp_path: Path) -> None:
    limited = load(
        tmp_path,
        """
        resources: {nurses: {capacity: 1, queue_limit: 5}}
        pathway: {triage: {seize: nurses, delay: 1 day, balk_to: home, route: home}}
        """,
    )
    assert not limited.settles and limited.relief == "a queue_limit"
    patient = load(
        tmp_path,
        """
        pathway:
          triage: {seize: nurses, delay: 1 day, patience: 1 h, renege_to: home, route: home}
        """,
    )
    assert patient.relief == "patience"


def test_a_signal_that_watches_a_resource_may_relieve_it(tmp_path: Path) -> None:
    row = load(
        tmp_path,
        """
        crises: {fall: {rate: 1 per min, first: {by: crowded, yes: home, no: triage}}}
        signals: {crowded: {queue: nurses, at_least: 3}}
        """,
    )
    assert not row.settles and row.relief == "signal `crowded`"


def test_strata_weigh_people_by_their_counts(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("age,people\nold,7300\nyoung,29200\n")
    row = load(
        tmp_path,
        """
        people: {strata: people.csv, attributes: {alone: {shares: {yes: 0.5, no: 0.5}}}}
        crises: {fall: {rate: {by: age, old: 100, young: 25}, first: triage}}
        """,
    )
    assert row.per_day == pytest.approx(4.0)


def test_sampling_many_kinds_of_people_stays_close_to_the_exact_mean(tmp_path: Path) -> None:
    levels = ", ".join(f"l{i}: 0.05" for i in range(20))
    cells = ", ".join(f"l{i}: {i / 10}" for i in range(20))
    attributes = "\n".join(f"    a{k}: {{shares: {{{levels}}}}}" for k in range(4))
    factors = ", ".join(f"a{k}: {{by: a{k}, {cells}}}" for k in range(4))
    text = f"""
people:
  number: 36500
  attributes:
{attributes}
crises:
  fall: {{rate: 100, relative_rates: {{{factors}}}, first: triage}}
pathway: {{triage: {{seize: nurses, delay: {{by: a0, l19: 2 h, other: 1 h}}, route: home}}}}
"""
    found = estimate(tmp_path, text)
    # the factors are independent, so 160,000 kinds of people have an easy mean
    assert found.rows[0].per_day == pytest.approx(10 * 0.95**4, rel=0.02)
    assert any("sampled" in caveat for caveat in found.caveats)


def test_a_loop_hardly_anyone_leaves_is_said_not_to_be_estimable(tmp_path: Path) -> None:
    found = estimate(
        tmp_path,
        """
        pathway:
          triage: {seize: nurses, delay: 20 min, spawn: {more: 1}, route: home}
          more: {delay: 1 day, spawn: {more: 1}, route: home}
        """,
    )
    assert found.rows == ()
    assert "cannot be estimated" in found.caveats[0]


def test_an_unlimited_capacity_that_misses_a_weekday_is_still_unlimited(tmp_path: Path) -> None:
    row = load(
        tmp_path,
        """
        run: {start: 2024-04-01, duration: 2 days}
        resources: {nurses: {capacity: 0, changes: {2024-04-02: unlimited}}}
        """,
    )
    assert row.capacity == math.inf and row.ratio == 0.0


@pytest.mark.parametrize("order", [("plain", "by_people"), ("by_people", "plain")])
def test_crises_may_draw_one_attribute_each_in_its_own_way(
    tmp_path: Path, order: tuple[str, str]
) -> None:
    """What one crisis draws by an attribute of people, another need not, whichever comes first."""
    shares = {
        "by_people": "{by: age, old: {high: 1}, young: {low: 1}}",
        "plain": "{low: 0.5, high: rest}",
    }
    crises = "\n".join(
        f"  {name}: {{rate: 100, attributes: {{need: {{shares: {shares[name]}}}}}, first: triage}}"
        for name in order
    )
    row = load(
        tmp_path,
        f"""
people: {{number: 36500, attributes: {{age: {{shares: {{old: 0.5, young: rest}}}}}}}}
crises:
{crises}
pathway: {{triage: {{seize: nurses, delay: {{by: need, high: 40 min, low: 20 min}}, route: home}}}}
""",
    )
    assert row.per_day == pytest.approx(20.0)
    assert row.mean_minutes == pytest.approx(30.0)
