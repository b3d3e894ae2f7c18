"""Continuity: what a day allows, what replaces a certification, which blocs carry over (C4)."""

from typing import Any

import httpx
import pytest

from tests.training.conftest import SAMPLES, Enter, needs_samples
from tests.training.importing import Importer, fiche, flux
from training.continuity.schemas import ContinuityRead, EquivalenceRead, SuccessionRead

ONE = "/v1/certifications/"
FIXTURE = SAMPLES / "rncp" / "export_fiches_RNCP_v4.1_fixture.xml"


async def read(client: httpx.AsyncClient, path: str, **asked: str) -> Any:
    answer = await client.get(ONE + path, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def new(number: str) -> str:
    """Write the element that names what replaces a fiche."""
    named = f"<ID_FICHE_NOUVELLE_CERTIFICATION>{number}</ID_FICHE_NOUVELLE_CERTIFICATION>"
    return f"<NOUVELLE_CERTIFICATION>{named}</NOUVELLE_CERTIFICATION>"


@needs_samples
async def test_c4_a_registration_holds_until_midnight_in_paris(partner: Importer) -> None:
    await partner.send(FIXTURE.read_bytes())
    for asked, state in (
        ({"at": "2026-08-31T21:59:59Z"}, "active"),
        ({"at": "2026-08-31T22:00:00Z"}, "inactive"),
        ({"on": "2026-08-31"}, "active"),
        ({"on": "2026-09-01"}, "inactive"),
    ):
        for path in ("RNCP35809", "RNCP35809/continuity"):
            found = await read(partner.client, path, **asked)
            assert found["state"] == state, (path, asked)


@pytest.mark.parametrize(
    ("end", "last", "first"),
    [
        ("25/10/2026", "2026-10-25T22:59:59Z", "2026-10-25T23:00:00Z"),  # a day of 25 hours
        ("29/03/2026", "2026-03-29T21:59:59Z", "2026-03-29T22:00:00Z"),  # a day of 23 hours
    ],
)
async def test_c4_days_on_which_the_clocks_change_end_at_midnight_too(
    partner: Importer, end: str, last: str, first: str
) -> None:
    await partner.send(flux(fiche("RS91200", DATE_FIN_ENREGISTREMENT=end)))
    assert (await read(partner.client, "RS91200/continuity", at=last))["may_enrol"] is True
    assert (await read(partner.client, "RS91200/continuity", at=first))["may_enrol"] is False


async def test_c4_rs6232_is_delivered_for_half_a_year_more_and_replaced(
    partner: Importer,
) -> None:
    old = fiche(
        "RS6232",
        DATE_FIN_ENREGISTREMENT="25/01/2026",
        DATE_LIMITE_DELIVRANCE="25/07/2026",
        NOUVELLES_CERTIFICATIONS=new("RS7485"),
    )
    await partner.send(flux(old, fiche("RS7485", "Successeur")))
    for on, enrol, deliver in (
        ("2026-01-25", True, True),
        ("2026-03-01", False, True),
        ("2026-07-25", False, True),
        ("2026-07-26", False, False),
    ):
        body = await read(partner.client, "RS6232/continuity", on=on)
        assert (body["may_enrol"], body["may_deliver"]) == (enrol, deliver), on
        assert (body["enrolment_ends_on"], body["delivery_ends_on"]) == ("2026-01-25", "2026-07-25")
        assert (body["enrol_in"], body["dangling"], body["cyclic"]) == (["RS7485"], [], False)
        assert body["source"]["licence"] == "Licence Ouverte 2.0"


async def test_c4_a_published_fiche_that_has_ended_names_its_successor(
    training: httpx.AsyncClient,
) -> None:
    assert (await read(training, "RS5000"))["source_state"] == "Publiée"
    for on, state in (("2024-05-24", "active"), ("2024-05-25", "inactive")):
        body = await read(training, "RS5000/continuity", on=on)
        assert (body["state"], body["replacements"][0]["number"]) == (state, "RS6604")


@needs_samples
async def test_c4_rncp34762_goes_on_in_rncp39568(partner: Importer) -> None:
    await partner.send(FIXTURE.read_bytes())
    body = await read(partner.client, "RNCP34762/continuity", on="2026-09-01")
    assert ContinuityRead.model_validate(body).model_dump(mode="json") == body
    assert (body["state"], body["enrol_in"]) == ("inactive", ["RNCP39568"])
    assert body["replacements"][0]["title"]["fr"]
    assert "on peut s’inscrire à : RNCP39568" in body["explanation"]
    after = await read(partner.client, "RNCP34762/continuity", on="2029-09-01")
    assert (after["enrol_in"], after["replacements"][0]["state"]) == ([], "delivery_only")


@needs_samples
async def test_blocs_carry_over_in_sets_as_the_successor_states_them(partner: Importer) -> None:
    await partner.send(FIXTURE.read_bytes())
    bloc = "<BLOC_COMPETENCES><CODE>RNCP37507BC0{}</CODE><LIBELLE>x</LIBELLE></BLOC_COMPETENCES>"
    blocs = "".join(bloc.format(number) for number in (1, 2, 4, 9))
    old = fiche("RNCP37507", DATE_FIN_ENREGISTREMENT="01/03/2026", BLOCS_COMPETENCES=blocs)
    await partner.send(flux(old), extract=True)
    body = await read(partner.client, "RNCP37507/continuity", on="2026-09-01")
    assert body["enrol_in"] == ["RNCP40344"]
    carried = {tuple(one["blocs"]): one for one in body["carries_over"]}
    first = carried[("RNCP37507BC04",)]
    assert first["to"] == first["stated_by"] == "RNCP40344"
    assert (first["to_blocs"], first["whole"], first["to_whole"]) == (
        ["RNCP40344BC04"],
        False,
        False,
    )
    assert body["blocs_left"] == ["RNCP37507BC09"]
    assert "Des blocs sont reconnus par : RNCP40344." in body["explanation"]


async def test_an_empty_set_is_the_whole_certification_and_carries_no_bloc_alone(
    training: httpx.AsyncClient, enter: Enter
) -> None:
    last = await enter()
    first = await enter(
        registration_end="2022-01-01",
        successors=[last],
        blocs=[{"code": "01", "title": "Un"}],
        equivalences=[{"source_blocs": [], "target": last, "target_blocs": ["A", "B"]}],
    )
    body = await read(training, f"{first}/continuity")
    [carried] = body["carries_over"]
    assert (carried["whole"], carried["blocs"]) == (True, [])
    assert (carried["to_whole"], carried["to_blocs"]) == (False, ["A", "B"])
    assert body["blocs_left"] == ["01"]


async def test_all_successors_are_followed_and_a_circle_is_said(
    training: httpx.AsyncClient, enter: Enter, store: Any, fresh: Any
) -> None:
    codes = [f"RS{fresh()}" for _ in range(30)]
    for code, following in zip(codes, [*codes[1:], codes[0]], strict=True):
        await enter(
            "RS", number=int(code[2:]), registration_end="2022-01-01", successors=[following]
        )
    body = await read(training, f"{codes[0]}/continuity", on="2026-01-01")
    assert [one["number"] for one in body["replacements"]] == codes[1:]
    assert [one["distance"] for one in body["replacements"]] == list(range(1, 30))
    assert (body["cyclic"], body["complete"], body["enrol_in"]) == (True, True, [])
    assert "en rond" in body["explanation"]


async def test_what_this_catalogue_lacks_is_said(training: httpx.AsyncClient, enter: Enter) -> None:
    number = await enter(registration_end="2022-01-01", successors=["RS88888"])
    body = await read(training, f"{number}/continuity")
    assert (body["dangling"], body["enrol_in"]) == (["RS88888"], [])
    assert body["replacements"][0]["known"] is False
    assert body["explanation"].endswith("Absentes de ce catalogue : RS88888.")
    alone = await enter(registration_end="2022-01-01")
    said = (await read(training, f"{alone}/continuity"))["explanation"]
    assert said.endswith("Aucune certification ne la remplace dans le répertoire.")


async def test_a_chain_that_is_too_long_is_cut_and_said(
    training: httpx.AsyncClient, enter: Enter
) -> None:
    number = await enter(successors=[f"RS{successor}" for successor in range(1_000, 1_500)])
    body = await read(training, f"{number}/continuity")
    assert (len(body["replacements"]), body["complete"]) == (200, False)


@needs_samples
async def test_equivalences_are_read_from_both_sides_page_by_page(partner: Importer) -> None:
    await partner.send(FIXTURE.read_bytes())
    path, after, found = f"{ONE}RNCP36490/equivalences", None, []
    while True:
        asked = {"limit": "7", "count": "true"} | ({"after": after} if after else {})
        body = (await partner.client.get(path, params=asked)).json()
        found += body["items"]
        after = body["next"]
        if after is None:
            break
    assert body["total"] == len(found) == 20
    for one in found:
        assert EquivalenceRead.model_validate(one).model_dump(mode="json") == one
        assert one["source"]["number"] == "RNCP36490"
        assert one["source"]["whole"] == (not one["source"]["blocs"])
        assert one["other"]["number"] == one["target"]["number"]
    for row in await partner.rows(
        "SELECT target, count(*) FROM training.equivalence e"
        " WHERE EXISTS (SELECT FROM training.certification c WHERE c.code = e.target)"
        " GROUP BY target"
    ):
        seen = await read(partner.client, f"{row['target']}/equivalences", limit="200")
        stated = [one for one in seen["items"] if one["target"]["number"] == row["target"]]
        assert len(stated) == row["count"] > 0
        assert {one["other"]["known"] for one in stated} == {True}


async def test_succession_names_both_directions_and_who_states_them(
    training: httpx.AsyncClient, enter: Enter
) -> None:
    middle = await enter(predecessors=["RS88881"])
    before = await enter(registration_end="2022-01-01", successors=[middle])
    items = (await read(training, f"{middle}/succession"))["items"]
    for one in items:
        assert SuccessionRead.model_validate(one).model_dump(mode="json") == one
    assert [(one["relation"], one["number"], one["known"], one["stated_by"]) for one in items] == [
        ("predecessor", "RS88881", False, [middle]),
        ("predecessor", before, True, [before]),
    ]
    day_before = await read(training, f"{middle}/succession", on="2021-12-31")
    assert day_before["items"][1]["state"] == "active"
    first = await read(training, f"{middle}/succession", limit="1")
    second = await read(training, f"{middle}/succession", limit="1", after=first["next"])
    assert [*first["items"], *second["items"]] == items


@pytest.mark.parametrize(
    "tail",
    [
        "",
        "/RS7423",
        "/RS7423/continuity",
        "/RS7423/equivalences",
        "/RS7423/succession",
        "/RS7423/organisations",
        "/RS7423/habilitations",
    ],
)
@pytest.mark.parametrize(
    ("asked", "code", "pointer"),
    [
        ({"on": "2026-02-30"}, "invalid", "/on"),
        ({"on": "1969-12-31"}, "invalid", "/on"),
        ({"on": "2200-01-01"}, "invalid", "/on"),
        ({"on": "31/08/2026"}, "invalid", "/on"),
        ({"at": "2026-08-31T22:00:00"}, "invalid", "/at"),
        ({"on": "2026-08-31", "at": "2026-08-31T00:00:00Z"}, "moment-ambiguous", "/at"),
    ],
)
async def test_every_question_of_a_day_refuses_days_that_cannot_be_meant(
    training: httpx.AsyncClient, tail: str, asked: dict[str, str], code: str, pointer: str
) -> None:
    siret = {"siret": "11004301500012"} if tail.endswith("habilitations") else {}
    answer = await training.get("/v1/certifications" + tail, params=asked | siret)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize("tail", ["continuity", "equivalences", "succession", "organisations"])
async def test_a_copy_of_what_has_not_changed_is_not_sent_again(
    training: httpx.AsyncClient, tail: str
) -> None:
    path = f"{ONE}RS5000/{tail}"
    tag = (await training.get(path)).headers["etag"]
    again = await training.get(path, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert (await training.get(f"{ONE}RS1/{tail}")).json()["code"] == "certification-unknown"
