"""Code in colours: which words of a line are keywords, strings, comments and numbers, as Pygments reads them.

What somebody handed in can be anything. Pygments reads with regular expressions, of which some take the square of a
long run of spaces or empty lines; so only a text of the size that a person writes is read, without such lines, and for
a limited time. Everything else is shown as it is, in one colour.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from time import thread_time

from markupsafe import Markup, escape
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String

# Ten times what a program of a course has.
_MOST_LETTERS = 20_000
_LONGEST_LINE = 500
# Of the processor; a program of a course takes a hundredth of it.
_SECONDS = 0.5
# The classes of the style sheet. The first that holds a token names it.
_CLASSES = (
    (Keyword, "tk"),
    (Operator.Word, "tk"),
    (String, "ts"),
    (Comment, "tc"),
    (Number, "tn"),
    (Name.Builtin, "tb"),
    (Name.Function, "tf"),
    (Name.Class, "tf"),
    (Name.Decorator, "tf"),
)


def coloured(lines: Sequence[str]) -> list[Markup]:
    """Return each line of a program as HTML, escaped.

    Args:
        lines: without their ends, and without control characters.
    """
    plain = [escape(line) for line in lines]
    if not lines or sum(map(len, lines)) > _MOST_LETTERS or any(len(line) > _LONGEST_LINE for line in lines):
        return plain
    found: list[list[tuple[str, str]]] = [[]]
    until = thread_time() + _SECONDS
    text = "\n".join(line if line.strip() else "" for line in lines)
    for _, kind, words in PythonLexer().get_tokens_unprocessed(text):
        if thread_time() > until:
            return plain
        name = next((name for group, name in _CLASSES if kind in group), "")
        for place, part in enumerate(words.split("\n")):
            if place:
                found.append([])
            if part:
                found[-1].append((name, part))
    pairs = zip(plain, found, strict=True)
    return [_joined(tokens) if tokens else as_it_is for as_it_is, tokens in pairs]


def _joined(tokens: Iterable[tuple[str, str]]) -> Markup:
    """Return tokens as HTML; neighbours of one class are one element."""
    runs = ((name, "".join(part for _, part in run)) for name, run in groupby(tokens, itemgetter(0)))
    return Markup("").join(
        Markup('<span class="{}">{}</span>').format(name, words) if name else escape(words) for name, words in runs
    )
