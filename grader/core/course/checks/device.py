"""The device on which a check is tried once more, where there is one: a GPU."""

from __future__ import annotations

from dataclasses import dataclass

from grader.core.course.checks.recording import What

DEVICES = ("cuda",)
# What expressions of such a check call the device that they are asked on.
DEVICE = "device"
# What can be compared there. A whole run makes its own tensors, and chance and costs are other ones there.
COMPARABLE: tuple[What, ...] = ("values", "gradient", "after")


@dataclass(frozen=True)
class Device:
    """A device by torch's name.

    Attributes:
        required: whether a check is void where it cannot be tried there; otherwise the processor decides alone.
    """

    name: str
    required: bool = False
