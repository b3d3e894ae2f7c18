"""What tells two processes apart: the schema that their code expects, and their configuration."""

from collections.abc import Set as AbstractSet
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel, SecretStr

from platformkit.settings import ServiceSettings

_NUMBER = "[0-9][0-9][0-9][0-9]"
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS


def of(service: str, settings: ServiceSettings) -> dict[str, Any]:
    """Say what runs: the release, the schema that it expects, the hash of its configuration."""
    return {
        "service": service,
        "release": settings.release,
        "schema": {"expected": expected_revision(service)},
        "configuration": configuration(settings),
    }


def expected_revision(service: str) -> str | None:
    """Return the newest migration that came with the code, None for a service without any.

    Their files are named after their revisions, `0007_subject.py`, so that nothing is imported.
    """
    spec = find_spec(service)
    if spec is None or spec.origin is None:
        return None
    versions = Path(spec.origin).parent / "migrations" / "versions"
    return max((file.name[:4] for file in versions.glob(f"{_NUMBER}_*.py")), default=None)


def configuration(settings: BaseModel) -> str:
    """Return the SHA-256 of all settings but the release; of a secret, only whether it is set."""
    told = settings.model_dump(exclude={"release"})
    return sha256(orjson.dumps(told, default=_plain, option=_OPTIONS)).hexdigest()


def _plain(value: object) -> object:
    """Give JSON for what has none; the order of a set differs between two processes."""
    if isinstance(value, SecretStr):
        return bool(value.get_secret_value())
    return sorted(map(str, value)) if isinstance(value, AbstractSet) else str(value)
