"""Evidence over HTTP: files in and out as they are, judged by their content, hashed and dated."""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from diagnostic.evidence.receiving import MAX_BYTES, MAX_PIECES
from platformkit.paris import day_in_paris
from tests.diagnostic.acting import BASE, Acting, faults
from tests.diagnostic.files import EXE, PDF, SOUND, attached

pytestmark = pytest.mark.usefixtures("mini_ia")

Case = dict[str, Any]


def fresh() -> bytes:
    """Make a text that no test has sent."""
    return f"Registre {secrets.token_hex(8)}".encode()


async def listed(acting: Acting, started: Case) -> list[Case]:
    body = (await acting.get(f"/v1/assessments/{started['id']}/evidence")).json()
    found: list[Case] = body["items"]
    return found


async def test_a_file_is_kept_as_it_came_with_its_hash(acting: Acting) -> None:
    started = await acting.assessment()

    response = await attached(
        acting,
        started,
        question="Q1",
        kind="certificate",
        title="Œuvre n° 1.pdf",
        valid_until="2099-12-31",
    )

    found = response.json()
    assert response.status_code == 201, found
    assert response.headers["location"] == f"/v1/evidence/{found['id']}"
    assert response.headers["etag"] == '"1"'
    assert {name: found[name] for name in found.keys() - {"id", "created_at"}} == {
        "assessment_id": started["id"],
        "question": "Q1",
        "action_id": None,
        "kind": "certificate",
        "polarity": "positive",
        "title": "Œuvre n° 1.pdf",
        "media_type": "application/pdf",
        "size": len(PDF),
        "sha256": hashlib.sha256(PDF).hexdigest(),
        "valid_until": "2099-12-31",
        "is_expired": False,
        "counts_as": "document",
        "verified_at": None,
        "version": 1,
    }
    assert (await acting.get(response.headers["location"])).json() == found
    assert await listed(acting, started) == [found]
    file = await acting.get(f"/v1/evidence/{found['id']}/content")
    assert (file.status_code, file.content) == (200, PDF)
    assert file.headers["content-type"] == "application/pdf"
    assert file.headers["content-length"] == str(len(PDF))
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert file.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''%C5%92uvre%20n%C2%B0%201.pdf"
    )
    tag = {"if-none-match": file.headers["etag"]}
    assert (await acting.get(f"/v1/evidence/{found['id']}/content", **tag)).status_code == 304


@pytest.mark.parametrize("media_type", SOUND)
async def test_every_type_on_the_list_is_taken_and_given_back(
    acting: Acting, media_type: str
) -> None:
    started = await acting.assessment()
    found = await attached(acting, started, SOUND[media_type], f"{media_type.upper()}; x=y")
    assert (found.status_code, found.json()["media_type"]) == (201, media_type)
    file = await acting.get(f"/v1/evidence/{found.json()['id']}/content")
    assert file.content == SOUND[media_type]
    assert file.headers["content-type"].startswith(media_type)


@pytest.mark.parametrize(
    ("content", "media_type", "status", "code"),
    [
        (b"", "application/pdf", 422, {"": "empty"}),  # X5
        (EXE, "application/pdf", 422, {"": "content-mismatch"}),  # X5: .exe renamed .pdf
        (b"<html><script>", "text/plain", 422, {"": "content-mismatch"}),
        (EXE, "application/x-msdownload", 415, "evidence-type-unsupported"),
        (b"<svg/>", "image/svg+xml", 415, "evidence-type-unsupported"),
        (b"<html>", "text/html", 415, "evidence-type-unsupported"),
        (PDF, "", 415, "evidence-type-unsupported"),
        (bytes(50_000_000), "application/pdf", 413, "body-too-large"),  # X5: 50 MB
        (bytes(MAX_BYTES + 1), "application/pdf", 413, "body-too-large"),
    ],
)
async def test_a_file_that_cannot_be_evidence_is_refused_and_not_stored(
    acting: Acting, content: bytes, media_type: str, status: int, code: Any
) -> None:
    started = await acting.assessment()

    response = await attached(acting, started, content, media_type)

    assert response.status_code == status, response.text
    assert (faults(response) if status == 422 else response.json()["code"]) == code
    assert await listed(acting, started) == []


