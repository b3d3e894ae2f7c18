"""Keeping services running, and giving up with one sentence when that is hopeless."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from deploy import supervisor
from deploy.supervisor import Service, StartFailedError, keep, last_words, run, stop


def service(tmp_path: Path, name: str) -> Service:
    return Service(name, 9, dict(os.environ), tmp_path / f"{name}.log")


def test_a_service_that_never_starts_is_given_up_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "DELAYS", (0.0, 0.0))
    said: list[str] = []
    with pytest.raises(StartFailedError, match=r"no_such_service does not start \(.*\); its log"):
        asyncio.run(keep(service(tmp_path, "no_such_service"), said.append))
    assert len(said) == 1
    assert "starting it again" in said[0]


def test_stopping_what_never_ran_does_no_harm(tmp_path: Path) -> None:
    asyncio.run(stop(service(tmp_path, "diagnostic")))


def test_a_service_that_ignores_the_request_to_stop_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "GRACE", 0.2)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    deaf += "; print('deaf', flush=True); time.sleep(60)"

    async def scene() -> int | None:
        found = service(tmp_path, "deaf")
        found.process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", deaf, stdout=asyncio.subprocess.PIPE
        )
        assert found.process.stdout
        await found.process.stdout.readline()
        await stop(found)
        return found.process.returncode

    assert asyncio.run(scene()) == -9


def test_a_job_writes_into_its_log_and_gives_its_code(tmp_path: Path) -> None:
    log = tmp_path / "job.log"
    code = asyncio.run(
        run(sys.executable, "-c", "print('why'); exit(3)", env=dict(os.environ), log=log)
    )
    assert code == 3
    assert last_words(log) == "why"


def test_a_large_log_begins_anew_and_the_older_one_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "LARGE", 10)
    log = tmp_path / "job.log"
    log.write_text("a long story, told before")
    asyncio.run(run(sys.executable, "-c", "print('new')", env=dict(os.environ), log=log))
    assert log.read_text() == "new\n"
    assert (tmp_path / "job.log.1").read_text() == "a long story, told before"


def test_a_log_without_words_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty.log").write_text("\n\n")
    assert last_words(tmp_path / "empty.log") == "no word in its log"
