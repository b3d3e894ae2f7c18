"""Our rules of LHÉO 2.3 against the real schema: what the one lets in, the other does."""

import io

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.training.conftest import SAMPLES, needs_samples
from tests.training.offering import formation, lheo
from training.imports import xml
from training.imports.formats import Reading
from training.offers import grammar, names, values
from training.offers.lheo import Lheo
from training.offers.writing import TAIL, head, written

XSD = SAMPLES / "lheo" / "lheo-2.3.xsd"
_PLACE = "{http://www.w3.org/2001/XMLSchema}"


def read(data: bytes) -> list[Reading]:
    file = io.BytesIO(data)
    return list(Lheo(file, xml.check_head(file), None))


@needs_samples
def test_every_sequence_is_that_of_the_schema() -> None:
    schema = etree.parse(str(XSD)).getroot()
    for tag, node in grammar.SEQUENCES.items():
        kind = schema.find(f"{_PLACE}complexType[@name='{tag}-subtype']/{_PLACE}sequence")
        assert kind is not None, tag
        expected = [
            (
                one.get("ref").partition(":")[2],
                int(one.get("minOccurs", "1")),
                None if one.get("maxOccurs") == "unbounded" else int(one.get("maxOccurs", "1")),
            )
            for one in kind
        ]
        ours = [(one.tag, one.least, one.most) for one in node.parts.values()]
        assert [one for one in expected if one[0] != "extras"] == ours, tag


@needs_samples
def test_every_text_has_the_bounds_and_codes_of_the_schema() -> None:
    schema = etree.parse(str(XSD)).getroot()
    for tag, leaf in grammar.LEAVES.items():
        kind = schema.find(f"{_PLACE}simpleType[@name='{tag}-subtype']/{_PLACE}restriction")
        assert kind is not None, tag
        facts = {one.tag.removeprefix(_PLACE): one.get("value") for one in kind}
        if leaf.kind == "text":
            length = facts.get("length")
            least, most = facts.get("minLength", length), facts.get("maxLength", length)
            assert (leaf.least, leaf.most) == (int(least or 0), int(most or 0)), tag
        if leaf.kind == "key":
            assert set(leaf.keys or ()) == {one.get("value") for one in kind}, tag


def test_every_element_has_a_name_or_is_that_of_a_person() -> None:
    parts = {one.tag for node in grammar.SEQUENCES.values() for one in node.parts.values()}
    assert parts <= grammar.SEQUENCES.keys() | grammar.LEAVES.keys()
    words = {line.split()[0] for line in names.NAMES.split("\n") if line}
    assert parts - words == {"civilite", "nom", "prenom", "portable", "fax"}
    for tag, node in grammar.SEQUENCES.items():
        named = [one.name for one in node.parts.values() if one.name]
        assert len(named) == len(set(named)), tag


FAULTS = {
    "<langue-formation>FRA</langue-formation>": "lheo-length",
    "<langue-formation>FR</langue-formation>" * 6: "lheo-element-repeated",
    "<prix-total-TTC>1</prix-total-TTC><hebergement>x</hebergement>": "lheo-element-misplaced",
    "<inconnu/>": "lheo-element-unknown",
    "<organisme-financeur/>": "lheo-element-missing",
    "<organisme-financeur><code-financeur>99</code-financeur></organisme-financeur>": (
        "lheo-key-unknown"
    ),
    "<nombre-heures-total>7,5</nombre-heures-total>": "lheo-integer",
    "<nombre-heures-total><b/>7</nombre-heures-total>": "lheo-integer",
    f"<transport>{'x' * 251}</transport>": "lheo-length",
    "<transport>x<b/></transport>": "lheo-element-unknown",
}


@pytest.mark.parametrize(("after", "rule"), FAULTS.items())
def test_a_fault_is_found_by_us(after: str, rule: str) -> None:
    (reading,) = read(lheo(formation("F1", after_sessions=after)))
    assert [one.rule for one in reading.findings] == [rule]
    assert reading.document is None


@needs_samples
@pytest.mark.parametrize("after", FAULTS)
def test_a_fault_that_we_find_is_one_of_the_schema(after: str) -> None:
    schema = etree.XMLSchema(file=str(XSD))
    assert not schema.validate(etree.fromstring(lheo(formation("F1", after_sessions=after))))
    assert schema.validate(etree.fromstring(lheo(formation("F1"))))


def test_a_formation_without_its_number_is_named_by_nothing() -> None:
    (reading,) = read(lheo(formation("")))
    assert [one.rule for one in reading.findings] == ["number-missing"]


