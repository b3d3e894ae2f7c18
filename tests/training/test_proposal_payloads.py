"""An offer's payload and LHÉO say the same: publishable is valid by the XSD (acceptance D3)."""

import copy
import io
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.training.conftest import SAMPLES, needs_samples
from tests.training.proposing import OFFER, offer
from training.offers import lheo
from training.offers.facts import NEWEST, Walk
from training.offers.faults import Faults
from training.offers.lheo import identify
from training.offers.writing import TAIL, head, written
from training.proposals import certification_payloads, offer_payloads
from training.proposals.differences import joined

RICH: dict[str, Any] = {
    "certifications": [{"rncp": "RNCP37873", "formacode": "31028"}, {"rs": "RS7423"}],
    "general_objective": "6",
    "exit_level": "16",
    "web": ["https://exemple.test/ia"],
    "positioning": "pedagogical",
}


def rich(payload: Any) -> None:
    payload.update(copy.deepcopy(RICH))
    payload["actions"][0] |= {
        "funders": [{"code": "2", "seats": 12}],
        "trainers": [{"siret": "13002612300013", "legal_name": "", "uai": "0590000A"}],
        "courses": [{"title": "Vérifier", "kind": "2", "mandatory": True}],
        "teaching_codes": ["96132"],
        "hourly_price": {"amount": None, "currency": "EUR", "text": "devis"},
    }
    payload["actions"][0]["sessions"][0] |= {
        "enrolment_period": {"start": None, "end": "2027-02-26"},
        "recruitments": [{"method": "3", "remote": False, "from": "09:00"}],
        "bloc_sets": [
            {
                "validation": "partial",
                "certifications": {"rncp": "RNCP37873"},
                "blocs": [{"title": "Bloc", "code": "RNCP37873BC01"}],
            }
        ],
        "cycles": [
            {
                "kind": "apprenticeship",
                "years": [1, 2],
                "work_study": {"kind": "any", "rhythm": {"unit": "week", "in_company": 2}},
            }
        ],
    }
    rhythm = payload["actions"][0]["sessions"][0]["cycles"][0]["work_study"]["rhythm"]
    rhythm["in_centre"] = 1
    address = payload["actions"][0]["places"][0]["details"]["address"]
    address["coordinates"] = {"latitude": "50.62", "longitude": "3.05"}


def xml(document: dict[str, Any]) -> bytes:
    return (head("2.3") + written(document, "2.3") + TAIL).encode()


def members(value: Any, pointer: str = "") -> Iterator[str]:
    """Yield the pointer of every member, at any depth."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield joined(pointer, name)
            yield from members(inner, joined(pointer, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from members(inner, joined(pointer, place))


def without(document: dict[str, Any], pointer: str) -> dict[str, Any]:
    made = copy.deepcopy(document)
    *path, last = pointer.split("/")[1:]
    at: Any = made
    for name in path:
        at = at[int(name)] if isinstance(at, list) else at[name]
    del at[last]
    return made


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(file=str(SAMPLES / "lheo" / "lheo-2.3.xsd"))


@needs_samples
def test_d3_publishable_is_valid_by_the_xsd_whatever_is_left_out(
    schema: etree.XMLSchema,
) -> None:
    whole = offer_payloads.judge(offer(rich))
    assert (whole.faults, whole.missing) == ([], [])
    assert schema.validate(etree.fromstring(xml(whole.document))), schema.error_log
    tried = {True: 0, False: 0}
    for pointer in members(whole.document):
        if pointer.endswith(("/number", "/code", "/version", "/main", "/amount", "/text")):
            continue  # attributes and parts of one text, no elements
        judged = offer_payloads.judge(without(whole.document, pointer))
        assert judged.faults == [], pointer
        is_valid = schema.validate(etree.fromstring(xml(judged.document)))
        assert is_valid == (judged.missing == []), f"{pointer}: {schema.error_log}"
        tried[is_valid] += 1
    assert min(tried.values()) > 25


def test_what_was_judged_is_what_an_import_reads() -> None:
    judged = offer_payloads.judge(offer(rich))
    faults = Faults(0)
    element = etree.fromstring(xml(judged.document)).find(f".//{{{NEWEST}}}formation")
    assert element is not None
    read = Walk(NEWEST).facts(element, faults)
    assert [one.rule for one in faults.findings()] == ["price-unparsed"]
    assert read == judged.document


@given(
    st.sampled_from(["title", "objectives", "content", "expected_results"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=300),
)
def test_any_text_is_read_again_as_it_was_kept(name: str, text: str) -> None:
    judged = offer_payloads.judge(offer(None, **{name: text}))
    if judged.faults:
        assert [one.pointer for one in judged.faults] == [f"/{name}"]
        return
    (reading,) = lheo.Lheo(io.BytesIO(xml(judged.document)), f"{{{NEWEST}}}lheo", None)
    assert reading.document is not None
    assert reading.code == "13002612300013/IA-1"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(st.sampled_from(sorted(members(dict(OFFER)))), JSON)
def test_nothing_that_somebody_sends_makes_it_fail(pointer: str, value: Any) -> None:
    payload = offer()
    *path, last = pointer.split("/")[1:]
    at: Any = payload
    for name in path:
        at = at[int(name)] if isinstance(at, list) else at[name]
    at[last] = value
    judged = offer_payloads.judge(payload)
    assert all(one.pointer.startswith("/") for one in judged.faults + judged.missing)
    if not judged.faults and not judged.missing:
        numbered = {"number": "given by the gate", **judged.document}
        identify(numbered, ("provider", "offer"))
        etree.fromstring(xml(numbered))


@pytest.mark.parametrize(
    ("of", "pointer", "is_field"),
    [
        (offer_payloads, "/title", True),
        (offer_payloads, "/actions/0/sessions/1/period/start", True),
        (offer_payloads, "/provider/siret", True),
        (offer_payloads, "/web/0", True),
        (offer_payloads, "/actions/0/colour", False),
        (offer_payloads, "/title/more", False),
        (offer_payloads, "title", False),
        (offer_payloads, "", False),
        (certification_payloads, "/blocs/0/title", True),
        (certification_payloads, "/colour", False),
        (certification_payloads, "blocs", False),
        (certification_payloads, "", False),
    ],
)
def test_a_complement_is_about_fields_that_there_are(of: Any, pointer: str, is_field: bool) -> None:  # noqa: FBT001  # what is expected
    assert of.is_field(pointer) is is_field
