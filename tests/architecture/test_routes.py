"""Every route says who may call it, and every problem has one code, documented."""

import pytest
from fastapi import FastAPI

from deploy.problem_guide import GUIDE, guide, problem_types
from gateway import main as gateway
from platformkit import routes
from platformkit.errors import ProblemError
from tests import harness
from tests.harness import Database

PUBLIC = {
    "gateway": {
        "begin_sign_in",
        "finish_sign_in",
        "finish_sign_out",
        "sign_out",
        "introspect_token",
        "read_jwks",
        "read_metadata",
        "request_token",
        "revoke_token",
        "search_everything",
    },
    "diagnostic": {
        "download_programme_statistics",
        "download_shared_report",
        "list_opportunities",
        "list_statistics_days",
        "list_opportunity_versions",
        "read_opportunity_version",
        "read_opportunity",
        "read_programme_statistics",
        "read_shared_report_page",
        "search_opportunities",
    },
    "training": {
        "download_coverage",
        "download_coverage_figures",
        "download_export",
        "download_gaps",
        "download_territory_statistics",
        "list_coverage",
        "list_gaps",
        "list_territory_statistics",
        "read_coverage_structures",
        "read_coverage_summary",
        "list_certification_equivalences",
        "list_certification_organisations",
        "list_certification_succession",
        "list_certifications",
        "list_formations",
        "list_providers",
        "list_reference_concepts",
        "list_references",
        "list_thesis_campaigns",
        "list_thesis_grants",
        "read_certification",
        "read_certification_blocs",
        "read_certification_continuity",
        "read_export_losses",
        "read_expiry_notice",
        "read_formation",
        "read_import_keys",
        "read_formation_openings",
        "read_formation_duplicates",
        "read_formation_habilitation",
        "read_formation_quality",
        "read_certification_description",
        "read_certification_habilitation",
        "read_certification_quality",
        "read_proposal_preview",
        "read_job_transitions",
        "read_provider",
        "read_formation_skills",
        "read_session_capacity",
        "read_reference_concept",
        "read_rome_job",
        "recommend_courses",
        "read_thesis_campaign",
        "read_thesis_grant",
        "read_bloc_badge",
        "read_certification_badge",
        "read_certification_in_elm",
        "read_certification_in_schema_org",
        "read_formation_in_elm",
        "read_formation_in_schema_org",
        "read_session_in_schema_org",
        "list_oeapi_course_offerings_of_organisation",
        "list_oeapi_courses",
        "list_oeapi_courses_of_organisation",
        "list_oeapi_courses_of_programme",
        "list_oeapi_learning_outcomes",
        "list_oeapi_offerings_of_course",
        "list_oeapi_offerings_of_programme",
        "list_oeapi_organisations",
        "list_oeapi_programme_offerings_of_organisation",
        "list_oeapi_programmes",
        "list_oeapi_programmes_of_organisation",
        "read_oeapi_course",
        "read_oeapi_course_offering",
        "read_oeapi_learning_outcome",
        "read_oeapi_organisation",
        "read_oeapi_programme",
        "read_oeapi_programme_offering",
        "read_oeapi_service",
        "search",
    },
    "observatory": {
        "aggregate_indicator_data",
        "convert_indicator_data",
        "compute_method",
        "discover_agencies",
        "discover_agencies_by_agency",
        "discover_apis",
        "discover_apis_by_release",
        "discover_catalogs",
        "discover_catalogs_by_agency",
        "discover_catalogs_by_resource",
        "discover_catalogs_by_version",
        "discover_services",
        "discover_services_by_agency",
        "discover_services_by_resource",
        "discover_services_by_version",
        "assess_unit",
        "cite_grid",
        "cite_key",
        "cite_sheet",
        "list_sheets",
        "read_indicator_sheet",
        "read_indicator_sheet_page",
        "read_sheet",
        "download_assessments",
        "list_assessments",
        "list_grids",
        "read_grid",
        "list_keys",
        "read_class",
        "read_key",
        "download_calendar",
        "download_programme_entries",
        "download_programme_kpis",
        "download_programme_standing",
        "download_indicator_data",
        "download_kit",
        "download_release",
        "draw_indicator_chart",
        "follow_link",
        "follow_releases",
        "list_announcements",
        "list_codes",
        "list_dataflows",
        "list_emergence_backtests",
        "list_emergence_signals",
        "list_emergence_sources",
        "list_datasets",
        "list_exposure_cells",
        "list_family_exposures",
        "list_territory_jobs",
        "list_family_shifts",
        "list_indicators",
        "list_job_exposures",
        "list_jobs",
        "list_kit_installations",
        "list_kits",
        "list_methods",
        "list_milestones",
        "list_node_certificates",
        "list_nodes",
        "list_programme_entries",
        "list_programme_events",
        "list_programmes",
        "list_reading_grids",
        "list_reading_keys",
        "list_reference_releases",
        "list_releases",
        "list_rollup_cells",
        "list_rollup_runs",
        "list_rollups",
        "list_sector_exposures",
        "list_sector_routes",
        "list_sectors",
        "list_specialisations",
        "list_territories",
        "list_territory_indicators",
        "negotiate_catalogue",
        "negotiate_dataset",
        "query_sdmx_availability",
        "query_sdmx_availability_by_context",
        "query_sdmx_availability_by_agency",
        "query_sdmx_availability_by_resource",
        "query_sdmx_availability_by_version",
        "query_sdmx_availability_by_key",
        "query_sdmx_availability_by_component",
        "query_sdmx_availability_v1",
        "query_sdmx_availability_v1_by_key",
        "query_sdmx_availability_v1_by_provider",
        "query_sdmx_availability_v1_by_component",
        "query_sdmx_data",
        "query_sdmx_data_by_context",
        "query_sdmx_data_by_agency",
        "query_sdmx_data_by_resource",
        "query_sdmx_data_by_version",
        "query_sdmx_data_by_key",
        "query_sdmx_data_v1",
        "query_sdmx_data_v1_by_key",
        "query_sdmx_data_v1_by_provider",
        "read_announcement",
        "read_catalogue",
        "read_dataset",
        "read_dataset_for_learning",
        "read_dataset_for_the_web",
        "read_exposure_cells_as_csv",
        "read_exposure_change",
        "read_exposure_range",
        "read_job",
        "read_job_exposure",
        "read_emergence_method",
        "read_emergence_signal",
        "read_job_mobilities",
        "read_conformance_report",
        "read_kit",
        "read_kit_installation",
        "read_kit_key",
        "read_kit_yanks",
        "read_link",
        "read_method",
        "read_node",
        "read_rollup",
        "resolve_urn",
        "read_dataflow",
        "read_disclosure_policy",
        "read_programme",
        "read_programme_kpis",
        "read_programme_standing",
        "read_release",
        "read_sdmx_2_1_structures",
        "read_sdmx_2_1_structures_by_agency",
        "read_sdmx_2_1_structures_by_item",
        "read_sdmx_2_1_structures_by_resource",
        "read_sdmx_2_1_structures_by_version",
        "read_sdmx_metadata",
        "read_sdmx_metadata_by_part_1",
        "read_sdmx_metadata_by_part_2",
        "read_sdmx_metadata_by_part_3",
        "read_sdmx_metadata_by_part_4",
        "read_sdmx_metadata_by_part_5",
        "read_sdmx_registrations",
        "read_sdmx_registrations_by_part_1",
        "read_sdmx_registrations_by_part_2",
        "read_sdmx_registrations_by_part_3",
        "read_sdmx_registrations_by_part_4",
        "read_sdmx_registrations_by_part_5",
        "read_sdmx_structures",
        "read_sdmx_structures_by_agency",
        "read_sdmx_structures_by_item",
        "read_sdmx_structures_by_resource",
        "read_sdmx_structures_by_type",
        "read_sdmx_structures_by_version",
        "read_sdmx_schema",
        "read_sdmx_schema_by_version",
        "read_sdmx_schema_v1",
        "read_sdmx_schema_v1_by_version",
        "read_sector",
        "read_sector_exposure",
        "read_territory",
        "read_territory_exposure",
        "replay_method",
        "search_names",
        "trace_figure",
        "download_study",
        "read_study",
        "read_study_data",
        "read_study_index",
        "read_study_page",
        "read_study_rules",
    },
}
"""Routes that anybody may call; a new one is a decision, made by adding it here."""

