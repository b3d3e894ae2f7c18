"""Whether a node's certificate lets its figures into national ones. Pure but for its format."""

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from observatory.kits import certificates, signing
from observatory.kits.schemas import ConformanceReport
from observatory.kits.signing import KeyNotPinned, KeyUnreadable, PublicKey, SignatureWrong
from platformkit.errors import Fault
from platformkit.i18n import Text

_UNSIGNED = Text(
    "Le rapport n’est pas signé de la clé enregistrée du nœud.",
    "The report is not signed with the key that is pinned for the node.",
)
_SHAPELESS = Text(
    "Ce n’est pas un rapport de conformité de cette version.",
    "This is no conformance report of this version.",
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
    told = {
        "node": (report.node, node["agency"]),
        "region": (report.region, node["region"]),
        "base_url": (_origin(report.base_url), _origin(node["base_url"])),
    }
    faults = [
        Fault(
            f"/{name}",
            "report-of-another",
            Text(
                _OTHER.fr.format(told=said, known=known), _OTHER.en.format(told=said, known=known)
            ),
        )
        for name, (said, known) in told.items()
        if said != known
    ]
    if not report.passed:
        faults.append(Fault("/passed", "vectors-failed", _FAILED))
    return report, faults


def _origin(url: str) -> str:
    """Return scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def holding(node: Mapping[str, Any]) -> ConformanceReport | None:
    """Return the report of a node that is active and whose last certificate still verifies."""
    if not node["is_active"] or node["document"] is None:
        return None
    report, faults = judged(node, node["document"])
    return None if faults else report


def covers(report: ConformanceReport, method: str, version: str) -> bool:
    """Tell whether a node was certified for a method in this MAJOR.MINOR."""
    found = report.methods.get(method)
    return found is not None and line(found) == version


def line(version: str) -> str:
    """Return the MAJOR.MINOR of a version: within it, figures of different PATCHes add up."""
    return ".".join(version.split(".")[:2])
