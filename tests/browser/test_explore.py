"""The live page in a real browser, served by the command itself."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sim.cli.main import main

HOSTILE = "<img src=x onerror=alert(1)> & {{ 7*7 }}"

CLINIC = f"""
title: '{HOSTILE}'
run: {{start: 2024-04-01, warm_up: 7 days, duration: 28 days, replications: 6}}
people: {{number: 20000}}
crises: {{injury: {{rate: 600, first: see}}}}
resources: {{nurses: {{capacity: 2, title: '{HOSTILE}'}}}}
pathway:
  see:
    {{seize: nurses, patience: 4 h, renege_to: left, delay: {{exponential: {{mean: 1 h}}}},
     route: home}}
outcomes: {{home: Treated, left: Left}}
headline: [never_seen, pool_wait_mean/nurses]
"""

LONG = 120_000  #: milliseconds that anything may take on a busy machine


@dataclass
class Server:
    """The command under way, and the address that it printed."""

    process: subprocess.Popen[str]
    address: str
    folder: Path

    @property
    def children(self) -> list[int]:
        """Numbers of its worker processes."""
        found = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return [int(line) for line in found.stdout.split()]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    pytest.importorskip("starlette", reason="the live page needs the extra `page`")
    pytest.importorskip("uvicorn", reason="the live page needs the extra `page`")
    folder = tmp_path_factory.mktemp("live")
    (folder / "clinic.yaml").write_text(CLINIC)
    command = "from sim.cli.main import main; raise SystemExit(main())"
    root = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        [sys.executable, "-c", command, "explore", "clinic.yaml", "--no-browser", "--workers", "1"],
        cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": root},
    )  # fmt: skip
    assert process.stdout is not None
    address = re.search(r"http://\S+", process.stdout.readline())
    assert address is not None
    yield Server(process, address[0], folder)
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)


@pytest.fixture
def page(browser: Any, server: Server) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    opened = context.new_page()
    opened.set_default_timeout(LONG)
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(server.address)
    opened.wait_for_selector("input[type=range]")
    yield opened
    own = server.address.split("/enter")[0]
    assert all(url.startswith((own, "data:", "blob:")) for url in asked)  # nothing leaves
    context.close()


def moved(page: Any, times: int = 1) -> None:
    """One more nurse, by the keyboard, and all replications of that."""
    page.locator("#move-resources\\.nurses\\.capacity").focus()
    for _ in range(times):
        page.keyboard.press("ArrowRight")
    page.wait_for_url("**set=resources.nurses.capacity**")
    page.get_by_text("6 of 6 pairs of worlds").wait_for()


def test_a_slider_moved_by_keyboard_changes_the_result_and_a_link_gives_it_again(
    page: Any, server: Server
) -> None:
    moved(page)
    numbers = page.locator(".measure .big").all_inner_texts()
    assert len(numbers) == 2 and "no change" not in numbers
    assert HOSTILE in page.locator("h1").inner_text()  # text, and nothing that runs
    again = page.context.new_page()
    again.goto(page.url)
    again.get_by_text("6 of 6 pairs of worlds").wait_for(timeout=LONG)
    assert again.locator(".measure .big").all_inner_texts() == numbers
    again.close()


def test_what_is_saved_gives_the_numbers_of_the_page_in_compare(page: Any, server: Server) -> None:
    moved(page, 2)
    with page.expect_download() as download:
        page.get_by_text("Save as YAML").click()
    saved = server.folder / "explored.yaml"
    download.value.save_as(saved)
    shown = page.evaluate(
        """async () => new Promise((done) => {
             const stream = new EventSource('/answers' + location.search);
             stream.addEventListener('answer', (event) => {
               const told = JSON.parse(event.data);
               if (told.done) { stream.close(); done(told.answer.rows); }
             });
           })"""
    )
    here = Path.cwd()
    os.chdir(server.folder)
    try:
        out = ["--out", "out", "--pictures", "none", "--workers", "1"]
        assert main(["compare", "clinic.yaml", "explored.yaml", *out]) == 0
    finally:
        os.chdir(here)
    import pandas as pd

    table = pd.read_parquet(server.folder / "out" / "differences.parquet")
    rows = table[table["by"] == ""].set_index(["measure", "of"])
    for row in shown:
        measure, _, of = row["measure"].partition("/")
        found = rows.loc[(measure, of)]
        expected = [found["baseline"], found["value"], found["difference"]]
        assert row["raw"] == expected, json.dumps(row)


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(page: Any, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.set_viewport_size({"width": width, "height": 800})
    moved(page)
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_new_question_ends_the_one_under_way_and_stop_ends_it_too(
    page: Any, server: Server
) -> None:
    page.goto(page.url.split("?")[0] + "?replications=400")
    page.wait_for_selector("input[type=range]")
    page.locator("#move-resources\\.nurses\\.capacity").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**set=**")
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Stopped:").wait_for()
    before = _work(server)
    time.sleep(1.5)
    assert _work(server) - before < 0.75  # seconds of work in one and a half


def _work(server: Server) -> float:
    """Seconds that the workers have worked."""
    ticks = 0
    for child in server.children:
        try:
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def test_without_the_token_nothing_is_told(browser: Any, server: Server) -> None:
    context = browser.new_context()
    opened = context.new_page()
    answer = opened.goto(server.address.split("/enter")[0] + "/scenario")
    assert answer.status == 403
    assert "people" not in opened.content()
    context.close()
