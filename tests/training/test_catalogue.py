"""The list of certifications: each filter, pages, batches, and what is refused."""

from typing import Any

import httpx
import pytest

from tests import harness
from tests.harness import Database
from tests.training.conftest import Enter
from training.certifications.schemas import CertificationSummary

LIST = "/v1/certifications"


async def numbers(client: httpx.AsyncClient, **parameters: Any) -> list[str]:
    answer = await client.get(LIST, params={"limit": 200, **parameters})
    assert answer.status_code == 200, answer.text
    return [item["number"] for item in answer.json()["items"]]


async def test_the_shipped_catalogue_serves_each_need_of_an_sme(
    training: httpx.AsyncClient,
) -> None:
    themes = ("ai_literacy", "data", "ai_strategy", "automation", "governance", "cybersecurity")
    for theme in themes:
        found = await numbers(training, theme=theme, state="active", at="2026-11-23T12:00:00Z")
        assert found, theme


async def test_summaries_obey_their_schema_to_the_byte(training: httpx.AsyncClient) -> None:
    items = (await training.get(LIST, params={"limit": 200})).json()["items"]
    assert len(items) >= 25
    for item in items:
        read = CertificationSummary.model_validate(item)
        assert read.model_dump(mode="json") == item
        assert set(CertificationSummary.model_fields) == set(item)


@pytest.mark.parametrize("words", ["donnees", "Données", "DONNÉES personnelles rgpd", "donnee"])
async def test_words_are_found_without_accents_and_case(
    training: httpx.AsyncClient, enter: Enter, words: str
) -> None:
    number = await enter(
        title="Protéger les données personnelles",
        editorial={"title_en": "Protecting personal data (RGPD)"},
    )
    assert number in await numbers(training, q=words)


@pytest.mark.parametrize("words", ["%", "\\", "100%", "'; DROP TABLE x; --", "&|!()", "😀"])
async def test_wildcards_and_quotes_are_plain_characters(
    training: httpx.AsyncClient, enter: Enter, words: str
) -> None:
    plain = await enter(title="Sans signe particulier")
    special = await enter(title=f"Avec {words} dedans")
    found = await numbers(training, q=words)
    assert special in found
    assert plain not in found


async def test_a_job_finds_what_quotes_it_or_its_rome_3_parent(
    training: httpx.AsyncClient, enter: Enter
) -> None:
    parent = await enter(rome=[{"code": "M1805", "label": "Études"}])
    other = await enter(rome=[{"code": "K1104", "label": "Psychologie"}])
    child = (await training.get("/v1/references/rome/M1855")).json()
    assert child["parent"]["code"] == "M1805"
    for code in ("M1805", "m1855"):
        found = await numbers(training, rome=code)
        assert parent in found
        assert other not in found


async def test_level_audience_directory_and_theme_each_narrow_the_list(
    training: httpx.AsyncClient, enter: Enter
) -> None:
    wanted = await enter(
        "RNCP", level=5, editorial={"audience": ["young"], "themes": ["cybersecurity", "data"]}
    )
    others = [
        await enter("RS", editorial={"audience": ["young"], "themes": ["data"]}),
        await enter("RNCP", level=6, editorial={"audience": ["young"], "themes": ["data"]}),
        await enter("RNCP", level=5, editorial={"audience": ["at_work"], "themes": ["data"]}),
        await enter("RNCP", level=5, editorial={"audience": ["young"], "themes": ["automation"]}),
    ]
    found = await numbers(
        training, level=5, audience="young", directory="RNCP", theme=["data", "ai_strategy"]
    )
    assert wanted in found
    assert not set(others) & set(found)
    assert {wanted, others[1]} <= set(await numbers(training, level=[5, 6], theme="data"))


async def test_the_state_asked_is_that_of_the_instant_asked(
    training: httpx.AsyncClient, enter: Enter
) -> None:
    number = await enter(registration_end="2026-08-31")
    last, next_ = "2026-08-31T21:59:59Z", "2026-08-31T22:00:00Z"
    assert number in await numbers(training, state="active", at=last)
    assert number not in await numbers(training, state="active", at=next_)
    assert number in await numbers(training, state=["inactive", "delivery_only"], at=next_)


async def test_a_batch_reads_many_spellings_at_once_and_leaves_out_the_unknown(
    training: httpx.AsyncClient, enter: Enter
) -> None:
    first, second = await enter("RS"), await enter("RNCP")
    asked = [first.lower(), f"RNCP {second.removeprefix('RNCP')},RNCP1"]
    assert sorted(await numbers(training, numbers=asked)) == sorted([first, second])


