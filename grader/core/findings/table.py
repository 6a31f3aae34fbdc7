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


def sentence_of(kind: str) -> Message | None:
    """Return the sentence of a kind; None for a kind that is not known. Comparisons bring kinds of their own."""
    return _OURS.get(kind) or _of_comparisons().get(kind)


def kinds() -> tuple[str, ...]:
    """Return the names of all kinds."""
    return (*_OURS, *_of_comparisons())


def _of_comparisons() -> dict[str, Message]:
    return {reason: sentence for kind in COMPARISONS.kinds for reason, sentence in kind.reasons.items()}


# The fields that fill a placeholder of a sentence, where it is not the field of the same name.
_MADE_OF: Mapping[str, tuple[str, ...]] = {
    "where": ("file", "cell", "line", "column"),
    "subject": ("quantity", "name", "call", "inputs"),
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


@cache
def placeholders(kind: str) -> tuple[str, ...]:
    """Return the names in the sentence of a kind; none for a kind that is not known."""
    sentence = sentence_of(kind)
    template = "" if sentence is None else sentence.template
    return tuple(dict.fromkeys(name for _, name, _, _ in Formatter().parse(template) if name))


@cache
def fields_of(kind: str) -> frozenset[str]:
    """Return the fields that the sentence of a kind is made of: a finding says nothing that its sentence does not."""
    if kind in _WHOLE:
        return _WHOLE[kind]
    named = (_MADE_OF.get(name, (name,)) for name in placeholders(kind))
    return frozenset(field for fields in named for field in fields)
