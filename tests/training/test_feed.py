"""Whoever follows the feed from zero has the catalogue, to the byte (F3, B1)."""

import base64
import random
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from httpx import QueryParams

from tests import harness
from tests.harness import as_client
from tests.training.conftest import SAMPLES, needs_samples
from tests.training.importing import Importer, fiche, flux
from training import bootstrap
from training.certifications import lifecycle
from training.certifications.lifecycle import Validity

FIXTURE = SAMPLES / "rncp" / "export_fiches_RNCP_v4.1_fixture.xml"
BLOCS = uuid.UUID("14ca8c91-f33e-4391-b210-e8109072f514")
DAY = date(2026, 9, 15)
NUMBERS = [f"RS{number}" for number in range(92_000, 92_012)]


class Follower:
    """A consumer that knows nothing but what `/v1/changes` has told it."""

    def __init__(self) -> None:
        self.held: dict[str, dict[str, Any]] = {}
        self.gone: dict[str, dict[str, Any]] = {}
        self.after: str | None = None

    async def follow(self, partner: Importer) -> None:
        while True:
            asked = {"limit": "151"} | ({"after": self.after} if self.after else {})
            page = (await partner.client.get("/v1/changes", params=asked)).json()
            self.after = page["next"]
            for change in page["items"]:
                if change["entity"] == "certification":
                    self.take(change)
            if not page["more"]:
                return

    def take(self, change: dict[str, Any]) -> None:
        number = change["entity_id"]
        if change["kind"] == "deleted":
            self.gone[number] = change["payload"]
            del self.held[number]
        else:
            self.held[number] = change["payload"] | {"version": change["version"]}
            self.gone.pop(number, None)

    def linked(self, number: str, wanted: str, given: str) -> list[str]:
        """Join what it states itself to what others state of it."""
        stated = {**self.held, **self.gone}
        own = set(stated[number][wanted] or ())
        return sorted(own | {code for code, one in stated.items() if number in (one[given] or ())})

    def document(self, number: str) -> dict[str, Any]:
        facts = self.held[number]

        def terms(name: str) -> list[dict[str, str]]:
            return [only(one, "code", "label") for one in facts[name] or ()]

        bodies = [one for one in facts["certifying_bodies"] or () if one["state"] == "active"]
        return {
            "id": facts["id"],
            "number": number,
            "directory": "RNCP" if number.startswith("RNCP") else "RS",
            "title": {"fr": facts["title"], "en": facts["editorial"]["title_en"]},
            "level": facts["level"],
            "state": lifecycle.state(validity(facts), DAY).value,
            **only(facts, "registration_end", "registration_end_year", "delivery_limit"),
            "editorial": only(facts["editorial"], "themes", "audience", "ai_literacy_level"),
            "rome": terms("rome"),
            "certifying_bodies": [only(one, "siret", "name") for one in bodies],
            "source": only(facts["source"], "kind", "name", "url", "dated_on", "licence"),
            **only(facts, "unknown", "abbreviation", "registration_type"),
            **only(facts, "decided_on", "effective_on", "source_state", "source_active"),
            "access_routes": facts["access_routes"] or [],
            "nsf": terms("nsf"),
            "formacodes": terms("formacodes"),
            "blocs": [only(one, "id", "code", "title") for one in self.identified(number)],
            "predecessors": self.linked(number, "predecessors", "successors"),
            "successors": self.linked(number, "successors", "predecessors"),
            **only(facts, "source_id", "import_run", "absent_since", "version"),
        }

    def identified(self, number: str) -> list[dict[str, Any]]:
        """Derive the identifiers of the blocs, as the guide says."""
        return [
            one | {"id": str(uuid.uuid3(BLOCS, f"{number}/{one['code']}"))}
            for one in self.held[number]["blocs"] or ()
        ]

    def blocs(self, number: str) -> dict[str, Any]:
        facts = self.held[number]
        names = ("id", "code", "title", "competences", "assessment")
        return {
            "number": number,
            "known": "blocs" not in facts["unknown"],
            "items": [only(one, *names) for one in self.identified(number)],
            "source": only(facts["source"], "kind", "name", "url", "dated_on", "licence"),
        }


def only(document: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: document[name] for name in names}


def validity(facts: dict[str, Any]) -> Validity:
    def day(name: str) -> date | None:
        return None if facts[name] is None else date.fromisoformat(facts[name])

    return Validity(
        starts_on=day("effective_on") or day("decided_on"),
        ends_on=day("registration_end"),
        ends_in=facts["registration_end_year"],
        delivers_until=day("delivery_limit"),
    )


async def compare(partner: Importer, follower: Follower) -> None:
    """Hold the follower's documents against the service's own, both in the same JSON form."""
    rows = await partner.rows("SELECT code FROM training.certification WHERE withdrawn_on IS NULL")
    assert {row["code"] for row in rows} == set(follower.held)
    for number in follower.held:
        for tail, ours in (
            (f"?on={DAY}", follower.document(number)),
            ("/blocs", follower.blocs(number)),
        ):
            answer = await partner.client.get(f"/v1/certifications/{number}{tail}")
            assert orjson.dumps(orjson.loads(answer.content)) == orjson.dumps(ours), number


