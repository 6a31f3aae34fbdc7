"""Imports nbgrader, which takes seconds, without the longest of them."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from grader.core.words.errors import UsageFault
from grader.core.words.message import say

# jsonschema takes it where it is installed, to check addresses that are not ASCII, and goes without where it is not.
# No notebook's schema has such; making its grammar ready takes longer than all the rest of nbgrader.
_NOT_ASKED = "rfc3987_syntax"


def import_nbgrader() -> None:
    """Import nbgrader.

    Raises:
        ModuleNotFoundError: where it is not installed.
    """
    if _NOT_ASKED in sys.modules:
        importlib.import_module("nbgrader.api")
        return
    sys.modules[_NOT_ASKED] = None  # type: ignore[assignment]
    try:
        importlib.import_module("nbgrader.api")
    finally:
        del sys.modules[_NOT_ASKED]


@contextmanager
def needs_nbgrader() -> Iterator[None]:
    """Say how to get nbgrader where it, or what comes with it, cannot be imported.

    Raises:
        UsageFault: in place of ModuleNotFoundError.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("nbgrader", "jupyter_core", "traitlets"):
            raise
        mend = 'pip install "nbgrader>=0.9"'
        raise UsageFault(say("this needs nbgrader; install it with: {mend}", mend=mend)) from None
