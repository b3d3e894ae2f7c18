"""The sections of NAF rév. 2, in words and in SQL."""

from collections.abc import Mapping
from typing import NamedTuple

from platformkit.i18n import Text


class Section(NamedTuple):
    """A section of NAF rév. 2: its divisions, and its title by INSEE, shortened."""

    first: str
    last: str
    title: Text


SECTIONS: Mapping[str, Section] = {
    "A": Section("01", "03", Text("agriculture, sylviculture et pêche", "agriculture and fishing")),
    "B": Section("05", "09", Text("industries extractives", "mining and quarrying")),
    "C": Section("10", "33", Text("industrie manufacturière", "manufacturing")),
    "D": Section("35", "35", Text("électricité et gaz", "electricity and gas")),
    "E": Section("36", "39", Text("eau, déchets et dépollution", "water and waste")),
    "F": Section("41", "43", Text("construction", "construction")),
    "G": Section("45", "47", Text("commerce", "trade")),
    "H": Section("49", "53", Text("transports et entreposage", "transport and storage")),
    "I": Section("55", "56", Text("hébergement et restauration", "accommodation and food")),
    "J": Section("58", "63", Text("information et communication", "information, communication")),
    "K": Section("64", "66", Text("finance et assurance", "finance and insurance")),
    "L": Section("68", "68", Text("activités immobilières", "real estate")),
    "M": Section(
        "69", "75", Text("activités scientifiques et techniques", "professional and technical")
    ),
    "N": Section("77", "82", Text("services administratifs et de soutien", "support services")),
    "O": Section("84", "84", Text("administration publique", "public administration")),
    "P": Section("85", "85", Text("enseignement", "education")),
    "Q": Section("86", "88", Text("santé humaine et action sociale", "health and social work")),
    "R": Section("90", "93", Text("arts, spectacles et loisirs", "arts and recreation")),
    "S": Section("94", "96", Text("autres services", "other services")),
    "T": Section("97", "98", Text("activités des ménages", "activities of households")),
    "U": Section("99", "99", Text("activités extra-territoriales", "extraterritorial bodies")),
}


def section_case(column: str) -> str:
    """Write in SQL the section of a NAF class, as the table above has it."""
    whens = " ".join(
        f"WHEN left({column}, 2) BETWEEN '{one.first}' AND '{one.last}' THEN '{code}'"
        for code, one in SECTIONS.items()
    )
    return f"CASE {whens} END"
