"""How a version is cited: a sentence, CSL-JSON 1.0.2 and BibTeX. Pure; the URN is what stays."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from platformkit.i18n import Text

SENTENCE: Final = Text(
    "{author} ({year}). {title}, version {version} [{kind}]. {urn}.{doi}",
    "{author} ({year}). {title}, version {version} [{kind}]. {urn}.{doi}",
)
KINDS: Final[Mapping[str, Text]] = {
    "reading_key": Text("clé de lecture", "reading key"),
    "grid": Text("grille d’analyse", "analysis grid"),
    "sheet": Text("fiche d’indicateur", "indicator sheet"),
}
_SPECIAL: Final = re.compile(r"([\\{}&%$#_^~])")
_ESCAPED: Final = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


class Cited(NamedTuple):
    """What a citation says."""

    kind: str
    author: str
    title: str
    version: str
    urn: str
    id: str
    published_at: datetime
    licence: str
    language: str
    doi: str | None


def sentence(cited: Cited) -> str:
    """Write the citation as a text."""
    return SENTENCE(
        author=cited.author,
        year=cited.published_at.year,
        title=cited.title,
        version=cited.version,
        kind=KINDS[cited.kind](),
        urn=cited.urn,
        doi="" if cited.doi is None else f" https://doi.org/{cited.doi}",
    )


def csl(cited: Cited) -> list[dict[str, Any]]:
    """Write it as CSL-JSON, which reference managers import."""
    at = cited.published_at
    found = {
        "id": cited.urn,
        "type": "standard",
        "title": cited.title,
        "genre": KINDS[cited.kind](),
        "author": [{"literal": cited.author}],
        "publisher": cited.author,
        "version": cited.version,
        "number": cited.urn,
        "issued": {"date-parts": [[at.year, at.month, at.day]]},
        "language": cited.language,
    }
    return [found if cited.doi is None else found | {"DOI": cited.doi}]


def bibtex(cited: Cited) -> str:
    """Write it as BibTeX; what LaTeX would read otherwise is escaped."""
    fields = {
        "author": f"{{{_latex(cited.author)}}}",
        "title": f"{{{_latex(cited.title)}}}",
        "year": str(cited.published_at.year),
        "version": cited.version,
        "howpublished": _latex(cited.urn),
        "note": _latex(f"{KINDS[cited.kind]()} — {cited.licence}"),
    }
    if cited.doi is not None:
        fields["doi"] = cited.doi
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{cited.id}_{cited.version},\n{lines}}}\n"


def _latex(given: str) -> str:
    return _SPECIAL.sub(lambda found: _ESCAPED.get(found[0], "\\" + found[0]), given)
