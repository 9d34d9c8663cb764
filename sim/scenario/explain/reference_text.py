"""What the language reference says besides fields: how files work, notes, an example.

Read by `reference`. The example is one whole scenario cut into its sections, so that a test can put
it together again and check it.
"""

from __future__ import annotations

from typing import Final

INTRODUCTION: Final = """\
# The scenario language

<!-- written by `python docs/generate.py language`; edit the classes instead -->

Every word a scenario file can have, with its meaning, its default and how its value is written.
[tutorial.md](tutorial.md) introduces them one by one; [method.md](method.md) says exactly what a
run does with them. `urgentflow schema` exports the same as a JSON Schema, with which an editor
completes and checks while you type.

## Files

A file is YAML 1.2, in UTF-8. Names of things are made of letters a to z, digits and `_`, a letter
first; names of levels can be anything (`85+`, `0-4`, `yes`) and are text, whatever they look like.
A name used twice in one place, a key that does not exist, an alias, an anchor or a tag is refused.
All mistakes of all files are reported together, each with its file and line.

There are three kinds of file, of the same sections:

| kind | what makes it one | what it needs |
| :--- | :--- | :--- |
| a scenario | `title` | all of a scenario |
| a scenario that changes another | `extends: other.yaml` | only what is different |
| an option | `title` and `rationale`; no `extends`, `options`, `description` | only what differs |

**What is laid over what.** First the file that `extends` names, then the file itself, then its
`options` in order, then options named on the command line, then single values given there. Named
things (people attributes, crises, resources, steps, ...) merge by name, and a named thing's fields
are replaced one by one. A field's value is replaced whole, so that routes and tables never mix.
`null` removes a field or a thing, and with it what `sources` and `uncertainty` said of it. The
title and rationale of an option name it in reports; they do not replace the scenario's title.

**Nothing depends on the order** in which names stand in a file, except the order of `options` and
of lists of `levels`.

## Attributes

An attribute is a category with named levels. Whatever may differ between people, episodes and
moments differs by attributes, and there is one namespace for all of them.

| origin | declared in | levels | its level | not to be used in |
| :--- | :--- | :--- | :--- | :--- |
| people | `people.attributes`, or a column of the strata | as drawn | drawn once per person | |
| crisis | `crises.NAME.attributes`, `arrivals.NAME.attributes` | as drawn, or `none` | \
drawn per episode | people, rates, relative rates |
| set | `attributes` | `levels` | `initially`, until a step sets it | people, rates; relative \
rates if `on: episode` |
| programme | `programmes` | `no`, `yes` | `yes` while the person is covered | people, rates |
| calendar | `calendars` | `no`, `yes` | `yes` while it is open | people, rates |
| signal | `signals` | `no`, `yes` | `yes` while so many wait or are in use | people, rates |
| elapsed | `signals`, with `since` | `no`, `yes` | `yes` once so much time has passed in the \
episode | people, rates, relative rates, costs |

An episode whose crisis does not draw an attribute that others draw has the level `none` of it.
Steps may `set` attributes of people as well as those of `attributes`. A `rate` may vary by people
attributes that no step sets. Everything else that can be a table may vary by any attribute that has
a level by then.

Levels are in their natural order (`0-4` before `5-17` before `85+`) unless `levels` gives another.
The order matters in one way only: it decides which part of a random number means which level
([method.md](method.md#random-numbers)).

## Tables

Where *a table* may stand, the value is a constant, or it varies by an attribute:

```yaml
delay:
  by: frailty
  severe: {lognormal: {mean: 11 days, sd: 12 days}}
  other: {by: age, 65+: 5 days, other: 3 days}
```

`other` stands for every level not named; without it each level needs a value. Tables nest.

## Changes

In a file that changes another, in an option and in a value given on the command line, a number may
say how it differs from what stands below: `{add: 4}`, `{add: -10 min}`, `{times: 1.25}`, or both
(first `times`, then `add`). Several options stack in their order. A bare `+4` is refused.

```yaml
resources:
  beds: {capacity: {add: 4}} # in every period that has any; where there are none stay none
  crews: {changes: {2024-10-01: {add: 2}}} # two more than before, from that date on
pathway:
  ward:
    delay: {times: 0.9} # all levels of a table, and every size of a distribution
    route: {home: {add: 5 %}} # the other shares are scaled to what is left
  triage:
    delay: {by: in_hours, yes: {times: 0.8}} # where it is not `yes`, nothing changes
```

What a change does not name stays as it is, and its place is that of the change. A share that comes
to more than 1 is an error, a distribution other than `constant`, `uniform`, `triangular` and
`empirical` cannot be moved by `add`, and dated `changes` of a capacity are not moved with it.
"""

