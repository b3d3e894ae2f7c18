"""One certification: its document, blocs, continuity, copies and problems."""

import httpx
import pytest

from tests.training.conftest import Enter
from training.certifications.schemas import BlocsRead, CertificationRead, DescriptionRead
from training.continuity.schemas import ContinuityRead

ONE = "/v1/certifications/"


@pytest.mark.parametrize("number", ["RS7423", "RNCP36490", "RNCP37827", "RNCP37137", "RS5000"])
async def test_the_documents_obey_their_schemas_to_the_byte(
    training: httpx.AsyncClient, number: str
) -> None:
    for path, schema in (
        (number, CertificationRead),
        (f"{number}/blocs", BlocsRead),
        (f"{number}/description", DescriptionRead),
        (f"{number}/continuity", ContinuityRead),
    ):
        body = (await training.get(ONE + path)).json()
        assert schema.model_validate(body).model_dump(mode="json") == body
        assert set(schema.model_fields) == set(body)


@pytest.mark.parametrize(
    "spelling", ["RNCP37674", "rncp 37674", "RNCP037674", "37674", "rncp-37674"]
)
async def test_a_number_is_read_in_several_spellings(
    training: httpx.AsyncClient, spelling: str
) -> None:
    body = (await training.get(ONE + spelling)).json()
    assert body["number"] == "RNCP37674"
    assert body["title"] == {
        "fr": "Développeur web et web mobile",
        "en": "Web and mobile web developer",
    }
    assert body["level"] == 5
    assert body["registration_end"] == "2028-09-01"
    assert [bloc["code"] for bloc in body["blocs"]] == ["RNCP37674BC01", "RNCP37674BC02"]
    assert body["rome"] == [{"code": "M1805", "label": "Études et développement informatique"}]
    assert body["source"]["dated_on"] == "2026-08-16"
    assert body["unknown"] == []


async def test_bare_digits_of_both_directories_are_not_guessed(
    training: httpx.AsyncClient, enter: Enter
) -> None:
    code = await enter("RS")
    digits = code.removeprefix("RS")
    twin = await enter("RNCP", number=int(digits))
    answer = await training.get(ONE + digits)
    assert (answer.status_code, answer.json()["code"]) == (409, "certification-ambiguous")
    assert twin in answer.json()["detail"]
    assert (await training.get(ONE + code)).json()["number"] == code


@pytest.mark.parametrize(
    ("language", "title", "detail"),
    [
        ("fr", "Certification inconnue", "Le catalogue ne contient pas RS1."),
        ("en", "Unknown certification", "The catalogue does not contain RS1."),
    ],
)
@pytest.mark.parametrize("tail", ["", "/blocs", "/continuity"])
async def test_an_unknown_number_is_a_404_in_the_language_asked(
    training: httpx.AsyncClient, language: str, title: str, detail: str, tail: str
) -> None:
    answer = await training.get(f"{ONE}RS1{tail}", headers={"accept-language": language})
    body = answer.json()
    assert (answer.status_code, body["code"]) == (404, "certification-unknown")
    assert (body["title"], body["detail"]) == (title, detail)
    assert answer.headers["content-language"] == language


async def test_what_is_no_number_is_a_422(training: httpx.AsyncClient) -> None:
    answer = await training.get(ONE + "RNCP123456")
    assert (answer.status_code, answer.json()["code"]) == (422, "certification-number-invalid")
    assert answer.json()["errors"][0]["pointer"] == "/number"


async def test_an_ended_certification_is_still_shown_with_its_successor(
    training: httpx.AsyncClient,
) -> None:
    body = (await training.get(ONE + "RS5000")).json()
    assert body["state"] == "inactive"
    assert body["source_state"] == "Publiée"  # kept verbatim, whatever the dates say
    assert body["successors"] == ["RS6604"]
    assert (await training.get(ONE + "RS6604")).json()["predecessors"] == ["RS5000"]


async def test_the_state_is_that_of_the_instant_in_paris(
    training: httpx.AsyncClient, enter: Enter
) -> None:
    number = await enter(registration_end="2026-08-31", delivery_limit="2027-02-28")

    async def at(instant: str) -> str:
        answer = await training.get(ONE + number, params={"at": instant})
        return str(answer.json()["state"])

    assert await at("2019-12-31T22:59:59Z") == "upcoming"
    assert await at("2019-12-31T23:00:00Z") == "active"
    assert await at("2026-08-31T21:59:59Z") == "active"
    assert await at("2026-08-31T22:00:00Z") == "delivery_only"
    assert await at("2026-08-31T23:59:59+02:00") == "active"
    assert await at("2027-02-28T23:00:00Z") == "inactive"


async def test_an_end_without_a_source_is_unknown_and_said_so(training: httpx.AsyncClient) -> None:
    body = (await training.get(ONE + "RS6776")).json()
    assert body["state"] == "unknown"
    assert {"registration_end", "certifying_bodies"} <= set(body["unknown"])
    english = {"accept-language": "en"}
    answer = await training.get(ONE + "RS6776/continuity", headers=english)
    assert answer.json()["may_enrol"] is None
    assert answer.json()["explanation"].startswith("Our sources do not give the end date")


