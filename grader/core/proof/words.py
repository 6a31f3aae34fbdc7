"""What questions in words must satisfy: nothing gives the answer away, and what is wrong has a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from grader.core.course.questions import Choice, ChoiceKey, FormulaKey, Key, Posed, Questions, TextKey
from grader.core.proof.findings import Finding
from grader.core.proof.solution import language_finding, missing_languages
from grader.core.words.errors import Position
from grader.core.words.message import Text, say

# Names of options that students write in a file.
_TELLING = frozenset({"right", "wrong", "correct", "incorrect", "answer", "true_one", "togri", "notogri", "xato"})


def question_findings(work: Questions, places: Mapping[str, Position], languages: tuple[str, ...]) -> Iterator[Finding]:
    """Yield what is not right with the questions of an exercise.

    Args:
        places: the position of each question in the exercise's file.
        languages: of the course.
    """
    for posed in work.questions:
        at, key = places[posed.name], (work.keys or {}).get(posed.name)
        for what, text in _texts(posed, key):
            missing = missing_languages(dict(text.texts), languages)
            if missing:
                yield language_finding(f"{posed.name}: {what}", missing, at)
        if isinstance(posed, Choice) and isinstance(key, ChoiceKey):
            yield from _choice(posed, key, at)


def _choice(choice: Choice, key: ChoiceKey, at: Position) -> Iterator[Finding]:
    for option in choice.options:
        if option.name.casefold() in _TELLING:
            message = say("students see the names of choices, and {name} gives the answer away", name=option.name)
            yield Finding("option-name-tells", at, message)
    if len(key.right) == len(choice.options):
        yield Finding("every-option-right", at, say("every choice is right: whoever names all of them has it"))
    without = [option.name for option in choice.options if option.name not in {*key.right, *key.why}]
    if without:
        message = say(
            "no reason says why these choices are wrong: {names}; write it in answers.yaml under why",
            names=", ".join(without),
        )
        yield Finding("option-without-reason", at, message)


def _texts(posed: Posed, key: Key | None) -> Iterator[tuple[str, Text]]:
    yield "ask", posed.ask
    if isinstance(posed, Choice):
        yield from ((option.name, option.text) for option in posed.options)
    match key:
        case ChoiceKey(why=why) | TextKey(why=why):
            yield from ((f"why {name}", text) for name, text in why.items())
        case FormulaKey(why=Text() as why):
            yield "why", why
