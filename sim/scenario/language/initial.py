"""Who is there already when a run begins (see `.model`)."""

from __future__ import annotations

from pydantic import Field

from sim.scenario.language.fields import Copies, Flag, Level, Minutes, Name, Title
from sim.scenario.language.word import Word


class Present(Word):
    """People alike who are in a step at the start of the run: new persons, nobody of the people."""

    title: Title = ""
    crisis: Name = Field(description="What brought them: a crisis, or a stream of arrivals.")
    step: Name = Field(description="Step they are in.")
    for_: Minutes = Field(
        alias="for", description="How long they have been served in it, or have waited, so far."
    )
    waiting: Flag = Field(False, description="True if they still wait for what the step seizes.")
    number: Copies = Field(1, description="How many they are, each with luck of their own.")
    attributes: dict[Name, Level] = Field({}, description="Levels of people and crisis attributes.")
