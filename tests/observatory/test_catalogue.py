"""S1: the catalogue as portals harvest it, search engines read it, machine learning loads it."""

import hashlib
import io
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, RDF, Namespace

from observatory.catalogue import forms
from observatory.catalogue.forms import CatalogueNotAcceptable
from tests.observatory.publishing import Publisher, table
from tests.shapes import schema_org, statdcat

DOOR = "http://127.0.0.1:8000/v1/observatory"
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
ROWS = [("R32", "A", "2019", 1.5), ("R32", "A", "2020-Q3", 2.5)]


@pytest.fixture(scope="module")
async def flow(publisher: Publisher) -> str:
    flow = await publisher.flow()
    await publisher.release(flow, table(ROWS))
    return flow


async def graph(client: httpx.AsyncClient, address: str, form: str = "turtle") -> Graph:
    answer = await client.get(address)
    assert answer.status_code == 200, answer.text
    return Graph().parse(data=answer.text, format=form)


async def harvested(client: httpx.AsyncClient, limit: int) -> list[list[dict[str, Any]]]:
    """Follow the pages as data.gouv.fr's harvester does (udata, `DcatBackend.walk_graph`)."""
    pages = []
    following: str | None = f"{DOOR}/catalogue.jsonld?limit={limit}"
    while following:
        answer = await client.get(f"/v1{following.removeprefix(DOOR)}")
        assert answer.status_code == 200, answer.text
        pages.append(answer.json()["@graph"])
        (view,) = [each for each in pages[-1] if each["@type"] == "hydra:PartialCollectionView"]
        assert view["@id"] == following
        following = view.get("hydra:next", {"@id": None})["@id"]
    return pages


def datasets(pages: list[list[dict[str, Any]]]) -> list[tuple[str, str]]:
    found = [each for page in pages for each in page if each["@type"] == "dcat:Dataset"]
    return [(each["dct:identifier"], each["@id"]) for each in found]


async def test_a_portal_harvests_each_dataflow_that_has_a_release_once_and_again_the_same(
    publisher: Publisher, flow: str
) -> None:
    empty = await publisher.flow()
    pages = await harvested(publisher.client, 5)
    found = datasets(pages)
    assert len(pages) > 1
    assert (f"HDF:{flow}", f"{DOOR}/dataflows/{flow}/dcat") in found
    assert len({identifier for identifier, _ in found}) == len(found)
    assert f"HDF:{empty}" not in dict(found)
    await publisher.release(flow, table([*ROWS, ("D02", "A", "2020", 1.0)]))
    assert datasets(await harvested(publisher.client, 200)) == found


async def test_a_page_in_turtle_names_the_next_and_keeps_to_the_profile(
    publisher: Publisher,
) -> None:
    page = await graph(publisher.client, "/v1/catalogue.ttl?limit=2&count=true")
    assert statdcat.faults(page) == []
    (view,) = page.subjects(RDF.type, HYDRA.PartialCollectionView)
    after = str(page.value(view, HYDRA.next)).removeprefix(DOOR)
    assert after.startswith("/catalogue.ttl?limit=2&after=")
    assert len(list(page.subjects(RDF.type, DCAT.Dataset))) == 2
    (total,) = page.objects(None, HYDRA.totalItems)
    whole = await harvested(publisher.client, 200)
    assert int(str(total)) == len(datasets(whole))
    assert (await publisher.client.get(f"/v1{after}")).status_code == 200


async def test_a_page_is_complete_in_itself_and_what_the_profile_wants_is_looked_at(
    publisher: Publisher, flow: str
) -> None:
    own, address = f"{DOOR}/dataflows/{flow}/dcat", f"/v1/dataflows/{flow}/dcat"
    told = await graph(publisher.client, f"{address}.jsonld", "json-ld")
    assert statdcat.faults(told) == []
    assert isomorphic(told, await graph(publisher.client, f"{address}.ttl"))
    told.remove((URIRef(own), DCTERMS.title, None))
    told.remove((None, RDF.type, DCTERMS.LicenseDocument))
    told.add((URIRef(own), DCTERMS.modified, Literal("2020")))
    found = [each.rpartition("/")[2] for each in statdcat.faults(told)]
    assert found == [
        "modified MaxCountConstraintComponent",
        "title MinCountConstraintComponent",
        "license ClassConstraintComponent",
    ]


async def test_a_dataset_tells_its_period_dimensions_series_and_licence(
    publisher: Publisher, flow: str
) -> None:
    own = f"{DOOR}/dataflows/{flow}/dcat"
    body = (await publisher.client.get(f"/v1/dataflows/{flow}/dcat.jsonld")).json()
    (node,) = [each for each in body["@graph"] if each["@id"] == own]
    assert node["dct:identifier"] == f"HDF:{flow}"
    assert node["adms:identifier"]["skos:notation"].endswith(f"Dataflow=HDF:{flow}(1.0.0)")
    period = node["dct:temporal"]
    assert (period["dcat:startDate"]["@value"], period["dcat:endDate"]["@value"]) == (
        "2019-01-01",
        "2020-09-30",
    )
    assert [each["skos:notation"] for each in node["stat:dimension"]] == ["REF_AREA", "SECTOR"]
    assert node["stat:numSeries"]["@value"] == "2"
    assert "adms:status" not in node
    by_id = {each["@id"]: each for each in node["dcat:distribution"]}
    csv = by_id[f"{own}#{flow}-csv"]
    assert csv["dct:license"]["@id"] == "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
    path = csv["dcat:downloadURL"]["@id"].removeprefix(DOOR)
    assert (await publisher.client.get(f"/v1{path}")).text.startswith("REF_AREA,SECTOR")
    sdmx = by_id[f"{own}#sdmx"]["dcat:accessURL"]["@id"].partition("8000")[2]
    assert (await publisher.client.get(sdmx)).status_code == 200