async def test_a_large_file_comes_in_pieces_and_is_counted_as_it_comes(acting: Acting) -> None:
    started = await acting.assessment()
    path = f"/v1/assessments/{started['id']}/evidence?kind=register&title=Registre"
    line = b"ligne;valeur\n" * 4_000

    async def pieces(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield line

    headers = {**acting.headers, "content-type": "text/csv"}
    most = MAX_BYTES // len(line)
    taken = await acting.http.post(path, content=pieces(most), headers=headers)
    beyond = await acting.http.post(path, content=pieces(most + 1), headers=headers)

    assert (taken.status_code, taken.json()["size"]) == (201, most * len(line))
    assert (beyond.status_code, beyond.json()["code"]) == (413, "body-too-large")
    file = await acting.get(f"/v1/evidence/{taken.json()['id']}/content")
    assert hashlib.sha256(file.content).hexdigest() == taken.json()["sha256"]
    assert len(await listed(acting, started)) == 1


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"kind": "rumour"}, {"/kind": "enum"}),
        ({"polarity": "neutral"}, {"/polarity": "enum"}),
        ({"title": " "}, {"/title": "text-padded"}),
        ({"title": "A\u202eB"}, {"/title": "text-unseen"}),
        ({"title": "A" * 201}, {"/title": "string-too-long"}),
        ({"valid_until": "31/12/2027"}, {"/valid_until": "date-parsing"}),
        ({"valid_until": "1803859200"}, {"/valid_until": "date-parsing"}),
        ({"question": "q 1"}, {"/question": "string-pattern-mismatch"}),
    ],
)
async def test_every_fact_about_a_file_is_checked(
    acting: Acting, facts: dict[str, Any], expected: dict[str, str]
) -> None:
    started = await acting.assessment()
    response = await attached(acting, started, **facts)
    assert (response.status_code, faults(response)) == (422, expected)


async def test_a_file_is_for_a_question_of_the_grid(acting: Acting) -> None:
    started = await acting.assessment()
    response = await attached(acting, started, question="Q99")
    assert (response.status_code, response.json()["code"]) == (404, "question-unknown")


