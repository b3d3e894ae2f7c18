"""Paths and headers, without a socket."""

from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.proxy import hygiene
from gateway.proxy.problems import FramingAmbiguous, HeadersTooLarge, HostRefused, PathRefused

letter = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\")
segment = st.text(letter, min_size=1, max_size=8).filter(lambda text: text not in {".", ".."})


@given(st.lists(segment, min_size=1, max_size=4))
def test_a_sound_path_reaches_the_service_meaning_the_same(parts: list[str]) -> None:
    raw = "/v1/s/" + "/".join(quote(part, safe="") for part in parts)
    path = hygiene.path_of(raw.encode())
    assert path == "/v1/s/" + "/".join(parts)
    sent = hygiene.target(path, "/v1/s", "/v1", b"")
    assert unquote(sent.decode()) == "/v1/" + "/".join(parts)
    assert hygiene.path_of(sent) == "/v1/" + "/".join(parts)
    assert sent.isascii()
    assert b" " not in sent
    assert b"?" not in sent
    assert b"#" not in sent


@given(st.binary(max_size=30))
def test_any_path_is_either_refused_or_has_one_reading(tail: bytes) -> None:
    try:
        path = hygiene.path_of(b"/" + tail)
    except PathRefused:
        return
    assert ".." not in path.split("/")
    assert "\\" not in path
    assert "\x00" not in path
    assert "//" not in path


def headers(*pairs: tuple[str, str]) -> hygiene.Headers:
    return [(name.encode(), value.encode()) for name, value in pairs]


def check(given_: hygiene.Headers) -> int | None:
    return hygiene.check(given_, hosts=frozenset(), count=5, size=100)


HOST = ("host", "a")


def test_the_length_is_the_one_that_is_told() -> None:
    assert check(headers(HOST)) == 0
    assert check(headers(HOST, ("content-length", "7"))) == 7
    assert check(headers(HOST, ("transfer-encoding", "Chunked"))) is None


@pytest.mark.parametrize(
    ("given_", "refusal"),
    [
        (headers(), HostRefused),
        (headers(HOST, HOST), HostRefused),
        (headers(HOST, ("content-length", "7"), ("content-length", "7")), FramingAmbiguous),
        (
            headers(HOST, ("content-length", "7"), ("transfer-encoding", "chunked")),
            FramingAmbiguous,
        ),
        (headers(HOST, ("content-length", "7, 7")), FramingAmbiguous),
        (headers(HOST, ("content-length", "0x7")), FramingAmbiguous),
        (headers(HOST, ("transfer-encoding", "gzip, chunked")), FramingAmbiguous),
        (headers(HOST, *[("a", "b")] * 5), HeadersTooLarge),
        (headers(HOST, ("a", "b" * 100)), HeadersTooLarge),
    ],
)
def test_what_two_readers_could_read_as_two_is_refused(
    given_: hygiene.Headers, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        check(given_)


@pytest.mark.parametrize(
    ("location", "seen"),
    [
        ("/v1/things/7", "/v1/diagnostic/things/7"),
        ("/v1", None),
        ("/v1evil", None),
        ("https://evil.example/v1/", None),
        ("//evil.example/v1/", None),
        ("", None),
    ],
)
def test_an_address_is_translated_or_kept_back(location: str, seen: str | None) -> None:
    kept = hygiene.outbound(
        headers(("location", location)),
        status=201,
        prefix="/v1/diagnostic",
        replacement="/v1",
        private=False,
    )
    assert dict(kept).get(b"location") == (seen.encode() if seen else None)


def test_a_service_may_narrow_what_its_own_page_may_load() -> None:
    theirs = (b"content-security-policy", b"default-src 'none'; style-src 'sha256-x'")
    seen = hygiene.outbound([theirs], status=200, prefix="/a", replacement="/b", private=True)
    assert [one for one in seen if one[0] == theirs[0]] == [theirs]
    assert {name for name, _ in seen} >= {name for name, _ in hygiene.ADDED}
