"""Whether a step may be taken: from here, by the caller, on this day."""

from datetime import datetime

from platformkit.paris import day_in_paris
from training.theses import lifecycle, rules
from training.theses.holding import Held
from training.theses.lifecycle import Action, Role
from training.theses.problems import (
    ThesisCampaignClosed,
    ThesisStepNotYours,
    ThesisStepRefused,
    ThesisStepTooLate,
)
from training.thesis_campaigns.models import ThesisCampaign
from training.thesis_campaigns.rules import Status as Standing
from training.thesis_campaigns.rules import is_accepting


def step_of(held: Held, action: Action) -> lifecycle.Step:
    """Return the step that an action is now; raises ThesisStepRefused, ThesisStepNotYours."""
    step = lifecycle.STEPS.get((held.status, action))
    published = held.campaign.status == Standing.PUBLISHED
    if step is None or (published and not lifecycle.is_open_after_results(held.status, action)):
        raise refusal(held)
    if step.role not in held.roles:
        raise ThesisStepNotYours(role=step.role)
    return step


def refusal(held: Held) -> ThesisStepRefused:
    """Say where the subject is, as the caller may know, and what the caller may do there."""
    published = held.campaign.status == Standing.PUBLISHED
    allowed = lifecycle.allowed(held.status, held.roles, published=published)
    shown = lifecycle.shown(held.status, held.roles, published=published)
    return ThesisStepRefused(status=shown, allowed=", ".join(allowed) or "—")


def check_in_time(campaign: ThesisCampaign, role: Role, now: datetime) -> None:
    """Raise ThesisStepTooLate after the last day of a role's step."""
    last = rules.last_day(campaign, role)
    if day_in_paris(now) > last:
        raise ThesisStepTooLate(last=last)


def check_accepting(campaign: ThesisCampaign, now: datetime) -> None:
    """Raise ThesisCampaignClosed unless laboratories may submit now."""
    if not is_accepting(campaign, day_in_paris(now)):
        raise ThesisCampaignClosed(
            first=campaign.opens_on, last=campaign.laboratory_until, status=campaign.status
        )
