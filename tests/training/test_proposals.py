"""A proposal through HTTP: rights, races, complements, secrecy (acceptance D1, D2, D5, D6)."""

import asyncio
from typing import Any

from tests.harness import anonymous, as_client
from tests.training.importing import Importer
from tests.training.proposing import (
    CERTIFICATION,
    COLLEAGUE,
    OTHER_REVIEWER,
    REASON,
    REVIEWER,
    RIVAL,
    SCHOOL,
    offer,
    proposed,
)


async def test_a_draft_begins_incomplete_and_is_written_until_it_is_submitted(
    platform: Importer,
) -> None:
    http = platform.client
    body = {"kind": "offer", "payload": {"title": "Essai", "provider": {"siret": "13002612300013"}}}
    headers = {**SCHOOL, "idempotency-key": "draft-1"}
    made = await http.post("/v1/proposals", json=body, headers=headers)
    assert made.status_code == 201, made.text
    again = await http.post("/v1/proposals", json=body, headers=headers)
    assert (again.content, again.headers["idempotent-replayed"]) == (made.content, "true")
    found = made.json()
    assert made.headers["location"] == f"/v1/proposals/{found['id']}"
    assert (found["state"]["code"], found["title"], found["version"]) == ("draft", "Essai", 1)
    assert found["state"]["label"] == {"fr": "Brouillon", "en": "Draft"}
    assert [one["name"] for one in found["allowed"]] == ["submit", "withdraw"]
    path, tag = made.headers["location"], made.headers["etag"]
    body = {"payload": offer()}
    assert (await http.put(path, json=body, headers=SCHOOL)).status_code == 428
    stale = await http.put(path, json=body, headers={**SCHOOL, "if-match": '"7"'})
    assert (stale.status_code, stale.headers["etag"]) == (412, '"1"')
    written = await http.put(path, json=body, headers={**SCHOOL, "if-match": tag})
    assert written.status_code == 200, written.text
    assert (written.json()["title"], written.headers["etag"]) == ("L’IA au secrétariat", '"2"')
    same = await http.put(path, json=body, headers={**SCHOOL, "if-match": '"2"'})
    assert same.headers["etag"] == '"2"', "the same again is no new version"
    ask = {"name": "submit"}
    tags = {**SCHOOL, "if-match": '"2"'}
    assert (await http.post(f"{path}/transitions", json=ask, headers=tags)).status_code == 200
    late = await http.put(path, json=body, headers={**SCHOOL, "if-match": '"3"'})
    assert (late.status_code, late.json()["code"]) == (409, "proposal-not-editable")


async def test_what_cannot_be_said_is_refused_with_all_its_faults_and_not_stored(
    platform: Importer,
) -> None:
    http = platform.client

    def spoil(payload: Any) -> None:
        payload["colour"] = "red"
        payload["title"] = "x" * 256
        payload["certifying"] = 1
        payload["domain"]["nsf"] = ["3266"]
        payload["domain"]["formacodes"] = [{"code": "31028", "colour": 1}, 5]
        payload["provider"]["siret"] = "13002612300014"
        payload["contacts"][0]["details"]["nom"] = "Personne"
        action = payload["actions"][0]
        action["mode"] = "by_post"
        action["hours"] = "42"
        action["price"] = {"amount": 12}
        action["languages"] = "fr"
        action["sessions"][0]["period"]["start"] = "2027-13-01"
        action["sessions"] += [7]

    before = await platform.rows("SELECT count(*) FROM training.proposal")
    refused = await http.post(
        "/v1/proposals", json={"kind": "offer", "payload": offer(spoil)}, headers=SCHOOL
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "proposal-payload-invalid")
    assert {(one["pointer"], one["code"]) for one in refused.json()["errors"]} == {
        ("/payload/colour", "unknown"),
        ("/payload/title", "lheo-length"),
        ("/payload/certifying", "lheo-key-unknown"),
        ("/payload/domain/nsf/0", "lheo-length"),
        ("/payload/domain/formacodes/0/colour", "unknown"),
        ("/payload/domain/formacodes/1", "kind"),
        ("/payload/provider/siret", "siret-checksum"),
        ("/payload/contacts/0/details/nom", "unknown"),
        ("/payload/actions/0/mode", "lheo-key-unknown"),
        ("/payload/actions/0/hours", "kind"),
        ("/payload/actions/0/price", "kind"),
        ("/payload/actions/0/languages", "kind"),
        ("/payload/actions/0/sessions/0/period/start", "date-invalid"),
        ("/payload/actions/0/sessions/1", "kind"),
    }
    wrong = {**CERTIFICATION, "level": "6", "rome": ["M16"], "colour": 1, "url": "ftp://x"}
    wrong["certifying_bodies"] = [{"siret": "13002612300014", "name": "U"}]
    refused = await http.post(
        "/v1/proposals", json={"kind": "certification", "payload": wrong}, headers=SCHOOL
    )
    assert {one["pointer"] for one in refused.json()["errors"]} == {
        "/payload/level",
        "/payload/rome/0",
        "/payload/colour",
        "/payload/url",
        "/payload/certifying_bodies/0/siret",
    }
    for body in ({"kind": "gift", "payload": {}}, {"kind": "offer"}, {"kind": "offer", "x": 1}):
        assert (await http.post("/v1/proposals", json=body, headers=SCHOOL)).status_code == 422
    assert await platform.rows("SELECT count(*) FROM training.proposal") == before


