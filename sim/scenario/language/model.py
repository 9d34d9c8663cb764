"""What a scenario says, as typed data: one class for each word of the scenario language.

The classes are the language: their field descriptions are its reference, their JSON Schema is
what editors validate against. They hold values that have already been read (durations are
minutes, tables are `sim.scenario.written.values.Table`). Cross-references between names are checked
in `sim.scenario.rules.names`; what a pathway can do is analysed in `sim.scenario.analysis.pathway`.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from sim.scenario.language.cases import Case
from sim.scenario.language.demand import Arrival, Crisis, DrawnAttribute
from sim.scenario.language.fields import (
    AtClosing,
    AtLeast,
    BalkWhen,
    Bed,
    BreakField,
    CalendarPeriods,
    CapacityField,
    Count,
    Coverage,
    DateField,
    Dates,
    DelayTable,
    Discipline,
    DurationTable,
    Eligible,
    Flag,
    Headline,
    HoldField,
    HolidaysField,
    InterruptibleField,
    Level,
    Levels,
    Minutes,
    MinutesTable,
    Money,
    MoneyTable,
    Name,
    Names,
    Of,
    On,
    OnHolidays,
    ParameterValue,
    PatienceTable,
    PeopleCount,
    PoolName,
    PositiveMinutes,
    PriorityTable,
    ProbabilityTable,
    RankCorrelation,
    ReleaseField,
    Replications,
    RequestField,
    RouteTable,
    Seed,
    ShareTable,
    SlotsField,
    SpawnField,
    StrataField,
    Text,
    Title,
    UncertaintyField,
    UnitsTable,
    YesNoTable,
)
from sim.scenario.language.initial import Present
from sim.scenario.language.word import Word
from sim.scenario.written.slots import with_capacity
from sim.scenario.written.values import Request


class Run(Word):
    """The time simulated and how often."""

    start: DateField = Field(description="Date on which the simulated clock starts, at 00:00.")
    warm_up: Minutes = Field(0.0, description="Time simulated first and left out of all measures.")
    duration: PositiveMinutes = Field(description="Time measured, after the warm-up.")
    replications: Replications = Field(5, description="How many replications to run.")
    seed: Seed = Field(1, description="Seed of every keyed random number.")


class Parameter(Word):
    """A number with a name, used wherever `{parameter: NAME}` stands."""

    title: Title = ""
    value: ParameterValue = Field(description="A number, a percentage, a duration or a rate.")


class People(Word):
    """The registered population."""

    number: PeopleCount | None = Field(
        None, description="How many people; not needed where nothing but `arrivals` comes."
    )
    strata: StrataField | None = Field(
        None, description="CSV file with one column per attribute and a count in `people`."
    )
    attributes: dict[Name, DrawnAttribute] = Field({}, description="Attributes of a person.")

    @property
    def registered(self) -> int:
        """How many people there are; none if nobody says."""
        return sum(self.strata.counts) if self.strata is not None else self.number or 0


class Calendar(Word):
    """An attribute that is `yes` while open. Short form: just the periods."""

    open: CalendarPeriods = Field(
        description="Weekly periods: `mon-fri 08:00-18:30, sat 09:00-12:00`."
    )
    since: DateField | None = Field(None, description="First date on which it can be open.")
    until: DateField | None = Field(None, description="Date from which it is closed for good.")
    closed_on: Dates = Field((), description="Dates on which it stays closed.")
    holidays: OnHolidays | None = Field(
        None,
        description="Open on bank holidays `only`, or `never` on them; by default as on the day of "
        "the week that they are like.",
    )


class Signal(Word):
    """An attribute that is `yes` while a queue, an occupancy, a crowd or a time is so high."""

    queue: PoolName | None = Field(None, description="Resource (or pool) whose queue is watched.")
    waited: Minutes = Field(
        0.0, description="Of the queue only those who have waited so long are counted."
    )
    occupancy: PoolName | None = Field(
        None, description="Resource (or pool) whose units in use are watched."
    )
    since: Name | None = Field(
        None,
        description="`onset`, or a tag: the time since the episode began, or since it came to "
        "steps with the tag.",
    )
    inside: Names = Field(
        (), description="Steps at which those present, waiting or not, are counted together."
    )
    at_least: AtLeast = Field(
        description="Number counted, share of capacity in use, or time that has passed."
    )
    until: AtLeast | None = Field(
        None, description="Once on it stays on until there are no more than so many."
    )
    for_: Minutes = Field(
        0.0, alias="for", description="How long there must be so many before it counts."
    )


class SetAttribute(Word):
    """An attribute that steps assign with `set`."""

    levels: Levels = Field(description="All levels, in order.")
    initially: Level = Field(description="Level before any step sets it.")
    on: On = Field(
        "episode", description="Forgotten at the end of the episode, or kept by the person."
    )


class Programme(Word):
    """Something a share of the eligible people are covered by; an attribute `yes` / `no`."""

    title: Title = ""
    eligible: dict[Name, Eligible] = Field(
        {}, description="Levels of people attributes; all must hold. Empty: everyone."
    )
    coverage: Coverage = Field(
        description="Share of the eligible, or dated shares joined by straight lines."
    )
    caseload: Count | None = Field(None, description="At most this many people at once.")


class Resource(Word):
    """Staff, beds, vehicles or slots with limited, time-varying capacity."""

    title: Title = ""
    per: Name | None = Field(
        None, description="Attribute of people or episodes with a pool for each of its levels."
    )
    capacity: CapacityField = Field(
        description="Units: a number, a weekly pattern with `other`, or `unlimited`; a table by "
        "signals, calendars and the attribute it has pools `per`."
    )
    slots: SlotsField | None = Field(
        None,
        description="Appointments in place of a capacity: weekly periods, each with how often one "
        "begins and with the places of it.",
    )
    walk_in: Flag = Field(
        False, description="Who has not booked may seize what nobody with an appointment needs."
    )
    opens_after: Minutes = Field(
        0.0, description="How long a capacity that reacts to signals takes to rise."
    )
    closes_after: Minutes = Field(
        0.0, description="How long a capacity that reacts to signals takes to fall."
    )
    changes: dict[DateField, CapacityField] = Field({}, description="Capacity from each date on.")
    discipline: Discipline = Field(
        "priority", description="`priority`: lowest number first, then FIFO. `fifo`: ignores it."
    )
    in_turn: Flag = Field(
        False, description="Nobody passes the first in the queue, who may need several units."
    )
    queue_limit: Count | None = Field(None, description="Most that may wait.")
    at_closing: AtClosing = Field(
        "wait",
        description="What becomes of those who wait when it closes: they go on waiting, are served "
        "all the same (`serve`), or leave (`renege`).",
    )
    break_: BreakField | None = Field(
        None,
        alias="break",
        description="Break of each unit, after so long and for so long; what it is at is finished "
        "first, and the break is kept in full.",
    )
    turnaround: DurationTable | None = Field(
        None, description="Time after release before the unit is free again."
    )
    bed: Bed | None = Field(
        None, description="Counts as a bed of this kind in lengths of stay and bed days."
    )

    @model_validator(mode="before")
    @classmethod
    def _slots_are_capacity(cls, raw: Any) -> Any:
        return with_capacity(raw)


class Step(Word):
    """A node of the pathway: seize, release, delay, set, spawn, route."""

    title: Title = ""
    seize: RequestField | None = Field(
        None,
        description="What is needed: a resource (one unit), several with numbers, or one unit of "
        "`any_of` several or of the `shortest` queue.",
    )
    book: Name | None = Field(
        None,
        description="Resource with slots, of which the first free one is booked and waited for.",
    )
    lead: MinutesTable = Field(0.0, description="How far ahead the slot must be, at least.")
    within: MinutesTable | None = Field(
        None, description="How far ahead it may be, at most; else the episode goes `balk_to`."
    )
    attend: ProbabilityTable = Field(
        1.0, description="Probability of coming; who does not goes `renege_to` at that time."
    )
    length: UnitsTable = Field(1.0, description="How many slots in a row are booked.")
    as_: Name | None = Field(
        None,
        alias="as",
        description="Attribute of the episode that is told which resource was got.",
    )
    priority: PriorityTable | None = Field(
        None, description="Lower numbers are served first; it may change with the time waited."
    )
    preempts: YesNoTable | None = Field(
        None, description="Whether it takes units of less urgent visits that are interruptible."
    )
    interruptible: InterruptibleField | None = Field(
        None,
        description="What becomes of a visit whose units a more urgent one takes: it goes on later "
        "(`resume`), begins again later (`repeat`), or goes elsewhere.",
    )
    patience: PatienceTable | None = Field(
        None, description="How long one waits before leaving; `never` for those who stay."
    )
    renege_to: RouteTable | None = Field(
        None, description="Step or outcome when patience runs out; a name or a route."
    )
    balk_to: RouteTable | None = Field(
        None, description="Step or outcome when turned away; a name or a route."
    )
    balk_when: BalkWhen = Field(
        ("closed", "full"), description="What turns an arrival away, if `balk_to` is given."
    )
    join: Names = Field(
        (),
        description="Side tasks of the episode, by their first steps, that must have ended before "
        "the step starts.",
    )
    release: ReleaseField = Field(
        {}, description="Resources kept from earlier steps, all of their units or so many."
    )
    release_on_leaving: Flag = Field(
        False, description="Release them when the step ends instead of when it starts."
    )
    delay: DelayTable | None = Field(
        None,
        description="Time the step takes once started: a duration, or `until` a calendar opens or "
        "a time of day, and `then` so much longer.",
    )
    hold: HoldField = Field(
        "no",
        description="`next`: keep until the next step has started. `true`: until released. May "
        "name resources, and vary `by_route`.",
    )
    set: dict[Name, ShareTable] = Field({}, description="Attributes assigned at the end.")
    spawn: SpawnField = Field({}, description="Side tasks: first steps, each with a probability.")
    route: RouteTable = Field(description="Next step or outcome: a name, or shares that sum to 1.")
    tags: Names = Field((), description="What a visit counts as.")
    service: Text = Field(
        "", description="Service it belongs to in reports; by default the resource it seizes."
    )
    draws_as: Name | None = Field(
        None, description="Use the random numbers of the step once named so."
    )

    @model_validator(mode="before")
    @classmethod
    def _what_is_booked_is_seized(cls, raw: Any) -> Any:
        if isinstance(raw, dict) and "book" in raw and "seize" not in raw:
            return {**raw, "seize": raw["book"]}
        return raw

    @property
    def asked(self) -> tuple[str, ...]:
        """Resources it may ask for, in the order written."""
        return self.seize.resources if isinstance(self.seize, Request) else ()

    @property
    def first_asked(self) -> str | None:
        """The resource it asks for, the first one named of several."""
        return self.asked[0] if self.asked else None


class Cost(Word):
    """A price: per tagged visit, per unit and time of a resource, or per person covered."""

    title: Title = ""
    tag: Name | None = Field(None, description="Tag whose visits are paid for.")
    resource: Name | None = Field(None, description="Resource that is paid for.")
    programme: Name | None = Field(None, description="Programme paid for by the people covered.")
    each: MoneyTable | None = Field(None, description="GBP per visit carrying the tag.")
    per_hour: Money | None = Field(None, description="GBP per unit and hour.")
    per_day: Money | None = Field(None, description="GBP per unit and day.")
    per_year: Money | None = Field(None, description="GBP per unit or person and year.")
    of: Of = Field(
        "use", description="Resource costs: time in use, or capacity whether used or not."
    )
    cash: Flag = Field(
        False, description="True where less activity means less money spent, not only time freed."
    )


class Measure(Word):
    """A number this scenario wants besides the standard measures."""

    title: Title = ""
    count: Name | None = Field(None, description="Tag whose visits are counted.")
    from_: Name | None = Field(None, alias="from", description="Tag at which an interval starts.")
    to: Name | None = Field(None, description="Tag at which it ends.")
    target: Minutes | None = Field(None, description="Share of intervals within this time.")


class Scenario(Word):
    """A whole scenario, after `extends` and `options` have been merged."""

    title: Title = Field(description="What the scenario is, in a few words.")
    description: Text = ""
    headline: Headline = Field(
        (),
        description="Measures to judge by, up to five; the first three make the sentence on top.",
    )
    not_for: Text = Field(
        "", description="What its results must not be used for, and why, in some sentences."
    )
    evidence: Text | None = Field(None, description="CSV file of evidence ids, for `sources`.")
    run: Run
    parameters: dict[Name, Parameter] = Field(
        {}, description="Numbers by name, for `{parameter: NAME}`."
    )
    correlations: dict[Name, dict[Name, RankCorrelation]] = Field(
        {}, description="Rank correlations of uncertain parameters, each pair once."
    )
    people: People = Field(default_factory=People)
    crises: dict[Name, Crisis] = Field({}, description="Kinds of urgent need.")
    arrivals: dict[Name, Arrival] = Field({}, description="Streams of people who come.")
    holidays: HolidaysField | None = Field(
        None,
        description="Whose bank holidays there are; profiles, calendars and capacities are as on a "
        "Sunday then, or on the day of the week they are `like`.",
    )
    calendars: dict[Name, Calendar] = Field({})
    signals: dict[Name, Signal] = Field({})
    attributes: dict[Name, SetAttribute] = Field({}, description="Attributes set by steps.")
    programmes: dict[Name, Programme] = Field({})
    resources: dict[Name, Resource] = Field({})
    pathway: dict[Name, Step] = Field(description="The steps that episodes go through.")
    outcomes: dict[Name, Title] = Field(
        {"done": "Finished"}, description="Ends of the pathway, each with a title."
    )
    costs: dict[Name, Cost] = Field({})
    measures: dict[Name, Measure] = Field({})
    cases: dict[Name, Case] = Field({})
    initial: dict[Name, Present] = Field(
        {}, description="Who is in which step when the run begins."
    )
    sources: dict[str, Text] = Field(
        {}, description="Path of a value to an evidence id or `assumed: why`."
    )
    uncertainty: dict[str, UncertaintyField] = Field(
        {}, description="Path of a number to its distribution."
    )

    @property
    def demand(self) -> dict[str, Crisis | Arrival]:
        """Everything by which episodes begin, by name: crises, then arrivals."""
        return {**self.crises, **self.arrivals}
