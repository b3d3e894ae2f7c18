"""Draws the rows that people search by out of a formation's document: actions, sessions, places.

Keys are those of the columns; an absent one is null.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from training.references.postcodes import department_of

Document = Mapping[str, Any]


def actions(facts: Document) -> list[dict[str, Any]]:
    """Return the actions of a formation, each with its sessions and its places."""
    return [
        {
            "id": action["id"],
            "number": action["number"],
            "mode": action["mode"],
            "entries": action["entries"],
            "audiences": [one["code"] for one in action["audiences"]],
            "funders": [one["code"] for one in action.get("funders", ())],
            "languages": [one.lower() for one in action.get("languages", ())],
            "price": action["price"]["amount"] if "price" in action else None,
            "hours": action.get("hours"),
            "seats": _seats(action.get("funders", ())),
            "sessions": [_session(one) for one in action["sessions"]],
            "places": list(_places(action.get("places", ()))),
        }
        for action in facts["actions"]
    ]


def _seats(funders: Iterable[Document]) -> int | None:
    stated = [one["seats"] for one in funders if "seats" in one]
    return sum(stated) if stated else None


def _session(session: Document) -> dict[str, Any]:
    period, enrolment = session["period"], session.get("enrolment_period") or {}
    made = {
        "id": session["id"],
        "number": session["number"],
        "starts_on": period["start"],
        "ends_on": period["end"],
        "enrolment_starts_on": enrolment.get("start"),
        "enrolment_ends_on": enrolment.get("end"),
        "recruitment_state": session.get("recruitment_state"),
        "blocs": [],
    }
    if "bloc_sets" in session:
        made["blocs"] = [
            f"{one['certifications'].get('rncp') or one['certifications'].get('rs') or ''}"
            f"/{bloc['code']}"
            for one in session["bloc_sets"]
            for bloc in one["blocs"]
        ]
    return made


def _places(places: Iterable[Document]) -> Iterable[dict[str, Any]]:
    """Yield those that have an address, with their positions among all."""
    for position, place in enumerate(places):
        address = place["details"].get("address")
        if address:
            coordinates = address.get("coordinates") or {}
            yield {
                "position": position,
                "siret": place.get("siret"),
                "name": address.get("name"),
                "postcode": address["postcode"],
                "city": address["city"],
                "department": address.get("department") or department_of(address["postcode"]),
                "commune": address.get("commune"),
                "latitude": coordinates.get("latitude"),
                "longitude": coordinates.get("longitude"),
            }
