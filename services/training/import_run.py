"""The process of one import, `python -m training.import_run <id>`: started by the service."""

import asyncio
import logging
import os
import sys
import uuid

from platformkit import logs
from training.formats import FORMATS
from training.imports import worker


def main(run: str) -> int:
    """Carry out the run; the code is 0 also when the file was refused: its row says so."""
    logs.setup("training", "INFO")
    worker.be_modest()
    try:
        asyncio.run(worker.carry_out(os.environ[worker.DSN], uuid.UUID(run), FORMATS))
    except Exception:
        logging.getLogger(__name__).exception("import cut short", extra={"run": run})
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
