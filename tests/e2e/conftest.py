"""One platform on one machine, shared by the tests of this folder."""

import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.machine import Machine
from tests.e2e.sink import Sink


@pytest.fixture(scope="session")
def sink() -> Iterator[Sink]:
    """Receive what the platform exports."""
    sink = Sink()
    yield sink
    sink.close()


@pytest.fixture
def home() -> Iterator[Path]:
    """Give a folder that PostgreSQL's account can reach."""
    with tempfile.TemporaryDirectory(prefix="vigie-e2e-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="session")
def machine(sink: Sink) -> Iterator[Machine]:
    """Run the whole platform, exporting often so that tests need not wait."""
    with tempfile.TemporaryDirectory(prefix="vigie-e2e-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        machine = Machine(
            Path(folder),
            OTEL_EXPORTER_OTLP_ENDPOINT=sink.endpoint,
            OTEL_BSP_SCHEDULE_DELAY="100",
            OTEL_METRIC_EXPORT_INTERVAL="500",
            GATEWAY_RATE_FACTOR="1000",
        )
        try:
            machine.start()
            yield machine
        finally:
            if machine.process is not None and machine.process.poll() is None:
                machine.stop(signal.SIGTERM)
