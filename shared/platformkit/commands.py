"""The command `vigie`: finds who answers a word, and loads nothing else."""

import gc
import importlib
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Final

_MODULES: Final = {
    "audit": "gateway.audit.commands",
    "clients": "gateway.commands",
    "disclose": "observatory.disclosure.commands",
    "import": "training.commands",
    "kit": "observatory.kits.commands",
    "load": "observatory.commands",
    "publish": "observatory.publishing_command",
    "webhooks": "gateway.webhooks.commands",
}
"""A service's module with `main(arguments) -> code`, by the first word."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Hand the rest of the command line to the module of its first word; 2 for an unknown one."""
    given = sys.argv[1:] if arguments is None else arguments
    word, *rest = given or [""]
    if word not in _MODULES:
        print(f"usage: vigie {{{','.join(_MODULES)}}} …", file=sys.stderr)  # noqa: T201  # a command
        return 2
    (command,) = loaded(_MODULES[word])
    code: int = command.main(rest)
    return code


def loaded(*names: str) -> list[ModuleType]:
    """Import what stays; the collector rests, which would go through it again and again."""
    gc.disable()
    modules = [importlib.import_module(name) for name in names]
    gc.freeze()
    gc.enable()
    return modules


if __name__ == "__main__":  # in the images, which have no scripts
    sys.exit(main())
