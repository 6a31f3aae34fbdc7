"""From a course's folder to a student's first verdict in a browser: once with a file, once by keyboard alone.

    python demo/server.py [FOLDER]     pictures go to FOLDER; pictures/ where nothing is said

A class is made from the course that is here, `course serve` is started, the teacher opens a link that is made for her,
and two students hand in what is wrong on purpose. Nothing is left behind but the pictures. Fails where a page says
something else than it should, or a verdict is another.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

from driving import Browser, driven  # noqa: E402 - a script, not a package

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ROSTER = "id,name,email\ns001,Gʻulom Karimov,\ns002,Malika Yusupova,\n"
WRONG = ROOT / "demo" / "not_zeroed.py"
TEACHERS_PAGES = {
    "/class/exercises/4.5": "an exercise and who shows what",
    "/class/people": "people",
    "/class/audit": "what was done",
    "/exercises/4.5": "an exercise as the teacher sees it",
    "/nothing": "a page that is not there",
}
HERE = {"COURSE_SECRET": "demo", "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}


class Show:
    """A browser whose steps are told, and of which pictures are taken."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.browser, self._folder, self._number = browser, folder, 0
        self.faults: list[str] = []

    def look(self, words: str, width: int = 1100, dark: bool = False) -> None:
        """Say what there is to see, and take a picture of it."""
        self._number += 1
        for theme in (False, True):
            self.browser.shape(width, 800, theme)
            found = self.browser.violations()
            if found:
                self.faults.append(f"{words}, {'dark' if theme else 'light'}: {', '.join(found)}")
        name = f"{self._number:02}-{words.replace(' ', '-')}.png"
        self.browser.look(self._folder / name, width=width, dark=dark)
        self.browser.shape(1100, 800)
        print(f"  {name}")

    def holds(self, *words: str) -> None:
        """Fail where the page does not say this."""
        shown = str(self.browser.run("document.body.innerText"))
        missing = [each for each in words if each not in shown]
        if missing or self.browser.errors:
            raise SystemExit(f"the page does not say {missing}, errors {self.browser.errors}; it says:\n{shown}")

    def enter(self, script: str) -> None:
        """Go by Tab to the element that the script says yes to, press Enter, and wait for the next page."""
        self.browser.tab_to(script)
        self.browser.run("window.before = 1")
        self.browser.press("Enter")
        self.browser.until("!window.before && document.readyState === 'complete'")


def make_course(folder: Path) -> Path:
    """Copy what is here, with a class of two."""
    course = folder / "course"
    course.mkdir()
    shutil.copy(ROOT / "course.yaml", course)
    for part in ("exercises", "solutions"):
        shutil.copytree(ROOT / part, course / part)
    (course / "roster.csv").write_text(ROSTER, encoding="utf-8")
    return course


@contextmanager
def serving(course: Path) -> Iterator[str]:
    """Serve it, and yield the teacher's link; at the end it must stop as it is told."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-P", "-m", "grader", "serve", "--lang", "en", "--port", port]
    with subprocess.Popen(
        command, cwd=course, env={**os.environ, **HERE}, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as server:
        assert server.stdout is not None
        try:
            base = next((line.split()[-1] for line in server.stdout if " at http://" in line), None)
            if base is None:
                raise SystemExit("course serve did not say where the course is")
            rest = threading.Thread(target=lambda: [print(f"  | {line.rstrip()}") for line in server.stdout or ()])
            rest.start()
            # It prints one itself at a terminal, and here is none.
            yield course_links(course, base, "--teacher", "Nodira Karimova").strip()
            server.send_signal(signal.SIGTERM)
            if server.wait(60) != 0:
                raise SystemExit("course serve did not end as it should")
            rest.join()
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGKILL)


def course_links(course: Path, base: str, *arguments: str) -> str:
    """Return what `course links` prints."""
    command = [sys.executable, "-P", "-m", "grader", "links", "--lang", "en", "--public-url", base, *arguments]
    return subprocess.run(
        command, cwd=course, env={**os.environ, **HERE}, capture_output=True, text=True, check=True
    ).stdout


def links(course: Path, base: str) -> dict[str, str]:
    """Return the personal link of each student."""
    return {row["student"]: row["link"] for row in csv.DictReader(io.StringIO(course_links(course, base)))}


def with_a_file(show: Show, link: str) -> None:
    """Come in, choose a file, and read the verdict."""
    browser = show.browser
    browser.open(link)
    show.look("a personal link")
    browser.click("main button")
    show.look("exercises")
    browser.open(link.partition("/link/")[0] + "/exercises/4.5")
    show.look("an exercise")
    browser.choose_file("#file", WRONG)
    begun = time.monotonic()
    browser.click("#hand-in button")
    show.look("handed in")
    browser.until("document.querySelector('.score')")
    print(f"  a verdict {time.monotonic() - begun:.1f} s after handing in; the first one starts torch")
    show.holds("Score: 4 of 8")
    show.look("a verdict")
    show.look("a verdict on a phone in the dark", width=390, dark=True)


def by_keyboard(show: Show, link: str) -> None:
    """Come in, paste a program, and read the verdict, with Tab and Enter alone."""
    browser = show.browser
    browser.open(link)
    show.enter("it.closest('main') && it.tagName === 'BUTTON'")
    show.enter("it.lang === 'uz'")
    show.look("exercises in Uzbek")
    show.enter("it.textContent.startsWith('4.5')")
    browser.tab_to("it.id === 'program'")
    browser.type(WRONG.read_text(encoding="utf-8") + "\n# mine\n")
    show.look("a program pasted by keyboard")
    begun = time.monotonic()
    show.enter("it.closest('#hand-in') && it.tagName === 'BUTTON'")
    browser.until("document.querySelector('.score')")
    print(f"  a verdict {time.monotonic() - begun:.1f} s after handing in, by keyboard alone")
    show.holds("Ball: 4 (jami 8)")
    show.look("a verdict in Uzbek")
    show.enter("it.closest('#hints') && it.tagName === 'BUTTON'")
    show.look("a hint")


def the_teacher(show: Show, link: str) -> None:
    """Open the teacher's link, and see the class."""
    show.browser.open(link)
    show.enter("it.closest('main') && it.tagName === 'BUTTON'")
    show.holds("Gʻulom Karimov", "Malika Yusupova")
    show.look("the class")
    show.enter("it.tagName === 'A' && it.textContent.includes('Karimov')")
    show.look("one student")
    base = link.partition("/link/")[0]
    for path, words in TEACHERS_PAGES.items():
        show.browser.open(base + path)
        show.look(words)


def main() -> int:
    pictures = Path(sys.argv[1] if len(sys.argv) > 1 else "pictures").resolve()
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        print("there is no Chromium; install it with: apt-get install chromium", file=sys.stderr)
        return 1
    pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        course = make_course(Path(folder))
        print("$ course serve", flush=True)
        with serving(course) as teacher:
            found = links(course, teacher.partition("/link/")[0])
            with driven(browser, Path(folder)) as seen:
                show = Show(seen, pictures)
                print("A student hands in a file:")
                with_a_file(show, found["s001"])
                print("Another one has no mouse:")
                by_keyboard(show, found["s002"])
                print("The teacher opens her link:")
                the_teacher(show, teacher)
                print("\n".join(["axe-core finds:", *show.faults]) if show.faults else "axe-core finds nothing.")
    if show.faults:
        return 1
    print(f"\nTwo verdicts, all as expected. Pictures: {pictures}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
