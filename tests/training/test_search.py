"""The search through HTTP: group G of the acceptance cases, each filter, each facet."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.harness import Database
from tests.training.importing import Importer
from tests.training.searching import Finder, formation_id, found_in, key, offer, session
from training.search.schemas import SearchPage

LILLE: dict[str, Any] = {"latitude": 50.6292, "longitude": 3.0573}

OFFERS = [
    offer(
        "lille",
        title="Analyse de données",
        price="1200.00",
        hours="35",
        certifications="RNCP37873 RS7423",
        rome="M1419",
        nsf="326",
        formacodes="31028",
        audience="80044",
        funders="2 16",
        languages="fr",
        access="Locaux accessibles",
    ),
    offer(
        "roubaix",
        title="La donnée pour tous",
        commune="59512",
        mode="mixed",
        price="0",
        hours="7",
        rome="M1607",
        audience="80024",
        start="20290110",
        end="20290120",
    ),
    offer(
        "amiens",
        title="Atelier <b>gras</b> & données",
        commune="80021",
        mode="remote",
        price="6000",
        hours="900",
        formacodes="31054",
        entries=1,
        start="20260101",
        end="20301231",
    ),
    offer("over", title="Ancienne session", start="20200101", end="20200601"),
    offer("closed", title="Fermé", session="<etat-recrutement>2</etat-recrutement>"),
    offer("cpp", title="Programmation C++"),
    offer("csharp", title="Programmation C# et .NET"),
    offer("cedex", title="Chez nous", commune="59350", start="20290901", end="20300630"),
]


@pytest.fixture(scope="module")
async def finder(template: Database) -> AsyncIterator[Finder]:
    async with found_in(template, OFFERS) as opened:
        yield opened


async def refused(finder: Finder, **asked: Any) -> list[tuple[str, str]]:
    answer = await finder.partner.client.get("/v1/search", params=asked)
    assert answer.status_code == 422, answer.text
    return [(one["pointer"], one["code"]) for one in answer.json()["errors"]]


@pytest.mark.parametrize("query", ["donnees", "données", "DONNÉES", "donnée", "les données"])
async def test_g1_accents_case_plural_and_articles_change_nothing(
    finder: Finder, query: str
) -> None:
    found = await finder.keys(query, kind="offer")
    assert set(found) == {"lille", "roubaix", "amiens"}


@pytest.mark.parametrize(
    "query", ["ia", "IA", "I.A.", "intelligence artificielle", "inteligence artificiele"]
)
async def test_g2_however_ai_is_written_rs7423_is_among_the_first_three(
    finder: Finder, query: str
) -> None:
    assert "RS7423" in (await finder.keys(query))[:3]


async def test_g2_names_of_languages_are_exact(finder: Finder) -> None:
    assert await finder.keys("C++") == ["cpp"]
    assert await finder.keys("c#") == ["csharp"]
    assert (await finder.search("C++"))["query"]["words"] == ["C++"]


@pytest.mark.parametrize("query", ["35419", "RNCP35419", "rncp 35419", " RNCP035419"])
async def test_g2_a_number_is_first_even_when_its_certification_is_over(
    finder: Finder, query: str
) -> None:
    found = await finder.search(query)
    assert key(found["items"][0]) == "RNCP35419"
    assert found["items"][0]["certification"]["state"] == "inactive"


@pytest.mark.parametrize("query", ["M1419", "m1419", "31028", "RS7423", "rs 7423", "37873", "326"])
async def test_codes_of_every_kind_find_the_offer(finder: Finder, query: str) -> None:
    assert "lille" in await finder.keys(query)


@pytest.mark.parametrize(
    "query",
    ["%", "'", "\\", "&|!()", "🙂", "les", "de la et", "' OR 1=1 --", "'); DROP TABLE x; --",
     '"', "a:*", "<->", "\u202e\ufeff", "-ia", "or or or", "(((((", "é" * 200],
)  # fmt: skip
async def test_g3_hostile_words_are_words(finder: Finder, query: str) -> None:
    await finder.search(query)
    assert await finder.keys("C++") == ["cpp"]


async def test_g3_what_has_no_word_is_no_text_filter(finder: Finder) -> None:
    everything = (await finder.search(count=True))["total"]
    for query in ("les", "🙂", "%", "de la et", ""):
        found = await finder.search(query, count=True)
        assert (found["total"], found["query"]["matched"]) == (everything, None), query


async def test_g3_nul_and_ten_thousand_characters_are_refused(finder: Finder) -> None:
    assert await refused(finder, q="a\x00b") == [("", "text-not-storable")]
    assert await refused(finder, q="a" * 10_000) == [("/q", "string-too-long")]


async def test_an_unknown_parameter_is_refused(finder: Finder) -> None:
    answer = await finder.partner.client.get("/v1/search?quoi=1")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown-parameter")


FILTERS = {
    "kind": "kind",
    "mode": "mode",
    "level": "level",
    "directory": "directory",
    "certifying": "certifying",
    "accessible": "accessible",
    "entries": "entries",
    "formacode_field": "formacode",
    "rome_domain": "rome_domain",
    "nsf": "nsf",
    "department": "department",
    "epci": "epci",
    "audience": "audience",
    "funder": "funder",
    "language": "language",
    "price_band": "price_band",
    "hours_band": "hours_band",
    "job": "job",
    "ai_literacy_level": "ai_literacy_level",
    "theme": "theme",
    "licence": "licence",
    "next_session": "next_session",
}


@pytest.mark.parametrize(
    "asked", [{}, {"query": "données"}, {"mode": "on_site", "audience": "at_work"}]
)
async def test_g4_a_facet_counts_what_its_value_would_list(
    finder: Finder, asked: dict[str, Any]
) -> None:
    facets = (await finder.search(**asked))["facets"]
    assert facets
    if not asked:
        assert facets.keys() == FILTERS.keys()
    for facet, values in facets.items():
        for value in values:
            others = {name: one for name, one in asked.items() if name != facet}
            narrowed = await finder.search(
                **others, **{FILTERS[facet]: value["value"]}, limit=200, count=True, facets=False
            )
            assert (facet, value["value"], value["count"]) == (
                facet,
                value["value"],
                len(narrowed["items"]),
            )
            assert narrowed["total"] == value["count"]


async def test_g4_facets_of_one_value_each_sum_to_all(finder: Finder) -> None:
    found = await finder.search(count=True)
    assert sum(one["count"] for one in found["facets"]["kind"]) == found["total"]
    offers = await finder.search(kind="offer", count=True)
    for facet in ("mode", "entries", "price_band", "hours_band", "certifying", "accessible"):
        assert sum(one["count"] for one in offers["facets"][facet]) == offers["total"], facet


async def test_a_chosen_field_opens_the_codes_below_it(finder: Finder) -> None:
    facets = (await finder.search(formacode="310", kind="offer"))["facets"]
    assert {one["value"] for one in facets["formacode"]} == {"31028", "31054"}
    assert "formacode" not in (await finder.search())["facets"]


async def test_g5_thirty_kilometres_around_lille_include_roubaix_and_not_amiens(
    finder: Finder,
) -> None:
    centres: list[dict[str, Any]] = [LILLE, {"around": "59350"}]
    for centre in centres:
        found = await finder.search(**centre, sort="distance")
        assert "amiens" not in {key(hit) for hit in found["items"]}
        distances = {key(hit): hit["distance_km"] for hit in found["items"]}
        assert 8 < distances["roubaix"] < 12
        assert distances["lille"] < 2
        assert list(distances.values()) == sorted(distances.values())
        assert {hit["kind"] for hit in found["items"]} == {"offer"}
    assert "amiens" in await finder.keys(**LILLE, radius_km=110)


async def test_g5_half_a_centre_and_too_far_are_refused(finder: Finder) -> None:
    assert await refused(finder, longitude=3) == [("/latitude", "centre-incomplete")]
    assert await refused(finder, latitude=50) == [("/longitude", "centre-incomplete")]
    assert await refused(finder, **LILLE, radius_km=201) == [("/radius_km", "less-than-equal")]
    assert await refused(finder, radius_km=20) == [("/radius_km", "centre-missing")]
    assert await refused(finder, **LILLE, around="59350") == [("/around", "centre-twice")]
    assert await refused(finder, sort="distance") == [("/sort", "centre-missing")]
    assert await refused(finder, around="75056") == [("/around", "commune-unknown")]
    assert await refused(finder, latitude="nan", longitude=3) == [("/latitude", "finite-number")]


async def test_contradictions_are_told_all_at_once(finder: Finder) -> None:
    asked = {
        "starts_from": "2027-02-01",
        "starts_to": "2027-01-01",
        "price_min": "10",
        "price_max": "1",
        "latitude": 50,
    }
    assert await refused(finder, **asked) == [
        ("/longitude", "centre-incomplete"),
        ("/starts_to", "range-inverted"),
        ("/price_max", "range-inverted"),
    ]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"mode": ["mixed", "remote"]}, {"roubaix", "amiens"}),
        ({"price_max": "1200"}, {"lille", "roubaix"}),
        ({"price_min": "1", "price_max": "1200"}, {"lille"}),
        ({"hours_max": "35"}, {"lille", "roubaix"}),
        ({"department": "80"}, {"amiens"}),
        ({"epci": "200093201", "hours_max": "7"}, {"roubaix"}),
        ({"commune": "59512"}, {"roubaix"}),
        ({"certification": "rs 7423"}, {"lille"}),
        ({"bloc": "RNCP37873/RNCP37873BC01"}, set()),
        ({"rome": "M1419"}, {"lille"}),
        ({"rome": "M1403"}, {"lille"}),
        ({"formacode": "31028"}, {"lille"}),
        ({"job": "emerging"}, {"lille"}),
        ({"job": "existing"}, {"roubaix"}),
        ({"ai_literacy_level": "practitioner"}, {"lille"}),
        ({"audience": "young", "mode": "mixed"}, {"roubaix"}),
        ({"funder": "16"}, {"lille"}),
        ({"language": "FR"}, {"lille"}),
        ({"accessible": True}, {"lille"}),
        ({"level": "6"}, {"lille"}),
        ({"starts_from": "2029-01-01", "starts_to": "2029-01-31"}, {"roubaix", "amiens"}),
        ({"starts_from": "2031-02-01", "formacode": "310"}, {"lille"}),
        ({"provider": "00000000000000"}, set()),
        ({"formation": formation_id("lille")}, {"lille"}),
        ({"next_session": "current"}, set()),
    ],
)
async def test_each_filter_finds_its_offers(
    finder: Finder, asked: dict[str, Any], expected: set[str]
) -> None:
    assert set(await finder.keys(kind="offer", **asked)) == expected


async def test_what_is_over_is_left_out_unless_asked_for(finder: Finder) -> None:
    assert await finder.keys("ancienne session") == []
    assert await finder.keys("ancienne session", past=True) == ["over"]
    assert "RNCP36129" not in await finder.keys(limit=200)
    assert "RNCP36129" in await finder.keys(limit=200, past=True)


async def test_open_means_that_one_may_enrol_today(finder: Finder) -> None:
    assert await finder.keys("fermé") == ["closed"]
    assert await finder.keys("fermé", open=True) == []
    assert "roubaix" in await finder.keys("donnée", open=True)
    assert "lille" in await finder.keys("analyse")
    assert "lille" not in await finder.keys("analyse", open=True)  # its certifications end before


async def test_prices_and_days_order_the_list_and_what_has_none_is_last(finder: Finder) -> None:
    by_price = await finder.search(sort="price", limit=200)
    prices = [hit["offer"] and hit["offer"]["price"] for hit in by_price["items"]]
    assert prices[:3] == ["0.00", "1200.00", "6000.00"]
    assert not any(prices[3:])
    by_day = await finder.keys(sort="starts_on", kind="offer")
    assert by_day[:3] == ["amiens", "roubaix", "cedex"]


async def test_a_highlight_is_marked_and_escaped(finder: Finder) -> None:
    (hit,) = (await finder.search("gras"))["items"]
    assert hit["title"] == "Atelier <b>gras</b> & données"
    assert hit["highlight"]["title"] == (
        "Atelier &lt;b&gt;<mark>gras</mark>&lt;/b&gt; &amp; données"
    )
    assert (await finder.search())["items"][0]["highlight"] is None
    titles = [hit["highlight"]["title"] for hit in (await finder.search("IA"))["items"]]
    assert "<mark>intelligence</mark> <mark>artificielle</mark>" in " ".join(titles)


async def test_pages_by_key_hold_everything_once(finder: Finder) -> None:
    for asked in ({}, {"query": "données"}, {"sort": "starts_on"}, {"sort": "price"}):
        whole = await finder.keys(**asked, limit=200)
        walked: list[str] = []
        after = None
        while True:
            page = await finder.search(**asked, limit=3, after=after)
            walked += [key(hit) for hit in page["items"]]
            after = page["next"]
            if after is None:
                break
        assert walked == whole


async def test_a_cursor_holds_for_its_search_only(finder: Finder) -> None:
    after = (await finder.search(limit=1))["next"]
    for asked in ({"after": after, "kind": "offer"}, {"after": after[:-2] + "xx"}):
        answer = await finder.partner.client.get("/v1/search", params=asked)
        assert (answer.status_code, answer.json()["code"]) == (400, "cursor-refused")


async def test_a_correction_is_told(finder: Finder) -> None:
    found = await finder.search("inteligence artificiele")
    assert {"word": "inteligence", "instead": "intelligence"} in found["query"]["corrected"]
    assert (await finder.search("intelligence"))["query"]["corrected"] == []


async def test_few_hits_with_all_words_are_followed_by_those_with_some(finder: Finder) -> None:
    found = await finder.search("analyse blockchain")
    assert found["query"]["matched"] == "some"
    assert {"lille", "RS6604"} <= {key(hit) for hit in found["items"]}
    assert (await finder.search("intelligence artificielle"))["query"]["matched"] == "all"


async def test_labels_are_in_the_language_asked(finder: Finder) -> None:
    for language, label in (("fr", "À distance"), ("en", "Remote")):
        answer = await finder.partner.client.get(
            "/v1/search", headers={"accept-language": language}
        )
        labels = {one["value"]: one["label"] for one in answer.json()["facets"]["mode"]}
        assert labels["remote"] == label
        assert "Accept-Language" in answer.headers["vary"]


async def test_the_bytes_obey_the_model_and_the_etag(finder: Finder) -> None:
    answer = await finder.partner.client.get("/v1/search", params={"q": "données ia", **LILLE})
    body = answer.json()
    assert SearchPage.model_validate(body).model_dump(mode="json") == body
    body = await finder.search("ia", limit=200)
    assert SearchPage.model_validate(body).model_dump(mode="json") == body
    kept = {"if-none-match": answer.headers["etag"]}
    again = await finder.partner.client.get(
        "/v1/search", params={"q": "données ia", **LILLE}, headers=kept
    )
    assert again.status_code == 304


async def test_the_next_session_is_one_that_the_dates_allow(partner: Importer) -> None:
    finder = Finder(partner)
    later = session("S2", "20300301", "20300331")
    await finder.import_(offer("two", start="20290301", end="20290331", sessions=later))
    (hit,) = (await finder.search("two"))["items"]
    assert hit["offer"]["next_session"]["starts_on"] == "2029-03-01"
    (hit,) = (await finder.search("two", starts_from="2029-06-01"))["items"]
    assert hit["offer"]["next_session"]["starts_on"] == "2030-03-01"