#: what stands after the fields of a section, by path
NOTES: Final = {
    "parameters": """\
Short form: `in_reach_share: 0.5`. Wherever a number, a share or a duration may stand,
`{parameter: in_reach_share}` takes it from here, so that one change, one source and one uncertainty
(`parameters.in_reach_share`) are those of everything that uses it. See
[fromParameter](#value-fromParameter). A parameter that nothing uses is a warning.""",
    "correlations": """\
Of two parameters that both have an `uncertainty`; pairs not given are independent. Together they
must be possible for normal variables.""",
    "people": """\
Either `number` or `strata` says how many people there are. The CSV file of `strata` has a column
`people` with counts and further columns whose headings are attributes; what `attributes` declares
besides is drawn by its shares, which may vary by columns of the strata.""",
    "crises": """\
The rate of one person is the base rate, times every relative rate, times the profile at that hour.
Relative rates multiply and never add; their names only tell them apart and let options replace them
singly. `hour` (each set of 24), `weekday` and `month` are scaled to a mean of 1, so only their
proportions matter and the yearly rate stays what `rate` says.""",
    "arrivals": """\
A stream of people who come from anywhere: nobody of the population, each of them new, so that none
is absorbed. Their attributes of people are drawn as those of the population are. Arrivals are
crises in results: `of` a stream where `of` a crisis is said, and a case may be of a stream. Rates
are per time and not scaled: in a week of `{mon-fri 08:00-09:00: 12 per hour, other: 3 per hour}`
come 60 + 489 on average. A `profile` multiplies them, with its `hour`, `weekday` and `month` scaled
to a mean of 1. Where somebody arrives there are no measures per 1,000 people.""",
    "calendars": """\
Short form: `surgery_open: mon-fri 08:00-18:30`. A period that ends at or before its start runs into
the next day (`mon 22:00-06:00`); days alone mean whole days. With `holidays: england` at the top of
the scenario a bank holiday is like a Sunday from midnight to midnight, in profiles, calendars and
capacities; `holidays: {of: england, like: sat}` names another day, `like: itself` none. A calendar
that is open on bank holidays `only` (or `never`) makes them levels of their own, for any table.""",
    "signals": """\
One of `queue` (with `waited`, only those of it who have waited so long), `occupancy`, `inside` and
`since`. `{since: onset, at_least: 72 h}` is `yes` once an episode is three days old; `since: in_ae`
counts from when it came to the first of an unbroken run of steps with that tag. Side tasks go on
from the clocks of their episode.

An occupancy counts units in turnaround as in use. A resource with a capacity of 0 at the moment
counts as full, an unlimited one is never full.

A signal is on while there are at least so many. With `until` it stays on until there are no more
than so many, and with `for` it is `yes` only once it has been on for so long. Signals that remember
in these ways or look at `waited` or `inside`, and all signals that a capacity varies by, are looked
at whenever something has happened and all who could be served have been.""",
    "programmes": """\
Each person has a fixed random number for each programme and is covered while coverage exceeds it,
so that more coverage covers the same people and more. Who is eligible is decided by attributes as
they were drawn, not by what steps set later. Of the eligible, a `caseload` keeps those with the
lowest numbers. Dated coverage is 0 before its first date, a straight line between dates, and
constant after its last.""",
    "resources": """\
A weekly pattern gives units for weekly periods and `other` for the rest of the week (0 if it is
left out); periods must not overlap. `changes` begin at 00:00 of their date and last until the next.
When capacity falls, units in use finish what they do first. Units in turnaround are in use.

A resource closes when its capacity falls to 0. Those who wait then go on waiting, unless
`at_closing` says that they are served all the same or that they leave. With `break: {after: 2 h,
for: 15 min}` each unit has a break of a quarter of an hour when it has been there for two hours.

`slots: {mon-sun 08:00-20:00: {every: 15 min, places: 2}}` stand in the place of a capacity, of as
many units as there are places; they are for steps that `book`, and with `walk_in: true` for others
when nobody with an appointment is there.

A capacity may be a table by signals and calendars: escalation beds open while a signal is on. It
changes as soon as its signals do, or takes `opens_after` to rise and `closes_after` to fall: if the
signals change back in the meantime, nothing happens.""",
    "pathway": """\
What happens at a step, in order: seize, release, delay, give back, set, spawn, route.
[method.md](method.md#a-step) says it exactly. A resource with a `queue_limit` needs `balk_to` at
every step that seizes it, and `patience` needs `renege_to`;
`never` in a table of patience is for those who stay.

`seize: {doctors: 1, nurses: 2}` asks for several units at once, all or nothing: nothing is held
while waiting, and who cannot have all is passed over, unless a resource is `in_turn`.
`{any_of: [nurses, doctors]}` is the first in the list with a free unit, else whoever frees first;
`as: seen_by` makes the resource got an attribute of the episode. `{shortest: [a, b]}` joins the
queue with the fewest waiting per unit. A resource with pools `per` an attribute has one for each of
its levels, `gp[riverside]`; `{gp: {at: nearest}}` asks the pool of another attribute with the same
levels. A step that `preempts` takes units of less urgent visits (higher `priority`) to steps that
are `interruptible`; the interrupted go back to their old place in the queue.

A `delay` may last `{until: ward_round, then: 30 min}`: until that calendar is open, which may be
now, or `{until: 10:00}` until that time of day, and `then` perhaps so much longer, which may be a
table.

A step with `join: [bloods, x_ray]` starts once those side tasks have ended that this episode has
started with `spawn`. What it seizes it asks for only then, with the place in the queue of one who
has been there since it came to the step; its `patience` runs through both waits.

A step with `book: hub` takes the first free slot at least `lead` ahead and at most `within` ahead,
else the episode goes `balk_to`. It waits until the slot begins, comes with the probability `attend`
(or goes `renege_to`), and is then next for a unit of the hub, before all who have not booked.
`length` is how many slots in a row it needs.

`release` names resources that an earlier step kept with `hold: true`. An end of the pathway gives
back whatever is still held.

`draws_as` is for renaming a step: random numbers are keyed by the step's name, so a step called
otherwise has other luck, unless it draws as the old one. Several steps may draw as one, if no
episode can come to two of them.

Reports fold steps into services: steps that name the same `service` are one box on the map of the
system, and their work is added up. It changes nothing that is simulated.

Tags count visits. The built-in measures rely on these: STANDARD_TAGS. Any other tag is counted as
well.""",
    "outcomes": """\
An outcome named `died` ends the person's crises. By default there is one outcome, `done`.""",
    "costs": """\
Exactly one of `tag` (with `each`), `resource` (with `per_hour`, `per_day` or `per_year`) and
`programme` (with `per_year`, for each person covered). Money is in GBP.""",
    "measures": """\
Either `count`, or `from` and `to`, for which [measures.md](measures.md#the-scenarios-own) has the
formulas.""",
    "cases": """\
A case is a person of its own beside the population, who has this one episode and no other, in
every replication. It takes real capacity. Attributes not given, and membership of programmes not
given, are drawn anew in each replication, keyed by the case's name. No relative rate prevents it.
Of `copies`, each is such a person of their own; they come at the time of day of `at`, one a day at
most, on days spread evenly from `at` to `until`. `check` warns where they are too many to leave the
run as it is.

The `ladder` is the case's own table in `urgentflow story`: for each row, how many of 100 journeys
come to it in each world. A row of the baseline and one of the alternative with the same name are
the same row; a row that only one of them has is asked of both.""",
    "initial": """\
Who is in a step when the run begins: `number` people, who have been served there (or with
`waiting` have waited) `for` so long. Each is a new person, nobody of the population, whose
attributes not given are drawn by the name of the row, so that another row moves nobody. Who is
served holds what the step seizes, free or not, so that more may be present than there is capacity
for, until they leave; what is left of a delay S after the time a is S - a, given that S is more
than a. Who waits stands in the queue in the order of waiting, and is served by the same rules as
everybody. They count in occupancy from the start, and never as arrivals, admissions or waits of
the run: their times in logs are before 0. A step must take its delay at once, with one unit of a
resource (asked for plainly by all steps) or none; `waiting` needs a step without `patience`.
Usually `warm_up` is 0 then.""",
    "sources": """\
A path such as `crises.fall.rate` covers everything below it, so that it may name whole sections.
`urgentflow check` lists numbers without a source. An option that changes a value needs a source of
its own for it.""",
    "uncertainty": """\
Written down and checked, but not yet used: runs take the values themselves.""",
}