async def test_who_may_not_is_told_so(platform: Importer) -> None:
    http, body = platform.client, {"kind": "offer", "payload": {}}
    nobody = anonymous("training")
    reader = as_client("training", "universite-a", {"training:read"}, client="reader")
    found = await proposed(platform, None, "submit")
    assert (await http.post("/v1/proposals", json=body, headers=nobody)).status_code == 401
    assert (await http.post("/v1/proposals", json=body, headers=REVIEWER)).status_code == 403
    assert (await http.get(found.path, headers=nobody)).status_code == 401
    assert (await http.get(found.path, headers=as_client("training", scopes=set()))).is_error
    assert (await found.move(reader, "withdraw")).json()["code"] == "scope-missing"
    assert (await found.move(REVIEWER, "withdraw")).json()["code"] == "proposal-not-yours"
    listed = await http.get("/v1/proposals?view=to_review", headers=SCHOOL)
    assert (listed.status_code, listed.json()["code"]) == (403, "scope-missing")
    headers = {**REVIEWER, "if-match": found.etag}
    written = await http.put(found.path, json={"payload": {}}, headers=headers)
    assert (written.status_code, written.json()["code"]) == (403, "scope-missing")
    both = as_client("training", "region-hdf", {"training:write", "training:review"}, client="r")
    headers = {**both, "if-match": found.etag}
    written = await http.put(found.path, json={"payload": {}}, headers=headers)
    assert (written.status_code, written.json()["code"]) == (403, "proposal-not-yours")


async def test_nobody_reviews_what_their_own_organisation_proposes(platform: Importer) -> None:
    """D1."""
    found = await proposed(platform, None, "submit")
    assert (await found.move(COLLEAGUE, "admit")).json()["code"] == "proposal-self-review"
    await found.through("admit", "start_review", "opine_favourably")
    for name in ("accept", "refuse", "refuse_for_good"):
        refused = await found.move(COLLEAGUE, name, REASON)
        assert (refused.status_code, refused.json()["code"]) == (403, "proposal-self-review")
    elsewhere = as_client(
        "training", "region-hdf", {"training:read", "training:review"}, client="school-a"
    )
    assert (await found.move(elsewhere, "accept")).status_code == 403, "the author in another hat"
    assert (await found.read())["state"]["code"] == "opinion_favourable"


async def test_of_two_reviewers_who_decide_at_once_one_has_decided(platform: Importer) -> None:
    """D1."""
    for _ in range(3):
        found = await proposed(platform, None, "submit", "admit", "start_review")
        await found.through("opine_favourably")
        tag = found.etag
        answers = await asyncio.gather(
            found.move(REVIEWER, "accept", if_match=tag),
            found.move(OTHER_REVIEWER, "refuse", REASON, if_match=tag),
        )
        assert sorted(one.status_code for one in answers) == [200, 412]
        lost = next(one for one in answers if one.status_code == 412)
        assert lost.headers["etag"] == '"6"'
        steps = await platform.client.get(f"{found.path}/transitions", headers=SCHOOL)
        assert len(steps.json()["items"]) == 5


