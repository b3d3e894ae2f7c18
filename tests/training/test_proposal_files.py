"""Around a proposal: its documents, links that preview it (S12), what it looks like (S6)."""

import hashlib
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from platformkit import pagination
from tests.diagnostic.files import EXE, PDF
from tests.harness import anonymous
from tests.training.importing import Importer
from tests.training.offering import formation, lheo
from tests.training.proposing import (
    ACCEPTED,
    CERTIFICATION,
    COLLEAGUE,
    REVIEWER,
    RIVAL,
    SCHOOL,
    offer,
    proposed,
)
from training.proposals import attachments

NOBODY = anonymous("training")


async def test_a_decision_comes_with_its_document(platform: Importer) -> None:
    http = platform.client
    found = await proposed(platform)
    path = f"{found.path}/attachments"

    async def attach(who: dict[str, str], data: bytes = PDF, kind: str = "application/pdf") -> Any:
        headers = {**who, "content-type": kind}
        return await http.post(f"{path}?title=PV.pdf", content=data, headers=headers)

    own = await attach(SCHOOL)
    assert (own.status_code, own.json()["kind"]) == (201, "application")
    assert (await attach(SCHOOL)).json()["id"] == own.json()["id"], "the same file is one"
    assert (await attach(RIVAL)).status_code == 404
    assert (await attach(NOBODY)).status_code == 401
    await found.through("submit")
    late = await attach(SCHOOL, PDF + b"\n")
    assert (late.status_code, late.json()["code"]) == (409, "proposal-not-editable")
    assert (await attach(COLLEAGUE, PDF + b"\n")).status_code == 409
    for data, kind, status, code in (
        (b"", "application/pdf", 422, "proposal-attachment-refused"),
        (EXE, "application/pdf", 422, "proposal-attachment-refused"),
        (PDF, "application/x-msdownload", 415, "proposal-attachment-type-unsupported"),
        (PDF + b"\0" * attachments.MAX_BYTES, "application/pdf", 413, None),
    ):
        refused = await attach(REVIEWER, data, kind)
        assert refused.status_code == status, refused.text
        assert code in (None, refused.json()["code"])
    report = PDF + b"\n\n"
    made = await attach(REVIEWER, report)
    assert (made.status_code, made.json()["kind"]) == (201, "decision")
    assert made.json()["sha256"] == hashlib.sha256(report).hexdigest()
    got = await http.get(made.headers["location"], headers=SCHOOL)
    assert (got.content, got.headers["content-type"]) == (report, "application/pdf")
    assert got.headers["content-disposition"] == "attachment; filename*=UTF-8''PV.pdf"
    again = {**SCHOOL, "if-none-match": got.headers["etag"]}
    assert (await http.get(made.headers["location"], headers=again)).status_code == 304
    assert (await http.get(made.headers["location"], headers=RIVAL)).status_code == 404
    nothing = await http.get(f"{path}/{uuid.uuid4()}", headers=SCHOOL)
    assert (nothing.status_code, nothing.json()["code"]) == (404, "proposal-attachment-unknown")
    listed = (await http.get(f"{path}?count=true", headers=SCHOOL)).json()
    assert [one["kind"] for one in listed["items"]] == ["application", "decision"]
    foreign = await http.delete(f"{path}/{own.json()['id']}", headers=REVIEWER)
    assert foreign.status_code == 404
    assert (await http.delete(made.headers["location"], headers=REVIEWER)).status_code == 204
    assert (await http.get(made.headers["location"], headers=SCHOOL)).status_code == 404
    await found.through("reject", "withdraw")
    over = await attach(REVIEWER, report)
    assert (over.status_code, over.json()["code"]) == (409, "proposal-review-over")


async def test_a_proposal_holds_so_many_documents(platform: Importer) -> None:
    found = await proposed(platform)
    headers = {**SCHOOL, "content-type": "text/plain"}
    path = f"{found.path}/attachments?title=note"
    for number in range(attachments.MOST):
        data = f"Note {number}".encode()
        assert (await platform.client.post(path, content=data, headers=headers)).is_success
    full = await platform.client.post(path, content=b"Une de trop", headers=headers)
    assert (full.status_code, full.json()["code"]) == (409, "proposal-attachments-too-many")


