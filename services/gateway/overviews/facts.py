"""What one part says that another is asked with; any JSON is read, nothing is expected of it."""

from typing import Any, Final

REGION: Final = "32"
"""INSEE code of Hauts-de-France."""

DEPARTMENTS: Final = frozenset({"02", "59", "60", "62", "80"})
"""Those of the region."""

_DEPARTMENT_DIGITS: Final = 2
_SIREN_DIGITS: Final = 9
_MOST: Final = 50


def sector(summary: Any) -> str | None:  # noqa: ANN401  # another service's JSON
    """Give the NAF code of the company."""
    return _text(_member(summary, "organisation"), "naf_code")


def territory(summary: Any) -> str:  # noqa: ANN401  # likewise
    """Give its department, whose number begins its postcode; outside the region, its region."""
    company = _member(summary, "organisation")
    region = _text(company, "region_code") or REGION
    postcode = _text(company, "postcode")
    if region == REGION and postcode:
        return f"D{postcode[:_DEPARTMENT_DIGITS]}"
    return f"R{region}"


def assessment(summary: Any) -> str | None:  # noqa: ANN401  # likewise
    """Give the id of its diagnostic."""
    return _text(_member(summary, "assessment"), "id")


def certifications(summary: Any) -> list[str]:  # noqa: ANN401  # likewise
    """List the numbers that the first actions of its roadmap name, each once, in order."""
    actions = _members(_member(summary, "assessment"), "actions")
    named = (number for action in actions for number in _members(action, "certifications"))
    return _once(number for number in named)


def sector_jobs(exposure: Any) -> list[str]:  # noqa: ANN401  # likewise
    """List the ROME codes of the jobs that make the exposure of a sector."""
    return _once(_text(job, "code") for job in _members(exposure, "top_jobs"))


def certified_jobs(certification: Any) -> list[str]:  # noqa: ANN401  # likewise
    """List the ROME codes of the jobs that a certification leads to."""
    return _once(_text(job, "code") for job in _members(certification, "rome"))


def place(code: str) -> tuple[str, str] | None:
    """Give the filter of offers for a territory, None where they cannot be told apart by it."""
    digits = code.upper().removeprefix("EPCI").removeprefix("D")
    if digits in DEPARTMENTS:
        return "department", digits
    if len(digits) == _SIREN_DIGITS and digits.isdigit():
        return "epci", digits
    return None


def _once(texts: Any) -> list[str]:  # noqa: ANN401  # any iterable of anything
    return list(dict.fromkeys(text for text in texts if isinstance(text, str)))[:_MOST]


def _member(node: Any, name: str) -> Any:  # noqa: ANN401  # any JSON
    return node.get(name) if isinstance(node, dict) else None


def _members(node: Any, name: str) -> list[Any]:  # noqa: ANN401  # any JSON
    found = _member(node, name)
    return found if isinstance(found, list) else []


def _text(node: Any, name: str) -> str | None:  # noqa: ANN401  # any JSON
    found = _member(node, name)
    return found if isinstance(found, str) else None
