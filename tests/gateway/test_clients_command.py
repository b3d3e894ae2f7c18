"""`vigie clients` and `vigie audit`, as an operator types them."""

import asyncio
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from gateway.clients import service as clients
from platformkit import commands
from platformkit.reads import ReadPool
from tests import harness
from tests.gateway.doors import settings_for
from tests.gateway.partners import sql
from tests.gateway.test_assertions import EC, public
from tests.harness import Database, variables

Vigie = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def vigie(
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Vigie:
    """Run the command and give what it printed, or what it complained of."""
    told = variables(database, "gateway")
    told["GATEWAY_OPENAPI_PATH"] = str(settings_for(tmp_path, {}).openapi_path)
    for name, value in told.items():
        monkeypatch.setenv(name, value)

    def run(*words: str, code: int = 0) -> list[dict[str, Any]]:
        capsys.readouterr()
        assert commands.main(["clients", *words]) == code
        said = capsys.readouterr()
        if code:
            return [{"said": said.err}]
        return [json.loads(line) for line in said.out.splitlines()]

    return run


@pytest.fixture
def name() -> str:
    return f"school-{uuid4().hex[:8]}"


def create(vigie: Vigie, name: str) -> str:
    given = ("--tenant", "ecole-nord", "--name", "École du Nord", "--scope", "overviews:read")
    (made,) = vigie("create", name, *given, "--role", "school")
    assert made["client_id"] == name
    secret: str = made["client_secret"]
    return secret


def known(database: Database, name: str, secret: str) -> bool:
    settings = harness.settings(database, "gateway")

    async def ask() -> bool:
        reads = ReadPool(settings, "gateway")
        try:
            found = await clients.authenticate(reads, name, secret, settings.peppered)
        finally:
            await reads.close()
        return found is not None

    return asyncio.run(ask())


def test_a_client_is_made_its_secret_shown_once_and_changed_over(
    vigie: Vigie, name: str, database: Database
) -> None:
    first = create(vigie, name)
    listed = next(one for one in vigie("list") if one["client_id"] == name)
    assert (listed["tenant"], listed["scopes"]) == ("ecole-nord", ["overviews:read"])
    assert first not in json.dumps(vigie("list"))
    (second,) = vigie("rotate", name)
    assert known(database, name, first)
    assert known(database, name, second["client_secret"])
    (third,) = vigie("rotate", name, "--former-days", "0")
    assert not known(database, name, first)
    assert not known(database, name, second["client_secret"]), "a leaked secret ends at once"
    assert known(database, name, third["client_secret"])
    vigie("disable", name)
    assert not known(database, name, third["client_secret"])
    vigie("enable", name)
    assert known(database, name, third["client_secret"])


def test_a_client_that_signs_with_its_own_key_gets_no_secret(
    vigie: Vigie, name: str, tmp_path: Path, database: Database
) -> None:
    given = ("--tenant", "ecole-nord", "--name", "École du Nord")
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": [public(EC, "ec")]}))
    url = "https://ecole.example/jwks.json"
    for way in (("--jwks", str(file)), ("--jwks-uri", url)):
        (made,) = vigie("create", f"{name}-{way[0][2:]}", *given, *way)
        assert made["client_secret"] is None
    kept = asyncio.run(
        sql(
            database,
            "SELECT jwks_uri, jwks::text, secret_hash FROM gateway.client WHERE client_id LIKE $1"
            " ORDER BY client_id",
            f"{name}-%",
        )
    )
    assert [(row["jwks_uri"], row["secret_hash"]) for row in kept] == [(None, None), (url, None)]
    assert json.loads(kept[0]["jwks"]) == {"keys": [public(EC, "ec")]}
    assert kept[1]["jwks"] is None
    for way, place in (
        (("--jwks-uri", "https://127.0.0.1/jwks"), "jwks_uri"),
        (("--jwks-uri", "http://ecole.example/jwks"), "jwks_uri"),
        (("--jwks", str(tmp_path / "none")), "No such file"),
    ):
        assert place in vigie("create", name, *given, *way, code=2)[0]["said"]
    for text, place in (("{", "unexpected"), ('{"keys": []}', "jwks")):
        file.write_text(text)
        said = vigie("create", name, *given, "--jwks", str(file), code=2)[0]["said"]
        assert place in said


def test_keys_are_added_listed_and_revoked(vigie: Vigie, name: str) -> None:
    create(vigie, name)
    term = (datetime.now(UTC) + timedelta(days=90)).isoformat(timespec="seconds")
    (page,) = vigie("add-key", name, "--origin", "https://ecole.example", "--expires-at", term)
    (back,) = vigie("add-key", name)
    shown = {one["id"]: one for one in vigie("keys", name)}
    assert shown[page["id"]]["origins"] == ["https://ecole.example"]
    assert datetime.fromisoformat(shown[page["id"]]["expires_at"]) == datetime.fromisoformat(term)
    assert shown[back["id"]]["kind"] == "secret"
    assert back["key"] not in json.dumps(list(shown.values()), default=str)
    vigie("revoke-key", back["id"])
    vigie("revoke-key", back["id"])
    assert {one["id"]: bool(one["revoked_at"]) for one in vigie("keys", name)} == {
        page["id"]: False,
        back["id"]: True,
    }


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("create", "X", "--tenant", "t1", "--name", "n"), 2, "client_id"),
        (("create", "a-b", "--tenant", "t1", "--name", "n", "--scope", "no:such"), 1, "no:such"),
        (("create", "demo", "--tenant", "t1", "--name", "n"), 1, "already named demo"),
        (("rotate", "nobody"), 1, "No client is named nobody"),
        (("disable", "nobody"), 1, "nobody"),
        (("keys", "nobody"), 1, "nobody"),
        (("add-key", "nobody"), 1, "nobody"),
        (("add-key", "demo", "--origin", "https://*.example"), 1, "/origins/0"),
        (("revoke-key", str(uuid4())), 1, "No key has the id"),
    ],
)
def test_a_refusal_is_a_sentence(
    vigie: Vigie, name: str, words: tuple[str, ...], code: int, said: str
) -> None:
    if "demo" in words and not any(one["client_id"] == "demo" for one in vigie("list")):
        vigie("create", "demo", "--tenant", "t1", "--name", "n")
    (complaint,) = vigie(*words, code=code)
    assert said in complaint["said"]


