"""Results in plain words: one sentence per measure, with its interval, and the verdict.

Numbers are rounded as in the tables, so that both say the same. The words for a verdict are
those a board reads: improvement, concern, no detectable change.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.report.dates import long
from sim.report.tables import numbers
from sim.report.tables.rows import Difference
from sim.report.world import World

#: what a verdict is called
VERDICTS = {
    "better": "improvement",
    "worse": "concern",
    "changed": "change",
    "uncertain": "no detectable change",
    "no change": "no change",
}

#: verdicts in which the interval does not span zero
TOLD_APART = frozenset({"better", "worse", "changed"})


def period(words: str) -> str:
    """A period to begin a sentence with: ``In 84 days``, ``In a year``; nothing for none."""
    return "" if not words else _capital(words if words.startswith("in ") else f"in {words}")


def dates(world: World) -> str:
    """The measured time by its dates: ``25 September to 17 December 2023``."""
    first, last = world.moment(world.warm_up).date(), world.moment(world.horizon - 1).date()
    return f"{long(first)} to {long(last)}"


def lower(title: str) -> str:
    """A title inside a sentence: small first letter, unless it is an abbreviation.

    ``Cost, total`` is the total cost, ``Bed days, acute beds`` are bed days in acute beds.
    """
    name, comma, what = title.partition(", ")
    if comma:  # "Cost, total" and "Bed days, acute beds" are for lists
        title = f"total {lower(name)}" if what == "total" else f"{name} in {what}"
    second = title[1:2]
    return title if second.isupper() or second in "&0123456789" else title[:1].lower() + title[1:]


def verdict(line: Difference) -> str:
    """What a board may say of a difference."""
    if line.interval in ("range", "none") and line.verdict == "uncertain":
        return "too few replications to tell"
    if line.flattered and line.verdict == "changed":
        return "change, not called an improvement: more people are lost or left waiting"
    return f"{VERDICTS[line.verdict]}, {line.wanted}" if line.wanted else VERDICTS[line.verdict]


def sentence(line: Difference) -> str:
    """One measure in a sentence, with its period and its interval."""
    scale = numbers.difference_scale(line.difference, line.low, line.high, line.meaning.unit)
    title, when = line.meaning.title, period(line.meaning.period)
    label = f"{title}, {line.meaning.period}" if when else title
    if not math.isfinite(line.difference):
        return f"{title}: not measured in both."
    if line.verdict == "no change":
        return f"{title}: no change, in any replication."
    told = (
        f"{when} {_change(line, scale, line.difference)}"
        if when
        else _capital(_change(line, scale, line.difference))
    )
    if line.interval == "none":
        return f"{told}, in one draw of luck and so without an interval."
    if line.interval == "no variation":
        return f"{told}, the same in every replication: {_an(verdict(line))}."
    if line.verdict == "uncertain":
        low, high = _side(line, scale, line.low), _side(line, scale, line.high)
        ends = f"between {low} and {high}{_of(line)}"
        if line.interval == "range":
            return f"{label}: {ends}, in {line.replications} replications, too few to tell."
        return f"{label}: not told apart from no change ({ends})."
    low, high = (_bare(scale, end) for end in sorted((abs(line.low), abs(line.high))))
    return f"{told} (between {low} and {high}): {_an(verdict(line))}."


def _bare(scale: numbers.Scale, number: float) -> str:
    return scale.write(number).removesuffix(" %")


def _change(line: Difference, scale: numbers.Scale, number: float) -> str:
    size, title = scale.write(abs(number)), lower(line.meaning.title)
    if _is_count(line):
        return f"about {size} {'fewer' if number < 0 else 'more'} {title}{_of(line)}"
    if scale.suffix == " %":
        size = size.removesuffix(" %") + " percentage points"
    way = "falls" if number < 0 else "rises"
    return f"{title} {way} by about {size}{_from(line)}"


def _side(line: Difference, scale: numbers.Scale, number: float) -> str:
    if number == 0:
        return "no change"
    size = scale.write(abs(number))
    if scale.suffix == " %":
        size = size.removesuffix(" %") + " percentage points"
    words = ("fewer", "more") if _is_count(line) else ("less", "more")
    return f"{size} {words[number > 0]}"


def _is_count(line: Difference) -> bool:
    unit = line.meaning.unit
    measured = {"share", "GBP", "min", "minutes", "hours", "days"}
    return unit not in measured and not unit.startswith("per ")


def _of(line: Difference) -> str:
    """Of how many: ``of 17,194``; nothing to compare with if there were none."""
    if not math.isfinite(line.baseline) or line.baseline == 0:
        return ""
    return f" of {_value(line.baseline, line)}" if _is_count(line) else _from(line)


def _from(line: Difference) -> str:
    if not (math.isfinite(line.baseline) and math.isfinite(line.alternative)):
        return ""
    return f", from {_value(line.baseline, line)} to {_value(line.alternative, line)}"


def _value(number: float, line: Difference) -> str:
    unit = line.meaning.unit
    sizes = [abs(n) for n in (line.baseline, line.alternative) if math.isfinite(n) and n]
    scale = numbers.scale_for(
        unit, line.baseline, line.alternative, resolution=min(sizes) / 20 if sizes else None
    )
    text = scale.write(number)
    return f"{text} {unit}" if unit in ("min", "minutes", "hours", "days") else text


def untold(lines: Sequence[Difference]) -> str:
    """What may be said of differences that are neither better nor worse nor changed."""
    few = any(line.interval in ("range", "none") for line in lines)
    return "too few replications to tell" if few else VERDICTS["uncertain"]


def _an(words: str) -> str:
    if words.startswith(("no ", "too ")):
        return words
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def both(line: Difference) -> tuple[str, str]:
    """The two arms' values of a measure."""
    return _value(line.baseline, line), _value(line.alternative, line)


def bounds(line: Difference) -> tuple[str, str]:
    """A difference as it stands in the tables, cut in two: the number, and what is about it."""
    text = line.written()
    number, opening, rest = text.partition(" (" if " (" in text else " [")
    if not opening:
        return text, ""
    inner, _, unit = rest.partition(")" if opening == " (" else "]")
    kind = {"95 %": "95 % interval ", "range": "lowest to highest "}.get(line.interval, "")
    return f"{number}{unit}", f"{kind}{inner}"


def scale(unit: str, values: Sequence[float]) -> tuple[float, str]:
    """What differences of a unit are multiplied by to be drawn, and what they are then."""
    if unit == "share":
        return 100.0, "percentage points"
    if unit == "GBP":
        large = max((abs(value) for value in values if math.isfinite(value)), default=0.0) >= 1e6
        return (1e-6, "£ million") if large else (1e-3, "£ thousand")
    return 1.0, unit
