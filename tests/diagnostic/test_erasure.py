"""X6: a person, or a company, is gone from everywhere at once; what was scored stays."""

import uuid
from typing import Any

import asyncpg
import httpx
import pytest

from tests import harness
from tests.diagnostic.acting import Acting
from tests.diagnostic.files import attached

MARK = "Zéphyrine"
"""A first name that nothing else in the database has."""

TEXT, NA = "CTX_EXPECT", "TECH2"
"""A question with a free answer and one that may not apply, in the shipped grid."""


async def places(sql: asyncpg.Connection, *needles: str) -> list[str]:
    """Find every table and column of the service that holds one of these, whatever its type."""
    columns = await sql.fetch(
        "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c"
        " JOIN information_schema.tables t USING (table_schema, table_name)"
        " WHERE c.table_schema = 'diagnostic' AND t.table_type = 'BASE TABLE'"
    )
    assert len({row["table_name"] for row in columns}) > 15
    found = []
    for table, column, kind in columns:
        for needle in needles:
            held = (
                f"position(convert_to($1, 'UTF8') IN {column}) > 0"
                if kind == "bytea"
                else f"position(lower($1) IN lower({column}::text)) > 0"
            )
            query = f"SELECT count(*) FROM diagnostic.{table} WHERE {held}"
            if await sql.fetchval(query, needle):
                found.append(f"{table}.{column}")
    return sorted(set(found))


class Story:
    """A diagnostic in which a respondent left traces in every way that there is."""

    def __init__(self, acting: Acting, mark: str) -> None:
        self.acting = acting
        self.name = f"{mark} Lenoir-Ducasse"
        self.email = f"{mark.lower().replace('é', 'e')}.lenoir@exemple.fr"
        self.words = f"Parole de {mark}, en réunion"
        self.traces = (self.name, self.email, self.words, mark)
        self.assessment: dict[str, Any] = {}
        self.respondent: dict[str, Any] = {}
        self.other: dict[str, Any] = {}

    async def happen(self) -> None:
        acting = self.acting
        self.assessment = await acting.assessment("MIA")
        path = f"/v1/assessments/{self.assessment['id']}"
        body = {"name": self.name, "email": self.email, "role": f"Bras droit de {self.name}"}
        key = {"idempotency-key": uuid.uuid4().hex}
        self.respondent = (await acting.post(f"{path}/respondents", body, **key)).json()
        self.other = (await acting.post(f"{path}/respondents", {"name": "Paul Autre"})).json()
        own = f"{path}/respondents/{self.respondent['id']}/answers"
        said = {"state": "answered", "value": self.words}
        assert (await acting.send("PUT", f"{own}/{TEXT}", said, '"0"')).status_code == 200
        assert (await acting.send("PUT", f"{own}/{TEXT}", said, '"1"')).status_code == 200
        na = {"state": "not_applicable", "reason": self.words}
        assert (await acting.send("PUT", f"{own}/{NA}", na, '"0"')).status_code == 200
        theirs = f"{path}/respondents/{self.other['id']}/answers"
        named = {"state": "answered", "value": f"Voir avec {self.name.upper()} !"}
        assert (await acting.send("PUT", f"{theirs}/{TEXT}", named, '"0"')).status_code == 200
        assert (await acting.answer(self.assessment["id"], TEXT, said)).status_code == 200
        again = {"state": "answered", "value": "Rien à dire de personne."}
        assert (await acting.answer(self.assessment["id"], TEXT, again, '"1"')).status_code == 200
        assert (await acting.answer(self.assessment["id"], NA, na)).status_code == 200
        for about in (
            {"text": self.words, "respondent_id": self.respondent["id"]},
            {"text": f"Demander à {self.email} ce document."},
            {"text": "Quel document décrit cela ?"},
        ):
            answer = await acting.post(
                f"{path}/comments", about, **{"idempotency-key": uuid.uuid4().hex}
            )
            assert answer.status_code == 201, answer.text

        proof = await attached(acting, self.assessment, title=f"Attestation de {self.name}.pdf")
        assert proof.status_code == 201, proof.text

    def path(self) -> str:
        return f"/v1/assessments/{self.assessment['id']}/respondents/{self.respondent['id']}"

    async def erased(self) -> httpx.Response:
        tag = (await self.acting.get(self.path())).headers["etag"]
        return await self.acting.send(
            "DELETE", f"/v1/respondents/{self.respondent['id']}", None, tag
        )


