"""The route table: every operation found, nothing else, and no route left undecided."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.proxy.table import Route, Table, TableError, read
from tests.gateway.doors import item, operation


def route(template: str, method: str = "GET") -> Route:
    return Route("s", method, template, "/v1/s", "/v1", frozenset(), public=True, kind="read")


def table(*templates: str) -> Table:
    return Table([route(template) for template in templates])


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/v1/s/jobs", "/v1/s/jobs"),
        ("/v1/s/jobs/M1607", "/v1/s/jobs/{rome}"),
        ("/v1/s/jobs/é", "/v1/s/jobs/{rome}"),
        ("/v1/s/jobs/M1607/links", "/v1/s/jobs/{rome}/links"),
        ("/v1/s/jobs/all", "/v1/s/jobs/all"),
        ("/v1/s/jobs/all/links", "/v1/s/jobs/{rome}/links"),
        ("/v1/s/reports/7.pdf", "/v1/s/reports/{id}.pdf"),
        ("/v1/s/reports/7", None),
        ("/v1/s/reports/.pdf", None),
        ("/v1/s/jobs/", None),
        ("/v1/s/jobs/M1607/", None),
        ("/v1/s", None),
        ("/v1/s/jobs/M1607/links/x", None),
        ("/", None),
        ("", None),
    ],
)
def test_a_path_finds_its_template(path: str, template: str | None) -> None:
    found = table(
        "/v1/s/jobs",
        "/v1/s/jobs/{rome}",
        "/v1/s/jobs/{rome}/links",
        "/v1/s/jobs/all",
        "/v1/s/reports/{id}.pdf",
    ).find("GET", path)
    assert (found.template if found else None) == template


def test_a_method_of_the_parameter_is_found_beside_a_literal_without_it() -> None:
    both = Table([route("/a/{x}", "GET"), route("/a/b", "POST")])
    found = both.find("GET", "/a/b")
    assert found is not None
    assert found.template == "/a/{x}"
    assert both.allowed("/a/b") == ["GET", "HEAD", "POST"]
    assert both.allowed("/a/c") == ["GET", "HEAD"]
    assert both.allowed("/b") == []


segments = st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=3), min_size=1, max_size=4)
templates = st.lists(
    st.lists(st.sampled_from(["a", "b", "ab", "{x}"]), min_size=1, max_size=4), max_size=8
)


@given(templates, segments)
def test_a_path_is_found_exactly_when_some_template_matches_it(
    declared: list[list[str]], path: list[str]
) -> None:
    unique = sorted({"/" + "/".join(parts) for parts in declared})
    found = table(*unique).find("GET", "/" + "/".join(path))

    def matches(template: str) -> bool:
        parts = template.split("/")[1:]
        return len(parts) == len(path) and all(
            part in ("{x}", segment) for part, segment in zip(parts, path, strict=True)
        )

    candidates = [template for template in unique if matches(template)]
    assert (found is not None) is bool(candidates)
    if found is not None:
        assert found.template in candidates


def document(**paths: dict[str, object]) -> dict[str, object]:
    return {"paths": {path.replace("__", "/"): item for path, item in paths.items()}}


def test_the_prefix_of_the_service_is_what_is_rewritten() -> None:
    (found,) = read(
        document(__v1__s__jobs=item("s", "/v1/jobs", get=operation("s:read", "s:write")))
    )
    assert (found.prefix, found.replacement) == ("/v1/s", "/v1")
    assert (found.scopes, found.public) == (frozenset({"s:read", "s:write"}), False)
    (same,) = read(document(__sdmx__v2=item("s", "/sdmx/v2", get=operation())))
    assert (same.prefix, same.replacement, same.public) == ("", "", True)


@pytest.mark.parametrize(
    "undecided",
    [{}, {"security": []}, operation("s:read") | operation() | {"security": [{"o": ["s"]}]}],
)
def test_an_operation_neither_scoped_nor_public_stops_the_start(
    undecided: dict[str, object],
) -> None:
    with pytest.raises(TableError):
        read(document(__v1__s__jobs=item("s", "/v1/jobs", get=undecided)))


@pytest.mark.parametrize("kind", [None, "cheap"])
def test_an_operation_without_a_class_to_be_counted_in_stops_the_start(kind: str | None) -> None:
    unclassed = operation() | {"x-vigie-class": kind}
    with pytest.raises(TableError):
        read(document(__v1__s__jobs=item("s", "/v1/jobs", get=unclassed)))


def test_templates_that_differ_inside_a_parameter_stop_the_start() -> None:
    with pytest.raises(TableError):
        read({"paths": {"/v1/s/{a}": item("s", "/v1/{b}", get=operation())}})


def test_a_path_that_belongs_to_no_service_is_not_routed() -> None:
    assert read(document(__oauth2__token={"post": operation()})) == []


def test_the_same_operation_twice_stops_the_start() -> None:
    with pytest.raises(TableError):
        table("/a/{x}", "/a/{y}")
