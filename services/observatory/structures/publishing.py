"""Publishes structures: what is stable stays, what is new must fit, all or none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from observatory.structures import cited, library, queries, rules, versions
from observatory.structures import schemas as wire
from observatory.structures.bundles import KINDS, AnyArtefact, Structures
from observatory.structures.catalogue import Artefact, Catalogue, Code
from observatory.structures.grid_schemas import Grid
from observatory.structures.key_schemas import ReadingKey
from observatory.structures.service import (
    ArtefactStable,
    StructureInvalid,
    VersionIncompatible,
)
from observatory.structures.sheet_schemas import Sheet
from platformkit import feed
from platformkit.db import driver
from platformkit.errors import Fault
from platformkit.i18n import Text

_SHOWN: Final = 200
_MEMBERS: Final = {"codes", "mappings"}
"""Parts of the wire form that have tables of their own."""


async def publish(session: AsyncSession, agency: str, given: Structures) -> wire.Published:
    """Publish all artefacts under the agency, or none of them.

    Equal content changes nothing. Raises StructureInvalid, ArtefactStable or VersionIncompatible.
    """
    raw = await driver(session)
    await raw.execute(queries.ALONE)
    await raw.execute(queries.OWN_AGENCY, agency)
    publishing = _Publishing(session, raw, agency, await library.load(raw, agency))
    for place, artefact in _ordered(given):
        await publishing.add(place, artefact)
    if publishing.faults:
        raise StructureInvalid(publishing.faults[:_SHOWN])
    if publishing.created or publishing.updated:
        await raw.execute(queries.COUNT)
    return wire.Published(
        created=publishing.created, updated=publishing.updated, unchanged=publishing.unchanged
    )


def _ordered(given: Structures) -> Iterator[tuple[str, AnyArtefact]]:
    """Yield each artefact after those that it may refer to."""
    groups: dict[str, Sequence[AnyArtefact]] = {
        "codelists": given.codelists,
        "concept_schemes": given.concept_schemes,
        "code_maps": given.code_maps,
        "data_structures": given.data_structures,
        "dataflows": given.dataflows,
        "indicators": given.indicators,
        "reading_keys": given.reading_keys,
        "grids": given.grids,
        "sheets": given.sheets,
    }
    for name, group in groups.items():
        for place, artefact in enumerate(group):
            yield f"/{name}/{place}", artefact


class _Publishing:
    """One publication: what is stored already, what was added, what is wrong."""

    def __init__(
        self,
        session: AsyncSession,
        raw: Any,  # noqa: ANN401  # asyncpg's connection, untyped
        agency: str,
        stored: Catalogue,
    ) -> None:
        self._session, self._raw, self._agency = session, raw, agency
        self._known = stored
        self._is_stable = True
        self.faults: list[Fault] = []
        self.created: list[str] = []
        self.updated: list[str] = []
        self.unchanged: list[str] = []

    async def add(self, place: str, given: AnyArtefact) -> None:
        """Judge one artefact, and store it unless it is there with the same content."""
        version = versions.parse(given.version)
        assert version is not None  # noqa: S101  # the wire let nothing else in
        self._is_stable = not version.is_draft
        faults = await self._faults(place, given)
        if faults:
            self.faults += faults
            return
        kind, document = KINDS[type(given)], given.model_dump(mode="json")
        digest = wire.digest(given)
        key = (kind, self._agency, given.id)
        earlier = self._known.artefacts.get(key, ())
        same = next((each for each in earlier if each.version == version), None)
        if same is not None:
            if await self._raw.fetchval(queries.DIGEST, same.number) == digest:
                self.unchanged.append(same.urn)
                return
            if not version.is_draft:
                raise ArtefactStable(reference=same.reference)
        content = {name: each for name, each in document.items() if name not in _MEMBERS}
        artefact = Artefact(0, kind, self._agency, given.id, version, content)
        await self._fits(given, artefact, earlier)
        number = await self._raw.fetchval(
            queries.STORE,
            *(kind, self._agency, given.id, str(version), version.is_draft),
            orjson.dumps(content).decode(),
            digest,
        )
        await self._members(number, given)
        await self._note(artefact, number, created=same is None)

    async def _faults(self, place: str, given: AnyArtefact) -> list[Fault]:
        found: list[Fault] = []
        match given:
            case wire.Codelist():
                found += rules.of_codelist(given, place)
            case wire.CodeMap():
                source = await self._codes(given.source, f"{place}/source", found)
                target = await self._codes(given.target, f"{place}/target", found)
                if source is not None and target is not None:
                    found += rules.of_map(given, source, target, place)
            case wire.DataStructure():
                await self._faults_of_structure(place, given, found)
            case wire.Dataflow():
                await self._faults_of_dataflow(place, given, found)
            case wire.Indicator():
                flow = self._resolved("dataflow", given.dataflow, f"{place}/dataflow", found)
                if flow is not None:
                    lists = {
                        each.id: await library.codes(self._raw, self._known, each.codelist)
                        for each in self._known.flow_of(flow).dimensions
                    }
                    found += rules.of_indicator(given, lists, place)
            case ReadingKey() | Grid() | Sheet():
                found += list(
                    cited.faults(
                        given,
                        place,
                        self._known,
                        lambda kind, reference, at: self._resolved(kind, reference, at, found),
                    )
                )
        return found

    async def _faults_of_structure(
        self, place: str, given: wire.DataStructure, found: list[Fault]
    ) -> None:
        found += rules.of_structure(given, place)
        for each in given.dimensions:
            codes = await self._codes(each.codelist, f"{place}/{each.id}", found)
            if codes is not None:
                found += rules.of_codes(given.ratios.get(each.id, ()), codes, place)
        for attribute in given.attributes:
            if attribute.codelist is not None:
                await self._codes(attribute.codelist, f"{place}/{attribute.id}", found)

    async def _faults_of_dataflow(
        self, place: str, given: wire.Dataflow, found: list[Fault]
    ) -> None:
        structure = self._resolved("data_structure", given.structure, f"{place}/structure", found)
        if structure is None or given.protection is None:
            return
        lists = {
            each["id"]: await self._codes(each["codelist"], place, found)
            for each in structure.content["dimensions"]
        }
        found += rules.of_protection(given.protection, lists, f"{place}/protection")

    def _resolved(
        self, kind: str, reference: str, place: str, found: list[Fault]
    ) -> Artefact | None:
        artefact = self._known.resolve(kind, reference)
        if artefact is None:
            sentence = Text(f"{reference} n’existe pas.", f"{reference} does not exist.")
            found.append(Fault(place, "reference-unknown", sentence))
        elif artefact.version.is_draft and self._is_stable:
            sentence = Text(
                f"{reference} est un projet : une version stable ne peut s’y référer.",
                f"{reference} is a draft: a stable version cannot refer to it.",
            )
            found.append(Fault(place, "reference-draft", sentence))
        return artefact

    async def _codes(
        self, reference: str, place: str, found: list[Fault]
    ) -> Mapping[str, Code] | None:
        codelist = self._resolved("codelist", reference, place, found)
        return None if codelist is None else await library.codes(self._raw, self._known, codelist)

    async def _fits(
        self, given: AnyArtefact, artefact: Artefact, earlier: Sequence[Artefact]
    ) -> None:
        """Raise VersionIncompatible when something of the same MAJOR version would be missing."""
        for each in earlier:
            if each.version.major != artefact.version.major or each.version.is_draft:
                continue
            what = await self._missing(given, artefact, each)
            if what:
                raise VersionIncompatible(
                    reference=artefact.reference, what=what, earlier=each.reference
                )

    async def _missing(self, given: AnyArtefact, artefact: Artefact, earlier: Artefact) -> str:
        match given:
            case wire.Codelist():
                before = await library.codes(self._raw, self._known, earlier)
                if earlier.version.order < artefact.version.order:
                    return ", ".join(sorted(before.keys() - {code.id for code in given.codes})[:5])
            case wire.DataStructure():
                names = [name["id"] for name in earlier.content["dimensions"]]
                if names != [dimension.id for dimension in given.dimensions]:
                    return ", ".join(names)
            case wire.Dataflow():
                return self._lost(given, earlier)
            case ReadingKey() | Grid() | Sheet():
                return cited.moved(given, earlier.content)
        return ""

    def _lost(self, given: wire.Dataflow, earlier: Artefact) -> str:
        """Name what a dataflow has no longer: its dimensions, or that its data are protected."""
        before = self._known.resolve("data_structure", earlier.content["structure"])
        now = self._known.resolve("data_structure", given.structure)
        assert before is not None and now is not None  # noqa: PT018, S101  # judged before
        names = [name["id"] for name in before.content["dimensions"]]
        if names != [name["id"] for name in now.content["dimensions"]]:
            return ", ".join(names)
        return "protection" if earlier.content.get("protection") and not given.protection else ""

    async def _members(self, number: int, given: AnyArtefact) -> None:
        """Write the codes of a list, or the mappings of a map."""
        if isinstance(given, wire.Codelist):
            await self._raw.execute(queries.FORGET_CODES, number)
            await self._raw.copy_records_to_table(
                "code",
                schema_name="observatory",
                columns=("codelist", "code", "position", "parent", "name_fr", "name_en"),
                records=[
                    (number, each.id, place, each.parent, each.name.fr, each.name.en)
                    for place, each in enumerate(given.codes)
                ],
            )
        elif isinstance(given, wire.CodeMap):
            await self._raw.execute(queries.FORGET_MAPPINGS, number)
            await self._raw.copy_records_to_table(
                "code_mapping",
                schema_name="observatory",
                columns=("code_map", "source", "target", "weight"),
                records=[
                    (number, each.source, each.target, each.weight) for each in given.mappings
                ],
            )

    async def _note(self, artefact: Artefact, number: int, *, created: bool) -> None:
        """Give a new flow its number, tell the feed, and know the artefact from now on."""
        key = (artefact.agency, artefact.id, artefact.version.major)
        numbers = dict(self._known.numbers)
        if artefact.kind == "dataflow" and key not in numbers:
            numbers[key] = await self._raw.fetchval(queries.NUMBER, *key)
        await feed.publish(
            self._session,
            entity="structure",
            entity_id=artefact.urn,
            kind="created" if created else "updated",
            payload={"kind": artefact.kind, "draft": artefact.version.is_draft},
        )
        (self.created if created else self.updated).append(artefact.urn)
        name = (artefact.kind, artefact.agency, artefact.id)
        others = [
            each for each in self._known.artefacts.get(name, ()) if each.version != artefact.version
        ]
        self._known = Catalogue(
            self._known.revision,
            self._agency,
            {**self._known.artefacts, name: (*others, replace(artefact, number=number))},
            numbers,
            {list_: codes for list_, codes in self._known.codes.items() if list_ != number},
        )
