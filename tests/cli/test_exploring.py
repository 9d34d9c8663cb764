"""What `explore` says before it opens a page."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]


def test_without_its_packages_it_says_how_to_get_them(
    clinic: Path, urgentflow: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "starlette", None)  # as if it were not installed
    result = urgentflow("explore", "clinic.yaml", "--no-browser")
    assert result.code == 2
    assert "pip install 'urgentflow[page]'" in result.err


def test_what_is_wrong_is_said_and_no_page_opened(clinic: Path, urgentflow: Command) -> None:
    pytest.importorskip("starlette", reason="the page extra is not installed")
    pytest.importorskip("uvicorn", reason="the page extra is not installed")
    Path("wrong.yaml").write_text("title: t\nrationale: r\nresources: {nurse: {capacity: -3}}\n")
    for arguments, words in (
        (("clinic.yaml", "wrong.yaml"), "resources.nurse.capacity"),
        (("clinic.yaml", "clinic.yaml"), "is a scenario; explore takes one"),
        (("clinic.yaml", "--margin", "0"), "is not a percentage above 0"),
        (("clinic.yaml", "--port", "70000"), "is not a port"),
        (("none.yaml",), "none.yaml"),
    ):
        result = urgentflow("explore", *arguments, "--no-browser")
        assert result.code == 2 and words in result.err, arguments
        assert "http://" not in result.out
