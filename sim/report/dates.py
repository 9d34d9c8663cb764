"""Dates in English: names of months and days from `strftime` are in the language of the machine."""

from __future__ import annotations

from datetime import date

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def month(day: date) -> str:
    """Give the month in three letters: Nov."""
    return MONTHS[day.month - 1][:3]


def weekday(day: date) -> str:
    """Give the day of the week in three letters: Sat."""
    return DAYS[day.weekday()][:3]


def short(day: date) -> str:
    """Write a date as 21 Nov 2026."""
    return f"{day.day} {month(day)} {day.year}"


def long(day: date) -> str:
    """Write a date as 21 November 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
