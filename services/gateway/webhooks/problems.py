"""What can be wrong about a webhook."""

from platformkit.errors import Conflict, Invalid, NotFound
from platformkit.i18n import Text


class WebhookUnknown(NotFound):
    """There is no such webhook of this organisation."""

    code = "webhook-unknown"
    title = Text("Webhook inconnu", "Unknown webhook")
    detail = Text("Aucun webhook ne porte l’identifiant {id}.", "No webhook has the id {id}.")


class DeliveryUnknown(NotFound):
    """The webhook has no such delivery, or it is no longer kept."""

    code = "delivery-unknown"
    title = Text("Envoi inconnu", "Unknown delivery")
    detail = Text("Ce webhook n’a pas d’envoi {id}.", "This webhook has no delivery {id}.")


class WebhookInvalid(Invalid):
    """The address, the events or the position cannot be those of a webhook."""

    code = "webhook-invalid"
    title = Text("Webhook mal décrit", "Webhook badly described")


class TooManyWebhooks(Conflict):
    """Delete one, or have one follow more events."""

    code = "webhooks-too-many"
    title = Text("Trop de webhooks", "Too many webhooks")
    detail = Text(
        "Votre organisation a déjà {count} webhooks : supprimez-en un, ou élargissez-en un.",
        "Your organisation already has {count} webhooks: delete one, or widen one.",
    )


class EventsGone(Conflict):
    """What would come next is no longer in the log."""

    code = "events-gone"
    title = Text("Événements effacés", "Events no longer kept")
    detail = Text(
        "Le journal ne garde que ce qui suit la position {forgotten} : donnez « after », et lisez"
        " ce qui manque dans les fils de changements des services.",
        "The log keeps only what is after position {forgotten}: give `after`, and read what is"
        " missing in the change feeds of the services.",
    )


class WebhookIdle(Conflict):
    """Only an active webhook is sent anything."""

    code = "webhook-not-active"
    title = Text("Webhook inactif", "Webhook not active")
    detail = Text(
        "Ce webhook est « {status} » : activez-le d’abord.",
        "This webhook is `{status}`: activate it first.",
    )


class BacklogFull(Conflict):
    """So much waits already that nothing can be added."""

    code = "webhook-backlog-full"
    title = Text("Trop d’envois en attente", "Too many deliveries waiting")
    detail = Text(
        "{count} envois attendent déjà : réessayez quand votre service les aura acceptés.",
        "{count} deliveries wait already: try again when your service has accepted them.",
    )


class DeliveryPending(Conflict):
    """It is still being tried."""

    code = "delivery-pending"
    title = Text("Envoi en cours", "Delivery pending")
    detail = Text(
        "L’envoi {id} n’est pas terminé : il sera réessayé.",
        "Delivery {id} is not over: it will be tried again.",
    )
