"""Migrates services and loads what they ship with: `python -m deploy.fill [--demo] <service>...`.

One process does it for several: to load a service costs more than to migrate it.
"""

import argparse
import gc
import sys
from importlib import import_module

from platformkit import migrations


def main() -> int:
    """Do it in that order; the code of the first step that fails."""
    parser = argparse.ArgumentParser(prog="deploy.fill")
    parser.add_argument("--demo", action="store_true", help="add the demo programme")
    parser.add_argument("services", nargs="+", choices=migrations.SERVICES, metavar="service")
    chosen = parser.parse_args()
    told = ["--demo"] if chosen.demo else []
    gc.disable()  # what is loaded stays
    bootstraps = [import_module(f"{service}.bootstrap") for service in chosen.services]
    gc.freeze()
    gc.enable()
    code = migrations.main([*chosen.services, "upgrade"])
    for bootstrap in bootstraps:
        code = code or bootstrap.main(told)
    return code


if __name__ == "__main__":
    sys.exit(main())
