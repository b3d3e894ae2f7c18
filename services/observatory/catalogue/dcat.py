"""Writes the catalogue as StatDCAT-AP 3 (on DCAT-AP 3.0), in JSON-LD. Pure.

SEMIC, https://semiceu.github.io/StatDCAT-AP/drafts/3.0.0/; what it demands of each class is in
`tests/observatory/statdcat.txt`. Concepts of the EU's authority tables are given with their class,
so that a reader need not fetch them.
"""

from collections.abc import Iterable
from typing import Any, Final

from observatory.catalogue.entries import LICENCES, Entry, Site
from observatory.structures.catalogue import text
from platformkit.i18n import Text

Node = dict[str, Any]

CONTEXT: Final = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "stat": "http://data.europa.eu/s1n/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
PROFILE: Final = "https://semiceu.github.io/StatDCAT-AP/drafts/3.0.0"
_AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"
_IANA: Final = "https://www.iana.org/assignments/media-types/"
_FREQUENCIES: Final = {
    "annual": "ANNUAL",
    "quarterly": "QUARTERLY",
    "monthly": "MONTHLY",
    "weekly": "WEEKLY",
    "daily": "DAILY",
    "irregular": "IRREG",
}
_FILES: Final = {
    "csv": ("CSV", "text/csv"),
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "jsonstat": ("JSON", "application/json"),
    "parquet": ("PARQUET", "application/vnd.apache.parquet"),
}
"""By the suffix of an address: file type of the EU's table, media type."""

_TITLE: Final = Text("Observatoire de l’IA", "AI observatory")
_ABOUT: Final = Text(
    "Les jeux de données de l’observatoire régional de l’intelligence artificielle : exposition"
    " des métiers, des secteurs et des territoires, emplois, besoins et compétences.",
    "The datasets of the regional observatory of artificial intelligence: exposure of jobs,"
    " sectors and territories, employment, needs and skills.",
)
_SDMX: Final = Text("Service SDMX-REST de l’observatoire", "SDMX-REST service of the observatory")
_WHOLE: Final = Text("{name} : tout, en Parquet", "{name}: the whole, as Parquet")
_QUERIED: Final = Text("{name} : par requêtes SDMX", "{name}: by SDMX queries")


def page(
    site: Site, entries: Iterable[Entry], here: str, following: str | None, total: int | None
) -> Node:
    """Write a page of the catalogue: each is complete in itself, and names the next (Hydra)."""
    shown = list(entries)
    view: Node = {"@id": here, "@type": "hydra:PartialCollectionView"}
    if following is not None:
        view["hydra:next"] = {"@id": following}
    head: Node = {
        "@id": site.catalogue,
        "@type": ["dcat:Catalog", "hydra:Collection"],
        "dct:title": _said(_TITLE),
        "dct:description": _said(_ABOUT),
        "dct:publisher": {"@id": _publisher(site)},
        "dct:language": _languages(),
        "dct:conformsTo": {"@id": PROFILE, "@type": "dct:Standard"},
        "dct:spatial": _country(),
        "dcat:service": {"@id": _service(site)},
        "dcat:dataset": [{"@id": site.dataset(each.flow.id)} for each in shown],
        "hydra:view": {"@id": here},
    }
    if total is not None:
        head["hydra:totalItems"] = total
    return _document([head, view, *_shared(site), *(dataset(site, each) for each in shown)])


def alone(site: Site, entry: Entry) -> Node:
    """Write one dataset, with what it refers to."""
    return _document([dataset(site, entry), *_shared(site)])


def _document(nodes: list[Node]) -> Node:
    return {"@context": CONTEXT, "@graph": nodes}


def _shared(site: Site) -> list[Node]:
    """Write the publisher and the service, which all datasets name."""
    publisher: Node = {
        "@id": _publisher(site),
        "@type": "foaf:Agent",
        "foaf:name": _said(site.publisher),
        "dct:identifier": site.agency,
    }
    service: Node = {
        "@id": _service(site),
        "@type": "dcat:DataService",
        "dct:title": _said(_SDMX),
        "dct:identifier": f"{site.agency}:SDMX",
        "dct:publisher": {"@id": _publisher(site)},
        "dct:conformsTo": {"@id": "https://sdmx.org/sdmx-rest/v2", "@type": "dct:Standard"},
        "dct:accessRights": _public(),
        "dcat:endpointURL": {"@id": site.sdmx},
        "dcat:endpointDescription": {"@id": f"{site.door}/openapi.json"},
    }
    return [publisher, service]


