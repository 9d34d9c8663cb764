"""The text of a scenario file, refused before any of it is parsed if it is too large to be one.

The limits are far above what any scenario needs, and low enough for a refusal to be quick.
"""

from __future__ import annotations

import os
from typing import Final

from sim.scenario.files.csv_text import Hashes, note
from sim.scenario.problems import Problem, nearest_name, shown_file

#: Largest file read, in bytes: some four times a whole-system scenario, read in half a second.
LARGEST_FILE: Final = 256 * 1024

#: Most lines of a file.
MOST_LINES: Final = 10_000

#: Longest line, in characters.
LONGEST_LINE: Final = 20_000


class UnreadableError(Exception):
    """A file of which nothing can be used, with the reason."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem)


def text_of_file(file: str, hashes: Hashes | None = None) -> str:
    """The file's text; the hash of what was read goes to `hashes`.

    Raises
    ------
    UnreadableError
        If there is no such file, it is too large, or not UTF-8.
    """
    if os.path.isdir(file):
        raise refused(file, "this is a folder", allowed="a scenario file")
    if os.path.exists(file) and not os.path.isfile(file):
        raise refused(file, "this is not an ordinary file")
    try:
        with open(file, "rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise refused(file, "there is no such file", nearest=_meant(file)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refused(file, f"the file cannot be read: {reason}") from None
    if len(content) > LARGEST_FILE:
        limit = f"{LARGEST_FILE // 1024} kB"
        raise refused(
            file, "the file is too large", found=f"more than {limit}", allowed=_split(limit)
        )
    note(hashes, file, content)
    return _decoded(content, file)


def refused(
    file: str, what: str, line: int = 0, *, found: str = "", allowed: str = "", nearest: str = ""
) -> UnreadableError:
    """The exception that says why nothing of a file can be used."""
    return UnreadableError(Problem(shown_file(file), line, "", what, found, allowed, nearest))


def _split(limit: str) -> str:
    return f"at most {limit}; `extends` splits a scenario in files"


def _meant(file: str) -> str:
    """The file that was probably meant by a name there is not."""
    folder, name = os.path.split(file)
    try:
        beside = [n for n in os.listdir(folder or ".") if n.endswith((".yaml", ".yml"))]
    except (OSError, ValueError):
        return ""
    stems = {os.path.splitext(n)[0]: n for n in beside}
    near = nearest_name(os.path.splitext(name)[0], stems)
    return shown_file(os.path.join(folder, stems[near])) if near else ""


def _decoded(content: bytes, file: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{content[error.start]:02x}"
        raise refused(
            file, "the file is not UTF-8 text", line, found=byte, allowed="text saved as UTF-8"
        ) from None
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        limit = f"{MOST_LINES:,}"
        raise refused(
            file, "the file has too many lines", found=f"{len(lines):,}", allowed=_split(limit)
        )
    for number, line_text in enumerate(lines, 1):
        if len(line_text) > LONGEST_LINE:
            raise refused(
                file,
                "the line is too long",
                number,
                found=f"{len(line_text)} characters",
                allowed=f"at most {LONGEST_LINE}",
            )
    return text
