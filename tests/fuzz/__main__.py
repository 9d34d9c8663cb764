"""Mutated scenarios from the command line: ``python -m tests.fuzz --count 20000 --seed 1``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.fuzz.campaign import Fault, campaign


def main() -> int:
    """Print every fault as it is found, and what came of the mutants; exit code 1 on a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500, help="how many mutants")
    parser.add_argument("--first", type=int, default=0, help="number of the first")
    parser.add_argument("--seed", type=int, default=1, help="which mutants")
    parser.add_argument("--keep", type=Path, help="folder for the files of which faults came")
    arguments = parser.parse_args()

    def show(fault: Fault) -> None:
        print(f"{fault}\n", flush=True)

    tally = campaign(arguments.seed, arguments.first, arguments.count, show, arguments.keep)
    for end, count in tally.ends.most_common():
        print(f"{count:7,d}  {100 * count / arguments.count:5.1f} %  {end}")
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
