"""Coverage of the language by invented scenarios: ``python -m tests.generator --count 300``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.generator.features import FEATURES, features, gaps
from tests.generator.running import loaded_and_run
from tests.generator.scenarios import scenario


def main() -> int:
    """Print how many scenarios exercise each feature; exit code 1 if one is never reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300, help="how many scenarios")
    parser.add_argument("--first", type=int, default=0, help="number of the first")
    arguments = parser.parse_args()
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(arguments.first, arguments.first + arguments.count):
            found.update(features(*loaded_and_run(scenario(number), Path(folder))))
    for name in sorted(FEATURES, key=lambda name: found[name]):
        print(f"{found[name]:6d}  {100 * found[name] / arguments.count:5.1f} %  {name}")
    missing = gaps(found)
    print(f"{len(FEATURES) - len(missing)} of {len(FEATURES)} features exercised")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
