"""The README's pictures show what the product says today."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from commanding import course
from repository import ROOT

PICTURES = ROOT / "docs" / "pictures"


def drawing() -> ModuleType:
    spec = importlib.util.spec_from_file_location("draw_pictures", PICTURES / "draw.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


DRAW = drawing()


def said(folder: Path, command: str) -> str:
    ended = course(*command.split()[1:], cwd=folder, **DRAW.environment(folder))
    return f"{ended.stdout}{ended.stderr}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = DRAW.course(tmp_path_factory.mktemp("pictures"))
    return made


@pytest.fixture(scope="module")
def session(folder: Path) -> str:
    return str(DRAW.text_of(DRAW.drawn(DRAW.session(folder, said), "light")))


@pytest.fixture(scope="module")
def page(folder: Path, session: str) -> str:
    """What the session leads to: its page is of what was recorded."""
    assert session
    said(folder, DRAW.PAGE)
    return str(DRAW.words_of((folder / "feedback" / "4.5.html").read_text(encoding="utf-8")))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_terminal_says_what_it_says_today(theme: str, session: str) -> None:
    drawn = DRAW.text_of((PICTURES / f"terminal-{theme}.svg").read_text(encoding="utf-8"))
    assert drawn.splitlines() == session.splitlines(), (
        "the README shows another session than today's: run make pictures"
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_says_what_it_says_today(theme: str, page: str) -> None:
    kept = DRAW.told_in(PICTURES / f"page-{theme}.png")
    assert kept == page, "the README shows another page than today's: run make pictures"


def test_a_terminal_is_read_as_it_was_drawn() -> None:
    text = DRAW.Text("$ course submit\n  ✗ loop  0/4 <not right> & more\n\n  last")
    assert DRAW.text_of(DRAW.drawn(text, "dark")) == text.plain