async def test_s12_a_link_shows_a_draft_to_whoever_holds_it_for_a_while(
    platform: Importer,
) -> None:
    http = platform.client
    found = await proposed(platform, offer(title="Brouillon montré"))
    path = f"{found.path}/previews"
    for who, status in ((NOBODY, 401), (REVIEWER, 403), (RIVAL, 404)):
        assert (await http.post(path, json={}, headers=who)).status_code == status
    for wrong in ({"days": 0}, {"days": 91}, {"days": "1"}, {"colour": 1}):
        assert (await http.post(path, json=wrong, headers=SCHOOL)).status_code == 422
    made = await http.post(path, json={"days": 3, "note": "Le jury"}, headers=SCHOOL)
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    address = made.headers["location"]
    seen = await http.get(address, headers=NOBODY)
    assert seen.status_code == 200, seen.text
    assert seen.json()["payload"]["title"] == "Brouillon montré"
    assert (seen.json()["state"]["code"], seen.json()["kind"]) == ("draft", "offer")
    assert seen.headers["cache-control"] == "no-store"
    assert seen.headers["x-robots-tag"].startswith("noindex")
    stored = await platform.rows("SELECT p::text AS row FROM training.proposal_preview p")
    assert all(made.json()["token"] not in row["row"] for row in stored)
    secret = "test cursor keypreview"
    link = made.json()["id"]
    ends = int(datetime.fromisoformat(made.json()["expires_at"]).timestamp())
    past = int((datetime.now(UTC) - timedelta(seconds=1)).timestamp())
    assert pagination.sign(secret, [link, ends]) == made.json()["token"]
    for token in (
        made.json()["token"][:-2] + "AA",
        pagination.sign("another key", [link, ends]),
        pagination.sign(secret, [link, past]),
        pagination.sign(secret, [str(uuid.uuid4()), ends]),
        "x",
        "é" * 50,
    ):
        refused = await http.get(f"/v1/proposal-previews/{token}", headers=NOBODY)
        assert (refused.status_code, refused.json()["code"]) == (404, "proposal-preview-unknown")
        assert refused.headers["cache-control"] == "no-store"
    end = f"{path}/{link}/revoke"
    for who, status in ((NOBODY, 401), (REVIEWER, 403), (RIVAL, 404)):
        assert (await http.post(end, headers=who)).status_code == status
    for _ in range(2):
        ended = await http.post(end, headers=SCHOOL)
        assert (ended.status_code, ended.json()["state"]) == (200, "revoked")
    assert (await http.get(address, headers=NOBODY)).status_code == 404
    unknown = await http.post(f"{path}/{uuid.uuid4()}/revoke", headers=SCHOOL)
    assert unknown.status_code == 404
    listed = (await http.get(path, headers=SCHOOL)).json()["items"]
    assert [(one["note"], one["state"]) for one in listed] == [("Le jury", "revoked")]
    assert "token" not in listed[0]


async def test_a_link_shows_nothing_once_the_proposal_is_over(platform: Importer) -> None:
    http = platform.client
    found = await proposed(platform)
    path = f"{found.path}/previews"
    made = [await http.post(path, json={}, headers=SCHOOL) for _ in range(21)]
    assert [one.status_code for one in made] == [201] * 20 + [409]
    assert made[-1].json()["code"] == "proposal-previews-too-many"
    await found.through("withdraw")
    assert (await http.get(made[0].headers["location"], headers=NOBODY)).status_code == 404
    over = await http.post(path, json={}, headers=SCHOOL)
    assert (over.status_code, over.json()["code"]) == (409, "proposal-not-editable")


async def test_a_reviewer_is_told_what_is_missing_and_what_it_looks_like(
    platform: Importer,
) -> None:
    """S6, and D3 before the decision."""
    http = platform.client
    sent = await platform.send(lheo(formation("F1", certifications="")), form="lheo")
    assert sent.state == "done"

    def spoil(payload: Any) -> None:
        del payload["provider"]["activity_number"], payload["actions"][0]["languages"]

    found = await proposed(platform, offer(spoil, number="IA-9"), "submit")
    checked = (await http.get(f"{found.path}/checks", headers=REVIEWER)).json()
    assert checked["publishable"] is False
    assert {one["pointer"] for one in checked["faults"]} == {
        "/provider/activity_number",
        "/actions/0/languages",
    }
    assert [(one["entity"], one["similarity"]) for one in checked["alike"]] == [("formation", 1.0)]
    assert (await http.get(f"{found.path}/checks", headers=RIVAL)).status_code == 404
    itself = await proposed(platform, offer(number="F1"))
    checked = (await http.get(f"{itself.path}/checks", headers=SCHOOL)).json()
    assert (checked["publishable"], checked["alike"]) == (True, [])
    empty = await proposed(platform, {})
    assert (await http.get(f"{empty.path}/checks", headers=SCHOOL)).json()["alike"] == []
    first = await proposed(platform, CERTIFICATION, *ACCEPTED, kind="certification")
    assert (await first.move(REVIEWER, "publish")).status_code == 200
    second = await proposed(platform, CERTIFICATION, kind="certification")
    checked = (await http.get(f"{second.path}/checks", headers=SCHOOL)).json()
    assert [(one["entity"], one["id"]) for one in checked["alike"]] == [("certification", "REG1")]