async def test_bare_digits_in_a_batch_mean_both_directories(
    training: httpx.AsyncClient, enter: Enter
) -> None:
    code = await enter("RS")
    digits = code.removeprefix("RS")
    twin = await enter("RNCP", number=int(digits))
    assert await numbers(training, numbers=digits) == [code, twin]


async def test_any_need_is_enough_when_asked_so(training: httpx.AsyncClient, enter: Enter) -> None:
    by_number = await enter(editorial={"themes": ["data"]})
    by_theme = await enter(editorial={"themes": ["human_resources"]})
    by_job = await enter(rome=[{"code": "A1101", "label": "x"}])
    ended = await enter(editorial={"themes": ["human_resources"]}, registration_end="2021-01-01")
    needs = {"numbers": by_number, "theme": "human_resources", "rome": "A1101"}
    found = await numbers(training, **needs, match="any", state="active")
    assert {by_number, by_theme, by_job} <= set(found)
    assert ended not in found
    assert await numbers(training, **needs) == []


async def test_pages_show_everything_once_short_ones_first(
    training: httpx.AsyncClient, enter: Enter
) -> None:
    marker = "pagination-unique"
    entered = [await enter(directory, title=marker) for directory in ("RNCP", "RS", "RNCP", "RS")]
    seen: list[str] = []
    parameters: dict[str, Any] = {"q": marker, "limit": 1, "count": "true"}
    while True:
        body = (await training.get(LIST, params=parameters)).json()
        assert body["total"] == 4
        seen += [item["number"] for item in body["items"]]
        if body["next"] is None:
            break
        parameters["after"] = body["next"]
    assert seen == [entered[3], entered[1], entered[2], entered[0]]


async def test_an_altered_cursor_is_refused(training: httpx.AsyncClient) -> None:
    cursor = (await training.get(LIST, params={"limit": 1})).json()["next"]
    altered = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    answer = await training.get(LIST, params={"after": altered})
    assert (answer.status_code, answer.json()["code"]) == (400, "cursor-refused")


async def test_a_list_takes_one_statement_however_long_it_is(
    database: Database, caller: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = harness.application(database, "training")
    async with harness.opened(app) as client:
        client.headers.update(caller)
        asked: list[str] = []
        fetch = app.state.reads.fetch

        async def counting(name: str, *arguments: object) -> Any:
            asked.append(name)
            return await fetch(name, *arguments)

        monkeypatch.setattr(app.state.reads, "fetch", counting)
        assert len(await numbers(client)) > 20
    assert asked == ["certifications"]


@pytest.mark.parametrize(
    ("parameters", "status", "code", "pointers"),
    [
        ({"themes": "data"}, 400, "unknown-parameter", ["/themes"]),
        ({"theme": "magic", "level": "9"}, 422, "invalid", ["/level/0", "/theme/0"]),
        ({"at": "2026-08-31T22:00:00"}, 422, "invalid", ["/at"]),
        ({"at": "9999-12-31T23:59:59Z"}, 422, "invalid", ["/at"]),
        ({"at": "0001-01-01T00:00:00+14:00"}, 422, "invalid", ["/at"]),
        ({"rome": "Z9999"}, 422, "invalid", ["/rome/0"]),
        ({"limit": "0"}, 422, "invalid", ["/limit"]),
        (
            {"numbers": "RS1,x,RNCP123456"},
            422,
            "certification-number-invalid",
            ["/numbers/1", "/numbers/2"],
        ),
        (
            {"numbers": ",".join(f"RS{n}" for n in range(1, 52))},
            422,
            "batch-too-large",
            ["/numbers"],
        ),
    ],
)
async def test_what_cannot_be_meant_is_refused_with_every_fault(
    training: httpx.AsyncClient,
    parameters: dict[str, str],
    status: int,
    code: str,
    pointers: list[str],
) -> None:
    answer = await training.get(LIST, params=parameters)
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, body["code"]) == (status, code)
    assert [fault["pointer"] for fault in body["errors"]] == pointers


@pytest.mark.parametrize(
    "tail",
    ["?q=a%00b", "?numbers=RS7423%00", "/RS7423%00", "/RS7423%00/blocs", "/RS7423%00/continuity"],
)
async def test_a_nul_in_a_text_is_never_a_bug(training: httpx.AsyncClient, tail: str) -> None:
    assert (await training.get(LIST + tail)).status_code == 422
