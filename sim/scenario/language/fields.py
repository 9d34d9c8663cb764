"""Types of the fields of the language: a Python type, how it is read, how it is written.

Each is an annotated type for pydantic: a parser that reports everything wrong within the value,
and the name of the definition that `sim.scenario.explain.schema` gives for editors.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import PlainValidator, ValidationError, ValidationInfo, WithJsonSchema
from pydantic_core import InitErrorDetails, PydanticCustomError

from sim.scenario.written import distributions, lists, quantities, tables, weeks
from sim.scenario.written.positions import Complaint, RefusedError, Spot
from sim.scenario.written.scalars import BROKEN
from sim.scenario.written.values import (
    Capacity,
    CoverageShares,
    Distribution,
    HourFactors,
    Period,
    Quantity,
    Rate,
    Shares,
    Strata,
    Table,
)

#: Type of the pydantic errors that carry a `Complaint`.
COMPLAINT = "complaint"

#: Key of the schema annotation that names a definition in `sim.scenario.explain.schema`.
DEFINED_AS = "x-defined-as"

#: Validation context that takes what can be read and reports nothing.
SALVAGE: Mapping[str, bool] = {"salvage": True}


def read_by(parse: Callable[[object, Spot], Any]) -> PlainValidator:
    """A pydantic validator that reads with `parse` and reports every complaint."""

    def validate(raw: object, info: ValidationInfo) -> Any:
        if raw is BROKEN:
            return BROKEN
        spot = Spot()
        try:
            value = parse(raw, spot)
        except RefusedError as refused:
            spot.note(refused)
            value = BROKEN
        if spot.complaints and info.context is not SALVAGE:
            raise _validation_error(spot.complaints)
        return value

    return PlainValidator(validate)


def _validation_error(complaints: list[Complaint]) -> ValidationError:
    details = [
        InitErrorDetails(
            type=PydanticCustomError(COMPLAINT, "complaint", {COMPLAINT: complaint}),
            loc=complaint.path,
            input=None,
        )
        for complaint in complaints
    ]
    return ValidationError.from_exception_data("value", details)


def written_as(definition: str) -> WithJsonSchema:
    """How the field is written: the name of a definition in `sim.scenario.explain.schema`."""
    return WithJsonSchema({DEFINED_AS: definition})


# Text and names
Text = Annotated[str, read_by(lists.text), written_as("text")]
Name = Annotated[str, read_by(lists.name), written_as("name")]
Names = Annotated[tuple[str, ...], read_by(lists.names), written_as("names")]
Level = Annotated[str, read_by(lists.level), written_as("level")]
Levels = Annotated[tuple[str, ...], read_by(lists.levels), written_as("levels")]
Eligible = Annotated[tuple[str, ...], read_by(lists.some_levels), written_as("someLevels")]
Flag = Annotated[bool, read_by(lists.flag), written_as("flag")]
Headline = Annotated[tuple[str, ...], read_by(lists.headline), written_as("headline")]
Covered = Annotated[bool, read_by(lists.yes_or_no), written_as("covered")]

# Choices
HoldField = Annotated[Literal["no", "next", "true"], read_by(lists.hold), written_as("hold")]
Discipline = Annotated[
    Literal["fifo", "priority"],
    read_by(lists.one_of("fifo", "priority")),
    written_as("discipline"),
]
Bed = Annotated[
    Literal["acute", "community"], read_by(lists.one_of("acute", "community")), written_as("bed")
]
On = Annotated[
    Literal["episode", "person"], read_by(lists.one_of("episode", "person")), written_as("on")
]
Of = Annotated[
    Literal["use", "capacity"], read_by(lists.one_of("use", "capacity")), written_as("of")
]
BalkWhen = Annotated[
    tuple[Literal["full", "closed"], ...], read_by(lists.balk_when), written_as("balkWhen")
]

# Quantities
PeopleCount = Annotated[int, read_by(lists.whole_between(1, 20_000_000)), written_as("people")]
Count = Annotated[int, read_by(lists.whole_between(0, 10_000_000)), written_as("count")]
Copies = Annotated[int, read_by(lists.whole_between(1, 10_000)), written_as("copies")]
Replications = Annotated[int, read_by(lists.whole_between(1, 100_000)), written_as("replications")]
Seed = Annotated[int, read_by(lists.whole_between(0, 2**63 - 1)), written_as("seed")]
Growth = Annotated[float, read_by(quantities.number_between(-0.9, 10)), written_as("growth")]
Variation = Annotated[float, read_by(quantities.number_between(0, 3)), written_as("variation")]
AtLeast = Annotated[float, read_by(quantities.number_between(0, 10_000_000)), written_as("atLeast")]
Money = Annotated[float, read_by(quantities.number_between(0, 1e9)), written_as("money")]
Minutes = Annotated[float, read_by(quantities.duration), written_as("duration")]
PositiveMinutes = Annotated[float, read_by(quantities.positive_duration), written_as("duration")]
DateField = Annotated[datetime.date, read_by(quantities.date), written_as("date")]
Dates = Annotated[tuple[datetime.date, ...], read_by(lists.dates), written_as("dates")]
DateTimeField = Annotated[datetime.datetime, read_by(quantities.date_time), written_as("dateTime")]

#: A parameter's value is put in the place of what refers to it before fields are read.
ParameterValue = Annotated[
    Quantity, read_by(quantities.parameter_value), written_as("parameterValue")
]
RankCorrelation = Annotated[
    float, read_by(quantities.number_between(-1, 1)), written_as("rankCorrelation")
]

# Tables
NumberTable = Annotated[Table[float], read_by(tables.number_table), written_as("numberTable")]
MoneyTable = Annotated[Table[float], read_by(tables.money_table), written_as("moneyTable")]
PriorityTable = Annotated[Table[float], read_by(tables.priority_table), written_as("priorityTable")]
RateTable = Annotated[Table[Rate], read_by(tables.rate), written_as("rate")]
DurationTable = Annotated[
    Table[Distribution], read_by(tables.duration_table), written_as("durationTable")
]
PatienceTable = Annotated[
    Table[Distribution], read_by(tables.patience_table), written_as("patienceTable")
]
ShareTable = Annotated[Table[Shares], read_by(tables.share_table), written_as("shareTable")]
RouteTable = Annotated[Table[Shares], read_by(tables.route_table), written_as("route")]
SpawnField = Annotated[Mapping[str, Table[float]], read_by(tables.spawn), written_as("spawn")]
UncertaintyField = Annotated[
    Distribution, read_by(distributions.number_distribution), written_as("numberDistribution")
]

# Patterns of time
CalendarPeriods = Annotated[tuple[Period, ...], read_by(weeks.periods), written_as("periods")]
CapacityField = Annotated[Capacity, read_by(lists.capacity), written_as("capacity")]
HourProfile = Annotated[HourFactors, read_by(lists.hour_factors), written_as("hourProfile")]
WeekdayProfile = Annotated[
    tuple[float, ...], read_by(lists.factors(7)), written_as("weekdayProfile")
]
MonthProfile = Annotated[tuple[float, ...], read_by(lists.factors(12)), written_as("monthProfile")]
Coverage = Annotated[CoverageShares, read_by(lists.coverage), written_as("coverage")]

#: The file is read by `sim.scenario.loading`, which knows where it is.
StrataField = Annotated[Strata, read_by(lists.strata), written_as("file")]
