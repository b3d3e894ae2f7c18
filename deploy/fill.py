"""Migrates services and loads what they ship with: `python -m deploy.fill [--demo] <service>...`.

One process does it for several: to load a service costs more than to migrate it.
"""

import argparse
import sys

from platformkit import commands, migrations


def main() -> int:
    """Do it in that order; the code of the first step that fails."""
    parser = argparse.ArgumentParser(prog="deploy.fill")
    parser.add_argument("--demo", action="store_true", help="add the demo programme")
    parser.add_argument("services", nargs="+", choices=migrations.SERVICES, metavar="service")
    chosen = parser.parse_args()
    told = ["--demo"] if chosen.demo else []
    bootstraps = commands.loaded(*(f"{service}.bootstrap" for service in chosen.services))
    code = migrations.main([*chosen.services, "upgrade"])
    for bootstrap in bootstraps:
        code = code or bootstrap.main(told)
    return code


if __name__ == "__main__":
    sys.exit(main())
