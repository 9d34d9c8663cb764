"""Doing what a page of the docs says: saving its files, running its commands and its Python.

A block of YAML that begins with a comment `# name.yaml` is a file. Lines of `bash` blocks are
commands. A block of `text` shows lines that the commands before it print, `...` for what is
left out.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from sim.cli.main import main

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"# ([\w./-]+\.(?:yaml|csv))\n")

#: commands that are run elsewhere: by `.ci/run`, or by tests of their own
ELSEWHERE = ("pip ", "pytest", "ruff ", "mypy", "python ", ".ci/run", "git ")


@dataclass(frozen=True)
class Block:
    """A code block: its language, its text, and the line on which it begins."""

    language: str
    text: str
    line: int


def blocks(page: str) -> list[Block]:
    """The code blocks of a page, in order."""
    return [
        Block(found[1], found[2], page.count("\n", 0, found.start()) + 1)
        for found in _FENCE.finditer(page)
    ]


def follow(page: Path, folder: Path) -> list[str]:
    """Do everything a page says in a folder (the current one); what went wrong."""
    said, wrong = "", []
    for block in blocks(page.read_text(encoding="utf-8")):
        where = f"{page.name}:{block.line}"
        if block.language == "yaml" and (named := _FILE.match(block.text)):
            (folder / named[1]).write_text(block.text, encoding="utf-8")
        elif block.language == "bash":
            said = ""
            for command in block.text.replace("\\\n", " ").splitlines():
                said += _run(command, where, wrong)
        elif block.language == "python":
            said = _execute(block.text)
        elif block.language == "text":
            wrong += [f"{where}: not printed: {line}" for line in _missing(block.text, said)]
    return wrong


def _run(command: str, where: str, wrong: list[str]) -> str:
    """Run one line; what it printed."""
    words = shlex.split(command, comments=True)
    if not words or command.startswith(ELSEWHERE):
        return ""
    if words[0] != "urgentflow":
        wrong.append(f"{where}: nobody tests this command: {command}")
        return ""
    expected = int(found[1]) if (found := re.search(r"# exit code (\d+)", command)) else 0
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        code = main(words[1:])
    if code != expected:
        wrong.append(f"{where}: exit code {code}: {command}\n{printed.getvalue()}")
    return printed.getvalue()


def _execute(code: str) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, {})
    return printed.getvalue()


def _missing(shown: str, said: str) -> list[str]:
    """Lines shown that were not printed, in their order; the widths of columns do not matter."""
    lines = [" ".join(line.split()) for line in said.splitlines()]
    missing = []
    for line in shown.splitlines():
        wanted = " ".join(line.split())
        if wanted in ("", "..."):
            continue
        if wanted in lines:
            lines = lines[lines.index(wanted) + 1 :]
        else:
            missing.append(line)
    return missing
