"""A kind of value: how it is read and how an editor is told of it, said in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sim.scenario.written.positions import Spot

T = TypeVar("T")

#: a JSON Schema
Schema = dict[str, Any]


@dataclass(frozen=True, eq=False)  # told apart by identity: a schema cannot be hashed
class Kind(Generic[T]):
    """One kind of value that a field of the language may be.

    `name` is that of its definition in the schema, `read` turns a raw value into one of this
    kind or says what is wrong with it, `schema` is the JSON Schema of how it is written, with a
    description and perhaps examples. The schema may let slip what the reader refuses.
    """

    name: str
    read: Callable[[object, Spot], T]
    schema: Schema


def ref(name: str) -> Schema:
    """A schema that is the definition of a name."""
    return {"$ref": f"#/$defs/{name}"}


def one_or_many(item: str, description: str) -> Schema:
    """One value of a kind, or a list of different ones."""
    many = {"type": "array", "items": ref(item), "uniqueItems": True}
    return {"anyOf": [ref(item), many], "description": description}


def table_of(name: str, cell: Schema, description: str) -> Schema:
    """A constant or a table `by` an attribute, whose cells are tables again."""
    by = {
        "type": "object",
        "required": ["by"],
        "properties": {"by": ref("name")},
        "additionalProperties": ref(name),
        "minProperties": 2,
    }
    return {"anyOf": [cell, by], "description": description}
