"""The real command on a terminal: files are saved while it runs, and Ctrl-C leaves nothing behind."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import commanding
import psutil
import pytest
from repository import ROOT

RIGHT = (ROOT / "solutions" / "4.4" / "solution.py").read_text(encoding="utf-8")
# Its exception would clear the screen and name the window.
HOSTILE = 'raise ValueError("\\x1b[2J\\x1b]0;mine\\x07\\r::error::mine")\n'
INTERRUPTED = "Interrupted. What has been recorded is kept; run the same command again to continue."
_PATIENCE = 100.0


class Watched:
    """`course watch` on a pseudo terminal."""

    def __init__(self, course: Path, temporary: Path) -> None:
        self._ours, theirs = pty.openpty()
        own = {"PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8", "TERM": "xterm", "TMPDIR": str(temporary)}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "grader", "watch"],
            cwd=course,
            env={**os.environ, **own},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            # Whoever runs the tests in the background has told them to ignore Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        os.close(theirs)
        self._shown = ""

    def until(self, words: str) -> str:
        """Return what is shown up to these words."""
        until = time.monotonic() + _PATIENCE
        while words not in self._shown:
            assert time.monotonic() < until and self._more(), self._shown
        shown, _, self._shown = self._shown.partition(words)
        return shown

    def _more(self) -> bool:
        if not select.select([self._ours], [], [], _PATIENCE)[0]:
            return False
        try:
            piece = os.read(self._ours, 1 << 16)
        except OSError:
            # Linux says that nobody writes any more.
            return False
        self._shown += piece.decode()
        return bool(piece)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)


@pytest.fixture
def watched(course: Path, tmp_path: Path) -> Iterator[Watched]:
    (tmp_path / "temporary").mkdir()
    watched = Watched(course, tmp_path / "temporary")
    yield watched
    watched.close()


def test_each_save_is_on_the_screen_and_ctrl_c_leaves_nothing(watched: Watched, course: Path, tmp_path: Path) -> None:
    before = {path for path in course.rglob("*") if path.is_file()}
    watched.until("Stop with Ctrl-C.")
    work = course / "work" / "4.4.py"
    work.parent.mkdir()
    work.write_text(HOSTILE, encoding="utf-8")
    shown = watched.until("This was practice: grades come")
    # Colours and the line until the report is there are ours.
    assert "mine" in shown and not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", re.sub(r"\x1b\[[0-9;]*[mK]|\r", "", shown))
    (work.parent / "draft").write_text(RIGHT, encoding="utf-8")
    (work.parent / "draft").replace(work)
    assert "\x1b[H\x1b[2J" in watched.until("Hand in with: course submit 4.4")
    started = psutil.Process(watched.process.pid).children(recursive=True)
    assert started
    watched.process.send_signal(signal.SIGINT)
    watched.until(INTERRUPTED)
    assert watched.process.wait(_PATIENCE) == 130
    assert psutil.wait_procs(started, timeout=_PATIENCE)[1] == []
    assert {path for path in course.rglob("*") if path.is_file()} - before == {work}
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.fixture
def runtime() -> Iterator[Path]:
    # pytest's own names are too long for the path of a socket.
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def test_submit_says_the_same_with_the_box_that_is_lent_and_leaves_nothing(
    course: Path, runtime: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = course / "work" / "4.4.py"
    work.parent.mkdir()
    work.write_text(RIGHT.replace("x * w", "x + w"), encoding="utf-8")
    own = {"COURSE_STUDENT": "s001", "COLUMNS": "80"}
    alone = commanding.course("submit", "4.4", cwd=course, XDG_RUNTIME_DIR="", **own)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    (tmp_path / "temporary").mkdir()
    watched = Watched(course, tmp_path / "temporary")
    try:
        watched.until("This was practice: grades come")
        assert len(list(runtime.rglob("*.sock"))) == 1
        before = len(psutil.Process(watched.process.pid).children(recursive=True))
        lent = commanding.course("submit", "4.4", cwd=course, **own)
        assert (lent.returncode, lent.stdout, lent.stderr) == (alone.returncode, alone.stdout, alone.stderr)
        assert len(psutil.Process(watched.process.pid).children(recursive=True)) <= before
        watched.process.send_signal(signal.SIGINT)
        watched.until(INTERRUPTED)
        assert watched.process.wait(_PATIENCE) == 130 and list(runtime.rglob("*.sock")) == []
    finally:
        watched.close()
