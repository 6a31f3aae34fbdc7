"""What is said to people, as values that are put into a language only at the edge."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from grader.core.words.numbers import show

Translate = Callable[[str], str]

# Control characters would let a student's text move the cursor of a teacher's terminal; marks of direction show its
# letters in another order, and some separators end a line without looking like it.
CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb\U000e0000-\U000e007f"
_CONTROL = re.compile(f"[{CONTROL}]")


@dataclass(frozen=True)
class Text:
    """An author's text in each language of the course: language code to text."""

    texts: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Text:
        return cls(tuple(sorted(texts.items())))

    def said_in(self, language: str) -> str:
        """Return the text in `language`; English, then any other, where it is missing."""
        texts = dict(self.texts)
        return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


@dataclass(frozen=True)
class Message:
    """One sentence of the grader: an English template, translated by gettext, and what fills its fields."""

    template: str
    arguments: Mapping[str, object] = field(default_factory=dict, hash=False)

    def said(self, translate: Translate, language: str = "en") -> str:
        """Return the sentence in the language of `translate`, free of control characters."""
        filled = {name: _said(value, translate, language) for name, value in self.arguments.items()}
        return translate(self.template).format(**filled)


def say(template: str, /, **arguments: object) -> Message:
    """Return a message. The first argument is collected for the catalogues, so it is always a literal."""
    return Message(template, arguments)


def clean(text: str) -> str:
    """Return `text` with control characters shown as `?`, lone surrogates included."""
    return _CONTROL.sub("?", text).encode("utf-8", "replace").decode()


def _said(value: object, translate: Translate, language: str) -> str:
    match value:
        case Message():
            return value.said(translate, language)
        case Text():
            return clean(value.said_in(language))
        case bool():
            return str(value)
        case int() | float():
            return show(value)
        case _:
            return clean(str(value))
