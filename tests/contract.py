"""Lets schemathesis, as two organisations at once, try whether an application obeys its document.

Undocumented answers, accepted nonsense, ignored credentials, the things of another organisation
read with one's own token (R-M16, S-M1): all its checks but one, that whatever the schema allows is
accepted, since rules of the domain are not in a schema (that a SIREN exists, that a file is one).
"""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

KEPT = Path(__file__).parents[1] / ".hypothesis"
"""Where hypothesis keeps its tables of characters, each of which takes seconds to make."""

SEED = 26
SETTINGS = """
[auth.wfc]
path = "wfc.yaml"
peers = [PEERS]
[checks]
not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", 501, 503]
"""
"""501 is what SDMX wants for what is not offered, 503 the truth where a neighbour is missing."""

Headers = Mapping[str, str]


async def tried(
    folder: Path,
    document: Mapping[str, Any],
    url: str,
    peers: Mapping[str, Headers],
    *,
    examples: int = 1,
    phases: str = "examples,fuzzing,stateful",
) -> list[str]:
    """Run schemathesis over every operation of the document; give what it has against it."""
    users = [
        {"name": name, "fixedHeaders": [{"name": key, "value": told} for key, told in of.items()]}
        for name, of in peers.items()
    ]
    (folder / "wfc.yaml").write_text(json.dumps({"auth": users}))  # JSON is YAML
    (folder / "openapi.json").write_text(json.dumps(document))
    names = ", ".join(f'"{name}"' for name in peers)
    (folder / "schemathesis.toml").write_text(SETTINGS.replace("PEERS", names))
    asked = [
        *(sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()"),
        *("--no-color", "--config-file", "schemathesis.toml", "run", "openapi.json", "--url", url),
        *("--checks", "all", "--exclude-checks", "positive_data_acceptance"),
        *(
            "--phases",
            phases,
            "--max-examples",
            str(examples),
            "--seed",
            str(SEED),
            "--no-shrink",
        ),
        *("--continue-on-failure", "--warnings", "off", "--generation-database", "none"),
        *("--report", "junit", "--report-junit-path", "report.xml"),
    ]
    process = await asyncio.create_subprocess_exec(
        *asked,
        cwd=folder,
        env=os.environ | {"HYPOTHESIS_STORAGE_DIRECTORY": str(KEPT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = (await process.communicate())[0].decode()
    (folder / "said.txt").write_text(said)
    assert (folder / "report.xml").exists(), said
    cases = ET.parse(folder / "report.xml").getroot().iter("testcase")  # noqa: S314  # our own
    found = [
        f"{case.get('name')}: {(fault.get('message') or '') + (fault.text or '')}"
        for case in cases
        for fault in (*case.iter("failure"), *case.iter("error"))
    ]
    assert found or process.returncode == 0, said
    return found
