"""What a caller is told that asked too much."""

from typing import Any

from gateway.limits.windows import Standing
from platformkit.errors import ProblemError
from platformkit.i18n import Text


class TooManyRequests(ProblemError):
    """A rate or a quota is used up; `violated-policies` is that of the IETF's `quota-exceeded`."""

    status = 429
    code = "too-many-requests"
    title = Text("Trop de requêtes", "Too many requests")
    detail = Text(
        "La limite {policy} ({quota} requêtes en {window} s) est atteinte : réessayez dans"
        " {seconds} s.",
        "Limit {policy} ({quota} requests in {window} s) is reached: try again in {seconds} s.",
    )

    def body(self) -> dict[str, Any]:
        """Name the policy for programs, too."""
        return super().body() | {"violated-policies": [self.facts["policy"]]}


class QuotaSpent(TooManyRequests):
    """The quota of the day or of the month is used up."""

    code = "quota-spent"
    title = Text("Quota épuisé", "Quota spent")
    detail = Text(
        "Le quota {policy} ({quota} requêtes) est épuisé ; il se renouvelle dans {seconds} s.",
        "Quota {policy} ({quota} requests) is spent; it is renewed in {seconds} s.",
    )


def refusal(kind: type[TooManyRequests], standing: Standing, seconds: int) -> TooManyRequests:
    """Say which rule refuses, and in how many seconds it will not."""
    return kind(
        policy=standing.rule.name,
        quota=standing.rule.quota,
        window=standing.rule.seconds,
        seconds=seconds,
        headers={"retry-after": str(seconds)},
    )
