"""Write the lines that let a shell complete commands, options and files."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

HELP = "let the shell complete commands and options"

EXAMPLES = """\
examples:
  urgentflow completion bash > ~/.local/share/bash-completion/completions/urgentflow
  urgentflow completion zsh > ~/.zfunc/_urgentflow     # with `fpath+=~/.zfunc` in ~/.zshrc
"""

SHELLS = ("bash", "zsh", "tcsh")

#: what arguments are called that name a file or a folder
FILES = frozenset({"SCENARIO", "BASELINE", "ALTERNATIVE", "A", "B", "FILE", "FOLDER"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("shell", choices=SHELLS, help="which shell")


def run(arguments: argparse.Namespace) -> int:
    """Print the lines."""
    import shtab

    from sim.cli.main import parser

    top = parser()
    for action in _named_by_files(top):
        action.complete = shtab.FILE  # type: ignore[attr-defined]
    print(shtab.complete(top, shell=arguments.shell))
    return 0


def _named_by_files(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """The arguments of all commands that are a file or a folder."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _named_by_files(command)
        elif action.metavar in FILES:
            yield action
