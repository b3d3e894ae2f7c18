"""The manifest of a kit: what is in it, signed; and what a reader refuses of it.

`critical` is as `crit` of RFC 7515 §4.1.11: who does not understand a member named there must
refuse the kit, and may ignore any other member that is new to him.
"""

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Final, Literal, NoReturn

from pydantic import ConfigDict, Field, StringConstraints, ValidationError

from observatory.kits import archive, signing
from observatory.kits.schemas import AgencyId, KeyText, MethodId, Sha256, Yank
from observatory.kits.signing import SigningKey
from observatory.structures.schemas import Names, SemVer
from platformkit.errors import Fault
from platformkit.i18n import Text
from platformkit.wire import Wire

LARGEST_MANIFEST: Final = 4 << 20
MOST_FILES: Final = 10_000
LARGEST_FILE: Final = 256 << 20
LARGEST_KIT: Final = 512 << 20
LARGEST_STRUCTURES: Final = 32 << 20
LARGEST_GOLDEN: Final = 4 << 20
"""Of the files that an installation reads as a whole; the second of all golden vectors together."""

STRUCTURES: Final = "structures/structures.json"

_DEEPEST: Final = 32
_PATH: Final = r"^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*){0,7}$"
"""Relative, without `.`, `..` or anything hidden at any level, and without letters of one script
that look like those of another."""


ARTEFACT: Final = r"^[a-z_]+ [A-Za-z][A-Za-z0-9_.-]*:[A-Za-z][A-Za-z0-9_-]*\([0-9.]+\)$"
"""`codelist HDF:CL_AREA(1.0.0)`: kind and reference of a structure that the kit brings."""


def golden(method: str, version: str) -> str:
    """Where a kit has the golden vectors of a method."""
    return f"methods/{method}/{version}/golden.csv"


class File(Wire):
    """A file of the kit; `crc32` is there so that the headers of the archive can be foretold."""

    path: Annotated[str, StringConstraints(pattern=_PATH, max_length=200)]
    bytes: Annotated[int, Field(ge=0, le=LARGEST_FILE)]
    sha256: Sha256
    crc32: Annotated[int, Field(ge=0, lt=1 << 32)]

    @property
    def member(self) -> archive.Member:
        """The file as a member of the archive."""
        return archive.Member(self.path, self.bytes, self.crc32)


class Manifest(Wire):
    """What a kit is; a member that this version does not know is ignored unless it is critical."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    document: Literal["vigie-kit-manifest/1"]
    agency: AgencyId
    name: Names
    version: SemVer
    notes: Names
    methods: Annotated[dict[MethodId, SemVer], Field(min_length=1, max_length=200)]
    artefacts: Annotated[
        dict[Annotated[str, StringConstraints(pattern=ARTEFACT, max_length=230)], Sha256],
        Field(max_length=10_000),
    ]
    files: Annotated[list[File], Field(min_length=1, max_length=MOST_FILES)]
    yanked: Annotated[list[Yank], Field(max_length=1_000)]
    critical: Annotated[
        list[Annotated[str, StringConstraints(min_length=1, max_length=100)]], Field(max_length=100)
    ]
    key_id: KeyText


class ManifestRefused(ValueError):
    """The manifest is none, or asks for what must not be done; all `faults` at once."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = faults


def _fault(code: str, fr: str, en: str, place: str = archive.MANIFEST) -> Fault:
    return Fault("", code, Text(fr, en), place=place)


def build(told: Mapping[str, Any], files: Mapping[str, bytes], key: SigningKey) -> bytes:
    """Write the manifest of files, the same for the same files, in the name of a key."""
    listed = [
        {
            "path": path,
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "crc32": zlib.crc32(content),
        }
        for path, content in sorted(files.items())
    ]
    document = {
        "document": "vigie-kit-manifest/1",
        "critical": [],
        "files": listed,
        signing.KEY_ID: key.public.id,
        **told,
    }
    return signing.canonical(document)


def parsed(raw: bytes) -> dict[str, Any]:
    """Read the canonical JSON of a manifest, or raise ManifestRefused.

    Whatever could be read in two ways (a name given twice, another order, blanks) is not canonical.
    """
    try:
        found = json.loads(raw, parse_constant=_no_number)
        if not isinstance(found, dict) or _depth(found) > _DEEPEST:
            raise _malformed()
        written = signing.canonical(found)
    except (ValueError, RecursionError) as failure:
        raise _malformed() from failure
    if written != raw:
        raise _malformed()
    return found


