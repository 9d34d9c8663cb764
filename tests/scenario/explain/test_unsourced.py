"""Which numbers have a source, and what that source is worth."""

from __future__ import annotations

from pathlib import Path

from sim.scenario import Loaded, load
from sim.scenario.explain.unsourced import Provenance, provenance
from tests.scenario.small import clinic

EVIDENCE = "id,parameter,status\nE-1,a rate,seen\nE-2,a stay,recalled\nE-3,a guess,assumed\n"

TEXT = """
people: {number: 10000, attributes: {age: {shares: {old: 0.25, young: rest}}}}
crises:
  fall: {rate: {by: age, old: 100, young: 10}, first: triage}
pathway:
  triage: {seize: nurses, priority: 3, delay: 20 min, route: {ward: 0.3, home: rest}}
  ward: {seize: beds, delay: 5 days, route: {home: 1}}
evidence: evidence.csv
"""


def found(folder: Path, text: str) -> Provenance:
    return provenance(scenario(folder, text))


def scenario(folder: Path, text: str) -> Loaded:
    (folder / "evidence.csv").write_text(EVIDENCE, encoding="utf-8")
    return clinic(folder, TEXT + text)


def fields(found: Provenance) -> dict[str, int]:
    return {item.field: item.numbers for item in found.unsourced}


def test_without_sources_every_number_that_is_a_fact_is_listed_by_field(tmp_path: Path) -> None:
    assert fields(found(tmp_path, "")) == {
        "people.number": 1,
        "people.attributes.age.shares": 1,
        "crises.fall.rate": 2,
        "resources.nurses.capacity": 1,
        "resources.beds.capacity": 1,
        "pathway.triage.delay": 1,
        "pathway.triage.route": 1,
        "pathway.ward.delay": 1,
    }


def test_an_unsourced_field_says_where_it_stands(tmp_path: Path) -> None:
    item = next(i for i in found(tmp_path, "").unsourced if i.field == "crises.fall.rate")
    assert item.path == "crises.fall.rate.old"
    assert item.file.endswith("clinic.yaml")
    lines = (tmp_path / "clinic.yaml").read_text().splitlines()
    assert "rate:" in lines[item.line - 1]
    assert item.why == "no source"


def test_a_source_covers_everything_below_its_path(tmp_path: Path) -> None:
    result = found(tmp_path, "sources: {crises: E-1, pathway.ward: E-2, pathway.triage.route: E-3}")
    assert result.counts == {"seen": 2, "recalled": 1, "assumed": 1, "unsourced": 5}
    assert "crises.fall.rate" not in fields(result)


def test_a_longer_path_speaks_before_a_shorter_one(tmp_path: Path) -> None:
    result = found(tmp_path, "sources: {crises.fall: E-2, crises.fall.rate.old: E-1}")
    assert result.counts["seen"] == 1
    assert result.counts["recalled"] == 1


def test_several_ids_are_worth_the_weakest(tmp_path: Path) -> None:
    result = found(tmp_path, 'sources: {crises: "E-1, E-3"}')
    assert result.counts["assumed"] == 2


def test_an_assumption_with_its_reason_is_a_source(tmp_path: Path) -> None:
    result = found(tmp_path, 'sources: {resources: "assumed: as many as there are rooms"}')
    assert result.counts["assumed"] == 2


def test_an_option_that_overrides_a_sourced_value_needs_a_source_of_its_own(tmp_path: Path) -> None:
    sources = 'sources: {resources.nurses: E-1, resources.beds: "assumed: a guess"}'
    scenario(tmp_path, sources)
    option = tmp_path / "option.yaml"
    option.write_text("title: More\nrationale: Why\nresources: {nurses: {capacity: 6}}\n")
    result = provenance(load(tmp_path / "clinic.yaml", [option]))
    item = next(i for i in result.unsourced if i.field == "resources.nurses.capacity")
    assert item.why == "changed since its source was given (sources: resources.nurses)"
    assert item.file.endswith("option.yaml")
    with open(option, "a") as file:
        file.write("sources: {resources.nurses.capacity: E-2}\n")
    result = provenance(load(tmp_path / "clinic.yaml", [option]))
    assert "resources.nurses.capacity" not in fields(result)


def test_a_value_overridden_from_outside_has_no_source(tmp_path: Path) -> None:
    scenario(tmp_path, "sources: {resources.nurses: E-1}")
    changed = load(tmp_path / "clinic.yaml", overrides={"resources.nurses.capacity": 9})
    assert "resources.nurses.capacity" in fields(provenance(changed))


def test_nothing_always_and_no_change_need_no_source(tmp_path: Path) -> None:
    text = """
    people: {number: 10000, attributes: {age: {shares: {old: 0.25, young: rest}}}}
    attributes: {known: {levels: [no, yes, 2], initially: no}}
    programmes: {team: {coverage: {2024-04-01: 0, 2024-04-20: 40 %}}}
    calendars: {day: mon-fri 08:00-18:00}
    resources:
      nurses: {capacity: {mon-fri 08:00-18:00: 4, other: 0}}
      beds: {capacity: unlimited, turnaround: 0 min}
    crises:
      fall:
        rate: 100
        relative_rates: {team: {by: team, yes: 0.9, no: 1}}
        first: {triage: 1, ward: 0}
    pathway:
      triage: {seize: nurses, set: {known: {by: day, yes: 2, no: yes}}, route: ward}
      ward:
        seize: beds
        delay: 5 days
        set: {known: {yes: 0.5, no: 0.5}}
        spawn: {letter: 1}
        route: home
      letter: {delay: 0 min, route: home}
    """
    assert fields(provenance(clinic(tmp_path, text))) == {
        "people.number": 1,
        "people.attributes.age.shares": 1,
        "crises.fall.rate": 1,
        "crises.fall.relative_rates.team": 1,
        "programmes.team.coverage": 1,
        "resources.nurses.capacity": 1,
        "pathway.ward.delay": 1,
        "pathway.ward.set.known": 2,
    }
