"""Which CSV tables make a set, and what facts their columns are."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from training.certifications.fiches import Draft

Row = Mapping[str, str]
Parts = Mapping[str, list[tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Table:
    """A member of a set: which file it is, its key, and the columns that are kept of it."""

    name: str
    member: re.Pattern[str]
    key: str
    columns: tuple[str, ...]
    required: bool = True


@dataclass(frozen=True, slots=True)
class TableSet:
    """A set of tables that belong together; `fill` makes facts of the main rows and the parts.

    In the older set a fiche has as many rows, one after the other, as it has links to others.
    """

    version: str
    title: str
    main: Table
    parts: tuple[Table, ...]
    repeats: bool
    fill: Callable[[Draft, Sequence[Row], Parts], None]


def _table(name: str, member: str, key: str, *columns: str, required: bool = True) -> Table:
    return Table(name, re.compile(member, re.IGNORECASE), key, columns, required)


_KEY: Final = "Numero_Fiche"
_ROUTES: Final = {
    "sous statut": "FI",
    "apprentissage": "CA",
    "formation continue": "FC",
    "professionnalisation": "CQ",
    "candidature": "CL",
    "exp": "VAE",
}
"""What each access route's wording contains, its typographic apostrophes aside."""


def _bodies(draft: Draft, rows: list[tuple[str, ...]]) -> list[dict[str, Any]]:
    return [
        {"siret": draft.siret("certificateur", siret), "name": draft.text("nom", name) or ""}
        for siret, name in rows
    ]


def _route(label: str) -> str | None:
    said = label.casefold()
    return next((route for words, route in _ROUTES.items() if words in said), None)


def _routes(draft: Draft, codes: list[str | None]) -> list[str]:
    if None in codes:
        draft.find(
            "access-route-unknown",
            "Une voie d’accès n’est pas reconnue ; elle n’est pas reprise.",
            "An access route is not recognised; it is left out.",
        )
    return [route for route in _ROUTES.values() if route in codes]


def _export(draft: Draft, rows: Sequence[Row], parts: Parts) -> None:
    """Fill a fiche of the official export, 2022 to 2024."""
    row = rows[0]
    ccn = next(iter(parts["ccn"]), ("",) * 6)
    old, new = zip(*parts["successions"], strict=True) if parts["successions"] else ((), ())
    draft.facts |= {
        "source_id": draft.text("Id_Fiche", row["Id_Fiche"]),
        "title": draft.text("Intitule", row["Intitule"]),
        "abbreviation": draft.text("Abrege_Libelle", row["Abrege_Libelle"]),
        "level": draft.level(row["Nomenclature_Europe_Niveau"]),
        "registration_type": draft.text("Type_Enregistrement", row["Type_Enregistrement"]),
        "decided_on": draft.french_day("Date_Decision", row["Date_Decision"]),
        "effective_on": draft.french_day("Date_Effet", row["Date_Effet"]),
        "registration_end": draft.french_day(
            "Date_Fin_Enregistrement", row["Date_Fin_Enregistrement"]
        ),
        "registration_end_year": None,
        "delivery_limit": None,
        "source_state": None,
        "source_active": row["Actif"] == "ACTIVE",
        "nsf": draft.terms("nsf", parts["nsf"]),
        "formacodes": draft.terms("formacode", parts["formacodes"]),
        "rome": draft.terms("rome", parts["rome"]),
        "idcc": draft.terms("idcc", zip(ccn[::2], ccn[1::2], strict=True)),
        "blocs": _blocs(draft, parts),
        "certifying_bodies": _bodies(draft, parts["bodies"]),
        "partners": [
            {
                "name": draft.text("Nom_Partenaire", name) or "",
                "siret": draft.siret("Siret_Partenaire", siret),
                "role": role,
                "state": "active",
            }
            for name, siret, said in parts["partners"]
            if (role := draft.role("Habilitation_Partenaire", said)) is not None
        ],
        "access_routes": _routes(draft, [_route(label) for (label,) in parts["routes"]]),
        "predecessors": draft.links("Ancienne_Certification", old),
        "successors": draft.links("Nouvelle_Certification", new),
    }


_OLD_ROUTES: Final = {
    "CANDIDATURE": "CL",
    "CONTRATA": "CA",
    "CONTRATP": "CQ",
    "ELEVE": "FI",
    "PFC": "FC",
    "EXP": "VAE",
}


