"""Export the JSON Schema of the scenario language, for editors."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from sim.cli import arguments as shared
from sim.cli.errors import UsageError

HELP = "export the JSON Schema of the scenario language, for editors"

EXAMPLES = """\
examples:
  urgentflow schema > scenario.schema.json
  urgentflow schema --out scenario.schema.json
  urgentflow schema --experiment --out experiment.schema.json
  urgentflow schema --for walk_in.yaml --out walk_in.schema.json    # offers its names too

An editor with YAML support then completes and checks as you type, from a first line such as
  # yaml-language-server: $schema=scenario.schema.json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--for", dest="scenario", metavar="SCENARIO", help="offer the names of this scenario too"
    )
    parser.add_argument(
        "--experiment", action="store_true", help="the schema of experiment files instead"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="write there, not on the screen")


def run(arguments: argparse.Namespace) -> int:
    """Print or write the schema."""
    from sim.experiment.store import is_stream, write_text

    if arguments.out is not None:
        shared.check_file(arguments.out)
    if arguments.experiment and arguments.scenario is not None:
        raise UsageError("--for offers the names of a scenario; an experiment has none")
    schema = _experiments() if arguments.experiment else _schema(arguments.scenario)
    text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    if arguments.out is None:
        print(text, end="")
    else:
        write_text(text, arguments.out)
        print(f"wrote {arguments.out}", file=sys.stderr if is_stream(arguments.out) else sys.stdout)
    return 0


def _experiments() -> dict[str, Any]:
    from sim.experiment.language.schema import json_schema

    return json_schema()


def _schema(scenario: str | None) -> dict[str, Any]:
    """The schema of the language, or of one scenario."""
    if scenario is None:
        from sim.scenario.explain.schema import json_schema

        return json_schema()
    from sim.experiment.arm_loading import load_each
    from sim.scenario.explain.suggestions import schema_for

    (loaded,) = load_each([scenario])
    return schema_for(loaded)
