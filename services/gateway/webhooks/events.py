"""The `webhooks` of the OpenAPI document: each event as its receiver sees it."""

from typing import Any, Final

from gateway.webhooks import catalogue

_HEADERS: Final = [
    ("webhook-id", "the same at every attempt: what came twice is known by it"),
    ("webhook-timestamp", "of this attempt, seconds since 1970; refuse what is older than minutes"),
    ("webhook-signature", "`v1,<base64>`, one for each live secret, separated by spaces"),
]
_RESPONSES: Final = {
    "2XX": {"description": "accepted, within 15 seconds"},
    "410": {"description": "no more, ever: the webhook is disabled"},
    "429": {"description": "later: `Retry-After` is waited for"},
    "default": {"description": "tried again, for three days"},
}
_DATA: Final[dict[str, dict[str, Any]]] = {
    "id": {"type": "string", "description": "of the subject, as its service names it"},
    "version": {"type": "integer", "description": "of the subject: the higher is the later"},
    "position": {"type": "integer", "description": "in the log, from which replays are asked for"},
    "href": {
        "type": ["string", "null"],
        "format": "uri",
        "description": "where the subject, or the list that has it, is read",
    },
}


def described() -> dict[str, Any]:
    """Describe each entity's events, and the ping."""
    told = {
        f"{service}.{entity}": _operation(
            f"{service}_{entity}_changed",
            f"A {entity.replace('_', ' ')} of {service} was created, updated or deleted.",
            [f"{service}.{entity}.{kind}" for kind in catalogue.KINDS],
            _DATA,
        )
        for service, entities in catalogue.PLACES.items()
        for entity in entities
    }
    ping = {"webhook": {"type": "string", "format": "uuid"}}
    trying = "Somebody tries the webhook: `POST /v1/webhooks/{webhook_id}/ping`."
    return told | {catalogue.PING: _operation("pinged", trying, [catalogue.PING], ping)}


def _operation(
    name: str, told: str, types: list[str], data: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    schema = {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"type": "string", "enum": types},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": {"type": "object", "required": sorted(data), "properties": data},
        },
    }
    return {
        "post": {
            "operationId": name,
            "tags": ["webhooks"],
            "summary": told,
            "security": [],
            "parameters": [
                {
                    "name": header,
                    "in": "header",
                    "required": True,
                    "description": description,
                    "schema": {"type": "string"},
                }
                for header, description in _HEADERS
            ],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": schema}},
            },
            "responses": _RESPONSES,
        }
    }
