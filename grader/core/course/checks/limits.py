"""What a submission may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What a submission may use above the ready interpreter.

    Attributes:
        wall: seconds of wall-clock time per child, without those in which it waited for a core.
        cpu: seconds of processor time per child.
        memory: bytes above what the interpreter had when the submission started.
        output: bytes of standard output and error, together.
        disk: bytes that may be written to scratch.
        files: files and folders in scratch.
        threads: threads, the main one included, as far as the box can count them.
    """

    wall: float = 10.0
    cpu: float = 10.0
    memory: int = 512 * 2**20
    output: int = 2**20
    disk: int = 64 * 2**20
    files: int = 256
    threads: int = 64
