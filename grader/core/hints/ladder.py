"""The ladder of hints for one recorded submission: where to look, a question, and only then the likeliest mistake."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from grader.core.autodiff.graph import ValueOf
from grader.core.autodiff.tape import edges_between, roots, unroll
from grader.core.course.exercise import Ask, AuthorTest, Check, Exercise, Stated
from grader.core.hints.locations import asked_of, asked_of_ask, place_in
from grader.core.hints.questions import question_about, question_of_kind
from grader.core.report.report import Verdict
from grader.core.stated.judge import hiding
from grader.core.stated.mistakes import all_ideas, without_numbers
from grader.core.words.message import Message, Text, Translate, say

# A tie of more ideas than these is no hint any more.
_MOST_IDEAS = 3


Part = Ask | Check | AuthorTest


@dataclass(frozen=True)
class RecordedCheck:
    """A check's result as a recorded report has it, its texts in the language of the submission.

    Attributes:
        carried: whether points were given for what follows from the student's own earlier answers.
        misconceptions: names with their hints, the likeliest first.
    """

    name: str
    verdict: Verdict
    status: str = ""
    message: str = ""
    carried: bool = False
    misconceptions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Rung:
    """One hint. `misconception` is told by the last hint of a check only: a name gives much away."""

    text: Message
    check: str | None = None
    misconception: str | None = None


def ladder(
    exercise: Exercise,
    report: Sequence[RecordedCheck],
    translations: Mapping[str, Translate],
    authors: Iterable[Text] = (),
) -> tuple[Rung, ...]:
    """Return all hints for a submission in the order in which they are given; none where every check passed.

    Args:
        translations: what the report's texts may have been said with.
        authors: hints of the course's own, which are known in every language.
    """
    told = {check.name: check for check in report}
    wrong = [(part, told[part.name]) for part in _parts(exercise) if _to_mend(told.get(part.name))]
    to_find = [part for part, _ in wrong if isinstance(part, Ask)]
    rungs: list[Rung] = []
    said: set[str] = set()
    for part, check in wrong:
        # A file that cannot be read fails every check for one reason: one ladder is enough.
        if check.verdict is Verdict.ERROR and not isinstance(part, Ask) and check.message in said:
            continue
        said.add(check.message)
        rungs += _of_part(exercise, part, check, translations, tuple(authors), to_find)
    own = [Rung(say("{text}", text=text)) for text in exercise.hints] if rungs else []
    return (*own, *rungs)


def before_any_attempt(exercise: Exercise) -> Rung:
    """Return what to do first."""
    if not isinstance(exercise.work, Stated):
        return Rung(
            say(
                "Nothing is handed in yet. Read what is asked: course show {id}. Then course start {id} copies a "
                "beginning into work/; fill in the first gap, and hand it in: course submit {id}",
                id=exercise.id,
            )
        )
    return Rung(
        say(
            "Nothing is handed in yet. Read what is asked: course show {id}. Draw the graph, write the local "
            "derivative at each edge, and hand in what you have: course submit {id} --answer {name}=NUMBER",
            id=exercise.id,
            name=exercise.work.asks[0].name,
        )
    )


def _to_mend(check: RecordedCheck | None) -> bool:
    # What was skipped waits for another check, and that one has hints of its own.
    return check is not None and check.verdict not in (Verdict.PASS, Verdict.SKIPPED)


def _parts(exercise: Exercise) -> list[Part]:
    """Return the checks in the order of the file, stated values in that of the graph."""
    work = exercise.work
    if not isinstance(work, Stated):
        return list(work.checks)
    return [*sorted(work.asks, key=partial(_depth, work))]


def _depth(work: Stated, ask: Ask) -> tuple[int, int]:
    if isinstance(ask.question, ValueOf):
        names = [node.name for node in work.graph.nodes]
        return 0, names.index(ask.question.name) if ask.question.name in names else -1
    tape = unroll(work.graph, work.at)
    start = roots(work.graph, tape, ask.question)
    return 1, len(edges_between(tape, start, tape.place[ask.question.by]))


def _of_part(
    exercise: Exercise,
    part: Part,
    check: RecordedCheck,
    translations: Mapping[str, Translate],
    authors: Sequence[Text],
    to_find: Sequence[Ask],
) -> Iterator[Rung]:
    if check.verdict is Verdict.VOID:
        again = say(
            "{check} could not be judged, and it is not your fault. Hand it in once more: course submit {id}",
            check=part.name,
            id=exercise.id,
        )
        yield Rung(again, part.name)
        return
    yield Rung(_where(exercise, part, check, translations), part.name)
    if check.carried and isinstance(part, Ask):
        carried = say("The method is right here: the number follows from an earlier one of yours. Which one is it?")
        yield Rung(carried, part.name)
        return
    names = [name for name, _ in check.misconceptions]
    # The questions about names speak of derivatives and trainings, never of a node's value.
    of_value = isinstance(part, Ask) and isinstance(part.question, ValueOf)
    question = question_about(names[0]) if names and not of_value else None
    yield Rung(question or question_of_kind(part, check.verdict is Verdict.ERROR, check.status), part.name)
    if check.misconceptions:
        yield Rung(_likeliest(exercise, part, check, translations, authors, to_find), part.name, names[0])


def _where(exercise: Exercise, part: Part, check: RecordedCheck, translations: Mapping[str, Translate]) -> Message:
    if isinstance(part, Ask):
        assert isinstance(exercise.work, Stated)
        return asked_of_ask(exercise.work, part)
    place = place_in(check.message, part, translations)
    asked = asked_of(part)
    return asked if place is None else say("{asked} {place}", asked=asked, place=place)


def _likeliest(
    exercise: Exercise,
    part: Part,
    check: RecordedCheck,
    translations: Mapping[str, Translate],
    authors: Sequence[Text],
    to_find: Sequence[Ask],
) -> Message:
    """Return the hint of the likeliest misconception; of a stated value, all that give the number."""
    if not isinstance(part, Ask):
        hint = check.misconceptions[0][1]
        known = next((text for text in authors if hint in dict(text.texts).values()), None)
        return say("{text}", text=known or hint)
    work = exercise.work
    assert isinstance(work, Stated)
    hides = hiding(to_find, {ask.name: work.graph.answer(ask.question, work.at) for ask in to_find})
    ideas_known = all_ideas(work.graph, work.at, part.question)
    masked = without_numbers(ideas_known, hides)
    # The report has them with numbers where the exercise reveals its answers; a hint never does.
    ideas = {
        idea.hint.said(translate, language): told.hint
        for idea, told in zip((*ideas_known, *masked), (*masked, *masked), strict=True)
        for language, translate in translations.items()
    }
    first, *others = [ideas.get(hint, hint) for _, hint in check.misconceptions[:_MOST_IDEAS]]
    sentence = say("Your number is what you get when {idea}.", idea=first)
    for other in others:
        sentence = say("{sentence}\n  Or: {idea}.", sentence=sentence, idea=other)
    return sentence
