"""Settings of the training service, from variables `TRAINING_…`."""

from pydantic import Field

from platformkit.settings import ServiceSettings, prefixed


class Settings(ServiceSettings):
    """What the service is called from outside, and how long the traces of its imports are kept."""

    model_config = prefixed("TRAINING_")

    import_worker: bool = True
    """Whether this process works off the queue of imports; one of several replicas may do."""

    proposal_review_days: int = Field(default=90, ge=1, le=1_000)
    """Days in which a proposal should be decided; the clock stands while its author completes."""

    public_url: str = "http://127.0.0.1:8000"
    """The door's own address: what the identities in JSON-LD documents begin with."""

    contact_email: str = "contact@vigie.invalid"
    """Who answers for the data; OEAPI wants an address in its service metadata."""

    alert_worker: bool = True
    """Whether this process asks the saved searches about what changes; one of several may do."""

    retention_anomaly_months: int = Field(default=6, ge=1, le=120)
    """Months after an import for which its anomalies are kept line by line."""
    retention_import_months: int = Field(default=24, ge=1, le=240)
    """Months for which an import and its certificate are kept, a rollover and drafts that nobody
    publishes; longer while its facts hold."""
    retention_audit_months: int = Field(default=60, ge=12, le=240)
    """Months for which the audit trail is kept, and the steps of thesis subjects."""