async def test_an_illegal_transition_is_told_the_legal_ones(platform: Importer) -> None:
    """D2."""
    found = await proposed(platform)
    refused = await found.move(SCHOOL, "publish")
    assert (refused.status_code, refused.json()["code"]) == (409, "proposal-transition-forbidden")
    assert "submit, withdraw" in refused.json()["detail"]
    assert (await found.move(SCHOOL, "submit", if_match='"9"')).status_code == 412
    headers = dict(SCHOOL)
    body = {"name": "submit"}
    bare = await platform.client.post(f"{found.path}/transitions", json=body, headers=headers)
    assert bare.status_code == 428
    for wrong in ({"name": "destroy"}, {}, {"name": "submit", "colour": 1}):
        answer = await platform.client.post(
            f"{found.path}/transitions", json=wrong, headers={**SCHOOL, "if-match": found.etag}
        )
        assert answer.status_code == 422


async def test_each_transition_tells_who_when_and_why(platform: Importer) -> None:
    """D2."""
    found = await proposed(platform, None, "submit", "admit", "start_review")
    for reason in (None, "  ", "trop court"[:9]):
        for name in ("opine_with_reserves", "opine_unfavourably"):
            refused = await found.move(REVIEWER, name, reason)
            assert (refused.status_code, refused.json()["code"]) == (422, "proposal-reason-missing")
    assert (await found.move(REVIEWER, "opine_unfavourably", REASON)).status_code == 200
    for name in ("refuse", "refuse_for_good"):
        refused = await found.move(REVIEWER, name)
        assert refused.json()["errors"][0]["pointer"] == "/reason"
    assert (await found.move(REVIEWER, "refuse", REASON)).status_code == 200
    page = await platform.client.get(f"{found.path}/transitions?limit=4", headers=SCHOOL)
    rest = await platform.client.get(
        f"{found.path}/transitions?after={page.json()['next']}", headers=SCHOOL
    )
    steps = page.json()["items"] + rest.json()["items"]
    told = [(one["transition"], one["source"], one["target"], one["reason"]) for one in steps]
    assert told == [
        ("submit", "draft", "submitted", None),
        ("admit", "submitted", "admissible", None),
        ("start_review", "admissible", "under_review", None),
        ("opine_unfavourably", "under_review", "opinion_unfavourable", REASON),
        ("refuse", "opinion_unfavourable", "refused", REASON),
    ]
    assert [one["version"] for one in steps] == [2, 3, 4, 5, 6]
    assert {(one["organisation"], one["actor"]) for one in steps} == {
        ("universite-a", "school-a"),
        ("region-hdf", "reviewer-1"),
    }
    assert len({one["payload_sha256"] for one in steps}) == 1
    audited = await platform.rows(
        "SELECT tenant, detail FROM training.audit_event WHERE entity_id = $1"
        " AND action = 'move_proposal' ORDER BY id",
        found.id,
    )
    assert tuple(audited[-1]) == ("region-hdf", "opinion_unfavourable refuse refused")
    await found.through("revise", "submit")
    assert (await found.read())["state"]["code"] == "submitted"


async def test_the_steps_are_there_for_good(platform: Importer) -> None:
    rights = await platform.rows(
        "SELECT has_table_privilege('training_app', 'training.' || name, right_) AS may"
        " FROM unnest(ARRAY['proposal_step', 'proposal_opinion']) name,"
        " unnest(ARRAY['UPDATE', 'DELETE']) right_"
    )
    assert not any(row["may"] for row in rights)


