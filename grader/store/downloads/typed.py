"""What somebody typed into a learning management system in place of handing in a file: a program, or answers."""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Sequence
from dataclasses import replace

from grader.core.words.message import Message, say
from grader.core.words.numbers import NotANumber, parse_number
from grader.store.downloads.tree import File, TooMuch

TYPED_ANSWERS, TYPED_PROGRAM = ("typed.yaml",), ("typed.py",)
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
    return replace(file, read=lambda: text.encode()), (TYPED_PROGRAM if _CODE.search(text) else TYPED_ANSWERS)[0]


def as_answers(content: bytes, names: Sequence[str]) -> bytes:
    """Return what was typed as answers: `name = number` is one, and a number alone where one thing is asked."""
    given = assigned(content, names) if b"=" in content else None
    if given is not None:
        return given
    return content if len(names) != 1 or b":" in content else names[0].encode() + b": " + content


def assigned(content: bytes, names: Sequence[str]) -> bytes | None:
    """Return lines such as `name = number` as `name: number`; None of what may be a program or is no answer."""
    lines = [line for line in content.decode("utf-8", "replace").splitlines() if line.strip()]
    parts = [[part.strip() for part in line.replace(":", "=", 1).split("=")] for line in lines]
    if not parts or any(len(each) != 2 or not all(each) or len(each[0].split()) != 1 for each in parts):
        return None
    # Of a misspelled name whoever reads the answers says so; under any other nobody would miss them.
    misspelled = any(difflib.get_close_matches(name, names, n=1) for name, _ in parts)
    if any(name in names for name, _ in parts) or (misspelled and all(_is_number(value) for _, value in parts)):
        return "".join(f"{name}: {value}\n" for name, value in parts).encode()
    return None


def _is_number(text: str) -> bool:
    try:
        parse_number(text)
    except NotANumber:
        return False
    return True


def plain(text: str) -> str:
    """Return the text that HTML shows: its lines, their indentation, and no tags."""
    shown = html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
    lines = _INVISIBLE.sub("", shown).replace("\xa0", " ").replace("\0", "").splitlines()
    kept = "\n".join(line.rstrip() for line in lines).strip("\n")
    return f"{kept}\n" if kept.strip() else ""
