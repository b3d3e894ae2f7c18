"""The formats of a study, and which of them a client is given."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from observatory.study.html import html, policy
from observatory.study.pdf import pdf
from observatory.study.schemas import Study
from platformkit.errors import ProblemError, Unavailable
from platformkit.i18n import Text
from platformkit.preferences import preferences


class StudyNotAcceptable(ProblemError):
    """None of the media types that the client takes is one of a study."""

    status = 406
    code = "study-not-acceptable"
    title = Text("Format non proposé", "Format not offered")
    detail = Text(
        "Une étude se lit en application/json, text/html ou application/pdf.",
        "A study is read as application/json, text/html or application/pdf.",
    )


class StudiesBusy(Unavailable):
    """Too many studies are being printed at this moment."""

    code = "studies-busy"
    title = Text("Trop d’études demandées", "Too many studies asked for")
    detail = Text(
        "D’autres études sont en cours d’édition : réessayez dans un instant.",
        "Other studies are being printed: try again in a moment.",
    )


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file; JSON needs no printer."""

    ending: str
    media: str
    printer: Callable[[Study], bytes] | None = None
    policy: Callable[[], str] | None = None

    def headers(self, name: str) -> dict[str, str]:
        """Name the file, and say what a browser may load there."""
        told = {"content-disposition": f'inline; filename="{name}.{self.ending}"'}
        if self.policy is not None:
            told["content-security-policy"] = f"{self.policy()}; frame-ancestors 'none'"
        return told


JSON: Final = Format("json", "application/json")
HTML: Final = Format("html", "text/html", html, policy)
PDF: Final = Format("pdf", "application/pdf", pdf)
OFFERED: Final = (JSON, HTML, PDF)


def negotiate(accept: str | None) -> Format:
    """Choose what the client likes best, of equals JSON; raises StudyNotAcceptable (RFC 9110)."""
    ranges = {each.name: each.weight for each in preferences(accept or "*/*")}

    def weight(form: Format) -> float:
        whole = f"{form.media.partition('/')[0]}/*"
        return next((ranges[name] for name in (form.media, whole, "*/*") if name in ranges), 0.0)

    best = max(OFFERED, key=weight)
    if weight(best) <= 0:
        raise StudyNotAcceptable
    return best