def some_file(dice: random.Random) -> bytes:
    """Write a file of random fiches, which quote each other and what no file has."""

    def one(number: str) -> str:
        codes = dice.sample([*NUMBERS, "RS88801", "RNCP88802"], 2)
        new = "".join(
            "<NOUVELLE_CERTIFICATION><ID_FICHE_NOUVELLE_CERTIFICATION>"
            f"{code}</ID_FICHE_NOUVELLE_CERTIFICATION></NOUVELLE_CERTIFICATION>"
            for code in codes
            if code != number and dice.random() < 0.5
        )
        bloc = "<BLOC_COMPETENCES><CODE>{0}</CODE><LIBELLE>Bloc {0}</LIBELLE></BLOC_COMPETENCES>"
        body = (
            "<CERTIFICATEUR><NOM_CERTIFICATEUR>Ministère</NOM_CERTIFICATEUR>"
            f"<ETAT_CERTIFICATEUR>{dice.choice(['Actif', 'Inactif'])}</ETAT_CERTIFICATEUR>"
            "</CERTIFICATEUR>"
        )
        return fiche(
            number,
            f"Titre « {dice.randrange(3)} » &amp; œuvre",
            DATE_FIN_ENREGISTREMENT=f"{dice.randrange(1, 28):02}/09/2026",
            NOUVELLES_CERTIFICATIONS=new,
            BLOCS_COMPETENCES="".join(map(bloc.format, range(dice.randrange(3)))),
            CERTIFICATEURS=body,
        )

    return flux(*(one(number) for number in dice.sample(NUMBERS, dice.randrange(3, 12))))


@needs_samples
async def test_f3_a_consumer_from_zero_rebuilds_the_catalogue_to_the_byte(
    partner: Importer,
) -> None:
    dice = random.Random(20261126)  # noqa: S311  # repeatable, not secret
    early, late = Follower(), Follower()
    for step in range(8):
        complete = dice.random() < 0.7
        sent = await partner.send(some_file(dice), force=complete, extract=not complete)
        assert sent.state == "done"
        if step == 2:
            await partner.send(FIXTURE.read_bytes(), dated_on="2026-08-16")
        if step == 4:
            await bootstrap.run(harness.settings(partner.database, "training"))
        await early.follow(partner)
    await compare(partner, early)
    await late.follow(partner)
    assert (late.held, late.gone) == (early.held, early.gone)
    flagged = [one for one in late.held.values() if one["absent_since"] is not None]
    assert flagged
    assert any(one["successors"] for one in late.held.values())


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def verified(jws: str, key: dict[str, str]) -> tuple[dict[str, str], bytes]:
    """Verify by RFC 7515 and RFC 8037 alone, with nothing of what signs; head and payload."""
    head, payload, mark = jws.split(".")
    told = orjson.loads(decoded(head))
    assert (told["alg"], told["kid"], key["crv"]) == ("EdDSA", key["kid"], "Ed25519")
    public = Ed25519PublicKey.from_public_bytes(decoded(key["x"]))
    public.verify(decoded(mark), f"{head}.{payload}".encode())
    return told, decoded(payload)


async def test_b1_signed_pages_prove_what_the_feed_said_and_in_which_order(
    partner: Importer,
) -> None:
    nobody = harness.anonymous("training")
    [key] = (await partner.client.get("/v1/imports/keys", headers=nobody)).json()["keys"]
    pages: list[str] = []
    after = ""
    while len(pages) < 3:
        asked = {"limit": "2"} | ({"after": after} if after else {})
        answer = await partner.client.get("/v1/changes/signed", params=asked)
        assert answer.headers["content-type"] == "application/jose"
        told, payload = verified(answer.text, key)
        assert payload == (await partner.client.get("/v1/changes", params=asked)).content
        assert dict(QueryParams(told["query"])) == asked  # nobody can leave a page out unseen
        after = orjson.loads(payload)["next"]
        pages.append(answer.text)
    assert len(set(pages)) == 3
    (head, body, mark), other = pages[0].split("."), pages[1].split(".")
    made_up = decoded(body).replace(b'"created"', b'"deleted"')
    assert made_up != decoded(body)
    for forged in (
        f"{head}.{base64.urlsafe_b64encode(made_up).decode().rstrip('=')}.{mark}",
        f"{other[0]}.{body}.{mark}",
        f"{head}.{body}.{other[2]}",
    ):
        with pytest.raises(InvalidSignature):
            verified(forged, key)


async def test_a_signed_page_is_asked_for_as_any_other(partner: Importer) -> None:
    async def asked(query: str, **caller: Any) -> int:
        headers = as_client("training", **caller) if caller else None
        answer = await partner.client.get(f"/v1/changes/signed?{query}", headers=headers)
        return answer.status_code

    assert await asked("limit=1") == 200
    assert await asked("limit=1001") == 422
    assert await asked("updated_since=2999-01-01T00:00:00Z") == 422
    assert await asked("after=forged") == 400
    assert await asked("colour=blue") == 400
    assert await asked("", scopes={"training:import"}) == 403
    nobody = await partner.client.get("/v1/changes/signed", headers=harness.anonymous("training"))
    assert nobody.status_code == 401
