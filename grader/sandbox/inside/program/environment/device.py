"""Opens the device that a job needs, which is hidden from every other program."""

from __future__ import annotations

import os

_HIDING = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES")


def opened(name: str) -> bool:
    """Return whether torch computes on a device here, by its name; from then on it is there."""
    for variable in _HIDING:
        # Torch looks at them when it first asks the driver, which nothing before this has done.
        os.environ.pop(variable, None)
    import torch

    try:
        if torch.device(name).type == "cuda" and not torch.cuda.is_available():
            return False
        torch.ones(1, device=name).cpu()
    except (RuntimeError, AssertionError, NotImplementedError):
        return False
    # What is held to the processor's numbers is not rounded to ten bits.
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.matmul.allow_tf32 = False
    return True
