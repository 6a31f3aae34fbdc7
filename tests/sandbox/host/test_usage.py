"""What a child uses, where the process that was started is the interpreter, and where that is a launcher's child."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
import pytest

from grader.core.course.checks.limits import Limits
from grader.core.run.observation import Stop
from grader.sandbox.host.child import Watch
from grader.sandbox.host.conversation import Stopped

# It is ready before it uses anything, and ends with its standard input.
_INTERPRETER = """
import sys
print("ready", flush=True)
if sys.stdin.readline():
    held = bytearray(200 * 2**20)
    held[::4096] = b"x" * len(held[::4096])
    while True:
        pass
"""
_LAUNCHER = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_INTERPRETER!r}])"


@pytest.fixture
def launcher() -> Iterator[subprocess.Popen[bytes]]:
    """Start a process that starts the interpreter and waits for it, as the python.exe of a virtual environment does."""
    command = [sys.executable, "-c", _LAUNCHER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None and process.stdout.readline().strip() == b"ready"
        yield process
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    for each in (*psutil.Process(process.pid).children(recursive=True), process):
        each.kill()


def _looked(launcher: subprocess.Popen[bytes], limits: Limits, seconds: float) -> Stop | None:
    """Let it compute, and return at what it is stopped; None where it has gone on for so many seconds."""
    watch = Watch(limits, launcher.pid)
    assert launcher.stdin is not None
    launcher.stdin.write(b"go on\n")
    launcher.stdin.flush()
    until = time.monotonic() + seconds
    try:
        while time.monotonic() < until:
            time.sleep(0.02)
            watch.look()
    except Stopped as stopped:
        return stopped.stop
    return None


@pytest.mark.parametrize(
    ("limits", "stop"),
    [
        (Limits(wall=60.0, cpu=0.3, memory=2**40), Stop.CPU),
        (Limits(wall=60.0, cpu=60.0, memory=100 * 2**20), Stop.MEMORY),
    ],
)
def test_on_windows_the_interpreter_is_held_to_its_limits_behind_a_launcher(
    launcher: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch, limits: Limits, stop: Stop
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert _looked(launcher, limits, 60) is stop


@pytest.mark.skipif(sys.platform == "win32", reason="there the launcher's child is the interpreter")
def test_elsewhere_what_it_starts_is_not_counted(launcher: subprocess.Popen[bytes]) -> None:
    assert _looked(launcher, Limits(wall=60.0, cpu=0.3, memory=100 * 2**20), 2) is None
