"""Files of counts, in which a skill grows or does not."""

from collections.abc import Iterable, Mapping

GROWN = [0, 0, 0, 0, 40, 80, 120, 160, 160]
"""E1: from nothing to three per cent of five thousand ads within a year, from the fifth quarter."""

STILL = [90, 110, 95, 105, 100, 98, 104, 99, 101]


def quarter(number: int) -> str:
    return f"{2024 + number // 4}-Q{number % 4 + 1}"


def counts(
    terms: Mapping[str, Iterable[int]],
    *,
    first: int = 0,
    employers: int = 12,
    largest: str = "0.3",
    total: int = 5_000,
) -> str:
    lines = ["CODE,LABEL_FR,LABEL_EN,TIME_PERIOD,COUNT,EMPLOYERS,LARGEST"]
    quarters: set[int] = set()
    for code, values in terms.items():
        for number, count in enumerate(values, first):
            quarters.add(number)
            some = min(employers, count)
            lines.append(
                f"{code},Savoir {code},Skill {code},{quarter(number)},{count},{some},{largest}"
            )
    lines += [f"_T,,,{quarter(number)},{total},," for number in sorted(quarters)]
    return "\n".join(lines) + "\n"
