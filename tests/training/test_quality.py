"""How completely records inform: the score is of the weights, and says what it lacks (S11, M13)."""

from typing import Any

import httpx
import orjson
import pytest

from tests.training.conftest import SAMPLES, Enter, needs_samples
from tests.training.importing import Importer
from tests.training.offering import SIRET, formation, lheo
from training.certifications import quality as certifications
from training.certifications import queries
from training.certifications.quality import Criterion, judge
from training.offers import quality
from training.offers.lheo import identity

WHOLE: dict[str, Any] = {
    "objectives": "o" * quality.OBJECTIVES_CHARACTERS,
    "content": "c" * quality.CONTENT_CHARACTERS,
    "contacts": [{"details": {"email": "contact@exemple.test"}}],
    "domain": {"formacodes": [{"code": "31028"}], "rome": ["M1805"]},
    "exit_level": "16",
    "web": ["https://exemple.test"],
    "actions": [
        {
            "mode": "on_site",
            "disabled_access": "Oui",
            "languages": ["FR"],
            "audiences": [{"code": "80056"}],
            "price": {"amount": "0.00", "currency": "EUR", "free": True},
            "hours": 70,
            "funders": [{"code": "2"}],
            "places": [{"details": {"address": {"commune": "59350"}}}],
            "sessions": [
                {
                    "period": {"start": "2026-10-05", "end": "2026-11-06"},
                    "enrolment_period": {"start": None, "end": "2026-10-01"},
                    "recruitment_state": "open",
                }
            ],
        }
    ],
}


def missing(document: dict[str, Any]) -> list[str]:
    return [one.code for one in quality.of_formation(document).missing]


ACTION = ("actions", 0)
SESSION = (*ACTION, "sessions", 0)
LACKING: dict[str, tuple[tuple[str | int, ...], Any]] = {
    "content": (("content",), WHOLE["content"][1:]),
    "objectives": (("objectives",), WHOLE["objectives"][1:]),
    "contact": (("contacts", 0, "details"), {}),
    "rome": (("domain", "rome"), []),
    "formacodes": (("domain", "formacodes"), None),
    "exit_level": (("exit_level",), None),
    "web": (("web",), []),
    "location": ((*ACTION, "places", 0, "details", "address"), {"postcode": "59000"}),
    "price": ((*ACTION, "price"), {"amount": None, "currency": "EUR", "text": "sur devis"}),
    "dates": ((*SESSION, "period", "end"), None),
    "recruitment_state": ((*SESSION, "recruitment_state"), None),
    "enrolment_period": ((*SESSION, "enrolment_period"), None),
    **{
        name: ((*ACTION, name), None)
        for name in ("disabled_access", "languages", "mode", "audiences", "hours", "funders")
    },
}


def without(code: str) -> dict[str, Any]:
    """Take what a criterion asks for out of the whole formation."""
    made: dict[str, Any] = orjson.loads(orjson.dumps(WHOLE))
    (*path, last), value = LACKING[code]
    part: Any = made
    for step in path:
        part = part[step]
    part[last] = value
    return made


def test_a_whole_offer_has_a_hundred_and_lacks_nothing() -> None:
    assert (quality.of_formation(WHOLE).score, missing(WHOLE)) == (100, [])


@pytest.mark.parametrize("criterion", quality.CRITERIA, ids=lambda one: one.code)
def test_each_thing_that_is_missing_is_named_and_costs_its_weight(criterion: Criterion) -> None:
    found = quality.of_formation(without(criterion.code))
    assert [one.code for one in found.missing] == [criterion.code]
    whole = sum(one.weight for one in quality.CRITERIA)
    assert found.score == 100 * (whole - criterion.weight) // whole < 100


def test_what_only_one_action_says_is_missing() -> None:
    bare = without("disabled_access")["actions"]
    assert missing({**WHOLE, "actions": WHOLE["actions"] + bare}) == ["disabled_access"]


