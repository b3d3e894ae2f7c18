"""The XML flux of France compétences, V4.1: one FICHE after the other, in bounded memory."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import IO, Any, Final

from lxml import etree

from platformkit.i18n import Text
from training.certifications.fiches import Draft
from training.certifications.origins import source
from training.imports import xml
from training.imports.findings import FileRefused, Finding
from training.imports.formats import Reading

ROOT: Final = "FICHES"
VERSION: Final = "4.1"
NAME: Final = "France compétences, export RNCP/RS, flux XML V4.1"
_ROUTES: Final = ("FI", "CA", "FC", "CQ", "CL", "VAE")
_PROSE: Final = {
    "objectives": "OBJECTIFS_CONTEXTE",
    "activities": "ACTIVITES_VISEES",
    "capacities": "CAPACITES_ATTESTEES",
    "sectors": "SECTEURS_ACTIVITE",
    "accessible_jobs": "TYPE_EMPLOI_ACCESSIBLES",
    "prerequisites": "PREREQUIS_ENTREE_FORMATION",
    "regulations": "REGLEMENTATIONS_ACTIVITES",
    "url": "LIEN_URL_DESCRIPTION",
}
_DAYS: Final = {
    "decided_on": "DATE_DECISION",
    "effective_on": "DATE_EFFET",
    "registration_end": "DATE_FIN_ENREGISTREMENT",
    "delivery_limit": "DATE_LIMITE_DELIVRANCE",
    "published_on": "DATE_DE_PUBLICATION",
}
_RATES: Final = {
    "certified": "NOMBRE_CERTIFIES",
    "certified_by_experience": "NOMBRE_CERTIFIES_VAE",
    "employed_after_6_months": "TAUX_INSERTION_GLOBAL_6MOIS",
    "in_the_job_after_6_months": "TAUX_INSERTION_METIER_6MOIS",
    "in_the_job_after_2_years": "TAUX_INSERTION_METIER_2ANS",
}
_TAKEN: Final = frozenset(
    """FICHE ID_FICHE NUMERO_FICHE INTITULE ABREGE CODE LIBELLE ETAT_FICHE ACTIF COMPOSITION
    NOUVELLES_CERTIFICATIONS NOUVELLE_CERTIFICATION ID_FICHE_NOUVELLE_CERTIFICATION
    ANCIENNES_CERTIFICATIONS ANCIENNE_CERTIFICATION ID_FICHE_ANCIENNE_CERTIFICATION
    FORMACODES FORMACODE CODES_NSF NSF CODES_ROME ROME CCN_1 CCN_2 CCN_3 NUMERO
    NOMENCLATURE_EUROPE NIVEAU DUREE_ENREGISTREMENT TYPE_ENREGISTREMENT
    CERTIFICATEURS CERTIFICATEUR SIRET_CERTIFICATEUR NOM_CERTIFICATEUR ETAT_CERTIFICATEUR
    PARTENAIRES PARTENAIRE NOM_PARTENAIRE SIRET_PARTENAIRE HABILITATION_PARTENAIRE
    ETAT_HABILITATION DATE_ACTIF DATE_DERNIERE_MODIFICATION_ETAT
    STATISTIQUES_PROMOTIONS STATISTIQUES_PROMOTION STATISTIQUE_PROMOTION ANNEE
    BLOCS_COMPETENCES BLOC_COMPETENCES LISTE_COMPETENCES MODALITES_EVALUATION
    CORRESPONDANCES CORRESPONDANCE SOURCE DESTINATION""".split()  # noqa: SIM905  # words, not lines
) | {*_PROSE.values(), *_DAYS.values(), *_RATES.values(), *(f"SI_JURY_{one}" for one in _ROUTES)}
_LEFT: Final = frozenset(
    """EXISTENCE_PARTENAIRES ACCESSIBLE_NOUVELLE_CALEDONIE ACCESSIBLE_POLYNESIE_FRANCAISE
    PUBLICATION_DECRET_GENERAL PUBLICATION_DECRET_CREATION PUBLICATION_DECRET_AUTRE
    PUBLICATION_JO TITRE DATE_PUBLICATION_JO DATE_DERNIER_JO ANNEES_PROMOTIONS_NIVEAU
    DATE_DERNIERE_MODIFICATION AUTRES_INFORMATIONS VALIDATION_PARTIELLE""".split()  # noqa: SIM905  # likewise
)
"""Known, and of no use to the catalogue; anything else is said (acceptance C8)."""


_CHANGED: Final = "DATE_DERNIERE_MODIFICATION_ETAT"
_UNKNOWN_TOLD: Final = 100


class Flux:
    """An opened flux; its version stands before its first FICHE."""

    def __init__(self, file: IO[bytes], name: str, dated_on: date | None) -> None:
        self._elements = xml.elements(file, "VERSION_FLUX", "FICHE")
        line, first = next(self._elements, (1, None))
        if first is None or first.tag != "VERSION_FLUX":
            raise FileRefused(
                "flux-version-missing",
                "VERSION_FLUX manque avant la première FICHE.",
                "VERSION_FLUX is missing before the first FICHE.",
                step=2,
                line=line,
            )
        self.version: str | None = (first.text or "").strip()[:20]
        self.is_known_version = self.version == VERSION
        self.dated_on = dated_on
        self.parts: Sequence[str] = [name]
        self.remarks: Sequence[Finding] = ()
        self._source = source("official_feed", NAME, dated_on)
        self._unknown: set[str] = set()

    def __iter__(self) -> Iterator[Reading]:
        for line, fiche in self._elements:
            draft = Draft(fiche.findtext("NUMERO_FICHE"), line)
            self._look_for_unknown(fiche, draft)
            _fill(draft, fiche)
            yield draft.reading(self._source)

    def _look_for_unknown(self, fiche: etree._Element, draft: Draft) -> None:
        """Say once per file which elements nobody knows, at most a hundred of them."""
        for element in fiche.iter():
            tag = str(element.tag)
            if tag in _TAKEN or tag in _LEFT or tag in self._unknown:
                continue
            if len(self._unknown) >= _UNKNOWN_TOLD:
                return
            self._unknown.add(tag)
            draft.findings.append(
                Finding(
                    "tag-unknown",
                    Text(
                        f"L’élément {tag[:80]} n’est pas du flux {VERSION} ; il n’est pas repris.",
                        f"The element {tag[:80]} is not of flux {VERSION}; it is left out.",
                    ),
                    2,
                    "warning",
                    draft.code,
                    element.sourceline,
                )
            )


def _fill(draft: Draft, fiche: etree._Element) -> None:
    facts, text = draft.facts, fiche.findtext
    facts |= {field: draft.text(tag, text(tag)) for field, tag in _PROSE.items()}
    facts |= {field: draft.french_day(tag, text(tag)) for field, tag in _DAYS.items()}
    facts |= {
        "source_id": draft.text("ID_FICHE", text("ID_FICHE")),
        "title": draft.text("INTITULE", text("INTITULE")),
        "abbreviation": draft.text("ABREGE", text("ABREGE/CODE")),
        "level": draft.level(text("NOMENCLATURE_EUROPE/NIVEAU")),
        "registration_type": draft.text("TYPE_ENREGISTREMENT", text("TYPE_ENREGISTREMENT")),
        "registration_end_year": None,
        "registration_years": (text("DUREE_ENREGISTREMENT") or "").strip() or None,
        "source_state": draft.text("ETAT_FICHE", text("ETAT_FICHE")),
        "source_active": _is_yes(text("ACTIF")),
        "access_routes": [route for route in _ROUTES if _is_yes(text(f"SI_JURY_{route}/ACTIF"))],
        "formacodes": _terms(draft, fiche, "formacode", "FORMACODES/FORMACODE"),
        "nsf": _terms(draft, fiche, "nsf", "CODES_NSF/NSF"),
        "rome": _terms(draft, fiche, "rome", "CODES_ROME/ROME"),
        "idcc": draft.terms(
            "idcc",
            [(text(f"CCN_{place}/NUMERO"), text(f"CCN_{place}/LIBELLE")) for place in (1, 2, 3)],
        ),
        "predecessors": draft.links(
            "ANCIENNES_CERTIFICATIONS",
            (one.text for one in fiche.iterfind("ANCIENNES_CERTIFICATIONS/*/*")),
        ),
        "successors": draft.links(
            "NOUVELLES_CERTIFICATIONS",
            (one.text for one in fiche.iterfind("NOUVELLES_CERTIFICATIONS/*/*")),
        ),
        "blocs": draft.blocs(
            {
                "code": (bloc.findtext("CODE") or "").strip(),
                "title": draft.text("LIBELLE", bloc.findtext("LIBELLE")) or "",
                "competences": draft.text("LISTE_COMPETENCES", bloc.findtext("LISTE_COMPETENCES")),
                "assessment": draft.text(
                    "MODALITES_EVALUATION", bloc.findtext("MODALITES_EVALUATION")
                ),
            }
            for bloc in fiche.iterfind("BLOCS_COMPETENCES/BLOC_COMPETENCES")
        ),
        "certifying_bodies": [
            _body(draft, one) for one in fiche.iterfind("CERTIFICATEURS/CERTIFICATEUR")
        ],
        "partners": [
            partner
            for one in fiche.iterfind("PARTENAIRES/PARTENAIRE")
            if (partner := _partner(draft, one)) is not None
        ],
        "equivalences": list(_equivalences(draft, fiche)),
        "statistics": draft.promotions(
            {"year": _number(one.findtext("ANNEE"))}
            | {field: _number(one.findtext(tag)) for field, tag in _RATES.items()}
            for one in fiche.iterfind("STATISTIQUES_PROMOTIONS/*")
        ),
    }


def _is_yes(raw: str | None) -> bool:
    return (raw or "").strip().casefold() == "oui"


def _number(raw: str | None) -> str | None:
    return (raw or "").strip().replace(",", ".").removesuffix("%").strip() or None


def _terms(draft: Draft, fiche: etree._Element, scheme: str, path: str) -> list[Any]:
    found = fiche.iterfind(path)
    return draft.terms(scheme, ((one.findtext("CODE"), one.findtext("LIBELLE")) for one in found))


def _fields(one: etree._Element) -> dict[str, str | None]:
    """Read the texts of a small element at once: there are hundreds of thousands of them."""
    return {child.tag: child.text for child in one}


def _body(draft: Draft, one: etree._Element) -> dict[str, Any]:
    field = _fields(one).get
    state = (field("ETAT_CERTIFICATEUR") or "Actif").strip()
    return {
        "siret": draft.siret("SIRET_CERTIFICATEUR", field("SIRET_CERTIFICATEUR")),
        "name": draft.text("NOM_CERTIFICATEUR", field("NOM_CERTIFICATEUR")) or "",
        "state": "active" if state == "Actif" else "inactive",
        "state_since": draft.french_day(_CHANGED, field(_CHANGED)),
    }


def _partner(draft: Draft, one: etree._Element) -> dict[str, Any] | None:
    field = _fields(one).get
    role = draft.role("HABILITATION_PARTENAIRE", field("HABILITATION_PARTENAIRE"))
    if role is None:
        return None
    state = (field("ETAT_HABILITATION") or "").strip()
    return {
        "siret": draft.siret("SIRET_PARTENAIRE", field("SIRET_PARTENAIRE")),
        "name": draft.text("NOM_PARTENAIRE", field("NOM_PARTENAIRE")) or "",
        "role": role,
        "state": "active" if state == "Actif" else "inactive",
        "state_since": draft.french_day(_CHANGED, field(_CHANGED)),
        "active_since": draft.french_day("DATE_ACTIF", field("DATE_ACTIF")),
    }


def _equivalences(draft: Draft, fiche: etree._Element) -> Iterator[dict[str, Any]]:
    """Read which blocs of this fiche count as which of another; the tags nest the blocs' own."""
    for one in fiche.iterfind("CORRESPONDANCES/CORRESPONDANCE"):
        target = draft.link("CORRESPONDANCE", one.findtext("DESTINATION/NUMERO_FICHE"))
        if target is not None:
            yield {
                "source_blocs": _codes(one, "SOURCE/BLOC_COMPETENCES/CODE"),
                "target": target,
                "target_blocs": _codes(one, "DESTINATION/BLOC_COMPETENCES/CODE"),
            }


def _codes(one: etree._Element, path: str) -> list[str]:
    return [code.text.strip() for code in one.iterfind(path) if code.text and code.text.strip()]
