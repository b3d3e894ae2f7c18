"""The rules of the registry: who may change a node, and which certificate is taken."""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from observatory.kits.signing import PublicKey
from observatory.nodes import certification, queries
from observatory.nodes.schemas import CertificateRead, NodeRead, NodeWrite, Standing
from observatory.nodes.telling import tell
from observatory.settings import Settings
from platformkit import etags, outside
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.errors import Fault, Invalid, NotFound
from platformkit.i18n import Text


class NodeUnknown(NotFound):
    """No node of the caller's organisation has this agency."""

    code = "node-unknown"
    title = Text("Nœud inconnu", "Unknown node")
    detail = Text("Aucun nœud de l’agence {agency}.", "No node of the agency {agency}.")


class NodeRefused(Invalid):
    """The address is none that is followed, or the agency is our own."""

    code = "node-refused"
    title = Text("Nœud refusé", "Node refused")


class CertificateRefused(Invalid):
    """The report does not show that this node computes as its kit says; nothing is kept."""

    code = "certificate-refused"
    title = Text("Certificat refusé", "Certificate refused")


async def register(
    session: AsyncSession,
    settings: Settings,
    who: Principal,
    agency: str,
    if_match: str,
    given: NodeWrite,
) -> NodeRead:
    """Register a node (`If-Match: "0"`), or change it; raises NodeRefused, NodeUnknown, Stale."""
    faults = []
    if agency == settings.agency:
        own = Text("C’est notre propre agence.", "This is our own agency.")
        faults.append(Fault("/agency", "agency-own", own, where="path"))
    if not outside.may_be_called(
        given.base_url, settings.node_ports, local=settings.nodes_local
    ) or any(sign in given.base_url for sign in "?#"):
        sentence = Text(
            "Une adresse https d’un nom public est attendue, sans requête.",
            "An https address of a public name is expected, without a query.",
        )
        faults.append(Fault("/base_url", "address-not-followed", sentence))
    if faults:
        raise NodeRefused(faults)
    raw = await driver(session)
    await raw.execute(queries.ALONE)
    before = await raw.fetchrow(queries.HOLD, agency)
    if before is not None and before["tenant"] != who.tenant:
        raise NodeUnknown(agency=agency)
    etags.match(if_match, etags.of_version(before["version"] if before else 0))
    version = await raw.fetchval(
        queries.WRITE,
        *(agency, who.tenant, given.name.fr, given.name.en, given.region),
        *(given.base_url, given.public_key, given.is_active),
    )
    told = given.model_dump(mode="json")
    await tell(session, who, "register", "node", agency, version=version, told=told)
    return node_read(await raw.fetchrow(queries.ONE, agency))


async def certify(
    session: AsyncSession, who: Principal, agency: str, if_match: str, document: dict[str, Any]
) -> NodeRead:
    """Take a conformance report that the node signed, or raise CertificateRefused with all faults.

    The same report again changes nothing. Raises NodeUnknown and Stale.
    """
    raw = await driver(session)
    before = await raw.fetchrow(queries.HOLD, agency)
    if before is None or before["tenant"] != who.tenant:
        raise NodeUnknown(agency=agency)
    etags.match(if_match, etags.of_version(before["version"]))
    node = await raw.fetchrow(queries.ONE, agency)
    report, faults = await asyncio.to_thread(certification.judged, node, document)
    if report is None or faults:
        raise CertificateRefused(faults)
    digest = certification.digest(document)
    if digest != node["sha256"]:
        await raw.execute(queries.CERTIFY, agency, digest, orjson.dumps(document).decode())
        version = await raw.fetchval(queries.TOUCH, agency)
        kit = report.kit.model_dump(mode="json")
        told = {"sha256": digest, "kit": kit, "methods": dict(report.methods)}
        await tell(session, who, "certify", "node", agency, version=version, told=told)
    return node_read(await raw.fetchrow(queries.ONE, agency))


def node_read(node: Mapping[str, Any]) -> NodeRead:
    """Write a node as it is read."""
    report = certification.holding(node)
    standing: Standing = "certified" if report else "uncertified"
    return NodeRead(
        **{name: node[name] for name in ("agency", "region", "base_url", "public_key")},
        **{name: node[name] for name in ("is_active", "answered", "version")},
        name=Text(node["name_fr"], node["name_en"])(),
        key_id=PublicKey.read(node["public_key"]).id,
        standing=standing if node["is_active"] else "inactive",
        certificate=node["sha256"],
        methods=dict(report.methods) if report else {},
    )


def certificate_read(node: Mapping[str, Any], found: Mapping[str, Any]) -> CertificateRead:
    """Write a certificate as it is read, judged by the key that is pinned now."""
    document = orjson.loads(found["document"])
    report, faults = certification.judged(node, document)
    return CertificateRead(
        sha256=found["sha256"],
        received_at=found["received_at"],
        verifies=report is not None and not faults,
        document=document,
    )
