"""Take the upper bounds of dependencies out of pyproject.toml, to try what is newest of each.

For a checkout that is thrown away: the weekly run of the workflow. What then fails says which
bound is needed, or which is not any more.
"""

from __future__ import annotations

import re
from pathlib import Path

FILE = Path(__file__).parent.parent / "pyproject.toml"

#: an upper bound beside a lower one within the quotes of a requirement
UPPER = re.compile(r'(">?[^"\n]*>=[^",\n]+),<[^",\n]+(?=")')


def without(text: str) -> str:
    """The text without upper bounds."""
    return UPPER.sub(r"\1", text)


if __name__ == "__main__":
    FILE.write_text(without(FILE.read_text(encoding="utf-8")), encoding="utf-8")
