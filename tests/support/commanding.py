"""`course` in a process of its own, as tests run it: forked where everything is imported already.

Starting Python and importing the grader takes far longer than most commands. What is forked has its own arguments,
folder, environment, streams and exit; that a command starts from nothing is held by tests/cli/test_imports.py.

So are the workers of a batch; that they start from nothing is held by tests/grading/batch.

Importing torch takes longer still. So locked boxes begin as copies of a fork server that was started once, as the boxes
of a batch's workers do; that one starts from nothing is held by tests/sandbox.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import multiprocessing
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import warm_boxes

if TYPE_CHECKING:
    from grader.sandbox.linux.fork_server import ForkServer

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

_kept: list[object] = []


def course(
    *arguments: str,
    cwd: Path,
    encoding: str = "utf-8",
    written_to: str | None = None,
    largest_file: int | None = None,
    **environment: str,
) -> Done:
    """Run `course` in `cwd`, with these changes of our environment, and return how it ended.

    Args:
        written_to: the file that its standard output is, where nobody reads it.
        largest_file: so many bytes a file may have that it writes.
    """
    own = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8", **environment}
    if sys.platform != "linux":
        command = [sys.executable, "-P", "-m", "grader", *arguments]
        nothing = subprocess.DEVNULL
        assert written_to is largest_file is None, "only Linux has the files that tests write to, and its limits"
        return subprocess.run(
            command, cwd=cwd, env=own, stdin=nothing, capture_output=True, encoding=encoding, check=False
        )
    request = {"arguments": arguments, "cwd": str(cwd), "environment": own, "largest_file": largest_file}
    with (
        _written(largest_file) as (out, whole_out),
        _written(largest_file) as (err, whole_err),
        Path(os.devnull).open("rb") as nothing,
        Path(written_to or os.devnull).open("wb", buffering=0) as elsewhere,
    ):
        code = _forked(request, [nothing.fileno(), elsewhere.fileno() if written_to else out, err])
        said = [whole().decode(encoding).replace(os.linesep, "\n") for whole in (whole_out, whole_err)]
    return subprocess.CompletedProcess(["course", *arguments], code, *said)


@contextlib.contextmanager
def _written(largest_file: int | None) -> Iterator[tuple[int, Callable[[], bytes]]]:
    """Yield what a command may write to, and what returns all that it wrote: a file, or a pipe where files are limited.

    A pipe holds a mebibyte, and whoever has inherited it may go on after the command.
    """
    if largest_file is None:
        with tempfile.TemporaryFile() as file:
            yield file.fileno(), lambda: os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0)
        return
    # Windows has no such module.
    import fcntl

    here, there = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    fcntl.fcntl(there, fcntl.F_SETPIPE_SZ, 1 << 20)
    os.set_blocking(there, True)
    try:
        yield there, lambda: os.read(here, 1 << 20) if select.select([here], [], [], 0)[0] else b""
    finally:
        os.close(here)
        os.close(there)


def _forked(request: Mapping[str, object], files: list[int]) -> int:
    """Return the exit code of a command with these streams; minus the signal that ended it, as subprocess does."""
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            socket.send_fds(_parent(os.getpid())[0], [json.dumps(request).encode()], [*files, theirs.fileno()])
        told = ours.recv(100)
    assert told, "the process that starts commands has ended"
    return int(told)


@cache
def _parent(_: int) -> tuple[socket.socket, socket.socket]:
    """Return the ways to the process that commands are forked from: for commands, and for those who want a box.

    There is one such process for each process of pytest.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    asking, asked = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    own = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(Path(__file__).parent)]), "OPENBLAS_NUM_THREADS": "1"}
    given = [theirs.fileno(), asking.fileno(), asked.fileno()]
    with theirs, asked:
        # It ends when our end is closed, and so with us.
        subprocess.Popen(
            [sys.executable, "-P", __file__, *map(str, given)],
            env={**os.environ, **own},
            pass_fds=given,
            start_new_session=True,
        )
    return ours, asking


def with_warm_boxes() -> None:
    """Let the boxes of this process, too, begin as copies, until `warm_boxes.cold` says otherwise."""
    if sys.platform == "linux":
        warm_boxes.copy_from(lambda: _parent(os.getpid())[1])


def _serve(control: socket.socket, asking: socket.socket, asked: socket.socket) -> None:
    """Fork a process for each command, until the tests have gone."""
    gc.disable()
    for name in _MODULES:
        importlib.import_module(name)
    gc.freeze()
    gc.enable()
    originals: dict[bytes, ForkServer] = {}
    while True:
        ready, _, _ = select.select([control, asked], [], [])
        if asked in ready:
            warm_boxes.give(asked, originals)
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
                # Their descriptors are other files soon, which must not be closed with them.
                _kept.extend((asking, asked, originals))
                _become(json.loads(message), descriptors, asking)
            os.write(descriptors[3], str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])).encode())
            os._exit(0)
        for descriptor in descriptors:
            os.close(descriptor)


def _become(request: dict[str, object], descriptors: list[int], asking: socket.socket) -> NoReturn:
    """Be the command."""
    for place, descriptor in enumerate(descriptors[:3]):
        os.dup2(descriptor, place)
    kept = os.dup2(asking.fileno(), 3)
    os.set_inheritable(kept, False)
    os.closerange(4, 1024)
    path = os.environ.get("PATH")
    os.chdir(str(request["cwd"]))
    if (largest := request["largest_file"]) is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.path[:0] = [each for each in os.environ["PYTHONPATH"].split(os.pathsep) if each and each not in sys.path]
    inherited = socket.socket(fileno=kept)
    if os.environ.get("PATH") == path:
        warm_boxes.copy_from(lambda: inherited)
    forking = multiprocessing.get_context("fork")
    multiprocessing.get_context = lambda method=None: forking  # type: ignore[assignment,misc,method-assign]
    encoding, _, errors = os.environ.get("PYTHONIOENCODING", "utf-8").partition(":")
    mode = {"encoding": encoding, "errors": errors or "strict", "closefd": False}
    sys.stdin, sys.stdout = open(0, **mode), open(1, "w", **mode)  # noqa: SIM115
    sys.stderr = open(2, "w", 1, encoding, "backslashreplace", closefd=False)  # noqa: SIM115
    sys.argv = ["course", *request["arguments"]]
    try:
        runpy.run_module("grader", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        _end(ended)
        raise
    sys.exit()


def _end(ended: SystemExit) -> None:
    """End as Python does, but for taking apart what was imported: that touches, and so copies, all that is shared.

    Where Python would say something at its end, it is left to it.
    """
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    with contextlib.suppress(OSError, ValueError):
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        if isinstance(ended.code, int):
            os._exit(ended.code)


if __name__ == "__main__":
    _serve(*(socket.socket(fileno=int(each)) for each in sys.argv[1:]))
