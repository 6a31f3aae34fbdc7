"""A program of several files as one text, in which a line above each file says its name.

Such a text is what is recorded, digested and read; only where it runs are the files modules again. It is the same for
the same files, in whatever order they were found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

MOST_FILES = 10
# As the box has it, in sandbox/inside/several.py.
_HEAD = re.compile(r"^# ==== file ([A-Za-z_]\w{0,59}\.py) ====$", re.MULTILINE | re.ASCII)


@dataclass(frozen=True)
class Part:
    """A file in the text.

    Attributes:
        above: the line of the text that says its name, counted from 1; the file begins below.
        last: its last line in the text.
    """

    name: str
    above: int
    last: int


def joined(files: Mapping[str, str]) -> str:
    """Return files as one text."""
    # A line that looks like a head would be one.
    texts = {name: _HEAD.sub(lambda found: f"# {found[0]}", text) for name, text in sorted(files.items())}
    parts = (f"# ==== file {name} ====\n{text}" for name, text in texts.items())
    return "".join(part if part.endswith("\n") else f"{part}\n" for part in parts)


def has_parts(text: str) -> bool:
    """Whether a text begins as those of several files do."""
    return _HEAD.match(text) is not None


@lru_cache(maxsize=16)
def parts_of(text: str) -> tuple[Part, ...]:
    """Return the files in a text; none where it is the text of one file."""
    if not has_parts(text):
        return ()
    heads = [(found[1], text.count("\n", 0, found.start()) + 1) for found in _HEAD.finditer(text)]
    ends = [*(line - 1 for _, line in heads[1:]), text.count("\n") + (not text.endswith("\n"))]
    return tuple(Part(name, above, last) for (name, above), last in zip(heads, ends, strict=True))


def text_of(text: str, part: Part) -> str:
    """Return one file."""
    return "\n".join(text.split("\n")[part.above : part.last])


def texts_by_name(text: str) -> dict[str, str]:
    """Return the files in a text by name."""
    lines = text.split("\n")
    return {part.name: "".join(f"{line}\n" for line in lines[part.above : part.last]) for part in parts_of(text)}
