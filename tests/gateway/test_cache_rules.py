"""RFC 9111's arithmetic against an oracle that reads the clauses one by one."""

import re
from email.utils import formatdate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.cache.directives import FOREVER, parse, seconds
from gateway.cache.entries import Entry
from gateway.cache.freshness import may_keep, terms

NOW = 1_800_000_000.0

Headers = list[tuple[bytes, bytes]]


def plain(headers: Headers, name: bytes) -> dict[str, str | None]:
    """Read directives the long way: character by character, quotations and all."""
    text = ", ".join(value.decode("latin-1") for key, value in headers if key == name)
    pieces, inside, piece = [], False, ""
    for character in text:
        if character == '"':
            inside = not inside
        if character == "," and not inside:
            pieces.append(piece)
            piece = ""
        else:
            piece += character
    found: dict[str, str | None] = {}
    for one in [*pieces, piece]:
        name_, equals, value = one.strip().partition("=")
        if name_:
            found[name_.lower()] = value.strip('"') if equals else None
    return found


def number(told: dict[str, str | None], name: str) -> int | None:
    if name not in told:
        return None
    return int(told[name] or "") if re.fullmatch(r"[0-9]+", told[name] or "") else 0


def lifetime(headers: Headers) -> int:
    """§4.2.1, as it is written."""
    told = plain(headers, b"cache-control")
    shared, private = number(told, "s-maxage"), number(told, "max-age")
    if shared is not None:
        return shared
    if private is not None:
        return private
    named = dict(headers)
    if b"expires" not in named:
        return 0
    if b"T" not in named[b"expires"]:  # `0`, and other dates that are none
        return 0
    return max(0, offsets[named[b"expires"]] - offsets.get(named.get(b"date", b""), 0))


offsets = {formatdate(NOW + n, usegmt=True).encode(): n for n in range(-900, 901, 30)}
dates = st.sampled_from(sorted(offsets))
numbers = st.integers(0, 900).map(lambda n: str(n).encode())
directives = st.one_of(
    st.sampled_from(
        [b"public", b"no-cache", b"must-revalidate", b"private", b"no-store", b'x="max-age=9"']
    ),
    st.tuples(
        st.sampled_from([b"max-age", b"S-Maxage", b"stale-if-error", b"stale-while-revalidate"]),
        numbers,
    ).map(b"=".join),
)
answers = st.builds(
    lambda control, date, expires, age, tag: [
        (
            b"cache-control",
            b", ".join({one.partition(b"=")[0].lower(): one for one in control}.values()),
        ),
        *([(b"date", date)] if date else []),
        *([(b"expires", expires)] if expires else []),
        *([(b"age", age)] if age else []),
        *([(b"etag", b'"1"')] if tag else []),
    ],
    st.lists(directives, max_size=5),
    st.none() | dates,
    st.none() | dates | st.just(b"0"),
    st.none() | numbers,
    st.booleans(),
)


@settings(max_examples=300, deadline=None)
@given(headers=answers, delay=st.sampled_from([0.0, 2.0]), later=st.integers(0, 2_000))
def test_an_answer_is_fresh_for_as_long_as_the_clauses_say(
    headers: Headers, delay: float, later: int
) -> None:
    told, named = plain(headers, b"cache-control"), dict(headers)
    found = terms(headers, NOW, delay)
    apparent = max(0, -offsets[named[b"date"]]) if b"date" in named else 0
    age = max(apparent, int(named.get(b"age", b"0")) + delay)  # §4.2.3
    assert found.age == age
    is_fresh = "no-cache" not in told and lifetime(headers) > age + later  # §4.2
    assert (found.fresh > found.age + later) == is_fresh
    may_be_stale = not {"no-cache", "must-revalidate", "s-maxage"} & told.keys()  # §4.2.4
    spare = number(told, "stale-if-error") or 0 if may_be_stale else 0
    limit = 0 if "no-cache" in told else lifetime(headers) + spare
    assert (found.on_error > age + later) == (limit > age + later)
    keeps = "public" in told and not {"no-store", "private"} & told.keys()  # §3
    has_use = b"etag" in named or ("no-cache" not in told and lifetime(headers) > age)
    assert may_keep(200, headers, found, {}) == (keeps and has_use)


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        (b"max-age=3600", 3600),
        (b"Max-Age=3600", 3600),
        (b"max-age=003600", 3600),
        (b'max-age="3600"', 3600),
        (b"max-age=99999999999999999999", FOREVER),
        (b"max-age=" + b"9" * 10_000, FOREVER),
        (b"max-age='3600'", 0),
        (b"max-age=3600.0", 0),
        (b"max-age=-1", 0),
        (b"max-age=a3600", 0),
        (b"max-age= 3600", 0),
        (b"max-age", 0),
        (b"max-age=1800, max-age=1", 0),
        (b"max-age=60, max-age=60", 60),
        (b"max-age =3600", None),
        (b'extension="max-age=3600"', None),
        (b'extension="a, max-age=3600"', None),
        (b'extension="\\", max-age=3600"', None),
    ],
)
def test_what_cache_tests_ask_of_a_parser(control: bytes, expected: int | None) -> None:
    """After the table `cc-parse` of http-tests/cache-tests."""
    assert seconds(parse([control]), b"max-age") == expected


@pytest.mark.parametrize(
    ("age", "expected"),
    [(b"7", 7), (b"7, 0", 7), (b"0, 7", 0), (b"abc", 0), (b"-7", 0), (b"7.0", 0)],
)
def test_a_malformed_age_counts_for_nothing_and_of_a_list_the_first(
    age: bytes, expected: int
) -> None:
    """RFC 9111 §5.1; after `age-parse` of http-tests/cache-tests."""
    assert terms([(b"age", age)], NOW, 0.0).age == expected


@pytest.mark.parametrize("status", [206, 303, 304, 400, 401, 403, 404, 410, 429, 500, 503])
def test_errors_and_parts_are_never_kept(status: int) -> None:
    headers = [(b"cache-control", b"public, max-age=60")]
    assert may_keep(200, headers, terms(headers, NOW, 0.0), {})
    assert not may_keep(status, headers, terms(headers, NOW, 0.0), {})
    assert not may_keep(200, [*headers, (b"set-cookie", b"a=b")], terms(headers, NOW, 0.0), {})


async def test_a_304_renews_all_but_what_describes_the_bytes() -> None:
    """RFC 9111 §3.2, after `update304` of http-tests/cache-tests."""
    first = [(b"etag", b'"1"'), (b"content-type", b"text/a"), (b"x-a", b"1"), (b"x-b", b"1")]
    entry = Entry.of(200, first, b"body", terms(first, NOW, 0.0), 0)
    told = [
        (b"etag", b'"1"'),
        (b"content-type", b"text/b"),
        (b"content-length", b"9"),
        (b"x-a", b"2"),
    ]
    renewed = entry.renewed(told, terms(told, NOW, 0.0), 1)
    named = dict(renewed.headers)
    assert named[b"content-type"] == b"text/a"
    assert named[b"content-length"] == b"4"
    assert (named[b"x-a"], named[b"x-b"]) == (b"2", b"1")
    assert (renewed.body, renewed.epoch) == (b"body", 1)