def test_a_term_needs_its_offset(vigie: Vigie) -> None:
    with pytest.raises(SystemExit):
        vigie("add-key", "demo", "--expires-at", "2027-08-31T12:00:00")


def test_every_deed_is_in_the_trail_and_the_chain_holds(
    vigie: Vigie, name: str, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    create(vigie, name)
    vigie("rotate", name)
    (made,) = vigie("add-key", name)
    vigie("revoke-key", made["id"])
    vigie("disable", name)
    rows = asyncio.run(
        sql(
            database,
            "SELECT * FROM gateway.audit_event WHERE entity_id = ANY($1) ORDER BY id",
            [name, made["id"]],
        )
    )
    assert [row["action"] for row in rows] == [
        "create_client",
        "rotate_secret",
        "add_api_key",
        "revoke_api_key",
        "disable_client",
    ]
    assert {row["tenant"] for row in rows} == {"ecole-nord"}
    assert all(row["actor"].startswith("operator:") for row in rows)
    assert made["key"] not in repr(rows)
    capsys.readouterr()
    assert commands.main(["audit", "verify"]) == 0
    head = capsys.readouterr().out.strip()
    assert int(head.partition(":")[0]) >= rows[-1]["id"]
    vigie("enable", name)
    assert commands.main(["audit", "verify", head]) == 0
    end = capsys.readouterr().out.strip()
    asyncio.run(_as_administrator(database, end))
    assert commands.main(["audit", "verify", end]) == 0
    assert commands.main(["audit", "verify", "99999999:00"]) == 1
    assert "missing" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        commands.main(["audit", "verify", "x"])
    assert commands.main(["audit", "verify", f"1:{'0' * 64}"]) == 1
    assert "event 1: not what was written down" in capsys.readouterr().err


async def _as_administrator(database: Database, head: str) -> None:
    """Alter an event, as whoever owns the machine can, and put it back."""
    number = int(head.partition(":")[0])
    change = "UPDATE gateway.audit_event SET actor = $2 WHERE id = $1"
    (row,) = await sql(database, "SELECT * FROM gateway.audit_event WHERE id = $1", number)
    await sql(database, change, number, "operator:somebody-else")
    assert await asyncio.to_thread(commands.main, ["audit", "verify"]) == 1
    await sql(database, change, number, row["actor"])


def test_a_plan_is_set_shown_and_what_was_used_is_listed(
    vigie: Vigie, name: str, database: Database
) -> None:
    create(vigie, name)
    assert vigie("set-plan", name, "partner", "--per-day", "5000") == [
        {"client_id": name, "plan": "partner", "per_day": 5000, "per_month": None}
    ]
    (mine,) = (one for one in vigie("list") if one["client_id"] == name)
    assert (mine["plan"], mine["quota_per_day"], mine["quota_per_month"]) == ("partner", 5000, None)
    assert vigie("use", name) == []
    row = "INSERT INTO gateway.client_use (day, client_id, requests) VALUES (current_date, $1, 12)"
    asyncio.run(sql(database, row, name))
    (day,) = vigie("use", name)
    assert day["requests"] == 12
    refused = vigie("set-plan", name, "gold", "--per-day", "0", code=1)[0]["said"]
    assert "The plans are: partner, standard." in refused
    assert "/quota_per_day: At least one request." in refused
    for deed in (("set-plan", "nobody", "partner"), ("use", "nobody")):
        assert "No client is named nobody." in vigie(*deed, code=1)[0]["said"]


def test_settings_that_are_missing_are_told(
    vigie: Vigie, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GATEWAY_DATABASE_URL")
    assert "GATEWAY_SECRET_KEY" in os.environ
    assert "database_url" in vigie("list", code=2)[0]["said"]
    assert commands.main(["audit", "verify"]) == 2
    assert "settings" in capsys.readouterr().err


def test_an_application_in_a_browser_has_return_addresses_and_no_secret(
    vigie: Vigie, name: str
) -> None:
    given = ("--tenant", "ecole-nord", "--name", "Application", "--scope", "overviews:read")
    back = ("--return-to", "https://app.example/back", "--return-to", "http://localhost:5173/back")
    (made,) = vigie("create", name, *given, *back, "--public")
    assert made == {"client_id": name, "client_secret": None}
    (listed,) = [one for one in vigie("list") if one["client_id"] == name]
    assert listed["return_urls"] == ["https://app.example/back", "http://localhost:5173/back"]
    for wrong in (
        ("--public",),
        ("--return-to", "http://app.example/back"),
        ("--return-to", "https://app.example/back#top"),
        ("--return-to", "javascript:alert(1)"),
        ("--return-to", "https://app.example/a b"),
    ):
        (refusal,) = vigie("create", f"{name}-2", *given, *wrong, code=2)
        assert "not right" in refusal["said"]
