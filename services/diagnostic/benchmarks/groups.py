"""Who a company's peers are: its groups, their keys in snapshots, and how people call them."""

from collections.abc import Mapping
from typing import Literal

from diagnostic.naf import SECTIONS
from platformkit.i18n import Text

Level = Literal["sector", "size", "region", "programme", "cohort"]
Peers = Literal["auto", "sector", "size", "region", "programme", "cohort"]

LADDER: tuple[Level, ...] = ("sector", "size", "region", "programme")
"""The documented fallback: the first of them that has enough peers."""


TERRITORY = ("region", "size", "sector")
SCHEME = ("programme", "cohort")
KINDS = ("all", "band", "section")
"""Within one programme: everybody, by size, by NAF section in that."""
PLACES = ("programme", "department")
_LADDERS = {level: one for one in (TERRITORY, KINDS, PLACES, SCHEME) for level in one}


REGIONS: Mapping[str, str] = {
    "01": "Guadeloupe",
    "02": "Martinique",
    "03": "Guyane",
    "04": "La Réunion",
    "06": "Mayotte",
    "11": "Île-de-France",
    "24": "Centre-Val de Loire",
    "27": "Bourgogne-Franche-Comté",
    "28": "Normandie",
    "32": "Hauts-de-France",
    "44": "Grand Est",
    "52": "Pays de la Loire",
    "53": "Bretagne",
    "75": "Nouvelle-Aquitaine",
    "76": "Occitanie",
    "84": "Auvergne-Rhône-Alpes",
    "93": "Provence-Alpes-Côte d’Azur",
    "94": "Corse",
}

SIZES: Mapping[str, Text] = {
    "0": Text("sans salarié", "without employees"),
    "1-9": Text("de 1 à 9 salariés", "with 1 to 9 employees"),
    "10-49": Text("de 10 à 49 salariés", "with 10 to 49 employees"),
    "50-249": Text("de 50 à 249 salariés", "with 50 to 249 employees"),
    "250+": Text("de 250 salariés et plus", "with 250 employees or more"),
}


def cells(region: str, size: str | None, section: str | None) -> tuple[str, ...]:
    """Give the territorial groups of a company, from large to small; without a size, the first."""
    found = [f"region:{region}"]
    if size is not None:
        found.append(f"size:{region}:{size}")
        if section is not None:
            found.append(f"sector:{region}:{size}:{section}")
    return tuple(found)


def schemes(programme: object, cohort: object) -> tuple[str, ...]:
    """Give the programme and the cohort of a contribution, when it has them."""
    if programme is None:
        return ()
    found = (f"programme:{programme}",)
    return found if cohort is None else (*found, f"cohort:{programme}:{cohort}")


def within(
    programme: object, size: str | None, section: str | None, department: str | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the groups of a company of one programme, from large to small: by kind, by place."""
    kinds = [f"all:{programme}"]
    if size is not None:
        kinds.append(f"band:{programme}:{size}")
        if section is not None:
            kinds.append(f"section:{programme}:{size}:{section}")
    places = [f"programme:{programme}"]
    if department is not None:
        places.append(f"department:{programme}:{department}")
    return tuple(kinds), tuple(places)


def is_scheme(cell: str) -> bool:
    """Tell the groups by programme, or by department in it, from the others."""
    return cell.startswith(("programme:", "cohort:", "department:"))


def around(cell: str) -> tuple[str, ...]:
    """Give a group after those that it is inside of, from large to small."""
    level, *names = cell.split(":")
    ladder = _LADDERS[level]
    places = range(ladder.index(level) + 1)
    return tuple(":".join((ladder[place], *names[: place + 1])) for place in places)


def described(
    level: Level,
    *,
    region: str,
    size: str | None,
    section: str | None,
    programme: Mapping[str, str] | None,
    cohort: str | None,
) -> Text:
    """Say in words which companies a group is made of."""
    where = REGIONS.get(region, region)
    match level:
        case "programme":
            title = programme or {}
            french = title.get("fr", "")
            return Text(
                f"Entreprises du programme « {french} »",
                f"Companies of the programme “{title.get('en', french)}”",
            )
        case "cohort":
            return Text(
                f"Entreprises de la cohorte « {cohort} »", f"Companies of cohort “{cohort}”"
            )
        case "region":
            return Text(f"Entreprises de la région {where}", f"Companies of {where}")
    sized = SIZES[size] if size else Text("", "")
    if level == "size":
        return Text(f"Entreprises {sized.fr}, région {where}", f"Companies {sized.en}, {where}")
    sector = SECTIONS[section].title if section else Text("", "")
    return Text(
        f"Entreprises {sized.fr}, {sector.fr}, région {where}",
        f"Companies {sized.en}, {sector.en}, {where}",
    )
