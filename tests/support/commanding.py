"""`course` in a process of its own, as tests run it: forked where everything is imported already.

Starting Python and importing the grader takes far longer than most commands. What is forked has its own arguments,
folder, environment, streams and exit; that a command starts from nothing is held by tests/cli/test_imports.py.

Importing torch takes longer still. So locked boxes begin as copies of a fork server that was started once, as the boxes
of a batch's workers do; that one starts from nothing is held by tests/sandbox.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from grader.sandbox.linux.fork_server import ForkServer
    from grader.sandbox.linux.levels import Level

ROOT = Path(__file__).parents[2]
Done = subprocess.CompletedProcess[str]
_LARGEST = 1 << 17
# What needs torch, or a package that most commands do without.
_LEFT_OUT = ("grader.__main__", "grader.sandbox.inside", "grader.sandbox.portable.spawn", "grader.integrations")
_MODULES = [
    name
    for path in sorted((ROOT / "grader").rglob("*.py"))
    if not (name := ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")).startswith(
        _LEFT_OUT
    )
]


def course(*arguments: str, cwd: Path, encoding: str = "utf-8", **environment: str) -> Done:
    """Run `course` in `cwd`, with these changes of our environment, and return how it ended."""
    own = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8", **environment}
    if sys.platform != "linux":
        command = [sys.executable, "-P", "-m", "grader", *arguments]
        nothing = subprocess.DEVNULL
        return subprocess.run(
            command, cwd=cwd, env=own, stdin=nothing, capture_output=True, encoding=encoding, check=False
        )
    with (
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
        Path(os.devnull).open("rb") as nothing,
    ):
        files = [nothing.fileno(), out.fileno(), err.fileno()]
        code = _forked({"arguments": arguments, "cwd": str(cwd), "environment": own}, files)
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read().decode(encoding).replace(os.linesep, "\n"))
    return subprocess.CompletedProcess(["course", *arguments], code, *said)


def _forked(request: Mapping[str, object], files: list[int]) -> int:
    """Return the exit code of a command with these streams; minus the signal that ended it, as subprocess does."""
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            socket.send_fds(_parent(os.getpid()), [json.dumps(request).encode()], [*files, theirs.fileno()])
        told = ours.recv(100)
    assert told, "the process that starts commands has ended"
    return int(told)


@cache
def _parent(_: int) -> socket.socket:
    """Return the way to the process that commands are forked from: one for each process of pytest."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    own = {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1", "OPENBLAS_NUM_THREADS": "1"}
    with theirs:
        # It ends when our end is closed, and so with us.
        subprocess.Popen(
            [sys.executable, __file__, str(theirs.fileno())],
            env={**os.environ, **own},
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
    return ours


def _serve(control: socket.socket) -> None:
    """Fork a process for each command, until the tests have gone."""
    for name in _MODULES:
        importlib.import_module(name)
    gc.freeze()
    asking, asked = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    originals: dict[bytes, ForkServer] = {}
    while True:
        ready, _, _ = select.select([control, asked], [], [])
        if asked in ready:
            _give_original(asked, originals)
        if control not in ready:
            continue
        message, descriptors, _, _ = socket.recv_fds(control, _LARGEST, 4)
        if not message:
            for original in originals.values():
                original.close()
            return
        # Who waits for the command is another process: several commands may run at a time.
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            control.close()
            pid = os.fork()
            if pid == 0:
                _become(json.loads(message), descriptors, asking)
            os.write(descriptors[3], str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])).encode())
            os._exit(0)
        for descriptor in descriptors:
            os.close(descriptor)


def _give_original(asked: socket.socket, originals: dict[bytes, ForkServer]) -> None:
    """Give a command the control of a fork server of the level that it asks for; nothing where there cannot be one."""
    from grader.sandbox.linux import levels
    from grader.sandbox.linux.fork_server import ForkServer
    from grader.sandbox.port import SandboxUnavailable

    message, (answer,), _, _ = socket.recv_fds(asked, _LARGEST, 1)
    with socket.socket(fileno=answer) as reply:
        isolation, preload = json.loads(message)
        try:
            if message not in originals:
                originals[message] = ForkServer.started(preload, getattr(levels, isolation)())
            socket.send_fds(reply, [b"original"], [originals[message].control.fileno()])
        except (OSError, SandboxUnavailable):
            originals.pop(message, None)


def _copies(asking: socket.socket) -> None:
    """Let the fork servers that this command starts be copies, where its programs are found where ours are."""
    from grader.sandbox.linux.fork_server import ForkServer

    start = ForkServer.started

    def started(preload: Iterable[str], level: Level) -> ForkServer:
        preload = list(preload)
        if level.isolation in ("full", "reduced"):
            ours, theirs = socket.socketpair()
            with ours:
                with theirs:
                    socket.send_fds(asking, [json.dumps([level.isolation, preload]).encode()], [theirs.fileno()])
                _, controls, _, _ = socket.recv_fds(ours, 100, 1)
            for control in controls:
                with socket.socket(fileno=control) as original, contextlib.suppress(OSError):
                    return ForkServer.copied(original)
        return start(preload, level)

    ForkServer.started = started  # type: ignore[method-assign,assignment]


def _become(request: dict[str, object], descriptors: list[int], asking: socket.socket) -> NoReturn:
    """Be the command."""
    for place, descriptor in enumerate(descriptors[:3]):
        os.dup2(descriptor, place)
    kept = os.dup2(asking.fileno(), 3)
    os.set_inheritable(kept, False)
    os.closerange(4, 1024)
    path = os.environ.get("PATH")
    os.chdir(str(request["cwd"]))
    os.environ.clear()
    os.environ.update(request["environment"])
    if os.environ.get("PATH") == path:
        _copies(socket.socket(fileno=kept))
    else:
        os.close(kept)
    encoding, _, errors = os.environ.get("PYTHONIOENCODING", "utf-8").partition(":")
    mode = {"encoding": encoding, "errors": errors or "strict", "closefd": False}
    sys.stdin, sys.stdout = open(0, **mode), open(1, "w", **mode)  # noqa: SIM115
    sys.stderr = open(2, "w", 1, encoding, "backslashreplace", closefd=False)  # noqa: SIM115
    sys.argv = ["course", *request["arguments"]]
    runpy.run_module("grader", run_name="__main__", alter_sys=True)
    sys.exit()


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
