"""The business rules of a formation that no schema sees, and what its lists are searched by."""

from collections.abc import Iterator
from typing import Any, Final

from training.offers import quality

MOST_PARTS: Final = 1_000
"""Sessions, and places, of one formation in all its actions: its document is read whole."""

_PLACES_TOLD: Final = 10

Broken = tuple[str, str, dict[str, Any]]


def broken(facts: dict[str, Any]) -> Iterator[Broken]:
    """Yield each broken rule, where, and more (training.md §3, invariants 3 and 7).

    A formation with too many sessions or places is looked at no further.
    """
    actions = facts["actions"]
    for name, tag in (("sessions", "session"), ("places", "lieu-de-formation")):
        if sum(len(action.get(name, ())) for action in actions) > MOST_PARTS:
            yield "too-many-parts", tag, {"most": MOST_PARTS}
            return
    yield from _repeated(actions, "action")
    for action in actions:
        yield from _repeated(action["sessions"], f"action {action['number']}, session")
        for session in action["sessions"]:
            yield from _periods(session)


def _repeated(parts: list[dict[str, Any]], what: str) -> Iterator[Broken]:
    found: dict[str, list[str]] = {}
    for place, part in enumerate(parts, 1):
        found.setdefault(part["number"], []).append(str(place))
    for number, places in found.items():
        if len(places) > 1:
            shown = ", ".join(places[:_PLACES_TOLD])
            yield "number-repeated", f"{what} {number}", {"places": shown}


def _periods(session: dict[str, Any]) -> Iterator[Broken]:
    what = f"session {session['number']}"
    enrolment, period = session.get("enrolment_period"), session["period"]
    for one in filter(None, (period, enrolment)):
        if one["start"] and one["end"] and one["end"] < one["start"]:
            yield "period-inverted", what, {}
    if enrolment and enrolment["end"] and period["end"] and enrolment["end"] > period["end"]:
        yield "enrolment-after-session", what, {}


def summary(facts: dict[str, Any], actions: list[dict[str, Any]]) -> dict[str, Any]:
    """Return its keys and what lists are filtered by; `actions` are the rows of its parts."""
    domain = facts["domain"]
    sessions = [one for action in actions for one in action["sessions"]]
    starts = [one["starts_on"] for one in sessions]
    ends = [one["ends_on"] for one in sessions]
    return {
        "id": facts["id"],
        "provider": facts["provider"]["siret"],
        "number": facts["number"],
        "title": facts["title"],
        "provider_name": facts["provider"]["name"],
        "certifications": list(
            dict.fromkeys(
                code
                for one in facts.get("certifications", ())
                for code in (one.get("rncp"), one.get("rs"))
                if code
            )
        ),
        "rome": domain.get("rome", []),
        "nsf": domain.get("nsf", []),
        "formacodes": [one["code"] for one in domain.get("formacodes", ())],
        "departments": sorted(
            {one["department"] for action in actions for one in action["places"]}
        ),
        "modes": sorted({action["mode"] for action in facts["actions"]}),
        "starts_on": None if None in starts else min(starts),
        "ends_on": None if None in ends else max(ends),
        "quality": quality.of_formation(facts).score,
    }
