"""Collector, Prometheus and Grafana: checked as files, their programs are not to be had here."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "observability"
FILES = sorted([*FOLDER.rglob("*.yaml"), *FOLDER.rglob("*.yml")])


class Strict(yaml.SafeLoader):
    """Refuses a key that is written twice, which YAML readers take for the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002  # yaml's signature
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"written twice: {keys}"
        return super().construct_mapping(node, deep)


def load(path: Path) -> Any:
    return yaml.load(path.read_text(), Loader=Strict)  # noqa: S506  # a SafeLoader


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_every_yaml_file_is_tidy(path: Path) -> None:
    text = path.read_text()
    assert load(path)
    assert "\t" not in text
    assert text.endswith("\n")
    assert all(line == line.rstrip() for line in text.splitlines())
    assert all(len(line) <= 100 for line in text.splitlines())


def test_the_collector_bounds_its_memory_first_and_keeps_every_error() -> None:
    collector = load(FOLDER / "collector.yaml")
    for pipeline in collector["service"]["pipelines"].values():
        assert pipeline["processors"][0] == "memory_limiter"
        assert pipeline["processors"][-1] == "batch"
    policies = collector["processors"]["tail_sampling"]["policies"]
    assert any(
        policy["type"] == "status_code" and policy["status_code"] == {"status_codes": ["ERROR"]}
        for policy in policies
    )


def test_the_collector_uses_exactly_what_it_declares() -> None:
    collector = load(FOLDER / "collector.yaml")
    for kind in ("receivers", "processors", "exporters"):
        used = {name for line in collector["service"]["pipelines"].values() for name in line[kind]}
        assert used == set(collector[kind])


def test_every_panel_asks_a_source_that_is_provisioned() -> None:
    sources = load(FOLDER / "grafana" / "datasources" / "vigie.yaml")["datasources"]
    known = {source["uid"] for source in sources}
    board = json.loads((FOLDER / "grafana" / "dashboards" / "vigie.json").read_text())
    assert board["panels"]
    for panel in board["panels"]:
        assert panel["description"], panel["title"]
        assert panel["datasource"]["uid"] in known
        for target in panel["targets"]:
            assert target["datasource"]["uid"] in known
            expression = target["expr"]
            assert expression.count("(") == expression.count(")")
            assert expression.count("{") == expression.count("}")


def test_every_panel_reads_the_metric_that_the_platform_emits() -> None:
    board = json.loads((FOLDER / "grafana" / "dashboards" / "vigie.json").read_text())
    kit = FOLDER.parents[1] / "shared" / "platformkit" / "otlp.py"
    named = re.findall(r'create_histogram\(\s*"([\w.]+)",\s*"(\w+)"', kit.read_text())
    emitted = {f"{name.replace('.', '_')}_seconds" for name, unit in named if unit == "s"}
    for panel in board["panels"]:
        for target in panel["targets"]:
            asked = set(re.findall(r"\b(\w+_seconds)_(?:bucket|count|sum)\b", target["expr"]))
            assert asked
            assert asked <= emitted
