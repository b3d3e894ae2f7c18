"""From who is in to what one reader may see of who helps whom, in the language asked."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from diagnostic.pooling.matching import (
    ASKS_BELOW,
    GAP,
    HELPS_FROM,
    STRONG_FROM,
    Match,
    Member,
    match,
)
from diagnostic.pooling.schemas import (
    Company,
    DimensionRead,
    MatchRead,
    PoolingRead,
    PoolingRules,
    WishRead,
)
from diagnostic.questionnaires.grid import Label
from platformkit.i18n import Text, language

_RULES = PoolingRules(
    gap=GAP, helps_from=HELPS_FROM, strong_from=STRONG_FROM, asks_below=ASKS_BELOW
)
_REASONS = {
    (False, False): Text(
        "Les diagnostics montrent que {helper} est plus avancée sur « {dimension} », où {asker} a"
        " une marge de progrès.",
        "The assessments show that {helper} is further on with “{dimension}”, where {asker} has"
        " room to grow.",
    ),
    (True, False): Text(
        "{helper} propose son aide sur « {dimension} », où {asker} a une marge de progrès.",
        "{helper} offers help with “{dimension}”, where {asker} has room to grow.",
    ),
    (False, True): Text(
        "{asker} demande de l’aide sur « {dimension} », où {helper} est avancée.",
        "{asker} asks for help with “{dimension}”, with which {helper} is well on.",
    ),
    (True, True): Text(
        "{asker} demande de l’aide sur « {dimension} », que {helper} propose.",
        "{asker} asks for help with “{dimension}”, which {helper} offers.",
    ),
}
"""By whether the helper has offered it, and whether the asker has asked."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A company that is in."""

    organisation_id: uuid.UUID
    tenant: str
    name: str
    questionnaire: str
    member: Member


def pooling(
    cohort_id: uuid.UUID,
    joined: Sequence[Joined],
    titles: Mapping[tuple[str, str], Label],
    tenant: str | None,
) -> PoolingRead:
    """Match the companies grid by grid, and show it to a tenant, or to the facilitator (None)."""
    mine = [one for one in joined if tenant in {None, one.tenant}]
    found = _Seen({one.member.key: one for one in joined}, titles, {one.member.key for one in mine})
    matches, unmet = [], []
    for grid in sorted({one.questionnaire for one in joined}):
        dimensions = sorted(code for name, code in titles if name == grid)
        made = match([one.member for one in joined if one.questionnaire == grid], dimensions)
        matches += list(found.matches(made.matches))
        unmet += list(found.unmet(made.unmet))
    return PoolingRead(
        cohort_id=cohort_id,
        view="participant" if tenant else "facilitator",
        is_in=bool(mine),
        rules=_RULES,
        companies=[found.company(one.member.key) for one in mine],
        matches=matches,
        unmet=unmet,
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    joined: Mapping[str, Joined]
    titles: Mapping[tuple[str, str], Label]
    own: set[str]

    def company(self, key: str) -> Company:
        one = self.joined[key]
        return Company(
            organisation_id=one.organisation_id if key in self.own else None, name=one.name
        )

    def matches(self, made: Sequence[Match]) -> Iterator[MatchRead]:
        for one in made:
            if self.own.isdisjoint({one.helper, one.asker}):
                continue
            helper, asker = self.joined[one.helper], self.joined[one.asker]
            dimension = self._dimension(helper, one.dimension)
            said = (helper.member.offers is not None, asker.member.asks is not None)
            yield MatchRead(
                helper=self.company(one.helper),
                asker=self.company(one.asker),
                dimension=dimension,
                strength=_strength(helper.member, one.dimension),
                reason=_REASONS[said](
                    helper=helper.name, asker=asker.name, dimension=dimension.title
                ),
            )

    def unmet(self, wishes: Sequence[tuple[str, str]]) -> Iterator[WishRead]:
        for key, code in wishes:
            if key in self.own:
                yield WishRead(
                    asker=self.company(key), dimension=self._dimension(self.joined[key], code)
                )

    def _dimension(self, one: Joined, code: str) -> DimensionRead:
        title = self.titles[one.questionnaire, code].text(language())
        return DimensionRead(questionnaire=one.questionnaire, code=code, title=title)


def _strength(helper: Member, dimension: str) -> str:
    score = helper.scores.get(dimension)
    if helper.offers is not None and (score is None or score < HELPS_FROM):
        return "offered"
    return "strong" if score is not None and score >= STRONG_FROM else "solid"
