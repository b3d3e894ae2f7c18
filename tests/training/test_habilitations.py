"""Habilitations: who may train and assess for a certification, and since when (C10, B8)."""

from datetime import date
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.conftest import SAMPLES, Enter, needs_samples
from tests.training.importing import Importer, fiche, flux
from training.certifications.lifecycle import Validity
from training.habilitations import rules
from training.habilitations.rules import Line, Reason
from training.habilitations.schemas import HabilitationRead, OrganisationRead

ONE = "/v1/certifications/"
FIXTURE = SAMPLES / "rncp" / "export_fiches_RNCP_v4.1_fixture.xml"
SIRET, ESTABLISHMENT, STRANGER = "11004301500012", "11004301500020", "88877726500016"


async def asked(client: httpx.AsyncClient, number: str, siret: str, **more: str) -> Any:
    answer = await client.get(f"{ONE}{number}/habilitations", params={"siret": siret, **more})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert HabilitationRead.model_validate(body).model_dump(mode="json") == body
    return body


def partner_of(state: str, role: str = "ORGA_FORM", day: str = "12/04/2023") -> str:
    return (
        f"<PARTENAIRE><NOM_PARTENAIRE>ISCOD</NOM_PARTENAIRE><SIRET_PARTENAIRE>{STRANGER}"
        f"</SIRET_PARTENAIRE><HABILITATION_PARTENAIRE>HABILITATION_{role}</HABILITATION_PARTENAIRE>"
        f"<ETAT_HABILITATION>{state}</ETAT_HABILITATION><DATE_ACTIF>12/04/2023</DATE_ACTIF>"
        f"<DATE_DERNIERE_MODIFICATION_ETAT>{day}</DATE_DERNIERE_MODIFICATION_ETAT></PARTENAIRE>"
    )


@needs_samples
async def test_a_partner_of_the_real_file_may_while_the_registration_lasts(
    partner: Importer,
) -> None:
    await partner.send(FIXTURE.read_bytes())
    body = await asked(partner.client, "RNCP35419", STRANGER, on="2026-03-17")
    assert (body["reason"], body["since"]) == ("partner", "2023-04-12")
    assert (body["may_enrol"], body["may_train"], body["may_assess"]) == (True, True, True)
    assert body["organisations"][0]["name"] == "ISCOD"
    after = await asked(partner.client, "RNCP35419", STRANGER, on="2026-03-18")
    assert (after["reason"], after["state"], after["may_enrol"]) == ("partner", "inactive", False)
    assert "a pris fin" in after["explanation"]
    body_ = await asked(partner.client, "RNCP35809", "11004401300040", on="2026-01-01")
    assert (body_["reason"], body_["may_assess"]) == ("certifying_body", True)
    other = await asked(partner.client, "RNCP35809", STRANGER, on="2026-01-01")
    assert (other["reason"], other["may_enrol"]) == ("not_listed", False)


async def test_c10_a_partner_whose_habilitation_ends_may_no_longer(partner: Importer) -> None:
    body = "<CERTIFICATEUR><SIRET_CERTIFICATEUR>11004301500012</SIRET_CERTIFICATEUR>"
    body += "<NOM_CERTIFICATEUR>MINISTERE</NOM_CERTIFICATEUR></CERTIFICATEUR>"

    async def send(state: str, **more: str) -> None:
        line = partner_of(state, **more)
        await partner.send(flux(fiche("RS91300", CERTIFICATEURS=body, PARTENAIRES=line)))

    await send("Actif")
    before = await asked(partner.client, "RS91300", STRANGER)
    assert (before["reason"], before["may_train"]) == ("partner", True)
    for state in ("Inactif", "Supprimé"):
        await send(state, day="01/06/2025")
        after = await asked(partner.client, "RS91300", STRANGER)
        assert (after["reason"], after["since"]) == ("inactive", "2025-06-01")
        assert (after["may_enrol"], after["may_train"], after["may_assess"]) == (False,) * 3
        assert after["organisations"][0]["state"] == "inactive"
        earlier = await asked(partner.client, "RS91300", STRANGER, on="2025-05-31")
        assert (earlier["reason"], earlier["may_train"]) == ("partner", True)
        too_early = await asked(partner.client, "RS91300", STRANGER, on="2023-04-11")
        assert too_early["may_train"] is False


@pytest.mark.parametrize(
    ("role", "train", "assess"),
    [("train", True, False), ("assess", False, True), ("both", True, True)],
)
async def test_a_partner_may_what_its_habilitation_says(
    training: httpx.AsyncClient, enter: Enter, role: str, *, train: bool, assess: bool
) -> None:
    number = await enter(partners=[{"siret": SIRET, "name": "P", "role": role}])
    body = await asked(training, number, SIRET)
    assert (body["may_enrol"], body["may_train"], body["may_assess"]) == (train, train, assess)
    assert body["source"]["licence"] == "Licence Ouverte 2.0"


async def test_what_the_source_leaves_open_is_not_answered(
    training: httpx.AsyncClient, enter: Enter
) -> None:
    here = await enter(partners=[{"siret": SIRET, "name": "P", "role": "both"}])
    sister = await asked(training, here, "11004301500038")
    assert (sister["reason"], sister["may_train"]) == ("other_establishment", None)
    assert sister["organisations"][0]["siret"] == SIRET
    nameless = await enter(certifying_bodies=[{"siret": None, "name": "Sans SIRET"}])
    body = await asked(training, nameless, SIRET)
    assert (body["reason"], body["may_assess"]) == ("unidentified", None)
    unsaid = await enter(certifying_bodies=[{"siret": STRANGER, "name": "Autre"}])
    body = await asked(training, unsaid, SIRET)
    assert (body["reason"], body["may_enrol"]) == ("partners_unknown", None)
    ended = await enter(
        certifying_bodies=[{"siret": None, "name": "Sans SIRET"}], registration_end="2022-01-01"
    )
    assert (await asked(training, ended, SIRET))["may_enrol"] is False


