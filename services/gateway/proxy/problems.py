"""What can go wrong at the door itself, before a service is reached or because it was not."""

from math import ceil

from gateway.proxy.exchange import Reason, UpstreamFailed
from platformkit.errors import BadRequest, ProblemError, TooLarge, Unavailable
from platformkit.i18n import Text


class MessageMalformed(BadRequest):
    """The bytes are not an HTTP/1.1 request; the connection ends with this answer."""

    code = "message-malformed"
    title = Text("Message HTTP mal formé", "Malformed HTTP message")
    detail = Text(
        "Ce qui a été reçu n’est pas une requête HTTP/1.1 que l’on puisse lire d’une seule façon.",
        "What was received is not an HTTP/1.1 request that can be read in one way only.",
    )


class HostRefused(BadRequest):
    """A request has exactly one Host, on the allow list when there is one."""

    code = "host-refused"
    title = Text("En-tête Host refusé", "Host header refused")
    detail = Text(
        "Une requête porte exactement un en-tête Host, qui nomme cette plateforme.",
        "A request carries exactly one Host header, which names this platform.",
    )


class FramingAmbiguous(BadRequest):
    """Two readers could disagree on where the body ends (request smuggling)."""

    code = "framing-ambiguous"
    title = Text("Longueur du corps ambiguë", "Ambiguous body length")
    detail = Text(
        "Envoyez une seule longueur, par Content-Length ou par Transfer-Encoding: chunked.",
        "Send one length only, by Content-Length or by Transfer-Encoding: chunked.",
    )

    def __init__(self) -> None:
        super().__init__(headers={"connection": "close"})  # what follows may be of its body


class PathRefused(BadRequest):
    """The path has more than one reading: dot segments, empty ones, encoded slashes, controls."""

    code = "path-refused"
    title = Text("Chemin refusé", "Path refused")
    detail = Text(
        "Le chemin ne contient ni segment vide ou en points, ni barre ou contrôle codé.",
        "The path has no empty or dot segment, and no encoded slash or control character.",
    )


class HeadersTooLarge(ProblemError):
    """Headers are bounded in number and in bytes."""

    status = 431
    code = "headers-too-large"
    title = Text("En-têtes trop volumineux", "Headers too large")
    detail = Text(
        "Au plus {count} en-têtes et {size} octets.", "At most {count} headers and {size} bytes."
    )


class UploadTooLarge(TooLarge):
    """The door's own bound, above that of any service."""

    code = "upload-too-large"
    detail = Text("Au plus {size} octets.", "At most {size} bytes.")


class UpstreamUnreachable(ProblemError):
    """The service does not answer its socket."""

    status = 502
    code = "upstream-unreachable"
    title = Text("Service injoignable", "Service unreachable")
    detail = Text("Le service {service} ne répond pas.", "Service {service} does not answer.")


class UpstreamInvalid(ProblemError):
    """The service broke off, or sent something that is not HTTP."""

    status = 502
    code = "upstream-invalid"
    title = Text("Réponse inexploitable", "Unusable answer")
    detail = Text(
        "Le service {service} a interrompu sa réponse ou répondu de travers.",
        "Service {service} broke off its answer or gave an unsound one.",
    )


class UpstreamSlow(ProblemError):
    """The time granted passed; whether a write was stored is known only by asking again."""

    status = 504
    code = "upstream-timeout"
    title = Text("Délai dépassé", "Deadline exceeded")
    detail = Text(
        "Le service {service} n’a pas répondu dans le délai accordé.",
        "Service {service} did not answer in the time given.",
    )


class UpstreamBusy(ProblemError):
    """All connections to the service are taken, and the queue is full or too slow."""

    status = 503
    code = "upstream-busy"
    title = Text("Service saturé", "Service busy")
    detail = Text(
        "Le service {service} traite déjà autant de requêtes qu’il le peut.",
        "Service {service} is already serving as many requests as it can.",
    )


class UpstreamResting(Unavailable):
    """The service gave no answer several times in a row; it is tried again after a while."""

    code = "upstream-resting"
    title = Text("Service mis au repos", "Service set aside")
    detail = Text(
        "Le service {service} n’a pas répondu plusieurs fois de suite : il n’est plus sollicité"
        " pendant quelques instants.",
        "Service {service} gave no answer several times in a row: it is left alone for a moment.",
    )


class TooManyConnections(Unavailable):
    """All places for connections are taken, and none of them is idle."""

    code = "too-many-connections"
    title = Text("Trop de connexions", "Too many connections")


class RequestTooSlow(ProblemError):
    """Headers or body came slower than anybody's network is."""

    status = 408
    code = "request-too-slow"
    title = Text("Requête trop lente", "Request too slow")
    detail = Text(
        "La requête n’est pas arrivée entière dans le temps accordé.",
        "The request did not arrive whole in the time given.",
    )


BY_REASON: dict[Reason, type[ProblemError]] = {
    "busy": UpstreamBusy,
    "unreachable": UpstreamUnreachable,
    "timeout": UpstreamSlow,
    "invalid": UpstreamInvalid,
    "truncated": UpstreamInvalid,
    "departed": UpstreamInvalid,
    "resting": UpstreamResting,
}


def problem_of(failure: UpstreamFailed, service: str) -> ProblemError:
    """Tell the caller what failed, and when asking again makes sense where that is known."""
    headers = {"retry-after": str(ceil(failure.retry_after))} if failure.retry_after else None
    return BY_REASON[failure.reason](service=service, headers=headers)
