"""Export the JSON Schema of the scenario language, for editors."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

HELP = "export the JSON Schema of the scenario language, for editors"

EXAMPLES = """\
examples:
  urgentflow schema > scenario.schema.json
  urgentflow schema --out scenario.schema.json

An editor with YAML support then completes and checks as you type, from a first line such as
  # yaml-language-server: $schema=scenario.schema.json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--out", type=Path, metavar="FILE", help="write there, not on the screen")


def run(arguments: argparse.Namespace) -> int:
    """Print or write the schema."""
    import sim
    from sim.cli.errors import UsageError
    from sim.experiment.store import write_text

    if arguments.out is not None and arguments.out.is_dir():
        raise UsageError(f"--out {arguments.out}: {arguments.out} is a folder, not a file")

    text = json.dumps(sim.schema(), indent=2, ensure_ascii=False) + "\n"
    if arguments.out is None:
        print(text, end="")
    else:
        print(f"wrote {write_text(text, arguments.out)}")
    return 0
