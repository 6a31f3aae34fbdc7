"""What a program asked for that is not to be had where it is graded, told by the exception that it got.

Read of the exception's class, words and way: only the process itself has these. What comes of it is one word, by which
the host picks a sentence; it decides no verdict.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from grader.sandbox.inside.program.environment import shims

_SHIMS: Mapping[str, str] = {
    shims.nobody_types.__name__: "input",
    shims.no_processes.__name__: "processes",
    shims.no_compiler.__name__: "compiler",
    shims.no_workers.__name__: "workers",
    shims.no_derivatives.__name__: "autograd",
}
_GPU = re.compile(
    r"not compiled with (CUDA|XPU|ROCm)|NVIDIA (driver|GPU)|No (CUDA|HIP|XPU) GPUs|CUDA (driver|unknown|error)"
    r"|torch\.cuda\.is_available\(\) is False|MPS (backend|device)|not linked with support for \w+ devices"
    r"|don't have any (CUDA|XPU)|CUDA-capable device|accelerator device when none"
)
_NETWORK = re.compile(
    r"urlopen error|name resolution|Name or service not known|getaddrinfo|Max retries exceeded"
    r"|Network is unreachable|Error downloading|couldn't connect to 'http"
)
_FILES = re.compile(r"Dataset not found|No such file or directory|unable to open file", re.IGNORECASE)
_OF_PROCESSES = ("multiprocessing", "subprocess", "concurrent.futures.process", "pty")
_OF_NETWORK = ("socket", "ssl", "http.client", "urllib.request", "ftplib", "smtplib")
_SCREEN = ("TclError",)


def lacking(error: BaseException) -> str:
    """Return the word for what was not to be had; "" where the exception is about something else."""
    try:
        return _lacking(error) or (_lacking(error.__cause__) if error.__cause__ else "")
    # Whatever an exception says of itself can be the submission's own code.
    except BaseException:
        return ""


def _lacking(error: BaseException) -> str:
    ours, modules = _way(error)
    if ours:
        return ours
    words = str(error)[:2000]
    if isinstance(error, OSError):
        return _of_system(error, words, modules)
    if type(error).__name__ == "BdbQuit":
        return "debugger"
    if any(each.__name__ in _SCREEN for each in type(error).__mro__):
        return "screen"
    if isinstance(error, AssertionError | RuntimeError | TypeError):
        return "gpu" if _GPU.search(words) else "network" if _NETWORK.search(words) else _missing(words)
    return ""


def _of_system(error: OSError, words: str, modules: set[str]) -> str:
    if shims.locked and any(module.startswith(_OF_PROCESSES) for module in modules):
        return "processes"
    # A server that answered is a network.
    answered = any(each.__name__ == "HTTPError" for each in type(error).__mro__)
    unreached = isinstance(error, ConnectionError) or _NETWORK.search(words) or modules & set(_OF_NETWORK)
    if not answered and unreached:
        return "network"
    return "files" if isinstance(error, FileNotFoundError) else _missing(words)


def _missing(words: str) -> str:
    return "files" if _FILES.search(words) else ""


def _way(error: BaseException) -> tuple[str, set[str]]:
    """Return what our own function that raised says, "" for others, and the modules on the way."""
    step, last, modules = error.__traceback__, "", set[str]()
    while step is not None:
        of, name = step.tb_frame.f_globals, step.tb_frame.f_code.co_name
        last = _SHIMS.get(name, "") if of is shims.__dict__ else ""
        modules.add(str(of.get("__name__", "")))
        step = step.tb_next
    return last, modules
