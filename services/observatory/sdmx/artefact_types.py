"""The types of artefacts of SDMX-REST, and which of them are held here."""

from typing import Final

CLASSES: Final = {
    "agencyscheme": "base.AgencyScheme",
    "codelist": "codelist.Codelist",
    "conceptscheme": "conceptscheme.ConceptScheme",
    "dataflow": "datastructure.Dataflow",
    "datastructure": "datastructure.DataStructure",
    "representationmap": "structuremapping.RepresentationMap",
}
"""What is held here, with its class in the information model."""

WITH_ITEMS: Final = frozenset({"agencyscheme", "codelist", "conceptscheme"})
"""Those of them whose items may be asked for by name."""

HELD_NOT: Final = frozenset(
    {
        "actualconstraint",
        "allowedconstraint",
        "attachmentconstraint",
        "categorisation",
        "categoryscheme",
        "categoryschememap",
        "conceptschememap",
        "contentconstraint",
        "customtypescheme",
        "dataconstraint",
        "dataconsumerscheme",
        "dataproviderscheme",
        "hierarchicalcodelist",
        "hierarchy",
        "hierarchyassociation",
        "metadataconstraint",
        "metadataflow",
        "metadataproviderscheme",
        "metadataprovisionagreement",
        "metadatastructure",
        "namepersonalisationscheme",
        "organisationschememap",
        "organisationunitscheme",
        "process",
        "provisionagreement",
        "reportingtaxonomy",
        "reportingtaxonomymap",
        "rulesetscheme",
        "structuremap",
        "structureset",
        "transformationscheme",
        "userdefinedoperatorscheme",
        "valuelist",
        "vtlmappingscheme",
    }
)
"""Types of SDMX 3 and 2.1 of which there is nothing here."""

ALIASES: Final = {"organisationscheme": "agencyscheme"}
EVERY: Final = frozenset({"*", "all", "structure"})
"""Words for all types; the last one is that of SDMX-REST 1.x."""
