"""Days are those of Paris, where the platform's dates are: PostgreSQL's own are those of UTC."""

import re
from pathlib import Path

SERVICES = Path(__file__).parents[2] / "services"
OF_UTC = re.compile(r"\b(current_date|localtimestamp|localtime|now\(\)::date)\b", re.IGNORECASE)


def test_no_statement_takes_the_day_of_the_server() -> None:
    """Between midnight in Paris and midnight in UTC it is that of yesterday."""
    taken = {
        f"{path.relative_to(SERVICES)}: {found[0]}"
        for path in SERVICES.rglob("*.py")
        if "migrations" not in path.parts
        for found in [OF_UTC.search(path.read_text())]
        if found
    }
    assert not taken


def test_the_time_of_paris_is_said_once() -> None:
    said = re.compile(r"""ZoneInfo\("Europe/|TIME ZONE 'Europe/""")
    found = [
        str(path.relative_to(SERVICES))
        for path in SERVICES.rglob("*.py")
        if "migrations" not in path.parts and said.search(path.read_text())
    ]
    assert not found, "platformkit.paris says it"
