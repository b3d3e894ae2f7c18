"""Judges what is staged against the structure, set by set; all kinds of faults at once."""

from collections.abc import Iterator
from typing import Any, Final

from observatory.observations import periods
from observatory.releases.staging import LOAD_SECONDS, DataInvalid
from observatory.structures import library
from observatory.structures.catalogue import Catalogue, Flow
from platformkit.errors import Fault
from platformkit.i18n import Text

MOST_PERIODS: Final = 20_000
"""Distinct periods of one file; a century of days is 36,525, which no dataflow of ours has."""

STATUSES: Final = "ABDEFGIKLMNOPQSUVW"
"""CL_OBS_STATUS 2.2 of SDMX."""

CONFIDENTIALITIES: Final = "ACDFGIJKLMNOPQRSTUVWXYZ"
"""CL_CONF_STATUS 1.3 of SDMX, those of one letter."""

RATIO_TOLERANCE: Final = 5e-4
"""How far a ratio may be from numerator by denominator: it may be rounded to three places."""

_SHOWN: Final = 100

_LINES: Final = """
SELECT {name} AS given, min(line) AS line, count(*) AS lines
  FROM observatory.staged_observation
 WHERE {name} = ANY($1::text[])
 GROUP BY 1 ORDER BY 2 LIMIT 100
"""
_PERIODS: Final = f"""
SELECT period, bool_or({{wrong}}) AS is_wrong FROM observatory.staged_observation
 GROUP BY period LIMIT {MOST_PERIODS + 1}
"""  # noqa: S608  # our own number
_REGISTER: Final = """
INSERT INTO observatory.period (number, text, frequency, first, last)
SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::date[], $5::date[])
ON CONFLICT (number) DO NOTHING
"""


def _checks(flow: Flow) -> Iterator[tuple[str, str, Text]]:
    """Yield what must be false of every line: a code, the condition in SQL, the sentence."""
    columns = [*(each.column for each in flow.dimensions), "period"]
    missing = " OR ".join(f"{name} IS NULL" for name in columns)
    yield (
        "code-missing",
        missing,
        Text(
            "Un code de la clé ou la période manque.", "A code of the key or the period is missing."
        ),
    )
    yield (
        "value-missing",
        "value IS NULL AND coalesce(status, 'A') = 'A' AND coalesce(action, '') <> 'D'",
        Text(
            "Sans valeur, OBS_STATUS doit dire pourquoi (M, O, L, Q…).",
            "Without a value, OBS_STATUS must say why (M, O, L, Q…).",
        ),
    )
    yield (
        "value-not-finite",
        "value IN ('NaN', 'Infinity', '-Infinity')",
        Text("La valeur n’est pas un nombre fini.", "The value is not a finite number."),
    )
    yield (
        "status-unknown",
        f"length(status) <> 1 OR position(status IN '{STATUSES}') = 0",
        Text("OBS_STATUS n’est pas de CL_OBS_STATUS.", "OBS_STATUS is not of CL_OBS_STATUS."),
    )
    yield (
        "conf-unknown",
        f"length(conf) <> 1 OR position(conf IN '{CONFIDENTIALITIES}') = 0",
        Text("CONF_STATUS n’est pas de CL_CONF_STATUS.", "CONF_STATUS is not of CL_CONF_STATUS."),
    )
    brings = "num_nonnulls(value, ci_low, ci_high, se, numerator, denominator) > 0"
    yield (
        "value-confidential",
        f"coalesce(conf, 'F') <> 'F' AND {brings}",
        Text(
            "Une valeur dont CONF_STATUS n’est pas F ne se publie pas : laissez ses cases vides.",
            "A value whose CONF_STATUS is not F is not published: leave its cells empty.",
        ),
    )
    yield (
        "value-of-missing",
        f"status IN ('L', 'M', 'O', 'Q') AND {brings}",
        Text(
            "OBS_STATUS dit que la valeur manque (L, M, O, Q) : laissez ses cases vides.",
            "OBS_STATUS says that the value is missing (L, M, O, Q): leave its cells empty.",
        ),
    )
    yield (
        "interval-inverted",
        "ci_low > ci_high OR se < 0",
        Text(
            "CI_LOW dépasse CI_HIGH, ou SE est négatif.",
            "CI_LOW is above CI_HIGH, or SE is negative.",
        ),
    )
    yield (
        "action-unknown",
        "action NOT IN ('I', 'A', 'M', 'R', 'D')",
        Text("ACTION est I, A, M, R ou D.", "ACTION is I, A, M, R or D."),
    )
    ratios = [
        f"{each.column} IN ({', '.join(map(_quoted, sorted(flow.ratios[each.id])))})"
        for each in flow.dimensions
        if flow.ratios.get(each.id)
    ]
    if ratios:
        yield (
            "ratio-unfounded",
            (
                f"({' OR '.join(ratios)}) AND value IS NOT NULL AND NOT coalesce(denominator > 0"
                f" AND abs(value - numerator / denominator) <= {RATIO_TOLERANCE}, false)"
            ),
            Text(
                "Un ratio apporte NUMERATOR et DENOMINATOR, et vaut leur rapport.",
                "A ratio brings NUMERATOR and DENOMINATOR, and is their quotient.",
            ),
        )


