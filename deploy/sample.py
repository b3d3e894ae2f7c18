"""A company to show things with: a new valid SIREN each time, and the answers of a typical SME.

`python -m deploy.sample` prints such a SIREN, `python -m deploy.sample 15` fifteen of them.
"""

import sys
from collections.abc import Mapping
from random import Random, SystemRandom
from typing import Any


def siren(chance: Random) -> str:
    """Draw eight digits and add the ninth that makes the Luhn sum right."""
    digits = [chance.randint(1, 9), *(chance.randint(0, 9) for _ in range(7))]
    doubled = [digit * 2 if position % 2 else digit for position, digit in enumerate(digits)]
    total = sum(value - 9 if value > 9 else value for value in doubled)  # noqa: PLR2004  # two digits
    return "".join(map(str, digits)) + str(-total % 10)


def answer(question: Mapping[str, Any]) -> object:
    """Answer as an SME does that has begun to talk about AI; fits every type of question."""
    low = int(question.get("maximum") or 0) // 3
    options = sorted(question.get("options") or [], key=lambda one: one.get("points") or 0)
    values: dict[str, object] = {
        "single": [option["code"] for option in options][len(options) // 3 :][:1],
        "multiple": [option["code"] for option in options if not option.get("exclusive")][:2],
        "boolean": False,
        "scale": low,
        "matrix": {row["code"]: low for row in question.get("rows") or []},
        "number": int(question.get("minimum") or 0) + 5,
        "date": "2026-01-15",
        "text": "Gagner du temps sur les devis.",
    }
    value = values[question["type"]]
    return value[0] if question["type"] == "single" and isinstance(value, list) else value


if __name__ == "__main__":
    for _ in range(int((sys.argv[1:] or ["1"])[0])):
        print(siren(SystemRandom()))