#: one whole scenario, by section
EXAMPLE: Final = {
    "title": "title: Urgent care in a small town\n"
    "headline: [emergency_admissions, ae_within_4_hours]\n"
    "description: The example of the reference.\n",
    "run": """\
run: {start: 2024-04-01, warm_up: 14 days, duration: 56 days, replications: 5, seed: 1}
""",
    "parameters": """\
parameters:
  minor_share: {title: Share of falls with a minor injury, value: 70 %}
  ward_stay: 5 days
""",
    "correlations": "correlations: {minor_share: {ward_stay: 0.3}}\n",
    "people": """\
people:
  number: 20000
  attributes:
    age: {shares: {0-17: 20 %, 18-64: 60 %, 65+: 20 %}}
    frailty:
      levels: [fit, mild, severe]
      shares: {by: age, 65+: {fit: 0.6, mild: 0.3, severe: 0.1}, other: fit}
""",
    "arrivals": """\
arrivals:
  walk_in:
    rate:
      by: surgery_open
      yes: {mon-fri 08:00-12:00: 1 per hour, mon-fri 12:00-18:30: 3 per day}
      no: {sat-sun: 2 per day, other: 1 per day}
    profile: {growth: 2 %, day_to_day: 0.1}
    first: ae
""",
    "crises": """\
crises:
  fall:
    title: A fall
    rate: {by: age, 65+: 250, other: 30} # per 1,000 people a year
    relative_rates:
      frailty: {by: frailty, fit: 1, mild: 1.5, severe: 3}
      team: {by: falls_team, yes: 0.8, no: 1}
    profile:
      weekday: [1.1, 1, 1, 1, 1, 0.9, 0.9]
      growth: 2 %
      day_to_day: {own: 0.1, shared: weather, cv: 0.04}
    attributes: {injury: {shares: {minor: {parameter: minor_share}, major: rest}}}
    first: call_999
  minor_illness:
    rate: 2 per hour # of everybody together
    profile:
      hour:
        mon-fri: [1, 1, 1, 1, 1, 1, 2, 4, 6, 6, 5, 5, 5, 5, 5, 5, 6, 6, 5, 4, 3, 2, 2, 1]
        sat-sun: [1, 1, 1, 1, 1, 1, 2, 3, 5, 6, 6, 6, 5, 5, 5, 5, 5, 5, 5, 4, 3, 2, 2, 1]
      day_to_day: {shared: weather, cv: 0.04}
    first: {by: surgery_open, yes: gp, no: {ae: 0.4, done: rest}}
""",
    "calendars": """\
holidays: england
calendars:
  surgery_open: {open: mon-fri 08:00-18:30, closed_on: [2024-05-06, 2024-05-27]}
  evening: mon-fri 18:30-22:00
  bank_holiday: {open: always, holidays: only}
""",
    "signals": """\
signals:
  ae_crowded: {queue: cubicles, at_least: 5}
  ward_full: {occupancy: ward_beds, at_least: 95 %}
  corridor_full: {queue: ward_beds, at_least: 8, until: 2, for: 1 h}
  breaches: {queue: cubicles, waited: 4 h, at_least: 3, until: 0}
  ae_full: {inside: [ae, ward], at_least: 30}
""",
    "attributes": """\
attributes:
  seen_at_home: {levels: [no, yes], initially: no} # forgotten when the episode ends
  known: {levels: [no, yes], initially: no, on: person}
""",
    "programmes": """\
programmes:
  falls_team:
    eligible: {frailty: [mild, severe]}
    coverage: {2024-04-01: 0, 2024-05-01: 60 %}
    caseload: 700
""",
    "resources": """\
resources:
  gp: {capacity: {mon-fri 08:00-18:30: 2, other: 0}, queue_limit: 20}
  crews: {capacity: 3, turnaround: {lognormal: {median: 14 min, iqr: [10 min, 20 min]}}}
  cubicles: {capacity: 5}
  ward_beds:
    capacity: {by: corridor_full, yes: 32, no: 28}
    changes: {2024-05-01: 26}
    opens_after: 2 h
    closes_after: 12 h
    bed: acute
  nurses: {capacity: unlimited}
""",
    "pathway": """\
pathway:
  gp:
    seize: gp
    balk_to: ae # closed, or 20 wait already
    patience: {by: injury, major: never, other: {exponential: {mean: 3 h}}}
    renege_to: done
    delay: {lognormal: {mean: 10 min, sd: 5 min}}
    route: done
    tags: [gp_contact]
  call_999:
    seize: crews
    priority: {by: injury, major: 1, other: 2}
    delay: {triangular: {low: 5 min, mode: 10 min, high: 40 min}}
    hold: true
    set: {seen_at_home: yes, known: {by: frailty, fit: no, other: yes}}
    spawn: {tell_team: {by: falls_team, yes: 1, no: 0}}
    route:
      by: injury
      major: ae
      other: {by: ae_crowded, yes: {ae: 0.3, home: rest}, no: {ae: 0.5, home: rest}}
    tags: [crew_on_scene]
  ae:
    seize: cubicles
    release: crews
    priority: {by: injury, major: 1, other: 2}
    delay: {gamma: {mean: 3 h, sd: 2 h}}
    hold: next # the cubicle is kept until the ward has a bed
    route: {by: injury, major: ward, other: {ward: 0.05, home: rest}}
    tags: [ae_attendance, in_ae]
  ward:
    seize: ward_beds
    delay:
      by: ward_full
      yes: {empirical: {values: [2 days, 4 days, 8 days], weights: [3, 2, 1]}}
      no: {weibull: {shape: 1.2, mean: {parameter: ward_stay}}}
    route: {died: 0.05, home: rest}
    tags: [emergency_admission]
  tell_team: {seize: nurses, delay: 20 min, route: done}
""",
    "outcomes": "outcomes: {home: At home, done: Dealt with, died: Died}\n",
    "costs": """\
costs:
  ae: {tag: ae_attendance, each: 269}
  ward: {resource: ward_beds, per_day: 346}
  crews: {resource: crews, per_hour: 120, of: capacity}
  team: {programme: falls_team, per_year: 900, cash: true}
""",
    "measures": """\
measures:
  crew_calls: {title: Calls attended by a crew, count: crew_on_scene}
  call_to_ae: {from: crew_on_scene, to: ae_attendance, target: 1 h}
""",
    "cases": """\
cases:
  mrs_b:
    title: Mrs B, who lives alone
    crisis: fall
    at: 2024-05-07 09:30
    attributes: {age: 65+, frailty: severe, injury: minor}
    programmes: {falls_team: yes}
    ladder:
      hospital: {title: Admitted to hospital, tags: emergency_admission}
      at_home: {title: At home again, outcomes: home}
  mr_d: {title: Mr D, crisis: fall, at: 2024-04-16 14:00, copies: 6, until: 2024-05-28}
""",
    "initial": """\
initial:
  since_the_weekend:
    {crisis: fall, step: ward, for: 2 days, number: 3, attributes: {age: 65+}}
""",
    "sources": """\
sources:
  crises.fall: "assumed: for the example"
  parameters: "assumed: for the example"
  resources.ward_beds.capacity: "assumed: busy, but not full"
""",
    "uncertainty": """\
uncertainty:
  crises.fall.relative_rates.team.yes: {lognormal: {mean: 0.8, sd: 0.1}}
  parameters.minor_share: {uniform: {low: 0.6, high: 0.8}}
  parameters.ward_stay: {triangular: {low: 4 days, mode: 5 days, high: 7 days}}
""",
}


def example() -> str:
    """The whole example, as one file."""
    return "".join(EXAMPLE.values())
