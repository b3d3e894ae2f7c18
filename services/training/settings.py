"""Settings of the training service, from variables `TRAINING_…`."""

from platformkit.settings import ServiceSettings, prefixed


class Settings(ServiceSettings):
    """What the imports may take, beyond what every service needs."""

    model_config = prefixed("TRAINING_")

    import_worker: bool = True
    """Whether this process works off the queue of imports; one of several replicas may do."""
