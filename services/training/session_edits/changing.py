"""What an edit does to the document of a formation: pure."""

from collections.abc import Mapping
from typing import Any, Final

from platformkit.errors import Fault
from platformkit.i18n import Text
from training.offers import rules
from training.offers.faults import SAID
from training.session_edits.schemas import SessionEdit

_DATES: Final = {
    "starts_on": ("period", "start"),
    "ends_on": ("period", "end"),
    "enrolment_starts_on": ("enrolment_period", "start"),
    "enrolment_ends_on": ("enrolment_period", "end"),
}
_CONTRADICTED: Final = Text(
    "Un autre élément donne un autre prix à la même action ({action}).",
    "Another item gives the same action another price ({action}).",
)


def applied(
    document: Mapping[str, Any], edits: Mapping[str, SessionEdit]
) -> tuple[dict[str, Any], list[Fault]]:
    """Return the document with the edits, by the ids of sessions, and what is then wrong with it.

    A price is that of the whole action: two items may not give it two.
    """
    actions, faults = [], []
    for action in document["actions"]:
        own = [edits[one["id"]] for one in action["sessions"] if one["id"] in edits]
        sessions = [
            _session(one, edits[one["id"]]) if one["id"] in edits else one
            for one in action["sessions"]
        ]
        made = {**action, "sessions": sessions}
        prices = {one.price for one in own if one.price is not None}
        if len(prices) > 1:
            told = {"action": action["number"]}
            text = Text(_CONTRADICTED.fr.format(**told), _CONTRADICTED.en.format(**told))
            faults.append(Fault("/price", "price-contradicted", text))
        elif prices:
            (price,) = prices
            amount = f"{price:.2f}"
            made["price"] = {"amount": amount, "currency": "EUR", "free": not price}
        actions.append(made)
    changed = {**document, "actions": actions}
    for rule, what, more in rules.broken(changed):
        _, _, french, english = SAID[rule]
        told = {"what": what, **more}
        faults.append(Fault("", rule, Text(french.format(**told), english.format(**told))))
    return changed, faults


def _session(session: Mapping[str, Any], edit: SessionEdit) -> dict[str, Any]:
    made = dict(session)
    for field, (name, end) in _DATES.items():
        day = getattr(edit, field)
        if day is not None:
            open_ = {"start": None, "end": None}
            made[name] = {**(made.get(name) or open_), end: day.isoformat()}
    if edit.recruitment_state is not None:
        made["recruitment_state"] = edit.recruitment_state
    return made
