"""The folder that a child works in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Scratch:
    """A folder as the child calls it.

    Attributes:
        placed: whether the child may only read there, so that the host puts the files of each job into it.
    """

    path: str
    placed: bool = False

    def with_files(self, content: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
        """Return what a child is told of a job; where it cannot write, its files are there already.

        Args:
            content: what it would be told where it can.
            files: of the job, by name.
        """
        if not self.placed:
            return dict(content)
        for name, data in files.items():
            path = Path(self.path) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return {**content, "given_files": [(name, None) for name in files]}
