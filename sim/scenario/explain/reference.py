"""The language reference, written from the classes of the language: ``docs/language.md``.

    python docs/generate.py language

Fields, defaults and descriptions come from `sim.scenario.language.model`, how values are written
from the JSON Schema, so that the page cannot drift away from what is read. What is said besides
stands in `reference_text`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any, Final, get_args, get_origin

from pydantic.fields import FieldInfo

from sim.scenario.explain.definitions import definitions
from sim.scenario.explain.reference_text import EXAMPLE, INTRODUCTION, NOTES
from sim.scenario.explain.schema import USUAL, json_schema
from sim.scenario.files.reading import DEEPEST, MOST_VALUES
from sim.scenario.files.yaml_text import LARGEST_FILE, LONGEST_LINE, MOST_LINES
from sim.scenario.language.model import Scenario
from sim.scenario.language.tags import STANDARD_TAGS
from sim.scenario.language.word import Word
from sim.scenario.loading import MOST_FILES
from sim.scenario.rules.table_sizes import MOST_CELLS
from sim.scenario.written.distributions import WRITTEN
from sim.scenario.written.kind import Schema
from sim.scenario.written.lists import LONGEST_NAME, MOST_LEVELS
from sim.scenario.written.quantities import UNITS

#: the parts of a scenario that are a value and no section
PLAIN: Final = ("title", "description", "headline", "not_for", "evidence", "holidays")

#: kinds of values by subject (`tests/docs/test_language.py` makes sure that none is missing)
SUBJECTS: Final = {
    "Words": (
        *("text", "name", "names", "level", "levels", "someLevels", "flag", "covered", "file"),
        *("measure", "headline", "intention"),
        *("balkWhen", "discipline", "atClosing", "onHolidays", "bed", "on", "of"),
    ),
    "Numbers": (
        *("number", "probability", "factor", "count", "people", "yearlyRate", "money", "priority"),
        *("growth", "variation", "atLeast", "copies", "replications", "seed", "units"),
        *("parameterValue", "rankCorrelation", "fromParameter", "change"),
    ),
    "Times": ("duration", "date", "dates", "dateTime", "periods"),
    "Distributions": ("durationDistribution", "numberDistribution"),
    "Tables": (
        *("numberTable", "probabilityTable", "moneyTable", "durationTable"),
        *("minutesTable",),
        *("delayTable", "patienceTable"),
        *("rate", "rateTable", "shares", "shareTable", "route", "spawn"),
    ),
    "Asking and keeping": (
        *("request", "unitsTable", "resourceLists", "pool", "priorityTable", "yesNoTable"),
        *("interruptible", "hold", "release"),
    ),
    "Patterns": (
        "arrivalRate",
        "arrivalRateTable",
        "capacity",
        "capacityTable",
        "break",
        "dayToDay",
        "slots",
        "holidays",
        "coverage",
        "hourProfile",
        "weekdayProfile",
        "monthProfile",
    ),
}

#: words that stand in several places, and are described in the first
WRITTEN_LIKE = {
    "crises.NAME.attributes": "Written like `people.attributes`. Two crises may draw attributes of "
    "one name.",
    "arrivals.NAME.attributes": "Written like `people.attributes`.",
    "arrivals.NAME.profile": "Written like `crises.NAME.profile`.",
}

_WIDTH = 100


def markdown() -> str:
    """The page, in Markdown."""
    schema = json_schema()["$defs"]
    parts = [INTRODUCTION, "## A whole scenario\n", *_plain_fields(schema)]
    for name, field in Scenario.model_fields.items():
        if name not in PLAIN:
            parts += _section(name, field, schema)
    parts += _values(schema)
    parts += _limits()
    return "\n".join(parts).rstrip("\n") + "\n"


def _plain_fields(schema: Schema) -> Iterator[str]:
    """The fields that a file has besides its sections."""
    fields = schema["Scenario"]["properties"]
    rows = [
        _row(name, Scenario.model_fields[name], fields[name], _about(Scenario, name))
        for name in PLAIN
    ]
    kinds = {"options": "a file, or a list of files", "intends": "measures, each `more` or `less`"}
    for name in ("extends", "options", "rationale", "intends"):
        kind = kinds.get(name) or _kind(fields[name])
        rows.append(_cells(f"`{name}`", kind, "", fields[name]["description"]))
    yield _table(rows)
    yield _example("title")
    yield (
        "Then come the sections, of which `run` and `pathway` are needed, and `people` with\n"
        "`crises`, or `arrivals`, or all three.\n"
    )


def _section(name: str, field: FieldInfo, schema: Schema) -> Iterator[str]:
    """A section of the scenario: its fields, those of the words within, notes, an example."""
    yield f"## `{name}`\n"
    word = _word(field)
    if word is None:
        yield _folded(field.description or "")
        properties = schema["Scenario"]["properties"][name]
        yield f"Under each name or path: {_named(properties['additionalProperties'])}.\n"
    else:
        yield _folded(word.__doc__ or "")
        yield from _word_fields(name, word, schema, is_named=get_origin(field.annotation) is dict)
    if name in NOTES:
        tags = ", ".join(f"`{tag}`" for tag in STANDARD_TAGS)
        yield _folded(NOTES[name].replace("STANDARD_TAGS", tags))
    yield _example(name)


def _word_fields(path: str, word: type[Word], schema: Schema, is_named: bool) -> Iterator[str]:
    """The table of a word's fields, then the words that stand in them."""
    here = f"{path}.NAME" if is_named else path
    properties = schema[word.__name__]["properties"]
    if is_named:
        yield f"Under each name (`{here}`):\n"
    rows, within = [], []
    for name, field in word.model_fields.items():
        written = field.alias or name
        rows.append(_row(written, field, properties[written], _about(word, name)))
        inner = _word(field)
        if inner is not None:
            within.append((f"{here}.{written}", inner, get_origin(field.annotation) is dict))
    yield _table(rows)
    for inner_path, inner, inner_is_named in within:
        yield f"### `{inner_path}`\n"
        if inner_path in WRITTEN_LIKE:
            yield WRITTEN_LIKE[inner_path] + "\n"
            continue
        yield _folded(inner.__doc__ or "")
        yield from _word_fields(inner_path, inner, schema, inner_is_named)