def _older(draft: Draft, rows: Sequence[Row], parts: Parts) -> None:
    """Fill a certification of the set of 2021; its dates are M/J/AA."""
    row = rows[0]
    draft.facts |= {
        "title": draft.text("intituleDiplome", row["intituleDiplome"]),
        "abbreviation": draft.text("CodeTypeCertif", row["CodeTypeCertif"]),
        "level": draft.level(row["NiveauEurope"]),
        "registration_type": draft.text("TypeEnregistrement", row["TypeEnregistrement"]),
        "decided_on": None,
        "effective_on": None,
        "registration_end": _american_day(draft, row["date_fin_validite_enregistrement"]),
        "registration_end_year": None,
        "delivery_limit": None,
        "source_state": draft.text("EtatFiche", row["EtatFiche"]),
        "source_active": row["ActiveInactive"] == "ACTIVE",
        "nsf": draft.terms("nsf", parts["nsf"]),
        "formacodes": None,
        "rome": draft.terms("rome", parts["rome"]),
        "blocs": _blocs(draft, parts),
        "certifying_bodies": _bodies(draft, parts["bodies"]),
        "access_routes": _routes(draft, [_OLD_ROUTES.get(code) for (code,) in parts["routes"]]),
        "predecessors": draft.links("AncienneFiche", [row["AncienneFiche"] for row in rows]),
        "successors": draft.links("NouvelleFiche", [row["NouvelleFiche"] for row in rows]),
    }


def _american_day(draft: Draft, raw: str) -> date | None:
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{2})", raw.strip(), re.ASCII)
    parts = (2000 + int(found[3]), int(found[1]), int(found[2])) if found else None
    return draft.day("date_fin_validite_enregistrement", raw, parts)


def _blocs(draft: Draft, parts: Parts) -> list[Any]:
    return draft.blocs(
        {"code": code.strip(), "title": draft.text("bloc", title) or ""}
        for code, title in parts["blocs"]
    )


SETS: Final = (
    TableSet(
        "CSV 2022",
        "France compétences, export RNCP/RS, tables CSV",
        _table(
            "main",
            r"_Standard_",
            _KEY,
            "Id_Fiche",
            "Intitule",
            "Abrege_Libelle",
            "Nomenclature_Europe_Niveau",
            "Date_Decision",
            "Date_Fin_Enregistrement",
            "Date_Effet",
            "Type_Enregistrement",
            "Actif",
        ),
        (
            _table(
                "blocs",
                r"_Blocs_De_Comp",
                _KEY,
                "Bloc_Competences_Code",
                "Bloc_Competences_Libelle",
            ),
            _table("bodies", r"_Certificateurs_", _KEY, "Siret_Certificateur", "Nom_Certificateur"),
            _table("nsf", r"_Nsf_", _KEY, "Nsf_Code", "Nsf_Intitule"),
            _table("rome", r"_Rome_", _KEY, "Codes_Rome_Code", "Codes_Rome_Libelle"),
            _table("formacodes", r"_Formacode_", _KEY, "Formacode_Code", "Formacode_Libelle"),
            _table(
                "partners",
                r"_Partenaires_",
                _KEY,
                "Nom_Partenaire",
                "Siret_Partenaire",
                "Habilitation_Partenaire",
            ),
            _table("routes", r"_Voi.{0,4}dAcc", _KEY, "Si_Jury"),
            _table(
                "successions",
                r"_Ancienne_Nouvelle_",
                _KEY,
                "Ancienne_Certification",
                "Nouvelle_Certification",
            ),
            _table(
                "ccn",
                r"_CCN_",
                _KEY,
                *(f"Ccn_{place}_{what}" for place in (1, 2, 3) for what in ("Numero", "Libelle")),
            ),
        ),
        repeats=False,
        fill=_export,
    ),
    TableSet(
        "CSV 2021",
        "France compétences, tables RNCP v1.4 (janvier 2021)",
        _table(
            "main",
            r"^rncp_info",
            "CodeRNCP",
            "intituleDiplome",
            "date_fin_validite_enregistrement",
            "ActiveInactive",
            "EtatFiche",
            "NiveauEurope",
            "CodeTypeCertif",
            "AncienneFiche",
            "NouvelleFiche",
            "TypeEnregistrement",
        ),
        (
            _table("blocs", r"^rncp_blocs", "CodeRNCP", "numero_bloc", "intitule"),
            _table(
                "bodies", r"^rncp_certificateurs", "CodeRNCP", "siret_organisme", "Certificateur"
            ),
            _table("nsf", r"^rncp_nsf", "CodeRNCP", "code", "Libelle"),
            _table("rome", r"^rncp_rome", "CodeRNCP", "Rome", "libelle"),
            _table("routes", r"^rncp_voix", "CodeRNCP", "code_libelle"),
        ),
        repeats=True,
        fill=_older,
    ),
)
