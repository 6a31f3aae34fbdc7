"""A box that is warm, lent by one command of a user to another: `course watch` lets `course submit` have a copy of it.

What is lent is a copy of the fork server, which nothing of a submission has ever run in, and which is the borrower's
alone from then on: no job and no result goes through the lender. They meet at a socket in the user's own runtime
folder, and each asks the kernel who the other is. Whatever does not fit, is stale, or fails: then nothing is lent.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import stat
import struct
import sys
import sysconfig
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import grader
from grader.sandbox.host.child import environment
from grader.sandbox.linux.levels import Level

# Seconds; who cannot answer at once is no help.
_PATIENCE = 1.0
_LARGEST = 1 << 16
_LENT = b"lent"
_PEER = struct.Struct("3i")
# Takes what is wanted, the cores to run on, and the control for the copy to listen on; returns whether there is one.
Lend = Callable[[Mapping[str, Any], Sequence[int], socket.socket], bool]


def wanted(level: Level, preload: Iterable[str]) -> dict[str, Any]:
    """Return what a fork server must be like: its code, its locks, what is hidden from it, and what it has imported.

    Raises:
        SandboxUnavailable, OSError: where the level cannot be had.
    """
    return {
        "code": _code(),
        "isolation": level.isolation,
        "jail": level.jail(["python"]),
        "lock": level.lock,
        "environment": environment(),
        "preload": sorted(set(preload)),
    }


def fits(own: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    """Whether a fork server is what is wanted; it may have imported more."""
    if not isinstance(asked.get("preload"), list) or not set(asked["preload"]) <= set(own["preload"]):
        return False
    return json.dumps({**own, "preload": []}, sort_keys=True) == json.dumps({**asked, "preload": []}, sort_keys=True)


class Lender:
    """Lends until it is closed; does nothing where there is no runtime folder, or another one lends already.

    Args:
        course: the folder of the course.
        lend: is called from a thread of its own.
    """

    def __init__(self, course: Path, lend: Lend) -> None:
        self._lend = lend
        self._path = _meeting_place(course, made=True)
        self._listening = None if self._path is None else _listening(self._path)
        if self._listening is not None:
            Thread(target=self._serve, args=[self._listening], daemon=True).start()

    def close(self) -> None:
        listening, path = self._listening, self._path
        if listening is None or path is None:
            return
        self._listening = None
        _quietly(path.unlink)
        _quietly(lambda: listening.shutdown(socket.SHUT_RDWR))
        listening.close()

    def _serve(self, listening: socket.socket) -> None:
        while True:
            try:
                asking, _ = listening.accept()
            except OSError:
                return
            with asking:
                _quietly(partial(self._answer, asking))

    def _answer(self, asking: socket.socket) -> None:
        asking.settimeout(_PATIENCE)
        if not _is_own(asking):
            return
        message, descriptors, _, _ = socket.recv_fds(asking, _LARGEST, 1)
        for descriptor in descriptors:
            with socket.socket(fileno=descriptor) as control:
                asked = json.loads(message)
                cores = asked["cores"]
                if isinstance(cores, list) and all(type(core) is int for core in cores):
                    asking.send(_LENT if self._lend(asked["wanted"], cores, control) else b"no")


def is_lent(course: Path) -> bool:
    """Whether somebody seems to lend: to say what is wanted takes milliseconds, and mostly nobody does."""
    path = _meeting_place(course)
    return path is not None and path.exists()


def borrowed(course: Path, asked: Mapping[str, Any]) -> socket.socket | None:
    """Return the control of a fork server that was made for us; None where nobody lends one that fits."""
    path = _meeting_place(course)
    if path is None:
        return None
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs, socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as asking:
        asking.settimeout(_PATIENCE)
        try:
            asking.connect(str(path))
            message = json.dumps({"wanted": asked, "cores": sorted(os.sched_getaffinity(0))}).encode()
            if _is_own(asking):
                socket.send_fds(asking, [message], [theirs.fileno()])
                if asking.recv(len(_LENT)) == _LENT:
                    return ours
        except OSError:
            pass
    ours.close()
    return None


def _meeting_place(course: Path, made: bool = False) -> Path | None:
    """Return the socket of a course in a folder that only this user can open; None where there is no such folder.

    Args:
        made: whether the folder is made where it is missing.
    """
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if not Path(runtime).is_absolute():
        return None
    folder = Path(runtime) / "course-grader"
    try:
        if made:
            folder.mkdir(mode=0o700, exist_ok=True)
        for each in (folder, folder.parent):
            found = each.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
                return None
        return folder / f"{hashlib.sha256(os.fsencode(course.resolve())).hexdigest()[:16]}.sock"
    except OSError:
        return None


def _listening(path: Path) -> socket.socket | None:
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        if _answers(path):
            raise FileExistsError(path)
        # What was left by one that was killed.
        path.unlink(missing_ok=True)
        listening.bind(str(path))
        listening.listen(8)
        return listening
    except OSError:
        listening.close()
        return None


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as asking:
        try:
            asking.connect(str(path))
        except OSError:
            return False
        return True


def _is_own(peer: socket.socket) -> bool:
    _, user, _ = _PEER.unpack(peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size))
    return bool(user == os.geteuid())


def _code() -> list[object]:
    """Return what tells apart the code that a fork server has imported: the grader's own files, and the packages."""
    home = Path(grader.__file__).parent
    files = sorted(home.glob("sandbox/inside/**/*.py")) + sorted(home.glob("core/autodiff/*.py"))
    status = [(str(path), path.stat()) for path in (*files, Path(sysconfig.get_path("purelib")))]
    own = hashlib.sha256(repr([(name, each.st_mtime_ns, each.st_size) for name, each in status]).encode()).hexdigest()
    return [sys.executable, sys.version, own]


def _quietly(action: Callable[[], object]) -> None:
    try:
        action()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
