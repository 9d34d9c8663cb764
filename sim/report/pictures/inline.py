"""Pictures drawn with matplotlib, as SVG that can stand inside a page."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from html import escape
from pathlib import Path


def inlined(draw: Callable[[Path], object], name: str, prefix: str) -> str:
    """Let a picture be drawn as SVG and make it fit to stand in a page beside others.

    Parameters
    ----------
    draw
        Draws to the path it is given.
    name
        What the picture shows, for those who hear it.
    prefix
        Put before every id, so that no two pictures of a page share one.

    Returns
    -------
    str
        An ``svg`` element. Words stay words, so that they can be searched and read out.
    """
    import matplotlib

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.svg"
        with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": prefix}):
            draw(path)
        text = path.read_text(encoding="utf-8")
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    safe = re.sub(r"[^A-Za-z0-9_-]", "-", prefix)
    text = re.sub(r'\bid="', f'id="{safe}-', text)
    text = re.sub(r'(href="#|url\(#)', rf"\g<1>{safe}-", text)
    text = re.sub(r"-?\d+\.\d{3,}", lambda found: f"{float(found[0]):.2f}", text)
    text = re.sub(r"\s*\n\s*", "\n", text)
    return text.replace("<svg ", f'<svg role="img" aria-label="{escape(name)}" ', 1)
