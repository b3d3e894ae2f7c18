"""Settings of the training service, from variables `TRAINING_…`."""

from platformkit.settings import ServiceSettings, prefixed


class Settings(ServiceSettings):
    """Nothing beyond what every service needs."""

    model_config = prefixed("TRAINING_")
