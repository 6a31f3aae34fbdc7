"""The first program of a box: a nursery that forks one child per job, or one child that does its jobs in turn."""

from __future__ import annotations

import gc
import importlib
import json
import os
import selectors
import socket
import struct
import sys
import traceback
from typing import Any

from grader.sandbox.inside.channel import Channel, HostGone
from grader.sandbox.inside.serve import serve


def preload(modules: list[str]) -> None:
    """Import what submissions will import, so that they do not pay for it within their limits.

    Nothing here may start autograd's engine: it does not survive a fork.
    """
    for name in modules:
        module = importlib.import_module(name)
        if name == "torch":
            module.set_num_threads(1)
        if name == "torch.optim":
            import torch

            # The first optimizer that is constructed imports torch._dynamo, seconds of work.
            torch.optim.Adam([torch.zeros(1, requires_grad=True)])


def nursery(control: socket.socket) -> None:
    """Fork a child for each set of descriptors that arrives, and report each child's end, until the host is gone.

    Descriptors, in order: the child's frames, its standard output, its standard error, and the status socket.
    """
    # Without this a collection in a child would touch, and so copy, every page of what the nursery imported.
    gc.collect()
    gc.freeze()
    selector = selectors.DefaultSelector()
    selector.register(control, selectors.EVENT_READ)
    children: dict[int, tuple[int, socket.socket]] = {}
    while True:
        for key, _ in selector.select():
            if key.fileobj is control:
                message, descriptors, _, _ = socket.recv_fds(control, 1, 4)
                if not message:
                    return
                pidfd, pid, status = _fork_child(descriptors, control, children)
                children[pidfd] = (pid, status)
                selector.register(pidfd, selectors.EVENT_READ)
            else:
                selector.unregister(key.fd)
                _report_end(key.fd, *children.pop(key.fd))


def _fork_child(
    descriptors: list[int], control: socket.socket, others: dict[int, tuple[int, socket.socket]]
) -> tuple[int, int, socket.socket]:
    frames, out, err, status_fd = descriptors
    status = socket.socket(fileno=status_fd)
    pid = os.fork()
    if pid == 0:
        try:
            control.close()
            status.close()
            for pidfd, (_, other) in others.items():
                os.close(pidfd)
                other.close()
            os.setsid()
            _take_streams(out, err)
            _work(Channel(frames, frames), once=True)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    for descriptor in (frames, out, err):
        os.close(descriptor)
    pidfd = os.pidfd_open(pid)
    socket.send_fds(status, [struct.pack(">I", pid)], [pidfd])
    return pidfd, pid, status


def _report_end(pidfd: int, pid: int, status: socket.socket) -> None:
    _, wait_status, usage = os.wait4(pid, 0)
    os.close(pidfd)
    try:
        status.sendall(json.dumps([wait_status, usage.ru_utime + usage.ru_stime]).encode())
    except OSError:
        pass
    status.close()


def _take_streams(out: int, err: int) -> None:
    """Make the job's pipes the standard streams; there is nothing to read: nobody types while grading."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, standard in ((nothing, 0), (out, 1), (err, 2)):
        os.dup2(ours, standard)
        os.close(ours)
    _open_streams()


def _open_streams() -> None:
    sys.stdin = open(0, encoding="utf-8", closefd=False)
    sys.stdout = open(1, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False, buffering=1)


def _work(channel: Channel, once: bool) -> None:
    try:
        while True:
            job = channel.receive()
            _enter_scratch(job)
            serve(channel, job)
            if once:
                return
    except HostGone:
        return


def _enter_scratch(job: dict[str, Any]) -> None:
    os.chdir(job["scratch"])
    os.environ.update({"HOME": job["scratch"], "TMPDIR": job["scratch"], "TEMP": job["scratch"], "TMP": job["scratch"]})
    sys.argv = [job.get("filename", "")]
    sys.path[:] = [path for path in sys.path if path]


def inherited(number: int) -> int:
    """Return the descriptor for a number given on the command line: on Windows that is a handle."""
    if sys.platform == "win32":
        import msvcrt

        return msvcrt.open_osfhandle(number, 0)
    return number


def main(arguments: list[str]) -> None:
    """Start as `nursery CONTROL MODULES` or as `single SOURCE SINK MODULES`; say `ready` when all is imported."""
    kind, *numbers, modules = arguments
    preload([name for name in modules.split(",") if name])
    if kind == "nursery":
        control = socket.socket(fileno=int(numbers[0]))
        control.sendall(b"ready")
        nursery(control)
    else:
        channel = Channel(*(inherited(int(number)) for number in numbers))
        _open_streams()
        channel.send({"frame": "ready"})
        _work(channel, once=False)
    sys.stdout.flush()
    os._exit(0)
