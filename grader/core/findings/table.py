"""Which kinds of finding there are, the sentence of each, and the fields that it is made of.

Kinds outlive the version that writes them: reports are kept for years. So a kind keeps its name and the meaning of its
fields for ever, and may gain fields; what has to mean something else gets a name of its own, and the old one stays here
for what was kept. A kind that is not known here comes from a later version, and is told by its English text.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from string import Formatter

from grader.core.compare.kinds import COMPARISONS
from grader.core.findings.kinds import answers, exceptions, general, mistakes, patterns, programs, runs, tests
from grader.core.words.message import Message

_OURS: Mapping[str, Message] = {
    **general.SENTENCES,
    **runs.SENTENCES,
    **programs.SENTENCES,
    **tests.SENTENCES,
    **answers.SENTENCES,
    **mistakes.SENTENCES,
    **patterns.SENTENCES,
    **exceptions.SENTENCES,
}

# What a name in a sentence stands for, where that is not the field of the same name.
_MADE_OF: Mapping[str, tuple[str, ...]] = {
    "where": ("file", "cell", "line", "column"),
    "subject": ("subject", "call", "inputs"),
    "interval": ("accepted",),
    "place": ("index",),
    "previous": ("step",),
    "parts": ("parts", "count"),
    "data": ("inputs",),
    "about": ("about", "expected"),
    "mark": (),
}
# Kinds whose sentence is put together from what the finding holds, or the check.
_WHOLE: Mapping[str, frozenset[str]] = {
    "likely-cause": frozenset({"causes"}),
    "comes-out-when": frozenset({"actual", "causes"}),
    "first-difference": frozenset({"quantity", "step", "rows"}),
}


def sentence_of(kind: str) -> Message | None:
    """Return the sentence of a kind; None where it is not known. A comparison has one for each of its reasons."""
    own = _OURS.get(kind)
    return own or next((each.reasons[kind] for each in COMPARISONS.kinds if kind in each.reasons), None)


def kinds() -> tuple[str, ...]:
    """Return the names of all kinds."""
    return tuple(dict.fromkeys((*_OURS, *(reason for each in COMPARISONS.kinds for reason in each.reasons))))


def placeholders(sentence: Message) -> tuple[str, ...]:
    """Return the names in a sentence, each once."""
    return _names_in(sentence.template)


@cache
def _names_in(template: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for _, name, _, _ in Formatter().parse(template) if name))


def fields_of(kind: str, sentence: Message) -> frozenset[str]:
    """Return the fields that the sentence of a kind is made of: a finding says nothing that its sentence does not."""
    if kind in _WHOLE:
        return _WHOLE[kind]
    return frozenset(field for name in placeholders(sentence) for field in _MADE_OF.get(name, (name,)))