OWNED = {"gateway": {"overviews"}}
"""Families of scopes that a service has beside the one of its own name."""


@pytest.fixture(scope="module", params=PUBLIC)
def app(request: pytest.FixtureRequest, database: Database) -> FastAPI:
    if request.param == "gateway":
        return gateway.own_app(harness.settings(database, "gateway"))
    return harness.application(database, request.param)


def test_every_route_has_scopes_or_is_listed_as_public(app: FastAPI) -> None:
    public = set()
    for route in routes.routes(app):
        document = app.openapi()["paths"][route.path_format]
        for method in route.methods or ():
            operation = document[method.lower()]
            if operation.get("x-public"):
                public.add(route.name)
                assert operation["security"] == []
            else:
                scopes = [scope for need in operation["security"] for scope in need["oauth2"]]
                assert scopes, f"{method} {route.path_format} lets anybody with a token in"
                owners = OWNED.get(app.state.service, set()) | {app.state.service}
                assert {scope.partition(":")[0] for scope in scopes} <= owners
    assert public == PUBLIC[app.state.service]


def test_every_route_documents_itself(app: FastAPI) -> None:
    for path, operations in app.openapi()["paths"].items():
        for method, operation in operations.items():
            where = f"{method} {path}"
            assert operation.get("description"), where
            assert operation["operationId"].count("__") == 0, where
            assert "500" in operation["responses"], where


def test_every_route_takes_the_query_parameters_that_it_documents(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    for route in routes.routes(app):
        for method in route.methods or ():
            told = paths[route.path_format][method.lower()].get("parameters", [])
            named = {one["name"] for one in told if one["in"] == "query"}
            assert routes.query_parameters(route) == named, f"{method} {route.path_format}"


def test_every_problem_has_a_code_of_its_own() -> None:
    seen: dict[str, type[ProblemError]] = {}
    for kind in problem_types():
        if "code" not in vars(kind):
            continue
        assert kind.code not in seen, f"{kind} and {seen[kind.code]} share a code"
        seen[kind.code] = kind
        assert kind.code == kind.code.lower().replace("_", "-").replace(" ", "-")


def test_every_problem_speaks_both_languages_and_is_in_the_guide() -> None:
    assert GUIDE.read_text() == guide(), "run `make openapi`"
    for kind in problem_types():
        assert kind.__doc__, kind
        assert kind.title.fr, kind
        assert kind.title.en, kind
