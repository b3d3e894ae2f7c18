"""Whether one may still enrol, from the dates of sessions and certifications (M5, B4)."""

from datetime import date
from typing import Any

import pytest

from tests.training.importing import Importer, fiche, flux
from tests.training.offering import SIRET, formation, lheo
from training.certifications.lifecycle import Validity
from training.offers.lheo import identity
from training.openings import rules
from training.openings.rules import Phase, Reason, Session

DAY = date(2026, 10, 5)
OPEN = {"starts_on": date(2026, 10, 10), "ends_on": date(2026, 11, 6)}
LASTS = Validity(starts_on=date(2020, 1, 1), ends_on=date(2030, 8, 31))
ENDS = Validity(starts_on=date(2021, 1, 1), ends_on=date(2026, 10, 9))


def session(**facts: Any) -> Session:
    none = dict.fromkeys(
        ("starts_on", "ends_on", "enrolment_starts_on", "enrolment_ends_on", "recruitment_state")
    )
    return Session(**{**none, "permanent": False, **OPEN, **facts})


@pytest.mark.parametrize(
    ("facts", "certifications", "reasons"),
    [
        ({}, {"A": LASTS}, []),
        ({}, {}, []),
        ({"starts_on": None, "ends_on": None}, {"A": LASTS}, []),
        ({"ends_on": DAY, "starts_on": DAY}, {}, []),
        ({"starts_on": date(2026, 10, 1)}, {}, [Reason.SESSION_BEGUN]),
        ({"starts_on": date(2026, 10, 1), "permanent": True}, {}, []),
        ({"starts_on": date(2026, 10, 1), "enrolment_ends_on": DAY}, {}, []),
        (
            {"starts_on": date(2026, 9, 1), "ends_on": date(2026, 10, 4), "permanent": True},
            {},
            [Reason.SESSION_ENDED],
        ),
        ({"enrolment_starts_on": date(2026, 10, 6)}, {}, [Reason.ENROLMENT_NOT_BEGUN]),
        ({"enrolment_starts_on": DAY}, {}, []),
        ({"enrolment_ends_on": date(2026, 10, 4)}, {}, [Reason.ENROLMENT_ENDED]),
        ({"recruitment_state": "open"}, {}, []),
        (
            {"recruitment_state": "closed"},
            {"A": ENDS},
            [Reason.RECRUITMENT_CLOSED, Reason.CERTIFICATION_CLOSED],
        ),
        ({"recruitment_state": "suspended"}, {}, [Reason.RECRUITMENT_SUSPENDED]),
        ({}, {"A": LASTS, "B": ENDS}, [Reason.CERTIFICATION_CLOSED]),  # active today, not then
        ({"starts_on": date(2026, 10, 9)}, {"B": ENDS}, []),
        ({}, {"A": LASTS, "B": None}, [Reason.CERTIFICATION_UNKNOWN]),
        ({}, {"A": ENDS, "B": None}, [Reason.CERTIFICATION_CLOSED]),
    ],
)
def test_every_reason_against_enrolling_is_given(
    facts: dict[str, Any], certifications: dict[str, Validity | None], reasons: list[Reason]
) -> None:
    assert rules.against(session(**facts), certifications, DAY) == reasons


def test_only_an_unknown_certification_leaves_the_answer_open() -> None:
    assert rules.may_enrol([]) is True
    assert rules.may_enrol([Reason.CERTIFICATION_UNKNOWN]) is None
    assert rules.may_enrol([Reason.CERTIFICATION_UNKNOWN, Reason.ENROLMENT_ENDED]) is False


def test_an_offer_is_valid_as_long_as_all_its_certifications_are() -> None:
    assert rules.effective([LASTS, ENDS]) == (date(2021, 1, 1), date(2026, 10, 9))
    assert rules.effective([LASTS, Validity()]) == (LASTS.starts_on, LASTS.ends_on)
    assert rules.effective([]) == (None, None)


@pytest.mark.parametrize(
    ("day", "phase"),
    [("2026-10-09", "upcoming"), ("2026-11-06", "running"), ("2026-11-07", "ended")],
)
def test_a_session_runs_from_its_first_to_its_last_day(day: str, phase: str) -> None:
    assert rules.phase(session(), date.fromisoformat(day)) is Phase(phase)


async def test_openings_are_those_of_the_day_asked(partner: Importer) -> None:
    ends = fiche("RNCP93501", DATE_FIN_ENREGISTREMENT="31/08/2026")
    assert (await partner.send(flux(ends), extract=True)).state == "done"
    second = (
        '<session numero="S2"><periode><debut>20260901</debut><fin>20260930</fin></periode>'
        "<adresse-inscription><adresse><ligne>1 rue X</ligne><codepostal>59000</codepostal>"
        "<ville>LILLE</ville></adresse></adresse-inscription></session>"
    )
    certified = "<certification><code-RNCP>93501</code-RNCP></certification>"
    data = lheo(
        formation(
            "F1",
            certifications=certified,
            period="<debut>20260831</debut><fin>20260930</fin>",
            sessions=second,
        )
    )
    assert (await partner.send(data, form="lheo")).state == "done"
    path = f"/v1/formations/{identity(SIRET, 'F1')}/openings"

    async def on(**asked: str) -> dict[str, Any]:
        answer = await partner.client.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    early = await on(on="2026-08-01")
    assert (early["may_enrol"], early["valid_until"]) == (True, "2026-08-31")
    assert early["certifications"] == [{"number": "RNCP93501", "state": "active"}]
    assert [(one["number"], one["may_enrol"], one["reasons"]) for one in early["sessions"]] == [
        ("S1", True, []),
        ("S2", False, ["certification_closed"]),
    ]
    assert (await on(at="2026-08-31T21:59:59Z"))["may_enrol"] is True
    late = await on(at="2026-08-31T22:00:00Z")
    assert (late["on"], late["may_enrol"]) == ("2026-09-01", False)
    assert late["certifications"][0]["state"] == "inactive"
    assert late["sessions"][0]["reasons"] == ["session_begun", "certification_closed"]
    assert [one["state"] for one in late["sessions"]] == ["running", "running"]
    both = await partner.client.get(path, params={"on": "2026-08-01", "at": "2026-08-31T21:59:59Z"})
    assert (both.status_code, both.json()["code"]) == (422, "moment-ambiguous")
    absent = await partner.client.get(f"/v1/formations/{identity('x')}/openings")
    assert absent.status_code == 404
    kept = await partner.client.get(path, params={"on": "2026-08-01"})
    again = {"if-none-match": kept.headers["etag"]}
    assert (
        await partner.client.get(path, params={"on": "2026-08-01"}, headers=again)
    ).status_code == 304


async def test_a_withdrawn_offer_has_no_openings(partner: Importer) -> None:
    await partner.send(lheo(*(formation(f"F{number}") for number in range(20))), form="lheo")
    await partner.send(lheo(*(formation(f"F{number}") for number in range(1, 20))), form="lheo")
    gone = await partner.client.get(f"/v1/formations/{identity(SIRET, 'F0')}/openings")
    assert (gone.status_code, gone.json()["code"]) == (410, "formation-withdrawn")
