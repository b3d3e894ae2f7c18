"""Reads studies, and follows what they say down to its figures."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

OURS = "/v1/observatory"


async def read(client: httpx.AsyncClient, path: str, language: str = "fr") -> dict[str, Any]:
    answer = await client.get(f"/v1/studies/{path}", headers={"accept-language": language})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def here(address: str) -> str:
    """Give an address of the door as the service itself has it."""
    assert address.startswith(f"{OURS}/"), address
    return "/v1" + address.removeprefix(OURS)


def statements(study: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for section in study["sections"]:
        yield from section["statements"]


def section(study: Mapping[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in study["sections"] if each["id"] == name)


def text(study: Mapping[str, Any]) -> str:
    return " ".join(each["text"] for each in statements(study))


def numbers(written: str, language: str) -> list[float]:
    """Read the numbers of a text as the languages write them, without those in quotation marks."""
    bare = re.sub(r"«[^»]*»|“[^”]*”", " ", written).replace("\u202f", "")
    found = re.findall(r"\d+(?:[.,]\d+)*", bare)
    if language == "fr":
        return [float(each.replace(",", ".")) for each in found]
    return [float(each.replace(",", "")) for each in found]


def said(study: Mapping[str, Any], statement: Mapping[str, Any]) -> Iterator[float]:
    """Give what the figures of a statement are, and its rank: all that a text may say."""
    figures = {each["id"]: each for each in study["figures"]}
    for name in statement["figures"]:
        figure = figures[name]
        for member in ("value", "low", "high", "numerator", "denominator"):
            if figure[member] is not None:
                yield figure[member]
                yield 100 * figure[member]
    if statement["rank"] is not None:
        yield from (statement["rank"][each] for each in ("position", "of", "median"))
    if statement["template"] in {"agreed", "disagreed"}:
        yield from range(len(statement["figures"]) + 1)  # how many indices
