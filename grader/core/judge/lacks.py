"""Findings about what a program asked for and did not get: a package, a file, the network, somebody at the keyboard."""

from __future__ import annotations

import re
from collections.abc import Mapping

from grader.core.report.finding import Finding, finding
from grader.core.run.observation import Raised

# By the word that the box has for it.
_KINDS: Mapping[str, str] = {
    "input": "waits-for-input",
    "debugger": "waits-for-debugger",
    "gpu": "no-gpu",
    "network": "no-network",
    "files": "no-file",
    "processes": "no-processes",
    "workers": "no-workers",
    "compiler": "no-compiler",
    "autograd": "autograd-used",
    "screen": "no-window",
}
_REFUSED = re.compile(r"(\w+) is not among (.+)")
_NO_MODULE = re.compile(r"No module named '([^']+)'")
_NO_NAME = re.compile(r"cannot import name '([^']+)' from (?:partially initialized module )?'([^']+)'")
# What draws in windows; none of them is a package that a course would install for grading.
_WINDOWS = frozenset("tkinter _tkinter turtle PyQt5 PyQt6 PySide2 PySide6 wx gi pygame".split())
_OF_PYTHON = ("ImportError", "ModuleNotFoundError")


def lacked_finding(raised: Raised, place: Mapping[str, object]) -> Finding | None:
    """Return what is said of an exception about something that is not there; None where it is about something else."""
    kind = _KINDS.get(raised.lack)
    if kind is not None:
        return finding(kind, **place, words=raised.message.rstrip("."))
    # Where a test of the author's raised it, only its words are known.
    if raised.type_name == "EOFError" and raised.message == "EOF when reading a line":
        return finding("waits-for-input", **place)
    if raised.type_name in _OF_PYTHON:
        return _not_imported(raised, place)
    return None


def _not_imported(raised: Raised, place: Mapping[str, object]) -> Finding:
    words = raised.message
    if refused := _REFUSED.fullmatch(words):
        return finding("package-not-allowed", **place, name=refused[1], found=refused[2])
    if "relative import" in words:
        return finding("only-this-file", **place)
    missing, lacking = _NO_MODULE.search(words), _NO_NAME.match(words)
    if missing is not None:
        module, _, part = missing[1].partition(".")
        if module in _WINDOWS:
            return finding("no-window", **place)
        if part:
            return finding("no-submodule", **place, name=missing[1])
        return finding("no-package", **place, name=module)
    if lacking is not None:
        if lacking[2].partition(".")[0] in _WINDOWS:
            return finding("no-window", **place)
        return finding("not-in-module", **place, name=lacking[1], found=lacking[2])
    return finding("raised", **place, type=raised.type_name, words=words)