def _word(field: FieldInfo) -> type[Word] | None:
    """The word of the language that stands in a field, by name or alone."""
    kind: Any = field.annotation
    if get_origin(kind) is dict:
        kind = get_args(kind)[1]
    return kind if isinstance(kind, type) and issubclass(kind, Word) else None


def _about(word: type[Word], name: str) -> str:
    """What a field is for."""
    return word.model_fields[name].description or USUAL.get(name, "")


def _row(written: str, field: FieldInfo, of_schema: Schema, about: str) -> str:
    """A field as a row: name, how its value is written, default, meaning."""
    return _cells(f"`{written}`", _named(of_schema), _default(field), about)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**needed**"
    if field.default_factory is not None:
        return ""
    value = field.default
    if value is None or isinstance(value, Word) or value in ("", {}, ()):
        return ""
    return f"`{_yaml(value)}`"


def _named(of_schema: Schema) -> str:
    """How a field is written, with `NAME: ` before what stands under names."""
    if "additionalProperties" in of_schema:
        return f"names, each with {_kind(of_schema['additionalProperties'])}"
    return _kind(of_schema)


def _kind(of_schema: Schema) -> str:
    """A link to how one value is written."""
    if "anyOf" in of_schema:
        return " or ".join(_kind(choice) for choice in of_schema["anyOf"])
    name = str(of_schema["$ref"]).rsplit("/", 1)[-1]
    return "fields" if name[:1].isupper() else f"[{name}](#{_anchor(name)})"


def _anchor(name: str) -> str:
    return f"value-{name}"


def _values(schema: Schema) -> Iterator[str]:
    """How every kind of value is written."""
    yield "## How values are written\n"
    known = definitions()
    for subject, names in SUBJECTS.items():
        yield f"### {subject}\n"
        rows = [
            _cells(f'<a id="{_anchor(name)}"></a>`{name}`', " ".join(_value(known[name])))
            for name in names
        ]
        yield "\n".join(["| value | |", "| :--- | :--- |", *rows, ""])
        if subject == "Times":
            yield _folded(_units())
        if subject == "Distributions":
            yield from _kinds()


def _value(definition: Schema) -> Iterator[str]:
    """What a definition says of itself: description, choices, limits, examples."""
    yield definition["description"]
    if "enum" in definition:
        yield f"One of {_listed(definition['enum'])}."
    if "enum" in definition.get("items", {}):
        yield f"A list of {_listed(definition['items']['enum'])}."
    for choice in (definition, *definition.get("anyOf", ())):
        if "minimum" in choice and "maximum" in choice:
            yield f"From {_large(choice['minimum'])} to {_large(choice['maximum'])}."
    examples = definition.get("examples", ())
    if examples:
        yield f"Examples: {', '.join(f'`{_yaml(item)}`' for item in examples)}."


