"""Which level other people's machines give, imitated on this one: each says it, says what mends it, and nothing fails.

docs/threat-model.md has the same as a table.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest
from reachable import where_reachable
from repository import EVERYTHING, ROOT

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: only Linux locks a box", allow_module_level=True)

from grader.sandbox.choose import try_level

IMITATING = ROOT / "tests" / "support" / "imitating.py"
FOLDERS = [Path(sys.base_prefix), Path(sys.prefix), ROOT, Path(sysconfig.get_path("purelib"))]


@dataclass(frozen=True)
class Elsewhere:
    """A machine.

    Attributes:
        ways: how it is imitated.
        level: the best that it gives; empty for none at all.
        mend: a part of the line that brings back what is missing.
    """

    ways: str
    level: str
    mend: str = ""


CONTAINER = "--security-opt seccomp=unconfined"
NO_LANDLOCK = "lsm=landlock"
MACHINES = [
    # A container: its filter, its root, its /proc; and older filters.
    Elsewhere("container-root,unshare-eperm", "reduced", CONTAINER),
    Elsewhere("container-root,unshare-enosys", "reduced"),
    Elsewhere("nameless,unshare-eperm", "reduced", CONTAINER),
    Elsewhere("nameless,unshare-enosys", "reduced"),
    Elsewhere("proc-masked,nameless", "reduced", "systempaths=unconfined"),
    Elsewhere("nameless,unshare-eperm,no-landlock-eperm", "none", NO_LANDLOCK),
    # The same container, opened as its mend says.
    Elsewhere("container-root", "full"),
    # A kernel, and what it shows.
    Elsewhere("no-landlock", "none", NO_LANDLOCK),
    Elsewhere("nameless,no-landlock", "none", NO_LANDLOCK),
    Elsewhere("no-namespaces", "reduced", "user.max_user_namespaces"),
    Elsewhere("no-proc", "", "mount -t proc"),
    # What costs nothing.
    Elsewhere("proc-hidden", "full"),
    Elsewhere("proc-hidden,nameless", "full"),
    Elsewhere("small-shm", "full"),
    Elsewhere("small-shm,nameless", "full"),
    Elsewhere("nameless", "full"),
]
# Root's, where an ordinary user meets the same: by day his is enough.
BY_NIGHT = {"container-root,unshare-enosys", "no-landlock", "proc-hidden", "small-shm"}
TRIED = [machine for machine in MACHINES if EVERYTHING or machine.ways not in BY_NIGHT]


@pytest.fixture(scope="module", autouse=True)
def _here() -> None:
    if os.getuid() != 0:
        pytest.skip("NOT TESTED HERE: only root can imitate another machine")
    trial = try_level("full")
    if not trial.holds:
        pytest.skip(f"NOT TESTED HERE: this machine cannot lock a box: {trial.why}. {trial.mend}")


@pytest.fixture(scope="module")
def course() -> Iterator[Path]:
    """A course that any user can read, and hand in to."""
    with tempfile.TemporaryDirectory(prefix="course-elsewhere-") as folder:
        course = Path(folder)
        course.chmod(0o755)
        for name, exercise in product(("exercises", "solutions"), ("4.5", "4.6")):
            shutil.copytree(ROOT / name / exercise, course / name / exercise)
        shutil.copy(ROOT / "course.yaml", course)
        (course / "submissions").mkdir()
        (course / "submissions").chmod(0o777)
        yield course


def ran(course: Path, ways: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Whoever has no name has a folder of his own among the submissions.
    student = ways.replace(",", "-")
    command = [sys.executable, str(IMITATING), ways, sys.executable, "-m", "grader", *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COURSE_"))}
    environment |= {"PYTHONPATH": str(ROOT), "COURSE_STUDENT": student}
    return subprocess.run(
        where_reachable(command, FOLDERS), env=environment, cwd=course, capture_output=True, text=True, timeout=240
    )


@pytest.mark.parametrize("machine", TRIED, ids=lambda machine: machine.ways)
def test_doctor_says_which_level_this_is_and_what_mends_it(course: Path, machine: Elsewhere) -> None:
    done = ran(course, machine.ways, "doctor", "--lang", "en")
    words = " ".join(f"{done.stdout}{done.stderr}".split())
    assert done.returncode == (0 if machine.level else 4), words
    assert ("Submissions run at the level: " in words) == bool(machine.level)
    assert words.endswith(f"Submissions run at the level: {machine.level}") or not machine.level
    mends = words.partition("To fix this: ")[2]
    assert machine.mend in mends, words


@pytest.mark.parametrize(
    ("ways", "level", "exercise"),
    [
        ("container-root,unshare-eperm", "reduced", "4.6"),
        # What torch needs is there as well.
        ("small-shm,nameless", "full", "4.5"),
        ("nameless,unshare-eperm,no-landlock-eperm", "none", "4.6"),
    ],
)
def test_a_submission_is_judged_there(course: Path, ways: str, level: str, exercise: str) -> None:
    done = ran(course, ways, "submit", exercise, f"solutions/{exercise}/solution.py", "--json")
    report = json.loads(done.stdout)
    full_marks = report["max_score"]
    assert (done.returncode, report["score"], report["isolation"]) == (0, full_marks, level), done.stderr
