"""The keys, grids and sheets that are shipped, from their compact files in `reading/`."""

import json
from functools import cache
from importlib import resources
from typing import Any

from observatory.structures.bundles import Structures


def _file(name: str) -> Any:  # noqa: ANN401  # what the file has
    return json.loads(
        resources.files("observatory").joinpath(f"shipped/reading/{name}.json").read_bytes()
    )


@cache
def structures() -> Structures:
    """Make what reads the shipped dataflows; what sheets have in common is written once."""
    sheets = _file("sheets")
    return Structures.model_validate(
        {
            "indicators": _file("indicators"),
            "reading_keys": _file("keys"),
            "grids": _file("grids"),
            "sheets": [
                {**each, "sections": sheets["common"] | each["sections"]}
                for each in sheets["sheets"]
            ],
        }
    )
