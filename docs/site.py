"""Builds the documentation as a site: the Markdown files of the repository, with links as the site has them."""

from __future__ import annotations

import posixpath
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
# Pages that are made of files outside of docs/.
ELSEWHERE = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "tests/courses/README.md": "courses.md",
}
DECISIONS = "decisions/index.md"
STUDENTS = "students.md"
_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
_CODE = re.compile(r"(^```.*?^```$|^    .*?$|`[^`\n]*`)", re.MULTILINE | re.DOTALL)


def main(target: Path) -> int:
    """Build the site into this folder; strictly, so that a link that leads nowhere is an error."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name, content in pages().items():
            path = folder / "docs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        for picture in (ROOT / "docs" / "pictures").glob("*.[sp][vn]g"):
            (folder / "docs" / "pictures").mkdir(exist_ok=True)
            shutil.copy(picture, folder / "docs" / "pictures")
        shutil.copy(ROOT / "mkdocs.yml", folder)
        command = [sys.executable, "-m", "zensical", "build", "--strict"]
        built = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if built.returncode:
            print(built.stdout, file=sys.stderr)
            return 1
        shutil.copytree(folder / "site", target, dirs_exist_ok=True)
    return 0


def pages() -> dict[str, str]:
    """Return the Markdown of each page of the site, by its path there."""
    paths = [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "docs").rglob("*.md"))]
    found = {page_of(path) or "": linked((ROOT / path).read_text("utf-8"), path) for path in (*ELSEWHERE, *paths)}
    students = section(found["index.md"], "For a student")
    return {**found, STUDENTS: f"# Hand in and read feedback\n\n{students}", DECISIONS: decisions()}


def linked(markdown: str, path: str) -> str:
    """Return Markdown with links as the site has them.

    Args:
        path: of its file in the repository; pages from elsewhere are at the top of the site.
    """
    at = posixpath.dirname(posixpath.relpath(path, "docs")) if path.startswith("docs/") else ""

    def replaced(match: re.Match[str]) -> str:
        picture, words, to = match.groups()
        name, mark, anchor = to.partition("#")
        if re.match(r"\w+:", to) or not name:
            return match[0]
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
        page = page_of(target)
        # What the site does not have is named, not linked.
        return words if page is None else f"{picture}[{words}]({posixpath.relpath(page, at or '.')}{mark}{anchor})"

    markdown = re.sub(r'(srcset|src)="docs/', r'\1="', markdown)
    parts = _CODE.split(markdown)
    return "".join(part if place % 2 else _LINK.sub(replaced, part) for place, part in enumerate(parts))


def page_of(target: str) -> str | None:
    """Return where the site has a file of the repository; None where it does not."""
    if target in ELSEWHERE:
        return ELSEWHERE[target]
    if target == "docs/decisions":
        return DECISIONS
    inside = target.startswith("docs/") and (ROOT / target).is_file()
    return target.removeprefix("docs/") if inside else None


def section(markdown: str, title: str) -> str:
    """Return what stands below a heading of the second level."""
    return re.split(r"^## ", markdown.partition(f"## {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def decisions() -> str:
    """Return a page that lists the decisions by their titles."""
    found = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    titles = [path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ") for path in found]
    lines = [f"- [{title}]({path.name})" for path, title in zip(found, titles, strict=True)]
    return "# Decisions\n\nWhy it is as it is, in the order in which it was decided.\n\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "site").absolute()))
