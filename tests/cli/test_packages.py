"""What `course doctor` says of packages."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from grader.cli.printing import packages
from grader.cli.printing.packages import packages_told

COURSE = """\
format_version: 1
id: deep-learning
title: {en: Course}
languages: [en]
lectures: []
"""
INSTALLED = {"numpy": "2.4", "torch": "2.13", "pandas": "3.1"}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def version(name: str) -> str:
        if name not in INSTALLED:
            raise PackageNotFoundError(name)
        return INSTALLED[name]

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(packages, "version", version)
    return tmp_path


def test_the_packages_of_the_course_are_listed_and_what_is_missing(here: Path) -> None:
    (here / "course.yaml").write_text(f"{COURSE}packages: [pandas, tqdm]\n", encoding="utf-8")
    assert list(packages_told()) == [
        "Programs may import what course.yaml allows (packages):",
        "  ✓ numpy 2.4",
        "  ✓ torch 2.13",
        "  ✓ pandas 3.1",
        "  ✗ tqdm is not installed",
    ]


def test_where_no_course_names_any_the_usual_ones_are_looked_for(here: Path) -> None:
    told = list(packages_told())
    assert told[0].startswith("Programs may import whatever is installed here")
    assert told[1:4] == ["  ✓ numpy 2.4", "  ✓ torch 2.13", "  ✗ matplotlib is not installed"]


def test_a_course_file_that_is_not_right_does_not_keep_it_from_telling(here: Path) -> None:
    (here / "course.yaml").write_text("packages: [", encoding="utf-8")
    assert len(list(packages_told())) > 2
