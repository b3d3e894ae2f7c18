"""Wire form of an indicator sheet: what its author writes."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from observatory.structures.key_schemas import Applicable, Citable
from observatory.structures.schemas import Names
from platformkit.wire import Day, Wire

Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"]+$", max_length=1000)]

Section = Literal[
    "CONTACT",
    "DATA_DESCR",
    "CLASS_SYSTEM",
    "COVERAGE_SECTOR",
    "STAT_CONC_DEF",
    "STAT_UNIT",
    "STAT_POP",
    "REF_AREA",
    "COVERAGE_TIME",
    "BASE_PER",
    "UNIT_MEASURE",
    "REF_PERIOD",
    "INST_MANDATE",
    "CONF",
    "REL_POLICY",
    "FREQ_DISS",
    "ACCESSIBILITY_CLARITY",
    "QUALITY_MGMNT",
    "RELEVANCE",
    "ACCURACY",
    "SAMPLING_ERR",
    "NONSAMPLING_ERR",
    "TIMELINESS_PUNCT",
    "COHER_COMPAR",
    "COMPAR_GEO",
    "COMPAR_TIME",
    "COHER_X_DOM",
    "COST_BURDEN",
    "DATA_REV",
    "STAT_PROCESS",
    "SOURCE_TYPE",
    "COLL_METHOD",
    "DATA_VALIDATION",
    "DATA_COMP",
    "ADJUSTMENT",
    "COMMENT_DSET",
]
"""Concepts of the Euro SDMX Metadata Structure, which SIMS has in common."""


class SourceNote(Wire):
    """What is known of a source beside what releases tell: addresses and dates (OWID Origin)."""

    table: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    attribution: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    url_main: Url | None = None
    url_download: Url | None = None
    date_published: Day | None = None
    date_accessed: Day | None = None


class Sheet(Citable):
    """What an indicator is, in words: its id is that of the indicator."""

    indicator: Applicable
    short_unit: Names
    description_short: Names
    description_key: Annotated[
        list[Names], Field(min_length=1, max_length=10, description="what a reader must know")
    ]
    description_processing: Names
    processing_level: Literal["minor", "major"]
    topics: Annotated[
        list[Annotated[str, StringConstraints(min_length=1, max_length=80)]], Field(max_length=10)
    ] = Field(default_factory=list)
    sections: Annotated[dict[Section, Names], Field(min_length=1)]
    sources: Annotated[list[SourceNote], Field(max_length=20)] = Field(default_factory=list)
