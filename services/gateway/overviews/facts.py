"""What an overview needs to know of a company's summary to ask for the other parts."""

from collections.abc import Iterator
from typing import Any

REGION = "32"
"""INSEE code of Hauts-de-France."""

_MAX_NUMBERS = 50


def sector(summary: Any) -> str | None:  # noqa: ANN401  # another service's JSON
    """Give the NAF code of the company."""
    return _first_text(summary, "naf_code")


def territory(summary: Any) -> str:  # noqa: ANN401  # likewise
    """Give its department from the postcode, whose first two digits it is; else its region."""
    postcode = _first_text(summary, "postcode")
    if postcode and len(postcode) == 5 and postcode.isdigit():  # noqa: PLR2004  # a French postcode
        return postcode[:2]
    return _first_text(summary, "region_code") or REGION


def certifications(summary: Any) -> list[str]:  # noqa: ANN401  # likewise
    """List the numbers named anywhere in the summary (its roadmap), each once, in order."""
    numbers = dict.fromkeys(_numbers(summary))
    return list(numbers)[:_MAX_NUMBERS]


def _numbers(node: Any) -> Iterator[str]:  # noqa: ANN401  # any JSON
    if isinstance(node, list):
        for item in node:
            yield from _numbers(item)
    elif isinstance(node, dict):
        for name, member in node.items():
            if name == "certifications" and isinstance(member, list):
                yield from (number for number in map(_number, member) if number)
            else:
                yield from _numbers(member)


def _number(item: Any) -> str | None:  # noqa: ANN401  # any JSON
    found = item.get("number") if isinstance(item, dict) else item
    return found if isinstance(found, str) else None


def _first_text(node: Any, wanted: str) -> str | None:  # noqa: ANN401  # any JSON
    if not isinstance(node, dict):
        return None
    found = node.get(wanted)
    if isinstance(found, str):
        return found
    for member in node.values():
        deeper = _first_text(member, wanted)
        if deeper is not None:
            return deeper
    return None
