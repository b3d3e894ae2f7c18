"""What is published together, or none of it: structures, and what reads their figures."""

from typing import Annotated, Any, Final

from pydantic import Field

from observatory.structures.grid_schemas import Grid
from observatory.structures.key_schemas import ReadingKey
from observatory.structures.schemas import (
    Codelist,
    CodeMap,
    ConceptScheme,
    Dataflow,
    DataStructure,
    Indicator,
    Kind,
)
from observatory.structures.sheet_schemas import Sheet
from platformkit.wire import Wire


class Structures(Wire):
    """Artefacts that are published together, or none of them."""

    agency: Annotated[
        str | None,
        Field(max_length=64, description="whose they are: only one’s own are published"),
    ] = None
    codelists: list[Codelist] = Field(default_factory=list, max_length=200)
    concept_schemes: list[ConceptScheme] = Field(default_factory=list, max_length=200)
    code_maps: list[CodeMap] = Field(default_factory=list, max_length=200)
    data_structures: list[DataStructure] = Field(default_factory=list, max_length=200)
    dataflows: list[Dataflow] = Field(default_factory=list, max_length=200)
    indicators: list[Indicator] = Field(default_factory=list, max_length=200)
    reading_keys: list[ReadingKey] = Field(default_factory=list, max_length=200)
    grids: list[Grid] = Field(default_factory=list, max_length=200)
    sheets: list[Sheet] = Field(default_factory=list, max_length=200)


AnyArtefact = (
    Codelist
    | ConceptScheme
    | CodeMap
    | DataStructure
    | Dataflow
    | Indicator
    | ReadingKey
    | Grid
    | Sheet
)
KINDS: Final[dict[type[Any], Kind]] = {
    Codelist: "codelist",
    ConceptScheme: "concept_scheme",
    CodeMap: "code_map",
    DataStructure: "data_structure",
    Dataflow: "dataflow",
    Indicator: "indicator",
    ReadingKey: "reading_key",
    Grid: "grid",
    Sheet: "sheet",
}
