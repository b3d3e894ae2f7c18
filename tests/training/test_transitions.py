"""From a job that AI changes to the next ones: as a secretary of Lille would be told (issue 8)."""

from collections.abc import AsyncIterator
from typing import Any, Final

import httpx
import pytest

from tests.conftest import OpenApp
from tests.harness import Database, anonymous
from tests.training.advising import Adviser, advising, by
from tests.training.conftest import SAMPLES, needs_samples
from tests.training.searching import offer

SECRETARY: Final = "M1607"

OFFERS = [
    by(
        1,
        offer(
            "ia-secretariat",
            title="L’IA générative au secrétariat",
            objectives="Utiliser un assistant d’IA pour les courriers et les comptes rendus."
            " Vérifier les réponses, leurs sources et la protection des données (RGPD).",
            rome="M1607",
            hours="14",
            price="600",
        ),
    ),
    by(
        2,
        offer(
            "paie",
            title="Assistant comptable : préparer la paie",
            objectives="Préparer les éléments constitutifs de la paie. Collecter les éléments"
            " d’activité du personnel. Établir un état de rapprochement bancaire.",
            content="Logiciels comptables. Comptabilité générale. Gestion administrative.",
            rome="M1608",
            hours="35",
            price="1200",
        ),
    ),
    by(
        3,
        offer(
            "medical",
            title="Secrétariat médical",
            objectives="Renseigner des documents médico-administratifs. Actualiser le dossier"
            " médical du patient. Méthode de classement et d’archivage.",
            rome="M1609",
            hours="21",
            price="800",
        ),
    ),
    by(
        4,
        offer(
            "direction",
            title="Assister une direction",
            objectives="Organisation d’évènements. Veille informationnelle. Techniques de"
            " numérisation. Réaliser la gestion administrative des contrats.",
            rome="M1604",
            hours="21",
            price="700",
        ),
    ),
    by(5, offer("longue", title="Comptabilité", objectives="Gestion de la paie", hours="400")),
]


@pytest.fixture(scope="module")
async def adviser(template: Database, open_app: OpenApp) -> AsyncIterator[Adviser]:
    async with (
        open_app("observatory") as observatory,
        advising(template, "transitions", OFFERS, observatory) as opened,
    ):
        if SAMPLES.exists():
            fiches = SAMPLES / "rncp" / "export_fiches_RNCP_v4.1_fixture.xml"
            sent = await opened.partner.send(fiches.read_bytes(), extract=True)
            assert sent.state == "done"
        await opened.link()
        yield opened


