"""Media types with versions, and the wildcards of addresses, by table and by property."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.sdmx import identification
from observatory.sdmx.identification import PathMalformed, Pattern
from observatory.sdmx.negotiation import Format, NotAcceptable, negotiate
from platformkit.preferences import takes_gzip

JSON = "application/vnd.sdmx.structure+json"
XML = "application/vnd.sdmx.structure+xml"
OFFERED = (
    Format(JSON, "2.0.0", also=("application/json",)),
    Format(JSON, "2.1.0"),
    Format(XML, "3.0.0", also=("application/xml",)),
)


@pytest.mark.parametrize(
    ("accept", "version"),
    [
        (None, "2.0.0"),
        ("*/*", "2.0.0"),
        ("application/*", "2.0.0"),
        (f"{JSON};version=2.1.0", "2.1.0"),
        (f"{JSON}; version=2.1", "2.1.0"),
        (f"{JSON};version=2.0+.0", "2.0.0"),
        (f"{JSON}", "2.0.0"),
        ("application/json", "2.0.0"),
        ("text/html, application/xml;q=0.9, */*;q=0.8", "3.0.0"),
        (f"{XML};version=3.0.0;q=0.5, {JSON};version=2.0.0;q=0.4", "3.0.0"),
        (f"{JSON};version=2.0.0;q=0, */*", "2.1.0"),
        (f'{JSON.upper()};Version="2.1.0"', "2.1.0"),
    ],
)
def test_the_client_gets_the_version_that_it_likes_best(accept: str, version: str) -> None:
    assert negotiate(accept, OFFERED).format.version == version


@pytest.mark.parametrize(
    "accept", ["text/html", f"{JSON};version=1.0.0", "*/*;q=0", "", ";", "application/json;q=x"]
)
def test_what_is_not_offered_is_not_acceptable(accept: str) -> None:
    if accept == "":
        assert negotiate(accept, OFFERED)
    else:
        with pytest.raises(NotAcceptable) as refused:
            negotiate(accept, OFFERED)
        assert str(refused.value.facts["offered"]).startswith(JSON)


def test_other_parameters_of_the_media_type_are_kept() -> None:
    csv = Format("application/vnd.sdmx.data+csv", "2.0.0")
    accept = "application/vnd.sdmx.data+csv;version=2.0.0;labels=both;keys=obs"
    assert negotiate(accept, [csv]).parameters == {"labels": "both", "keys": "obs"}


@given(st.text(max_size=200))
def test_any_accept_header_is_answered_or_refused(accept: str) -> None:
    with contextlib.suppress(NotAcceptable):
        assert negotiate(accept, OFFERED).format in OFFERED


def test_an_address_names_what_it_says_and_everything_where_it_says_nothing() -> None:
    assert identification.parse({}) == Pattern()
    assert identification.parse({"agency": "all", "resource": "*", "version": "all"}) == Pattern(
        versions=("*",)
    )
    assert identification.parse({"version": "latest"}, newest="+").versions == ("+",)
    assert identification.parse(
        {"agency": "HDF,FR.X", "resource": "CL_A,CL_B", "version": "1.0.0,2+.0.0", "item": "A.B,02"}
    ) == Pattern(("HDF", "FR.X"), ("CL_A", "CL_B"), ("1.0.0", "2+.0.0"), ("A.B", "02"))


def test_every_malformed_part_of_an_address_is_told_at_once() -> None:
    with pytest.raises(PathMalformed) as refused:
        identification.parse({"agency": "é", "resource": "a b", "version": "x", "item": "A..B"})
    assert [each.pointer for each in refused.value.faults] == [
        "/agency",
        "/resource",
        "/version",
        "/item",
    ]
    with pytest.raises(PathMalformed):
        identification.parse({"resource": ",".join(["A"] * 201)})


@given(st.dictionaries(st.sampled_from(["agency", "resource", "version", "item"]), st.text()))
def test_any_address_is_read_or_refused(segments: dict[str, str]) -> None:
    with contextlib.suppress(PathMalformed):
        assert identification.parse(segments).versions


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("", False),
        ("identity", False),
        ("gzip, deflate", True),
        ("GZIP;q=0.1", True),
        ("gzip;q=0, *", False),
        ("br, *;q=0.2", True),
    ],
)
def test_gzip_is_for_those_who_take_it(*, accepted: str, taken: bool) -> None:
    assert takes_gzip(accepted) == taken
