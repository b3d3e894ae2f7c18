"""What an overview needs to know of a company's summary to ask for the other parts."""

from typing import Any

REGION = "32"
"""INSEE code of Hauts-de-France."""

_DEPARTMENT_DIGITS = 2
_MAX_NUMBERS = 50


def sector(summary: Any) -> str | None:  # noqa: ANN401  # another service's JSON
    """Give the NAF code of the company."""
    return _text(_company(summary), "naf_code")


def territory(summary: Any) -> str:  # noqa: ANN401  # likewise
    """Give its department, whose number begins its postcode; outside the region, its region."""
    company = _company(summary)
    region = _text(company, "region_code") or REGION
    postcode = _text(company, "postcode")
    if region == REGION and postcode:
        return f"D{postcode[:_DEPARTMENT_DIGITS]}"
    return f"R{region}"


def certifications(summary: Any) -> list[str]:  # noqa: ANN401  # likewise
    """List the numbers that the first actions of its roadmap name, each once, in order."""
    assessment = _member(summary, "assessment")
    actions = _member(assessment, "actions")
    numbers: dict[str, None] = {}
    for action in actions if isinstance(actions, list) else []:
        named = _member(action, "certifications")
        for number in named if isinstance(named, list) else []:
            if isinstance(number, str):
                numbers[number] = None
    return list(numbers)[:_MAX_NUMBERS]


def _company(summary: Any) -> Any:  # noqa: ANN401  # likewise
    return _member(summary, "organisation")


def _member(node: Any, name: str) -> Any:  # noqa: ANN401  # any JSON
    return node.get(name) if isinstance(node, dict) else None


def _text(node: Any, name: str) -> str | None:  # noqa: ANN401  # any JSON
    found = _member(node, name)
    return found if isinstance(found, str) else None
