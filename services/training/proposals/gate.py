"""What keeps a proposal from the catalogue: every reason at once (acceptance B7, B8, D3, M13).

An offer must make a LHÉO formation whose grammar and rules hold, say what people must know before
they come, and stand on its provider's right: habilitation for its certifications, Qualiopi.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson

from platformkit.errors import Fault
from platformkit.i18n import Text
from platformkit.paris import day_in_paris
from training.habilitations import gate as habilitations
from training.habilitations import queries as habilitated
from training.habilitations.service import FLAGS
from training.offers import lheo, rules
from training.offers.faults import SAID
from training.offers.flags import Flag
from training.proposals import certification_payloads, offer_payloads, queries
from training.proposals.certification_payloads import MISSING
from training.proposals.models import Proposal

_UNKNOWN_CODE: Final = Text("Ce code n’est pas du référentiel.", "This code is of no reference.")
_ENDED: Final = Text(
    "On ne peut plus s’inscrire à {code} quand la première session commence.",
    "One may no longer enrol for {code} when the first session starts.",
)
_UNHEARD: Final = Text(
    "{code} n’est pas au catalogue des certifications.",
    "{code} is not in the catalogue of certifications.",
)
_WHERE: Final = {
    Flag.NOT_HABILITATED: "/certifications",
    Flag.PROVIDER_UNLISTED: "/provider/siret",
    Flag.QUALIOPI_MISSING: "/provider/siret",
}
_SAID_OF_ACTIONS: Final = ("disabled_access", "languages", "mode", "audiences")
"""Accessibility, language, distance or presence, public (training.md, M13)."""


@dataclass(slots=True)
class Gate:
    """What blocks publication, and the document that would be published where nothing does."""

    document: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)

    def add(self, pointer: str, code: str, said: Text) -> None:
        """Note a reason, once for each place."""
        if all((one.pointer, one.code) != (pointer, code) for one in self.faults):
            self.faults.append(Fault(pointer, code, said))


async def examine(connection: Any, found: Proposal, now: datetime) -> Gate:  # noqa: ANN401  # asyncpg's, which has no types
    """Judge a proposal as it would be published now."""
    if found.kind == "offer":
        return await offer(connection, found.payload, f"PROP-{found.id.hex[:12]}", now)
    gate = Gate(found.payload, certification_payloads.missing(found.payload))
    for scheme, known in queries.LABELS.items():
        codes = found.payload.get(scheme, [])
        labels = {row["code"] for row in await connection.fetch(known, codes)}
        for place, code in enumerate(codes):
            if code not in labels:
                gate.add(f"/{scheme}/{place}", "code-unknown", _UNKNOWN_CODE)
    return gate


async def offer(
    connection: Any,  # noqa: ANN401  # likewise
    payload: dict[str, Any],
    number: str,
    now: datetime,
) -> Gate:
    """Judge the payload of an offer, which has that number where it gives itself none."""
    judged = await asyncio.to_thread(offer_payloads.judge, payload)
    gate = Gate(judged.document, [*judged.faults, *judged.missing])
    gate.document.setdefault("number", number)
    for place, action in enumerate(gate.document.get("actions", ())):
        for name in _SAID_OF_ACTIONS:
            if not action.get(name):
                gate.add(f"/actions/{place}/{name}", "missing", MISSING)
    await _right(connection, gate, now)
    if not gate.faults:
        _identify(gate.document)
        for rule, where, more in rules.broken(gate.document):
            _, _, french, english = SAID[rule]
            facts = {"what": where, **more}
            gate.add("", rule, Text(french.format(**facts), english.format(**facts)))
    return gate


def _identify(document: dict[str, Any]) -> None:
    lheo.identify(document, (document["provider"]["siret"], document["number"]))


async def _right(connection: Any, gate: Gate, now: datetime) -> None:  # noqa: ANN401  # likewise
    """Say whether the provider may offer this: habilitation, Qualiopi, certifications that last."""
    document = gate.document
    provider = document.get("provider") or {}
    siret = provider.get("siret")
    codes = certifications(document)
    if siret is not None:
        day = day_in_paris(now)
        pairs = await connection.fetch(habilitated.PAIRS_PROPOSED, siret, codes)
        judged = [(row["siret"], row["code"], habilitations.standing_of(row, day)) for row in pairs]
        row = await connection.fetchrow(
            habilitated.JUDGED_PROPOSED,
            siret,
            *habilitations.lacking(judged),
            codes,
            orjson.dumps(document).decode(),
        )
        for flag in map(Flag, row["flags"]):
            gate.add(_WHERE[flag], flag.replace("_", "-"), FLAGS[flag])
    for row in await connection.fetch(queries.UNKNOWN, codes):
        text = Text(_UNHEARD.fr.format(code=row["code"]), _UNHEARD.en.format(code=row["code"]))
        gate.add("/certifications", "certification-unknown", text)
    for row in await connection.fetch(queries.ENDED, codes, _first_day(document, now)):
        said = {"code": row["code"]}
        text = Text(_ENDED.fr.format(**said), _ENDED.en.format(**said))
        gate.add("/certifications", "certification-ended", text)


def certifications(document: Mapping[str, Any]) -> list[str]:
    """Return the certifications that an offer leads to, as the catalogue knows them."""
    named = document.get("certifications", ())
    return [code for one in named for code in (one.get("rncp"), one.get("rs")) if code]


def _first_day(document: Mapping[str, Any], now: datetime) -> str:
    """Return the first day of its sessions, else today in Paris."""
    starts = [
        (session.get("period") or {}).get("start")
        for action in document.get("actions", ())
        for session in action.get("sessions", ())
    ]
    return str(min((day for day in starts if day), default=day_in_paris(now).isoformat()))
