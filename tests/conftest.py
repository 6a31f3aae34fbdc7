"""What several tests share: the course of this repository, and a cache of references that one run fills once."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import commanding
import golden_scores
import hypothesis
import pytest
from driving import Browser, started
from repository import EVERYTHING, changed_for_all, copy_course

from grader.actions.author.new_course import new_course

# jsonschema makes 38 parsers for a format that no schema here has; every worker would wait for that.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
collect_ignore_glob = ["graded_before/*"]
# Until all is collected: it is a quarter of the time of importing hundreds of files, and finds nothing.
gc.disable()
_MODULES = count()
# What hypothesis tries by itself where a test says no number: 100 at night.
hypothesis.settings.register_profile("day", max_examples=40)
hypothesis.settings.load_profile("default" if EVERYTHING else "day")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write what golden submissions get into their files")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if not config.getoption("--accept"):
        return
    told = [
        pair for each in terminalreporter.getreports("passed") if each.when == "call" for pair in each.user_properties
    ]
    moved = golden_scores.freeze(dict(value for name, value in told if name == "given"))
    terminalreporter.section("accepted")
    for line in [str(value) for name, value in told if name == "accepted"]:
        terminalreporter.write_line(line)
    for name in moved:
        terminalreporter.write_line(f"{name}: {golden_scores.RAISE}")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    # What is imported by now stays: to look through it again and again took an eighth of the time of fast tests.
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's language, name, secret and cache out of the tests, and theirs out of the user's."""
    base = tmp_path_factory.getbasetemp()
    # With pytest-xdist each worker has a folder of its own below a common one.
    common = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with pytest.MonkeyPatch.context() as patch:
        for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG", "COURSE_SECRET", "PYTEST_ADDOPTS"):
            patch.delenv(name, raising=False)
        patch.setenv("COURSE_STUDENT", "s001")
        patch.setenv("COURSE_CACHE", str(common / "course-cache"))
        patch.setenv("XDG_CONFIG_HOME", str(base / "no-config"))
        patch.setenv("PYTHONUTF8", "1")
        commanding.with_warm_boxes()
        yield
        assert not changed_for_all(), "a test has changed programs that all copies of the course share"


@pytest.fixture(scope="module", autouse=True)
def _own_secret(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep a secret that one module makes out of the next: what is shown depends on whether there is one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.getbasetemp() / f"no-config-{next(_MODULES)}"))
        yield


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a copy of this repository's course that a test may change."""
    return copy_course(tmp_path / "course")


@pytest.fixture(scope="session")
def tiny_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what `course init` writes; a test that changes it copies it first."""
    root = tmp_path_factory.mktemp("tiny") / "tiny"
    new_course(root, ["en", "uz"], None)
    return root


@pytest.fixture(scope="session")
def new_tab(browser: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Browser]]:
    with started(browser, tmp_path_factory.mktemp("browser")) as new_tab:
        yield new_tab


@pytest.fixture
def tab(new_tab: Callable[[], Browser]) -> Iterator[Browser]:
    """Return a tab of the one browser that all tests share; it has no cookies yet."""
    with closing(new_tab()) as tab:
        yield tab


@pytest.fixture(scope="session")
def browser() -> str:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        warnings.warn("no Chromium: nobody has looked at the pages; apt-get install chromium", stacklevel=1)
        pytest.skip("Chromium is not installed")
    return found
