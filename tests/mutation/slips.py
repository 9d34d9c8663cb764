"""Every small slip a source file could have had: one token changed, the rest as it was."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

#: the byte at which a line (from 1) and a column of it stand
Place = Callable[[int, int], int]

#: what each operator is taken for
MISTAKEN: dict[type[ast.AST], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.And: ("and", "or"),
    ast.Or: ("or", "and"),
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "/"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
}

#: names taken for each other
NAMES = {
    "min": "max", "max": "min", "fmin": "fmax", "fmax": "fmin",
    "minimum": "maximum", "maximum": "minimum", "queued": "started", "started": "ended",
    "ended": "started", "seized": "released", "released": "ready", "warm_up": "horizon",
    "first": "end", "begin": "end", "popleft": "pop",
}  # fmt: skip

#: numbers of which another than one more is the likely slip
NUMBERS = {0.9: 0.95, 0.95: 0.9, 0.5: 0.6}


@dataclass(frozen=True, slots=True)
class Slip:
    """Source text of a file from `begin` to `end` (bytes), and what stands there instead."""

    file: str
    line: int
    begin: int
    end: int
    was: str
    becomes: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: `{self.was}` becomes `{self.becomes}`"

    def put_into(self, source: bytes) -> bytes:
        """The source with the slip."""
        return source[: self.begin] + self.becomes.encode() + source[self.end :]


def slips(file: str, source: bytes) -> list[Slip]:
    """All slips of a file, in the order of its text; what annotates types has none."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def at(line: int, column: int) -> int:
        return starts[line - 1] + column

    found = []
    for node, begin, end, becomes in _changes(ast.parse(source), source, at):
        was = source[begin:end].decode()
        found.append(Slip(file, getattr(node, "lineno", 0), begin, end, was, becomes))
    return sorted(found, key=lambda slip: (slip.begin, slip.becomes))


def _changes(tree: ast.Module, source: bytes, at: Place) -> Iterator[tuple[ast.AST, int, int, str]]:
    for node in _meant(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for number, operator in enumerate(node.ops):
                yield from _between(sides[number], sides[number + 1], operator, source, at)
        elif isinstance(node, ast.BoolOp):
            for one, other in zip(node.values, node.values[1:], strict=False):
                yield from _between(one, other, node.op, source, at)
        elif isinstance(node, ast.BinOp):
            yield from _between(node.left, node.right, node.op, source, at)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.Invert)):
            begin = at(node.lineno, node.col_offset)
            yield node, begin, at(node.operand.lineno, node.operand.col_offset), ""
        elif isinstance(node, ast.Constant):
            changed = _another(node.value)
            if changed is not None:
                begin = at(node.lineno, node.col_offset)
                yield node, begin, at(node.end_lineno, node.end_col_offset), changed
        elif isinstance(node, (ast.Name, ast.Attribute)):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if name in NAMES and isinstance(node.ctx, ast.Load):
                end = at(node.end_lineno, node.end_col_offset)
                yield node, end - len(name.encode()), end, NAMES[name]


def _between(
    one: ast.expr, other: ast.expr, operator: ast.AST, source: bytes, at: Place
) -> Iterator[tuple[ast.AST, int, int, str]]:
    """The change of the operator that stands between two operands."""
    if type(operator) not in MISTAKEN:
        return
    was, becomes = MISTAKEN[type(operator)]
    begin, end = at(one.end_lineno, one.end_col_offset), at(other.lineno, other.col_offset)
    place = source.find(was.encode(), begin, end)
    if place >= 0 and b"#" not in source[begin:place]:
        yield one, place, place + len(was.encode()), becomes


def _another(value: object) -> str | None:
    """What a constant is taken for, if anything."""
    if isinstance(value, bool):
        return str(not value)
    if isinstance(value, (int, float)):
        return repr(NUMBERS.get(value, value + 1))
    return None


def _meant(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but annotations and text."""
    for name, child in ast.iter_fields(tree):
        if name in ("annotation", "returns", "bases", "decorator_list"):
            continue
        for node in child if isinstance(child, list) else [child]:
            if isinstance(node, (ast.JoinedStr, ast.Assert)) or not isinstance(node, ast.AST):
                continue
            if isinstance(node, ast.If) and _only_for_types(node):
                continue
            yield node
            yield from _meant(node)


def _only_for_types(node: ast.If) -> bool:
    return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
