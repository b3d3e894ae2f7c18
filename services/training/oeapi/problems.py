"""What the Open Education API answers when it cannot: 400 where our other routes say 422."""

from typing import Any

from fastapi.exceptions import RequestValidationError

from platformkit import validation
from platformkit.errors import BadRequest, Invalid, NotFound, ProblemError
from platformkit.i18n import Text


class ParameterRefused(BadRequest):
    """A parameter is not of its form; the contract knows no 422."""

    code = "oeapi-parameter-refused"
    title = Text("Paramètre refusé", "Parameter refused")

    @classmethod
    def of(cls, error: RequestValidationError | Invalid) -> "ParameterRefused":
        """Say what our other routes would have said."""
        problem = cls()
        problem.faults = (
            error.faults
            if isinstance(error, Invalid)
            else [validation.fault(one) for one in error.errors()]
        )
        return problem


class PageTooDeep(BadRequest):
    """A page so far on that all before it would have to be read."""

    code = "oeapi-page-too-deep"
    title = Text("Page trop lointaine", "Page too far on")
    detail = Text(
        "Un numéro de page mène à {most} éléments au plus. Suivez les liens « next » de l’en-tête"
        " Link, page après page, ou précisez la recherche.",
        "A page number leads to {most} items at most. Follow the “next” links of the Link header,"
        " page by page, or narrow the search.",
    )


class ConsumerUnknown(BadRequest):
    """No item is meant for that consumer."""

    code = "oeapi-consumer-unknown"
    title = Text("Consommateur inconnu", "Unknown consumer")
    detail = Text("Consommateurs servis : {known}.", "Consumers served: {known}.")


class ItemUnknown(NotFound):
    """There is nothing of this kind with this id."""

    code = "oeapi-item-unknown"
    title = Text("Objet inconnu", "Unknown item")


class ItemWithdrawn(NotFound):
    """It has left the catalogue; the contract knows no 410."""

    code = "oeapi-item-withdrawn"
    title = Text("Objet retiré", "Withdrawn item")
    detail = Text(
        "Il a quitté le catalogue ; {address} en dit la raison et la suite.",
        "It has left the catalogue; {address} says why and what replaces it.",
    )


class OeapiVersionNotAcceptable(ProblemError):
    """Another major version than ours, of the interface or of a consumer's profile."""

    status = 406
    code = "oeapi-version-not-acceptable"
    title = Text("Version OEAPI non servie", "OEAPI version not served")
    detail = Text(
        "La version {requested} ne peut être servie.", "Version {requested} cannot be served."
    )

    def body(self) -> dict[str, Any]:
        """Add what the contract wants: what was asked, and what there is."""
        consumer = self.facts["consumer"]
        return super().body() | {
            "requestedVersion": self.facts["requested"],
            "supportedVersions": self.facts["supported"],
            **({"consumer": {"consumerKey": consumer}} if consumer else {}),
        }
