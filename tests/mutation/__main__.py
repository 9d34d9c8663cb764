"""Slips from the command line: ``python -m tests.mutation --count 40 --only sim/plan``.

Each takes the time of the tests near it, and of compiling what they need. With `--keep FILE` a
line is written for each, and those already there are not tried again.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from tests.mutation.campaign import Trial, all_slips, campaign, chosen


def main() -> int:
    """Print every slip that survives, then the score; exit code 1 if one survived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=40, help="how many slips")
    parser.add_argument("--seed", type=int, default=1, help="which")
    parser.add_argument("--only", action="append", help="where: paths begin like this")
    parser.add_argument("--minutes", type=float, default=10, help="for each, at most")
    parser.add_argument("--keep", type=Path, help="file with a line of JSON for each slip tried")
    arguments = parser.parse_args()
    every = all_slips(arguments.only or ("sim/plan", "sim/measure", "sim/engine"))
    wanted = chosen(every, arguments.seed, arguments.count)
    known = _known(arguments.keep)
    tally = Counter(known[str(slip)] for slip in wanted if str(slip) in known)

    def tell(trial: Trial) -> None:
        tally[trial.fate] += 1
        print(f"{trial.fate:8}  {trial.slip}", flush=True)
        if arguments.keep:
            with arguments.keep.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"slip": str(trial.slip), "fate": trial.fate}) + "\n")

    campaign([slip for slip in wanted if str(slip) not in known], arguments.minutes, tell)
    print(
        f"{tally.total()} of {len(every):,} slips tried: "
        + ", ".join(f"{count} {fate}" for fate, count in tally.most_common())
    )
    return 1 if tally["survives"] else 0


def _known(path: Path | None) -> dict[str, str]:
    """What came of the slips tried before."""
    if path is None or not path.exists():
        return {}
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {row["slip"]: row["fate"] for row in rows}


if __name__ == "__main__":
    sys.exit(main())
