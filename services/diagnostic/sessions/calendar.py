"""The week of a cohort as iCalendar (RFC 5545), for the diaries of those who take part."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from diagnostic.cohorts.timetable import TITLES, SessionKind
from platformkit.i18n import Text

if TYPE_CHECKING:
    from icalendar import Event

_REFRESH: Final = timedelta(hours=1)
_ABOUT: Final = Text("Cohorte {code}, animée par {who}.", "Cohort {code}, facilitated by {who}.")
_JOIN: Final = Text("À distance : {url}", "Online: {url}")
VTIMEZONE: Final = b"""\
BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19970330T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""
"""Directive 2000/84/EC: no end is in force. icalendar's own puts the spring change an hour late."""


def calendar(cohort: Mapping[str, Any], sessions: Iterable[Mapping[str, Any]]) -> bytes:
    """Write the sessions as events; one that changed keeps its UID, with a higher SEQUENCE."""
    from icalendar import Calendar, Timezone  # noqa: PLC0415  # few ask for it

    found = Calendar()
    found.add("prodid", "-//Vigie//Diagnostic//FR")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("name", cohort["title"])
    found.add("x-wr-calname", cohort["title"])
    found.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    found.add_component(Timezone.from_ical(VTIMEZONE))
    for one in sessions:
        found.add_component(_event(cohort, one))
    return bytes(found.to_ical())


def _event(cohort: Mapping[str, Any], one: Mapping[str, Any]) -> "Event":
    from icalendar import Event  # noqa: PLC0415  # likewise

    zone = ZoneInfo(one["timezone"])
    event = Event()
    event.add("uid", f"{one['id']}@cohort.vigie")
    event.add("sequence", one["version"] - 1 + one["is_off"])
    event.add("dtstamp", one["changed_at"])
    event.add("created", one["created_at"])
    event.add("last-modified", one["changed_at"])
    event.add("dtstart", one["starts_at"].astimezone(zone))
    event.add("dtend", one["ends_at"].astimezone(zone))
    event.add("summary", one["title"] or TITLES[SessionKind(one["kind"])]())
    event.add("categories", [one["kind"]])
    event.add("status", "CANCELLED" if one["status"] == "cancelled" else "CONFIRMED")
    lines = [_ABOUT(code=cohort["code"], who=cohort["facilitator"])]
    if one["place"]:
        event.add("location", one["place"])
    if one["online_url"]:
        event.add("url", one["online_url"])
        lines.append(_JOIN(url=one["online_url"]))
    event.add("description", "\n".join(lines))
    return event
