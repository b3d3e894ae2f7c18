"""Settings of the observatory service, from variables `OBSERVATORY_…`."""

from platformkit.settings import ServiceSettings, prefixed


class Settings(ServiceSettings):
    """Nothing beyond what every service needs."""

    model_config = prefixed("OBSERVATORY_")
