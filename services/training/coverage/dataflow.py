"""Coverage for the observatory: two dataflows, as the structures and the files that it loads.

Territories, jobs and frequencies are the observatory's own code lists.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from platformkit.i18n import Text
from training.coverage import wording
from training.coverage.catalogue import FUNDED, Origin, total
from training.coverage.lines import Line, Scope, Share, covered
from training.coverage.service import REGION, Known
from training.coverage.tables import table

COVERAGE: Final = "DF_TRAINING_COVERAGE"
GAPS: Final = "DF_TRAINING_GAPS"

_VERSION: Final = "1.0.0"
_ALL: Final = "_T"
_LICENCE: Final = "Licence Ouverte 2.0; CC BY 4.0 (ILO)"
_SOURCE: Final = "Vigie, catalogue des formations; OIT WP140 (2025); DARES, INSEE, recensement 2017"
_ORIGINS: Final[Mapping[Origin | None, str]] = {None: _ALL, "inherited": "INHERITED", "new": "NEW"}
_KINDS: Final = ("region", "department", "employment_zone")

_KEY: Final = ("FREQ", "REF_AREA")
_VALUE: Final = ("TIME_PERIOD", "OBS_VALUE", "NUMERATOR", "DENOMINATOR")
COLUMNS: Final = {
    COVERAGE: (*_KEY, "AUDIENCE", "ORIGIN", "MEASURE", *_VALUE),
    GAPS: (*_KEY, "OCCUPATION", "MEASURE", *_VALUE[:2]),
}

_NAMES: Final = {
    "FREQ": Text("Fréquence", "Frequency"),
    "REF_AREA": Text("Territoire", "Reference area"),
    "AUDIENCE": Text("Public", "Audience"),
    "ORIGIN": Text("Origine de l’offre", "Origin of the offer"),
    "OCCUPATION": Text("Métier", "Occupation"),
    "MEASURE": Text("Mesure", "Measure"),
    "OBS_STATUS": Text("Statut d’observation", "Observation status"),
    "NUMERATOR": Text("Numérateur", "Numerator"),
    "DENOMINATOR": Text("Dénominateur", "Denominator"),
    "METHOD_VERSION": Text("Version de la méthode", "Method version"),
    "SOURCE": Text("Source", "Source"),
    "DECIMALS": Text("Décimales", "Decimals"),
}
_LISTS: Final = {
    "CL_COVERAGE_AUDIENCE": (
        Text("Publics de l’offre", "Audiences of the offer"),
        {
            _ALL: Text("Tous publics", "All audiences"),
            **{one.upper(): text for one, text in wording.AUDIENCES.items()},
        },
    ),
    "CL_COVERAGE_ORIGIN": (
        Text("Origines de l’offre", "Origins of the offer"),
        {
            _ALL: Text("Toute l’offre", "The whole offer"),
            "INHERITED": Text("Offre héritée", "Inherited offer"),
            "NEW": Text("Offre nouvelle du programme", "New offer of the programme"),
        },
    ),
    "CL_COVERAGE_MEASURE": (
        Text("Mesures de la couverture", "Measures of coverage"),
        {
            "COVERED_SHARE": Text("Part de l’emploi exposé couverte", "Exposed employment covered"),
            "GAP_EMPLOYMENT": Text("Emploi exposé sans offre", "Exposed employment without offer"),
            "OFFERS": Text("Offres ouvertes", "Open offers"),
            "SESSIONS": Text("Sessions ouvertes", "Open sessions"),
            "SEATS": Text("Places financées", "Funded places"),
        },
    ),
    "CL_GAP_MEASURE": (
        Text("Mesures par métier", "Measures by job"),
        {
            "EMPLOYMENT": Text("Emploi régional", "Regional employment"),
            "GAP_EMPLOYMENT": Text("Emploi exposé sans offre", "Exposed employment without offer"),
            "OFFERS": Text("Offres ouvertes", "Open offers"),
            "CERTIFICATIONS": Text("Certifications actives", "Active certifications"),
        },
    ),
}
_FLOWS: Final = {
    COVERAGE: (
        Text("Couverture des métiers exposés par l’offre de formation",
             "Coverage of exposed jobs by the training offer"),
        {
            "FREQ": "CL_FREQ", "REF_AREA": "CL_TERRITORY", "AUDIENCE": "CL_COVERAGE_AUDIENCE",
            "ORIGIN": "CL_COVERAGE_ORIGIN", "MEASURE": "CL_COVERAGE_MEASURE",
        },
    ),
    GAPS: (
        Text("Métiers exposés ou émergents et offre de formation",
             "Exposed or emerging jobs and the training offer"),
        {
            "FREQ": "CL_FREQ", "REF_AREA": "CL_TERRITORY", "OCCUPATION": "CL_ROME4",
            "MEASURE": "CL_GAP_MEASURE",
        },
    ),
}  # fmt: skip
_INDICATORS: Final = {
    "TRAINING_COVERAGE": (
        COVERAGE,
        {"FREQ": "M", "AUDIENCE": _ALL, "ORIGIN": _ALL, "MEASURE": "COVERED_SHARE"},
        Text("Part de l’emploi exposé couverte par l’offre ouverte",
             "Share of exposed employment covered by the open offer"),
        Text("fraction, de 0 à 1", "fraction, from 0 to 1"),
        3,
    ),
    "TRAINING_GAP": (
        GAPS,
        {"FREQ": "M", "REF_AREA": REGION, "MEASURE": "GAP_EMPLOYMENT"},
        Text("Emploi exposé d’un métier auquel aucune offre ouverte ne répond",
             "Exposed employment of a job that no open offer answers"),
        Text("personnes en emploi", "persons employed"),
        0,
    ),
}  # fmt: skip


def _both(text: Text) -> dict[str, str]:
    return {"fr": text.fr, "en": text.en}


def structures() -> dict[str, Any]:
    """Return the document that the observatory's `POST …/structures` takes."""
    head = {"version": _VERSION}
    return {
        "codelists": [
            {
                "id": name,
                **head,
                "name": _both(title),
                "codes": [{"id": code, "name": _both(text)} for code, text in codes.items()],
            }
            for name, (title, codes) in _LISTS.items()
        ],
        "data_structures": [_structure(flow) for flow in _FLOWS],
        "dataflows": [
            {
                "id": flow,
                **head,
                "name": _both(name),
                "structure": f"{flow.replace('DF_', 'DSD_')}({_VERSION})",
                "licence": _LICENCE,
                "source": _SOURCE,
                "theme": "education",
                "accrual_periodicity": "monthly",
            }
            for flow, (name, _) in _FLOWS.items()
        ],
        "indicators": [
            {
                "id": name,
                **head,
                "name": _both(title),
                "dataflow": f"{flow}({_VERSION})",
                "key": key,
                "unit": _both(unit),
                "decimals": decimals,
                "definition": _both(wording.FORMULA),
            }
            for name, (flow, key, title, unit, decimals) in _INDICATORS.items()
        ],
    }


