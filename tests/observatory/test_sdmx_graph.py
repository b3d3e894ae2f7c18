"""What is derived from our structures, without a database."""

from datetime import UTC, datetime
from typing import Any

from observatory.sdmx import graph
from observatory.structures.catalogue import Artefact, Catalogue
from observatory.structures.versions import Version
from platformkit.i18n import Text

NOW = datetime(2026, 11, 27, tzinfo=UTC)
NAME = {"fr": "nom", "en": "name"}


def artefact(number: int, agency: str, **content: Any) -> Artefact:
    told = {"name": NAME, **content}
    return Artefact(number, "codelist", agency, "CL", Version(1, 0, 0), told, f"{number}", NOW)


def catalogue(*known: Artefact, **agencies: Text) -> Catalogue:
    return Catalogue(
        revision=1,
        agency="FR.HDF",
        artefacts={(each.kind, each.agency, each.id): (each,) for each in known},
        numbers={},
        agencies={name.replace("_", "."): text for name, text in agencies.items()},
    )


def test_an_agency_below_another_is_in_the_scheme_of_that_one() -> None:
    known = catalogue(
        artefact(1, "FR.HDF"), artefact(2, "FR.BRE"), artefact(3, "ILO"), FR_HDF=Text("Nord", "N")
    )
    nodes = graph.build(known).nodes
    schemes = {node.agency: node for node in nodes.values() if node.type == "agencyscheme"}
    assert {agency: [item.id for item in node.items] for agency, node in schemes.items()} == {
        "FR": ["BRE", "HDF"],
        "SDMX": ["ILO"],
    }
    bretagne, nord = schemes["FR"].items
    assert (bretagne.names["fr"], nord.names["fr"]) == ("FR.BRE", "Nord")
    lists = {node.agency: node.children for node in nodes.values() if node.type == "codelist"}
    assert lists["FR.HDF"] == (schemes["FR"].urn,)
    assert lists["ILO"] == (schemes["SDMX"].urn,)


def test_the_digest_of_a_scheme_of_agencies_changes_with_their_names_alone() -> None:
    def digest(number: int, text: str) -> str:
        made = graph.build(catalogue(artefact(number, "FR.HDF"), FR_HDF=Text(text, text)))
        (node,) = (each for each in made.nodes.values() if each.type == "agencyscheme")
        return node.digest

    assert digest(1, "Nord") == digest(2, "Nord") != digest(1, "Hauts-de-France")


def test_what_is_not_published_yet_is_no_node() -> None:
    draft = Artefact(0, "codelist", "HDF", "CL", Version(1, 0, 0), {"name": NAME})
    assert graph.build(catalogue(draft)).nodes == {}
