"""What may pass the door: one reading of the path, one Host, one length, known headers only."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote, unquote_to_bytes

from gateway.proxy.problems import FramingAmbiguous, HeadersTooLarge, HostRefused, PathRefused
from platformkit.errors import BadRequest

Headers = list[tuple[bytes, bytes]]

FORWARDED = frozenset(
    {
        b"accept",
        b"accept-encoding",
        b"accept-language",
        b"cache-control",
        b"content-encoding",
        b"content-language",
        b"content-type",
        b"idempotency-key",
        b"if-match",
        b"if-modified-since",
        b"if-none-match",
        b"if-range",
        b"if-unmodified-since",
        b"prefer",
        b"range",
        b"user-agent",
    }
)
"""The only request headers a service sees from outside.

Naming what passes leaves no twin (`X_User`) and no `X-Forwarded-*` of tomorrow to forget."""

WITHHELD = frozenset(
    {
        b"connection",
        b"date",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-connection",
        b"server",
        b"set-cookie",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"via",
        b"x-powered-by",
    }
)
"""Answer headers of the hop, or that say what runs behind; `date` is the door's own."""

ADDED: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-site"),
]

EXPOSED = (
    "age",
    "cache-status",
    "content-disposition",
    "content-range",
    "deprecation",
    "dpop-nonce",
    "etag",
    "link",
    "location",
    "ratelimit",
    "ratelimit-limit",
    "ratelimit-policy",
    "ratelimit-remaining",
    "ratelimit-reset",
    "retry-after",
    "server-timing",
    "sunset",
    "traceresponse",
    "www-authenticate",
)
"""Answer headers that a page may read beside those that it always may."""

ADDED_TO_OPEN_DATA: Headers = [
    *(pair for pair in ADDED if pair[0] != b"cross-origin-resource-policy"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", ", ".join(EXPOSED).encode()),
]
"""Any page may read open data, and show their pictures."""

_NAMES_ADDED = frozenset(name for name, _ in ADDED_TO_OPEN_DATA)
_LOCATIONS = frozenset({b"location", b"content-location"})
_UNSOUND = re.compile(r"//|/\.{1,2}(?:/|$)|[\\\x00-\x1f\x7f]")
_HOST = re.compile(rb"[A-Za-z0-9._:\[\]-]+")
_ENCODED_SLASH = re.compile(rb"%(?:2[fF]|5[cC]|00)")
_NO_BODY_STATUS = frozenset({204, 304})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def path_of(raw: bytes) -> str:
    """Decode a path that has one reading only; refuses dot and empty segments, encoded or not."""
    if b"%" not in raw:
        try:
            path = raw.decode("ascii")
        except UnicodeDecodeError:
            raise PathRefused from None
    else:
        if _ENCODED_SLASH.search(raw):
            raise PathRefused
        try:
            path = unquote_to_bytes(raw).decode()
        except UnicodeDecodeError:
            raise PathRefused from None
    if not path.startswith("/") or _UNSOUND.search(path):
        raise PathRefused
    return path


def target(path: str, prefix: str, replacement: str, query: bytes) -> bytes:
    """Spell the upstream's request target, percent-encoded in the one canonical way."""
    inner = replacement + path[len(prefix) :]
    spelled = quote(inner, safe="/:@!$&'()*+,;=~-._").encode()
    return b"%b?%b" % (spelled, query) if query else spelled


def check(headers: Headers, *, hosts: frozenset[str], count: int, size: int) -> int | None:
    """Return the length announced (0 none, None chunked); refuse what two readers read as two."""
    if len(headers) > count or sum(len(name) + len(value) for name, value in headers) > size:
        raise HeadersTooLarge(count=count, size=size)
    host = _only(headers, b"host", HostRefused)
    if not host or not _HOST.fullmatch(host):
        raise HostRefused
    if hosts and host.decode("latin-1").partition(":")[0].lower() not in hosts:
        raise HostRefused
    length = _only(headers, b"content-length", FramingAmbiguous)
    coding = _only(headers, b"transfer-encoding", FramingAmbiguous)
    if coding is not None:
        if length is not None or coding.strip().lower() != b"chunked":
            raise FramingAmbiguous
        return None
    if length is not None and not length.isdigit():
        raise FramingAmbiguous
    return int(length or 0)


def _only(headers: Headers, name: bytes, refusal: type[BadRequest]) -> bytes | None:
    found = [value for key, value in headers if key == name]
    if len(found) > 1:
        raise refusal
    return found[0] if found else None


def inbound(headers: Headers) -> Headers:
    """Keep what a service may see; a header that Connection names is of this hop only."""
    named = _named(headers)
    return [(name, value) for name, value in headers if name in FORWARDED and name not in named]


def outbound(
    headers: Sequence[tuple[bytes, bytes]],
    *,
    status: int,
    prefix: str,
    replacement: str,
    private: bool,
    opened: bool = False,
) -> Headers:
    """Keep what the client may see, with addresses as the client knows them."""
    named = _named(headers)
    kept: Headers = []
    for name, value in headers:
        if name in WITHHELD or name in named:
            continue
        if name == b"content-length" and status in _NO_BODY_STATUS:
            continue
        if name in _LOCATIONS:
            moved = _public(value, prefix, replacement)
            if moved is not None:
                kept.append((name, moved))
            continue
        if name == b"link":
            value = value.replace(  # noqa: PLW2901  # the same header, seen from outside
                b"<%b/" % replacement.encode(), b"<%b/" % prefix.encode()
            )
        kept.append((name, value))
    present = {name for name, _ in kept}
    added = ADDED_TO_OPEN_DATA if opened else ADDED
    if present.isdisjoint(_NAMES_ADDED):
        kept += added
    else:
        kept += [pair for pair in added if pair[0] not in present]
    if private and b"cache-control" not in present:
        kept.append((b"cache-control", b"no-store"))
    return kept


def leads_away(status: int, kept: Headers) -> bool:
    """Tell of a redirection whose address was not one of ours, and so was not kept."""
    return status in _REDIRECTS and not any(name == b"location" for name, _ in kept)


def _named(headers: Iterable[tuple[bytes, bytes]]) -> frozenset[bytes]:
    named: frozenset[bytes] = frozenset()
    for name, value in headers:
        if name == b"connection":
            named |= {token.strip().lower() for token in value.split(b",")}
    return named


def _public(location: bytes, prefix: str, replacement: str) -> bytes | None:
    """Translate a service's own address; one that leads elsewhere is not passed on."""
    inner = replacement.encode() + b"/"
    if location.startswith(inner):
        return prefix.encode() + location[len(inner) - 1 :]
    return None
