"""The search over all services: asked together, put in one order, what is missing said."""

import asyncio
from collections.abc import Sequence

import orjson

from gateway.overviews import service as overviews
from gateway.overviews.coming import together
from gateway.overviews.parts import Gap, Part
from gateway.overviews.reader import Reader
from gateway.overviews.service import Answer
from gateway.search import reading
from gateway.search.merging import ORDER, Hit, merged


async def search(reader: Reader, question: str, kinds: Sequence[str], limit: int) -> Answer:
    """Find what the services know by these words; raises NothingAvailable."""
    asks = reading.asks(question, kinds, limit)
    answers = await together(
        [
            reader.begin(ask, is_open=True) or asyncio.create_task(reader.read(ask, is_open=True))
            for ask in asks.values()
        ]
    )
    found = dict(zip(asks, answers, strict=True))
    overviews.check(found)
    hits: list[Hit] = []
    counts: dict[str, dict[str, object]] = {}
    gaps: dict[str, Part | Gap] = {}
    for asked, part in found.items():
        if isinstance(part, Gap):
            of = [kind for kind in reading.NAMES if kind in kinds] if asked == "names" else [asked]
            gaps |= dict.fromkeys(of, part)
            continue
        for group in reading.groups(part, asked, question):
            hits += group.hits
            counts[group.kind] = {
                "kind": group.kind,
                "count": group.total,
                "source": part.ask.service,
                "as_of": part.as_of,
                "matched": group.matched,
                "corrected": group.corrected,
                "href": reading.more(group.kind, question),
            }
    body = {
        "items": [_item(hit) for hit in merged(hits)[:limit]],
        "kinds": [counts[kind] for kind in ORDER if kind in counts],
        "unavailable": overviews.missing({kind: gaps[kind] for kind in ORDER if kind in gaps}),
    }
    asked_for = f"{question}\0{','.join(kinds)}\0{limit}"
    return Answer(
        orjson.dumps(body, option=orjson.OPT_UTC_Z),
        overviews.tag(found, asked_for),
        overviews.kept(found),
    )


def _item(hit: Hit) -> dict[str, object]:
    return {
        "kind": hit.kind,
        "code": hit.code,
        "title": hit.title,
        "match": hit.match,
        "rank": hit.rank,
        "score": round(hit.score, 6),
        "href": hit.href,
        "data": hit.data,
    }
