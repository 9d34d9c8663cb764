"""Print the shell commands the README promises, one a line, so that CI runs what it says.

The promised commands are the lines of the README's code blocks that begin with `pip install`;
each is split at `&&`.
"""

from __future__ import annotations

import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"


def promised(text: str) -> list[list[str]]:
    """Return the commands of each promised line of a README."""
    lines: list[list[str]] = []
    inside = False
    for line in text.replace("\\\n", " ").splitlines():
        if line.lstrip().startswith("```"):
            inside = not inside
        elif inside and line.strip().startswith("pip install"):
            lines.append([" ".join(command.split()) for command in line.split("&&")])
    return lines


if __name__ == "__main__":
    wanted = promised(README.read_text(encoding="utf-8"))
    if len(wanted) != 2 or any(len(commands) != 2 for commands in wanted):
        sys.exit(f"README.md should promise two lines `pip install ... && ...`, found {wanted}")
    for commands in wanted:
        print(*commands, sep="\n")
