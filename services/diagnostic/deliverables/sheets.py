"""The attendance of a week as CSV (RFC 4180), for a spreadsheet."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from platformkit.i18n import Text

_HEADS = (Text("place", "seat"), Text("entreprise", "company"), Text("identifiant", "id"))
_WORDS = {
    "present": Text("présente", "present"),
    "absent": Text("absente", "absent"),
    "excused": Text("excusée", "excused"),
}
_FORMULAS = ("=", "+", "-", "@")


def attendance(
    sessions: Sequence[Mapping[str, Any]], companies: Sequence[Mapping[str, Any]]
) -> bytes:
    """Write a line per company and a column per session that takes place, empty where not noted."""
    planned = [one for one in sessions if one["status"] == "planned"]
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow([*(head() for head in _HEADS), *map(_column, planned)])
    for one in companies:
        presences = one["presences"] or {}
        noted = [presences.get(each["id"]) for each in planned]
        rows.writerow(
            [
                one["seat_no"],
                _inert(one["name"]),
                one["organisation_id"],
                *("" if status is None else _WORDS[status]() for status in noted),
            ]
        )
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _column(one: Mapping[str, Any]) -> str:
    at = datetime.fromisoformat(one["starts_at"]).astimezone(ZoneInfo(one["timezone"]))
    return f"{one['kind']} {at:%Y-%m-%d %H:%M}"


def _inert(name: str) -> str:
    """Keep a spreadsheet from reading a name as a formula (OWASP, CSV injection)."""
    return f"'{name}" if name.startswith(_FORMULAS) else name
