"""Imports through HTTP: what is taken in, what is refused at the door, who sees a run."""

import asyncio
import gzip
import hashlib
import json
from uuid import uuid4

import jwt
import pytest
from starlette.types import Message

from tests import harness
from tests.harness import as_client
from tests.training.conftest import SAMPLES, needs_samples
from tests.training.importing import Importer, archive, fiche, flux
from training.imports import uploads
from training.imports.schemas import AnomalyRead, CertificateRead, RunRead

DATA = flux(fiche("RS92001"), fiche("RS92002"))


async def test_a_run_is_queued_followed_and_certified(partner: Importer) -> None:
    answer = await partner.post(DATA, dated_on="2026-11-26")
    assert answer.status_code == 202
    run = answer.json()
    assert answer.headers["location"] == f"/v1/imports/{run['id']}"
    assert (run["state"], run["size"], run["dated_on"]) == ("queued", len(DATA), "2026-11-26")
    path = f"/v1/imports/{run['id']}"
    queued = await partner.client.get(path)
    assert queued.json() == run
    early = await partner.client.get(f"{path}/certificate")
    assert (early.status_code, early.json()["code"]) == (409, "import-unfinished")
    kept = {"if-none-match": queued.headers["etag"]}
    assert (await partner.client.get(path, headers=kept)).status_code == 304

    assert await partner.work(run["id"]) == "done"
    done = await partner.client.get(path, headers=kept)
    assert done.status_code == 200
    body = done.json()
    assert (body["state"], body["step"], body["records"]) == ("done", 4, 2)
    assert body["finished_at"] > body["created_at"]
    assert RunRead.model_validate(body).model_dump(mode="json").keys() == body.keys()
    first = await partner.client.get(f"{path}/certificate")
    assert (await partner.client.get(f"{path}/certificate")).content == first.content
    made = first.json()
    assert made == CertificateRead.model_validate(made).model_dump(mode="json")
    assert [step["verdict"] for step in made["steps"]] == ["passed"] * 5
    assert made["references"][0] == {"name": "ROME", "version": "460", "dated_on": "2025-09-18"}
    assert (made["format"], made["format_version"]) == ("rncp", "4.1")
    assert (made["file"]["sha256"], made["applied"]) == (run["sha256"], True)
    assert made["file"]["licence"] == "Licence Ouverte 2.0"
    assert made["changes"]["created"] == {"count": 2, "first": ["RS92001", "RS92002"]}
    again = {"if-none-match": first.headers["etag"]}
    assert (await partner.client.get(f"{path}/certificate", headers=again)).status_code == 304


async def test_b2_a_signed_certificate_proves_which_file_was_judged(partner: Importer) -> None:
    sent = await partner.send(DATA)
    path = f"/v1/imports/{sent.run['id']}/certificate"
    signed = await partner.client.get(f"{path}/signed")
    assert signed.headers["content-type"] == "application/jose"
    nobody = harness.anonymous("training")
    [key] = (await partner.client.get("/v1/imports/keys", headers=nobody)).json()["keys"]
    assert "d" not in key
    jws = jwt.PyJWS()
    assert jws.get_unverified_header(signed.text)["kid"] == key["kid"]
    known = jwt.PyJWK(key)
    payload = jws.decode(signed.text, known, algorithms=["EdDSA"])
    assert payload == (await partner.client.get(path)).content
    assert json.loads(payload)["file"]["sha256"] == hashlib.sha256(DATA).hexdigest()
    head, body, mark = signed.text.split(".")
    for forged in (f"{head}.{body[:-2]}AA.{mark}", f"{head}.{body}.{mark[:-4]}AAAA"):
        with pytest.raises(jwt.InvalidSignatureError):
            jws.decode(forged, known, algorithms=["EdDSA"])
    assert (await partner.client.get(f"{path}/signed")).text == signed.text
    waiting = (await partner.post(DATA)).json()["id"]
    early = await partner.client.get(f"/v1/imports/{waiting}/certificate/signed")
    assert (early.status_code, early.json()["code"]) == (409, "import-unfinished")
    other = as_client("training", tenant="another")
    assert (await partner.client.get(f"{path}/signed", headers=other)).status_code == 404


async def test_a_dry_run_says_what_would_change_and_changes_nothing(partner: Importer) -> None:
    changes = await partner.changes()
    sent = await partner.send(DATA, mode="dry_run")
    assert (sent.state, sent.certificate["applied"], sent.count("created")) == ("done", False, 2)
    assert await partner.changes() == changes
    assert (await partner.client.get("/v1/certifications/RS92001")).status_code == 404


