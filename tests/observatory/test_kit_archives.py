"""X2: an archive of which any byte is not as it was signed is refused, with the file named."""

import asyncio
import io
import stat
import zipfile
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.kits import archive, arriving, manifest, signing, verifying
from observatory.kits.service import PublisherUntrusted
from observatory.kits.signing import KeyNotPinned, PublicKey
from observatory.kits.verifying import KitRejected, Verified, Verifier
from observatory.settings import Settings
from tests.observatory.kits import FILES, KEY, MAKER, STRANGER, document, zipped

KIT = zipped(document())


def pinned(agency: str) -> list[PublicKey]:
    return [KEY.public] if agency == MAKER else []


def verified(kit: bytes) -> Verified:
    return verifying.verify(io.BytesIO(kit), pinned)


def crumbled(kit: bytes) -> Verified:
    verifier = Verifier(pinned)
    for at in range(0, len(kit), 97):
        verifier.feed(kit[at : at + 97])
    return verifier.end()


def refusal(kit: bytes) -> list[tuple[str | None, str]]:
    """Return the places and codes of a refusal, which is the same in one piece and in crumbs."""
    with pytest.raises(KitRejected) as whole:
        verified(kit)
    with pytest.raises(KitRejected) as crumbs:
        crumbled(kit)
    assert crumbs.value.faults == whole.value.faults
    return [(fault.place, fault.code) for fault in whole.value.faults]


def test_any_program_opens_a_kit_and_finds_the_files() -> None:
    with zipfile.ZipFile(io.BytesIO(KIT)) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in FILES} == FILES
        modes = {each.external_attr >> 16 for each in opened.infolist()}
        assert modes == {stat.S_IFREG | 0o644}


def test_a_kit_verifies_and_tells_where_its_files_are() -> None:
    found = verified(KIT)
    assert found == crumbled(KIT)
    assert found.size == len(KIT)
    for path, content in FILES.items():
        at = found.offsets[path]
        assert KIT[at : at + len(content)] == content
    empty = zipped(document(files := {**FILES, "empty": b""}), files)
    assert verified(empty).manifest.files[1].bytes == 0


@given(st.integers(0, len(KIT) - 1), st.integers(1, 255))
def test_no_byte_can_be_another(at: int, flip: int) -> None:
    wrong = bytearray(KIT)
    wrong[at] ^= flip
    with pytest.raises((KitRejected, KeyNotPinned)):
        verified(bytes(wrong))


@pytest.mark.parametrize("path", sorted(FILES))
def test_the_file_of_a_flipped_byte_is_named(path: str) -> None:
    at = KIT.index(FILES[path])
    for where, code in ((at, "file-altered"), (at - len(path) - 1, "archive-form")):
        wrong = bytearray(KIT)
        wrong[where] ^= 1
        assert refusal(bytes(wrong)) == [(path, code)]
    entry = bytearray(KIT)
    entry[KIT.rindex(path.encode()) - 1] ^= 1  # in the directory behind the files
    assert refusal(bytes(entry)) == [(path, "archive-form")]


@given(st.integers(0, len(KIT) - 1))
def test_a_kit_that_ends_early_is_refused(at: int) -> None:
    with pytest.raises(KitRejected, match="archive-short"):
        verified(KIT[:at])


def test_bytes_behind_the_end_are_refused() -> None:
    assert refusal(KIT + b"\0") == [("", "archive-longer")]


def test_a_wrong_key_is_refused_and_so_is_a_signature_in_its_name() -> None:
    for kit in (
        zipped(document(key_id=STRANGER.public.id), key=STRANGER),
        zipped(document(agency="OTHER")),
    ):
        with pytest.raises(KeyNotPinned):
            verified(kit)
    assert refusal(zipped(document(), key=STRANGER)) == [(archive.SIGNATURE, "signature-wrong")]


def test_an_unknown_critical_field_is_refused_and_another_one_ignored() -> None:
    critical = document(critical=["quantum"], quantum=1)
    assert refusal(zipped(critical)) == [(archive.MANIFEST, "critical-unknown")]
    assert verified(zipped(document(critical=["files"], quantum=1))).manifest.version == "1.0.0"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{",
        b'{"a":NaN}',
        b'{"a":1e999}',
        b'{"a":1,"a":1}',
        b'{ "a":1}',
        b'{"b":1,"a":1}',
        b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
        b'{"a":' + b"9" * 5_000 + b"}",
        b"\xff\xfe",
    ],
)
def test_what_can_be_read_in_two_ways_is_no_manifest(raw: bytes) -> None:
    assert refusal(zipped(None, raw=raw)) == [(archive.MANIFEST, "manifest-not-canonical")]


HOSTILE = [
    "/etc/passwd",
    "../outside",
    "a/../../b",
    "a/./b",
    "a//b",
    "a\\b",
    "C:/x",
    ".hidden",
    "a/.hidden",
    "é",
    "\u0430",
    "a\x00b",
    "",
    "x" * 201,
]


@pytest.mark.parametrize("path", HOSTILE)
def test_a_signed_path_that_leads_elsewhere_is_refused(path: str) -> None:
    told = document(FILES)
    told["files"][0]["path"] = path
    with pytest.raises(KitRejected) as refused:
        verified(zipped(told))
    codes = {fault.code for fault in refused.value.faults}
    assert codes <= {"path-unsafe", "manifest-invalid"}
    assert codes