async def test_the_same_file_for_the_same_question_is_the_same_evidence(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    started, content = await acting.assessment(), fresh()

    async def sent(**facts: str) -> Any:
        return await attached(acting, started, content, "text/plain", **facts)

    raced = await asyncio.gather(*(sent(question="Q1", title=f"n° {n}") for n in range(4)))
    other = await sent(question="Q2")
    whole, again = await sent(), await sent(kind="other")

    assert sorted(one.status_code for one in raced) == [200, 200, 200, 201]
    assert len({one.json()["id"] for one in raced}) == 1
    assert (other.status_code, whole.status_code, again.status_code) == (201, 201, 200)
    assert again.json() == whole.json()
    files = "SELECT count(*) FROM diagnostic.evidence_file WHERE assessment_id = $1::uuid"
    assert await sql.fetchval(files, started["id"]) == 1
    for left, response in enumerate((other, whole, raced[0])):
        assert await sql.fetchval(files, started["id"]) == 1, left
        gone = await acting.send("DELETE", f"/v1/evidence/{response.json()['id']}", None, '"1"')
        assert gone.status_code == 204
    assert await sql.fetchval(files, started["id"]) == 0


async def test_the_same_key_sends_a_file_once(acting: Acting) -> None:
    started, key = await acting.assessment(), secrets.token_hex(8)
    path = f"/v1/assessments/{started['id']}/evidence?kind=policy&title=Charte"
    sent = [
        await acting.send_file(path, content, "application/pdf", **{"idempotency-key": key})
        for content in (PDF, PDF, PDF + b"x")
    ]
    assert [one.status_code for one in sent] == [201, 201, 422]
    assert sent[1].json() == sent[0].json()
    assert sent[2].json()["code"] == "idempotency-key-reused"


async def test_an_expired_document_says_so_and_does_not_count(acting: Acting) -> None:
    started = await acting.assessment()  # X5
    paris = day_in_paris(datetime.now(UTC))
    days = [(paris + timedelta(days=one)).isoformat() for one in (-1, 0, 1)]
    sent = [await attached(acting, started, fresh(), "text/plain", valid_until=day) for day in days]
    assert [one.json()["is_expired"] for one in sent] == [True, False, False]
    assert [one.json()["counts_as"] for one in sent] == ["nothing", "document", "document"]
    late = await acting.send("POST", f"/v1/evidence/{sent[0].json()['id']}/verify", None, '"1"')
    assert (late.status_code, late.json()["code"]) == (409, "evidence-expired")
    against = await attached(acting, started, fresh(), "text/plain", polarity="negative")
    assert against.json()["counts_as"] == "nothing"


async def test_a_document_is_verified_and_a_change_asks_for_it_again(acting: Acting) -> None:
    started = await acting.assessment()
    found = (await attached(acting, started, question="Q1")).json()
    path = f"/v1/evidence/{found['id']}"

    without = await acting.post(f"{path}/verify")
    stale = await acting.send("POST", f"{path}/verify", None, '"2"')
    verified = await acting.send("POST", f"{path}/verify", None, '"1"')
    again = await acting.send("POST", f"{path}/verify", None, '"2"')
    changed = await acting.send("PATCH", path, {"title": "Charte 2"}, '"2"')

    assert (without.status_code, stale.status_code) == (428, 412)
    assert verified.status_code == 200
    assert (verified.json()["counts_as"], verified.headers["etag"]) == ("verified", '"2"')
    assert again.json() == verified.json()
    assert changed.json() == found | {"title": "Charte 2", "version": 3}


async def test_what_is_said_of_a_document_is_changed_with_its_tag(acting: Acting) -> None:
    started = await acting.assessment()
    path = f"/v1/evidence/{(await attached(acting, started)).json()['id']}"
    body = {"kind": "contract", "polarity": "negative", "valid_until": "2030-01-01"}

    without = await acting.send("PATCH", path, body)
    wrong = await acting.send("PATCH", path, {"kind": None, "sha256": "x", "title": " "}, '"1"')
    changed = await acting.send("PATCH", path, body, '"1"')
    stale = await acting.send("PATCH", path, body, '"1"')
    undated = await acting.send("PATCH", path, {"valid_until": None}, '"2"')

    assert (without.status_code, stale.status_code) == (428, 412)
    assert (wrong.status_code, faults(wrong)) == (
        422,
        {"/kind": "enum", "/sha256": "extra-forbidden", "/title": "text-padded"},
    )
    assert {name: changed.json()[name] for name in body} == body
    assert (undated.json()["valid_until"], undated.json()["kind"]) == (None, "contract")


async def test_after_the_submission_evidence_is_read_and_verified_only(acting: Acting) -> None:
    started = await acting.assessment()
    path = f"/v1/evidence/{(await attached(acting, started)).json()['id']}"
    await acting.answer_all(started["id"], BASE)
    await acting.post(f"/v1/assessments/{started['id']}/submit")

    late = await attached(acting, started, fresh(), "text/plain")
    changed = await acting.send("PATCH", path, {"kind": "other"}, '"1"')
    dropped = await acting.send("DELETE", path, None, '"1"')
    verified = await acting.send("POST", f"{path}/verify", None, '"1"')

    for refused in (late, changed, dropped):
        assert (refused.status_code, refused.json()["code"]) == (409, "assessment-closed")
    assert verified.status_code == 200


async def test_a_diagnostic_keeps_a_bounded_number_of_pieces_and_bytes(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    full, heavy = await acting.assessment(), await acting.assessment()
    one = (await attached(acting, full)).json()
    await sql.execute(
        "INSERT INTO diagnostic.evidence (id, tenant, assessment_id, question, kind, polarity,"
        " title, media_type, size, sha256, version)"
        " SELECT gen_random_uuid(), tenant, assessment_id, 'X' || n, kind, polarity, title,"
        " media_type, size, sha256, 1 FROM diagnostic.evidence, generate_series(2, $2) n"
        " WHERE id = $1::uuid",
        one["id"],
        MAX_PIECES,
    )
    big = (await attached(acting, heavy)).json()
    grow = "UPDATE diagnostic.evidence SET size = $2 WHERE id = $1::uuid"
    await sql.execute(grow, big["id"], 199_999_995)

    for started in (full, heavy):
        response = await attached(acting, started, fresh(), "text/plain")
        assert (response.status_code, response.json()["code"]) == (409, "evidence-full")
    small = await attached(acting, heavy, b"12345", "text/plain")
    assert small.status_code == 201


async def test_evidence_is_its_tenants_and_its_facilitators(
    acting: Acting, stranger: Acting, onlooker: Acting
) -> None:
    cohort = await acting.cohort()
    company = await stranger.organisation()
    seat = {"organisation_id": company["id"]}
    await stranger.post(f"/v1/cohorts/{cohort['id']}/enrolments", seat)
    started = await stranger.assessment(organisation_id=company["id"], cohort_id=cohort["id"])
    found = (await attached(stranger, started)).json()
    path, files = f"/v1/evidence/{found['id']}", f"/v1/assessments/{started['id']}/evidence"
    nobody = Acting(acting.http, {})

    for ours in (path, f"{path}/content", files):
        assert (await acting.get(ours)).status_code == 200
        assert (await onlooker.get(ours)).status_code == 404
        assert (await nobody.get(ours)).status_code == 401
    assert (await attached(acting, started)).status_code == 404
    assert (await acting.send("PATCH", path, {"kind": "other"}, '"1"')).status_code == 404
    assert (await acting.send("DELETE", path, None, '"1"')).status_code == 404
    assert (await attached(onlooker, started)).status_code == 403
    for method, address in (("PATCH", path), ("DELETE", path), ("POST", f"{path}/verify")):
        assert (await onlooker.send(method, address, {}, '"1"')).status_code == 403
        assert (await nobody.send(method, address, {}, '"1"')).status_code == 401
    verified = await acting.send("POST", f"{path}/verify", None, '"1"')
    assert (verified.status_code, verified.json()["counts_as"]) == (200, "verified")

    alone = (await attached(acting, await acting.assessment())).json()
    for address in (f"/v1/evidence/{alone['id']}", f"/v1/evidence/{alone['id']}/content"):
        assert (await stranger.get(address)).status_code == 404
    elsewhere = await stranger.send("POST", f"/v1/evidence/{alone['id']}/verify", None, '"1"')
    assert elsewhere.status_code == 404


async def test_a_list_of_evidence_reads_no_file_and_pages(acting: Acting) -> None:
    started = await acting.assessment()
    sent = [
        (await attached(acting, started, fresh(), "text/plain", question=code)).json()
        for code in ("Q1", "Q2", "Q1")
    ]
    path = f"/v1/assessments/{started['id']}/evidence"
    first = (await acting.get(f"{path}?limit=2&count=true")).json()
    rest = (await acting.get(f"{path}?limit=2&after={first['next']}")).json()
    assert (first["total"], first["items"] + rest["items"]) == (3, sent)
    only = (await acting.get(f"{path}?question=Q1&count=true")).json()
    assert (only["total"], only["items"]) == (2, [sent[0], sent[2]])
