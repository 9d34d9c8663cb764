"""Explaining one word: what it is called in full, how it is written, what it means.

Words come from the classes of the language, the kinds of values, the distributions, the tags and
the glossary; where a scenario is given, from the names in it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args, get_origin

from sim.scenario.explain.glossary import GLOSSARY
from sim.scenario.explain.reference_text import EXAMPLE
from sim.scenario.language.model import Scenario
from sim.scenario.language.tags import STANDARD_TAGS
from sim.scenario.language.word import Word

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from sim.scenario.loading import Loaded


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a word is.

    `word` is the word alone, `name` what it is called in full (`pathway.NAME.patience`), `kind`
    what it is one of, `about` its meaning; `written` and `example` say how it is written, empty
    where there is nothing to write.
    """

    word: str
    name: str
    kind: str
    about: str
    written: str = ""
    example: str = ""


def words_of_the_language() -> Iterator[Explanation]:
    """Every field of every word, then kinds of values, distributions, tags and terms."""
    from sim.scenario.explain.definitions import definitions
    from sim.scenario.explain.schema import json_schema
    from sim.scenario.written.distributions import WRITTEN

    schema = json_schema()["$defs"]
    yield from _fields("", Scenario, schema)
    for name, definition in definitions().items():
        written = "; ".join(f"`{_line(example)}`" for example in definition.get("examples", ()))
        yield Explanation(name, name, "kind of value", definition["description"], written)
    for name, ways in WRITTEN.items():
        spelled = " or ".join("{" + ", ".join(way) + "}" for way in ways)
        yield Explanation(name, name, "distribution", f"Parameters: {spelled}.")
    for tag in STANDARD_TAGS:
        about = "A tag that the standard measures count; give it to steps in their `tags`."
        yield Explanation(tag, tag, "tag", about)
    for term, about in GLOSSARY.items():
        yield Explanation(term, term, "term", about)


def _fields(path: str, word: type[Word], schema: Mapping[str, Any]) -> Iterator[Explanation]:
    """The fields of a word of the language, and of the words within."""
    properties = schema[word.__name__]["properties"]
    for name, field in word.model_fields.items():
        written = field.alias or name
        full = f"{path}.{written}" if path else written
        inner = _word(field)
        about = field.description or (inner.__doc__ or "").split("\n\n")[0].strip()
        kinds = ", or ".join(dict.fromkeys(_kinds(properties[written], schema)))
        example = EXAMPLE.get(written, "") if not path else ""
        kind = "field of a step" if path == "pathway.NAME" else "field" if path else "section"
        needed = "needed" if field.is_required() else ""
        yield Explanation(
            written, full, kind, about, "; ".join(filter(None, (kinds, needed))), example
        )
        if inner is not None:
            is_named = get_origin(field.annotation) is dict
            yield from _fields(f"{full}.NAME" if is_named else full, inner, schema)


def _word(field: FieldInfo) -> type[Word] | None:
    kind: Any = field.annotation
    if get_origin(kind) is dict:
        kind = get_args(kind)[1]
    return kind if isinstance(kind, type) and issubclass(kind, Word) else None


def _kinds(part: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[str]:
    """How a field is written: each kind of value it may have, with an example."""
    name = str(part.get("$ref", "")).rsplit("/", 1)[-1]
    if name and not name[:1].isupper():
        examples = _examples(schema[name], schema)
        yield f"{name} ({examples})" if examples else name
    for choice in part.get("anyOf", ()):
        yield from _kinds(choice, schema)
    inner = part.get("additionalProperties")
    if isinstance(inner, dict):
        yield from (f"names, each with {kind}" for kind in _kinds(inner, schema))


def _examples(definition: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """What a definition gives as examples, or the first kind of value it may be."""
    examples = definition.get("examples", ())
    if examples:
        return "such as " + ", ".join(f"`{_line(example)}`" for example in examples[:2])
    for choice in definition.get("anyOf", ()):
        name = str(choice.get("$ref", "")).rsplit("/", 1)[-1]
        if name in schema:
            return _examples(schema[name], schema)
    return ""


def _line(value: object) -> str:
    """A value as it would be written within a line of a file."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_line(item)}' for key, item in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_line, value))}]"
    return str(value)


#: what the sections of a scenario hold, in the singular
THINGS = {
    "crises": "crisis",
    "arrivals": "stream of arrivals",
    "calendars": "calendar",
    "signals": "signal",
    "attributes": "attribute",
    "programmes": "programme",
    "resources": "resource",
    "pathway": "step",
    "costs": "cost",
    "measures": "measure of its own",
    "cases": "case",
    "initial": "people present at the start",
    "outcomes": "outcome",
}


def words_of(loaded: Loaded) -> Iterator[Explanation]:
    """The names that a scenario gives: its steps, resources, crises and so on."""
    for section, thing in THINGS.items():
        for name, said in loaded.tree.get(section, {}).items():
            about = said if isinstance(said, str) else str(_title(said))
            place = loaded.origins.get((section, name))
            where = f" ({place[0]}, line {place[1]})" if place is not None else ""
            yield Explanation(
                name,
                f"{section}.{name}",
                f"{thing} of this scenario{where}",
                about,
                "",
                _yaml(said),
            )


def _title(said: object) -> object:
    return said.get("title", "") if isinstance(said, dict) else ""


def _yaml(said: object) -> str:
    """What a scenario says of a thing, as it would be written."""
    import io

    from ruamel.yaml import YAML

    if not isinstance(said, dict):
        return ""
    writer = YAML()
    writer.default_flow_style = None
    writer.width = 96
    text = io.StringIO()
    writer.dump(said, text)
    return text.getvalue()
