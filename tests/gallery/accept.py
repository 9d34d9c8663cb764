"""Write the message of every broken file beside it, for reading before it is committed."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path

GALLERY = Path(__file__).parent
EXPERIMENTS = GALLERY / "experiments"


def message(name: str) -> tuple[int, str]:
    """Exit code of `urgentflow check` for a file of the gallery, and what it prints."""
    return _said(GALLERY, "check", name)


def message_of_experiment(name: str) -> tuple[int, str]:
    """The same of `urgentflow experiment --check`, for a broken experiment."""
    return _said(EXPERIMENTS, "experiment", name, "--check")


def _said(folder: Path, *command: str) -> tuple[int, str]:
    from sim.cli.main import main

    printed = io.StringIO()
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stderr(printed),
        contextlib.redirect_stdout(printed),
    ):
        code = main(command)
    return code, printed.getvalue()


def expected(file: Path) -> Path:
    """Where the message of a broken scenario is kept."""
    return file.with_suffix(".expected.txt")


def accept() -> None:
    """Bring every expected message up to date and name those that changed."""
    scenarios = [(file, message) for file in sorted(GALLERY.glob("*.yaml"))]
    experiments = [(file, message_of_experiment) for file in sorted(EXPERIMENTS.glob("*.yaml"))]
    for file, said in (*scenarios, *experiments):
        _, printed = said(file.name)
        kept = expected(file)
        if not kept.exists() or kept.read_text(encoding="utf-8") != printed:
            kept.write_text(printed, encoding="utf-8")
            print(os.path.relpath(kept))


if __name__ == "__main__":
    accept()