def test_an_action_at_a_distance_needs_no_place() -> None:
    action = {**WHOLE["actions"][0], "mode": "remote", "places": []}
    assert missing({**WHOLE, "actions": [action]}) == []


def test_handicap_language_presence_and_audience_are_the_heaviest() -> None:
    """Feature M13: what must be said before publication."""
    weights = sorted((-one.weight, one.code) for one in quality.CRITERIA)
    heaviest = {code for weight, code in weights if weight <= -3}
    assert {"disabled_access", "languages", "mode", "audiences"} <= heaviest
    assert weights[0] == (-4, "disabled_access")


def test_nothing_met_is_zero_and_the_heaviest_come_first() -> None:
    found = judge(quality.CRITERIA, ())
    weights = [one.weight for one in found.missing]
    assert (found.score, weights) == (0, sorted(weights, reverse=True))


def test_an_rs_needs_neither_level_nor_blocs() -> None:
    met = {one.code for one in certifications.CRITERIA} - {"level", "blocs"}
    assert certifications.of_certification("RS", met).score == 100
    rncp = certifications.of_certification("RNCP", met)
    assert [one.code for one in rncp.missing] == ["blocs", "level"]


def test_the_statement_knows_every_criterion() -> None:
    for one in certifications.CRITERIA:
        assert f"THEN '{one.code}' END" in queries.QUALITY


@needs_samples
async def test_the_sample_is_judged_listed_and_filtered_by_its_score(partner: Importer) -> None:
    data = (SAMPLES / "authored" / "lheo-2.3-ia-valid.xml").read_bytes()
    await partner.send(data, form="lheo")
    await partner.send(lheo(formation("F1")), form="lheo", extract=True)
    answer = await partner.client.get(f"/v1/formations/{identity(SIRET, 'HDF-IA-0001')}/quality")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert [one["code"] for one in found["missing"]] == ["content", "enrolment_period"]
    assert found["missing"][0]["label"]["fr"] == "Contenu d’au moins 200 caractères"
    assert found["score"] == 92

    async def listed(**asked: int) -> list[tuple[str, int]]:
        page = (await partner.client.get("/v1/formations", params=asked)).json()
        return [(one["number"], one["quality"]) for one in page["items"]]

    both = await listed()
    assert [number for number, _ in both] == ["F1", "HDF-IA-0001"]
    assert await listed(min_quality=92) == [("HDF-IA-0001", 92)]
    assert await listed(max_quality=91) == both[:1]
    unknown = await partner.client.get(f"/v1/formations/{identity(SIRET, 'F9')}/quality")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "formation-unknown")


async def test_other_weights_reach_what_has_not_changed_without_a_new_version(
    partner: Importer,
) -> None:
    await partner.send(lheo(formation("F1")), form="lheo")
    before = await partner.changes("formation")
    kept = (await partner.rows("SELECT quality, version FROM training.formation"))[0]
    await partner.rows("UPDATE training.formation SET quality = NULL")
    again = await partner.send(lheo(formation("F1")), form="lheo")
    assert again.count("unchanged") == 1
    after = (await partner.rows("SELECT quality, version FROM training.formation"))[0]
    assert (tuple(after), await partner.changes("formation")) == (tuple(kept), before)


async def test_a_certification_says_what_its_fiche_lacks(
    training: httpx.AsyncClient, enter: Enter
) -> None:
    number = await enter("RNCP", level=5, rome=[{"code": "M1805", "label": "Études"}])
    answer = await training.get(f"/v1/certifications/{number}/quality")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    lacked = {one["code"] for one in found["missing"]}
    known = {"level", "rome", "registration_end"}
    assert lacked == {one.code for one in certifications.CRITERIA} - known
    assert found["score"] == certifications.of_certification("RNCP", known).score == 26
    missing_ = await training.get("/v1/certifications/RNCP99999/quality")
    assert missing_.status_code == 404
