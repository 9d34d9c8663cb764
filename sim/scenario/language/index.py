"""What the language has at a path: which word, which fields, which description.

Looks at the classes of `sim.scenario.language.model` only, so it can say what might stand at a path
where a file has nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, get_args, get_origin

from pydantic import WithJsonSchema
from pydantic.fields import FieldInfo

from sim.scenario.language.fields import DEFINED_AS
from sim.scenario.language.model import Scenario
from sim.scenario.language.word import Word
from sim.scenario.problems import Path

#: Most paths of which it is remembered what stands there.
MOST_KEPT: Final = 50_000


def word_at(path: Path) -> type[Word] | None:
    """The class of the thing at a path, if it is a word of the language."""
    here = _kind_at(path)
    return here if isinstance(here, type) and issubclass(here, Word) else None


def fields_at(path: Path) -> dict[str, FieldInfo]:
    """The fields of the thing at a path, as written; empty if it is no word of the language."""
    word = word_at(path)
    if word is None:
        return {}
    return {field.alias or name: field for name, field in word.model_fields.items()}


def holds_names(path: Path) -> bool:
    """Whether a path holds things by name, such as `resources`."""
    return get_origin(_kind_at(path)) is dict


@lru_cache(maxsize=MOST_KEPT)
def written_at(path: Path) -> str:
    """The name of the definition that says how a value at a path is written; empty if none does."""
    field = fields_at(path[:-1]).get(str(path[-1])) if path else None
    return _defined_as([field.annotation, *field.metadata] if field else [_kind_at(path)])


def _defined_as(kinds: list[Any]) -> str:
    for kind in kinds:
        if isinstance(kind, WithJsonSchema) and isinstance(kind.json_schema, Mapping):
            return str(kind.json_schema.get(DEFINED_AS, ""))
        if get_origin(kind) is not dict and (found := _defined_as([*get_args(kind)])):
            return found
    return ""


def described(path: Path) -> str:
    """What a field is, to stand within a sentence; empty if it has no description."""
    field = fields_at(path[:-1]).get(str(path[-1]))
    text = (field.description or "").rstrip(".") if field is not None else ""
    return text[:1].lower() + text[1:]


@lru_cache(maxsize=MOST_KEPT)
def _kind_at(path: Path) -> Any:
    """The type of what stands at a path; None if nothing can.

    Kept, because the arms of an experiment have nearly all their paths in common: this halves the
    time in which the second of them is read.
    """
    here: Any = Scenario
    for part in path:
        if isinstance(here, type) and issubclass(here, Word):
            fields = {field.alias or name: field for name, field in here.model_fields.items()}
            here = fields[str(part)].annotation if part in fields else None
        elif get_origin(here) is dict:
            here = get_args(here)[1]
        else:
            return None
    return here
