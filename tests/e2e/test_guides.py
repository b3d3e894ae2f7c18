"""The guides that promise to be played: run as they stand."""

import re
import shutil
from pathlib import Path

import pytest

from deploy.cluster import Cluster
from tests.e2e.machine import Machine
from tests.e2e.told import ROOT, play, run
from tests.ports import free_ports

GUIDES = ROOT / "docs" / "api"
TYPESCRIPT = ROOT / "clients" / "typescript"
needs_node = pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not on this machine")
BUILDING = """\
npm --prefix clients/typescript ci --no-audit --no-fund --silent
npm --prefix clients/typescript run -s build"""
BUILT = TYPESCRIPT / "dist" / "example" / "backend.js"
BROWSE = """
test -z "{browser}" || "{browser}" --headless --no-sandbox --disable-gpu --dump-dom \\
  --virtual-time-budget=8000 --user-data-dir=$W/profile \\
  "http://localhost:{port}/page.html?door=$V&key=$(field $W/key.json key)&rome=M1805" \\
  2>/dev/null > {seen}
kill $SERVER
"""

TOLD = [
    ROOT / "README.md",
    *sorted(GUIDES.glob("*.md")),
    *(GUIDES.parent / "operations").glob("*.md"),
]
JSON = re.compile(r"```json\n.*?```", re.DOTALL)
USED = re.compile(r"\$\{?([A-Z]\w*)")
MADE = re.compile(r"(?:^|[\s;({])([A-Z]\w*)(?==)|\b(?:for|read -r) ((?:[A-Z]\w* ?)+)")
FROM_OUTSIDE = {"PWD", "VIGIE_DATA"}


@pytest.mark.parametrize("guide", TOLD, ids=lambda guide: str(guide.relative_to(ROOT)))
def test_a_guide_says_what_its_variables_are_before_it_uses_them(guide: Path) -> None:
    text = JSON.sub("", guide.read_text())
    made: dict[str, int] = {}
    for found in MADE.finditer(text):
        for name in (found[1] or found[2]).split():
            made.setdefault(name, found.start())
    used = [one for one in USED.finditer(text) if one[1] not in FROM_OUTSIDE]
    assert not {one[1] for one in used if made.get(one[1], len(text)) > one.start()}


@pytest.mark.parametrize("guide", ["observatory-calendar", "observatory-charts", "programme"])
def test_no_request_of_a_guide_is_refused(machine: Machine, guide: str) -> None:
    """What the calendar announces for 2027 is still to come when this runs later."""
    play(machine, GUIDES / f"{guide}.md", ("2027-01-", "2099-01-"))


@needs_node
def test_a_first_page(machine: Machine, tmp_path: Path) -> None:
    """The keys are revoked last: the page is looked at before.

    What the guide builds holds `test/unknown.ts`, which the contract must not let compile.
    """
    port, seen = str(free_ports(1)[0]), tmp_path / "seen.html"
    browser = shutil.which("chromium") or shutil.which("google-chrome") or ""
    look = BROWSE.format(browser=browser, port=port, seen=seen)
    revoking = "for ID in"
    said = run(machine, GUIDES / "first-page.md", ("5173", port), (revoking, look + revoking))
    assert "access-control-max-age: 86400" in said[2].lower()
    assert f"access-control-allow-origin: http://localhost:{port}" in said[2].lower()
    assert said[-2].split() == ["204", "204"]
    if browser:
        page = seen.read_text()
        assert re.search(r"<h1>Développeur[^<]*</h1><p>Exposition[^<]*: 0,[0-9]+</p><li>R", page), (
            page
        )
        assert "Indisponible" not in page


@needs_node
def test_a_first_back_end(machine: Machine) -> None:
    """The two lines of npm are those of the first guide, which has run them already."""
    guide = (GUIDES / "first-back-end.md").read_text()
    once = f"test -f {BUILT} || {{ {BUILDING}\n}}"
    said = run(machine, GUIDES / "first-back-end.md", (BUILDING, once))
    shown = re.search(r"\n\n((?:    .*\n)+)", guide[guide.index("SIREN $W/cursor") :])
    assert shown
    lines = [line[4:] for line in shown[1].splitlines()]
    assert without_numbers(said[-2]) == without_numbers("\n".join(lines))


def test_a_facilitators_week(healed: tuple[Machine, Cluster]) -> None:
    """On a platform that nobody else plays on: figures are made once a day, of all there is."""
    said = run(healed[0], GUIDES / "facilitators-week.md")
    assert said[-3].split() == ["Done", "testing", "15"]  # reports in the archive


def without_numbers(text: str) -> list[str]:
    """Forget how many there are: other tests bring more."""
    return re.sub("[0-9]+", "n", text).split()


def test_the_guide_shows_the_code_that_runs() -> None:
    shown = re.search(r"```ts\n(.*?)```", (GUIDES / "first-page.md").read_text(), re.DOTALL)
    assert shown
    assert shown[1] == (TYPESCRIPT / "example" / "job.ts").read_text()


def test_a_university_proposes_and_the_region_publishes(machine: Machine) -> None:
    run(machine, GUIDES / "proposals.md")
