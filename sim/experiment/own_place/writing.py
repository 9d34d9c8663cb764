"""A place on the base, written from its local figures."""

from __future__ import annotations

import csv
import json
import math
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.experiment.own_place.figures import AGES, BASE_PEOPLE, Given, asked
from sim.experiment.shipped import scenarios
from sim.experiment.starting import new_folder

#: emergency admissions per 1,000 that the base gives at each age (docs/calibration.md)
BY_AGE = dict(zip(AGES, (73.5, 73.5, 74.6, 74.6, 153, 291, 535), strict=True))

#: per cent that admissions and attendances grow when all serious illness grows by one: read off
#: Sussex before, 1.165 times the base (docs/calibration.md)
ADMISSIONS_PER_ILLNESS, ATTENDANCES_PER_ILLNESS = 0.64, 0.5

#: the same of attendances with minor needs: assumed, as most of those go elsewhere
ATTENDANCES_PER_MINOR = 0.4

#: type 1 A&E attendances a year of one person in the base (docs/calibration.md)
ATTENDANCES_PER_PERSON = 0.290

SERIOUS = (
    *("fall", "infection", "breathing", "heart_failure", "chest_pain", "medical"),
    *("older_medical", "surgical"),
)
MINOR = ("illness", "child_illness", "injury")
LEVELS = ("0-4", "5-17", "18-39", "40-64", "65-74", "75-84", "85+")

#: capacities below this are rounded up
SMALL = 4

#: which figure, over what the base would have for as many people, sizes which resources
SIZED = {
    "acute_beds": ("au_beds", "ward_beds", "escalation_beds", "surgical_beds", "children_beds"),
    "community_beds": ("community_beds",),
    "cubicles": ("cubicles", "corridor"),
    "gps": ("gp_clinicians",),
    "ae_attendances": ("triage_nurses", "minors_clinicians", "ae_doctors"),
    "utc_attendances": ("utc_clinicians",),
    "calls_111": ("advisers_111", "clinicians_111"),
    "incidents_999": ("call_handlers", "clinicians_999", "crews"),
    "people": (
        *("hub_clinicians", "ooh_clinicians", "discharge_team", "care_brokers", "transport"),
        *("home_care", "rapid_response", "rapid_places", "coe_clinic"),
    ),
}


def write_place(name: str, folder: Path, given: Mapping[str, Given]) -> Path:
    """Write a place to a new folder, whole or not at all; returns its first scenario.

    Raises
    ------
    FileExistsError
        If there is something already.
    """
    with new_folder(folder) as whole:
        (whole / "options").mkdir(parents=True)
        shutil.copytree(scenarios() / "base", whole / "base")
        _evidence(whole / "evidence.csv", given)
        _figures(whole / "figures.csv", given)
        texts = {
            "before.yaml": before(name, given),
            "options/more_home_care.yaml": OPTION,
            "README.md": README.format(name=name),
        }
        for path, text in texts.items():
            (whole / path).write_text(text, encoding="utf-8", newline="\n")
    return folder / "before.yaml"