@pytest.mark.parametrize(
    "spelling",
    ["110 043 015 00012", "\t11004301500012", "110.043.015-00012", "110\u202f043\u00a0015 00012"],
)
async def test_b8_a_siret_is_read_with_its_blanks(
    training: httpx.AsyncClient, enter: Enter, spelling: str
) -> None:
    number = await enter(certifying_bodies=[{"siret": SIRET, "name": "Ministère"}])
    body = await asked(training, number, spelling)
    assert (body["siret"], body["reason"]) == (SIRET, "certifying_body")


@pytest.mark.parametrize(
    "spelling",
    ["11004301500013", "110043015", "1100430150001A", "", "１１００４３０１５０００１２", "%"],
)
async def test_b8_what_is_no_siret_is_refused(training: httpx.AsyncClient, spelling: str) -> None:
    answer = await training.get(f"{ONE}RS7423/habilitations", params={"siret": spelling})
    assert (answer.status_code, answer.json()["code"]) == (422, "siret-invalid")
    assert answer.json()["errors"][0]["pointer"] == "/siret"
    missing = await training.get(f"{ONE}RS7423/habilitations")
    assert (missing.status_code, missing.json()["code"]) == (422, "invalid")


async def test_the_answer_is_in_the_language_asked(training: httpx.AsyncClient) -> None:
    answer = await training.get(
        f"{ONE}RS7423/habilitations",
        params={"siret": SIRET},
        headers={"accept-language": "en"},
    )
    assert answer.headers["content-language"] == "en"
    assert "SIRET" in answer.json()["explanation"] or "The" in answer.json()["explanation"]
    assert answer.headers["vary"] == "Accept-Language"


@needs_samples
async def test_organisations_are_listed_bodies_first_and_filtered(partner: Importer) -> None:
    await partner.send(FIXTURE.read_bytes())
    path, after, found = f"{ONE}RNCP37674/organisations", None, []
    while True:
        query = {"limit": "200", "count": "true"} | ({"after": after} if after else {})
        page = (await partner.client.get(path, params=query)).json()
        found += page["items"]
        after = page["next"]
        if after is None:
            break
    assert page["total"] == len(found) == 472
    assert [one["kind"] for one in found] == ["certifying_body"] + ["partner"] * 471
    for one in found[:3]:
        assert OrganisationRead.model_validate(one).model_dump(mode="json") == one
    asked_for = {"kind": "certifying_body", "state": "active", "count": "true"}
    assert (await partner.client.get(path, params=asked_for)).json()["total"] == 1
    none = await partner.client.get(path, params={"state": "inactive"})
    assert none.json()["items"] == []
    assert (await partner.client.get(path, params={"kind": "x"})).status_code == 422


DAYS = st.dates(date(2020, 1, 1), date(2020, 1, 20))
LINES = st.builds(
    Line,
    kind=st.sampled_from(["certifying_body", "partner"]),
    siret=st.sampled_from([SIRET, ESTABLISHMENT]),
    name=st.just("x"),
    role=st.sampled_from(["train", "assess", "both"]),
    state=st.sampled_from(["active", "inactive"]),
    state_since=st.none() | DAYS,
    active_since=st.none() | DAYS,
)


@given(st.lists(LINES, max_size=4), DAYS, DAYS, st.tuples(st.booleans(), st.booleans()))
def test_nobody_may_enrol_after_the_end_nor_on_a_line_that_is_not_active(
    lines: list[Line],
    day: date,
    end: date,
    doubts: tuple[bool, bool],
) -> None:
    standing = rules.standing(lines, SIRET, day, unidentified=doubts[0], listed=doubts[1])
    answer = rules.answer(standing, Validity(ends_on=end), day)
    if day > end:
        assert answer.may_enrol is False
        assert answer.may_train is False
        assert answer.may_assess is False
    own = [line for line in lines if line.siret == SIRET and rules.active(line, day)]
    assert (answer.reason in {Reason.CERTIFYING_BODY, Reason.PARTNER}) == bool(own)
    if answer.may_train:
        assert any(line.role != "assess" for line in own)


def test_the_dates_of_a_line_say_how_far_back_it_is_known() -> None:
    def line(state: str, since: int | None, first: int | None) -> Line:
        days = [None if day is None else date(2020, 1, day) for day in (since, first)]
        return Line("partner", SIRET, "x", "both", state, *days)

    on = date(2020, 1, 10)
    assert rules.active(line("active", None, None), on) is True
    assert rules.active(line("active", 10, None), on) is True
    assert rules.active(line("active", 11, None), on) is None
    assert rules.active(line("active", 11, 9), on) is None
    assert rules.active(line("active", 9, 11), on) is None
    assert rules.active(line("active", 12, 11), on) is False
    assert rules.active(line("inactive", 10, 1), on) is False
    assert rules.active(line("inactive", 11, 10), on) is True
    assert rules.active(line("inactive", 11, None), on) is None
