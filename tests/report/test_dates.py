"""Dates are in English and as the locale C writes them, and nothing asks the locale."""

import re
from datetime import date, timedelta
from pathlib import Path

import sim
from sim.report.dates import long, month, short, weekday


def test_every_day_of_a_year_is_called_what_the_english_call_it() -> None:
    """Python's own `strftime` is in the locale C unless somebody calls `setlocale`."""
    for number in range(366):
        day = date(2024, 1, 1) + timedelta(days=number)
        assert (weekday(day), month(day)) == (day.strftime("%a"), day.strftime("%b"))
        assert short(day) == f"{day.day} {day:%b %Y}"
        assert long(day) == f"{day.day} {day:%B %Y}"


def test_nothing_is_formatted_in_the_language_of_the_machine() -> None:
    found = [
        path.name
        for path in Path(sim.__file__).parent.rglob("*.py")
        if re.search(r"(:|strftime\(.)[^\"'{}]*%[aAbBcpxX]\b", path.read_text(encoding="utf-8"))
    ]
    assert found == []
