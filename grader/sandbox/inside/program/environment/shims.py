"""What a child finds in place of what it cannot have: a person at the keyboard, a window, a compiler, other processes.

Each says at once what is missing, where the real thing would search for seconds or fail with words about something
else. `lacks.py` knows these functions by their names.
"""

from __future__ import annotations

import builtins
import errno
import os
import sys
from typing import Any, NoReturn

from grader.sandbox.inside.program.environment.on_import import when_imported
from grader.sandbox.inside.program.environment.torch_import import when_torch_is_imported


def explain_what_is_missing() -> None:
    """Let torch.compile, a DataLoader's workers and new processes say at once why they are not to be had here."""
    global locked
    locked = True
    for name in ("fork", "forkpty"):
        setattr(os, name, no_processes)
    when_torch_is_imported(_explain_in)
    when_imported("asyncio", _without_sockets)


# Whether this process was locked before the submission: only then are other processes not to be had.
locked = False


def stand_for_people() -> None:
    """Let what waits for a value from the keyboard say so, and debuggers, windows and shell commands do nothing."""
    builtins.input = nobody_types
    sys.breakpointhook = _nothing
    setattr(os, "system", _no_command)  # noqa: B010
    when_imported("pdb", _without_debugger)
    os.environ["MPLBACKEND"] = "Agg"
    when_imported("matplotlib", _without_windows)
    when_imported("matplotlib.pyplot", _without_showing)


def nobody_types(prompt: object = "", /) -> NoReturn:
    print(prompt, end="", flush=True)  # noqa: T201 - as Python's own
    raise EOFError("EOF when reading a line")


def _no_command(_: object) -> int:
    """Answer as a shell that does not find the command."""
    return 127 << 8


def no_processes(*_: Any, **__: Any) -> NoReturn:
    raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))


def _explain_in(torch: Any) -> None:
    torch.compile = no_compiler
    loader = sys.modules.get("torch.utils.data.dataloader")
    if loader is not None:
        setattr(loader, "_MultiProcessingDataLoaderIter", no_workers)  # noqa: B010


def no_compiler(*_: Any, **__: Any) -> NoReturn:
    raise RuntimeError("torch.compile needs a compiler, which the box does not have; leave it out")


def no_workers(*_: Any) -> NoReturn:
    raise RuntimeError("DataLoader's workers are processes, and the box has no other processes; write num_workers=0")


def no_derivatives(*_: Any, **__: Any) -> NoReturn:
    raise RuntimeError("this exercise is done by hand: torch computes no derivatives here")


def _without_sockets(asyncio: Any) -> None:
    from grader.sandbox.inside.program.environment.event_loop import without_sockets

    without_sockets(asyncio)


def _without_debugger(pdb: Any) -> None:
    pdb.set_trace = _nothing


def _without_windows(matplotlib: Any) -> None:
    matplotlib.use = _nothing


def _without_showing(pyplot: Any) -> None:
    switch = pyplot.switch_backend
    pyplot.switch_backend = lambda _: switch("agg")
    pyplot.show = pyplot.pause = _nothing


def _nothing(*_: Any, **__: Any) -> None:
    pass