@pytest.fixture
async def story(acting: Acting, mia: dict[str, Any]) -> Story:
    told = Story(acting, f"{MARK}{uuid.uuid4().hex[:6]}")
    await told.happen()
    return told


async def test_nothing_of_the_person_is_left_in_any_table(
    story: Story, sql: asyncpg.Connection
) -> None:
    before = await places(sql, *story.traces)
    assert {
        "respondent.name",
        "respondent.email",
        "respondent.role",
        "respondent_answer.value",
        "respondent_answer.reason",
        "respondent_answer_event.value",
        "answer.reason",
        "answer_event.value",
        "answer_event.reason",
        "review_comment.text",
        "evidence.title",
        "idempotency_key.body",
    } <= set(before)
    assert (await story.erased()).status_code == 204
    assert await places(sql, *story.traces) == []


async def test_what_others_wrote_of_other_things_stays(
    story: Story, sql: asyncpg.Connection
) -> None:
    await story.erased()
    comments = (await story.acting.get(f"/v1/assessments/{story.assessment['id']}/comments")).json()
    assert [one["text"] for one in comments["items"]] == [None, None, "Quel document décrit cela ?"]
    present = await sql.fetchval(
        "SELECT value #>> '{}' FROM diagnostic.answer WHERE assessment_id = $1 AND question = $2",
        story.assessment["id"],
        TEXT,
    )
    assert present == "Rien à dire de personne."
    path = f"/v1/assessments/{story.assessment['id']}/respondents/{story.other['id']}"
    assert (await story.acting.get(path)).json()["name"] == "Paul Autre"


async def test_the_score_does_not_move(story: Story, mia: dict[str, Any]) -> None:
    acting, path = story.acting, f"/v1/assessments/{story.assessment['id']}"
    await acting.answer_visible(story.assessment["id"], mia)
    assert (await acting.post(f"{path}/submit")).status_code == 200
    score = (await acting.get(f"{path}/score")).json()
    link = await acting.post(f"{path}/share-links", {"note": f"Pour {story.name}"})
    assert link.status_code == 201, link.text
    assert (await story.erased()).status_code == 204
    assert (await acting.get(f"{path}/score")).json() == score
    export = await acting.get(
        f"/v1/organisations/{story.assessment['organisation_id']}/export.json"
    )
    assert export.json()["parts"]["score"][0]["result_hash"] == score["result_hash"]
    assert not [word for word in story.traces if word in export.text]
    replay = await acting.post(f"/v1/scores/{export.json()['parts']['score'][0]['id']}/replay")
    assert (replay.status_code, replay.json()["match"]) == (200, True)


async def test_those_who_follow_hear_of_a_pseudonym(story: Story, sql: asyncpg.Connection) -> None:
    await story.erased()
    row = await sql.fetchrow(
        "SELECT kind, payload FROM diagnostic.change WHERE entity_id = $1",
        story.respondent["pseudonym"],
    )
    assert (row["kind"], row["payload"]) == ("deleted", '{"reason": "erased"}')


async def test_the_deed_is_recorded(story: Story) -> None:
    await story.erased()
    events = await story.acting.get(f"/v1/audit-events?entity_id={story.respondent['id']}")
    assert [one["action"] for one in events.json()["items"]] == ["erase", "invite"]


async def test_a_key_used_before_answers_that_the_data_are_gone(
    acting: Acting, mia: dict[str, Any]
) -> None:
    one = await acting.assessment("MIA")
    path = f"/v1/assessments/{one['id']}/respondents"
    key = {"idempotency-key": uuid.uuid4().hex}
    invited = await acting.post(path, {"name": "Éphémère Durand"}, **key)
    gone = f"/v1/respondents/{invited.json()['id']}"
    assert (await acting.send("DELETE", gone, None, invited.headers["etag"])).status_code == 204
    for language, title in (("fr", "Données effacées"), ("en", "Data erased")):
        asked = {**key, "accept-language": language}
        again = await acting.post(path, {"name": "Éphémère Durand"}, **asked)
        assert (again.status_code, again.json()["code"]) == (410, "erased")
        assert (again.json()["title"], again.headers["content-language"]) == (title, language)
        assert len(again.json()["trace_id"]) == 32
        told = ("content-type", "cache-control", "idempotent-replayed")
        assert [again.headers[name] for name in told] == [
            "application/problem+json",
            "no-store",
            "true",
        ]