def _structure(flow: str) -> dict[str, Any]:
    name, dimensions = _FLOWS[flow]
    observed = ["OBS_STATUS", "METHOD_VERSION", "SOURCE"]
    if flow == COVERAGE:
        observed += ["NUMERATOR", "DENOMINATOR"]
    return {
        "id": flow.replace("DF_", "DSD_"),
        "version": _VERSION,
        "name": _both(name),
        "measure": _both(Text("Valeur", "Observation value")),
        "dimensions": [
            {"id": one, "name": _both(_NAMES[one]), "codelist": f"{codes}({_VERSION})"}
            for one, codes in dimensions.items()
        ],
        "attributes": [
            *({"id": one, "name": _both(_NAMES[one]), "level": "observation"} for one in observed),
            {
                "id": "DECIMALS",
                "name": _both(_NAMES["DECIMALS"]),
                "level": "dataflow",
                "values": {"": "4"},
            },
        ],
        "ratios": {"MEASURE": ["COVERED_SHARE"]} if flow == COVERAGE else {},
    }


def file(known: Known, flow: str) -> bytes:
    """Write the figures of a dataflow as the file that a release loads.

    Raises ExposureUnavailable.
    """
    known.needed()
    rows = _coverage(known) if flow == COVERAGE else _gaps(known)
    month = f"{known.catalogue.day:%Y-%m}"
    return table(COLUMNS[flow], ({"FREQ": "M", **row, "TIME_PERIOD": month} for row in rows))


def _coverage(known: Known) -> Iterable[Mapping[str, Any]]:
    """Yield the figures of the region, its departments and its employment zones."""
    catalogue = known.catalogue
    for place in catalogue.territories.values():
        if place.kind not in _KINDS:
            continue
        found = known.lines(Scope(place.id), "existing")
        whole = Share.of(found).employment
        here = Scope(place.id).offers(catalogue)
        for audience in (None, *FUNDED):
            of_audience = catalogue.audiences[audience] if audience else catalogue.open
            for origin, code in _ORIGINS.items():
                of_origin = {None: catalogue.open, "new": catalogue.new}.get(origin, ~catalogue.new)
                offers = of_audience & of_origin
                key = {
                    "REF_AREA": place.id,
                    "AUDIENCE": audience.upper() if audience else _ALL,
                    "ORIGIN": code,
                }
                some = round(covered(found, offers).employment, 3)
                if whole:
                    yield {
                        **key,
                        "MEASURE": "COVERED_SHARE",
                        "OBS_VALUE": round(some / whole, 4),
                        "NUMERATOR": some,
                        "DENOMINATOR": round(whole, 3),
                    }
                counted = {
                    "GAP_EMPLOYMENT": round(whole - some, 3),
                    "OFFERS": (here & offers).bit_count(),
                    "SESSIONS": total(catalogue, "sessions", here & offers),
                    "SEATS": total(catalogue, "seats", here & offers),
                }
                for measure, value in counted.items():
                    yield {**key, "MEASURE": measure, "OBS_VALUE": value}


def _gaps(known: Known) -> Iterable[Mapping[str, Any]]:
    """Yield the figures of each job in the region; an emerging job has no employment yet."""
    for line in known.lines(Scope(REGION)):
        key = {"REF_AREA": REGION, "OCCUPATION": line.job.code}
        for measure, value in _of_job(line).items():
            if value is not None:
                yield {**key, "MEASURE": measure, "OBS_VALUE": value}


def _of_job(line: Line) -> Mapping[str, float | None]:
    without = None if line.employment is None else 0.0 if line.offers else line.employment
    return {
        "EMPLOYMENT": line.employment,
        "GAP_EMPLOYMENT": without,
        "OFFERS": line.offers.bit_count(),
        "CERTIFICATIONS": line.certifications.bit_count(),
    }
