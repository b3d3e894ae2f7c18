"""Where reports are printed."""

from platformkit.errors import Unavailable
from platformkit.i18n import Text
from platformkit.press import Press


class PressBusy(Unavailable):
    """Too many reports are being printed at this moment."""

    code = "reports-busy"
    title = Text("Trop de rapports demandés", "Too many reports asked for")
    detail = Text(
        "D’autres rapports sont en cours d’édition : réessayez dans un instant.",
        "Other reports are being printed: try again in a moment.",
    )


PRESS = Press(PressBusy)
