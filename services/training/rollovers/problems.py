"""What may be wrong with a rollover or a draft of one."""

from platformkit.errors import Conflict, Fault, Invalid, NotFound
from platformkit.i18n import Text


class ProviderOffersUnknown(NotFound):
    """The caller's organisation holds no offers of this provider."""

    code = "provider-offers-unknown"
    title = Text("Aucune offre de cet organisme", "No offers of this provider")
    detail = Text(
        "Votre organisation ne tient aucune offre de {siret}.",
        "Your organisation holds no offers of {siret}.",
    )


class RolloverUnknown(NotFound):
    """The caller's organisation has asked for no such rollover."""

    code = "rollover-unknown"
    title = Text("Reconduction inconnue", "Unknown rollover")


class RolloverYearInvalid(Invalid):
    """The days are not those of a year: inverted, or more than 366."""

    code = "rollover-year-invalid"
    title = Text("Année de reconduction invalide", "Invalid year of a rollover")

    def __init__(self) -> None:
        said = Text(
            "« last » : de 0 à 365 jours après « first ».",
            "`last`: 0 to 365 days after `first`.",
        )
        super().__init__([Fault("/last", self.code, said)])


class RolloverTooLarge(Invalid):
    """More formations than one request copies."""

    code = "rollover-too-large"
    title = Text("Reconduction trop grande", "Rollover too large")

    def __init__(self, found: int, most: int) -> None:
        said = Text(
            f"{found} formations, {most} au plus : prenez une partie de l’année.",
            f"{found} formations, at most {most}: take a part of the year.",
        )
        super().__init__([Fault("/last", self.code, said)])


class DraftUnknown(NotFound):
    """The caller's organisation has no such draft."""

    code = "rollover-draft-unknown"
    title = Text("Brouillon de reconduction inconnu", "Unknown rollover draft")


class DraftPublished(Conflict):
    """The draft was published: it is a formation now."""

    code = "rollover-draft-published"
    title = Text("Brouillon déjà publié", "Draft already published")
    detail = Text(
        "Ce brouillon est publié : modifiez la formation elle-même.",
        "This draft is published: change the formation itself.",
    )


class DraftKeyFixed(Invalid):
    """The new payload changes what was reviewed: another formation, which is to be proposed."""

    code = "rollover-draft-key-fixed"
    title = Text("Clé de brouillon fixe", "Fixed key of a draft")

    def __init__(self, pointers: list[str]) -> None:
        said = Text(
            "Dans un brouillon de reconduction changent les actions, leurs sessions et leurs prix ;"
            " le reste se propose (POST /v1/proposals).",
            "In a draft of a rollover, actions, their sessions and prices change; the rest is to be"
            " proposed (POST /v1/proposals).",
        )
        super().__init__([Fault(one, self.code, said) for one in pointers])
