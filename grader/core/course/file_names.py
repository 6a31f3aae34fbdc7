"""Which exercise a file answers, by names as people, browsers and systems make them of `4.5.py`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence

# Mail programs and editors add an end, and cameras and old systems write capitals.
_END = re.compile(r"(.+?)\.(py|ipynb|yaml|yml)(?:\.(?:txt|py|ipynb|json|yaml))?", re.IGNORECASE | re.DOTALL)
_PARTING = r"[._\-,\s]"
# What a browser, a file manager, Jupyter or Canvas puts behind the name of a second copy.
_COPY_AT_END = re.compile(
    r"(?:[\s_-]*(?:\(\d+\)|-\s?copy\s?\d*|copy\s?\d*|копия|nusxa|v\d+|final)|[-_]\d{1,2})\s*$", re.IGNORECASE
)
_LONGEST = 255


def parted(name: str) -> tuple[str, str] | None:
    """Return the stem and the suffix, .py, .ipynb or .yaml, of a file that may be work; None for any other file."""
    match = _END.fullmatch(unicodedata.normalize("NFKC", name[:_LONGEST]).strip())
    if match is None:
        return None
    suffix = match[2].lower()
    return match[1].strip(), ".yaml" if suffix == "yml" else f".{suffix}"


def exercises_named(path: Sequence[str], ids: Collection[str]) -> tuple[str, ...]:
    """Return the exercises that a file's name speaks of, or else the nearest folder that speaks of any.

    Args:
        path: the folders and the file, below the place that belongs to the student alone.
        ids: of the course's exercises.
    """
    if not path:
        return ()
    stem = (parted(path[-1]) or (path[-1], ""))[0]
    for part in (stem, *reversed(path[:-1])):
        found = _named(unicodedata.normalize("NFKC", part)[:_LONGEST], ids)
        if found:
            return found
    return ()


def _named(text: str, ids: Collection[str]) -> tuple[str, ...]:
    if text.strip() in ids:
        return (text.strip(),)
    with_dots = tuple(id for id in ids if re.search(rf"(?<![\d.]){re.escape(id)}(?!\.?\d)", text))
    if with_dots:
        return with_dots
    found: tuple[str, ...] = ()
    for each in _with_and_without_copies(text):
        loose = tuple(id for id in ids if re.search(_loose(id), each))
        if len(loose) == 1:
            return loose
        found = found or loose
    return found


def _loose(id: str) -> str:
    digits = _PARTING.join(map(re.escape, id.split(".")))
    return rf"(?<!\d)(?<!\d{_PARTING}){digits}(?!{_PARTING}?\d)"


def _with_and_without_copies(text: str) -> Iterator[str]:
    """Yield a name, and without what stands behind it one after another."""
    yield text
    while (match := _COPY_AT_END.search(text)) is not None and match.start() > 0:
        text = text[: match.start()]
        yield text