def test_a_record_tells_a_bounded_number_of_faults() -> None:
    (reading,) = read(lheo(formation("F1", after_sessions="<inconnu/>" * 500)))
    assert len(reading.findings) == 20


def test_the_same_number_twice_in_a_formation_is_refused() -> None:
    again = (
        '<session numero="S1"><periode><debut>20261005</debut><fin>20261106</fin></periode>'
        "<adresse-inscription><adresse><ligne>1</ligne><codepostal>59000</codepostal>"
        "<ville>LILLE</ville></adresse></adresse-inscription></session>"
    )
    (reading,) = read(lheo(formation("F1", sessions=again)))
    assert [one.rule for one in reading.findings] == ["number-repeated"]
    assert "1, 2" in reading.findings[0].detail.en


def test_what_is_wrong_in_an_address_that_comes_again_is_told_again() -> None:
    doubtful, sound = "13002612300014", "13002612300013"
    sirets = (sound, doubtful, doubtful, sound)
    readings = read(lheo(*(formation(f"F{place}", siret=one) for place, one in enumerate(sirets))))
    found = [[one.rule for one in reading.findings] for reading in readings]
    assert found == [[], ["siret-checksum"], ["siret-checksum"], []]
    assert [one.derived["provider"] for one in readings] == list(sirets)


@pytest.mark.parametrize(
    ("uri", "kept"),
    [
        ("https://exemple.test/f?x=1", "https://exemple.test/f?x=1"),
        ("javascript:alert(1)", None),
        ("https://exemple.test/a b", None),
        ("https://" + "x" * 3000, None),
    ],
)
def test_only_an_address_of_the_web_is_kept(uri: str, kept: str | None) -> None:
    data = lheo(formation("F1")).replace(b"<formation ", f'<formation uri="{uri}" '.encode())
    (reading,) = read(data)
    assert reading.origin["url"] == kept


def test_coordinates_that_are_none_are_left_out_and_told() -> None:
    place = (
        "<lieu-de-formation><coordonnees><adresse><ligne>1</ligne><codepostal>97400</codepostal>"
        "<ville>SAINT-DENIS</ville><geolocalisation><latitude>nord</latitude>"
        "<longitude>3</longitude></geolocalisation></adresse></coordonnees></lieu-de-formation>"
    )
    (reading,) = read(lheo(formation("F1", place=place)))
    assert [one.rule for one in reading.findings] == ["coordinates-unreadable"]
    assert b"coordinates" not in (reading.document or b"")
    assert reading.derived["departments"] == ["974"]


@pytest.mark.parametrize(
    ("tag", "text", "value"),
    [
        ("prix-total-TTC", "1 200,00 €", "1200.00"),
        ("prix-total-TTC", "1\u202f200", "1200.00"),
        ("prix-total-TTC", "0", "0.00"),
        ("prix-total-TTC", "GRATUITE", "0.00"),
        ("prix-total-TTC", "12 €/h", None),
        ("prix-total-TTC", "-5", None),
        ("prix-horaire-TTC", "1234,5", "1234.5"),
        ("prix-horaire-TTC", "123456", "123456"),
    ],
)
def test_an_amount_is_read_and_written_the_same(tag: str, text: str, value: str | None) -> None:
    leaf = grammar.LEAVES[tag]
    price = values.read(leaf, tag, text)
    assert price["amount"] == value
    assert values.read(leaf, tag, values.written(leaf, tag, price)) == price


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("debut", "20261301"),
        ("debut", "2026101"),
        ("debut", "00010101"),
        ("SIRET", "1300261230001"),
        ("code-RNCP", "RS7423"),
        ("code-RS", "RS123456"),
        ("nombre-heures-total", "²"),
        ("nombre-heures-total", "100000"),
        ("prix-total-TTC", "12345678901"),
    ],
)
def test_a_text_that_is_not_of_its_kind_is_unreadable(tag: str, text: str) -> None:
    with pytest.raises(values.Unreadable):
        values.read(grammar.LEAVES[tag], tag, text)


_LETTERS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=60)


@given(title=_LETTERS.filter(lambda text: text.strip()))
def test_any_text_comes_back_as_it_was_read(title: str) -> None:
    escaped = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    (first,) = read(lheo(formation("F1", title=escaped)))
    if first.document is None:
        assert [one.rule for one in first.findings] == ["lheo-length"]
        return
    for version in ("2.3", "2.2"):
        text = head(version) + written(orjson.loads(first.document), version) + TAIL
        (again,) = read(text.encode())
        assert again.document == first.document
