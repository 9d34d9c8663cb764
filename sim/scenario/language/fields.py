"""Types of the fields of the language: a Python type, how it is read, how it is written.

Each is an annotated type for pydantic: a parser that reports everything wrong within the value,
and the name of the definition that `sim.scenario.explain.schema` gives for editors. Numbers,
choices, durations, dates and weekly periods are each a `Kind`, which has both.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from annotated_types import GroupedMetadata
from pydantic import PlainValidator, ValidationError, ValidationInfo, WithJsonSchema
from pydantic_core import InitErrorDetails, PydanticCustomError

from sim.scenario.written import (
    arrival_rates,
    choices,
    distributions,
    holidays,
    lists,
    numbers,
    quantities,
    requests,
    rests,
    shared_days,
    slots,
    tables,
    weeks,
)
from sim.scenario.written.kind import Kind
from sim.scenario.written.positions import Complaint, RefusedError, Spot
from sim.scenario.written.scalars import BROKEN
from sim.scenario.written.values import (
    ArrivalRate,
    Capacity,
    CoverageShares,
    DayToDay,
    Delay,
    Distribution,
    HoldWord,
    Holidays,
    HourFactors,
    Interruptible,
    Keeping,
    Period,
    Quantity,
    Rate,
    Request,
    Rest,
    Rising,
    Shares,
    Slots,
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


@dataclass(frozen=True)
class OfKind(GroupedMetadata):
    """The annotation of a field that is of one kind of value: read and written as that is."""

    kind: Kind[Any]

    def __iter__(self) -> Iterator[object]:
        """What pydantic is to make of it."""
        yield read_by(self.kind.read)
        yield written_as(self.kind.name)


# Text and names
Text = Annotated[str, read_by(lists.text), written_as("text")]
Title = Annotated[str, read_by(lists.title), written_as("text")]
Name = Annotated[str, read_by(lists.name), written_as("name")]
PoolName = Annotated[str, read_by(lists.pool), written_as("pool")]
Names = Annotated[tuple[str, ...], read_by(lists.names), written_as("names")]
Level = Annotated[str, read_by(lists.level), written_as("level")]
Levels = Annotated[tuple[str, ...], read_by(lists.levels), written_as("levels")]
Eligible = Annotated[tuple[str, ...], read_by(lists.some_levels), written_as("someLevels")]
Headline = Annotated[tuple[str, ...], read_by(lists.headline), written_as("headline")]

# Choices
Flag = Annotated[bool, OfKind(choices.FLAG)]
Covered = Annotated[bool, OfKind(choices.COVERED)]
RequestField = Annotated[Request, read_by(requests.request), written_as("request")]
HoldField = Annotated[HoldWord | Keeping, read_by(requests.hold), written_as("hold")]
ReleaseField = Annotated[
    Mapping[str, Table[float] | None], read_by(requests.release), written_as("release")
]
InterruptibleField = Annotated[
    Interruptible, read_by(requests.interruptible), written_as("interruptible")
]
YesNoTable = Annotated[Table[float], read_by(requests.yes_no_table), written_as("yesNoTable")]
Discipline = Annotated[choices.DisciplineWord, OfKind(choices.DISCIPLINE)]
AtClosing = Annotated[choices.ClosingWord, OfKind(choices.AT_CLOSING)]
BreakField = Annotated[Rest, read_by(rests.rest), written_as("break")]
SlotsField = Annotated[Slots, read_by(slots.slots), written_as("slots")]
Bed = Annotated[choices.BedWord, OfKind(choices.BED)]
On = Annotated[choices.OnWord, OfKind(choices.ON)]
Of = Annotated[choices.OfWord, OfKind(choices.OF)]
BalkWhen = Annotated[tuple[choices.BalkWord, ...], OfKind(choices.BALK_WHEN)]

# Quantities
PeopleCount = Annotated[int, OfKind(numbers.PEOPLE)]
Count = Annotated[int, OfKind(numbers.COUNT)]
Copies = Annotated[int, OfKind(numbers.COPIES)]
Replications = Annotated[int, OfKind(numbers.REPLICATIONS)]
Seed = Annotated[int, OfKind(numbers.SEED)]
Growth = Annotated[float, OfKind(numbers.GROWTH)]
Variation = Annotated[float, OfKind(numbers.VARIATION)]
AtLeast = Annotated[float, OfKind(numbers.AT_LEAST)]
DayToDayField = Annotated[DayToDay, read_by(shared_days.day_to_day), written_as("dayToDay")]
Money = Annotated[float, OfKind(numbers.MONEY)]
Minutes = Annotated[float, OfKind(quantities.DURATION)]
PositiveMinutes = Annotated[float, OfKind(quantities.POSITIVE_DURATION)]
DateField = Annotated[datetime.date, OfKind(quantities.DAY)]
Dates = Annotated[tuple[datetime.date, ...], read_by(lists.dates), written_as("dates")]
DateTimeField = Annotated[datetime.datetime, OfKind(quantities.MOMENT)]

#: A parameter's value is put in the place of what refers to it before fields are read.
ParameterValue = Annotated[Quantity, OfKind(quantities.PARAMETER_VALUE)]
RankCorrelation = Annotated[float, OfKind(numbers.RANK_CORRELATION)]

# Tables
NumberTable = Annotated[Table[float], read_by(tables.number_table), written_as("numberTable")]
MinutesTable = Annotated[Table[float], read_by(tables.minutes_table), written_as("minutesTable")]
ProbabilityTable = Annotated[
    Table[float], read_by(tables.probability_table), written_as("probabilityTable")
]
UnitsTable = Annotated[Table[float], read_by(requests.units_table), written_as("unitsTable")]
MoneyTable = Annotated[Table[float], read_by(tables.money_table), written_as("moneyTable")]
PriorityTable = Annotated[
    Table[float | Rising], read_by(requests.priority_table), written_as("priorityTable")
]
RateTable = Annotated[Table[Rate], read_by(tables.rate), written_as("rate")]
ArrivalRateTable = Annotated[
    Table[ArrivalRate], read_by(arrival_rates.arrival_rates), written_as("arrivalRateTable")
]
DurationTable = Annotated[
    Table[Distribution], read_by(tables.duration_table), written_as("durationTable")
]
DelayTable = Annotated[Table[Delay], read_by(tables.delay_table), written_as("delayTable")]
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
HolidaysField = Annotated[Holidays, read_by(holidays.holidays), written_as("holidays")]
OnHolidays = Annotated[choices.OnHolidaysWord, OfKind(choices.ON_HOLIDAYS)]
CalendarPeriods = Annotated[tuple[Period, ...], OfKind(weeks.PERIODS)]
CapacityField = Annotated[
    Table[Capacity], read_by(tables.capacity_table), written_as("capacityTable")
]
HourProfile = Annotated[HourFactors, read_by(lists.hour_factors), written_as("hourProfile")]
WeekdayProfile = Annotated[
    tuple[float, ...], read_by(lists.factors(7)), written_as("weekdayProfile")
]
MonthProfile = Annotated[tuple[float, ...], read_by(lists.factors(12)), written_as("monthProfile")]
Coverage = Annotated[CoverageShares, read_by(lists.coverage), written_as("coverage")]

#: The file is read by `sim.scenario.loading`, which knows where it is.
StrataField = Annotated[Strata, read_by(lists.strata), written_as("file")]
