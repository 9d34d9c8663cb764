"""The first section: what was asked, what came out, how sure that is, what not to use it for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sim.experiment.intervals import statement
from sim.report.page import basis, binding, overview, words
from sim.report.page.arms import Arm
from sim.report.page.content import Bullets, Card, Cards, Fold, Part, Section, Text
from sim.report.tables import headline, measures
from sim.report.tables.measures import how_many
from sim.report.tables.rows import Difference, Summary

#: sentences of result for each alternative
SENTENCES = 3

#: most alternatives that the question names
NAMED = 3

ID = "answer"


def compared(
    arms: Sequence[Arm], headlines: Sequence[Sequence[Difference]], drawn: bool = False
) -> Section:
    """The answer of a comparison.

    Parameters
    ----------
    arms
        The baseline, then the alternatives.
    headlines
        For each alternative, the headline measures in the scenario's order.
    drawn
        Whether inputs were drawn, of which the page has a section.
    """
    baseline, *alternatives = arms
    several = len(alternatives) > 1
    names = " or ".join(f"“{arm.title}”" for arm in alternatives)
    if len(alternatives) > NAMED:
        names = f"one of {len(alternatives)} alternatives"
    question = f"What would change for {_people(baseline)} if “{baseline.title}” became {names}?"
    parts: list[Part] = [Text((question,), "What was asked")]
    options = tuple(dict.fromkeys(item for arm in alternatives for item in _options(arm, baseline)))
    if options:
        parts.append(Bullets(options, "What would be done"))
    if several:
        named = [
            overview.Named(arm.title, lines, headline.unsettled(arm.results))
            for arm, lines in zip(alternatives, headlines, strict=True)
        ]
        parts += [Text((), "What came out"), *overview.ranking(baseline.title, named)]
    for arm, lines in zip(alternatives, headlines, strict=True):
        cards = Cards(tuple(_card(line) for line in lines))
        if several:
            parts.append(Fold(arm.title, (Text(_sentences(lines)), cards)))
        else:
            parts += [Text(_sentences(lines), "What came out"), cards]
    sure = _sure(baseline, drawn, basis.SAME_LUCK)
    return Section(ID, "The question and the answer", (*parts, sure, _not_for(arms)))


def single(arm: Arm, headlines: Sequence[Summary], drawn: bool = False) -> Section:
    """The answer of one scenario's run: how the place does as it is described."""
    question = f"How do {_people(arm)} and their services do in “{arm.title}”?"
    about = arm.results.scenario.model.description.strip()
    parts: list[Part] = [Text((question, *([about] if about else [])), "What was asked")]
    found = binding.bottleneck(arm)[1]
    parts.append(Text((found, f"From {words.dates(arm.world)}:"), "What came out"))
    parts.append(Cards(tuple(_own_card(line) for line in headlines)))
    return Section(ID, "The question and the answer", (*parts, _sure(arm, drawn), _not_for([arm])))


def _people(arm: Arm) -> str:
    number = arm.results.scenario.model.people.registered
    return f"{number:,} people" if number else "those who come"


def _options(arm: Arm, baseline: Arm) -> list[tuple[str, str]]:
    """What an arm has beyond the baseline: title and first sentence of each option."""
    known = {option.title for option in baseline.results.scenario.applied}
    applied = [item for item in arm.results.scenario.applied if item.title not in known]
    if not applied:
        model = arm.results.scenario.model
        return [(arm.title, first_sentence(model.description))] if model.description else []
    return [(item.title, first_sentence(item.rationale)) for item in applied]


def first_sentence(text: str) -> str:
    """A text up to the end of its first sentence."""
    return re.split(r"(?<=[.!?])\s", " ".join(text.split()), maxsplit=1)[0]


def _sentences(lines: Sequence[Difference]) -> tuple[str, ...]:
    """The first headline measures, and whatever of the others is a concern."""
    if not lines:
        return ("None of the headline measures happens in this scenario.",)
    further = [line for line in lines[SENTENCES:] if line.verdict == "worse"]
    told = [*lines[:SENTENCES], *further]
    return tuple(words.sentence(line) for line in told)


def _card(line: Difference) -> Card:
    main, ends = words.bounds(line)
    most = how_many(line)
    before, after = words.both(line)
    notes = [ends, f"{before} → {after}", f"better in {most} replications" if most else ""]
    told = "; ".join(note for note in notes if note)
    return Card(line.meaning.label, main, told, words.verdict(line), line.verdict)


def _own_card(line: Summary) -> Card:
    label, mean, spread = measures.summary_cells(line)
    kind = {"95 %": "95 % interval ", "range": "lowest to highest "}.get(line.interval, "")
    return Card(label, mean, f"{kind}{spread}" if spread else "")


def _sure(arm: Arm, drawn: bool, *more: str) -> Text:
    number = len(arm.results.replications)
    measured = f"{statement(number)} Measured from {words.dates(arm.world)}, after a warm-up."
    over = basis.LUCK_AND_INPUTS if drawn else basis.OVER_LUCK
    return Text((measured, " ".join((*more, over))), "How sure")


def _not_for(arms: Sequence[Arm]) -> Text:
    said = tuple(
        dict.fromkeys(text for arm in arms if (text := arm.results.scenario.model.not_for.strip()))
    )
    return Text(said or (basis.UNSAID,), "What not to use it for", "caution")