def before(name: str, given: Mapping[str, Given]) -> str:
    """The text of the place's scenario."""
    known = asked()
    people = round(given["people"].value)
    sources = {"people.number": "LOCAL-people"}
    lines = [f"# {_plain(name)}: what differs from the base, by the rows of figures.csv."]
    lines += ["# Written by `urgentflow init`; every number may be edited, with its source."]
    lines += ["extends: base/urgent_care.yaml", f"title: {json.dumps(name, ensure_ascii=False)}"]
    lines += ["", "people:", f"  number: {people}"]
    if AGES[0] in given or "most_deprived" in given:
        lines.append("  attributes:")
    if AGES[0] in given:
        total = sum(given[age].value for age in AGES)
        shares = [round(given[age].value / total, 4) for age in AGES]
        shares[3] = round(1 - sum(shares[:3]) - sum(shares[4:]), 4)
        written = ", ".join(f"{k}: {v:.4g}" for k, v in zip(LEVELS, shares, strict=True))
        lines += [f"    age: {{shares: {{{written}}}}}"]
        for level, age in zip(LEVELS, AGES, strict=True):
            sources[f"people.attributes.age.shares.{level}"] = f"LOCAL-{age}"
    if "most_deprived" in given:
        shares_by = _deprivation(given["most_deprived"].value / 100)
        lines += ["    deprivation:", "      shares:", "        by: locality", *shares_by]
        line = given["most_deprived"].line
        sources["people.attributes.deprivation"] = (
            f"assumed: LOCAL-most_deprived (line {line}), between neighbourhoods as in the base"
        )
    illness, minor = _needs(given, people)
    lines += ["", "parameters:", "  illness_here:"]
    lines += [f"    {{title: Serious illness here over that of the base, value: {illness:.4g}}}"]
    lines += ["  minor_needs_here:"]
    lines += [f"    {{title: Minor needs here over those of the base, value: {minor:.4g}}}"]
    for parameter, figure in (
        ("illness_here", "emergency_admissions"),
        ("minor_needs_here", "ae_attendances"),
    ):
        how = f"LOCAL-{figure}, first guess" if figure in given else "the base's, as none was given"
        sources[f"parameters.{parameter}.value"] = f"assumed: {how}"
    lines += ["", "crises:"]
    for crises, parameter in ((SERIOUS, "illness_here"), (MINOR, "minor_needs_here")):
        for crisis in crises:
            lines.append(f"  {crisis}: {{relative_rates: {{place: {{parameter: {parameter}}}}}}}")
            sources[f"crises.{crisis}.relative_rates.place"] = f"assumed: see {parameter}"
    lines += [
        "",
        "# the base's capacities times a factor, rounded to whole ones (below four, up)",
        "resources:",
    ]
    resources = _base_resources()
    for figure, sized in SIZED.items():
        ratio = _ratio(figure, given, people)
        whose = f"LOCAL-{figure}" if figure in given else "people, as no figure was given"
        for resource in sized:
            capacity = _scaled(resources[resource], ratio)
            lines.append(f"  {resource}: {{capacity: {capacity}}}")
            sources[f"resources.{resource}.capacity"] = (
                f"assumed: {ratio:.3g} times the base by {whose}, rounded (below four, up)"
            )
    lines += ["", "sources:"]
    for path, source in sources.items():
        lines.append(f"  {path}: {json.dumps(source)}")
    left = [figure for figure in known if figure not in given]
    if left:
        lines += ["", f"# the base's, as no local figure was given: {', '.join(left)}"]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    return " ".join(text.split())


def _needs(given: Mapping[str, Given], people: int) -> tuple[float, float]:
    """A first guess of the factors on serious illness and minor needs."""
    known = asked()
    illness = minor = 1.0
    if "emergency_admissions" in given:
        shares = {age: given[age].value if age in given else known[age].base for age in AGES}
        total = sum(shares.values())
        expected = sum(BY_AGE[age] * shares[age] / total for age in AGES) * people / 1000
        illness = (given["emergency_admissions"].value / expected) ** (1 / ADMISSIONS_PER_ILLNESS)
    if "ae_attendances" in given:
        expected = ATTENDANCES_PER_PERSON * people * illness**ATTENDANCES_PER_ILLNESS
        minor = (given["ae_attendances"].value / expected) ** (1 / ATTENDANCES_PER_MINOR)
    return illness, minor


def _ratio(figure: str, given: Mapping[str, Given], people: int) -> float:
    """What is here over what the base has."""
    if figure not in given:
        return people / BASE_PEOPLE
    return given[figure].value / asked()[figure].base


def _base_resources() -> dict[str, Any]:
    """What the base says of each capacity."""
    from sim.scenario import load

    tree = load(scenarios() / "base" / "urgent_care.yaml").tree
    return {name: resource["capacity"] for name, resource in tree["resources"].items()}


