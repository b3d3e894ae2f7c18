"""Writes the types of the Python client from the contract: `make openapi` runs it.

python -m deploy.client_types            writes clients/python/vigie_client/types.py
python -m deploy.client_types --check    fails when it is not what the contract says
"""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CONTRACT = ROOT / "docs" / "api" / "openapi.json"
TARGET = ROOT / "clients" / "python" / "vigie_client" / "types.py"
_OPTIONS = (
    *("--input-file-type", "openapi", "--openapi-scopes", "schemas"),
    *("--output-model-type", "typing.TypedDict", "--no-use-closed-typed-dict"),
    *("--target-python-version", "3.11", "--use-union-operator", "--use-standard-collections"),
    *("--enum-field-as-literal", "all", "--use-schema-description"),
    *("--formatters", "builtin", "--disable-timestamp"),
    *("--custom-file-header", '"""The schemas of the contract. Generated: `make openapi`."""'),
)


def written(contract: Path) -> str:
    """Let datamodel-code-generator write the types; raises CalledProcessError when it cannot."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "types.py"
        program = Path(sys.executable).with_name("datamodel-codegen")
        asked = [str(program), "--input", str(contract), "--output", str(target), *_OPTIONS]
        subprocess.run(asked, check=True, capture_output=True)  # noqa: S603  # our own words
        return target.read_text()


def main(arguments: list[str]) -> int:
    """Write or compare; 1 when it differs."""
    text, name = written(CONTRACT), TARGET.relative_to(ROOT)
    if "--check" in arguments:
        if TARGET.read_text() != text:
            told = f"{name} is not what the contract says: run `make openapi` and commit it."
            print(told, file=sys.stderr)
            return 1
        print(f"{name} is what the contract says.")
        return 0
    TARGET.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
