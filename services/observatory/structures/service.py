"""Finds structures by name, and says why one is refused."""

from observatory.structures.catalogue import Artefact, Catalogue, Flow, Indicator
from observatory.structures.schemas import Deprecated
from platformkit.errors import Conflict, Forbidden, Invalid, NotFound
from platformkit.i18n import Text


class DataflowUnknown(NotFound):
    """No dataflow has this id, or not in this version."""

    code = "dataflow-unknown"
    title = Text("Flux de données inconnu", "Unknown dataflow")
    detail = Text("Aucun flux {id}.", "No dataflow {id}.")


class IndicatorUnknown(NotFound):
    """No indicator has this id."""

    code = "indicator-unknown"
    title = Text("Indicateur inconnu", "Unknown indicator")
    detail = Text("Aucun indicateur {id}.", "No indicator {id}.")


class CodelistUnknown(NotFound):
    """No code list has this id, or not in this version."""

    code = "codelist-unknown"
    title = Text("Liste de codes inconnue", "Unknown code list")
    detail = Text(
        "Aucune liste {id} dans la version {version}.", "No list {id} in version {version}."
    )


class StructureInvalid(Invalid):
    """A structure breaks a rule of its kind, or refers to what does not exist."""

    code = "structure-invalid"
    title = Text("Structure invalide", "Invalid structure")


class ArtefactStable(Conflict):
    """A version without an extension never changes: publish a new version."""

    code = "artefact-stable"
    title = Text("Version stable", "Stable version")
    detail = Text(
        "{reference} est stable et son contenu diffère : publiez une nouvelle version.",
        "{reference} is stable and its content differs: publish a new version.",
    )


class ArtefactForeign(Forbidden):
    """What another agency maintains is read here, and changed there."""

    code = "artefact-foreign"
    title = Text("Artefact d’une autre agence", "Artefact of another agency")
    detail = Text(
        "{agency} le tient à jour : étendez-le sous votre propre agence.",
        "{agency} maintains it: extend it under your own agency.",
    )


class ArtefactUnknown(NotFound):
    """Our agency has no such artefact in that version."""

    code = "artefact-unknown"
    title = Text("Artefact inconnu", "Unknown artefact")
    detail = Text("Aucun {kind} {reference}.", "No {kind} {reference}.")


class ArtefactDraft(Conflict):
    """A draft may change or be left; only what is stable is deprecated."""

    code = "artefact-draft"
    title = Text("Projet", "Draft")
    detail = Text("{reference} n’est pas stable.", "{reference} is not stable.")


class ArtefactDeprecated(Conflict):
    """It was deprecated before, and stays so."""

    code = "artefact-deprecated"
    title = Text("Déjà déprécié", "Deprecated already")
    detail = Text("{reference} est déjà déprécié.", "{reference} is deprecated already.")


class VersionIncompatible(Conflict):
    """Codes or dimensions were removed without a new MAJOR version (semver 2, clause 8)."""

    code = "version-incompatible"
    title = Text("Version incompatible", "Incompatible version")
    detail = Text(
        "{reference} retire ou déplace {what} de {earlier} : il faut une version MAJEURE.",
        "{reference} removes or moves {what} of {earlier}: that takes a MAJOR version.",
    )


def flow_named(structures: Catalogue, name: str) -> Flow:
    """Return the newest stable version of a dataflow of our agency, or raise DataflowUnknown."""
    found = structures.flow(name)
    if found is None:
        raise DataflowUnknown(id=name)
    return found


def indicator_named(structures: Catalogue, name: str) -> Indicator:
    """Return the newest stable version of an indicator, or raise IndicatorUnknown."""
    found = structures.indicator(name)
    if found is None:
        raise IndicatorUnknown(id=name)
    return found


def codelist_named(
    structures: Catalogue, name: str, version: str, agency: str | None = None
) -> Artefact:
    """Return the version of a code list that is asked for, or raise CodelistUnknown."""
    found = structures.find("codelist", name, version, agency)
    if found is None:
        raise CodelistUnknown(id=name, version=version)
    return found


def deprecated(artefact: Artefact) -> Deprecated | None:
    """Say, in the language of the request, since when and why an artefact should not be used."""
    found = artefact.deprecation
    if found is None:
        return None
    return Deprecated(at=found.at.isoformat(), reason=found.reason(), replacement=found.replacement)


def warned(artefact: Artefact, flow: Artefact) -> dict[str, str]:
    """Return the header that tells programs of a deprecation (RFC 9745): the earlier of both."""
    found = [each.deprecation.at for each in (artefact, flow) if each.deprecation is not None]
    return {"deprecation": f"@{int(min(found).timestamp())}"} if found else {}
