"""A small place with an option and a case, for tests of pages."""

from pathlib import Path

SCENARIO = """\
title: Before
description: A small place with a hospital.
run: {start: 2024-04-01, warm_up: 14 days, duration: 42 days, replications: 3, seed: 4}
people:
  number: 4000
  attributes:
    age: {shares: {old: 0.3, young: 0.7}}
crises:
  fall:
    title: A fall
    rate: {by: age, old: 900, young: 300}
    first: call_999
resources:
  crews: {title: Ambulance crews, capacity: 3}
  ward_beds: {title: Ward beds, capacity: 30, bed: acute}
  community_beds: {title: Community beds, capacity: 4, bed: community}
pathway:
  call_999:
    title: 999 call
    delay: 5 min
    tags: [call_999]
    route: {crew: 0.8, done: rest}
  crew:
    title: Ambulance crew
    seize: crews
    delay: {exponential: {mean: 40 min}}
    tags: [crew_on_scene]
    hold: next
    route: {ward: {by: age, old: 0.5, young: 0.2}, done: rest}
  ward:
    title: Ward
    seize: ward_beds
    delay: {exponential: {mean: 4 days}}
    tags: [emergency_admission, ae_attendance]
    route: {done: 1}
outcomes: {done: At home}
cases:
  mrs_b: {title: Mrs B, attributes: {age: old}, crisis: fall, at: 2024-04-20 09:30}
"""

OPTION = """\
title: More beds in the community
rationale: Some people need a bed but not a hospital.
pathway:
  crew:
    route: {ward: 0.2, community: 0.1, done: rest}
  community:
    title: Community bed
    seize: community_beds
    delay: {exponential: {mean: 6 days}}
    tags: [community_admission]
    route: done
"""


def files(folder: Path) -> tuple[Path, Path]:
    before, option = folder / "before.yaml", folder / "beds.yaml"
    route = "{by: age, old: {ward: 0.5, done: rest}, young: {ward: 0.2, done: rest}}"
    text = SCENARIO.replace("{ward: {by: age, old: 0.5, young: 0.2}, done: rest}", route)
    before.write_text(text)
    option.write_text(OPTION)
    return before, option
