"""One platform on one machine, shared by the tests of this folder.

It ends with them: at rest it would take as much from the tests after it as a service at work.
"""

import asyncio
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.cluster import Cluster
from deploy.prepare import ensure_database
from tests.e2e.machine import Machine
from tests.e2e.sink import Sink
from tests.harness import room


@pytest.fixture(scope="package")
def sink() -> Iterator[Sink]:
    """Receive what the platform exports."""
    sink = Sink()
    yield sink
    sink.close()


@pytest.fixture
def home() -> Iterator[Path]:
    """Give a folder that PostgreSQL's account can reach."""
    with tempfile.TemporaryDirectory(prefix="vigie-e2e-", dir=room()) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="package")
def healed() -> Iterator[tuple[Machine, Cluster]]:
    """Run another platform on a PostgreSQL of one's own; its first start was killed midway."""
    with tempfile.TemporaryDirectory(prefix="vigie-e2e-", dir=room()) as folder:
        Path(folder).chmod(0o755)
        with Cluster(Path(folder) / "own", durable=False) as cluster:
            asyncio.run(ensure_database(cluster.dsn(), "mine"))
            machine = Machine(
                Path(folder), DATABASE_URL=cluster.dsn("mine"), GATEWAY_RATE_FACTOR="1000"
            )
            killed = machine.launch()
            while "✓ database" not in machine.shown():
                assert killed.poll() is None, machine.shown()
                time.sleep(0.02)
            killed.kill()
            killed.wait()
            try:
                machine.start()
                yield machine, cluster
            finally:
                if machine.process is not None and machine.process.poll() is None:
                    machine.stop()


@pytest.fixture(scope="package")
def machine(sink: Sink) -> Iterator[Machine]:
    """Run the whole platform, exporting often so that tests need not wait."""
    with tempfile.TemporaryDirectory(prefix="vigie-e2e-", dir=room()) as folder:
        Path(folder).chmod(0o755)
        machine = Machine(
            Path(folder),
            OTEL_EXPORTER_OTLP_ENDPOINT=sink.endpoint,
            OTEL_BSP_SCHEDULE_DELAY="100",
            OTEL_METRIC_EXPORT_INTERVAL="1000",
            GATEWAY_RATE_FACTOR="1000",
        )
        try:
            machine.start()
            yield machine
        finally:
            if machine.process is not None and machine.process.poll() is None:
                machine.stop(signal.SIGTERM)
