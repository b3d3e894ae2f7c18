"""What the tests of proposals share: who takes part, and an offer that may be published."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from tests.harness import as_client
from tests.training.importing import Importer

SIRET: Final = "13002612300013"
_ADDRESS: Final = {"lines": ["1 rue X"], "postcode": "59000", "city": "LILLE", "department": "59"}

OFFER: Final[Mapping[str, Any]] = {
    "number": "IA-1",
    "title": "L’IA au secrétariat",
    "domain": {
        "formacodes": [{"code": "31028", "version": "V14", "main": True}],
        "nsf": ["326"],
        "rome": ["M1607"],
    },
    "objectives": "Rédiger, classer et vérifier avec un assistant d’IA, sans confier de données.",
    "expected_results": "Certificat universitaire",
    "content": "Principes, rédaction assistée, vérification, données personnelles, projet.",
    "certifying": True,
    "contacts": [{"details": {"email": "contact@exemple.test"}}],
    "path": "group",
    "entry_level": "14",
    "actions": [
        {
            "number": "A1",
            "rhythm": "Deux jours par semaine",
            "audiences": [{"code": "80056"}],
            "entry_level_required": False,
            "work_study": "Sans",
            "mode": "mixed",
            "specific_conditions": "Aucune",
            "costs_may_be_covered": True,
            "places": [{"details": {"address": _ADDRESS}}],
            "entries": "fixed_dates",
            "disabled_access": "Locaux accessibles, référent handicap, supports adaptés",
            "languages": ["fr"],
            "price": {"amount": "1200.00", "currency": "EUR"},
            "hours": 42,
            "sessions": [
                {
                    "number": "S1",
                    "period": {"start": "2027-03-01", "end": "2027-04-30"},
                    "enrolment_address": _ADDRESS,
                    "recruitment_state": "open",
                }
            ],
        }
    ],
    "provider": {
        "activity_number": "32590000000",
        "siret": SIRET,
        "name": "Université Exemple",
        "legal_name": "UNIVERSITE EXEMPLE",
        "details": {"address": _ADDRESS},
        "contacts": [{"details": {"email": "formation@exemple.test"}}],
    },
}

CERTIFICATION: Final[Mapping[str, Any]] = {
    "title": "Certificat universitaire Vérifier ce que dit une IA",
    "level": 6,
    "objectives": "Attester que l’on sait juger une réponse d’IA.",
    "activities": "Contrôle de textes et de données produits par une IA.",
    "capacities": "Repérer une erreur, remonter à la source, documenter la vérification.",
    "prerequisites": "Aucun",
    "url": "https://exemple.test/cu-ia",
    "access_routes": ["FC", "VAE"],
    "audience": ["at_work"],
    "rome": ["M1607"],
    "blocs": [{"code": "BC01", "title": "Vérifier"}],
    "certifying_bodies": [{"siret": SIRET, "name": "Université Exemple"}],
    "offered_until": "2031-08-31",
}


def offer(change: Callable[[Any], object] | None = None, **members: Any) -> dict[str, Any]:
    """Make an offer; `change` works on it, members replace its own."""
    made = copy.deepcopy(dict(OFFER)) | members
    if change is not None:
        change(made)
    return made


SCHOOL: Final = as_client(
    "training", "universite-a", {"training:read", "training:write"}, client="school-a"
)
COLLEAGUE: Final = as_client(
    "training",
    "universite-a",
    {"training:read", "training:write", "training:review"},
    client="school-a2",
)
RIVAL: Final = as_client(
    "training", "universite-b", {"training:read", "training:write"}, client="school-b"
)
REVIEWER: Final = as_client(
    "training", "region-hdf", {"training:read", "training:review"}, client="reviewer-1"
)
OTHER_REVIEWER: Final = as_client(
    "training", "region-hdf", {"training:read", "training:review"}, client="reviewer-2"
)


@dataclass
class Proposed:
    """A proposal on its way, and the tag of its last version."""

    http: httpx.AsyncClient
    id: str
    etag: str

    @property
    def path(self) -> str:
        return f"/v1/proposals/{self.id}"

    async def read(self, who: Mapping[str, str] = SCHOOL) -> dict[str, Any]:
        answer = await self.http.get(self.path, headers=dict(who))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def move(
        self, who: Mapping[str, str], name: str, reason: str | None = None, **more: Any
    ) -> httpx.Response:
        """Ask for a transition of the version last seen."""
        headers = {**who, "if-match": more.pop("if_match", self.etag)}
        body = {"name": name, **({"reason": reason} if reason else {}), **more}
        answer = await self.http.post(f"{self.path}/transitions", json=body, headers=headers)
        self.etag = answer.headers.get("etag", self.etag)
        return answer

    async def put(self, payload: Any, who: Mapping[str, str] = SCHOOL) -> httpx.Response:
        answer = await self.http.put(
            self.path, json={"payload": payload}, headers={**who, "if-match": self.etag}
        )
        self.etag = answer.headers.get("etag", self.etag)
        return answer

    async def through(self, *names: str) -> None:
        """Go these ways, each by the side that may."""
        for name in names:
            who = SCHOOL if name in _OF_AUTHOR else REVIEWER
            more: dict[str, Any] = {"reason": REASON} if name in _WITH_REASON else {}
            if name == "request_complement":
                more["fields"] = ["/title"]
            answer = await self.move(who, name, **more)
            assert answer.status_code == 200, answer.text


REASON: Final = "Le dossier ne le dit pas assez."
_OF_AUTHOR: Final = {"submit", "complete", "revise", "retire", "withdraw"}
_WITH_REASON: Final = {
    "reject",
    "request_complement",
    "opine_with_reserves",
    "opine_unfavourably",
    "refuse",
    "refuse_for_good",
    "retire",
}
ACCEPTED: Final = ("submit", "admit", "start_review", "opine_favourably", "accept")


async def proposed(
    partner: Importer, payload: Any = None, *ways: str, kind: str = "offer", who: Any = SCHOOL
) -> Proposed:
    """Have the school propose something, and lead it these ways."""
    body = {"kind": kind, "payload": offer() if payload is None else payload}
    answer = await partner.client.post("/v1/proposals", json=body, headers=who)
    assert answer.status_code == 201, answer.text
    found = Proposed(partner.client, answer.json()["id"], answer.headers["etag"])
    await found.through(*ways)
    return found
