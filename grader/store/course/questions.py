"""Reads the questions of an exercise file that is answered in words. What is right is read in `answer_keys`."""

from __future__ import annotations

from grader.core.course.questions import Choice, Option, Posed, ShortText, TypedFormula
from grader.core.questions.order import MOST_OPTIONS
from grader.core.questions.texts import plain
from grader.core.words.message import Text, say
from grader.store.yaml import nodes as y
from grader.store.yaml.reader import Reading

_MOST_TEXT, _MOST_ATTEMPTS = 200, 100
_FORMS = ("options", "text", "formula")


def read_questions(reading: Reading, node: y.Node, languages: tuple[str, ...]) -> tuple[Posed, ...]:
    """Read `questions`; none where one of them has faults."""
    items = node.items if isinstance(node, y.Sequence) else (node,)
    if not items:
        reading.fault(node, say("nothing is asked; write a question as {{name: …, ask: …, points: …, options: …}}"))
    posed = [_read_posed(reading, item, languages) for item in items]
    seen: set[str] = set()
    for item in items:
        name = item.get("name") if isinstance(item, y.Mapping) else None
        if isinstance(name, y.Scalar):
            if name.text in seen:
                reading.fault(name, say("duplicate name: {name}", name=name.text))
            seen.add(name.text)
    known = tuple(each for each in posed if each is not None)
    return known if len(known) == len(posed) else ()


def _read_posed(reading: Reading, node: y.Node, languages: tuple[str, ...]) -> Posed | None:
    values = reading.fields(
        node,
        {
            "name": reading.name,
            "ask": lambda ask: reading.text(ask, languages),
            "points": lambda points: reading.number(points, 0, 10_000),
        },
        {
            "options": lambda options: _read_options(reading, options, languages),
            "several": reading.truth,
            "text": lambda most: reading.whole(most, 1, _MOST_TEXT),
            "formula": lambda names: reading.sequence(names, reading.name),
            "attempts": lambda attempts: reading.whole(attempts, 1, _MOST_ATTEMPTS),
        },
    )
    name, ask, points = (values.get(key) for key in ("name", "ask", "points"))
    forms = [form for form in _FORMS if isinstance(node, y.Mapping) and node.get(form) is not None]
    if isinstance(node, y.Mapping) and len(forms) != 1:
        reading.fault(
            node,
            say(
                "a question has exactly one of {forms}; this one has {count}", forms=", ".join(_FORMS), count=len(forms)
            ),
        )
        return None
    several = node.get("several") if isinstance(node, y.Mapping) else None
    if several is not None and forms != ["options"]:
        reading.fault(several, say("several belongs to a question with choices"))
    if not (isinstance(name, str) and isinstance(ask, Text) and isinstance(points, float)):
        return None
    attempts = values.get("attempts")
    own = {"attempts": attempts} if isinstance(attempts, int) else {}
    match values.get(forms[0]):
        case tuple(found) if found and forms == ["options"]:
            return Choice(name, points, ask, found, values.get("several") is True, **own)
        case tuple(found) if found:
            return TypedFormula(name, points, ask, found, **own)
        case int(most):
            return ShortText(name, points, ask, most, **own)
    return None


def _read_options(reading: Reading, node: y.Node, languages: tuple[str, ...]) -> tuple[Option, ...] | None:
    if not isinstance(node, y.Mapping):
        reading.fault(node, say("expected the choices by name: {{momentum: {{uz: …, en: …}}, adam: …}}"))
        return None
    if not 2 <= len(node.entries) <= MOST_OPTIONS:
        reading.fault(node, say("a question has from 2 to {most} choices", most=MOST_OPTIONS))
        return None
    options: list[Option] = []
    told: set[tuple[str, str]] = set()
    for key, value in node.entries:
        name, text = reading.name(key), reading.text(value, languages)
        if name is not None and len(name) < 2:
            reading.fault(key, say("{name} is too short for a choice: single letters are the student's", name=name))
        if name is None or text is None:
            continue
        if any(name.casefold() == option.name.casefold() for option in options):
            reading.fault(key, say("duplicate name: {name}", name=name))
        for language, words in text.texts:
            if (language, plain(words)) in told:
                reading.fault(value, say("two choices read the same: {text}", text=words))
            told.add((language, plain(words)))
        options.append(Option(name, text))
    return tuple(options) if len(options) == len(node.entries) else None
