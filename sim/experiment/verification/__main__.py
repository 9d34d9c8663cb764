"""The table of ``docs/verification.md``: ``python -m sim.experiment.verification``."""

from __future__ import annotations

from collections.abc import Sequence

from sim.experiment.verification.run import Result, verify


def table(results: Sequence[Result]) -> str:
    """Results as a Markdown table, one row for each claim."""
    lines = [
        "| system | what | theory | model | ± 95 % | z |",
        "|---|---|---:|---:|---:|---:|",
    ]
    before = ""
    for result in results:
        system = "" if result.case == before else f"`{result.case}` {result.title}"
        before = result.case
        width = 100.0 * result.half_width / abs(result.exact)
        lines.append(
            f"| {system} | {result.what} | {result.exact:.5g} | {result.model:.5g} "
            f"| {width:.1f} % | {result.z:+.2f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(verify()))