async def test_the_tag_is_of_the_release_and_a_withdrawal_is_told(publisher: Publisher) -> None:
    mine, other = await publisher.flow(), await publisher.flow()
    await publisher.release(mine, table(ROWS))
    address = f"/v1/dataflows/{mine}/dcat.ttl"
    first = await publisher.client.get(address)
    tag = first.headers["etag"]
    await publisher.release(other, table(ROWS))
    again = await publisher.client.get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    second = await publisher.release(mine, table(ROWS[:1]))
    changed = await publisher.client.get(address, headers={"if-none-match": tag})
    assert (changed.status_code, changed.headers["cache-control"]) == (200, "public, no-cache")
    reason = {"reason": {"fr": "faux", "en": "wrong"}}
    answer = await publisher.act(second, "withdraw", reason)
    assert answer.status_code == 200, answer.text
    told = await graph(publisher.client, address)
    (status,) = told.objects(URIRef(f"{DOOR}/dataflows/{mine}/dcat"), ADMS.status)
    assert str(status).endswith("/dataset-status/WITHDRAWN")


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, "application/ld+json"),
        ("*/*", "application/ld+json"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json;q=0.5, text/turtle", "text/turtle"),
        ("application/ld+json;q=0, */*", "text/turtle"),
        ("text/html, application/json;q=0.9, */*;q=0.1", "application/ld+json"),
        ("application/x-turtle, text/*;q=0", "text/turtle"),
    ],
)
def test_the_form_is_what_the_client_likes_best(accept: str | None, media: str) -> None:
    assert forms.MEDIA[forms.chosen(accept)] == media


def test_a_form_that_is_not_written_is_refused() -> None:
    with pytest.raises(CatalogueNotAcceptable):
        forms.chosen("application/rdf+xml")


@pytest.mark.parametrize("path", ["catalogue?limit=1", "dataflows/{flow}/dcat"])
async def test_the_address_without_an_ending_negotiates(
    publisher: Publisher, flow: str, path: str
) -> None:
    address = f"/v1/{path.format(flow=flow)}"
    for accept in forms.MEDIA.values():
        for method in ("GET", "HEAD"):  # a harvester that knows no ending asks HEAD for the type
            answer = await publisher.client.request(method, address, headers={"accept": accept})
            assert answer.headers["content-type"].partition(";")[0] == accept
            assert "Accept" in answer.headers["vary"].split(", ")
    refused = await publisher.client.get(address, headers={"accept": "application/rdf+xml"})
    assert (refused.status_code, refused.json()["code"]) == (406, "catalogue-not-acceptable")


@pytest.mark.parametrize("view", ["dcat", "dcat.ttl", "schema-org", "croissant"])
async def test_a_dataflow_without_a_release_is_in_no_view(publisher: Publisher, view: str) -> None:
    empty = await publisher.flow()
    for name in (empty, "NOTHING"):
        answer = await publisher.client.get(f"/v1/dataflows/{name}/{view}")
        assert (answer.status_code, answer.json()["code"]) == (404, "dataflow-unknown")


async def test_a_cursor_of_another_list_is_refused(publisher: Publisher) -> None:
    answer = await publisher.client.get("/v1/catalogue.ttl?after=nonsense")
    assert (answer.status_code, answer.json()["code"]) == (400, "cursor-refused")


async def test_search_engines_read_a_dataset_of_schema_org_in_both_languages(
    publisher: Publisher, flow: str
) -> None:
    address = f"/v1/dataflows/{flow}/schema-org"
    found = {}
    for language in ("fr", "en"):
        answer = await publisher.client.get(address, headers={"accept-language": language})
        assert answer.headers["content-type"] == "application/ld+json"
        found[language] = answer.json()
        assert schema_org.faults(schema_org.graph_of(found[language])) == []
    assert (found["fr"]["name"], found["en"]["name"]) == (f"Flux {flow}", f"Flow {flow}")
    assert found["fr"]["temporalCoverage"] == "2019-01-01/2020-09-30"
    assert found["en"]["variableMeasured"][0]["unitText"] == "jobs"


async def test_croissant_names_the_file_by_its_hash_and_its_columns(
    publisher: Publisher, flow: str
) -> None:
    for _ in range(5):  # each waits for the file to be made
        answer = await publisher.client.get(f"/v1/dataflows/{flow}/croissant")
        if answer.status_code != 503:
            break
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    (file,) = body["distribution"]
    address = f"/v1{file['contentUrl'].removeprefix(DOOR)}"
    content = (await publisher.client.get(address)).content
    assert file["sha256"] == hashlib.sha256(content).hexdigest()
    (records,) = body["recordSet"]
    columns = [each["source"]["extract"]["column"] for each in records["field"]]
    schema = pq.ParquetFile(io.BytesIO(content)).schema_arrow
    assert columns == schema.names
    kinds = {each["name"]: each["dataType"] for each in records["field"]}
    assert (kinds["REF_AREA"], kinds["OBS_VALUE"]) == ("sc:Text", "sc:Float")
    assert body["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    assert {each["source"]["fileObject"]["@id"] for each in records["field"]} == {file["@id"]}
    again = await publisher.client.get(
        f"/v1/dataflows/{flow}/croissant", headers={"if-none-match": answer.headers["etag"]}
    )
    assert again.status_code == 304
