"""The scenarios that come with the program, wherever it is installed.

In a checkout they are its folder ``scenarios``; a wheel carries the same folder inside the
package.
"""

from __future__ import annotations

from pathlib import Path

#: a file of every copy of the folder, by which it is recognised
MARK = "quickstart.yaml"


def scenarios() -> Path:
    """Folder of the shipped scenarios.

    Raises
    ------
    FileNotFoundError
        If this copy of the program came without them.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "shipped" / "scenarios", package.parent / "scenarios"):
        if (folder / MARK).is_file():
            return folder
    raise FileNotFoundError("this copy of urgentflow came without its scenarios: install it again")


def places() -> dict[str, Path]:
    """Folder of each shipped place, by name: those that have a world before and a world after."""
    return {
        file.parent.name: file.parent
        for file in sorted(scenarios().glob("*/before.yaml"))
        if (file.parent / "after.yaml").is_file()
    }
