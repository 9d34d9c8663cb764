"""The text of a CSV file that a scenario names, refused if it is too large to be one."""

from __future__ import annotations

import hashlib
import os
from typing import Final

from sim.scenario.problems import shown_file

#: Largest file read, in bytes.
LARGEST_FILE: Final = 8 * 1024 * 1024

#: SHA-256 of what was read, by file as shown to the user.
Hashes = dict[str, str]


class BadSheetError(Exception):
    """A file that cannot be used, with the reason and what would be allowed."""

    def __init__(self, what: str, allowed: str = "a CSV file") -> None:
        self.allowed = allowed
        super().__init__(what)


def text_of_sheet(file: str | os.PathLike[str], hashes: Hashes | None = None) -> str:
    """The file's text; the hash of what was read goes to `hashes`.

    Raises
    ------
    BadSheetError
        If there is no such file, it is too large, or not UTF-8.
    """
    if not os.path.isfile(file):
        raise BadSheetError("there is no such file")
    try:
        with open(file, "rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            limit = f"at most {LARGEST_FILE // 1024**2} MB"
            raise BadSheetError("the file is too large", limit)
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadSheetError("the file is not UTF-8 text") from None
    except OSError as error:
        raise BadSheetError(f"the file cannot be read: {error.strerror}") from None
    note(hashes, file, content)
    return text


def note(hashes: Hashes | None, file: str | os.PathLike[str], content: bytes) -> None:
    """Keep the hash of what was read of a file."""
    if hashes is not None:
        hashes[shown_file(file)] = hashlib.sha256(content).hexdigest()
