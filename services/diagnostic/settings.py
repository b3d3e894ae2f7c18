"""What the diagnostic must be told by its environment."""

from pydantic import Field

from platformkit.settings import ServiceSettings, prefixed


class Settings(ServiceSettings):
    """Variables named DIAGNOSTIC_…."""

    model_config = prefixed("DIAGNOSTIC_")

    benchmark_k: int = Field(ge=5)
    """Fewest peers that are ever shown to a company; mandatory, and never below five."""

    retention_unfinished_months: int = Field(default=12, ge=1, le=120)
    """Months without an answer after which a diagnostic is abandoned and its texts erased."""
    retention_scored_months: int = Field(default=36, ge=1, le=120)
    """Months after a submission for which respondents and free texts are kept, then companies."""
    retention_audit_months: int = Field(default=60, ge=12, le=240)
    """Months for which the audit trail is kept; consents as long as their company."""
    retention_access_months: int = Field(default=12, ge=1, le=120)
    """Months for which the uses of share links are kept."""
