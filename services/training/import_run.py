"""The process of one import, `python -m training.import_run <id>`: started by the service."""

import asyncio
import os
import sys
import uuid

from training.formats import FORMATS
from training.imports import worker


def main(run: str) -> int:
    """Carry out the run; the code is 0 also when the file was refused: its row says so."""
    worker.be_modest()
    asyncio.run(worker.carry_out(os.environ[worker.DSN], uuid.UUID(run), FORMATS))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
