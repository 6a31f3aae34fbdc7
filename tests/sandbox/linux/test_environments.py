"""Which level other people's machines give, imitated on this one: each says it, says what mends it, and nothing fails.

docs/threat-model.md has the same as a table.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest
from reachable import where_reachable
from repository import ROOT

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: only Linux locks a box", allow_module_level=True)

from grader.sandbox.choose import try_level

IMITATING = ROOT / "tests" / "support" / "imitating.py"
FOLDERS = [Path(sys.base_prefix), Path(sys.prefix), ROOT, Path(sysconfig.get_path("purelib"))]
SOLUTION = ROOT / "solutions" / "4.5" / "solution.py"


@dataclass(frozen=True)
class Elsewhere:
    """A machine.

    Attributes:
        ways: how it is imitated.
        level: the best that it gives.
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
    # A kernel.
    Elsewhere("no-landlock", "none", NO_LANDLOCK),
    Elsewhere("nameless,no-landlock", "none", NO_LANDLOCK),
    Elsewhere("no-namespaces", "reduced", "user.max_user_namespaces"),
    # What costs nothing.
    Elsewhere("proc-hidden", "full"),
    Elsewhere("proc-hidden,nameless", "reduced", "hidepid=0"),
    Elsewhere("small-shm", "full"),
    Elsewhere("small-shm,nameless", "full"),
    Elsewhere("nameless", "full"),
]


@pytest.fixture(scope="module", autouse=True)
def _here() -> None:
    if os.getuid() != 0:
        pytest.skip("NOT TESTED HERE: only root can imitate another machine")
    trial = try_level("full")
    if not trial.holds:
        pytest.skip(f"NOT TESTED HERE: this machine cannot lock a box: {trial.why}. {trial.mend}")


def ran(ways: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(IMITATING), ways, sys.executable, "-m", "grader", *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COURSE_"))}
    environment |= {"PYTHONPATH": str(ROOT), "COURSE_STUDENT": "somebody"}
    return subprocess.run(
        where_reachable(command, FOLDERS), env=environment, cwd="/", capture_output=True, text=True, timeout=240
    )


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.ways)
def test_doctor_says_which_level_this_is_and_what_mends_it(machine: Elsewhere) -> None:
    done = ran(machine.ways, "doctor", "--lang", "en")
    words = done.stdout + done.stderr
    assert done.returncode == 0, words
    assert f"Submissions run at the level: {machine.level}" in words
    assert "Traceback" not in words
    mends = " ".join(words.split("To fix this: ")[1:])
    assert machine.mend in " ".join(mends.split()), words
