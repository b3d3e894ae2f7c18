"""The registry in the messages of the SDMX Global Discovery Service, as pysdmx reads them. Pure.

Each node is an agency with one service: the SDMX-REST of its installation.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from platformkit.i18n import Text

VERSION: Final = "1.0"
_SERVICE: Final = "VIGIE"
_CATALOG: Final = "NODES"
_URN: Final = "urn:sdmx:org.sdmx.infomodel.discovery"
_ANY: Final = {"*", "all"}

APIS: Final[Mapping[str, Text]] = {
    "1.5.0": Text("SDMX-REST 1.x, messages SDMX 2.1", "SDMX-REST 1.x, SDMX 2.1 messages"),
    "2.2.2": Text("SDMX-REST 2.x, messages SDMX 3", "SDMX-REST 2.x, SDMX 3 messages"),
}
_ENDPOINTS: Final = (
    {
        "api_version": "1.5.0",
        "url": "/v1",
        "comments": "",
        "message_formats": [
            "application/vnd.sdmx.genericdata+xml;version=2.1",
            "application/vnd.sdmx.structurespecificdata+xml;version=2.1",
            "application/vnd.sdmx.structure+xml;version=2.1",
            "application/vnd.sdmx.data+csv;version=1.0.0",
        ],
        "rest_resources": ["structure", "data", "schema", "availability"],
    },
    {
        "api_version": "2.2.2",
        "url": "/v2",
        "comments": "",
        "message_formats": [
            "application/vnd.sdmx.data+json;version=2.0.0",
            "application/vnd.sdmx.data+csv;version=2.0.0",
            "application/vnd.sdmx.structure+json;version=2.0.0",
        ],
        "rest_resources": ["structure", "data", "schema", "availability"],
    },
)
_ARTEFACT: Final = re.compile(
    r"urn:sdmx:org\.sdmx\.infomodel\.[a-z]+\.(?P<type>[A-Za-z]+)"
    r"=(?P<agency>[A-Za-z][A-Za-z0-9_.-]*):(?P<id>[A-Za-z0-9_@$-]+)\((?P<version>[0-9.A-Za-z-]+)\)"
)

Node = Mapping[str, Any]


def _asked(asked: str, known: str) -> bool:
    return any(each in _ANY or each == known for each in asked.split(","))


def _name(node: Node) -> str:
    return Text(node["name_fr"], node["name_en"])()


def agencies(nodes: Iterable[Node], asked: str) -> dict[str, Any]:
    """Write the message of `/agency/…`."""
    found = [
        {
            "agencyID": each["agency"],
            "name": _name(each),
            "url": each["base_url"],
            "description": each["region"],
        }
        for each in nodes
        if _asked(asked, each["agency"])
    ]
    return {"structures": {"agencies": found}}


def services(nodes: Iterable[Node], agency: str, service: str) -> dict[str, Any]:
    """Write the message of `/service/…`."""
    found = [
        {
            "agencyID": each["agency"],
            "id": _SERVICE,
            "name": _name(each),
            "urn": _service(each["agency"]),
            "version": VERSION,
            "base": f"{each['base_url']}/sdmx",
            "endpoints": list(_ENDPOINTS),
        }
        for each in nodes
        if _asked(agency, each["agency"]) and _asked(service, _SERVICE)
    ]
    return {"structures": {"services": found}}


def _service(agency: str) -> str:
    return f"{_URN}.Service={agency}:{_SERVICE}({VERSION})"


def catalogs(nodes: Iterable[Node], own: str, agency: str, catalog: str) -> dict[str, Any]:
    """Write the message of `/catalog/…`: one of ours, which refers to the service of each node."""
    if not (_asked(agency, own) and _asked(catalog, _CATALOG)):
        return {"structures": {"catalogs": []}}
    references = [
        {
            "id": each["agency"],
            "name": _name(each),
            "urn": f"{_URN}.ServiceRef={own}:{each['agency']}",
            "service": _service(each["agency"]),
            "description": None,
        }
        for each in nodes
    ]
    told = {
        "agencyID": own,
        "id": _CATALOG,
        "version": VERSION,
        "name": Text("Nœuds de Vigie", "Nodes of Vigie")(),
        "urn": f"{_URN}.Catalog={own}:{_CATALOG}({VERSION})",
        "serviceRefs": references,
    }
    return {"structures": {"catalogs": [told]}}


def apis(asked: str) -> dict[str, Any]:
    """Write the message of `/sdmxapi/…`."""
    found = [
        {"release": release, "description": text()}
        for release, text in APIS.items()
        if _asked(asked, release)
    ]
    return {"structures": {"sdmxApis": found}}


def resolved(nodes: Sequence[Node], urn: str) -> dict[str, Any] | None:
    """Write where an artefact is read, None for what is no URN of a node.

    The status is that of the node's last answer: a reader's question starts no call to it.
    """
    found = _ARTEFACT.fullmatch(urn)
    if found is None:
        return None
    node = next((each for each in nodes if each["agency"] == found["agency"]), None)
    if node is None:
        return None
    kind = found["type"].lower()
    name = f"{kind}/{found['agency']}/{found['id']}/{found['version']}?detail=allstubs"
    return {
        "agency_id": found["agency"],
        "resource_id": found["id"],
        "version": found["version"],
        "sdmx_type": found["type"],
        "resolver_results": [
            {
                "api_version": each["api_version"],
                "query": f"{node['base_url']}/sdmx{each['url']}/{way}{name}",
                "query_response_status_code": node["answered"] or 0,
            }
            for each, way in zip(_ENDPOINTS, ("", "structure/"), strict=True)
        ],
    }
