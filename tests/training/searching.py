"""What the tests of the search share: offers made to measure, entered by a real import."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from html import escape
from typing import Any, Final

from tests import harness
from tests.harness import Database
from tests.training.importing import Importer, fresh_copy, importer
from tests.training.offering import SIRET, formation, lheo
from training.indexing import loading
from training.offers.lheo import identity

_MODES: Final = {"on_site": 0, "mixed": 1, "remote": 2}
_COMMUNES: Final = {one["code"]: one["name"] for one in loading.rows("communes.csv")}


def _tags(tag: str, values: Iterable[str]) -> str:
    return "".join(f"<{tag}>{escape(value)}</{tag}>" for value in values)


def offer(key: str, **facts: Any) -> str:
    """Write a formation of one action; what is not given is as in `offering`."""
    told = {
        "title": key,
        "objectives": "Objectif",
        "content": "Contenu",
        "certifications": "",
        "rome": "",
        "nsf": "",
        "formacodes": "",
        "mode": "on_site",
        "commune": "59350",
        "hours": "",
        "price": "",
        "start": "20310301",
        "end": "20310430",
        "audience": "80056",
        "funders": "",
        "entries": 0,
        "coordinates": "",
        "session": "",
        "sessions": "",
        **facts,
    }
    commune = told["commune"]
    certified = "".join(
        f"<certification>{_tags('code-RNCP' if one.startswith('RNCP') else 'code-RS', [one])}"
        "</certification>"
        for one in told["certifications"].split()
    )
    after = _tags("acces-handicapes", [told["access"]] if told.get("access") else [])
    after += _tags("langue-formation", told.get("languages", "").split())
    after += _tags("prix-total-TTC", [told["price"]] if told["price"] != "" else [])
    after += _tags("nombre-heures-total", [told["hours"]] if told["hours"] else [])
    for funder in told["funders"].split():
        after += f"<organisme-financeur><code-financeur>{funder}</code-financeur>"
        after += "</organisme-financeur>"
    place = ""
    if commune:
        place = (
            "<lieu-de-formation><coordonnees><adresse><ligne>1 rue X</ligne><codepostal>"
            f"{commune[:2]}000</codepostal><ville>{escape(_COMMUNES.get(commune, 'AILLEURS'))}"
            f"</ville><code-INSEE-commune>{commune}</code-INSEE-commune>{told['coordinates']}"
            "</adresse></coordonnees></lieu-de-formation>"
        )
    made = formation(
        key,
        title=escape(told["title"]),
        domain=_tags("code-FORMACODE", told["formacodes"].split())
        + _tags("code-NSF", told["nsf"].split())
        + _tags("code-ROME", told["rome"].split()),
        certifications=certified,
        place=place,
        period=f"<debut>{told['start']}</debut><fin>{told['end']}</fin>",
        session=told["session"],
        sessions=told["sessions"],
        after_sessions=after,
    )
    for old, new in (
        ("<objectif-formation>Objectif<", f"<objectif-formation>{escape(told['objectives'])}<"),
        ("<contenu-formation>Contenu<", f"<contenu-formation>{escape(told['content'])}<"),
        ("<modalites-enseignement>1<", f"<modalites-enseignement>{_MODES[told['mode']]}<"),
        ("<modalites-entrees-sorties>0<", f"<modalites-entrees-sorties>{told['entries']}<"),
        ("<code-public-vise>80056<", f"<code-public-vise>{told['audience']}<"),
    ):
        assert old in made
        made = made.replace(old, new)
    return made


def session(number: str, start: str, end: str, more: str = "") -> str:
    """Write one more session of an offer's action."""
    return (
        f'<session numero="{number}"><periode><debut>{start}</debut><fin>{end}</fin></periode>'
        "<adresse-inscription><adresse><ligne>1 rue X</ligne><codepostal>59000</codepostal>"
        f"<ville>LILLE</ville></adresse></adresse-inscription>{more}</session>"
    )


@asynccontextmanager
async def found_in(template: Database, offers: Iterable[str]) -> AsyncIterator["Finder"]:
    """Open the service on a catalogue of the module's own that has these offers."""
    own = Database(template.cluster, template.passwords, "searched")
    app = harness.application(own, "training", import_worker=False)
    async with importer(app, await fresh_copy(template, own)) as partner:
        finder = Finder(partner)
        await finder.import_(*offers)
        yield finder


class Finder:
    """Somebody who searches a catalogue of their own."""

    def __init__(self, partner: Importer) -> None:
        self.partner = partner

    async def import_(self, *offers: str, **asked: Any) -> None:
        sent = await self.partner.send(lheo(*offers), form="lheo", **asked)
        assert (sent.state, sent.run["errors"]) == ("done", 0), sent.anomalies

    async def search(self, query: str | None = None, **asked: Any) -> Any:
        """Search; the answer must be 200."""
        given = {"q": query, **asked}
        answer = await self.partner.client.get(
            "/v1/search",
            params={
                name: [str(one).lower() if isinstance(one, bool) else one for one in values]
                if isinstance(values, list)
                else (str(values).lower() if isinstance(values, bool) else values)
                for name, values in given.items()
                if values is not None
            },
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def keys(self, query: str | None = None, **asked: Any) -> list[str]:
        """Search; name the hits by the numbers of certifications and the keys of offers."""
        return [key(hit) for hit in (await self.search(query, **asked))["items"]]


def key(hit: Mapping[str, Any]) -> str:
    """Name a hit as the judged queries do."""
    found = hit["certification"] or hit["offer"]["formation"]
    return str(found["number"])


def formation_id(number: str) -> str:
    return str(identity(SIRET, number))
