"""Which offers and certifications teach which skill, and how we know (training.md §3, §5.2)."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.conftest import OpenApp
from tests.harness import Database, anonymous, as_client
from tests.training.advising import Adviser, advising, by, code, formation_id
from tests.training.importing import fiche, flux
from tests.training.searching import offer
from training.skills import linking

CERTIFIED = fiche(
    "RNCP90210",
    title="Secrétaire comptable de proximité",
    CODES_ROME="<ROME><CODE>M1608</CODE><LIBELLE>Secrétariat comptable</LIBELLE></ROME>",
    BLOCS_COMPETENCES="<BLOC_COMPETENCES><CODE>RNCP90210BC01</CODE><LIBELLE>Tenir les comptes"
    "</LIBELLE><LISTE_COMPETENCES>Établir un état de rapprochement bancaire.</LISTE_COMPETENCES>"
    "<MODALITES_EVALUATION>Oral</MODALITES_EVALUATION></BLOC_COMPETENCES>",
)

OFFERS = [
    by(
        1,
        offer(
            "named",
            rome="M1608",
            objectives="Collecter les éléments d’activité du personnel et préparer, dans cet"
            " ordre, la paie : éléments constitutifs de celle-ci.",
        ),
    ),
    by(
        2,
        offer(
            "unnamed",
            objectives="Préparer les éléments constitutifs de la paie. Management. Enquêter"
            " sur les éléments de langage que le personnel collecte par activité.",
        ),
    ),
    by(3, offer("whole", certifications="RNCP90210", objectives="Devenir secrétaire")),
    by(
        4,
        offer(
            "bloc",
            certifications="RNCP90210",
            objectives="Un bloc",
            sessions="",
            session="",
        ),
    ),
    by(5, offer("nothing", objectives="Se promener en forêt")),
]

COLLECT, PAY, BANK, MANAGE = "113363", "123912", "122804", "119842"


@pytest.fixture(scope="module")
async def adviser(template: Database, open_app: OpenApp) -> AsyncIterator[Adviser]:
    async with (
        open_app("observatory") as observatory,
        advising(template, "linked", OFFERS, observatory) as opened,
    ):
        sent = await opened.partner.send(flux(CERTIFIED), extract=True)
        assert (sent.state, sent.run["errors"]) == ("done", 0), sent.anomalies
        await opened.sql(
            "UPDATE training.session s SET blocs = '{RNCP90210/RNCP90210BC01}'"
            " FROM training.action a WHERE a.id = s.action_id AND a.formation_id = $1",
            formation_id(4, "bloc"),
        )
        await opened.link()
        yield opened


async def links(adviser: Adviser, number: int, key: str) -> dict[str, Any]:
    rows = await adviser.sql(
        "SELECT skill, level, method, confidence, source FROM training.formation_skill"
        " WHERE formation_id = $1",
        formation_id(number, key),
    )
    return {row["skill"]: tuple(row)[1:] for row in rows}


async def test_a_text_names_skills_of_its_jobs_in_any_order_others_in_theirs(
    adviser: Adviser,
) -> None:
    named = await links(adviser, 1, "named")
    assert named[COLLECT] == (None, "extracted", 0.8, None)
    assert named[PAY] == (None, "extracted", 0.6, None)
    unnamed = await links(adviser, 2, "unnamed")
    assert unnamed[PAY] == (None, "extracted", 0.5, None)
    assert COLLECT not in unnamed
    assert MANAGE not in unnamed  # a single word, of a job that nobody names
    assert await links(adviser, 5, "nothing") == {}


async def test_an_offer_has_what_its_certification_attests(adviser: Adviser) -> None:
    whole = await links(adviser, 3, "whole")
    assert whole[BANK][1:] == ("extracted", 0.8, "RNCP90210")
    classified = {skill for skill, link in whole.items() if link[1] == "classified"}
    wanted = await adviser.sql(
        "SELECT skill FROM training.job_skill WHERE job = 'M1608' AND essential"
    )
    assert classified <= {row["skill"] for row in wanted}
    assert classified
    assert {whole[skill] for skill in classified} == {(3, "classified", 0.5, "RNCP90210")}
    bloc = await links(adviser, 4, "bloc")
    assert bloc[BANK][1:] == ("extracted", 0.8, "RNCP90210")
    assert not [one for one in bloc.values() if one[1] == "classified"]


async def test_what_is_unchanged_is_not_linked_again_and_what_changed_is(
    adviser: Adviser,
) -> None:
    marks = "SELECT id, mark, xmin::text FROM training.skill_mark ORDER BY id"
    before = await adviser.sql(marks)
    await adviser.link()
    assert await adviser.sql(marks) == before
    await adviser.import_(by(5, offer("nothing", objectives="Préparer les éléments de la paie")))
    await adviser.import_(by(5, offer("nothing", objectives="Logiciels comptables", rome="M1608")))
    await adviser.link()
    changed = {row["id"] for row in set(await adviser.sql(marks)) - set(before)}
    assert {str(one) for one in changed} == {formation_id(5, "nothing")}
    assert (await links(adviser, 5, "nothing")).keys() == {"120886"}


async def test_what_a_provider_declared_stays(adviser: Adviser) -> None:
    await adviser.declare(formation_id(1, "named"), {"S1": 4})
    await adviser.sql("DELETE FROM training.skill_mark")
    await adviser.link()
    named = await links(adviser, 1, "named")
    assert named[code("S1")] == (4, "declared", 1.0, None)
    assert named[COLLECT] == (None, "extracted", 0.8, None)


async def test_two_do_not_link_at_once(adviser: Adviser) -> None:
    await adviser.sql("DELETE FROM training.skill_mark")
    dsn = adviser.partner.database.dsn("training")
    one, other = await asyncpg.connect(dsn), await asyncpg.connect(dsn)
    try:
        async with one.transaction(), other.transaction():
            assert await linking.follow(one, linking.KINDS[1], UUID(int=0))
            assert await linking.follow(other, linking.KINDS[1], UUID(int=0)) is None
    finally:
        await one.close()
        await other.close()
    await adviser.link()
    pending = await adviser.sql(
        "SELECT FROM training.formation f WHERE NOT EXISTS"
        " (SELECT FROM training.skill_mark m WHERE m.id = f.id)"
    )
    assert pending == []


async def test_every_shipped_skill_can_be_found_and_every_link_has_its_skill(
    adviser: Adviser,
) -> None:
    (lost,) = await adviser.sql(
        "SELECT count(*) FROM training.job_skill j WHERE NOT EXISTS"
        " (SELECT FROM training.skill s WHERE s.code = j.skill)"
    )
    assert lost[0] == 0
    (found,) = await adviser.sql(
        "SELECT count(*) FILTER (WHERE s.lexeme IS NOT NULL), count(*) FROM training.skill s"
        " WHERE s.adapts_to IS NULL AND length(s.code) < 7"
    )
    assert tuple(found) == (8698, 8699)  # one says nothing but what every text says
    jobs = await adviser.sql("SELECT count(DISTINCT job) FROM training.job_skill WHERE job < 'N9'")
    assert jobs[0][0] == 532


async def test_the_skills_may_be_looked_up(adviser: Adviser) -> None:
    client = adviser.partner.client
    found = (
        await client.get("/v1/references/rome-skill/latest", params={"q": "rapprochement bancaire"})
    ).json()
    assert BANK in [one["code"] for one in found["items"]]
    own = (await client.get("/v1/references/ai-skill/latest/AI-01")).json()
    assert own["label"]["en"] == "Use a generative AI assistant at work"


async def test_a_provider_declares_what_its_offer_teaches_and_expects(adviser: Adviser) -> None:
    client, path = adviser.partner.client, f"/v1/formations/{formation_id(1, 'named')}/skills"
    found = await client.get(path)
    assert found.status_code == 200
    extracted = {one["code"]: one["method"] for one in found.json()["skills"]}
    assert extracted[COLLECT] == "extracted"
    told = {
        "skills": [
            {"code": COLLECT, "level": 3},
            {"code": BANK, "level": 1, "prerequisite": True},
        ]
    }
    tag = {"if-match": found.headers["etag"]}
    answer = await client.put(path, json=told, headers=tag)
    assert answer.status_code == 204, answer.text
    read = await client.get(path)
    assert read.headers["etag"] == answer.headers["etag"]
    skills = {(one["code"], one["prerequisite"]): one for one in read.json()["skills"]}
    assert (skills[COLLECT, False]["level"], skills[COLLECT, False]["method"]) == (3, "declared")
    assert (skills[BANK, True]["level"], skills[BANK, True]["confidence"]) == (1, 1.0)
    await adviser.link()
    assert (await links(adviser, 1, "named"))[COLLECT] == (3, "declared", 1.0, None)

    stale = await client.put(path, json={"skills": []}, headers=tag)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale-version")
    none = await client.put(path, json={"skills": []}, headers={"if-match": read.headers["etag"]})
    assert none.status_code == 204
    await adviser.link()  # what the declaration hid is found again
    assert (await links(adviser, 1, "named"))[COLLECT] == (None, "extracted", 0.8, None)
    rows = await adviser.sql("SELECT action FROM training.audit_event WHERE action LIKE 'declare%'")
    assert [row["action"] for row in rows] == ["declare_skills"] * 2


async def test_what_cannot_be_declared_says_why_and_changes_nothing(adviser: Adviser) -> None:
    client, path = adviser.partner.client, f"/v1/formations/{formation_id(2, 'unnamed')}/skills"
    before = await links(adviser, 2, "unnamed")
    tag = {"if-match": (await client.get(path)).headers["etag"]}
    some = {"skills": [{"code": PAY, "level": 2}]}
    unknown = {"skills": [{"code": "1", "level": 2}, *some["skills"], {"code": "2", "level": 1}]}
    twice = {"skills": some["skills"] * 2}
    stranger = as_client("training", tenant="elsewhere")
    nobody = f"/v1/formations/{UUID(int=1)}/skills"
    for at, body, headers, status in (
        (path, some, {}, 428),
        (path, unknown, tag, 422),
        (path, twice, tag, 422),
        (path, {"skills": [{"code": PAY, "level": 5}]}, tag, 422),
        (path, some, stranger | tag, 404),
        (nobody, some, tag, 404),
        (path, some, anonymous("training") | tag, 401),
        (path, some, as_client("training", scopes={"training:read"}) | tag, 403),
    ):
        answer = await client.put(at, json=body, headers=headers)
        assert answer.status_code == status, answer.text
    answer = await client.put(path, json=unknown, headers=tag)
    assert [one["pointer"] for one in answer.json()["errors"]] == [
        "/skills/0/code",
        "/skills/2/code",
    ]
    assert (await client.get(nobody)).status_code == 404
    assert await links(adviser, 2, "unnamed") == before
