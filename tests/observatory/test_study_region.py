"""Studies of another region's own figures: releases, embargo, hidden cells, other instants."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from observatory.shipped import dataflows, figures
from tests.conftest import OpenApp
from tests.harness import anonymous, as_client
from tests.observatory.publishing import Publisher
from tests.observatory.shipped import shipped_facts
from tests.observatory.studying import read, section, statements, text

FLOW = "DF_EXPOSURE_SECTOR"
HIDDEN = "63"


def rows(**means: float | None) -> bytes:
    """Write the shipped figures of sectors with other means; one without a value is hidden."""
    table = list(csv.DictReader(io.StringIO(figures.file(shipped_facts(), FLOW).decode())))
    for row in table:
        code = f"s{row['ACTIVITY']}"
        row["OBS_STATUS"] = "A"
        if row["MEASURE"] != "MEAN" or code not in means:
            continue
        value = means[code]
        for name in ("OBS_VALUE", "NUMERATOR", "DENOMINATOR", "SE", "CI_LOW", "CI_HIGH"):
            row[name] = ""
        row["OBS_STATUS"] = "Q"
        if value is not None:
            found = {"OBS_VALUE": value, "NUMERATOR": 1000 * value, "DENOMINATOR": 1000}
            row.update({name: str(each) for name, each in found.items()})
            row.update({"CI_LOW": str(value), "CI_HIGH": str(value), "OBS_STATUS": "A"})
    out = io.StringIO()
    writer = csv.DictWriter(out, list(table[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return out.getvalue().encode()


@pytest.fixture(scope="module")
async def region(open_app: OpenApp) -> AsyncIterator[Publisher]:
    """Open the observatory of another agency, with the structures of these figures and no release.

    Whatever it publishes, the shipped figures of the other tests stay.
    """
    async with open_app("observatory", agency="T67") as client:
        client.headers.update(anonymous("observatory"))
        publisher = Publisher(client, as_client("observatory"))
        made = dataflows.structures(shipped_facts()).model_dump(mode="json")
        answer = await publisher.publish(
            {
                "codelists": made["codelists"],
                **{
                    name: [each for each in made[name] if FLOW[3:] in str(each)]
                    for name in ("data_structures", "dataflows", "indicators")
                },
            }
        )
        assert answer.status_code == 200, answer.text
        yield publisher


async def refused(client: httpx.AsyncClient, path: str) -> tuple[int, str]:
    answer = await client.get(f"/v1/studies/{path}")
    return answer.status_code, answer.json()["code"]


async def loaded(region: Publisher, data: bytes) -> dict[str, Any]:
    draft = await region.draft(FLOW)
    return region.known(await region.load(draft, data))


async def test_a_study_is_of_what_is_published_and_of_nothing_else(region: Publisher) -> None:
    client = region.client
    assert await refused(client, "sectors/62") == (404, "study-unpublished"), "no release yet"

    embargoed = await loaded(region, rows(s62=0.111))
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    region.known(await region.act(embargoed, "publish", {"at": later}))
    assert await refused(client, "sectors/62") == (404, "study-unpublished"), "under embargo"


async def test_hidden_cells_are_in_no_study_and_another_instant_keeps_its_figures(
    region: Publisher,
) -> None:
    client = region.client
    pending = (await client.get("/v1/pending-releases", headers=region.headers)).json()["items"]
    embargoed = region.known(
        await client.get(f"/v1/releases/{pending[0]['id']}", headers=region.headers)
    )
    region.known(await region.act(embargoed, "publish"))
    before = await read(client, "sectors/62")
    assert "0,111" in text(before)

    first = before["releases"][0]["published_at"]
    second = await loaded(region, rows(s62=0.222, **{f"s{HIDDEN}": None}))
    region.known(await region.act(second, "publish"))
    now = await read(client, "sectors/62")
    assert "0,222" in text(now)
    assert "0,111" not in text(now)
    assert await refused(client, f"sectors/{HIDDEN}") == (404, "study-hidden")
    mean = {each["rank"]["of"] for each in statements(now) if each["rank"]}
    assert mean == {84, 85}, "the hidden mean is not compared, the other figures are"

    pinned = f"/v1/studies/sectors/62.json?asOf={first}"
    then = await client.get(pinned)
    assert "0,111" in text(then.json())
    assert section(then.json(), "training")["absent"]["since"] is None, (
        "neighbours tell the present"
    )
    third = await loaded(region, rows(s62=0.333))
    region.known(await region.act(third, "publish"))
    assert (await client.get(pinned)).content == then.content
    again = await client.get(pinned, headers={"if-none-match": then.headers["etag"]})
    assert again.status_code == 304

    why = {"reason": {"fr": "erreur", "en": "error"}}
    newest = region.known(await client.get(f"/v1/releases/{third['id']}", headers=region.headers))
    region.known(await region.act(newest, "withdraw", why))
    assert await refused(client, "sectors/62") == (404, "study-hidden"), "withdrawn"
    assert (await client.get(pinned)).status_code == 200
