"""Settings of the observatory service, from variables `OBSERVATORY_…`."""

from pydantic import Field

from platformkit.settings import ServiceSettings, prefixed


class Settings(ServiceSettings):
    """Who publishes here, beside what every service needs."""

    model_config = prefixed("OBSERVATORY_")

    agency: str = Field(default="HDF", pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$")
    """Who publishes structures and releases here; each region has an id of its own."""

    data_connections: int = Field(default=4, ge=1)
    """Extractions that run at once; others wait."""

    feed_seconds: float = Field(default=5.0, gt=0)
    """Between two looks at the feeds of the diagnostic and the training."""
