"""Members of JSON-LD documents; pure."""

from typing import Any, Final

from training.facts.certifications import CertificationFacts

FRANCE_COMPETENCES: Final = "https://www.francecompetences.fr/"

Members = dict[str, Any]


def told(**members: Any) -> Members:  # noqa: ANN401  # values of JSON
    """Return the members that say something; `_` before a name stands for `@`."""
    return {
        f"@{name[1:]}" if name.startswith("_") else name: value
        for name, value in members.items()
        if value is not None and value not in ([], "")
    }


def establishment(siret: str) -> str:
    """Return the address of an establishment in the State's directory of companies."""
    return f"https://annuaire-entreprises.data.gouv.fr/etablissement/{siret}"


def summary(facts: CertificationFacts) -> str | None:
    """Return the text that says best what a certification is for."""
    return facts.objectives or facts.activities or facts.capacities
