"""The query parameters of a search, and what they may not ask for together."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Depends, Query

from platformkit.errors import Fault
from platformkit.i18n import Text
from platformkit.wire import Day
from training.certifications import numbers
from training.certifications import service as certifications
from training.certifications.records import Audience, LiteracyLevel, Theme
from training.offers.schemas import Teaching
from training.search.filters import DEFAULT_RADIUS_KM, LARGEST_RADIUS_KM, Asked, Centre, Sort
from training.search.service import SearchContradictory

Values = dict[str, Sequence[str]]

_SOME: Final = Query(max_length=50)
_Formacode = Annotated[str, Query(pattern=r"^[0-9]{3}([0-9]{2})?$")]
_Rome = Annotated[str, Query(pattern=r"^[A-Na-n][0-9]{4}$")]
_RomeDomain = Annotated[str, Query(pattern=r"^[A-Na-n][0-9]{2}$")]
_Nsf = Annotated[str, Query(pattern=r"^[0-9]{3}$")]
_Department = Annotated[str, Query(pattern=r"^([0-9]{2,3}|2[ABab])$")]
_Siren = Annotated[str, Query(pattern=r"^[0-9]{9}$")]
_Siret = Annotated[str, Query(pattern=r"^[0-9]{14}$")]
_Commune = Annotated[str, Query(pattern=r"^[0-9][0-9ABab][0-9]{3}$")]
_Funder = Annotated[str, Query(pattern=r"^[0-9]{1,2}$")]
_Language = Annotated[str, Query(pattern=r"^[A-Za-z]{2}$")]
_Bloc = Annotated[str, Query(pattern=r"^[A-Za-z0-9./_-]{1,100}$")]
_Kind = Literal["offer", "certification"]
_Entries = Literal["fixed_dates", "permanent"]
_Public = Literal[Audience, "job_seeker", "disabled"]
_Price = Literal["free", "to_500", "to_1500", "to_5000", "over_5000", "not_stated"]
_Hours = Literal["to_7", "to_35", "to_150", "to_600", "over_600", "not_stated"]
_Session = Literal["starting_soon", "upcoming", "current"]
_FIELD: Final = 3
"""Digits of a field of the Formacode; a code has five."""


def _codes(
    *,
    formacode: Annotated[
        list[_Formacode] | None,
        Query(max_length=50, description="a field of three digits, or a code and all below it"),
    ] = None,
    rome: Annotated[
        list[_Rome] | None,
        Query(max_length=50, description="the job, the broader one, and those split from it"),
    ] = None,
    rome_domain: Annotated[list[_RomeDomain] | None, _SOME] = None,
    nsf: Annotated[list[_Nsf] | None, _SOME] = None,
    department: Annotated[list[_Department] | None, _SOME] = None,
    epci: Annotated[
        list[_Siren] | None, Query(max_length=50, description="SIREN of the intercommunal body")
    ] = None,
    funder: Annotated[list[_Funder] | None, Query(max_length=50, description="LHÉO’s code")] = None,
    language: Annotated[
        list[_Language] | None, Query(max_length=50, description="ISO 639-1")
    ] = None,
    licence: Annotated[
        list[Annotated[str, Query(max_length=100)]] | None, Query(max_length=10)
    ] = None,
) -> Values:
    codes = formacode or ()
    return {
        "formacode": [one for one in codes if len(one) > _FIELD],
        "formacode_field": [one for one in codes if len(one) == _FIELD],
        "rome": [one.upper() for one in rome or ()],
        "rome_domain": [one.upper() for one in rome_domain or ()],
        "nsf": nsf or (),
        "department": [one.upper() for one in department or ()],
        "epci": epci or (),
        "funder": funder or (),
        "language": [one.lower() for one in language or ()],
        "licence": licence or (),
    }


def _choices(  # one for each facet
    *,
    kind: Annotated[list[_Kind] | None, _SOME] = None,
    mode: Annotated[list[Teaching] | None, _SOME] = None,
    entries: Annotated[list[_Entries] | None, _SOME] = None,
    level: Annotated[list[Annotated[int, Query(ge=1, le=8)]] | None, _SOME] = None,
    certifying: Annotated[bool | None, Query()] = None,
    accessible: Annotated[
        bool | None, Query(description="whether the access of disabled people is described")
    ] = None,
    directory: Annotated[list[numbers.Directory] | None, _SOME] = None,
    audience: Annotated[list[_Public] | None, _SOME] = None,
    price_band: Annotated[list[_Price] | None, _SOME] = None,
    hours_band: Annotated[list[_Hours] | None, _SOME] = None,
    job: Annotated[list[Literal["existing", "emerging"]] | None, _SOME] = None,
    ai_literacy_level: Annotated[list[LiteracyLevel] | None, _SOME] = None,
    theme: Annotated[list[Theme] | None, _SOME] = None,
    next_session: Annotated[list[_Session] | None, _SOME] = None,
) -> Values:
    return {
        "kind": kind or (),
        "mode": mode or (),
        "entries": entries or (),
        "level": [str(one) for one in level or ()],
        "certifying": [] if certifying is None else [str(certifying).lower()],
        "accessible": [] if accessible is None else [str(accessible).lower()],
        "directory": directory or (),
        "audience": audience or (),
        "price_band": price_band or (),
        "hours_band": hours_band or (),
        "job": job or (),
        "ai_literacy_level": ai_literacy_level or (),
        "theme": theme or (),
        "next_session": next_session or (),
    }


def _centre(
    *,
    latitude: Annotated[float | None, Query(ge=-90, le=90, allow_inf_nan=False)] = None,
    longitude: Annotated[float | None, Query(ge=-180, le=180, allow_inf_nan=False)] = None,
    around: Annotated[
        _Commune | None, Query(description="the centre of a commune, instead of coordinates")
    ] = None,
    radius_km: Annotated[
        float | None,
        Query(gt=0, le=LARGEST_RADIUS_KM, description=f"{DEFAULT_RADIUS_KM:.0f} by default"),
    ] = None,
) -> tuple[Centre | None, Sequence[Fault]]:
    is_placed = latitude is not None or longitude is not None
    faults = _broken(
        (is_placed and longitude is None, "longitude", "centre-incomplete", _BOTH),
        (is_placed and latitude is None, "latitude", "centre-incomplete", _BOTH),
        (is_placed and around is not None, "around", "centre-twice", _ONE_CENTRE),
        (
            radius_km is not None and not is_placed and around is None,
            "radius_km",
            "centre-missing",
            _CENTRE,
        ),
    )
    if faults or (not is_placed and around is None):
        return None, faults
    radius = DEFAULT_RADIUS_KM if radius_km is None else radius_km
    return Centre(latitude, longitude, radius, around and around.upper()), ()


def asked(  # what a search may be narrowed by
    *,
    codes: Annotated[Values, Depends(_codes)],
    choices: Annotated[Values, Depends(_choices)],
    placed: Annotated[tuple[Centre | None, Sequence[Fault]], Depends(_centre)],
    q: Annotated[
        str | None,
        Query(max_length=200, description="words, codes, a question", examples=["ia secrétaire"]),
    ] = None,
    certification: Annotated[
        list[str] | None,
        Query(description="in any spelling: the certification itself, and offers that lead to it"),
    ] = None,
    bloc: Annotated[
        list[_Bloc] | None,
        Query(max_length=50, description="`RNCP37873/RNCP37873BC01`, or the code alone"),
    ] = None,
    provider: Annotated[list[_Siret] | None, Query(max_length=50, description="SIRET")] = None,
    formation: Annotated[UUID | None, Query(description="the ways of following one")] = None,
    commune: Annotated[
        list[_Commune] | None, Query(max_length=50, description="code of INSEE")
    ] = None,
    starts_from: Annotated[Day | None, Query(description="may be begun on it or later")] = None,
    starts_to: Annotated[Day | None, Query(description="may be begun on it or before")] = None,
    is_open: Annotated[bool, Query(alias="open", description="one may enrol today")] = False,
    past: Annotated[bool, Query(description="also what is over")] = False,
    price_min: Annotated[Decimal | None, Query(ge=0, le=1_000_000)] = None,
    price_max: Annotated[Decimal | None, Query(ge=0, le=1_000_000)] = None,
    hours_max: Annotated[int | None, Query(ge=0, le=100_000)] = None,
    sort: Annotated[Sort, Query()] = "relevance",
) -> Asked:
    """Read one search; raises SearchContradictory, CertificationNumberInvalid, BatchTooLarge."""
    centre, misplaced = placed
    nowhere = sort == "distance" and centre is None and not misplaced
    faults = [
        *misplaced,
        *_broken(
            (nowhere, "sort", "centre-missing", _CENTRE),
            (_inverted(starts_from, starts_to), "starts_to", "range-inverted", _ORDER),
            (_inverted(price_min, price_max), "price_max", "range-inverted", _ORDER),
        ),
    ]
    if faults:
        raise SearchContradictory(faults)
    reference = numbers.parse(q) if q else None
    return Asked(
        words=q,
        values={
            facet: sorted(set(values)) for facet, values in (codes | choices).items() if values
        },
        certifications=certifications.meant(certification) if certification else (),
        blocs=bloc or (),
        providers=provider or (),
        communes=[one.upper() for one in commune or ()],
        formation=formation,
        starts_from=starts_from,
        starts_to=starts_to,
        price_min=price_min,
        price_max=price_max,
        hours_max=hours_max,
        is_open=is_open,
        past=past,
        named=reference.codes if reference else (),
        centre=centre,
        sort=sort,
    )


def _broken(*rules: tuple[bool, str, str, Text]) -> list[Fault]:
    """Tell the rules that are broken, each with its parameter."""
    return [
        Fault("/" + name, code, rule, where="query")
        for is_broken, name, code, rule in rules
        if is_broken
    ]


def _inverted(low: Any, high: Any) -> bool:  # noqa: ANN401  # two of a kind that has an order
    return low is not None and high is not None and bool(low > high)


_BOTH: Final = Text(
    "Donnez latitude et longitude, ou aucune.", "Give latitude and longitude, or neither."
)
_ONE_CENTRE: Final = Text(
    "Donnez une commune ou des coordonnées, pas les deux.",
    "Give a commune or coordinates, not both.",
)
_CENTRE: Final = Text(
    "Donnez un centre : latitude et longitude, ou « around ».",
    "Give a centre: latitude and longitude, or `around`.",
)
_ORDER: Final = Text("La fin est avant le début.", "The end is before the start.")
