"""Writes the files of a kit. Pure: equal structures, methods and notes give equal bytes."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources
from typing import Any, Final

from observatory.formulas.percentiles import BOUNDS
from observatory.indices import catalogue, texts
from observatory.kits import describing, signing
from observatory.kits.gathering import Gathered
from observatory.kits.manifest import STRUCTURES, golden
from observatory.kits.methods import KitMethod, methods
from observatory.kits.schemas import KitStructures, Parameters
from observatory.structures.bundles import KINDS
from observatory.structures.key_schemas import Citable
from observatory.structures.schemas import Names, digest
from platformkit.i18n import Text

_STATIC: Final = (
    "LICENCE",
    "templates/chart.vl.json",
    "templates/release-notes.md",
    "tests/README.md",
    "tests/test_conformance.py",
)
Changes = Sequence[tuple[str, Names]]


def files(gathered: Gathered, changes: Changes) -> dict[str, bytes]:
    """Write every file but the manifest; `changes` are the versions, this one last."""
    folder = resources.files("observatory")
    found: dict[str, bytes] = {
        STRUCTURES: signing.canonical(gathered.structures.model_dump(mode="json")),
        "structures/structures.sdmx.json": gathered.json,
        "structures/structures.sdmx.xml": gathered.xml,
        "metadata/indicators.json": signing.canonical(_sheets(gathered.structures)),
        "metadata/reading-keys.json": signing.canonical(
            _reading_keys() | _cited(gathered.structures.reading_keys)
        ),
        "metadata/grids.json": signing.canonical(_grids() | _cited(gathered.structures.grids)),
        "metadata/sheets.json": signing.canonical(_cited(gathered.structures.sheets)),
        "sdc/policy.json": folder.joinpath("disclosure/policy.json").read_bytes(),
        "local/parameters.schema.json": _indented(Parameters.model_json_schema()),
        "templates/sentences.json": signing.canonical(_sentences()),
        "CHANGELOG.md": _changelog(changes),
    }
    found |= {name: folder.joinpath(f"kits/package/{name}").read_bytes() for name in _STATIC}
    for method in methods().values():
        found |= _method(method)
    tables = dict(_tables(gathered.structures))
    found |= {name: table.content for name, table in tables.items()}
    for method in methods().values():
        name = golden(method.id, method.version)
        tables[name] = describing.Table(found[name], describing.GOLDEN)
    version = changes[-1][0]
    agency = gathered.structures.agency
    found["ro-crate-metadata.json"] = _indented(
        describing.crate(agency, version, found, gathered.at)
    )
    found["datapackage.json"] = _indented(describing.package(agency, version, found, tables))
    return found


def artefacts(given: KitStructures) -> dict[str, str]:
    """Name every structure of a kit, with the hash that it has where it is installed."""
    return {
        f"{KINDS[type(each)]} {given.agency}:{each.id}({each.version})": digest(each)
        for each in (
            *given.codelists,
            *given.concept_schemes,
            *given.code_maps,
            *given.data_structures,
            *given.dataflows,
            *given.indicators,
            *given.reading_keys,
            *given.grids,
            *given.sheets,
        )
    }


def _indented(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _both(text: Text) -> dict[str, str]:
    return {"fr": text.fr, "en": text.en}


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def _tables(given: KitStructures) -> Iterator[tuple[str, describing.Table]]:
    """Write lists and maps as tables; a map refers to its lists, where the kit has them."""
    lists = {}
    for each in given.codelists:
        name = f"structures/codelists/{each.id}-{each.version}.csv"
        lists[f"{given.agency}:{each.id}({each.version})"] = name
        rows = [(one.id, one.parent or "", one.name.fr, one.name.en) for one in each.codes]
        content = _csv([column for column, _ in describing.CODES.fields], rows)
        yield name, describing.Table(content, describing.CODES)
    for map_ in given.code_maps:
        rows_ = [(one.source, one.target, repr(one.weight), map_.version) for one in map_.mappings]
        content = _csv([column for column, _ in describing.CROSSWALK.fields], rows_)
        refers = {
            end: lists[reference]
            for end, reference in (("source", map_.source), ("target", map_.target))
            if reference in lists
        }
        name = f"crosswalks/{map_.id}-{map_.version}.csv"
        yield name, describing.Table(content, describing.CROSSWALK, refers)


def _method(method: KitMethod) -> dict[str, bytes]:
    folder = f"methods/{method.id}/{method.version}"
    told = [f"# {method.name.fr} · {method.name.en}", "", method.formula.fr]
    if method.formula.en != method.formula.fr:
        told += ["", method.formula.en]
    limits = [line for text in method.limits for line in (f"- {text.fr}", f"  {text.en}")]
    citations = [*(f"- {each}" for each in method.citations), "", f"Licence: {method.licence}"]
    rows = [
        (
            each.name,
            signing.canonical(each.given).decode(),
            signing.canonical(each.expected).decode(),
        )
        for each in method.vectors
    ]
    return {
        f"{folder}/formula.md": _lines(told),
        f"{folder}/constants.json": signing.canonical(method.constants),
        f"{folder}/citations.md": _lines(citations),
        f"{folder}/limits.md": _lines(limits),
        golden(method.id, method.version): _csv(
            [name for name, _ in describing.GOLDEN.fields], rows
        ),
    }


def _lines(told: Iterable[str]) -> bytes:
    return ("\n".join(told) + "\n").encode()


def _changelog(changes: Changes) -> bytes:
    told = ["# Changes"]
    for version, notes in reversed(changes):
        told += ["", f"## {version}", "", notes.fr, "", notes.en]
    return _lines(told)


def _sheets(given: KitStructures) -> dict[str, Any]:
    """Say of each indicator what its dataflow says of licence, source and rhythm."""
    flows = {f"{given.agency}:{each.id}({each.version})": each for each in given.dataflows}
    return {
        each.id: {
            **each.model_dump(mode="json", exclude={"id"}),
            "structure": flows[each.dataflow].structure,
            "licence": flows[each.dataflow].licence,
            "source": flows[each.dataflow].source,
            "theme": flows[each.dataflow].theme,
            "accrual_periodicity": flows[each.dataflow].accrual_periodicity,
        }
        for each in given.indicators
    }


def _cited(given: Iterable[Citable]) -> dict[str, Any]:
    """Write each version under its name: `job-score(1.0.0)`."""
    return {f"{each.id}({each.version})": each.model_dump(mode="json") for each in given}


def _reading_keys() -> dict[str, Any]:
    name, version = catalogue.READING_KEY
    return {name: {"version": version, "do_not_read": [_both(each) for each in texts.DO_NOT_READ]}}


def _sentences() -> dict[str, Any]:
    return {name: _both(text) for name, text in texts.TEMPLATES.items()}


def _grids() -> dict[str, Any]:
    name, version = catalogue.GRID
    return {
        name: {
            "version": version,
            "name": _both(texts.GRID_NAME),
            "rule": _both(texts.GRID_RULE),
            "classes": [
                {"id": band.value, "name": _both(texts.BANDS[band]), "at_least": least}
                for band, least in BOUNDS.items()
            ],
        }
    }
