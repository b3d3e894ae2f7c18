"""The audit trail on the wire; PostgreSQL renders it, a test holds it to this model."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

Action = Literal[
    "start_import",
    "withdraw_certification",
    "propose",
    "rewrite_proposal",
    "move_proposal",
    "assign_reviewer",
    "release_reviewer",
    "give_opinion",
    "attach_to_proposal",
    "remove_attachment",
    "share_preview",
    "revoke_preview",
    "write_thesis_campaign",
    "turn_thesis_campaign",
    "publish_thesis_campaign",
    "move_thesis",
    "decide_thesis",
    "roll_over",
    "rewrite_rollover_draft",
    "discard_rollover_draft",
    "publish_rollover_draft",
    "edit_sessions",
    "tell_capacity",
    "declare_skills",
]


class AuditEventRead(BaseModel):
    """Who did what to what, when."""

    id: int
    at: datetime
    client: str
    actor: str
    action: Action
    entity: Literal[
        "import",
        "certification",
        "proposal",
        "thesis_campaign",
        "thesis",
        "rollover",
        "rollover_draft",
        "formation",
        "session",
    ]
    entity_id: str
    detail: str | None = Field(
        description="of an import: format, mode and SHA-256 of the file; of a proposal: the state"
        " before, the transition and the state after, or what was added; of a campaign: its state;"
        " of a thesis: the step"
    )
