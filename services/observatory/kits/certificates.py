"""Conformance certificates: signed by the region that ran the tests, verified by who relies on it.

Pure but for the wire format.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from observatory.kits import signing
from observatory.kits.schemas import ConformanceReport
from observatory.kits.signing import PublicKey, SigningKey


def signed(told: Mapping[str, Any], key: SigningKey) -> ConformanceReport:
    """Sign what a report tells; raises ValidationError for what is no report."""
    return ConformanceReport.model_validate(signing.sign(told, key))


def verified(document: Mapping[str, Any], trusted: Iterable[PublicKey]) -> ConformanceReport:
    """Return the report of a document that one of these keys signed, whether it passed or not.

    `document` is the JSON as it was received. Raises KeyNotPinned, SignatureWrong, or
    ValidationError for a signed document that is no report of this version.
    """
    signing.verify(document, trusted)
    return ConformanceReport.model_validate(document)
