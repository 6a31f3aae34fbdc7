"""Wall limits on a busy machine: what a program waits for a core is not its own time."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: only Linux tells how long a thread waited", allow_module_level=True)

from grader.core.course.checks.limits import Limits
from grader.core.run.jobs import ProgramJob
from grader.core.run.observation import Run, RunStatus, Stop
from grader.sandbox.host.child import Watch
from grader.sandbox.host.conversation import Stopped
from grader.sandbox.linux.fork import ForkBox
from grader.sandbox.linux.levels import PLAIN

CORES = sorted(os.sched_getaffinity(0))
BUSY = "while True: pass"


@pytest.fixture
def busy_core() -> Iterator[None]:
    """Have this process and its boxes on one core, together with four loops that never rest."""
    loops = []
    os.sched_setaffinity(0, {CORES[-1]})
    try:
        loops = [subprocess.Popen([sys.executable, "-S", "-c", BUSY]) for _ in range(4)]
        yield
    finally:
        os.sched_setaffinity(0, CORES)
        for loop in loops:
            loop.kill()
            loop.wait()


def run(source: str, **limits: float) -> Run:
    box = ForkBox([], PLAIN)
    try:
        job = ProgramJob(source, "p.py", script=True, limits=Limits(cpu=60.0, **limits))  # type: ignore[arg-type]
        return box.run(job)
    finally:
        box.close()


@pytest.mark.usefixtures("busy_core")
def test_a_program_that_had_to_wait_for_a_core_is_not_stopped_for_that() -> None:
    seen = run("import time\nstart = time.process_time()\nwhile time.process_time() - start < 0.7: pass\n", wall=1.0)
    assert seen.status is RunStatus.COMPLETED, seen
    assert seen.usage is not None and seen.usage.wall > 1.0


@pytest.mark.usefixtures("busy_core")
@pytest.mark.parametrize(
    "source",
    [
        "import time\ntime.sleep(60)",
        "while True: pass",
        "import threading\ndef spin():\n    while True: pass\n"
        "for _ in range(8): threading.Thread(target=spin, daemon=True).start()\nspin()",
        "import os, time\nfor _ in range(8):\n    if os.fork() == 0:\n        while True: pass\ntime.sleep(60)",
    ],
    ids=["sleeps", "spins", "takes the core from itself", "has its copies take the core"],
)
def test_a_program_that_takes_its_time_is_stopped_on_a_busy_machine_too(source: str) -> None:
    assert run(source, wall=0.5).stop in (Stop.WALL, Stop.CPU)


class HardlyRuns:
    """Says of any time that next to nothing of it was the program's own."""

    def of(self, wall: float, cpu: float) -> float:
        return cpu + wall / 1000


def test_a_program_that_hardly_ran_is_stopped_in_the_end_and_nobody_is_at_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("grader.sandbox.host.child.OwnTime", lambda _pid: HardlyRuns())
    seen = run("import time\ntime.sleep(60)", wall=0.1)
    assert (seen.status, seen.stop) == (RunStatus.SANDBOX_FAILED, Stop.BUSY)
    assert seen.usage is not None and seen.usage.wall > 0.8


def test_of_a_process_that_has_ended_all_time_counts() -> None:
    gone = subprocess.Popen([sys.executable, "-S", "-c", ""])
    gone.wait()
    watch = Watch(Limits(wall=0.0), gone.pid)
    time.sleep(0.05)
    with pytest.raises(Stopped, match="wall"):
        watch.look()