async def test_unknown_blocs_are_not_shown_as_no_blocs(training: httpx.AsyncClient) -> None:
    unknown = (await training.get(ONE + "RNCP41460/blocs")).json()
    assert (unknown["known"], unknown["items"]) == (False, [])
    none = (await training.get(ONE + "RS7423/blocs")).json()
    assert (none["known"], none["items"]) == (True, [])


async def test_the_same_bloc_code_on_two_certifications_is_two_blocs(
    training: httpx.AsyncClient, enter: Enter
) -> None:
    for title in ("Un", "Deux"):
        number = await enter(blocs=[{"code": "01", "title": title}])
        items = (await training.get(f"{ONE}{number}/blocs")).json()["items"]
        assert [(one["code"], one["title"]) for one in items] == [("01", title)]


@pytest.mark.parametrize(
    ("on", "state", "enrol", "deliver"),
    [
        ("2026-01-25", "active", True, True),
        ("2026-03-01", "delivery_only", False, True),
        ("2026-07-26", "inactive", False, False),
    ],
)
async def test_continuity_says_what_a_day_allows(
    training: httpx.AsyncClient, enter: Enter, *, on: str, state: str, enrol: bool, deliver: bool
) -> None:
    successor = await enter(registration_end="2028-01-01")
    number = await enter(
        registration_end="2026-01-25", delivery_limit="2026-07-25", successors=[successor]
    )
    answer = await training.get(f"{ONE}{number}/continuity", params={"on": on})
    body = answer.json()
    assert (body["state"], body["may_enrol"], body["may_deliver"]) == (state, enrol, deliver)
    assert (body["enrolment_ends_on"], body["delivery_ends_on"]) == ("2026-01-25", "2026-07-25")
    assert [r["number"] for r in body["replacements"]] == [successor]
    assert body["replacements"][0]["may_enrol"] is True


@pytest.mark.parametrize("on", ["1970-01-01", "2199-12-31"])
async def test_continuity_answers_for_the_first_and_the_last_day(
    training: httpx.AsyncClient, on: str
) -> None:
    answer = await training.get(ONE + "RS7423/continuity", params={"on": on})
    assert answer.json()["may_enrol"] is False


async def test_continuity_follows_the_whole_chain_and_survives_a_cycle(
    training: httpx.AsyncClient, enter: Enter
) -> None:
    last = await enter(successors=["RS88888"])
    middle = await enter(registration_end="2022-01-01", successors=[last])
    first = await enter(registration_end="2021-01-01", successors=[middle])
    await enter("RS", number=int(last[2:]), predecessors=[middle], successors=["RS88888", first])
    body = (await training.get(f"{ONE}{first}/continuity")).json()
    assert [(r["number"], r["distance"], r["known"]) for r in body["replacements"]] == [
        (middle, 1, True),
        (last, 2, True),
        ("RS88888", 3, False),
    ]
    assert body["replacements"][2]["state"] is None


async def test_a_copy_is_not_sent_twice(training: httpx.AsyncClient) -> None:
    first = await training.get(ONE + "RS7423")
    tag = first.headers["etag"]
    assert first.headers["cache-control"].startswith("public, max-age=")
    again = await training.get(ONE + "RS7423", headers={"if-none-match": f'W/{tag}, "x"'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = await training.get(ONE + "RS7423", headers={"if-none-match": '"x"'})
    assert other.content == first.content


async def test_the_tag_changes_with_the_state(training: httpx.AsyncClient, enter: Enter) -> None:
    number = await enter(registration_end="2026-08-31")
    tags = {
        (await training.get(ONE + number, params={"at": at})).headers["etag"]
        for at in ("2026-08-30T00:00:00Z", "2026-08-31T21:59:59Z", "2026-08-31T22:00:00Z")
    }
    assert len(tags) == 2


async def test_continuity_varies_with_the_language(training: httpx.AsyncClient) -> None:
    answers = [
        await training.get(
            ONE + "RS5000/continuity?on=2026-01-01", headers={"accept-language": language}
        )
        for language in ("fr", "en")
    ]
    assert [a.headers["content-language"] for a in answers] == ["fr", "en"]
    french, english = (a.json()["explanation"] for a in answers)
    assert french == (
        "L’enregistrement a pris fin. Dernier jour : 24/05/2024. Elle est remplacée ;"
        " ce jour-là, on peut s’inscrire à : RS6604."
    )
    assert english == (
        "The registration has ended. Last day: 2024-05-24. It is replaced;"
        " on that day one may enrol in: RS6604."
    )
    assert all(a.headers["vary"] == "Accept-Language" for a in answers)


async def test_a_job_has_a_label_and_its_parent(training: httpx.AsyncClient) -> None:
    answer = await training.get("/v1/references/rome/m1811")
    assert answer.json()["label"] == "Data engineer"
    assert answer.json()["release"] == "460"
    unknown = await training.get("/v1/references/rome/A9999")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "rome-unknown")
    malformed = await training.get("/v1/references/rome/data")
    assert (malformed.status_code, malformed.json()["code"]) == (404, "reference-version-unknown")