def _quoted(code: str) -> str:
    """Write a code, which has no quote by its form, as a literal."""
    return f"'{code}'"


async def check_lines(connection: Any, flow: Flow) -> tuple[dict[str, int], list[Fault]]:  # noqa: ANN401  # asyncpg's, untyped
    """Return the periods of the file by their text, and what is wrong but for the codes."""
    checks = list(_checks(flow))
    wrong = " OR ".join(f"({condition})" for _, condition, _ in checks)
    found = await connection.fetch(_PERIODS.format(wrong=wrong), timeout=LOAD_SECONDS)
    faults = await _lines(connection, checks) if any(row["is_wrong"] for row in found) else []
    numbers, unread = await _periods(connection, [row["period"] for row in found])
    if unread:
        faults += await _places(
            connection,
            "period",
            unread,
            "period-malformed",
            Text("{given} n’est pas une période.", "{given} is not a period."),
        )
    return numbers, faults


async def check_codes(
    connection: Any,  # noqa: ANN401  # likewise
    structures: Catalogue,
    flow: Flow,
    ordinal: int,
) -> list[Fault]:
    """Return what is wrong with the codes of a release.

    The series that the file brings are written already: they alone may have new codes.
    """
    faults: list[Fault] = []
    for each in flow.dimensions:
        known = await library.codes(connection, structures, each.codelist)
        found = await connection.fetch(
            f"SELECT DISTINCT {each.column} FROM observatory.series"  # noqa: S608  # our own name
            f" WHERE flow = $1 AND since = $2 AND {each.column} <> ALL($3::text[])",
            flow.number,
            ordinal,
            list(known),
            timeout=LOAD_SECONDS,
        )
        faults += await _places(
            connection,
            each.column,
            [row[0] for row in found[:_SHOWN]],
            "code-unknown",
            Text(
                f"{{given}} n’est pas dans {each.codelist.reference}.",
                f"{{given}} is not in {each.codelist.reference}.",
            ),
        )
    return faults


def refuse(faults: list[Fault]) -> None:
    """Raise DataInvalid with the first faults of the file, if there are any."""
    if faults:
        raise DataInvalid(sorted(faults, key=lambda fault: int(fault.place or 0))[:_SHOWN])


async def _lines(connection: Any, checks: list[tuple[str, str, Text]]) -> list[Fault]:  # noqa: ANN401  # likewise
    """Name the first line of each kind of fault that a line alone can have."""
    columns = ", ".join(
        f"min(line) FILTER (WHERE {condition}), count(*) FILTER (WHERE {condition})"
        for _, condition, _ in checks
    )
    row = await connection.fetchrow(
        f"SELECT {columns} FROM observatory.staged_observation",  # noqa: S608  # likewise
        timeout=LOAD_SECONDS,
    )
    return [
        _fault(code, sentence, row[2 * place], row[2 * place + 1])
        for place, (code, _, sentence) in enumerate(checks)
        if row[2 * place] is not None
    ]


def _fault(code: str, sentence: Text, line: int, lines: int) -> Fault:
    """Tell of the first line, and of how many."""
    return Fault(
        "",
        code,
        Text(f"{sentence.fr} (lignes : {lines})", f"{sentence.en} (lines: {lines})"),
        place=str(line + 1),
    )


async def _periods(
    connection: Any,  # noqa: ANN401  # likewise
    found: list[str | None],
) -> tuple[dict[str, int], list[str]]:
    """Write down the periods that can be read, and return the others."""
    if len(found) > MOST_PERIODS:
        sentence = Text(f"Plus de {MOST_PERIODS} périodes.", f"More than {MOST_PERIODS} periods.")
        raise DataInvalid([Fault("", "too-many-periods", sentence, place="2")])
    read = {text: periods.parse(text) for text in found if text is not None}
    known = {text: period for text, period in read.items() if period is not None}
    rows = {period.number: period for period in known.values()}
    await connection.execute(
        _REGISTER,
        list(rows),
        *(
            [getattr(each, name) for each in rows.values()]
            for name in ("text", "frequency", "first", "last")
        ),
    )
    return {text: period.number for text, period in known.items()}, sorted(read.keys() - known)


async def _places(
    connection: Any,  # noqa: ANN401  # likewise
    column: str,
    given: list[str],
    code: str,
    sentence: Text,
) -> list[Fault]:
    """Name the first line of each."""
    if not given:
        return []
    rows = await connection.fetch(_LINES.format(name=column), given[:_SHOWN], timeout=LOAD_SECONDS)
    return [
        _fault(
            code,
            Text(
                sentence.fr.format(given=row["given"][:100]),
                sentence.en.format(given=row["given"][:100]),
            ),
            row["line"],
            row["lines"],
        )
        for row in rows
    ]
