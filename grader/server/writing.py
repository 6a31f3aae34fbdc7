"""What people write into forms for others to read: plain text, so long at most."""

from __future__ import annotations

from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.server.asking import Asked

LONGEST = 2000


def written(asked: Asked, field: str) -> str:
    """Return the text of a field, its lines unchanged and the blanks around it removed; empty where there is none.

    Raises:
        UsageFault: where it is too long. Nothing is cut: who wrote it decides what is left out.
    """
    text = asked.one(field).replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > LONGEST:
        words = say("This is too long: {count} characters, and {most} at most.", count=len(text), most=LONGEST)
        raise UsageFault(words)
    return text
