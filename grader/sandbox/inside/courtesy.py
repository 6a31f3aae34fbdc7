"""Words for what a locked child cannot do, where torch would search for seconds and then speak of something else."""

from __future__ import annotations

import sys
from typing import Any, NoReturn

from grader.sandbox.inside.values import torch_or_none


def explain_what_is_missing() -> None:
    """Let torch.compile and a DataLoader's workers say at once why they are not to be had here."""
    torch = torch_or_none()
    if torch is None:
        return
    torch.compile = _no_compiler
    loader = sys.modules.get("torch.utils.data.dataloader")
    if loader is not None:
        setattr(loader, "_MultiProcessingDataLoaderIter", _no_workers)  # noqa: B010


def _no_compiler(*_: Any, **__: Any) -> NoReturn:
    raise RuntimeError("torch.compile needs a compiler, which the box does not have; leave it out")


def _no_workers(*_: Any) -> NoReturn:
    raise RuntimeError("DataLoader's workers are processes, and the box has no other processes; write num_workers=0")