async def read(adviser: Adviser, job: str) -> Any:
    answer = await adviser.partner.client.get(
        f"/v1/recommendations/transitions/{job}", headers=anonymous("training")
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_secretary_sees_the_shortest_path_to_a_less_exposed_job(
    adviser: Adviser,
) -> None:  # the "done means"
    found = await adviser.advised(
        aim="less_exposed",
        job=SECRETARY,
        constraints={"hours": 60, "place": {"commune": "59350"}, "status": "employee"},
    )
    assert found["job"] == {"code": SECRETARY, "label": "Secrétaire"}
    best, *others = found["targets"]
    assert best["job"]["code"] == "M1604"
    assert best["exposure"] < found["exposure"]
    assert all(one["exposure"] < found["exposure"] for one in others)
    assert all(one["presumed"] for one in best["gaps"] if one["held"])
    path = best["path"]
    assert path["hours"] <= 60
    assert [one["number"] for one in path["steps"]] == ["direction", "medical"]
    assert path["readiness"] > best["readiness"]
    assert path["readiness"] >= max(one["path"]["readiness"] for one in others)
    for step in path["steps"]:
        for skill in step["skills"]:
            assert (skill["method"], skill["level"]) == ("extracted", 2)
            assert skill["evidence"]
    capped = [one for one in best["courses"] if one["capped"]]
    assert all(one["score"] <= 0.6 for one in capped)


async def test_whoever_stays_is_brought_to_work_with_ai(adviser: Adviser) -> None:
    (target,) = (await adviser.advised(aim="stay", job=SECRETARY))["targets"]
    assert target["job"]["code"] == SECRETARY
    lacking = [one["skill"]["code"] for one in target["gaps"] if one["gap"]]
    assert sorted(lacking) == ["AI-01", "AI-02", "AI-03", "AI-04", "AI-05"]
    (course,) = target["courses"]
    assert course["title"] == "L’IA générative au secrétariat"
    told = {one["skill"]["code"]: one["evidence"] for one in course["skills"]}
    assert told.keys() == {"AI-01", "AI-02", "AI-03"}
    assert "Vérifier les réponses" in told["AI-02"]


async def test_one_may_tell_ones_skills_instead_of_having_them_presumed(
    adviser: Adviser,
) -> None:
    asked = {"job": SECRETARY, "targets": ["M1604"]}
    (presumed,) = (await adviser.advised(**asked))["targets"]
    (blank,) = (await adviser.advised(**asked, presume=False))["targets"]
    assert blank["readiness"] == 0 < presumed["readiness"]
    held = [one["skill"]["code"] for one in presumed["gaps"] if one["held"]]
    (without,) = (await adviser.advised(**asked, held=[{"skill": held[0], "level": 0}]))["targets"]
    assert without["readiness"] < presumed["readiness"]


async def test_a_job_leads_to_the_less_exposed_ones_first(adviser: Adviser) -> None:
    found = await read(adviser, SECRETARY)
    assert found["exposure"] == 0.58
    differences = [one["difference"] for one in found["items"]]
    assert differences == sorted(differences)
    items = {one["job"]["code"]: one for one in found["items"]}
    direction = items["M1604"]
    assert direction["difference"] == pytest.approx(-0.04)
    assert direction["shared"] + len(direction["to_gain"]) == 18
    assert direction["similarity"] == pytest.approx(0.5)
    assert found["reading"].startswith("Lecture : le ROME relie « Secrétaire » à 10 autres métiers")
    assert "RS7423" in [one["number"] for one in found["keep"]]
    assert await read(adviser, "m1607") == found


async def test_a_job_of_the_same_origin_cannot_be_told_apart(adviser: Adviser) -> None:
    items = {one["job"]["code"]: one for one in (await read(adviser, "M1613"))["items"]}
    same = items[SECRETARY]
    assert (same["similarity"], same["shared"], same["to_gain"]) == (None, None, [])


@needs_samples
async def test_certifications_of_the_directory_lead_to_the_next_job(
    adviser: Adviser,
) -> None:
    found = await read(adviser, "M1810")
    numbers = {one["number"] for item in found["items"] for one in item["certifications"]}
    assert numbers
    linked = await adviser.sql(
        "SELECT DISTINCT method FROM training.certification_skill l JOIN training.certification c"
        " ON c.id = l.certification_id WHERE c.import_run_id IS NOT NULL"
    )
    assert {row["method"] for row in linked} == {"classified", "extracted"}


async def test_an_unknown_job_is_said_to_be_one(adviser: Adviser) -> None:
    for code, status in (("A9999", 404), ("Z1234", 422)):
        address = f"/v1/recommendations/transitions/{code}"
        answer = await adviser.partner.client.get(address)
        assert answer.status_code == status


async def test_without_the_observatory_what_it_knows_is_missing(
    training: httpx.AsyncClient,
) -> None:
    answer = await training.get(f"/v1/recommendations/transitions/{SECRETARY}")
    assert answer.status_code == 200
    assert "no-cache" in answer.headers["cache-control"]
    found = answer.json()
    assert found["unavailable"] == [{"part": "exposure", "reason": "not configured"}]
    assert {one["exposure"] for one in found["items"]} == {None}
    profile = {"aim": "less_exposed", "job": SECRETARY}
    advised = (await training.post("/v1/recommendations", json=profile)).json()
    assert (advised["targets"], advised["exposure"]) == ([], None)
    assert advised["unavailable"] == found["unavailable"]