def dataset(site: Site, entry: Entry) -> Node:
    """Write a dataflow as a dataset."""
    own, flow, shown = site.dataset(entry.flow.id), entry.flow, entry.shown
    content = flow.artefact.content
    node: Node = {
        "@id": own,
        "@type": "dcat:Dataset",
        "dct:identifier": entry.identifier,
        "adms:identifier": {
            "@id": f"{own}#urn",
            "@type": "adms:Identifier",
            "skos:notation": flow.artefact.urn,
        },
        "dct:title": _said(flow.artefact.name),
        "dct:description": _said(entry.description),
        "dct:publisher": {"@id": _publisher(site)},
        "dct:issued": _instant(shown.issued_at.isoformat()),
        "dct:modified": _instant(shown.modified_at.isoformat()),
        "dct:language": _languages(),
        "dct:spatial": _country(),
        "dct:accessRights": _public(),
        "dct:accrualPeriodicity": _concept(
            f"frequency/{_FREQUENCIES[content['accrual_periodicity']]}", "dct:Frequency"
        ),
        "dct:provenance": {
            "@id": f"{own}#provenance",
            "@type": "dct:ProvenanceStatement",
            "rdfs:label": f"{content['source']} ({shown.method})",
        },
        "dct:conformsTo": {"@id": flow.structure.urn, "@type": "dct:Standard"},
        "dcat:keyword": [one for each in entry.keywords for one in _said(each)],
        "dcat:version": f"{flow.artefact.version}+r{shown.ordinal}",
        "adms:versionNotes": _said(shown.notes),
        "dcat:landingPage": {"@id": f"{site.base}/dataflows/{flow.id}", "@type": "foaf:Document"},
        "stat:numSeries": {"@value": str(shown.series), "@type": "xsd:integer"},
        "stat:dimension": [
            _component(own, each.id, each.name, "qb:DimensionProperty") for each in flow.dimensions
        ],
        "stat:attribute": [
            _component(own, each.id, each.name, "qb:AttributeProperty") for each in flow.attributes
        ],
        "stat:statUnitMeasure": [
            {
                "@id": f"{own}#unit-{each.id}",
                "@type": "skos:Concept",
                "skos:prefLabel": _said(text(each.content["unit"])),
            }
            for each in entry.indicators
        ],
        "dcat:distribution": _distributions(site, entry),
    }
    if shown.first_on is not None and shown.last_on is not None:
        node["dct:temporal"] = {
            "@id": f"{own}#period",
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@value": shown.first_on.isoformat(), "@type": "xsd:date"},
            "dcat:endDate": {"@value": shown.last_on.isoformat(), "@type": "xsd:date"},
        }
    status = _status(entry)
    if status is not None:
        node["adms:status"] = _concept(f"dataset-status/{status}", "skos:Concept")
    return node


def _status(entry: Entry) -> str | None:
    if entry.shown.is_withdrawn:
        return "WITHDRAWN"
    return "DEPRECATED" if entry.flow.artefact.deprecation is not None else None


def _distributions(site: Site, entry: Entry) -> list[Node]:
    own, name = site.dataset(entry.flow.id), entry.flow.artefact.name
    flow = entry.flow.artefact
    bulk = _file(entry, f"{own}#parquet", _named(_WHOLE, name), site.bulk(entry.shown), "parquet")
    queried: Node = {
        **_distribution(entry, f"{own}#sdmx", _named(_QUERIED, name)),
        "dcat:accessURL": {
            "@id": f"{site.sdmx}/data/dataflow/{flow.agency}/{flow.id}/{flow.version}"
        },
        "dcat:accessService": {"@id": _service(site)},
    }
    figures = [
        _file(
            entry,
            f"{own}#{each.id}-{suffix}",
            Text(
                f"{each.name.fr} ({suffix.upper()})",
                f"{each.name.en} ({suffix.upper()})",
            ),
            site.data(each.id, suffix),
            suffix,
        )
        for each in entry.indicators
        for suffix in ("csv", "xlsx", "jsonstat")
    ]
    return [*figures, bulk, queried]


def _file(entry: Entry, identity: str, title: Text, address: str, suffix: str) -> Node:
    kind, media = _FILES[suffix]
    return {
        **_distribution(entry, identity, title),
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
        "dct:format": _concept(f"file-type/{kind}", "dct:MediaTypeOrExtent"),
        "dcat:mediaType": {"@id": f"{_IANA}{media}", "@type": "dct:MediaType"},
    }


def _distribution(entry: Entry, identity: str, title: Text) -> Node:
    address = LICENCES.get(entry.licence)
    own = identity.partition("#")[0]
    return {
        "@id": identity,
        "@type": "dcat:Distribution",
        "dct:identifier": identity,
        "dct:title": _said(title),
        "dct:modified": _instant(entry.shown.modified_at.isoformat()),
        "dcatap:availability": _concept("planned-availability/STABLE", "skos:Concept"),
        "dct:license": {
            "@id": address or f"{own}#licence",
            "@type": "dct:LicenseDocument",
            "rdfs:label": entry.licence,
        },
    }


def _component(own: str, name: str, label: Text, kind: str) -> Node:
    return {
        "@id": f"{own}#component-{name}",
        "@type": kind,
        "skos:notation": name,
        "rdfs:label": _said(label),
    }


def _publisher(site: Site) -> str:
    return f"{site.catalogue}#publisher"


def _service(site: Site) -> str:
    return f"{site.catalogue}#sdmx"


def _said(words: Text) -> list[Node]:
    return [{"@value": words.fr, "@language": "fr"}, {"@value": words.en, "@language": "en"}]


def _named(form: Text, name: Text) -> Text:
    return Text(form.fr.format(name=name.fr), form.en.format(name=name.en))


def _instant(written: str) -> Node:
    return {"@value": written, "@type": "xsd:dateTime"}


def _concept(path: str, kind: str) -> Node:
    return {"@id": _AUTHORITY + path, "@type": kind}


def _languages() -> list[Node]:
    return [_concept(f"language/{each}", "dct:LinguisticSystem") for each in ("FRA", "ENG")]


def _country() -> Node:
    return _concept("country/FRA", "dct:Location")


def _public() -> Node:
    return _concept("access-right/PUBLIC", "dct:RightsStatement")
