"""What the diagnostic must be told by its environment."""

from platformkit.settings import ServiceSettings, prefixed


class Settings(ServiceSettings):
    """Variables named DIAGNOSTIC_…; nothing beyond what all services need."""

    model_config = prefixed("DIAGNOSTIC_")