async def test_atomic_stores_nothing_when_one_record_is_wrong_and_partial_the_others(
    partner: Importer,
) -> None:
    changes = await partner.changes()
    wrong = flux(fiche("RS92001"), fiche("RS92002", DATE_FIN_ENREGISTREMENT="40/01/2026"))
    refused = await partner.send(wrong)
    assert (refused.state, refused.rules) == ("failed", [("date-invalid", 5, "RS92002")])
    assert await partner.changes() == changes
    kept = await partner.send(wrong, mode="partial")
    assert (kept.state, kept.count("created")) == ("done", 1)
    assert kept.certificate["steps"][2] == {
        "step": 2,
        "name": "schema",
        "verdict": "failed",
        "errors": 1,
        "warnings": 0,
    }
    tried = await partner.send(wrong, mode="dry_run")
    assert (tried.run["errors"], tried.count("unchanged")) == (1, 1)


async def test_a_file_of_one_line_is_read_as_any_other(partner: Importer) -> None:
    twice = flux(fiche("RS92301"), fiche("RS92302"), fiche("RS92301")).replace(b"\n", b"")
    sent = await partner.send(twice, mode="partial")
    assert (sent.state, sent.count("created")) == ("done", 2)
    assert sent.rules == [("record-repeated", 1, "RS92301")]


