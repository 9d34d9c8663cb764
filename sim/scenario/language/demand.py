"""What brings episodes about (see `.model`): crises of people, and arrivals from anywhere."""

from __future__ import annotations

from pydantic import Field

from sim.scenario.language.fields import (
    ArrivalRateTable,
    DateField,
    DayToDayField,
    Growth,
    HourProfile,
    Levels,
    MonthProfile,
    Name,
    Names,
    NumberTable,
    RateTable,
    RouteTable,
    ShareTable,
    Title,
    WeekdayProfile,
)
from sim.scenario.language.word import Word
from sim.scenario.written.values import DayToDay


class DrawnAttribute(Word):
    """A categorical attribute drawn once: per person (people) or per episode (crises)."""

    title: Title = ""
    shares: ShareTable = Field(
        description="Probability of each level; may vary `by` attributes drawn before it."
    )
    levels: Levels | None = Field(
        None, description="Order of the levels; by default their natural sort order."
    )


class Profile(Word):
    """How a crisis rate varies over time, as factors around the yearly rate."""

    hour: HourProfile | None = Field(
        None, description="24 factors, or several sets by weekdays (`mon-fri`, `sat-sun`)."
    )
    weekday: WeekdayProfile | None = Field(None, description="7 factors, Monday first.")
    month: MonthProfile | None = Field(None, description="12 factors, January first.")
    growth: Growth = Field(0.0, description="Growth a year, as a share.")
    growth_from: DateField | None = Field(
        None, description="Date at which growth is nil; by default the start of the run."
    )
    day_to_day: DayToDayField = Field(
        default_factory=lambda: DayToDay(0.0),
        description="Coefficient of variation of a gamma factor per day, and of one that crises "
        "share; by default 0.",
    )


class Crisis(Word):
    """A kind of urgent need."""

    title: Title = ""
    rate: RateTable = Field(
        description="Crises per 1,000 people a year (by people attributes), or for the whole "
        "population as `45 per hour`."
    )
    relative_rates: dict[Name, NumberTable] = Field(
        {}, description="Factors multiplied with the rate and with each other."
    )
    profile: Profile = Field(default_factory=Profile, description="Variation over time.")
    attributes: dict[Name, DrawnAttribute] = Field({}, description="Drawn for each episode.")
    draws: Names = Field(
        (),
        description="Uniform numbers that each episode draws once; distributions with the same "
        "`draw` go together.",
    )
    first: RouteTable = Field(description="First step of the pathway (a name or a route).")


class Arrival(Word):
    """A stream of people who come, each of them new and nobody of the population."""

    title: Title = ""
    rate: ArrivalRateTable = Field(
        description="Arrivals in a time, `12 per hour`, or by weekly periods and `other`; a table "
        "by calendars."
    )
    profile: Profile = Field(default_factory=Profile, description="Variation over time.")
    attributes: dict[Name, DrawnAttribute] = Field({}, description="Drawn for each episode.")
    draws: Names = Field(
        (),
        description="Uniform numbers that each episode draws once; distributions with the same "
        "`draw` go together.",
    )
    first: RouteTable = Field(description="First step of the pathway (a name or a route).")
