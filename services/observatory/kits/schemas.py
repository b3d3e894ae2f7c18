"""Wire format of kits: what another installation reads must not change within a version of it."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from observatory.structures.schemas import SemVer
from platformkit.wire import Instant, Wire, refusal

AgencyId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$")]
MethodId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
Region = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{2,3}$")]
"""Code of a region in the official geographic code (COG): `32`, `84`, `01`."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
KeyText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
"""32 bytes in base64url: an Ed25519 key, or the thumbprint by which it is named."""

SignatureText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{86}$")]

REPORT: Final = "vigie-conformance-report/1"


class KitReference(Wire):
    """A version of a kit; `sha256` is that of its manifest, and with it of every file."""

    agency: AgencyId
    version: SemVer
    sha256: Sha256


class VectorResult(Wire):
    """What became of a golden vector: a figure that every implementation must find."""

    method: MethodId
    vector: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    expected: Annotated[str, StringConstraints(max_length=100)]
    found: Annotated[
        str | None, Field(max_length=200, description="none where nothing was answered")
    ]
    passed: bool


class ConformanceReport(Wire):
    """Certificate of a region that came up from a kit: it computes as the kit says it must.

    Signed by the node (Ed25519 over the RFC 8785 form of all but `signature`). `passed` is what
    the vectors say, and every installed method has at least one.
    """

    document: Literal["vigie-conformance-report/1"]
    node: Annotated[AgencyId, Field(description="agency that publishes there")]
    region: Region
    base_url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s]{1,200}$")]
    kit: KitReference
    methods: Annotated[dict[MethodId, SemVer], Field(min_length=1, max_length=200)]
    vectors: Annotated[list[VectorResult], Field(min_length=1, max_length=10_000)]
    passed: bool
    at: Instant
    key_id: KeyText
    signature: SignatureText

    @model_validator(mode="after")
    def _is_consistent(self) -> "ConformanceReport":
        if self.passed != all(each.passed for each in self.vectors):
            raise refusal(
                "verdict-unfounded",
                "passed ne dit pas ce que disent les vecteurs.",
                "passed does not say what the vectors say.",
            )
        if {each.method for each in self.vectors} != self.methods.keys():
            raise refusal(
                "method-untested",
                "Chaque méthode installée a ses vecteurs, et aucune autre.",
                "Every installed method has its vectors, and no other.",
            )
        return self


class Read(BaseModel):
    """Base of what is read here."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class KeyRead(Read):
    """The key that this installation signs with, as others pin it."""

    key_id: KeyText
    x: Annotated[KeyText, Field(description="public key of Ed25519, as in a JWK (RFC 8037)")]
