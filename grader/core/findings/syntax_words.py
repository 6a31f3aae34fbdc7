"""What Python says of a syntax error, as sentences that can be said in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from grader.core.words.message import Message, say

# In English they are Python's own words: whoever looks for them elsewhere finds them.
_SENTENCES: Mapping[str, Message] = {
    r"invalid syntax": say("invalid syntax"),
    r"invalid syntax\. Perhaps you forgot a comma\?": say("invalid syntax. Perhaps you forgot a comma?"),
    r"invalid syntax\. Maybe you meant '==' or ':=' instead of '='\?": say(
        "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"
    ),
    r"expected ':'": say("expected ':'"),
    r"unexpected indent": say("unexpected indent"),
    r"unindent does not match any outer indentation level": say("unindent does not match any outer indentation level"),
    r"inconsistent use of tabs and spaces in indentation": say("inconsistent use of tabs and spaces in indentation"),
    r"expected an indented block after (?P<what>.{1,60}) on line (?P<line>\d+)": say(
        "expected an indented block after {what} on line {line}"
    ),
    r"'(?P<bracket>.)' was never closed": say("'{bracket}' was never closed"),
    r"unmatched '(?P<bracket>.)'": say("unmatched '{bracket}'"),
    r"closing parenthesis '(?P<one>.)' does not match opening parenthesis '(?P<other>.)'": say(
        "closing parenthesis '{one}' does not match opening parenthesis '{other}'"
    ),
    r"unterminated string literal \(detected at line (?P<line>\d+)\)": say(
        "unterminated string literal (detected at line {line})"
    ),
    r"unterminated triple-quoted string literal \(detected at line (?P<line>\d+)\)": say(
        "unterminated triple-quoted string literal (detected at line {line})"
    ),
    r"invalid character '(?P<sign>.)' \((?P<code>U\+[0-9A-F]+)\)": say("invalid character '{sign}' ({code})"),
    r"invalid decimal literal": say("invalid decimal literal"),
    r"cannot assign to (?P<what>.{1,60}) here\. Maybe you meant '==' instead of '='\?": say(
        "cannot assign to {what} here. Maybe you meant '==' instead of '='?"
    ),
    r"Missing parentheses in call to 'print'\. Did you mean print\(\.\.\.\)\?": say(
        "Missing parentheses in call to 'print'. Did you mean print(...)?"
    ),
    r"'(?P<word>return|yield|await)' outside function": say("'{word}' outside function"),
    r"'(?P<word>break)' outside loop": say("'{word}' outside loop"),
    r"'(?P<word>continue)' not properly in loop": say("'{word}' not properly in loop"),
    r"f-string: expecting '\}'": say("f-string: expecting '}}'"),
}
_KNOWN = tuple((re.compile(pattern, re.DOTALL), sentence) for pattern, sentence in _SENTENCES.items())


def in_words(told: str) -> Message | str:
    """Return what Python said as a message that can be translated; as it is where we know it not."""
    for pattern, sentence in _KNOWN:
        if match := pattern.fullmatch(told):
            return replace(sentence, arguments=match.groupdict())
    return told


# As long as this a message is told whole.
_LONG = 120


def first_sentence(words: str) -> str:
    """Return how a long message of an exception begins; what it goes on to advise is seldom about this case."""
    end = next((place for mark in (". ", " (or ") if (place := words.find(mark)) > 0), len(words))
    return words if len(words) <= _LONG or end >= len(words) else f"{words[:end]} …"
