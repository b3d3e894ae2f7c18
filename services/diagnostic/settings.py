"""What the diagnostic must be told by its environment."""

from pydantic import Field

from platformkit.settings import ServiceSettings, prefixed


class Settings(ServiceSettings):
    """Variables named DIAGNOSTIC_…."""

    model_config = prefixed("DIAGNOSTIC_")

    benchmark_k: int = Field(ge=5)
    """Fewest peers that are ever shown to a company; mandatory, and never below five."""