def _malformed() -> ManifestRefused:
    return ManifestRefused(
        _fault(
            "manifest-not-canonical",
            "Ce n’est pas un objet JSON écrit selon la RFC 8785.",
            "This is no JSON object written by RFC 8785.",
        )
    )


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _depth(document: dict[str, Any]) -> int:
    level: list[Any] = [document]
    depth = 0
    while level and depth <= _DEEPEST:
        depth += 1
        level = [
            member
            for each in level
            for member in (each.values() if isinstance(each, dict) else each)
            if isinstance(member, (dict, list))
        ]
    return depth


def understood(document: dict[str, Any]) -> Manifest:
    """Read a manifest whose signature was verified; raises ManifestRefused with every fault."""
    named = document.get("critical")
    unknown = [
        name
        for name in (named if isinstance(named, list) else [])
        if not (isinstance(name, str) and name in Manifest.model_fields)
    ]
    if unknown:
        raise ManifestRefused(
            *(
                _fault(
                    "critical-unknown",
                    f"Le champ critique « {str(name)[:100]} » est inconnu d’ici.",
                    f"The critical field {str(name)[:100]!r} is not known here.",
                )
                for name in unknown[:20]
            )
        )
    try:
        manifest = Manifest.model_validate(document)
    except ValidationError as invalid:
        raise ManifestRefused(*_of_form(invalid, document)) from invalid
    faults = list(_of_files(manifest))
    if faults:
        raise ManifestRefused(*faults)
    return manifest


def _of_form(invalid: ValidationError, document: dict[str, Any]) -> Iterator[Fault]:
    """Name each member that has not its form, and the file where it is one of `files`."""
    for error in invalid.errors()[:20]:
        where = [str(step) for step in error["loc"]]
        where += error.get("ctx", {}).get("at", "").split("/")[1:]  # of what no text may hold
        told = "/".join(where)
        place = _named(document, where) or archive.MANIFEST
        code = "path-unsafe" if where[-1:] == ["path"] else "manifest-invalid"
        yield Fault(
            f"/{told}",
            code,
            Text(f"{told} n’a pas la forme voulue.", f"{told} has not the form it must have."),
            place=place,
        )


def _named(document: dict[str, Any], where: Sequence[str]) -> str | None:
    """Return the path of the file that is wrong, None where it is no file or has no path."""
    match document, where:
        case {"files": list(files)}, ["files", number, *_] if number in map(str, range(len(files))):
            match files[int(number)]:
                case {"path": str(path)}:
                    return path[:200]
    return None


def _of_files(manifest: Manifest) -> Iterator[Fault]:
    """Paths are sorted, of one case each, and none is a folder of another; the sum is bounded."""
    paths = [each.path for each in manifest.files]
    if paths != sorted(paths):
        yield _fault(
            "files-unsorted", "Les fichiers ne sont pas triés.", "The files are not sorted."
        )
    own = (archive.MANIFEST, archive.SIGNATURE)
    for path, count in Counter(path.casefold() for path in (*own, *paths)).items():
        if count > 1:
            place = next(each for each in (*paths, *own) if each.casefold() == path)
            yield _fault(
                "path-twice",
                f"{place} est donné {count} fois, à la casse près.",
                f"{place} is given {count} times, but for its case.",
                place,
            )
    known = {path.casefold() for path in paths}
    for path in paths:
        parts = path.casefold().split("/")
        if any("/".join(parts[:depth]) in known for depth in range(1, len(parts))):
            yield _fault(
                "path-twice",
                f"{path} est sous un autre fichier.",
                f"{path} is below another file.",
                path,
            )
    vectors = {golden(*each) for each in manifest.methods.items()}
    for read, most in (({STRUCTURES}, LARGEST_STRUCTURES), (vectors, LARGEST_GOLDEN)):
        sizes = {each.path: each.bytes for each in manifest.files if each.path in read}
        if sum(sizes.values()) > most:
            yield _fault(
                "file-too-large",
                f"Il s’en lit au plus {most} octets.",
                f"At most {most} bytes of it are read.",
                max(sizes, key=lambda path: sizes[path]),
            )
    if sum(each.bytes for each in manifest.files) > LARGEST_KIT:
        yield _fault(
            "kit-too-large",
            f"Un kit a au plus {LARGEST_KIT} octets.",
            f"A kit has at most {LARGEST_KIT} bytes.",
        )
