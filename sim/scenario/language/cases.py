"""Named individuals in a scenario, and what their journeys are asked (see `.model`)."""

from __future__ import annotations

from pydantic import Field

from sim.scenario.language.fields import (
    Copies,
    Covered,
    DateField,
    DateTimeField,
    Eligible,
    Level,
    Name,
    Names,
    Title,
)
from sim.scenario.language.word import Word


class Rung(Word):
    """One row of a case's ladder: what a journey has to come to, in any of these ways."""

    title: Title = ""
    steps: Names = Field((), description="Steps, by the case itself or a side task; any of them.")
    tags: Names = Field((), description="Tags of steps; any of them.")
    outcomes: Names = Field((), description="Outcomes; any of them.")
    levels: dict[Name, Eligible] = Field(
        {}, description="Levels of attributes; any of them, of any attribute."
    )


class Case(Word):
    """A named individual placed into every replication as a real episode."""

    title: Title = ""
    attributes: dict[Name, Level] = Field({}, description="Levels of people and crisis attributes.")
    programmes: dict[Name, Covered] = Field(
        {}, description="Whether covered once the programme has any coverage; else by luck."
    )
    crisis: Name = Field(description="What befalls them.")
    at: DateTimeField = Field(description="Date and time of onset: `2024-07-01 09:30`.")
    copies: Copies = Field(
        1, description="How many such people there are, each on a day and with luck of their own."
    )
    until: DateField | None = Field(
        None, description="Date before which all copies come; by default the end of the run."
    )
    ladder: dict[Name, Rung] = Field(
        {}, description="Rows of the table of how many journeys come to what, in order."
    )
