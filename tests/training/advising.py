"""What the tests of recommendations share: a catalogue, jobs and skills of their own."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import asyncpg
import httpx
from stdnum import luhn

from platformkit import auth
from platformkit.clients.observatory import ObservatoryClient
from platformkit.reads import WritePool
from tests import harness
from tests.harness import Database, anonymous
from tests.training.importing import Importer, fresh_copy, importer
from tests.training.offering import SIRET, lheo
from training.offers.lheo import identity
from training.skills import working

DAY: Final = "2026-11-27"

JOB: Final = "N9901"
"""A job of our own, that wants the skills of the worked example (training.md §5.2)."""

SKILLS: Final = {
    "S1": ("9900001", "Statistiques descriptives", True, 2),
    "S2": ("9900002", "Langage python", True, 3),
    "S3": ("9900003", "Contrôle de la donnée", True, 2),
    "S4": ("9900004", "Droit des données personnelles", False, 2),
    "S5": ("9900005", "Jugement d’une réponse automatique", True, 3),
    "S9": ("9900009", "Tableur avancé", True, 2),
}


def code(name: str) -> str:
    return SKILLS[name][0]


def held(**levels: int) -> list[dict[str, Any]]:
    return [{"skill": code(name), "level": level} for name, level in levels.items()]


def siret(number: int) -> str:
    """Make the SIRET of a provider of its own."""
    siren = f"9{number:07}"
    establishment = siren + luhn.calc_check_digit(siren) + "0001"
    return establishment + str(luhn.calc_check_digit(establishment))


def by(number: int, written: str) -> str:
    """Have an offer made by another provider."""
    assert SIRET in written
    return written.replace(SIRET, siret(number))


def formation_id(number: int, key: str) -> str:
    return str(identity(siret(number), key))


@dataclass(frozen=True)
class Adviser:
    """Somebody who asks for advice on a catalogue of the module's own."""

    partner: Importer

    async def sql(self, statement: str, *values: Any) -> list[asyncpg.Record]:
        return await self.partner.rows(statement, *values)

    async def link(self) -> None:
        """Link all that is not linked yet, as the service does behind imports."""
        pool = WritePool(harness.settings(self.partner.database, "training"), "training")
        await working.follow_all(pool)
        await pool.close()

    async def import_(self, *offers: str) -> None:
        sent = await self.partner.send(lheo(*offers), form="lheo", extract=True)
        assert (sent.state, sent.run["errors"]) == ("done", 0), sent.anomalies

    async def declare(
        self, formation: str, levels: Mapping[str, int], *, prerequisite: bool = False
    ) -> None:
        """Have an offer teach skills, as its provider declares."""
        for name, level in levels.items():
            await self.sql(
                "INSERT INTO training.formation_skill (formation_id, skill, prerequisite, level,"
                " method, confidence) VALUES ($1, $2, $3, $4, 'declared', 1)",
                formation,
                code(name),
                prerequisite,
                level,
            )

    async def ask(self, **profile: Any) -> httpx.Response:
        return await self.partner.client.post(
            "/v1/recommendations", json={"on": DAY, **profile}, headers=anonymous("training")
        )

    async def advised(self, **profile: Any) -> Any:
        answer = await self.ask(**profile)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def to_job(self, **profile: Any) -> Any:
        """Ask for the way to the job of the worked example; one target is answered."""
        (target,) = (await self.advised(targets=[JOB], **profile))["targets"]
        return target


async def arrange_job(adviser: Adviser) -> None:
    """Enter the skills and the job of the worked example beside those that are shipped."""
    for skill, label, essential, required in SKILLS.values():
        await adviser.sql(
            "INSERT INTO training.reference_concept (scheme, version, code, kind, label_fr,"
            " replaced_by, search_text, fingerprint)"
            " VALUES ('rome-skill', '347-460', $1, 'knowledge', $2, '{}', '', '')",
            skill,
            label,
        )
        await adviser.sql(
            "INSERT INTO training.skill (code, label_fr, said, words, together, lexeme, jobs)"
            " SELECT $1, $2, $2, plainto_tsquery('training.catalogue', $2),"
            " phraseto_tsquery('training.catalogue', $2), (tsvector_to_array(to_tsvector("
            "'training.catalogue', $2)))[1], 1",
            skill,
            label,
        )
        if skill != code("S9"):
            await adviser.sql(
                "INSERT INTO training.job_skill VALUES ($1, $2, $3, $4)",
                JOB,
                skill,
                essential,
                required,
            )
    await adviser.sql(
        "INSERT INTO training.reference_concept (scheme, version, code, kind, label_fr,"
        " replaced_by, search_text, fingerprint) VALUES"
        " ('rome', '460', 'N9901', 'job', 'Technicien de la donnée', '{}', '', ''),"
        " ('rome', '460', 'N9902', 'job', 'Métier sans compétence connue', '{}', '', '')"
    )
    await adviser.sql(
        "INSERT INTO training.reference_concept (scheme, version, code, kind, label_fr,"
        " replaced_by, valid_to, search_text, fingerprint) VALUES"
        " ('rome', '460', 'N9903', 'job', 'Ancien', '{N9901}', '2020-01-01', '', ''),"
        " ('rome', '460', 'N9904', 'job', 'Partagé', '{N9901,N9902}', '2020-01-01', '', ''),"
        " ('rome', '460', 'N9905', 'job', 'Perdu', '{}', '2020-01-01', '', ''),"
        " ('rome', '460', 'N9906', 'job', 'En rond', '{N9907}', '2020-01-01', '', ''),"
        " ('rome', '460', 'N9907', 'job', 'En rond', '{N9906}', '2020-01-01', '', ''),"
        " ('rome-skill', '347-460', '9900099', 'knowledge', 'Python', '{9900002}', '2020-01-01',"
        " '', '')"
    )


@asynccontextmanager
async def advising(
    template: Database, name: str, offers: Iterable[str], observatory: httpx.AsyncClient
) -> AsyncIterator[Adviser]:
    """Open the service on a catalogue that has these offers, the observatory beside it."""
    own = Database(template.cluster, template.passwords, name)
    app = harness.application(own, "training", import_worker=False)
    async with importer(app, await fresh_copy(template, own)) as partner:
        app.state.clients = {"observatory": ObservatoryClient(observatory, _calling)}
        adviser = Adviser(partner)
        await arrange_job(adviser)
        await adviser.import_(*offers)
        yield adviser


def _calling() -> str:
    caller = auth.current_principal()
    assert caller is not None
    return auth.mint(harness.GATEWAY_KEY, "gateway", "observatory", caller)
