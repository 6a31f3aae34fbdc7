"""What somebody typed into a learning management system in place of handing in a file: a program, or answers."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import replace

from grader.core.words.message import Message, say
from grader.store.downloads.tree import File, TooMuch

TYPED_ANSWERS = ("typed.yaml",)
# Nobody types more, and everything here is read at once.
_MOST_BYTES = 64 * 2**10
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/pre|/h[1-6]|/tr)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[/!a-zA-Z][^<>]*>")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
_CODE = re.compile(
    r"^[ \t]*+(?:(?:def|class|import|from|for|while|if|with|@|print\()[\s\w(.]|[\w.\[\], \t]++[-+*/]?=[^=])", re.M
)


def typed(file: File) -> tuple[File, str] | Message:
    """Return a typed text as a file of plain text, with the name under which it is read; or why it is no work."""
    try:
        content = file.read()
    except TooMuch:
        return say("it is too large")
    except OSError as error:
        return say("it cannot be read: {words}", words=error.strerror or str(error))
    if len(content) > _MOST_BYTES:
        return say("it is too large")
    text = plain(content.decode("utf-8", "replace"))
    if not text:
        return say("nothing was typed")
    return replace(file, read=lambda: text.encode()), "typed.py" if _CODE.search(text) else TYPED_ANSWERS[0]


def as_answers(content: bytes, names: Sequence[str]) -> bytes:
    """Return what was typed as answers: a number alone is the answer where one thing is asked."""
    return content if len(names) != 1 or b":" in content else names[0].encode() + b": " + content


def plain(text: str) -> str:
    """Return the text that HTML shows: its lines, their indentation, and no tags."""
    shown = html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
    lines = _INVISIBLE.sub("", shown).replace("\xa0", " ").replace("\0", "").splitlines()
    kept = "\n".join(line.rstrip() for line in lines).strip("\n")
    return f"{kept}\n" if kept.strip() else ""
