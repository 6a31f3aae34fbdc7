"""The ladder of hints for one recorded submission: where to look, a question, and only then the likeliest mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from grader.core.autodiff.graph import ValueOf
from grader.core.autodiff.tape import edges_between, roots, unroll
from grader.core.course.exercise import Ask, AuthorTest, Check, Exercise, Stated
from grader.core.findings.telling import told
from grader.core.hints.locations import asked_of, asked_of_ask, place_in
from grader.core.hints.questions import question_about, question_of_kind
from grader.core.report.finding import Finding
from grader.core.report.report import CheckResult, Verdict
from grader.core.stated.judge import hiding
from grader.core.stated.mistakes import masked
from grader.core.words.message import Message, Text, say

# A tie of more ideas than these is no hint any more.
_MOST_IDEAS = 3
# Kinds of hint that an author wrote.
_AUTHORS = ("author-hint", "as-written")


Part = Ask | Check | AuthorTest


@dataclass(frozen=True)
class Rung:
    """One hint. `misconception` is told by the last hint of a check only: a name gives much away."""

    text: Message
    check: str | None = None
    misconception: str | None = None


def ladder(
    exercise: Exercise,
    report: Sequence[CheckResult],
    authors: Mapping[str, Text] | None = None,
) -> tuple[Rung, ...]:
    """Return all hints for a submission in the order in which they are given; none where every check passed.

    Args:
        authors: the course's own hints, by the name of the misconception.
    """
    seen = {check.name: check for check in report}
    wrong = [(part, seen[part.name]) for part in _parts(exercise) if _to_mend(seen.get(part.name))]
    to_find = [part for part, _ in wrong if isinstance(part, Ask)]
    rungs: list[Rung] = []
    before: set[tuple[Finding, ...]] = set()
    for part, check in wrong:
        # A file that cannot be read fails every check for one reason: one ladder is enough.
        if check.verdict is Verdict.ERROR and not isinstance(part, Ask) and check.findings in before:
            continue
        before.add(check.findings)
        rungs += _of_part(exercise, part, check, authors or {}, to_find)
    own = [Rung(say("{text}", text=text)) for text in exercise.hints] if rungs else []
    return (*own, *rungs)


def before_any_attempt(exercise: Exercise) -> Rung:
    """Return what to do first."""
    if not isinstance(exercise.work, Stated):
        return Rung(
            say(
                "You have not handed in anything yet. Read what is asked for: course show {id}. Then course start "
                "{id} copies the starter into work/; fill in the first gap, and hand it in: course submit {id}",
                id=exercise.id,
            )
        )
    return Rung(
        say(
            "You have not handed in anything yet. Read what is asked for: course show {id}. Draw the graph, "
            "write the local derivative at each edge, and hand in what you have: course submit {id} --answer "
            "{name}=NUMBER",
            id=exercise.id,
            name=exercise.work.asks[0].name,
        )
    )


def _to_mend(check: CheckResult | None) -> bool:
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
    check: CheckResult,
    authors: Mapping[str, Text],
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
    yield Rung(_where(exercise, part, check), part.name)
    if check.carried and isinstance(part, Ask):
        carried = say("The method is right here: the number follows from one of your earlier answers. Which one?")
        yield Rung(carried, part.name)
        return
    names = [cause.name for cause in check.causes]
    # The questions about names speak of derivatives and trainings, never of a node's value.
    of_value = isinstance(part, Ask) and isinstance(part.question, ValueOf)
    question = question_about(names[0]) if names and not of_value else None
    yield Rung(question or question_of_kind(part, check.verdict is Verdict.ERROR, check.status), part.name)
    likeliest = _likeliest(exercise, part, check, authors, to_find) if names else None
    if likeliest is not None:
        yield Rung(likeliest, part.name, names[0])


def _where(exercise: Exercise, part: Part, check: CheckResult) -> Message:
    if isinstance(part, Ask):
        assert isinstance(exercise.work, Stated)
        return asked_of_ask(exercise.work, part)
    place = place_in(check)
    asked = asked_of(part)
    return asked if place is None else say("{asked} {place}", asked=asked, place=place)


def _likeliest(
    exercise: Exercise, part: Part, check: CheckResult, authors: Mapping[str, Text], to_find: Sequence[Ask]
) -> Message | None:
    """Return the hint of the likeliest misconception; of a stated value, of all that give the number.

    None where a report of format 1 may tell numbers that are still to be found.
    """
    first = check.causes[0]
    if not isinstance(part, Ask):
        # The author may have found better words since.
        own = authors.get(first.name) if first.hint.kind in _AUTHORS else None
        return told(first.hint) if own is None else say("{text}", text=own)
    work = exercise.work
    assert isinstance(work, Stated)
    if exercise.reveal and first.hint.kind == "as-written":
        return None
    hides = hiding(to_find, {ask.name: work.graph.answer(ask.question, work.at) for ask in to_find})
    # A report has them with numbers where the exercise reveals its answers; a hint never does.
    idea, *others = [told(masked(cause.hint, hides)) for cause in check.causes[:_MOST_IDEAS]]
    sentence = say("Your number is what you get when {idea}.", idea=idea)
    for other in others:
        sentence = say("{sentence}\n  Or: {idea}.", sentence=sentence, idea=other)
    return sentence
