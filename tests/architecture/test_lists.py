"""Every list that can count itself counts right, in the three services."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from tests.conftest import AsClient, OpenApp
from tests.diagnostic.acting import Acting, siren
from tests.diagnostic.reminding import remind
from tests.diagnostic.test_funders import call
from tests.harness import Database
from tests.observatory.emerging import GROWN, counts
from tests.observatory.federating import federate
from tests.observatory.kits import KEY, MAKER, Node, made
from tests.observatory.publishing import structures
from tests.observatory.steering import Steerer, funder, line, said
from tests.training.granting import Granting
from tests.training.importing import fiche, flux, until
from tests.training.listing import dotted, provider
from tests.training.offering import SIRET, formation, lheo
from training.formats import FORMATS
from training.imports import worker

PLACES = {
    "programmes/{code}": "programmes/PRIA-HDF",
    "opportunities/{code}": "opportunities/CII",
    "questionnaires/{code}": "questionnaires/MIA",
    "territories/{code}": "territories/32",
    "codelists/{codelist_id}": "codelists/CL_FAP87",
    "{scheme}/{version}": "rome/latest",
    "grids/{agency}/{grid_id}/{version}": "grids/HDF/sector-exposure/1.0.0",
}
LISTS = {
    "diagnostic": {
        "assessments",
        "assessments/{assessment_id}/comments",
        "assessments/{assessment_id}/evidence",
        "assessments/{assessment_id}/respondents",
        "assessments/{assessment_id}/share-links",
        "assessments/{assessment_id}/revisions",
        "audit-events",
        "cohorts",
        "cohorts/{cohort_id}/enrolments",
        "cohorts/{cohort_id}/invitations",
        "cohorts/{cohort_id}/sessions",
        "opportunities",
        "opportunities/mine",
        "opportunities/{code}/versions",
        "organisations",
        "programmes",
        "programmes/{code}/statistics/days",
        "questionnaires",
        "questionnaires/{code}/versions",
        "reminders",
    },
    "training": {
        "audit-events",
        "certifications",
        "certifications/{number}/equivalences",
        "certifications/{number}/organisations",
        "certifications/{number}/succession",
        "coverage",
        "coverage/gaps",
        "duplicates",
        "expiries",
        "formations",
        "imports",
        "imports/{run_id}/anomalies",
        "proposals",
        "proposals/{proposal_id}/attachments",
        "proposals/{proposal_id}/opinions",
        "proposals/{proposal_id}/previews",
        "proposals/{proposal_id}/transitions",
        "providers",
        "references",
        "references/{scheme}/{version}",
        "rollover-drafts",
        "rollovers",
        "rollovers/{rollover_id}/lines",
        "saved-searches",
        "search",
        "statistics/territories",
        "theses",
        "theses/{thesis_id}/history",
        "thesis-campaigns",
        "thesis-campaigns/mine",
        "thesis-grants",
    },
    "observatory": {
        "announcements",
        "codelists/{codelist_id}/codes",
        "dataflows",
        "datasets",
        "exposure/cells",
        "exposure/grids",
        "disclosure/runs",
        "emergence/backtests",
        "emergence/signals",
        "emergence/sources",
        "exposure/jobs",
        "exposure/methods",
        "exposure/reading-keys",
        "exposure/releases",
        "exposure/sector-routes",
        "exposure/sectors",
        "exposure/territories/{code}/families",
        "exposure/territories/{code}/jobs",
        "exposure/territories/{code}/shift-share",
        "exposure/territories/{code}/specialisations",
        "federation-deeds",
        "grids",
        "grids/{agency}/{grid_id}/{version}/assessments",
        "indicators",
        "jobs",
        "kit-installations",
        "kits",
        "nodes",
        "nodes/{agency}/certificates",
        "pending-releases",
        "programmes",
        "programmes/{programme}/deeds",
        "programmes/{programme}/entries",
        "programmes/{programme}/events",
        "programmes/{programme}/ledger",
        "programmes/{programme}/milestones",
        "reading-keys",
        "releases",
        "rollups",
        "rollups/{rollup}/cells",
        "rollups/{rollup}/runs",
        "sectors",
        "sheets",
        "territories",
        "territories/{code}/indicators",
    },
}


def counting(document: Mapping[str, Any]) -> set[str]:
    """Find the lists in JSON that take `count`; others have tests of their own."""
    found = set()
    for path, operations in document["paths"].items():
        read = operations.get("get", {})
        names = {one["name"] for one in read.get("parameters", ())}
        if "count" in names and "application/json" in read["responses"]["200"].get("content", {}):
            found.add(path.removeprefix("/v1/"))
    return found


async def fill_cohort(acting: Acting) -> str:
    cohort = await acting.cohort()
    sirens = [siren() for _ in range(3)]
    await acting.post(f"/v1/cohorts/{cohort['id']}/invitations", {"sirens": sirens})
    seats = f"/v1/cohorts/{cohort['id']}/enrolments"
    for _ in range(3):
        await acting.post(seats, {"organisation_id": (await acting.organisation())["id"]})
    return str(cohort["id"])


async def walked(client: httpx.AsyncClient, path: str) -> int:
    """Count the rows by walking all pages."""
    rows, after = 0, None
    while True:
        parameters = {"limit": "200"} | ({"after": after} if after else {})
        body = (await client.get(path, params=parameters)).json()
        rows, after = rows + len(body["items"]), body["next"]
        if after is None:
            return rows


async def fill(acting: Acting, assessment_id: str) -> None:
    """Put something into every list of one diagnostic."""
    for name in ("Anne", "Paul"):
        path = f"/v1/assessments/{assessment_id}/respondents"
        assert (await acting.post(path, {"name": name})).status_code == 201
        path = f"/v1/assessments/{assessment_id}/comments"
        assert (await acting.post(path, {"text": f"{name} ?"})).status_code == 201
        path = f"/v1/assessments/{assessment_id}/evidence?kind=policy&title={name}"
        assert (await acting.send_file(path, name.encode(), "text/plain")).status_code == 201
    grid = (await acting.get("/v1/questionnaires/MIA")).json()["content"]
    await acting.answer_visible(assessment_id, grid)
    assert (await acting.post(f"/v1/assessments/{assessment_id}/submit")).status_code == 200
    for _ in range(2):
        path = f"/v1/assessments/{assessment_id}/share-links"
        assert (await acting.post(path, {})).status_code == 201
    path = f"/v1/assessments/{assessment_id}/roadmap"
    for one in (await acting.post(path)).json()["actions"][:2]:
        accepted = {"status": "accepted", "due_on": "2026-10-25"}
        changed = await acting.send("PATCH", f"{path}/actions/{one['id']}", accepted, '"1"')
        assert changed.status_code == 200, changed.text


async def imported(
    database: Database, client: httpx.AsyncClient, file: bytes, form: str = "rncp", **asked: str
) -> str:
    """Send a file and carry out its run, which a service that another test opened may take."""
    kind = {"content-type": "application/xml"}
    asked = {"extract": "true", **asked}
    answer = await client.post(f"/v1/imports/{form}", params=asked, content=file, headers=kind)
    run: str = answer.json()["id"]
    await worker.carry_out(database.dsn("training"), UUID(run), FORMATS)

    async def is_over() -> bool:
        return bool((await client.get(f"/v1/imports/{run}")).json()["finished_at"])

    await until(is_over)
    return run


async def send(database: Database, client: httpx.AsyncClient) -> str:
    """Send files with faults, to be read and not applied, and an offer."""
    faults = flux(fiche("x"), fiche("y"))
    over = {
        "certifications": "<certification><code-RS>91901</code-RS></certification>",
        "period": "<debut>20990105</debut><fin>20990130</fin>",
    }
    offers = lheo(
        *(formation(number, **over) for number in ("counted-1", "counted-2")),
        *(formation(number, certifications="") for number in ("counted-3", "counted-4")),
    )
    await imported(database, client, offers, form="lheo")
    await imported(
        database, client, dotted(*map(provider, ("90000000001", "90000000002"))), form="providers"
    )
    await imported(database, client, faults, mode="dry_run")
    return await imported(database, client, faults, mode="dry_run")


async def fill_certification(database: Database, client: httpx.AsyncClient) -> str:
    """Import a certification that has something in each of its lists."""
    after = "".join(
        f"<CERTIFICATION><NUMERO_FICHE>RS{n}</NUMERO_FICHE></CERTIFICATION>" for n in (1, 2)
    )
    body = "<CERTIFICATEUR><NOM_CERTIFICATEUR>x</NOM_CERTIFICATEUR></CERTIFICATEUR>"
    equal = (
        "<CORRESPONDANCE><DESTINATION><NUMERO_FICHE>RS1</NUMERO_FICHE></DESTINATION>"
        "</CORRESPONDANCE>"
    )
    facts = {
        "NOUVELLES_CERTIFICATIONS": after,
        "CERTIFICATEURS": 2 * body,
        "CORRESPONDANCES": 2 * equal,
    }
    over = fiche("RS91901", DATE_FIN_ENREGISTREMENT="31/08/2020")
    await imported(database, client, flux(fiche("RS91900", **facts), over))
    return "RS91900"


async def propose(client: httpx.AsyncClient, as_client: AsClient) -> str:
    """Propose two offers, one of which two others review."""
    others = [as_client("training", tenant=f"reviewing-{n}", client=f"r{n}") for n in range(2)]
    for _ in range(2):
        made = await client.post("/v1/proposals", json={"kind": "offer", "payload": {}})
        assert made.status_code == 201, made.text
    path, tag = made.headers["location"], made.headers["etag"]
    for headers, name in (({}, "submit"), (others[0], "admit"), (others[1], "start_review")):
        moved = await client.post(
            f"{path}/transitions", json={"name": name}, headers={**headers, "if-match": tag}
        )
        assert moved.status_code == 200, moved.text
        tag = moved.headers["etag"]
    opinion = {"opinion": "favourable", "reason": "Le dossier est complet."}
    for headers in others:
        given = await client.post(f"{path}/opinions", json=opinion, headers=headers)
        assert given.status_code == 201, given.text
    for number in range(2):
        shared = await client.post(f"{path}/previews", json={"days": 1})
        assert shared.status_code == 201, shared.text
        kept = await client.post(
            f"{path}/attachments?title=a",
            content=f"Avis {number}",
            headers={**others[0], "content-type": "text/plain"},
        )
        assert kept.status_code == 201, kept.text
    return str(made.json()["id"])


async def grant_thesis(client: httpx.AsyncClient) -> str:
    """Grant a thesis in a campaign of the one who counts, and tell it."""
    granting = Granting(client, region="counting")
    await granting.draft()
    await granting.turn("open")
    thesis = await granting.ranked(1)
    await granting.turn("close")
    assert (await granting.decide(thesis, "select")).status_code == 200
    assert (await granting.turn("publish")).status_code == 200
    return str(thesis["id"])


async def begin_releases(client: httpx.AsyncClient) -> None:
    """Begin two releases that nobody else sees."""
    for _ in range(2):
        told = {"notes": {"fr": "n", "en": "n"}, "method": "m", "source": "s"}
        answer = await client.post("/v1/releases", json={"dataflow": "DF_HIRES", **told})
        assert answer.status_code == 201, answer.text
        told = {"title": {"fr": "t", "en": "t"}, "scheduled_at": "2099-01-01T00:00:00Z"}
        answer = await client.post("/v1/announcements", json={"dataflow": "DF_HIRES", **told})
        assert answer.status_code == 201, answer.text
        path, tag = f"{answer.headers['location']}/cancel", {"if-match": answer.headers["etag"]}
        why = {"reason": {"fr": "r", "en": "r"}}  # or no other test could publish before
        assert (await client.post(path, json=why, headers=tag)).status_code == 200


async def emerge(client: httpx.AsyncClient) -> None:
    """Watch two skills in each of two sources."""
    for source in ("counting", "counting-too"):
        path = f"/v1/emergence/sources/{source}/skill/counts"
        content = counts({"ONE": GROWN, "TWO": GROWN})
        sent = await client.put(path, content=content, headers={"content-type": "text/csv"})
        assert sent.json()["steps"]["watch"] == 2, sent.text


async def copy_out_and_in(open_app: OpenApp, client: httpx.AsyncClient) -> None:
    """Publish two kits, and receive two of another publisher."""
    node = Node(client, dict(client.headers))
    for version in ("90.0.0", "90.0.1"):
        answer = await node.publish(version, "DF_ILO_SCORES")
        assert answer.status_code == 201, answer.text
    async with open_app("observatory", kit_publishers={MAKER: [KEY.public.x]}) as pinning:
        for version in ("90.0.0", "90.0.1"):
            kit = made(version, structures("DF_COUNTING"))
            answer = await Node(pinning, node.headers).send(kit, version, MAKER)
            assert answer.status_code == 201, answer.text


async def judge_releases(database: Database) -> None:
    """Record a judgement of each, as only the confidential role may."""
    connection = await asyncpg.connect(database.admin_dsn)
    await connection.execute(
        "INSERT INTO observatory.disclosure_run"
        " (release, flow, since, state, policy, source, newly_hidden, counts)"
        " SELECT id, flow, 1, 'passed', '1.0.0', 'enterprises', 0, '{}'"
        " FROM observatory.release WHERE tenant = 'counting'"
    )
    await connection.close()


async def steer(client: httpx.AsyncClient, headers: dict[str, str]) -> str:
    """Open a programme with two of everything."""
    steerer = Steerer(client, headers)
    code = await steerer.opened(
        line("study", "10.00"), line("more", "10.00"), funders=[funder("state", "9.00", "study")]
    )
    for number in range(2):
        await steerer.committed(code, "1.00")
        due = {"code": f"m{number}", "title": said("m"), "due_on": "2027-01-01"}
        await steerer.made(f"/{code}/milestones", due)
        event = {"kind": "other", "title": said("m"), "held_on": "2027-01-01"}
        await steerer.made(f"/{code}/events", event)
    return code


@pytest.mark.parametrize("service", LISTS)
async def test_every_list_counts_what_walking_its_pages_finds(
    open_app: OpenApp, as_client: AsClient, database: Database, service: str
) -> None:
    headers = as_client(service, tenant="counting", client="counting")
    asleep = {"import_worker": False} if service == "training" else {}
    async with open_app(service, **asleep) as client:
        client.headers.update(headers)
        places = dict(PLACES)
        if service == "diagnostic":
            acting = Acting(client, headers)
            for _ in range(3):
                started = await acting.assessment("MIA")
                await acting.cohort()
                assert (await acting.post("/v1/opportunities", call())).status_code == 201
            places["{assessment_id}"] = started["id"]
            places["{cohort_id}"] = await fill_cohort(acting)
            await fill(acting, started["id"])
            assert (await acting.post("/v1/statistics/rebuild")).status_code == 200
            await remind(database, datetime.now(UTC))
        if service == "training":
            places["{run_id}"] = await send(database, client)
            places["{number}"] = await fill_certification(database, client)
            year = {"provider": SIRET, "first": "2026-09-01", "last": "2027-08-31"}
            rolled = await client.post("/v1/rollovers", json=year)
            places["{rollover_id}"] = rolled.json()["id"]
            places["{proposal_id}"] = await propose(client, as_client)
            for word in ("ia", "python"):
                saved = await client.post(f"/v1/saved-searches?q={word}", json={"label": word})
                assert saved.status_code == 201, saved.text
            places["{thesis_id}"] = await grant_thesis(client)
        if service == "observatory":
            await begin_releases(client)
            await judge_releases(database)
            await emerge(client)
            await copy_out_and_in(open_app, client)
            places["{programme}"] = await steer(client, headers)
            places["{agency}"], places["{rollup}"] = await federate(client, database, "counting")
        document = (await client.get("/openapi.json")).json()
        assert counting(document) == LISTS[service]
        for name in LISTS[service]:
            path = f"/v1/{name}"
            for variable, place in places.items():
                path = path.replace(variable, place)
            first = (await client.get(path, params={"limit": "1", "count": "true"})).json()
            rows = await walked(client, path)
            assert (name, first["total"]) == (name, rows)
            assert rows > 0
            if first["next"] is not None:
                later = {"limit": "1", "count": "true", "after": first["next"]}
                assert (await client.get(path, params=later)).json()["total"] == rows
            assert (await client.get(path)).json()["total"] is None


async def test_a_count_is_that_of_the_filtered_list(open_app: OpenApp, as_client: AsClient) -> None:
    headers = as_client("diagnostic", tenant="filtering", client="filtering")
    async with open_app("diagnostic") as client:
        acting = Acting(client, headers)
        companies = [await acting.organisation() for _ in range(2)]
        for one in companies:
            await acting.assessment("MIA", organisation_id=one["id"])
        called_off = await acting.cohort()
        await acting.post(f"/v1/cohorts/{called_off['id']}/cancel")
        stranger = as_client("diagnostic", tenant="nobody", client="nobody")
        for query, total in (
            (f"organisations?siren={companies[0]['siren']}", 1),
            ("organisations?siren=732829320", 0),
            (f"assessments?organisation_id={companies[0]['id']}", 1),
            ("assessments?status=in_progress", 2),
            ("assessments?status=submitted", 0),
        ):
            assert (await acting.get(f"/v1/{query}&count=true")).json()["total"] == total, query
        for name in ("organisations", "assessments"):
            body = (await client.get(f"/v1/{name}?count=true", headers=stranger)).json()
            assert body["total"] == 0
        cancelled = (await acting.get("/v1/cohorts?status=cancelled&count=true&limit=200")).json()
        assert cancelled["total"] == len(cancelled["items"]) > 0
