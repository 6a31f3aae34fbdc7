"""Pages as a browser sees them: their elements, and a headless Chromium to look at them."""

from __future__ import annotations

import json
import os
import subprocess
from html.parser import HTMLParser
from pathlib import Path

from driving import Browser

HOSTILE = "\"'></title></style></svg><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}$x$"
EMPTY_ELEMENTS = {"meta", "link", "img", "br", "input"}


class Parsed(HTMLParser):
    """The elements of a page, its text, and the cells of each line of a table."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.lines: list[list[str]] = []
        # Which of these lines are in the table of all grades.
        self.grades: list[list[str]] = []
        self.in_grades = False
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in EMPTY_ELEMENTS:
            self.open.append(tag)
        if tag == "table":
            self.in_grades = "grades" in (dict(attrs).get("class") or "").split()
        if tag == "tr":
            self.lines.append([])
            if self.in_grades:
                self.grades.append(self.lines[-1])
        if tag in ("th", "td"):
            self.lines[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data
        if "td" in self.open or "th" in self.open:
            self.lines[-1][-1] += data

    def attributes(self, name: str) -> list[str]:
        return [attributes[name] for _, attributes in self.elements if name in attributes]

    def line(self, start: str) -> list[str]:
        """Return the last line whose first cell is this one, in the table of all grades where it is there."""
        return [cells for cells in (*self.lines, *self.grades) if cells and cells[0].strip() == start][-1]


def look(browser: str, folder: Path, *arguments: str) -> str:
    """Run the browser without a window and return what it prints."""
    command = [browser, "--headless", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder / 'profile'}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--no-sandbox")
    ended = subprocess.run([*command, *arguments], capture_output=True, encoding="utf-8", timeout=120, check=True)
    return ended.stdout


MEASURE = """<!DOCTYPE html><html><body>
<script>
const found = {}, widths = WIDTHS;
for (const width of widths) {
 const page = document.createElement("iframe");
 page.style = `width: ${width}px; height: 900px; border: 0`;
 page.onload = () => {
  const inside = page.contentDocument, root = inside.documentElement;
  for (const details of inside.querySelectorAll("details")) details.open = true;
  const seen = [...inside.querySelectorAll("main *")].filter(element => !element.closest(".scroll, .source > *, svg"));
  const widest = Math.max(...seen.map(element => element.getBoundingClientRect().right));
  const tables = [...inside.querySelectorAll(".scroll")].some(box => box.scrollWidth > box.clientWidth);
  found[width] = {page: root.scrollWidth, widest, window: root.clientWidth, tables, scripts: inside.scripts.length};
  if (Object.keys(found).length === widths.length) document.title = "measured " + JSON.stringify(found);
 };
 page.srcdoc = PAGE;
 document.body.append(page);
}
</script></body></html>"""


def measured(tab: Browser, folder: Path, text: str, *widths: int) -> dict[int, dict[str, float]]:
    """Return how wide the page is in frames of these widths; a frame can be narrower than any window."""
    wrapper = folder / "measure.html"
    content = json.dumps(text).replace("<", "\\u003c")
    wrapper.write_text(MEASURE.replace("WIDTHS", str([*widths])).replace("PAGE", content), encoding="utf-8")
    tab.open(wrapper.as_uri())
    tab.until("document.title.startsWith('measured ')")
    found = json.loads(str(tab.run("document.title")).removeprefix("measured "))
    return {int(width): each for width, each in found.items()}
