"""Whether a node's certificate lets its figures into national ones. Pure but for its format."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
from pydantic import ValidationError

from observatory.kits import certificates, signing
from observatory.kits.methods import agree, methods
from observatory.kits.schemas import ConformanceReport
from observatory.kits.signing import KeyNotPinned, KeyUnreadable, PublicKey, SignatureWrong
from platformkit.errors import Fault
from platformkit.i18n import Text

_MOST_FAULTS: Final = 100
_UNSIGNED = Text(
    "Le rapport n’est pas signé de la clé enregistrée du nœud.",
    "The report is not signed with the key that is pinned for the node.",
)
_SHAPELESS = Text(
    "Ce n’est pas un rapport de conformité de cette version.",
    "This is no conformance report of this version.",
)
_UNMET = Text(
    "Ce vecteur n’est pas atteint, quoi qu’en dise le rapport.",
    "This vector is not met, whatever the report says.",
)
_NOT_GOLDEN = Text(
    "Les vecteurs d’or de cette méthode n’y sont pas tous, ou attendent autre chose.",
    "Not all golden vectors of this method are there, or they expect something else.",
)
_FAILED = Text("Des vecteurs ont échoué.", "Vectors have failed.")
_OTHER = Text(
    "Le rapport dit {told}, le registre {known}.", "The report says {told}, the registry {known}."
)


def digest(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a report's canonical form; raises ValueError for what has none."""
    return hashlib.sha256(signing.canonical(document)).hexdigest()


def judged(
    node: Mapping[str, Any], document: Mapping[str, Any]
) -> tuple[ConformanceReport | None, list[Fault]]:
    """Read a report with the key that is pinned for a node; say all that is wrong with it."""
    try:
        report = certificates.verified(document, [PublicKey.read(node["public_key"])])
    except (KeyNotPinned, SignatureWrong, KeyUnreadable, ValueError, RecursionError) as wrong:
        if isinstance(wrong, ValidationError):
            return None, [Fault("", "report-malformed", _SHAPELESS)]
        return None, [Fault("/signature", "signature-wrong", _UNSIGNED)]
    return report, [*_of_another(node, report), *islice(_untrue(report), _MOST_FAULTS)]


def _of_another(node: Mapping[str, Any], report: ConformanceReport) -> Iterator[Fault]:
    """Yield what the report says otherwise than the registry; and that it has not passed."""
    told = {
        "node": (report.node, node["agency"]),
        "region": (report.region, node["region"]),
        "base_url": (_origin(report.base_url), _origin(node["base_url"])),
    }
    for name, (said, known) in told.items():
        if said != known:
            fr, en = (each.format(told=said, known=known) for each in (_OTHER.fr, _OTHER.en))
            yield Fault(f"/{name}", "report-of-another", Text(fr, en))
    if not report.passed:
        yield Fault("/passed", "vectors-failed", _FAILED)


def _untrue(report: ConformanceReport) -> Iterator[Fault]:
    """Yield what a signature does not make true: verdicts, and vectors of methods known here.

    Within a MAJOR.MINOR the golden vectors of a method stay: whoever leaves one out, or expects
    something else of it, was not tested.
    """
    expected = {}
    for place, each in enumerate(report.vectors):
        try:
            expected[each.method, each.vector] = json.loads(each.expected)
            found = json.loads(each.found or "")
            is_met = agree(expected[each.method, each.vector], found)
        except (ValueError, RecursionError):
            is_met = False
        if each.passed and not is_met:
            yield Fault(f"/vectors/{place}", "verdict-unfounded", _UNMET)
    for method, version in report.methods.items():
        known = methods().get(method)
        if known is None or line(known.version) != line(version):
            continue
        for vector in known.vectors:
            if not agree(vector.expected, expected.get((method, vector.name))):
                yield Fault(f"/methods/{method}", "vectors-not-golden", _NOT_GOLDEN)
                break


def _origin(url: str) -> str:
    """Return scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def holding(node: Mapping[str, Any]) -> ConformanceReport | None:
    """Return the report of a node that is active and whose last certificate still verifies."""
    if not node["is_active"] or node["document"] is None:
        return None
    report = _true(node["public_key"], node["document"])
    return None if report is None or any(_of_another(node, report)) else report


@lru_cache(maxsize=64)
def _true(public_key: str, document: str) -> ConformanceReport | None:
    """Verify a report that is kept: once, as neither ever changes and many readers ask."""
    try:
        report = certificates.verified(orjson.loads(document), [PublicKey.read(public_key)])
    except (ValueError, RecursionError):
        return None
    return None if any(_untrue(report)) else report


def covers(report: ConformanceReport, method: str, version: str) -> bool:
    """Tell whether a node was certified for a method in this MAJOR.MINOR."""
    found = report.methods.get(method)
    return found is not None and line(found) == version


def line(version: str) -> str:
    """Return the MAJOR.MINOR of a version: within it, figures of different PATCHes add up."""
    return ".".join(version.split(".")[:2])