def _listed(words: list[object]) -> str:
    return ", ".join(f"`{_yaml(word)}`" for word in words)


def _large(number: float) -> str:
    if number == 2**63 - 1:
        return "2^63 - 1"
    return f"{number:,.0f}" if number == round(number) else f"{number:g}"


def _yaml(value: object) -> str:
    """A value as it would be written within a line of a file."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_yaml(item)}' for key, item in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_yaml(item) for item in value)}]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _units() -> str:
    """Names of units of time, by length."""
    by_length: dict[Any, list[str]] = {}
    for unit, minutes in UNITS.items():
        by_length.setdefault(minutes, []).append(f"`{unit}`")
    groups = "; ".join(", ".join(names) for _, names in sorted(by_length.items()))
    return f"Units of time: {groups}. A year has 365 days. `m` and months are refused as ambiguous."


def _kinds() -> Iterator[str]:
    """The distributions and their parameters."""
    yield "Written as one name with its parameters: `{gamma: {mean: 3 h, sd: 2 h}}`.\n"
    rows = ["| distribution | parameters |", "| :--- | :--- |"]
    for kind, ways in WRITTEN.items():
        spelled = ", or ".join(", ".join(f"`{name}`" for name in way) for way in ways)
        rows.append(f"| `{kind}` | {spelled} |")
    yield "\n".join(rows) + "\n"
    yield _folded(
        "`mean`, `sd`, `low`, `mode`, `high`, `median`, `scale`, `value`, `values` and the two "
        "quartiles of `iqr` are written like the value drawn, so durations need units, and so are "
        "the values of `points`: pairs of a probability and the value that so many do not exceed, "
        "from the least (0) to the greatest (1), with straight lines between. A `shape` "
        "is a plain number, that of an `erlang` a whole one. `mean` and `sd` of a `lognormal` are "
        "those of the value itself, not of its logarithm; `log_mean` and `log_sd` are those of the "
        "logarithm of the number of a `unit` (`unit: days`; a plain number needs none). The median "
        "of a `log_logistic` is its `scale`; with a `shape` of 2 or less it needs `at_most`. A "
        "`normal` of durations needs `at_least`. All are drawn by their inverse, so a "
        "larger random number gives a longer time in every arm of a comparison."
    )
    yield _folded(
        "Beside its parameters every distribution but `constant` may have `times` (the value drawn "
        "is so many times as large), `plus` (and then so much larger), `at_least` and `at_most` "
        "(bounds of what comes out): `{lognormal: {mean: 9 days, sd: 8 days, at_most: 90 days}}`. "
        "Bounds truncate and do not clip: what would lie outside is spread over what is left, in "
        "proportion, so that nothing piles up at a bound, and the mean is no longer that of the "
        "parameters. `check` reckons with the mean of what is left. Bounds that leave less than a "
        "millionth are an error."
    )
    yield ""
    yield _folded(
        "`{lognormal: {mean: 9 days, sd: 17 days}, draw: sickness}` is drawn with a number that "
        "the episode draws once, by the `draws` of its crisis; `against: sickness` with 1 minus "
        "it. So all that is long with `draw` is long together, and what is drawn against it is "
        "short, in the side tasks of the episode too and whenever it is drawn again. Every crisis "
        "that can come to the step must draw it."
    )


def _limits() -> Iterator[str]:
    """What makes a file too large to be one."""
    yield "## Limits\n"
    limits = (
        f"A file has at most {LARGEST_FILE // 1024} kB, {MOST_LINES:,} lines of {LONGEST_LINE:,} "
        f"characters, {MOST_VALUES:,} values and {DEEPEST} levels of nesting; a scenario at most "
        f"{MOST_FILES} files. Names have at most {LONGEST_NAME} characters, an attribute at most "
        f"{MOST_LEVELS} levels. A table may have at most {MOST_CELLS:,} cells as it is "
        "written, and one of `relative_rates` as many combinations of levels."
    )
    yield _folded(limits)


def _example(section: str) -> str:
    return f"```yaml\n{EXAMPLE[section]}```\n" if section in EXAMPLE else ""


def _cells(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _table(rows: list[str]) -> str:
    return "\n".join(["| field | value | default | |", "| :--- | :--- | :--- | :--- |", *rows, ""])


def _folded(text: str) -> str:
    """Paragraphs, each folded to the width of the page."""
    paragraphs = text.strip().split("\n\n")
    return "\n\n".join(
        textwrap.fill(" ".join(each.split()), _WIDTH, break_on_hyphens=False) for each in paragraphs
    ) + "\n"  # fmt: skip
