"""Writes a dataflow for the web: schema.org's Dataset, and Croissant for machine learning. Pure.

schema.org/Dataset as search engines of datasets read it; Croissant 1.1 (MLCommons, 2026-01-29),
whose `@context` the specification gives and readers compare.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from observatory.catalogue.entries import LICENCES, Entry, Site
from observatory.observations.columns import Column
from observatory.structures.catalogue import text

Node = dict[str, Any]

_FILES: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonstat": "application/json",
}
PARQUET: Final = "application/vnd.apache.parquet"
_OF_CROISSANT: Final = (
    "arrayShape citeAs column containedIn equivalentProperty extract field fileObject fileProperty"
    " fileSet format includes isArray isLiveDataset jsonPath key md5 parentField path recordSet"
    " references regex repeated replace samplingRate separator source subField transform"
)
_JSON: Final = "@json"
CONTEXT: Final[Mapping[str, Any]] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": _JSON},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": _JSON},
    "name": {"@container": "@language"},
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
} | {name: f"cr:{name}" for name in _OF_CROISSANT.split()}


def schema_org(site: Site, entry: Entry) -> Node:
    """Write a schema.org Dataset in the language of the request."""
    downloads: list[Node] = [
        {
            "@type": "DataDownload",
            "name": f"{each.name()} ({suffix.upper()})",
            "contentUrl": site.data(each.id, suffix),
            "encodingFormat": media,
        }
        for each in entry.indicators
        for suffix, media in _FILES.items()
    ]
    whole: Node = {
        "@type": "DataDownload",
        "name": f"{entry.flow.artefact.name()} (Parquet)",
        "contentUrl": site.bulk(entry.shown),
        "encodingFormat": PARQUET,
    }
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        **_described(site, entry),
        "identifier": [entry.identifier, entry.flow.artefact.urn],
        "inLanguage": ["fr", "en"],
        "isAccessibleForFree": True,
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "@id": site.catalogue,
            "url": site.catalogue,
        },
        "variableMeasured": [
            {
                "@type": "PropertyValue",
                "name": each.name(),
                "description": text(each.content["definition"])(),
                "unitText": text(each.content["unit"])(),
            }
            for each in entry.indicators
        ],
        "distribution": [*downloads, whole],
    }


def croissant(site: Site, entry: Entry, columns: Iterable[Column], file: tuple[str, str]) -> Node:
    """Write Croissant: the file of the release, by its name and SHA-256, and its columns."""
    name, sha256 = file
    fields = [
        {
            "@type": "cr:Field",
            "@id": f"observations/{each.id}",
            "name": each.id,
            "description": each.title(),
            "dataType": "sc:Float" if each.is_number else "sc:Text",
            "source": {"fileObject": {"@id": name}, "extract": {"column": each.id}},
        }
        for each in columns
    ]
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        **_described(site, entry),
        "citeAs": f"{site.publisher()}, {entry.flow.artefact.name()}, {entry.shown.ordinal}"
        f" ({entry.shown.modified_at:%Y-%m-%d}). {site.dataset(entry.flow.id)}",
        "isLiveDataset": False,
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": name,
                "name": name,
                "contentUrl": site.bulk(entry.shown),
                "encodingFormat": "application/x-parquet",
                "sha256": sha256,
            }
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": "observations",
                "name": "observations",
                "key": [{"@id": f"observations/{each.id}"} for each in entry.flow.dimensions]
                + [{"@id": "observations/TIME_PERIOD"}],
                "field": fields,
            }
        ],
    }


def _described(site: Site, entry: Entry) -> Node:
    """Write what both say of a dataset."""
    flow, shown = entry.flow.artefact, entry.shown
    publisher = {"@type": "Organization", "name": site.publisher()}
    found: Node = {
        "@id": site.dataset(entry.flow.id),
        "name": flow.name(),
        "description": entry.description(),
        "url": site.dataset(entry.flow.id),
        "license": LICENCES.get(entry.licence, entry.licence),
        "creator": publisher,
        "publisher": publisher,
        "keywords": [each() for each in entry.keywords],
        "version": f"{shown.ordinal}.0.0",
        "datePublished": shown.issued_at.isoformat(),
        "dateModified": shown.modified_at.isoformat(),
    }
    if shown.first_on is not None and shown.last_on is not None:
        found["temporalCoverage"] = f"{shown.first_on}/{shown.last_on}"
    return found
