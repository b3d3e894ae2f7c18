"""The rules of short addresses: one per question, which leads nowhere but to our own data."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from observatory.charts import service as charts
from observatory.links import queries
from observatory.links.schemas import LinkDraft, LinkRead, Question
from observatory.observations import service as observations
from observatory.observations.formats import EXCEL_FR, FORMATS
from observatory.observations.service import Query, SelectionInvalid
from observatory.observations.vintages import Vintages
from observatory.provenance import service as provenance
from observatory.structures.catalogue import Indicator
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.errors import Fault, NotFound
from platformkit.i18n import Text

_BYTES: Final = 10
"""Of the digest: eighty bits, sixteen letters and digits."""

_OF_CHARTS: Final = ("by", "width", "scale")


class LinkUnknown(NotFound):
    """No question has this short address."""

    code = "link-unknown"
    title = Text("Adresse courte inconnue", "Unknown short address")


class ReleaseInvisible(NotFound):
    """An address can be pinned to a release that can be seen only."""

    code = "release-invisible"
    title = Text("Livraison non parue", "Release not published")
    detail = Text(
        "Le flux {dataflow} n’a pas de livraison {ordinal}.", "{dataflow} has no release {ordinal}."
    )


def check(indicator: Indicator, known: Vintages, given: LinkDraft) -> None:
    """Refuse, with all faults, a question that its address would refuse.

    Raises SelectionInvalid, or ReleaseInvisible.
    """
    if given.release is not None and known.get(given.release) is None:
        raise ReleaseInvisible(dataflow=indicator.flow.id, ordinal=given.release)
    asked = given.question
    faults = [
        Fault(
            f"/question/{name}",
            "not-of-this-form",
            Text(f"{name} ne va pas avec {given.form}.", f"{name} does not go with {given.form}."),
        )
        for name in _foreign(given)
    ]
    if given.release is not None and asked.asOf is not None:
        sentence = Text("Donnez release ou asOf.", "Give release or asOf.")
        faults.append(Fault("/release", "pinned-twice", sentence))
    if faults:
        raise SelectionInvalid(faults)
    query = _query(asked)
    kind, _, suffix = given.form.partition(".")
    if kind == "chart":
        charts.refuse_what_is_no_chart(query, indicator.flow, asked.by)
    elif kind == "provenance":
        provenance.refuse_tables(query)
    selection = observations.indicated(indicator, known, query)
    if kind == "data":
        form = EXCEL_FR if asked.profile is not None else FORMATS[suffix]
        if found := form.faults(selection):
            raise SelectionInvalid(found)


def _foreign(given: LinkDraft) -> list[str]:
    """Name the parameters that the address of the form does not take."""
    kind = given.form.partition(".")[0]
    names = [] if kind == "chart" else list(_OF_CHARTS)
    if given.form != "data.csv":
        names.append("profile")
    if kind == "provenance":
        names.append("lang")
    return [name for name in names if getattr(given.question, name) is not None]


def _query(asked: Question) -> Query:
    return Query(
        items=[(f"c[{name}]", value) for name, value in asked.where.items()],
        start=asked.startPeriod,
        end=asked.endPeriod,
        as_of=asked.asOf,
        updated_after=asked.updatedAfter,
        include_history=bool(asked.includeHistory),
        initial=bool(asked.initial),
        gapfill=bool(asked.gapfill),
        first_n=asked.firstN,
        last_n=asked.lastN,
        mrnev=asked.mrnev,
        limit=asked.limit,
        labels=asked.labels or "id",
        reading=bool(asked.reading),
    )


def parameters(asked: Question) -> dict[str, str]:
    """Write the query parameters of a question in one way, sorted by their names."""
    told = asked.model_dump(exclude_none=True, exclude={"where"})
    found = {
        name: orjson.dumps(it).decode().strip('"') for name, it in told.items() if it is not False
    }
    found |= {f"c[{name}]": value for name, value in asked.where.items()}
    return dict(sorted(found.items()))


async def keep(session: AsyncSession, who: Principal, given: LinkDraft) -> str:
    """Keep a question and return its id: the same for whoever asks the same."""
    told = parameters(given.question)
    whole = orjson.dumps([given.indicator, given.form, told, given.release])
    digest = hashlib.blake2b(whole, digest_size=_BYTES).digest()
    link = base64.b32encode(digest).decode().lower()
    await (await driver(session)).execute(
        queries.KEEP,
        link,
        given.indicator,
        given.form,
        orjson.dumps(told).decode(),
        given.release,
        who.client,
    )
    return link


async def kept(session: AsyncSession, link: str) -> Mapping[str, Any]:
    """Return what is kept under an id, within the transaction that kept it."""
    found: Mapping[str, Any] = await (await driver(session)).fetchrow(queries.ONE, link)
    return found


def leads_to(row: Mapping[str, Any], known: Vintages) -> str:
    """Return the address that a short one stands for; a pinned one asks as of its release."""
    told: dict[str, str] = orjson.loads(row["question"])
    release = None if row["release"] is None else known.get(row["release"])
    if release is not None:
        told["asOf"] = release.published_at.isoformat()
    query = urlencode(sorted(told.items()))
    return f"/v1/indicators/{row['indicator']}/{row['form']}{'?' if query else ''}{query}"


def link_read(row: Mapping[str, Any], known: Vintages) -> LinkRead:
    """Wire form of a short address."""
    return LinkRead(
        id=row["id"],
        address=f"../s/{row['id']}",
        leads_to=f"..{leads_to(row, known).removeprefix('/v1')}",
        indicator=row["indicator"],
        form=row["form"],
        release=row["release"],
        created_at=row["created_at"],
    )