async def test_a_complement_stops_the_clock_and_opens_the_fields_asked_for_only(
    platform: Importer,
) -> None:
    """D5."""
    found = await proposed(platform, None, "submit", "admit", "start_review")
    running = await found.read()
    assert (running["clock"]["is_running"], running["clock"]["days_given"]) == (True, 90)
    wrong: list[list[str]] = [[], ["/colour"], ["title"], ["/actions/0/colour"], ["/title/x"]]
    for fields in wrong:
        refused = await found.move(REVIEWER, "request_complement", REASON, fields=fields)
        assert (refused.status_code, refused.json()["code"]) == (422, "proposal-fields-refused")
    asked = ["/actions/0/disabled_access", "/contacts"]
    answer = await found.move(REVIEWER, "request_complement", REASON, fields=asked)
    assert answer.status_code == 200, answer.text
    waiting = await found.read()
    assert waiting["complement"] == {"fields": asked, "reason": REASON}
    assert (waiting["clock"]["is_running"], waiting["clock"]["due_on"]) == (False, None)

    def beyond(payload: Any) -> None:
        payload["title"] = "Autre"
        payload["actions"][0]["disabled_access"] = "Oui"
        payload["actions"][0]["hours"] = 12

    refused = await found.put(offer(beyond))
    assert (refused.status_code, refused.json()["code"]) == (409, "proposal-fields-not-asked")
    assert [one["pointer"] for one in refused.json()["errors"]] == [
        "/payload/actions/0/hours",
        "/payload/title",
    ]

    def within(payload: Any) -> None:
        payload["actions"][0]["disabled_access"] = "Référent : handicap@exemple.test"
        payload["contacts"] += [{"details": {"phones": ["0320000000"]}}]

    assert (await found.put(offer(within))).status_code == 200
    assert (await found.move(REVIEWER, "opine_favourably")).status_code == 409
    await found.through("complete", "opine_favourably")
    back = await found.read()
    assert (back["complement"], back["clock"]["is_running"]) == (None, True)
    assert back["payload"]["actions"][0]["disabled_access"].startswith("Référent")


async def test_what_was_refused_for_good_is_not_reopened(platform: Importer) -> None:
    """D5."""
    found = await proposed(platform, None, "submit", "admit", "start_review")
    await found.through("opine_unfavourably", "refuse_for_good")
    for who, name in ((SCHOOL, "revise"), (SCHOOL, "submit"), (REVIEWER, "accept")):
        refused = await found.move(who, name)
        assert (refused.status_code, refused.json()["code"]) == (
            409,
            "proposal-transition-forbidden",
        )
    assert (await found.read())["allowed"] == []


async def test_a_draft_is_nowhere_for_others(platform: Importer) -> None:
    """D6: not in lists, counts, facets, the feed or exports; and 404, not 403."""
    http = platform.client
    marker = "Zygomatique"
    found = await proposed(platform, offer(title=marker))
    certified = await proposed(platform, {**CERTIFICATION, "title": marker}, kind="certification")
    addresses = [
        f"/v1/search?q={marker}&facets=true",
        "/v1/search?facets=true",
        "/v1/formations?count=true",
        f"/v1/certifications?q={marker}&count=true",
        "/v1/changes?limit=1000",
        "/v1/exports/lheo-2.3.xml",
        "/v1/exports/offers.csv",
        "/v1/exports/offers.jsonl",
        "/v1/exports/certifications.csv",
        "/v1/proposals?count=true",
        "/v1/proposals?view=to_review&count=true&limit=200",
    ]
    everything = as_client("training", "region-hdf", client="reviewer-9")
    for address in addresses:
        answer = await http.get(address, headers=everything)
        if answer.status_code == 400:
            answer = await http.get(address.partition("?")[0], headers=everything)
        assert answer.status_code == 200, f"{address}: {answer.text}"
        for secret in (marker, found.id, certified.id):
            assert secret not in answer.text, address
    assert (await http.get("/v1/proposals?count=true", headers=RIVAL)).json()["total"] == 0
    for one in (found, certified):
        for who in (RIVAL, REVIEWER, everything):
            paths = ("", "/transitions", "/opinions", "/attachments", "/checks")
            for tail in paths:
                hidden = await http.get(one.path + tail, headers=who)
                assert (hidden.status_code, hidden.json()["code"]) == (404, "proposal-unknown")
            moved = await http.post(
                f"{one.path}/transitions",
                json={"name": "submit"},
                headers={**who, "if-match": "*"},
            )
            assert moved.status_code == 404
        written = await http.put(one.path, json={"payload": {}}, headers={**RIVAL, "if-match": "*"})
        assert written.status_code == 404
    mine = await http.get("/v1/proposals?count=true&limit=200", headers=SCHOOL)
    assert {found.id, certified.id} <= {one["id"] for one in mine.json()["items"]}
    await found.through("submit")
    listed = await http.get("/v1/proposals?view=to_review&limit=200", headers=REVIEWER)
    assert found.id in {one["id"] for one in listed.json()["items"]}
    assert (await http.get(found.path, headers=RIVAL)).status_code == 404
    await found.through("reject", "revise")
    assert (await http.get(found.path, headers=REVIEWER)).status_code == 404, "a draft again"


