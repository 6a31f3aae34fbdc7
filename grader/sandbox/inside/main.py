"""The first program of a box: a fork server that forks one child per job, or one child that does its jobs in turn."""

from __future__ import annotations

import gc
import importlib
import os
import socket
import sys
import tempfile
from contextlib import suppress
from typing import Any

from grader.sandbox.inside.channel import Channel, HostGone
from grader.sandbox.inside.serve import serve
from grader.sandbox.inside.warm_up import warm_up

# What a submission speaks of and this machine need not have: it finds out itself, and is told.
_MAY_BE_MISSING = ("matplotlib.pyplot", "pandas")


def preload(modules: list[str]) -> None:
    """Import what submissions will import, so that they do not pay for it within their limits.

    Nothing here may start autograd's engine: it does not survive a fork.
    """
    # What is imported stays. To look through it for garbage meanwhile was a fifth of the work of importing torch.
    gc.disable()
    try:
        for name in modules:
            _load(name)
    finally:
        gc.enable()


def _load(name: str) -> None:
    if name == "warm":
        _warm_torch()
        return
    if name == "pytest":
        _load_pytest()
        return
    if name in _MAY_BE_MISSING:
        with suppress(Exception):
            importlib.import_module(name)
        return
    module = importlib.import_module(name)
    if name == "torch":
        module.set_num_threads(1)
    if name == "torch.optim":
        import torch

        # The first optimizer that is constructed imports torch._dynamo, seconds of work.
        torch.optim.Adam([torch.zeros(1, requires_grad=True)])


def _load_pytest() -> None:
    """Import pytest with the plugins that it loads when it is used, and what runs the author's tests."""
    from _pytest.config import get_config

    importlib.import_module("grader.sandbox.inside.tests.author_tests")
    get_config()


def _warm_torch() -> None:
    """Touch what most submissions touch, so that their forks share it."""
    import torch

    with torch.no_grad():
        row = torch.ones(1, 4)
        (row @ row.t()).sum().item()
        torch.nn.functional.conv2d(torch.ones(1, 1, 4, 4), torch.ones(1, 1, 3, 3))
        torch.linalg.svd(torch.eye(2))
        torch.nn.LSTM(4, 4)(row.unsqueeze(0))
        torch.fft.fft(row)
        repr(row)
    warm_up(work)


def open_streams() -> None:
    sys.stdin = open(0, encoding="utf-8", closefd=False)
    sys.stdout = open(1, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False, buffering=1)


def work(channel: Channel, once: bool) -> None:
    """Do one job, or job after job, until the host is gone."""
    open_streams()
    try:
        while True:
            job = channel.receive()
            _enter_scratch(job)
            serve(channel, job)
            if job.get("marked"):
                # Where the next job of this child begins: what is printed comes by another way than the frames.
                os.write(1, b"\0")
                os.write(2, b"\0")
            if once:
                return
    except HostGone:
        return


def _enter_scratch(job: dict[str, Any]) -> None:
    os.chdir(job["scratch"])
    os.environ.update({"HOME": job["scratch"], "TMPDIR": job["scratch"], "TEMP": job["scratch"], "TMP": job["scratch"]})
    tempfile.tempdir = job["scratch"]
    sys.argv = [job.get("filename", "")]
    sys.path[:] = [path for path in sys.path if path]


def inherited(number: int) -> int:
    """Return the descriptor for a number given on the command line: on Windows that is a handle."""
    if sys.platform == "win32":
        import msvcrt

        return msvcrt.open_osfhandle(number, 0)
    return number


def _take_all_address_space() -> None:
    """Leave the limit that a grader sets itself; each job has one of its own."""
    if sys.platform == "linux":
        import resource

        most = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def main(arguments: list[str]) -> None:
    """Start as `fork_server CONTROL MODULES` or as `single SOURCE SINK MODULES`; say `ready` when all is imported."""
    _take_all_address_space()
    kind, *numbers, modules = arguments
    names = [name for name in modules.split(",") if name]
    if kind == "fork_server":
        # Forking and locking are Linux's own; on other systems this module could not even be imported.
        from grader.sandbox.inside.linux.fork_server import ForkServer, ending_with

        control = socket.socket(fileno=int(numbers[0]))
        with ending_with(control):
            preload(names)
        ForkServer(control, work, preload).run()
    else:
        preload(names)
        channel = Channel(*(inherited(int(number)) for number in numbers))
        channel.send({"frame": "ready"})
        work(channel, once=False)
    sys.stdout.flush()
    os._exit(0)
