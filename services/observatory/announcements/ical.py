"""The calendar as iCalendar (RFC 5545), for the diaries of journalists and analysts."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

import orjson

from platformkit.i18n import Language, Text

NAME: Final = Text("Calendrier des livraisons de l’observatoire", "Observatory release calendar")
_MOVED: Final = Text("Date changée : {reason}", "Date changed: {reason}")
_CANCELLED: Final = Text("Annulée : {reason}", "Cancelled: {reason}")
_ABOUT: Final = Text("Période : {period}", "Period: {period}")
_REFRESH: Final = timedelta(hours=1)


def calendar(rows: Iterable[Any], agency: str, language: Language) -> bytes:
    """Write announcements as events; one that moved keeps its UID, with a higher SEQUENCE."""
    from icalendar import Calendar, Event  # noqa: PLC0415  # few ask for it

    found = Calendar()
    found.add("prodid", f"-//Vigie//{agency}//FR")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("name", _said(NAME, language))
    found.add("x-wr-calname", _said(NAME, language))
    found.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    for row in rows:
        dates = orjson.loads(row["dates"])
        event = Event()
        event.add("uid", f"{row['id']}@{agency.lower()}.vigie")
        event.add("sequence", row["version"] - 1)
        event.add("dtstamp", row["recorded_at"])
        event.add("last-modified", row["recorded_at"])
        event.add("created", datetime.fromisoformat(dates[0]["recorded_at"]))
        event.add("dtstart", row["scheduled_at"])
        event.add("summary", orjson.loads(row["title"])[language])
        event.add("categories", [row["dataflow"]])
        event.add("status", "CANCELLED" if row["cancelled_at"] else "CONFIRMED")
        event.add("transp", "TRANSPARENT")
        lines = _description(row["period"], dates, language)
        if lines:
            event.add("description", "\n".join(lines))
        found.add_component(event)
    return bytes(found.to_ical())


def _description(period: str | None, dates: list[dict[str, Any]], language: Language) -> list[str]:
    lines = [] if period is None else [_said(_ABOUT, language).format(period=period)]
    for each in dates[1:]:
        text = _MOVED if each["scheduled_at"] else _CANCELLED
        lines.append(_said(text, language).format(reason=each["reason"][language]))
    return lines


def _said(text: Text, language: Language) -> str:
    return text.en if language == "en" else text.fr
