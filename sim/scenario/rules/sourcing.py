"""Where numbers come from: paths and evidence ids of `sources`, paths of `uncertainty`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path as FilePath

from sim.scenario.files.csv_text import BadSheetError, Hashes, text_of_sheet
from sim.scenario.files.paths import find, known_part
from sim.scenario.files.reading import Node
from sim.scenario.language.model import Scenario
from sim.scenario.problems import clipped, dotted, listed, nearest_name, shown_file
from sim.scenario.written.positions import Complaint
from sim.scenario.written.scalars import BROKEN

#: How a source that is a judgement begins; what follows says why.
ASSUMED = "assumed:"

#: Column of an evidence file that holds the ids.
ID = "id"


def evidence_rows(file: FilePath, hashes: Hashes | None = None) -> list[dict[str, str]]:
    """The rows of an evidence file, by column; the hash of the file goes to `hashes`.

    Raises
    ------
    BadSheetError
        If there is no such file, or it is no CSV file with a column `id`.
    """
    text = text_of_sheet(file, hashes)
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise BadSheetError(f"the file is not CSV: {error}") from None
    if not rows or ID not in rows[0]:
        raise BadSheetError(f"the file has no column `{ID}`")
    return rows


def wrong_sources(
    model: Scenario, root: Node, evidence: FilePath | None, hashes: Hashes
) -> Iterator[Complaint]:
    """Sources and uncertainties of values there are not, and ids there are not."""
    for section in ("sources", "uncertainty"):
        for path in getattr(model, section):
            if find(root, path) is None:
                yield _nowhere(section, path, root)
    ids: frozenset[str] | None = None
    if evidence is not None:
        try:
            ids = frozenset((row[ID] or "").strip() for row in evidence_rows(evidence, hashes))
        except BadSheetError as error:
            yield Complaint(("evidence",), str(error), shown_file(evidence), error.allowed)
            return
    for path, source in model.sources.items():
        if source is not BROKEN:
            yield from _source(path, source, ids)


def _nowhere(section: str, path: str, root: Node) -> Complaint:
    done, missing, there = known_part(root, path)
    near = nearest_name(missing, there)
    return Complaint(
        (section, path),
        f"there is no `{missing}` in `{dotted(done)}`" if done else f"there is no `{missing}`",
        allowed=listed(there) if there else "the path of a value in this scenario",
        nearest=dotted((*done, near)) if near else "",
    )


def _source(path: str, source: str, ids: frozenset[str] | None) -> Iterator[Complaint]:
    if source.startswith(ASSUMED):
        if not source.removeprefix(ASSUMED).strip():
            yield Complaint(
                ("sources", path), "an assumption without a reason", source, "`assumed: why`"
            )
        return
    if ids is None:
        yield Complaint(
            ("sources", path),
            "an evidence id, but the scenario names no `evidence` file",
            clipped(source),
            "`assumed: why`, or `evidence: evidence.csv`",
        )
        return
    named = [part.strip() for part in source.split(",")]
    for name in named:
        if name not in ids:
            yield Complaint(
                ("sources", path),
                f"the evidence has no id `{clipped(name)}`",
                clipped(source),
                "an id of the evidence file (several with commas), or `assumed: why`",
                nearest_name(name, ids),
            )
