"""The documentation: its links lead somewhere, its map shows every package, and the files that it names exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from repository import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
MAP = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def links(page: Path) -> list[str]:
    """Return the addresses of a page's links that lead to files of this repository."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [to for to in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"\w+:", to)]


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{link}: there is no such file"
        assert not anchor or anchor in anchors(target), f"{link}: there is no such heading"


def test_every_page_is_listed() -> None:
    docs = ROOT / "docs"
    listed = {docs / link.partition("#")[0] for link in links(docs / "architecture.md")}
    assert [page.name for page in docs.glob("*.md") if page not in listed] == ["architecture.md"]


def test_the_map_shows_every_package() -> None:
    shown = set(re.findall(r"^\| `([\w/]+)` \|", MAP, re.MULTILINE))
    packages = (file.parent.relative_to(ROOT / "grader") for file in (ROOT / "grader").rglob("__init__.py"))
    rooms = {package.as_posix() for package in packages if len(package.parts) > 1 and package.name != "commands"}
    assert shown == rooms | {"cli", "server"}


def test_the_way_names_files_that_exist() -> None:
    named = re.findall(r"`(grader/[\w./]+)`", MAP)
    assert len(named) > 30
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_site_is_built_and_each_of_its_links_leads_somewhere(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "docs" / "site.py"), str(tmp_path)]
    built = subprocess.run(command, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    front = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert 'href="grading.html"' in front and 'href="docs/' not in front
    assert "course submit 4.1" in (tmp_path / "students.html").read_text(encoding="utf-8")
    # Nothing is loaded from elsewhere.
    assert not re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="https?:', front)


def test_the_hooks_before_a_commit_are_targets_of_make() -> None:
    (local,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert local["repo"] == "local"
    targets = re.findall(r"^(\w[\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for hook in local["hooks"]:
        command, target = hook["entry"].split()
        assert (command, hook["language"]) == ("make", "system") and target in targets