def _scaled(capacity: Any, ratio: float) -> str:
    """A capacity times a factor, rounded; small ones up, so that one stays one at least."""
    if isinstance(capacity, Mapping):
        periods = (f"{period}: {_scaled(number, ratio)}" for period, number in capacity.items())
        return f"{{{', '.join(periods)}}}"
    number = int(capacity)
    whole = number * ratio
    if whole < SMALL:
        return str(
            max(1, math.ceil(whole - 0.1)) if number else 0
        )  # a half of two clinicians is more than patience bears
    return str(math.floor(whole + 0.5))


def _deprivation(target: float) -> list[str]:
    """Fifths by neighbourhood: the base's, with odds of the first moved until it has the share."""
    from sim.scenario import load

    attributes = load(scenarios() / "base" / "urgent_care.yaml").tree["people"]["attributes"]
    places = {k: float(v) for k, v in attributes["locality"]["shares"].items()}
    fifths = attributes["deprivation"]["shares"]
    low, high = -20.0, 20.0
    for _ in range(60):
        odds = math.exp((low + high) / 2)
        first = {k: _moved(float(next(iter(fifths[k].values()))), odds) for k in places}
        if sum(places[k] * first[k] for k in places) < target:
            low = (low + high) / 2
        else:
            high = (low + high) / 2
    lines = []
    for place in places:
        of = [float(value) for value in fifths[place].values()]
        rest = [round(v * (1 - first[place]) / (1 - of[0]), 4) for v in of[1:]]
        shares = [round(1 - sum(rest), 4), *rest]
        written = ", ".join(f"{n}: {abs(v):.4g}" for n, v in enumerate(shares, 1))
        lines.append(f"        {place}: {{{written}}}")
    return lines


def _moved(share: float, odds: float) -> float:
    return share * odds / (1 - share + share * odds)


def _evidence(file: Path, given: Mapping[str, Given]) -> None:
    """The base's evidence, and a row for each local figure."""
    known = asked()
    with (scenarios() / "evidence.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    columns = list(rows[0])
    for figure, item in given.items():
        row = dict.fromkeys(columns, "")
        note = f"figures.csv, line {item.line}" if item.line else "given to urgentflow init"
        row |= {"id": f"LOCAL-{figure}", "parameter": known[figure].what, "note": note}
        row |= {"value": f"{item.value:g}", "unit": known[figure].unit, "status": "seen"}
        rows.append(row | {"source": item.source})
    _write(file, columns, rows)


def _figures(file: Path, given: Mapping[str, Given]) -> None:
    """The form with what was given."""
    rows = [
        {
            "figure": item.name,
            "value": f"{given[item.name].value:.10g}" if item.name in given else "",
            "source": given[item.name].source if item.name in given else "",
            "unit": item.unit,
            "what": item.what,
            "where": item.where,
            "base": f"{item.base:.10g}",
            "base_source": item.base_source,
        }
        for item in asked().values()
    ]
    _write(file, list(rows[0]), rows)


def _write(file: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


OPTION = """\
# An option: only what differs from before.yaml, and why.
title: Nine more places in home care after hospital
rationale: >-
  Patients wait in hospital for a place in home care. More places cost cash; whether beds come free
  is what the comparison says.

resources:
  home_care: {capacity: {add: 9}}

sources:
  resources.home_care.capacity: "assumed: a first option"
"""

README = """\
# {name}

Written by `urgentflow init`.

- `before.yaml`: what differs from the base here, each number with its source
- `figures.csv`: the local figures; `evidence.csv` has them as rows `LOCAL-...`
- `options/`: what could be bought, a file each
- `base/`: the whole system the place stands on, left as it is

```bash
urgentflow check before.yaml
urgentflow run before.yaml --figures figures.csv    # each local figure beside the model's
urgentflow compare before.yaml options/more_home_care.yaml --out results
```

Edit what the calibration table names in `before.yaml`, run again, and say in `sources` why.
Limits of queues and levels of alarms are the base's, for 250,000 people.
"""