async def test_anomalies_are_paged_in_the_order_of_the_file(partner: Importer) -> None:
    wrong = flux(*(fiche(f"RS92{number}", "Ã©") for number in range(100, 130)), fiche("XX"))
    run = (await partner.post(wrong, mode="partial")).json()["id"]
    await partner.work(run)
    path = f"/v1/imports/{run}/anomalies"
    lines: list[int] = []
    after: dict[str, str] = {}
    while True:
        asked = {"limit": "7", "count": "true", **after}
        page = (await partner.client.get(path, params=asked)).json()
        for item in page["items"]:
            assert AnomalyRead.model_validate(item).model_dump(mode="json") == item
        assert page["total"] == 31
        lines += [item["line"] for item in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert lines == list(range(4, 35))
    errors = (await partner.client.get(path, params={"severity": "error"})).json()["items"]
    assert [(one["rule"], one["record"]) for one in errors] == [
        ("certification-number-invalid", None)
    ]
    assert errors[0]["detail"].keys() == {"fr", "en"}


async def test_e3_fifty_at_once_with_one_key_make_one_run(partner: Importer) -> None:
    key = {"idempotency-key": "e3"}
    answers = await asyncio.gather(*(partner.post(DATA, headers=key) for _ in range(50)))
    assert {one.status_code for one in answers} == {202}
    assert len({one.json()["id"] for one in answers}) == 1
    assert [one.headers.get("idempotent-replayed") for one in answers].count(None) == 1
    [count] = await partner.rows("SELECT count(*) FROM training.import_run")
    assert count["count"] == 1
    other = await partner.post(flux(fiche("RS92009")), headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    theirs = as_client("training", client="another")
    assert (await partner.post(DATA, headers=key | theirs)).json()["id"] != answers[0].json()["id"]


async def test_the_same_file_sent_at_once_without_a_key_is_merged_once(partner: Importer) -> None:
    runs = [(await partner.post(DATA)).json()["id"] for _ in range(4)]
    assert await asyncio.gather(*map(partner.work, runs)) == ["done"] * 4
    created = [(await partner.outcome(run)).count("created") for run in runs]
    assert sorted(created) == [0, 0, 0, 2]
    ours = [one for one in await partner.changes() if one["entity_id"].startswith("RS9200")]
    assert [one["version"] for one in ours] == [1, 1]


async def test_a_caller_that_leaves_in_the_middle_leaves_nothing_and_is_no_failure(
    partner: Importer, caplog: pytest.LogCaptureFixture
) -> None:
    told = {**as_client("training"), "content-type": "application/xml"}
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/imports/rncp",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in told.items()],
    }
    arrived: list[Message] = [
        {"type": "http.request", "body": DATA[:100], "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return arrived.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    app = harness.application(partner.database, "training", import_worker=False)
    async with harness.opened(app):
        await app(scope, receive, send)
    assert sent == []
    assert not [one for one in caplog.records if one.levelname == "ERROR"]
    for table in ("import_run", "import_file_part", "audit_event"):
        [count] = await partner.rows(f"SELECT count(*) FROM training.{table}")
        assert count["count"] == 0


async def test_runs_are_listed_the_newest_first_and_only_to_their_organisation(
    partner: Importer,
) -> None:
    sent = [(await partner.post(DATA)).json()["id"] for _ in range(3)]
    first = (await partner.client.get("/v1/imports?limit=2&count=true")).json()
    second = (await partner.client.get(f"/v1/imports?after={first['next']}")).json()
    assert [run["id"] for run in first["items"] + second["items"]] == sent[::-1]
    assert (first["total"], second["next"]) == (3, None)
    stranger = as_client("training", tenant="other", client="other")
    assert (await partner.client.get("/v1/imports", headers=stranger)).json()["items"] == []
    for path in ("", "/anomalies", "/certificate"):
        answer = await partner.client.get(f"/v1/imports/{sent[0]}{path}", headers=stranger)
        assert (answer.status_code, answer.json()["code"]) == (404, "import-unknown")


async def test_only_who_may_import_can_send_and_read(partner: Importer) -> None:
    weak = as_client("training", scopes={"training:feed"})
    run = (await partner.post(DATA)).json()["id"]
    nobody = as_client("training", tenant="", scopes=frozenset(), client="")
    for headers, status in ((weak, 403), (nobody, 401)):
        assert (await partner.post(DATA, headers=headers)).status_code == status
        for path in ("", f"/{run}", f"/{run}/anomalies", f"/{run}/certificate"):
            answer = await partner.client.get(f"/v1/imports{path}", headers=headers)
            assert answer.status_code == status


async def test_the_same_key_and_file_make_one_run(partner: Importer) -> None:
    key = {"idempotency-key": str(uuid4())}
    first = await partner.post(DATA, headers=key)
    again = await partner.post(DATA, headers=key)
    assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    other = await partner.post(flux(fiche("RS92003")), headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert (await partner.post(DATA, headers=key, mode="partial")).status_code == 422
    assert (await partner.client.get("/v1/imports?count=true")).json()["total"] == 1
    assert (await partner.post(DATA, headers={"idempotency-key": "x" * 256})).status_code == 422


async def test_what_nobody_reads_is_refused(partner: Importer) -> None:
    unread = await partner.post(DATA, "application/pdf")
    assert (unread.status_code, unread.json()["code"]) == (415, "import-media-type-unread")
    brotli = await partner.post(DATA, headers={"content-encoding": "br"})
    assert brotli.status_code == 415
    foreign = await partner.client.post("/v1/imports/nope", content=DATA)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "import-format-unknown")
    assert "rncp" in foreign.json()["detail"]
    assert (await partner.post(DATA, mode="perhaps")).status_code == 422
    assert (await partner.post(DATA, colour="blue")).status_code == 400
    assert (await partner.client.get("/v1/imports/x")).status_code == 422
    assert (await partner.client.get(f"/v1/imports/{uuid4()}")).status_code == 404


HOSTILE = [
    (b"<!DOCTYPE FICHES>\n<FICHES/>", "application/xml", "xml-doctype-forbidden", "1"),
    (b"<FICHES>\n<FICHE>", "application/xml", "xml-malformed", "2:8"),
    (b"", "application/xml", "xml-malformed", "1:1"),
    (b"<lheo/>", "application/xml", "import-format-mismatch", "1"),
    (b"\xef\xbb\xbf <FICHES", "application/xml", "xml-malformed", "1:9"),
    (b"<FICHES><FICHE/></FICHES>", "application/xml", "import-file-unreadable", "1"),
    (archive({"../x": b""}), "application/zip", "archive-refused", None),
    (archive({"x.csv": b""}), "application/zip", "import-format-mismatch", None),
    (archive({"x.xml": b"<a>"}), "application/zip", "xml-malformed", "1:4"),
]


async def test_a1_a2_hostile_and_broken_files_are_refused_at_the_door(partner: Importer) -> None:
    for data, kind, code, place in HOSTILE:
        answer = await partner.post(data, kind, headers={"accept-language": "en"})
        body = answer.json()
        assert (answer.status_code, body["code"]) == (422, code), data
        assert body["errors"][0].get("place") == place, data
    assert (await partner.client.get("/v1/imports?count=true")).json()["total"] == 0
    assert await partner.rows("SELECT FROM training.import_file_part") == []


@pytest.mark.parametrize("table", ["Numero_Fiche;Intitule\nRS92001;Titre\n", "\ufeff\nx", "{}"])
async def test_a_bare_table_is_told_what_is_taken(partner: Importer, table: str) -> None:
    for encoding in ("utf-8", "utf-16"):
        answer = await partner.post(
            table.encode(encoding), "text/csv", headers={"accept-language": "en"}
        )
        body = answer.json()
        assert (answer.status_code, body["code"]) == (422, "import-format-mismatch")
        assert "ZIP archive of the CSV tables" in body["errors"][0]["detail"]


@needs_samples
async def test_a1_no_content_of_another_file_is_in_the_answer(partner: Importer) -> None:
    for name in ("nasty-xxe-file", "nasty-xxe-http", "nasty-billion-laughs"):
        answer = await partner.post((SAMPLES / "authored" / f"{name}.xml").read_bytes())
        assert (answer.status_code, answer.json()["code"]) == (422, "xml-doctype-forbidden"), name
        assert "root:" not in answer.text, name
        assert answer.json()["errors"][0]["place"] == "2", name


async def test_a2_a_fault_after_the_first_mebibyte_undoes_all_that_was_read(
    partner: Importer,
) -> None:
    changes = await partner.changes()
    many = [fiche(f"RNCP{number}", "x" * 300) for number in range(60_000, 63_000)]
    sent = await partner.send(flux(*many).removesuffix(b"</FICHES>\n"), mode="partial")
    assert sent.state == "failed"
    assert [(rule, record) for rule, _, record in sent.rules] == [("xml-malformed", None)]
    assert sent.anomalies[0]["line"] in (3003, 3004)
    assert [step["verdict"] for step in sent.certificate["steps"]] == [
        "passed",
        "failed",
        "not_reached",
        "not_reached",
        "not_reached",
    ]
    assert sent.run["records"] == 3000
    assert await partner.changes() == changes
    assert await partner.rows("SELECT FROM training.import_record") == []
    assert await partner.rows("SELECT FROM training.import_file_part") == []


async def test_a7_a_gzip_bomb_is_too_large_and_an_honest_gzip_is_read(partner: Importer) -> None:
    coded = {"content-encoding": "gzip"}
    bomb = gzip.compress(b"0" * 50_000_000)
    answer = await partner.post(bomb, headers=coded)
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
    honest = await partner.post(gzip.compress(DATA), headers=coded)
    assert honest.status_code == 202
    assert honest.json()["size"] == len(DATA)
    packed = gzip.compress(DATA)
    for broken in (packed[:-20], packed[:-1], packed + packed, packed + b"x", DATA, b""):
        refused = await partner.post(broken, headers=coded)
        assert (refused.status_code, refused.json()["code"]) == (400, "content-encoding-broken")


async def test_a_file_may_be_larger_than_other_bodies_and_not_larger_than_its_own_limit(
    partner: Importer,
) -> None:
    large = flux(fiche("RS92004"), "<!--" + "x" * 2_000_000 + "-->")
    assert (await partner.post(large)).status_code == 202
    declared = {"content-length": str(uploads.LARGEST_BYTES + 1)}
    assert (await partner.post(DATA, headers=declared)).status_code == 413


@needs_samples
async def test_a6_encodings_are_read_as_declared(partner: Importer) -> None:
    for number, encoding in enumerate(("utf-8", "utf-16", "iso8859-15", "cp1252")):
        said = {"iso8859-15": "ISO-8859-15", "cp1252": "windows-1252"}.get(encoding, encoding)
        head = f'<?xml version="1.0" encoding="{said}"?><FICHES><VERSION_FLUX>4.1</VERSION_FLUX>'
        text = flux(fiche(f"RS9220{number}", "Œuvrer à l'été, 5 €"), head=head).decode()
        assert (await partner.send(text.encode(encoding), extract=True)).state == "done"
        read = (await partner.client.get(f"/v1/certifications/RS9220{number}")).json()
        assert read["title"]["fr"] == "Œuvrer à l'été, 5 €"
    lying = flux(fiche("RS92210", "été")).decode().encode("cp1252")
    refused = await partner.post(lying)
    assert (refused.status_code, refused.json()["code"]) == (422, "xml-malformed")


async def test_anomalies_beyond_the_bound_are_counted_and_not_listed(
    partner: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.imports.journal.KEPT", 5)
    sent = await partner.send(flux(*(fiche("XX") for _ in range(9))), mode="partial")
    assert sent.run["errors"] == 9
    assert [rule for rule, _, _ in sent.rules][5:] == ["anomalies-truncated"]
    assert json.dumps(sent.certificate["steps"][2]["errors"]) == "9"
