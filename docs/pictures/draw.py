"""Draws the README's pictures from the running product: a session in a terminal, and the page that it leads to.

make pictures. tests/test_pictures.py holds that they show what the product says today.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from html import unescape
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, DIMMED_MONOKAI, TerminalTheme
from rich.text import Text

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WIDTH = 100
SESSION = ("course submit 4.5", "course hint 4.5")
PAGE = "course feedback 4.5"
THEMES: dict[str, TerminalTheme] = {"light": DEFAULT_TERMINAL_THEME, "dark": DIMMED_MONOKAI}
DESCRIPTION = "Description"
# What the browser of the tests is called.
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def course(folder: Path) -> Path:
    """Make a course with the program of the demo that forgets to set the gradient to zero, as a student's own."""
    for name in ("exercises/4.5", "solutions/4.5"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "course.yaml", folder)
    (folder / "work").mkdir()
    shutil.copy(ROOT / "demo" / "not_zeroed.py", folder / "work" / "4.5.py")
    return folder


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of the pictures: of their width, in English, of a student who has no secret."""
    own = {"COLUMNS": str(WIDTH), "LANGUAGE": "en", "COURSE_STUDENT": "ali", "FORCE_COLOR": "1", "COURSE_SECRET": ""}
    return {**own, "XDG_CONFIG_HOME": str(folder / "no-config")}


def said(folder: Path, command: str) -> str:
    """Return what a command says in a terminal."""
    words = [sys.executable, "-m", "grader", *command.split()[1:]]
    own = {**os.environ, **environment(folder)}
    ended = subprocess.run(words, cwd=folder, env=own, capture_output=True, encoding="utf-8", check=False)
    return ended.stdout + ended.stderr


def session(folder: Path, say: Callable[[Path, str], str] = said) -> Text:
    """Return the whole session, with its colours."""
    shown = Text()
    for command in SESSION:
        shown.append("$ ", style="dim").append(f"{command}\n", style="bold")
        shown.append_text(Text.from_ansi(say(folder, command).rstrip())).append("\n\n")
    shown.rstrip()
    return shown


def drawn(shown: Text, theme: str) -> str:
    """Return a terminal as SVG that loads nothing."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(shown, soft_wrap=False)
    svg = console.export_svg(title="course", theme=THEMES[theme], unique_id=f"terminal-{theme}")
    return re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)


def text_of(svg: str) -> str:
    """Return the text of a terminal that was drawn."""
    lines: dict[str, str] = {}
    for line, words in re.findall(r'<text [^>]*clip-path="url\(#[\w-]+-line-(\d+)\)"[^>]*>(.*?)</text>', svg):
        lines[line] = lines.get(line, "") + unescape(words).replace("\xa0", " ")
    last = max(map(int, lines), default=-1)
    return "\n".join(lines.get(str(place), "").rstrip() for place in range(last + 1)).rstrip()


def words_of(html: str) -> str:
    """Return the words of a page, as a picture of it shows them."""
    body = re.sub(r"<(style|script|title)\b.*?</\1>", "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def told_in(picture: Path) -> str:
    """Return the words of the page that a picture was taken of; they are kept in it."""
    with Image.open(picture) as opened:
        return str(opened.info.get(DESCRIPTION, ""))


def small(picture: bytes) -> Image.Image:
    """Return a picture with the few colours that a page has, which takes a third of the room."""
    return (
        Image.open(io.BytesIO(picture))
        .convert("RGB")
        .quantize(128, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    )


def main() -> int:
    from playwright.sync_api import sync_playwright

    browser = next(path for name in BROWSERS if (path := shutil.which(name)))
    with tempfile.TemporaryDirectory() as place:
        folder = course(Path(place))
        shown = session(folder)
        said(folder, PAGE)
        page = folder / "feedback" / "4.5.html"
        description = PngInfo()
        description.add_itxt(DESCRIPTION, words_of(page.read_text(encoding="utf-8")), zip=True)
        with sync_playwright() as started:
            chromium = started.chromium.launch(executable_path=browser, args=["--no-sandbox"])
            for theme in THEMES:
                (HERE / f"terminal-{theme}.svg").write_text(drawn(shown, theme), encoding="utf-8")
                tab = chromium.new_page(color_scheme=theme, viewport={"width": 900, "height": 700})  # type: ignore[arg-type]
                tab.goto(page.as_uri())
                picture = small(tab.screenshot(full_page=True))
                picture.save(HERE / f"page-{theme}.png", optimize=True, pnginfo=description)
            chromium.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
