"""Which jobs and skills a profile means: obsolete codes are followed, unknown ones refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from platformkit.errors import Fault, Invalid
from platformkit.i18n import Text, language
from platformkit.reads import ReadPool
from training.recommendations import queries
from training.recommendations.answers import Named, Replaced
from training.recommendations.schemas import Profile

_ROUNDS: Final = 5
"""Replacements of replacements that are followed."""


class ProfileRefused(Invalid):
    """The profile names codes that no nomenclature has, or that several have replaced."""

    code = "profile-refused"
    title = Text("Profil refusé", "Profile refused")


_UNKNOWN: Final = Text(
    "Aucune version en vigueur de la nomenclature n’a ce code, et rien ne le remplace.",
    "No current release of the nomenclature has this code, and nothing replaces it.",
)
_SEVERAL: Final = Text(
    "Ce code a été remplacé par plusieurs autres : {codes}. Choisissez.",
    "This code was replaced by several others: {codes}. Choose one.",
)
_NO_COMMUNE: Final = Text(
    "Aucune commune des Hauts-de-France n’a ce code.", "No commune of Hauts-de-France has it."
)


def scheme_of(skill: str) -> str:
    """Name the nomenclature of a skill by the form of its code."""
    return "ai-skill" if skill.startswith("AI-") else "rome-skill"


@dataclass(frozen=True, slots=True)
class Codes:
    """What the codes of a profile mean today."""

    used: Mapping[tuple[str, str], str]
    labels: Mapping[tuple[str, str], str]
    replaced: Sequence[Replaced]

    def job(self, given: str) -> Named:
        """Name a job of the profile as it is today."""
        return self._named("rome", given)

    def skill(self, given: str) -> str:
        """Give the code of a skill of the profile as it is today."""
        return self.used[(scheme_of(given), given)]

    def _named(self, scheme: str, given: str) -> Named:
        code = self.used[(scheme, given)]
        return Named(code=code, label=self.labels[(scheme, code)])


def label(row: Mapping[str, Any]) -> str:
    """Choose the label in the language of the request, French where there is no other."""
    english = row["label_en"] if language() == "en" else None
    return str(english or row["label_fr"])


def _given(profile: Profile) -> Iterable[tuple[str, str, str]]:
    """List the codes of a profile: scheme, code, and where it stands."""
    if profile.job is not None:
        yield "rome", profile.job, "/job"
    for place, code in enumerate(profile.targets):
        yield "rome", code, f"/targets/{place}"
    for place, held in enumerate(profile.held):
        yield scheme_of(held.skill), held.skill, f"/held/{place}/skill"
    for place, task in enumerate(profile.task_exposures):
        yield scheme_of(task.skill), task.skill, f"/task_exposures/{place}/skill"


async def resolved(reads: ReadPool, profile: Profile, day: date) -> Codes:
    """Find what the codes mean on a day; raises ProfileRefused with every fault."""
    given = list(_given(profile))
    current = {(scheme, code): code for scheme, code, _ in given}
    labels: dict[tuple[str, str], str] = {}
    faults: dict[tuple[str, str], Text] = {}
    asked = dict.fromkeys(current.items())
    for _ in range(_ROUNDS):
        followed: dict[tuple[tuple[str, str], str], None] = {}
        rows = await _rows(reads, [(key[0], code) for key, code in asked], day)
        for key, code in asked:
            row = rows[(key[0], code)]
            if row["current"]:
                labels[(key[0], code)] = label(row)
                continue
            replacements = row["replaced_by"] or []
            if len(replacements) == 1:
                current[key] = replacements[0]
                followed[(key, replacements[0])] = None
            elif replacements:
                codes = ", ".join(replacements)
                faults[key] = Text(_SEVERAL.fr.format(codes=codes), _SEVERAL.en.format(codes=codes))
            else:
                faults[key] = _UNKNOWN
        asked = followed
        if not asked:
            break
    faults |= {key: _UNKNOWN for key, _ in asked}
    if faults:
        raise ProfileRefused(
            [
                Fault(at, "code-unknown", faults[(scheme, code)])
                for scheme, code, at in given
                if (scheme, code) in faults
            ]
        )
    replaced = [
        Replaced(scheme=scheme, given=code, used=used)
        for (scheme, code), used in sorted(current.items())
        if used != code
    ]
    return Codes(current, labels, replaced)


async def _rows(
    reads: ReadPool, asked: Sequence[tuple[str, str]], day: date
) -> dict[tuple[str, str], Mapping[str, Any]]:
    schemes, codes = [one[0] for one in asked], [one[1] for one in asked]
    rows = await reads.fetch("codes of a profile", queries.CODES, schemes, codes, day)
    return {(row["scheme"], row["code"]): row for row in rows}


async def point(reads: ReadPool, profile: Profile) -> tuple[float, float] | None:
    """Return from where the person goes; raises ProfileRefused for an unknown commune."""
    place = profile.constraints.place
    if place is None:
        return None
    if place.latitude is not None and place.longitude is not None:
        return place.latitude, place.longitude
    row = await reads.fetchrow("commune of a profile", queries.COMMUNE, place.commune)
    if row is None:
        fault = Fault("/constraints/place/commune", "commune-unknown", _NO_COMMUNE)
        raise ProfileRefused([fault])
    return row["latitude"], row["longitude"]
