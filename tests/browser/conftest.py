"""A real browser for tests of pages: Debian's chromium, driven by Playwright.

Without one the tests are left out, and the summary says why. `BROWSER_TESTS=required` makes that
a failure, which is what `.ci/run` asks for.
"""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")


def left_out(why: str) -> None:
    """Skip, or fail where browser tests are required."""
    if os.environ.get("BROWSER_TESTS") == "required":
        pytest.fail(f"browser tests are required: {why}")
    pytest.skip(f"browser tests left out: {why}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A browser that is closed at the end."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        left_out("Playwright is not installed (pip install '.[browser]')")
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        left_out(f"none of {', '.join(NAMES)} is installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()