async def test_lists_are_filtered_and_go_on_where_they_stopped(platform: Importer) -> None:
    lone = as_client("training", "ecole-c", {"training:read", "training:write"}, client="c")
    made = [(await proposed(platform, {"title": f"T{n}"}, who=lone)).id for n in range(5)]
    seen: list[str] = []
    after = ""
    while True:
        page = await platform.client.get(f"/v1/proposals?limit=2{after}", headers=lone)
        seen += [one["id"] for one in page.json()["items"]]
        if page.json()["next"] is None:
            break
        after = f"&after={page.json()['next']}"
    assert seen == made[::-1]
    for query, number in (("state=draft", 5), ("state=submitted", 0), ("kind=certification", 0)):
        listed = await platform.client.get(f"/v1/proposals?count=true&{query}", headers=lone)
        assert listed.json()["total"] == number
    assert (await platform.client.get("/v1/proposals?state=x", headers=lone)).status_code == 422


async def test_a_review_is_the_charge_of_those_it_was_given_to(platform: Importer) -> None:
    http = platform.client
    found = await proposed(platform, None, "submit")
    reviewers = f"{found.path}/reviewers"
    charge = {"organisation": "region-hdf", "reviewer": "reviewer-2"}
    own = {"organisation": "universite-a", "reviewer": "school-a2"}
    assert (await http.post(reviewers, json=charge, headers=SCHOOL)).status_code == 403
    assert (await http.post(reviewers, json=charge, headers=COLLEAGUE)).status_code == 403
    assert (await http.post(reviewers, json=own, headers=REVIEWER)).status_code == 403
    assert (await http.post(reviewers, json={}, headers=REVIEWER)).status_code == 422
    for _ in range(2):
        given = await http.post(reviewers, json=charge, headers=REVIEWER)
        assert (given.status_code, given.json()["reviewer"]) == (201, "reviewer-2")
    assert (await found.read())["reviewers"] == ["region-hdf/reviewer-2"]
    refused = await found.move(REVIEWER, "admit")
    assert (refused.status_code, refused.json()["code"]) == (403, "proposal-reviewer-not-assigned")
    assert (await found.move(OTHER_REVIEWER, "admit")).status_code == 200
    freed = await http.post(f"{reviewers}/release", json=charge, headers=REVIEWER)
    assert freed.status_code == 204
    assert (await found.move(REVIEWER, "start_review")).status_code == 200
    await found.through("withdraw")
    over = await http.post(reviewers, json=charge, headers=REVIEWER)
    assert (over.status_code, over.json()["code"]) == (409, "proposal-review-over")


async def test_each_reviewer_has_one_opinion_in_a_round(platform: Importer) -> None:
    http = platform.client
    found = await proposed(platform, None, "submit", "admit")
    path, body = f"{found.path}/opinions", {"opinion": "reserved", "reason": REASON}
    early = await http.post(path, json=body, headers=REVIEWER)
    assert (early.status_code, early.json()["code"]) == (409, "proposal-not-under-review")
    await found.through("start_review")
    assert (await http.post(path, json=body, headers=COLLEAGUE)).status_code == 403
    short = await http.post(path, json={**body, "reason": "non"}, headers=REVIEWER)
    assert short.status_code == 422
    for who in (REVIEWER, OTHER_REVIEWER):
        assert (await http.post(path, json=body, headers=who)).status_code == 201
    twice = await http.post(path, json=body, headers=REVIEWER)
    assert (twice.status_code, twice.json()["code"]) == (409, "proposal-opinion-given")
    await found.through("request_complement", "complete")
    again = {"opinion": "favourable", "reason": "Le complément répond à la question."}
    assert (await http.post(path, json=again, headers=REVIEWER)).status_code == 201
    told = [
        (one["round"], one["reviewer"], one["opinion"])
        for one in (await http.get(path, headers=SCHOOL)).json()["items"]
    ]
    assert told == [
        (1, "reviewer-1", "reserved"),
        (1, "reviewer-2", "reserved"),
        (2, "reviewer-1", "favourable"),
    ]
