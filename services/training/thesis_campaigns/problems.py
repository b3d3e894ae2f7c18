"""Why a campaign is not found, or does not change."""

from platformkit.errors import Conflict, Invalid, NotFound
from platformkit.i18n import Text


class ThesisCampaignUnknown(NotFound):
    """There is no such campaign, or it is a draft of another organisation."""

    code = "thesis-campaign-unknown"
    title = Text("Campagne inconnue", "Unknown campaign")
    detail = Text("Aucune campagne n’a cet identifiant.", "No campaign has this identifier.")


class ThesisCampaignRefused(Invalid):
    """Dates, rules or organisations make no sense together."""

    code = "thesis-campaign-refused"
    title = Text("Campagne refusée", "Campaign refused")


class ThesisCampaignStatusRefused(Conflict):
    """The campaign is not in a state for this."""

    code = "thesis-campaign-status-refused"
    title = Text("Étape de campagne impossible", "Campaign step not possible")
    detail = Text(
        "La campagne est à l’état « {status} », qui permet : {allowed}.",
        "The campaign is “{status}”, which allows: {allowed}.",
    )


class ThesisRulesFixed(Conflict):
    """Subjects were proposed by these rules."""

    code = "thesis-rules-fixed"
    title = Text("Règles fixées", "Rules fixed")
    detail = Text(
        "Les règles ne changent plus une fois la campagne ouverte.",
        "Rules do not change once the campaign has been opened.",
    )


class ThesisOrganisationInUse(Conflict):
    """Subjects name the organisation."""

    code = "thesis-organisation-in-use"
    title = Text("Structure citée par des sujets", "Organisation named by subjects")
    detail = Text(
        "Des sujets citent : {codes}. Ces structures restent, avec leur nature.",
        "Subjects name: {codes}. These organisations stay, and what they are.",
    )


class ThesisBudgetCommitted(Conflict):
    """The selected subjects take more than the new budget."""

    code = "thesis-budget-committed"
    title = Text("Budget déjà engagé", "Budget already committed")
    detail = Text(
        "Les sujets retenus engagent {committed} €.",
        "The selected subjects take {committed} €.",
    )


class ThesesUndecided(Conflict):
    """Results are told when every subject that reached the Région is decided."""

    code = "theses-undecided"
    title = Text("Sujets sans décision", "Subjects without a decision")
    detail = Text(
        "{count} sujets attendent encore une décision.",
        "{count} subjects still wait for a decision.",
    )
