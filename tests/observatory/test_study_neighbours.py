"""What the neighbours answer is in the study; where one is away, the study says since when."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from observatory.study.neighbours import PEERS
from platformkit.clients.base import open_clients
from platformkit.settings import Peer
from tests import harness
from tests.gateway.doors import served
from tests.harness import Database, anonymous
from tests.observatory.studying import read, section, statements

KEY = "key between the observatory and its neighbours, of the tests"


@dataclass
class Among:
    """An observatory between its neighbours; each can be asked, and closed."""

    client: httpx.AsyncClient
    urls: dict[str, str]
    stops: dict[str, contextlib.AsyncExitStack]

    async def live(self, figure: dict[str, Any]) -> Any:
        """Follow the address of a live figure: its fragment points into the answer (RFC 6901)."""
        _, _, service, rest = figure["data"].split("/", 3)
        path, _, pointer = rest.partition("#/")
        async with httpx.AsyncClient(headers=anonymous(service), verify=harness.PLAIN) as http:
            answer = await http.get(f"{self.urls[service]}/v1/{path}")
        assert answer.status_code == 200, answer.text
        found = answer.json()
        for part in pointer.split("/") if pointer else ():
            found = found[int(part)] if isinstance(found, list) else found[part]
        return found


@pytest.fixture(scope="module")
async def among(database: Database) -> AsyncIterator[Among]:
    issuers = {"observatory": KEY, "training": KEY, "gateway": harness.GATEWAY_KEY}
    app: FastAPI = harness.application(database, "observatory", trusted_issuers=issuers)
    async with contextlib.AsyncExitStack() as stack:
        url = await stack.enter_async_context(served(app))
        own = {"observatory": Peer(url=url, key=SecretStr(KEY))}
        urls, stops = {}, {}
        for name in PEERS:
            stops[name] = await stack.enter_async_context(contextlib.AsyncExitStack())
            peer = harness.application(database, name, trusted_issuers=issuers, peers=own)
            urls[name] = await stops[name].enter_async_context(served(peer))
        peers = {name: Peer(url=url, key=SecretStr(KEY)) for name, url in urls.items()}
        opened = open_clients("observatory", peers, PEERS)
        app.state.clients = await stack.enter_async_context(opened)
        told = anonymous("observatory")
        asked = httpx.AsyncClient(base_url=url, headers=told, timeout=30, verify=harness.PLAIN)
        client = await stack.enter_async_context(asked)
        yield Among(client, urls, stops)


async def test_the_answers_are_those_of_the_neighbours(among: Among) -> None:
    region = await read(among.client, "territories/R32")
    figures = {each["id"]: each for each in region["figures"]}
    assert section(region, "training")["absent"] is None
    covered = [each for each in statements(region) if each["template"] == "covered"]
    assert len(covered) == 2, "an answer, and a point by the rule"
    live = [each for each in region["figures"] if each["kind"] == "live"]
    assert len(live) > 5
    for figure in live:
        assert await among.live(figure) == figure["value"], figure["data"]
    for figure in (each for each in region["figures"] if each["kind"] == "record"):
        assert (await among.live(figure)) is not None
        assert figure["source"]
    jobs = [each for each in statements(region) if each["template"] in {"answered", "unanswered"}]
    assert jobs
    for each in jobs:
        count = figures[each["figures"][0]]["value"]
        assert (count == 0) == (each["template"] == "unanswered")
    answer = await among.client.get("/v1/studies/territories/R32.pdf")
    assert answer.status_code == 200
    certifications = section(await read(among.client, "jobs/M1805"), "training")["statements"]
    assert any(each["template"] == "certification" for each in certifications)


async def test_the_calls_are_those_that_are_open_here(among: Among) -> None:
    async with httpx.AsyncClient(headers=anonymous("diagnostic"), verify=harness.PLAIN) as http:
        asked = "is_call_for_projects=true&window=open&limit=200"
        answer = await http.get(f"{among.urls['diagnostic']}/v1/opportunities?{asked}")
    there = {
        each["title"]
        for each in answer.json()["items"]
        if each["perimeter"] is None
        or each["perimeter"]["scale"] != "region"
        or "32" in each["perimeter"]["regions"]
    }
    found = section(await read(among.client, "sectors/62"), "calls")
    assert bool(found["statements"]) == bool(there)
    for each in found["statements"]:
        assert any(title in each["text"] for title in there)


async def test_a_territory_that_the_training_does_not_know_is_said_to_be_unknown(
    among: Among,
) -> None:
    found = section(await read(among.client, "territories/R11"), "training")
    assert "territory-unknown" in found["absent"]["reason"]
    assert (found["absent"]["since"], found["statements"]) == (None, [])


def texts(found: dict[str, Any]) -> list[str]:
    return [each["text"] for each in found["statements"]]


async def test_a_neighbour_that_is_away_is_said_to_be_with_the_same_bytes_each_time(
    among: Among,
) -> None:
    whole = await among.client.get("/v1/studies/sectors/62")
    await among.stops["training"].aclose()
    first = await among.client.get("/v1/studies/sectors/62")
    body = first.json()
    absent = section(body, "training")["absent"]
    assert "training" in absent["reason"]
    assert absent["since"].endswith("Z")
    assert section(body, "training")["statements"] == []
    assert texts(section(body, "calls")) == texts(section(whole.json(), "calls")), "it is there"
    assert section(body, "people") == section(whole.json(), "people")
    assert first.headers["etag"] != whole.headers["etag"]
    again = await among.client.get("/v1/studies/sectors/62")
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    page = await among.client.get("/v1/studies/sectors/62.html")
    assert absent["since"] in page.text
