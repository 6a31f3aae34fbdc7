"""Torch, if it is there, and what happens as soon as it is."""

from __future__ import annotations

import sys
from typing import Any

from grader.sandbox.inside.program.environment.on_import import Do, when_imported


def torch_or_none() -> Any:
    """Return torch if this process has imported it. A plain-Python exercise never pays for it."""
    return sys.modules.get("torch")


def when_torch_is_imported(do: Do) -> None:
    """Call `do` with torch: now, or as soon as it is imported and before the import returns."""
    when_imported("torch", do)
