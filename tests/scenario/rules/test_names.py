"""References between things, levels in tables, fields that go together: what is refused and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario import load
from tests.scenario.reading import only_problem, problems
from tests.scenario.small import clinic

AGES = "people: {number: 1000, attributes: {age: {shares: {young: .5, old: .5}}}}\n"
FALLS = (
    "crises:\n"
    "  fall: {rate: 1, first: triage, attributes: {severity: {shares: {minor: .5, major: .5}}}}\n"
    "  cough: {rate: 1, first: triage}\n"
)


def step(fields: str) -> str:
    return f"pathway: {{triage: {{{fields}, route: home}}}}\n"


CASES = {
    # what is written: path, what, nearest
    "pathway: {triage: {seize: nurse, route: home}}": (
        "pathway.triage.seize", "there is no resource `nurse`", "nurses"),
    "pathway: {triage: {route: hom}}": (
        "pathway.triage.route.hom", "there is no step or outcome `hom`", "home"),
    step("seize: nurses, patience: 3 min, renege_to: hme"): (
        "pathway.triage.renege_to", "there is no step or outcome `hme`", "home"),
    step("seize: nurses, balk_to: hme"): (
        "pathway.triage.balk_to", "there is no step or outcome `hme`", "home"),
    step("release: [bed]"): (
        "pathway.triage.release.0", "there is no resource `bed`", "beds"),
    step("spawn: [home]"): ("pathway.triage.spawn.home", "there is no step `home`", ""),
    step("draws_as: old") + "\n": None,
    "crises: {fall: {rate: 1, first: triag}}": (
        "crises.fall.first.triag", "there is no step or outcome `triag`", "triage"),
    "signals: {s: {queue: nurse, at_least: 3}}": (
        "signals.s.queue", "there is no resource `nurse`", "nurses"),
    "costs: {c: {resource: bed, per_day: 3}}": (
        "costs.c.resource", "there is no resource `bed`", "beds"),
    "costs: {c: {programme: p, per_year: 3}}": (
        "costs.c.programme", "there is no programme `p`", ""),
    "costs: {c: {tag: gp_contacts, each: 3}}": (
        "costs.c.tag", "no step has the tag `gp_contacts`", "gp_contact"),
    "costs: {c: {tag: gp_contact, each: 3}}": None,  # a standard tag that no step carries yet
    "measures: {m: {count: x}}": ("measures.m.count", "no step has the tag `x`", ""),
    "cases: {b: {crisis: fal, at: 2024-04-02 09:00}}": (
        "cases.b.crisis", "there is no crisis `fal`", "fall"),
    "cases: {b: {crisis: fall, at: 2024-04-29 00:00}}": (
        "cases.b.at", "the case falls outside the run", ""),
    "cases: {b: {crisis: fall, at: 2024-04-28 23:59}}": None,
    AGES + "cases: {b: {crisis: fall, at: 2024-04-02 09:00, attributes: {age: odl}}}": (
        "cases.b.attributes.age", "`age` has no level `odl`", "old"),
    AGES + "calendars: {age: always}": (
        "calendars.age", "`age` is the name of a people attribute as well", ""),
    "outcomes: {home: x, triage: y}": (
        "outcomes.triage", "`triage` is the name of a step as well", ""),
    # attributes and levels
    step("delay: {by: ag, other: 3 min}") + AGES: (
        "pathway.triage.delay.by", "there is no attribute `ag`", "age"),
    step("delay: {by: age, old: 3 min}") + AGES: (
        "pathway.triage.delay", "no value for level `young` of `age`", ""),
    step("delay: {by: age, old: 3 min, yung: 1 min}") + AGES: (
        "pathway.triage.delay.yung", "`age` has no level `yung`", "young"),
    step("delay: {by: severity, minor: 3 min, major: 1 min}") + FALLS: (
        "pathway.triage.delay",
        "no value for level `none` of `severity` (for crises that do not draw it)", ""),
    step("delay: {by: severity, minor: 3 min, major: 1 min, none: 2 min}") + FALLS: None,
    step("set: {severity: minor}") + FALLS: (
        "pathway.triage.set.severity", "a step cannot set `severity`: it is drawn by crises", ""),
    step("set: {age: yuong}") + AGES: (
        "pathway.triage.set.age.yuong", "`age` has no level `yuong`", "young"),
    step("set: {aeg: young}") + AGES: (
        "pathway.triage.set.aeg", "there is no attribute `aeg`", "age"),
    AGES + step("set: {age: old}") + "crises: {fall: {rate: {by: age, other: 1}, first: triage}}": (
        "crises.fall.rate.by",
        "`age` cannot be used here: step `triage` sets it, and a rate must not change; "
        "`relative_rates` may", ""),
    "calendars: {c: always}\ncrises: {fall: {rate: {by: c, other: 1}, first: triage}}": (
        "crises.fall.rate.by",
        "`c` cannot be used here: a rate varies by attributes of people only; "
        "`relative_rates` may vary by others", ""),
    "calendars: {c: always}\n"
    "crises: {fall: {rate: 1, relative_rates: {x: {by: c, yes: 1, no: 2}}, first: triage}}": None,
    "attributes: {a: {levels: [x, y], initially: x}}\n"
    "crises: {fall: {rate: 1, relative_rates: {x: {by: a, other: 2}}, first: triage}}": (
        "crises.fall.relative_rates.x.by",
        "`a` cannot be used here: it belongs to an episode, and there is none yet", ""),
    "calendars: {c: always}\n"
    "people: {number: 9, attributes: {a: {shares: {by: c, other: {x: 1}}}}}": (
        "people.attributes.a.shares.by",
        "`c` cannot be used here: people are drawn before anything else, "
        "by attributes of people only", ""),
    "people: {number: 9, attributes: {a: {shares: {x: 1}, levels: [y]}}}": (
        "people.attributes.a.shares.x", "`a` has no level `x`", ""),
    "attributes: {a: {levels: [x], initially: x}}": (
        "attributes.a.levels", "an attribute needs two levels", ""),
    "attributes: {a: {levels: [x, y], initially: z}}": (
        "attributes.a.initially", "`a` has no level `z`", ""),
    AGES + "programmes: {p: {eligible: {age: [odl]}, coverage: 1}}": (
        "programmes.p.eligible.age.0", "`age` has no level `odl`", "old"),
    "calendars: {c: always}\nprogrammes: {p: {eligible: {c: yes}, coverage: 1}}": (
        "programmes.p.eligible.c", "there is no attribute of people `c`", ""),
    # fields that go together
    step("patience: 3 min"): (
        "pathway.triage.patience", "`patience` without `seize`: "
        "nobody waits at a step that seizes nothing", ""),
    step("hold: next"): (
        "pathway.triage.hold", "`hold` without `seize`: there is nothing to keep", ""),
    step("seize: nurses, patience: 3 min"): (
        "pathway.triage.patience", "`patience` without `renege_to`: "
        "those who give up must go somewhere", ""),
    step("seize: nurses, renege_to: home"): (
        "pathway.triage.renege_to", "`renege_to` without `patience`: nobody ever gives up", ""),
    step("seize: nurses, balk_when: [full]"): (
        "pathway.triage.balk_when", "`balk_when` without `balk_to`: nobody knows where to go", ""),
    step("seize: nurses") + "resources: {nurses: {capacity: 1, queue_limit: 3}}": (
        "pathway.triage.seize",
        "the queue of `nurses` has a limit, but this step has no `balk_to`", ""),
    step("seize: nurses, priority: 1") + "resources: {nurses: {capacity: 1, discipline: fifo}}": (
        "pathway.triage.priority",
        "`nurses` serves in order of arrival (`discipline: fifo`)", ""),
    "costs: {c: {tag: gp_contact, per_day: 3}}": None,
    "signals: {s: {queue: nurses, occupancy: nurses, at_least: 1}}": (
        "signals.s", "needs exactly one of `queue`, `occupancy`, `inside`, `since`", ""),
    "signals: {s: {occupancy: nurses, at_least: 95}}": (
        "signals.s.at_least", "an occupancy above 100 %", "95 %"),
    "measures: {m: {from: handover}}": (
        "measures.m.from", "`from` without `to`: an interval has two ends", ""),
    "measures: {m: {}}": ("measures.m", "needs either `count` or `from` and `to`", ""),
    "people: {}": ("people", "nothing says how many people", ""),
    "crises: {}": ("crises", "there is no crisis, and nobody arrives", ""),
    "calendars: {c: {open: always, since: 2024-05-01, until: 2024-04-01}}": (
        "calendars.c.until", "`until` is not after `since`", ""),
    "crises: {fall: {rate: 9999 per min, first: triage}}": (
        "crises.fall.rate", "more crises than can be simulated", ""),
}  # fmt: skip

WRONG = {text: found for text, found in CASES.items() if found is not None}


@pytest.mark.parametrize("text", WRONG)
def test_each_mistake_is_reported_once_where_it_is(tmp_path: Path, text: str) -> None:
    problem = only_problem(tmp_path, text)
    assert (problem.path, problem.what, problem.nearest) == WRONG[text]
    assert problem.line > 0


RIGHT = [text for text, found in CASES.items() if found is None and "per_day" not in text]


@pytest.mark.parametrize("text", RIGHT)
def test_what_only_looks_like_a_mistake_is_read(tmp_path: Path, text: str) -> None:
    assert clinic(tmp_path, text).model.title == "A walk-in clinic"


def test_a_cost_of_the_wrong_kind_says_which_price_fits(tmp_path: Path) -> None:
    found = problems(tmp_path, "costs: {c: {tag: gp_contact, per_day: 3}}")
    assert [p.what for p in found] == [
        "`per_day` does not price a tag",
        "needs exactly one of `each`",
    ]


def test_attributes_that_vary_in_a_circle_are_refused_once(tmp_path: Path) -> None:
    problem = only_problem(
        tmp_path,
        """
        people:
          number: 9
          attributes:
            a: {shares: {by: c, other: {x: 1}}}
            b: {shares: {by: a, other: {x: 1}}}
            c: {shares: {by: b, other: {x: 1}}}
        """,
    )
    assert problem.what == "attributes vary by each other in a circle"
    assert problem.found == "a by c by b by a"


def test_attributes_may_be_written_in_any_order(tmp_path: Path) -> None:
    loaded = clinic(
        tmp_path,
        """
        people:
          number: 9
          attributes:
            a: {shares: {by: b, x: {y: 1}}}
            b: {shares: {x: 1}}
        """,
    )
    assert set(loaded.model.people.attributes) == {"a", "b"}


def test_unreadable_shares_do_not_make_their_levels_unknown(tmp_path: Path) -> None:
    problem = only_problem(
        tmp_path,
        "people: {number: 9, attributes: {age: {shares: {old: x, young: rest}}}}\n"
        + step("delay: {by: age, old: 3 min, young: 2 min}"),
    )
    assert problem.path == "people.attributes.age.shares.old"


def test_an_option_may_make_a_priority_queue_fifo(tmp_path: Path) -> None:
    change = tmp_path / "fifo.yaml"
    change.write_text("title: In order\nresources: {nurses: {discipline: fifo}}")
    loaded = clinic(tmp_path, step("seize: nurses, priority: 1"), options=[change])
    assert loaded.model.resources["nurses"].discipline == "fifo"


def test_an_option_may_lift_every_limit(tmp_path: Path) -> None:
    change = tmp_path / "unlimited.yaml"
    change.write_text("title: No queues\nresources: {nurses: {capacity: unlimited}}")
    text = step("seize: nurses, patience: 3 min, renege_to: home")
    text += "signals: {busy: {occupancy: nurses, at_least: 95 %}}"
    assert clinic(tmp_path, text, options=[change]).model.resources["nurses"].capacity == (
        "unlimited"
    )


def test_an_option_may_serve_those_who_were_sent_home_at_closing(tmp_path: Path) -> None:
    clinic(
        tmp_path,
        """
        resources: {nurses: {capacity: {mon-fri 09:00-17:00: 2, other: 0}, at_closing: renege}}
        pathway: {triage: {seize: nurses, renege_to: home, delay: 20 min, route: home}}
        """,
    )
    option = tmp_path / "late.yaml"
    option.write_text(
        "title: Late\nrationale: why\nresources: {nurses: {at_closing: serve}}\n", encoding="utf-8"
    )
    assert load(tmp_path / "clinic.yaml", [option]).model.resources["nurses"].at_closing == "serve"
