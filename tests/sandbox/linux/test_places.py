"""What is kept from submissions, wherever it lies: each place is tried from inside a box that is really locked."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest
from grading import SECRET
from repository import EVERYTHING, HOSTILE, ROOT, copy_course

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: only Linux locks a box", allow_module_level=True)

from grader.core.run.observation import Run, RunStatus
from grader.sandbox.choose import BestBox, make_box, try_level
from grader.sandbox.closed import Place, Places, keep_closed
from grader.sandbox.linux import folders, levels
from grader.sandbox.linux.fork import ForkBox
from grader.sandbox.port import Requirement, SandboxUnavailable
from grader.sandbox.probe import asking, open_places

MAKERS: dict[str, Callable[[Places], levels.Level]] = {"full": levels.full, "reduced": levels.reduced}
# A folder and a file among the libraries that every box can read, and that no box needs.
FOLDER = Path(sysconfig.get_path("stdlib")) / "wsgiref"
CLASS = (Place("class", FOLDER), Place("neighbour", FOLDER / "util.py"))


@pytest.fixture(scope="module", autouse=True)
def _holds() -> None:
    for level in MAKERS:
        trial = try_level(level)
        if not trial.holds:
            pytest.skip(f"NOT TESTED HERE: this machine cannot lock a box: {trial.why}. {trial.mend}")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    keep_closed(lambda: ())


def asked(level: levels.Level, places: Places) -> Run:
    box = ForkBox([], level)
    try:
        return box.run(asking(places))
    finally:
        box.close()


@pytest.mark.parametrize("isolation", MAKERS)
def test_what_lies_among_libraries_is_read_where_nothing_hides_it_and_not_where_it_is_closed(isolation: str) -> None:
    open_level, closed_level = MAKERS[isolation](()), MAKERS[isolation](CLASS)
    open_run, closed_run = asked(open_level, CLASS), asked(closed_level, CLASS)
    assert open_run.status is closed_run.status is RunStatus.COMPLETED
    assert open_places(CLASS, open_run) == CLASS
    assert open_places(CLASS, closed_run) == ()


@pytest.mark.parametrize("isolation", MAKERS)
def test_its_neighbours_stay_readable(isolation: str) -> None:
    beside = (Place("class", FOLDER.parent / "xmlrpc" / "client.py"), Place("class", FOLDER.parent / "this.py"))
    assert open_places(beside, asked(MAKERS[isolation](CLASS), beside)) == beside


@pytest.mark.parametrize("isolation", MAKERS)
def test_a_file_that_comes_later_is_closed_too(isolation: str) -> None:
    # A database has its journal beside it, and only while it is written.
    later = (Place("gradebook", FOLDER / "grades.db"),)
    assert open_places(CLASS, asked(MAKERS[isolation](later), CLASS)) == ()


def test_a_place_is_closed_by_its_real_path(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(FOLDER)
    linked = (Place("class", tmp_path / "link"),)
    for make in MAKERS.values():
        assert open_places(CLASS, asked(make(linked), CLASS)) == ()


def test_a_level_at_which_a_place_can_be_read_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    # As where a mask is not laid: whatever the reason, the box is asked.
    full = levels.full
    monkeypatch.setattr(levels, "full", lambda _: full(()))
    keep_closed(lambda: CLASS)
    trial = try_level("full")
    assert (trial.holds, trial.mend) == (False, Requirement.ELSEWHERE.value)
    assert trial.why == f"submissions could read: class ({FOLDER}), neighbour ({FOLDER / 'util.py'})"
    best = BestBox()
    try:
        assert best.isolation == "reduced"
    finally:
        best.close()


def test_silence_is_no_answer() -> None:
    run = asked(levels.full(()), ())
    assert open_places(CLASS, run) == CLASS


@pytest.mark.parametrize("isolation", MAKERS)
def test_a_course_inside_pythons_own_folder_is_refused(isolation: str) -> None:
    with tempfile.TemporaryDirectory(dir=sys.prefix, prefix="course-") as course:
        keep_closed(lambda: [Place("course", Path(course))])
        with pytest.raises(SandboxUnavailable, match="lies in Python's own folder"):
            make_box(isolation)
        trial = try_level(isolation)
        assert not trial.holds and course in trial.why


@pytest.mark.parametrize("isolation", MAKERS)
def test_what_python_needs_cannot_be_closed_and_that_is_said(isolation: str) -> None:
    keep_closed(lambda: [Place("class", Path(sysconfig.get_path("stdlib")))])
    trial = try_level(isolation)
    assert not trial.holds and "Python needs what lies there" in trial.why


def test_an_environment_that_is_the_courses_own_folder_opens_only_what_python_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("bin", "lib", "solutions", "submissions"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    places = (Place("course", tmp_path), Place("class", tmp_path / "submissions"))
    wanted = [tmp_path / "bin", tmp_path / "lib"]
    assert [path for path in folders.needed() if path.is_relative_to(tmp_path)] == wanted
    assert [path for path in folders.by_entry(places) if path.is_relative_to(tmp_path)] == wanted


def test_nothing_of_the_system_is_open_but_programs_libraries_and_their_data() -> None:
    of_system = set(map(Path, ("/usr", "/usr/src", "/usr/local", "/usr/local/src", "/opt", "/etc", "/")))
    assert not of_system & set(folders.needed())
    assert not [path for path in folders.needed() if path.is_relative_to("/usr/src")]


# --- A whole course where images have it, and a student who knows ---

PYTHON = [sys.executable, "-m", "grader"]
# Where the system keeps what nobody runs, and what nobody needs.
BELOW_USR = ("/usr/src", "/usr/share/doc")
THIEF = (HOSTILE / "leak_course_among_libraries.py").read_text(encoding="utf-8")


def below(parent: str, script: list[str]) -> str:
    """Run a script in a copy of this course in `parent`/app, which only it sees, and return what it prints."""
    app = f"{parent}/app"
    lines = [
        f"mount -t tmpfs -o mode=0755 course {parent}",
        f"mkdir -p {app}/submissions/thief {app}/submissions/other",
        f"cp -r $COURSE/. {app}",
        f"cp {ROOT}/solutions/4.5/solution.py {app}/submissions/other/4.5.py",
        f"cp $THIEF {app}/submissions/thief/4.5.py",
        f"cd {app}",
        *script,
    ]
    with tempfile.TemporaryDirectory() as folder:
        thief, course = Path(folder) / "thief.py", copy_course(Path(folder) / "course")
        thief.write_text(THIEF.replace("<course>", app), encoding="utf-8")
        done = subprocess.run(
            ["unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec", "\n".join(lines)],
            env={**os.environ, "THIEF": str(thief), "COURSE": str(course), "COURSE_SECRET": SECRET},
            capture_output=True,
            text=True,
            timeout=240,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


root_only = pytest.mark.skipif(os.getuid() != 0, reason="only root can lay a course below /usr, in mounts of its own")


@root_only
@pytest.mark.parametrize(
    ("parent", "isolation"),
    list(product(BELOW_USR, MAKERS) if EVERYTHING else zip(BELOW_USR, MAKERS, strict=True)),
)
def test_nobody_gains_by_a_course_that_lies_below_usr(parent: str, isolation: str) -> None:
    grade = [*PYTHON, "grade", "submissions", "--only", "4.5", "--isolation", isolation, "-j", "1", "--json"]
    reports = json.loads(below(parent, [shlex.join(grade)]))["reports"]
    scores = {report["student"]: (report["score"], report["isolation"]) for report in reports}
    assert scores == {"thief": (0.0, isolation), "other": (8.0, isolation)}


@root_only
def test_the_environment_in_the_courses_folder_is_all_that_is_open_of_it() -> None:
    venv = ["mkdir .venv", f"mount --bind {shlex.quote(sys.prefix)} .venv"]
    doctor = shlex.join([".venv/bin/python", "-m", "grader", "doctor", "submissions", "--lang", "en"])
    words = below("/usr/share/doc", [*venv, doctor])
    assert "Submissions run at the level: full" in words
    for place in ("course (", "solutions (", "class (", "a student's file ("):
        assert words.count(f"{place}/usr/share/doc/app") == 2
