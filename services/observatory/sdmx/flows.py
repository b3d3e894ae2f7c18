"""Which dataflow a data query is about."""

from observatory.sdmx import identification
from observatory.sdmx.identification import ANY, Pattern
from observatory.structures.catalogue import Artefact, Catalogue, Flow
from platformkit.errors import NotFound, ProblemError
from platformkit.i18n import Text


class SdmxDataflowUnknown(NotFound):
    """No dataflow is meant by the context, agency, id and version of the address."""

    code = "sdmx-dataflow-unknown"
    title = Text("Aucun flux de données", "No dataflow")
    detail = Text(
        "Aucun flux de données n’a cette agence, cet identifiant et cette version.",
        "No dataflow has this agency, id and version.",
    )


class SdmxSeveralDataflows(ProblemError):
    """One answer holds the data of one dataflow (SDMX-REST lets a service answer 501)."""

    status = 501
    code = "sdmx-several-dataflows"
    title = Text("Plusieurs flux de données", "Several dataflows")
    detail = Text(
        "L’adresse désigne {count} flux ; demandez-en un à la fois : {flows}.",
        "The address means {count} dataflows; ask for one at a time: {flows}.",
    )


def resolve(structures: Catalogue, context: str, pattern: Pattern) -> Flow:
    """Return the one dataflow that is meant; of its versions the newest stable one.

    Raises SdmxDataflowUnknown, SdmxSeveralDataflows.
    """
    found: dict[int, Flow] = {}
    if context in {"dataflow", ANY}:
        for artefact in _matching(structures, "dataflow", pattern):
            flow = structures.flow_of(artefact)
            found.setdefault(flow.number, flow)
    if context == "datastructure":
        meant = {each.reference for each in _matching(structures, "data_structure", pattern)}
        for artefact in structures.listed("dataflow"):
            flow = structures.flow_of(artefact)
            if flow.structure.reference in meant:
                found.setdefault(flow.number, flow)
    if not found:
        raise SdmxDataflowUnknown
    if len(found) > 1:
        named = sorted(each.artefact.reference for each in found.values())
        raise SdmxSeveralDataflows(count=len(found), flows=", ".join(named[:10]))
    return next(iter(found.values()))


def _matching(structures: Catalogue, kind: str, pattern: Pattern) -> list[Artefact]:
    """Artefacts that a pattern names, the newest version first; any version is the newest."""
    return [
        artefact
        for version in pattern.versions
        for artefact in structures.listed(kind, version="+" if version == ANY else version)
        if (not pattern.agencies or artefact.agency in pattern.agencies)
        and (not pattern.ids or artefact.id in pattern.ids)
    ]


def named(text: str) -> Pattern:
    """Read the flow of an address of 1.x: `DF`, `AGENCY,DF` or `AGENCY,DF,1.0.0`."""
    parts = text.split(",")
    agency, resource, version, *_ = (parts if len(parts) > 1 else ["all", *parts]) + ["latest"]
    return identification.parse({"agency": agency, "resource": resource, "version": version}, "+")


def provides(flow: Flow, provider: str) -> bool:
    """Tell whether an address of 1.x means our data by their provider: our agency, or any."""
    agency = provider.partition(",")[0]
    return agency in {"all", ANY, flow.artefact.agency}


def digest(flow: Flow) -> str:
    """Say for entity tags what the structures of a flow are: it, its components and their lists."""
    lists = [each.codelist for each in flow.dimensions]
    lists += [each.codelist for each in flow.attributes if each.codelist is not None]
    return "/".join(each.sha256 for each in (flow.artefact, flow.structure, *lists))