@pytest.mark.parametrize(
    ("paths", "place"),
    [
        (["A", "a"], "A"),
        (["a", "a"], "a"),
        (["a", "a/b"], "a/b"),
        (["manifest.JSON"], "manifest.JSON"),
    ],
)
def test_two_files_of_one_name_are_refused(paths: list[str], place: str) -> None:
    told = document({})
    told["files"] = [{**document(FILES)["files"][0], "path": path} for path in paths]
    assert (place, "path-twice") in refusal(zipped(told, {}))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"files": []}, "manifest-invalid"),
        ({"methods": {}}, "manifest-invalid"),
        ({"version": "one"}, "manifest-invalid"),
        ({"document": "vigie-kit-manifest/2"}, "manifest-invalid"),
        ({"critical": [[], {}]}, "critical-unknown"),
        ({"files": {"x": "\x00"}}, "manifest-invalid"),
        ({"files": {"7": "\x00"}}, "manifest-invalid"),
        ({"files": [], "files/0/path": "\x00"}, "path-unsafe"),
        ({f"files/{'9' * 5_000}": "\x00"}, "manifest-invalid"),
        ({"files": [["\x00"]]}, "manifest-invalid"),
        ({"files": document()["files"][::-1]}, "files-unsorted"),
        (
            {
                "files": [
                    {**document()["files"][0], "path": name, "bytes": manifest.LARGEST_FILE}
                    for name in ("a", "b", "c")
                ]
            },
            "kit-too-large",
        ),
        *(
            ({"files": [{**document()["files"][0], "path": path, "bytes": most + 1}]}, code)
            for path, most, code in (
                (manifest.STRUCTURES, manifest.LARGEST_STRUCTURES, "file-too-large"),
                ("methods/m/1.0.0/golden.csv", manifest.LARGEST_GOLDEN, "file-too-large"),
            )
        ),
        (
            {"files": [{**document()["files"][0], "bytes": manifest.LARGEST_FILE + 1}]},
            "manifest-invalid",
        ),
    ],
)
def test_a_manifest_that_asks_for_too_much_or_too_little_is_refused(
    changed: dict[str, Any], code: str
) -> None:
    assert {found for _, found in refusal(zipped(document(**changed)))} == {code}


async def test_a_large_manifest_keeps_nobody_waiting() -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal turns
        turns = 0
        yield zipped({"agency": "STRANGER", "more": [[] for _ in range(50_000)]})

    waiting = asyncio.create_task(others())
    settings = Settings.model_construct(agency=MAKER, kit_publishers={})
    with pytest.raises(PublisherUntrusted):
        await arriving.take(settings, (MAKER, "1.0.0"), chunks(), io.BytesIO())
    waiting.cancel()
    assert turns > 1


def foreign(**attributes: Any) -> bytes:
    """Pack the same kit with a library of others, and something that a kit never has."""
    text = io.BytesIO()
    raw = signing.canonical(document())
    with zipfile.ZipFile(text, "w", attributes.pop("method", zipfile.ZIP_STORED)) as opened:
        for path, content in (
            (archive.MANIFEST, raw),
            (archive.SIGNATURE, KEY.sign(raw)),
            *sorted(FILES.items()),
        ):
            info = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            info.compress_type = opened.compression
            for name, value in attributes.items():
                setattr(info, name, value)
            opened.writestr(info, content)
    return text.getvalue()


def test_the_form_is_that_of_the_standard_library() -> None:
    assert foreign() == KIT


@pytest.mark.parametrize(
    ("attributes", "place"),
    [
        ({"method": zipfile.ZIP_DEFLATED}, archive.MANIFEST),  # what can be small and become large
        ({"external_attr": (stat.S_IFLNK | 0o777) << 16}, archive.MANIFEST),
        ({"comment": b"hello"}, archive.MANIFEST),
        ({"extra": b"\x01\x00\x00\x00"}, archive.MANIFEST),
        ({"date_time": (2026, 1, 1, 0, 0, 0)}, archive.MANIFEST),
    ],
)
def test_bombs_links_comments_and_dates_are_refused(attributes: dict[str, Any], place: str) -> None:
    assert refusal(foreign(**attributes)) == [(place, "archive-form")]


def test_a_manifest_that_says_it_is_huge_is_refused_before_it_is_read() -> None:
    header = archive.local_header(archive.Member(archive.MANIFEST, 1 << 31, 0))
    verifier = Verifier(pinned)
    with pytest.raises(KitRejected, match="manifest-too-large"):
        verifier.feed(header)


def test_a_verifier_holds_one_piece_at_most() -> None:
    content = bytes(5 * verifying.PIECE)
    kit = zipped(document(files := {"large": content}), files)
    verifier = Verifier(pinned)
    largest = 0
    for at in range(0, len(kit), 50_000):
        verifier.feed(kit[at : at + 50_000])
        largest = max(largest, len(verifier._held))
    assert verifier.end().size == len(kit)
    assert largest < verifying.PIECE + 50_000
