"""What the tests of coverage share: a region with offers made to measure, and who reads of it."""

import csv
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpx
from fastapi import FastAPI

from platformkit import auth
from platformkit.clients.observatory import ObservatoryClient
from tests import harness
from tests.training.importing import fiche, flux
from tests.training.searching import Finder, offer, session

SECRETARY: Final = "M1607"
DEVELOPER: Final = "M1805"
TELEPHONIST: Final = "D1408"
WELDER: Final = "H2913"
"""The first three are exposed jobs of ROME v3, the welder is not."""

SOON: Final = {"start": "20991001", "end": "20991130"}
_DAY: Final = "31/12/2099"


def _leads(code: str) -> str:
    return f"<ROME><CODE>{code}</CODE><LIBELLE>Métier</LIBELLE></ROME>"


def directory() -> bytes:
    """Write two certifications that lead to jobs, of which one has ended."""
    return flux(
        fiche(
            "RNCP39001",
            NOMENCLATURE_EUROPE="<NIVEAU>NIV5</NIVEAU><INTITULE>Niveau 5</INTITULE>",
            CODES_ROME=_leads(DEVELOPER),
            SI_JURY_CA="<ACTIF>Oui</ACTIF>",
            DATE_FIN_ENREGISTREMENT=_DAY,
        ),
        fiche(
            "RNCP39002",
            CODES_ROME=_leads(TELEPHONIST),
            DATE_FIN_ENREGISTREMENT="31/12/2025",
        ),
    )


def seats(written: str, count: int) -> str:
    """Have the funder of an offer pay for places."""
    tag = "</code-financeur>"
    assert written.count(tag) == 1
    return written.replace(tag, f"{tag}<nb-places-financees>{count}</nb-places-financees>")


def offers() -> list[str]:
    """Write the offers that the examples are about."""
    return [
        seats(
            offer("secretary", rome=SECRETARY, hours="14", funders="4", audience="80031", **SOON),
            12,
        ),
        offer("secretary-in-paris", rome=SECRETARY, commune="75056", hours="14", **SOON),
        offer(
            "developer",
            certifications="RNCP39001",
            rome=DEVELOPER,
            commune="80021",
            hours="400",
            audience="80024",
            sessions=session("S2", "20991101", "20991130"),
            **SOON,
        ),
        offer("retraining", certifications="RNCP39001", commune="80021", audience="80007", **SOON),
        offer("ended", certifications="RNCP39002", rome=TELEPHONIST, **SOON),
        offer("over", rome=TELEPHONIST, start="20200101", end="20200201"),
        offer("welder", rome=WELDER, **SOON),
    ]


@dataclass(frozen=True)
class Made:
    """An offer by chance, as its facts: what a plain loop counts."""

    key: str
    rome: str
    leads: bool
    commune: str
    audience: str
    hours: int

    def written(self) -> str:
        return offer(
            self.key,
            rome=self.rome,
            certifications="RNCP39001" if self.leads else "",
            commune=self.commune,
            audience=self.audience,
            hours=str(self.hours),
            **SOON,
        )


PLACES: Final = {"59350": ("D59", "ZE3216"), "59512": ("D59", "ZE3218"), "80021": ("D80", "ZE3202")}
AUDIENCES: Final = {"80044": "at_work", "80024": "young", "80007": "job_seeker"}


def by_chance(seed: int = 7, count: int = 40) -> Iterator[Made]:
    """Yield offers of jobs that the examples leave alone, and of the developer's certification."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    for number in range(count):
        yield Made(
            f"C{number}",
            chance.choice(("M1203", "K2111", "M1203 K2111", "H2913", "")),
            chance.random() < 0.3,
            chance.choice(sorted(PLACES)),
            chance.choice(sorted(AUDIENCES)),
            chance.randint(1, 900),
        )


@dataclass(frozen=True)
class Region:
    """Somebody who reads coverage, and the application that they read it of."""

    app: FastAPI
    finder: Finder

    async def get(self, path: str, **asked: Any) -> httpx.Response:
        headers = asked.pop("headers", {})
        client = self.finder.partner.client
        given = {"class" if name == "class_" else name: value for name, value in asked.items()}
        return await client.get(f"/v1/{path}", params=given, headers=headers)

    async def read(self, path: str, **asked: Any) -> Any:
        answer = await self.get(path, **asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def table(self, path: str, **asked: Any) -> list[dict[str, str]]:
        answer = await self.get(path, **asked)
        assert answer.status_code == 200, answer.text
        return list(csv.DictReader(io.StringIO(answer.text)))

    async def every(self, path: str, limit: int = 200, **asked: Any) -> list[Any]:
        """Read all pages of a list."""
        found: list[Any] = []
        after: dict[str, str] = {}
        while True:
            page = await self.read(path, limit=limit, **asked, **after)
            found += page["items"]
            if page["next"] is None:
                return found
            after = {"after": page["next"]}

    async def jobs(self, **asked: Any) -> dict[str, Any]:
        return {one["code"]: one for one in await self.every("coverage", **asked)}


def beside(observatory: httpx.AsyncClient | None) -> ObservatoryClient:
    """Speak to an observatory as the service does; None: there is none."""
    itself = auth.Principal("training", "training", "service:training", "")
    return ObservatoryClient(
        observatory, lambda: auth.mint(harness.GATEWAY_KEY, "gateway", "observatory", itself)
    )
