"""The search over all services: what is asked, put in one order, what is missing said."""

from collections.abc import Sequence

import orjson

from gateway.overviews import service as overviews
from gateway.overviews.parts import Gap, Part
from gateway.overviews.plans import plain
from gateway.overviews.views import Answer, Found
from gateway.search import reading
from gateway.search.merging import ORDER, Hit, merged


class Search:
    """What the services know by these words."""

    def __init__(self, question: str, kinds: Sequence[str], limit: int) -> None:
        self._question, self._kinds, self._limit = question, kinds, limit
        self._names = [kind for kind in reading.NAMES if kind in kinds]
        asks = reading.asks(question, kinds, limit)
        self.steps = [plain(kind, ask) for kind, ask in asks.items()]

    def answer(self, found: Found) -> Answer:
        """Put the hits in one order; raises NothingAvailable."""
        overviews.check(found)
        hits: list[Hit] = []
        counts: dict[str, dict[str, object]] = {}
        gaps: dict[str, Part | Gap] = {}
        for asked, part in found.items():
            if isinstance(part, Gap):
                gaps |= dict.fromkeys(self._names if asked == "names" else [asked], part)
                continue
            for group in reading.groups(part, asked, self._question):
                hits += group.hits
                counts[group.kind] = {
                    "kind": group.kind,
                    "count": group.total,
                    "source": part.ask.service,
                    "as_of": part.as_of,
                    "matched": group.matched,
                    "corrected": group.corrected,
                    "href": reading.more(group.kind, self._question),
                }
        body = {
            "items": [_item(hit) for hit in merged(hits)[: self._limit]],
            "kinds": [counts[kind] for kind in ORDER if kind in counts],
            "unavailable": overviews.missing({kind: gaps[kind] for kind in ORDER if kind in gaps}),
        }
        asked_for = f"{self._question}\0{','.join(self._kinds)}\0{self._limit}"
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
