"""What the tests of providers share: the public list in its two spellings, made to measure."""

from collections.abc import Mapping
from typing import Final

ACTIVITY: Final = "32590000000"
OF_SIRET: Final = "13002612300013"

COLUMNS: Final = (
    "numeroDeclarationActivite",
    "numerosDeclarationActivitePrecedent",
    "denomination",
    "siren",
    "siretEtablissementDeclarant",
    "adressePhysiqueOrganismeFormation.voie",
    "adressePhysiqueOrganismeFormation.codePostal",
    "adressePhysiqueOrganismeFormation.ville",
    "adressePhysiqueOrganismeFormation.codeRegion",
    "certifications.actionsDeFormation",
    "certifications.bilansDeCompetences",
    "certifications.VAE",
    "certifications.actionsDeFormationParApprentissage",
    "organismeEtrangerRepresente.denomination",
    "informationsDeclarees.dateDerniereDeclaration",
    "informationsDeclarees.debutExercice",
    "informationsDeclarees.finExercice",
    "informationsDeclarees.specialitesDeFormation.codeSpecialite1",
    "informationsDeclarees.specialitesDeFormation.libelleSpecialite1",
    "informationsDeclarees.specialitesDeFormation.codeSpecialite2",
    "informationsDeclarees.specialitesDeFormation.libelleSpecialite2",
    "informationsDeclarees.nbStagiaires",
    "informationsDeclarees.nbStagiairesConfiesParUnAutreOF",
    "informationsDeclarees.effectifFormateurs",
)
_FACTS: Final = {
    "numeroDeclarationActivite": ACTIVITY,
    "denomination": "UNIVERSITÉ DE L’EXEMPLE",
    "siren": OF_SIRET[:9],
    "siretEtablissementDeclarant": OF_SIRET,
    "adressePhysiqueOrganismeFormation.voie": "12 RUE PRIVÉE",
    "adressePhysiqueOrganismeFormation.codePostal": "59000",
    "adressePhysiqueOrganismeFormation.ville": "LILLE",
    "adressePhysiqueOrganismeFormation.codeRegion": "32",
    "certifications.actionsDeFormation": "true",
    "certifications.bilansDeCompetences": "false",
    "certifications.VAE": "",
    "certifications.actionsDeFormationParApprentissage": "true",
    "informationsDeclarees.dateDerniereDeclaration": "18/05/2026",
    "informationsDeclarees.debutExercice": "01/01/2025",
    "informationsDeclarees.finExercice": "31/12/2025",
    "informationsDeclarees.specialitesDeFormation.codeSpecialite1": "326",
    "informationsDeclarees.specialitesDeFormation.libelleSpecialite1": "Informatique; réseaux",
    "informationsDeclarees.nbStagiaires": "120",
    "informationsDeclarees.nbStagiairesConfiesParUnAutreOF": "8",
    "informationsDeclarees.effectifFormateurs": "4",
}


def provider(activity: str = ACTIVITY, **facts: str) -> dict[str, str]:
    """Make a row; `facts` by the last word of their column, as `siret` or `VAE`."""
    short = {column.rpartition(".")[2]: column for column in COLUMNS}
    short |= {"denomination": COLUMNS[2], "siret": COLUMNS[4], "apprenticeship": COLUMNS[12]}
    given = {short[name]: text for name, text in facts.items()}
    return {**_FACTS, COLUMNS[0]: activity, **given}


def dotted(*rows: Mapping[str, str]) -> bytes:
    """Write the list as data.gouv.fr does: dots, days as 18/05/2026, a `;` at each end."""
    lines = [";".join(COLUMNS) + ";"]
    lines += ["".join(f'"{row.get(column, "")}";' for column in COLUMNS) for row in rows]
    return ("\r\n".join(lines) + "\r\n").encode()


def lowered(*rows: Mapping[str, str]) -> bytes:
    """Write it as opendatasoft does: a mark, lower case, ISO days, columns of its own."""
    names = [column.lower().replace(".", "_") for column in COLUMNS]
    lines = [";".join(["geocodageban", *reversed(names), "dep_code"])]
    for row in rows:
        cells = [f'"{_iso(row.get(column, ""))}"' for column in reversed(COLUMNS)]
        lines.append(";".join(["50.6, 3.05", *cells, "59"]))
    return b"\xef\xbb\xbf" + ("\n".join(lines) + "\n").encode()


def _iso(text: str) -> str:
    day, _, rest = text.partition("/")
    month, _, year = rest.partition("/")
    return f"{year}-{month}-{day}" if year else text