async def test_a_later_diagnostic_of_the_company_forgets_the_person_too(
    acting: Acting, mia: dict[str, Any], sql: asyncpg.Connection
) -> None:
    name, words = f"Ulrique Sanspareil {uuid.uuid4().hex[:6]}", f"Ulriquement dit {uuid.uuid4()}"
    first = await acting.assessment("MIA")
    later = await acting.assessment("MIA", organisation_id=first["organisation_id"], milestone="T1")
    known = {"name": name, "email": f"u{uuid.uuid4().hex}@exemple.fr"}
    invited = [
        (await acting.post(f"/v1/assessments/{one['id']}/respondents", known)).json()
        for one in (first, later)
    ]
    path = f"/v1/assessments/{first['id']}/respondents/{invited[0]['id']}/answers/{TEXT}"
    said = {"state": "answered", "value": words}
    assert (await acting.send("PUT", path, said, '"0"')).status_code == 200
    assert (await acting.answer(later["id"], TEXT, said)).status_code == 200  # carried over
    gone = f"/v1/respondents/{invited[0]['id']}"
    assert (await acting.send("DELETE", gone, None, '"1"')).status_code == 204
    assert await places(sql, name, known["email"], words) == []


async def test_erasing_twice_changes_nothing_more(story: Story, sql: asyncpg.Connection) -> None:
    tag = (await story.acting.get(story.path())).headers["etag"]
    path = f"/v1/respondents/{story.respondent['id']}"
    assert (await story.acting.send("DELETE", path, None, tag)).status_code == 204
    told = await sql.fetchval("SELECT count(*) FROM diagnostic.change")
    assert (await story.acting.send("DELETE", path, None, tag)).status_code == 204
    assert await sql.fetchval("SELECT count(*) FROM diagnostic.change") == told
    shown = (await story.acting.get(story.path())).json()
    assert (shown["status"], shown["name"], shown["email"]) == ("erased", None, None)


async def test_a_short_name_does_not_take_other_words_with_it(
    acting: Acting, mia: dict[str, Any], sql: asyncpg.Connection
) -> None:
    one = await acting.assessment("MIA")
    path = f"/v1/assessments/{one['id']}"
    invited = await acting.post(f"{path}/respondents", {"name": "Eve"})
    for text in ("Le développement devra suivre.", "Eve s’en charge.", "Le rêve d’Eve"):
        await acting.post(f"{path}/comments", {"text": text})
    gone = f"/v1/respondents/{invited.json()['id']}"
    await acting.send("DELETE", gone, None, invited.headers["etag"])
    comments = (await acting.get(f"{path}/comments")).json()["items"]
    assert [found["text"] for found in comments] == ["Le développement devra suivre.", None, None]


async def test_erasing_a_person_is_for_the_officer_of_their_tenant(
    story: Story, stranger: Acting, onlooker: Acting, service: httpx.AsyncClient
) -> None:
    path = f"/v1/respondents/{story.respondent['id']}"
    assert (await onlooker.send("DELETE", path, None, "*")).status_code == 403
    nobody = harness.anonymous("diagnostic")
    assert (await service.delete(path, headers=nobody)).status_code == 401
    foreign = await stranger.send("DELETE", path, None, "*")
    assert (foreign.status_code, foreign.json()["code"]) == (404, "respondent-unknown")
    unknown = f"/v1/respondents/{uuid.uuid4()}"
    assert (await story.acting.send("DELETE", unknown, None, "*")).status_code == 404
    assert (await story.acting.send("DELETE", path, None, None)).status_code == 428
    assert (await story.acting.send("DELETE", path, None, '"99"')).status_code == 412
    assert (await story.acting.send("DELETE", "/v1/respondents/x", None, "*")).status_code == 422
    assert (await story.acting.get(story.path())).json()["name"] == story.name


async def test_the_role_may_blank_through_its_door_only(
    story: Story, database: harness.Database
) -> None:
    connection = await asyncpg.connect(database.dsn("diagnostic"))
    try:
        for table in ("answer_event", "respondent_answer_event"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(f"UPDATE {table} SET reason = NULL")
        other = uuid.uuid4()
        await connection.execute(
            "SELECT erase_answer_events($1, (SELECT array_agg(id::text) FROM answer_event))", other
        )
        kept = await connection.fetchval(
            "SELECT count(*) FROM answer_event WHERE reason = $1", story.words
        )
        assert kept == 1
    finally:
        await connection.close()
