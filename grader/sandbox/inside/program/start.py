"""How every job starts and ends, whatever it is about."""

from __future__ import annotations

import random
import sys
from functools import partial
from typing import Any

import numpy as np

from grader.sandbox.inside.program.environment.random_numbers import draw_in_float32, give_back
from grader.sandbox.inside.program.environment.torch_import import when_torch_is_imported


def prepare(dtype: str) -> None:
    """Give every job the same start: forks of one process would otherwise share, or not share, random states."""
    random.seed(0)
    np.random.seed(0)
    when_torch_is_imported(partial(_prepare_torch, dtype))


def _prepare_torch(dtype: str, torch: Any) -> None:
    # torch.manual_seed would also keep a stack trace for each device that is not there.
    torch.default_generator.manual_seed(0)
    torch.set_default_dtype(getattr(torch, dtype))
    torch.set_grad_enabled(True)
    # Only what is held to other programs runs in float64; these run in float32.
    draw_in_float32(torch) if dtype == "float64" else give_back()
    torch.set_num_threads(1)


def flush() -> None:
    """Write out what the program has printed."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        # The submission may have put anything there.
        except BaseException:
            pass
