"""Collector, Prometheus and Grafana: checked as files, their programs are not to be had here."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "observability"
KIT, GATEWAY = ROOT / "shared" / "platformkit", ROOT / "services" / "gateway"
LABELS = {"vigie_peer", "vigie_instance", "vigie_priority", "vigie_limits_policy", "vigie_cache"}
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


def board() -> Any:
    return json.loads((FOLDER / "grafana" / "dashboards" / "vigie.json").read_text())


def rules() -> list[Any]:
    groups = load(FOLDER / "rules" / "vigie.yaml")["groups"]
    return [rule for group in groups for rule in group["rules"]]


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
    panels = board()["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    for panel in panels:
        assert panel["description"], panel["title"]
        assert panel["datasource"]["uid"] in known
        for target in panel["targets"]:
            assert target["datasource"]["uid"] in known
            expression = target["expr"]
            assert expression.count("(") == expression.count(")")
            assert expression.count("{") == expression.count("}")


def emitted() -> set[str]:
    """Name what the platform emits as Prometheus does (OTLP, names with suffixes)."""
    asked = re.compile(r'(histogram|gauge|counter)\(\s*"([\w.]+)"')
    parts = {"histogram": ("_bucket", "_count", "_sum"), "gauge": ("",), "counter": ("_total",)}
    told = [path.read_text() for path in (*KIT.rglob("*.py"), *GATEWAY.rglob("*.py"))]
    found = [pair for text in told for pair in asked.findall(text)]
    seconds = {"http.server.request.duration", "vigie.loop.lag"}
    return {
        f"{name.replace('.', '_')}{'_seconds' if name in seconds else ''}{suffix}"
        for kind, name in found
        for suffix in parts[kind]
    }


def measured(expression: str) -> set[str]:
    """Find the metrics that an expression reads, but for those that a rule records."""
    return set(re.findall(r"\b(?:http_server|vigie)_\w+(?=[\[{)\s])", expression)) - LABELS


def test_every_panel_and_alert_reads_what_the_platform_emits() -> None:
    expressions = [target["expr"] for panel in board()["panels"] for target in panel["targets"]]
    expressions += [rule["expr"] for rule in rules()]
    for expression in expressions:
        assert measured(expression) or "vigie:" in expression
        assert measured(expression) <= emitted(), expression


def test_every_metric_of_ours_has_its_panel() -> None:
    shown = [target["expr"] for panel in board()["panels"] for target in panel["targets"]]
    told = set().union(*map(measured, shown))
    assert {name for name in emitted() if name.startswith("vigie_")} <= told


def test_every_alert_leads_to_its_page_and_its_panel() -> None:
    """O-M14."""
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    panels = {panel["id"] for panel in board()["panels"]}
    alerts = [rule for rule in rules() if "alert" in rule]
    assert len(alerts) > 8
    for alert in alerts:
        assert alert["labels"]["severity"] in {"page", "ticket"}
        page, _, heading = alert["annotations"]["runbook_url"].partition("#")
        titles = re.findall(r"^## (\w+)$", (ROOT / page).read_text(), re.MULTILINE)
        assert heading in map(str.lower, titles)
        shown = re.fullmatch(r"/d/vigie\?viewPanel=(\d+)", alert["annotations"]["dashboard"])
        assert shown
        assert int(shown[1]) in panels
        assert set(re.findall(r"vigie:[\w:]+", alert["expr"])) <= recorded


def test_the_budget_is_watched_in_two_windows_at_three_paces() -> None:
    """O-M13."""
    burn = re.compile(r"rate(\w+) > ([\d.]+) \* 0\.005 and \S+rate(\w+) > ([\d.]+) \* 0\.005")
    found = [
        burn.fullmatch(rule["expr"].replace("vigie:door_errors:ratio_", "", 1)) for rule in rules()
    ]
    paces = [one.groups() for one in found if one]
    assert paces == [("1h", "14.4", "5m", "14.4"), ("6h", "6", "30m", "6"), ("3d", "1", "6h", "1")]


def alertmanager() -> Any:
    return load(FOLDER / "alertmanager.yml")


def test_every_alert_reaches_a_receiver_by_its_severity_and_no_secret_is_written_there() -> None:
    config = alertmanager()
    routes = config["route"]["routes"]
    told = {route["matchers"][0]: route["receiver"] for route in routes}
    assert told == {'severity="page"': "page"}
    assert config["route"]["receiver"] == "ticket"
    assert [one["name"] for one in config["receivers"]] == ["page", "ticket"]
    named = {rule["alert"] for rule in rules() if "alert" in rule}
    for rule in config["inhibit_rules"]:
        for matcher in (*rule["source_matchers"], *rule["target_matchers"]):
            name, _, pattern = matcher.partition("=")
            assert name == "alertname"
            pattern = pattern.removeprefix("~").strip('"')
            assert any(re.fullmatch(pattern, alert) for alert in named), matcher
    text = (FOLDER / "alertmanager.yml").read_text()
    assert not re.search(r"^\s*(\w*(password|token|secret|_key)|url):", text, re.MULTILINE)


def test_prometheus_tells_the_alertmanager_of_the_same_profile() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    (told,) = load(FOLDER / "prometheus.yml")["alerting"]["alertmanagers"]
    ((target,),) = (one["targets"] for one in told["static_configs"])
    host, _, port = target.partition(":")
    (published,) = services[host]["ports"]
    assert published.endswith(f":{port}")
    assert services[host]["profiles"] == services["prometheus"]["profiles"]
    assert set(services[host]["networks"]) & set(services["prometheus"]["networks"])


def test_alertmanager_takes_its_configuration() -> None:
    amtool = shutil.which("amtool")
    if amtool is None:
        pytest.skip("amtool is of Debian's prometheus-alertmanager")
    checked = subprocess.run(
        [amtool, "check-config", str(FOLDER / "alertmanager.yml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_rules_fire_when_they_should_and_not_before() -> None:
    """O-M13: a burst, its end, a slow burn, a service that rests."""
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is of Debian's prometheus")
    played = subprocess.run(
        [promtool, "test", "rules", "vigie_test.yaml"],
        cwd=FOLDER / "rules",
        capture_output=True,
        text=True,
        check=False,
    )
    assert played.returncode == 0, played.stdout + played.stderr
