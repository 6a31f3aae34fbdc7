"""What `course show --as-author` prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from gettext import gettext as _
from typing import Any

from grader.actions.author.author_view import AuthorView, CodedView, MixedView, QuestionsView, StatedView, TestedView
from grader.core.autodiff.expression import unparse
from grader.core.compare.comparison import Comparison, comparisons
from grader.core.compare.kinds.cost import CompareCost
from grader.core.compare.tolerance import Expected, shown_shape
from grader.core.course.checks.author_tests import Tested
from grader.core.course.checks.limits import Limits
from grader.core.course.exercise import Ask, Check, Coded, Mixed, Stated
from grader.core.course.facets import Facets
from grader.core.course.feedback import Tells
from grader.core.course.given_files import GivenFile, beginning
from grader.core.course.questions import ChoiceKey, FormulaKey, Key, Questions, TextKey
from grader.core.run.trace import Floats
from grader.core.stated.judge import ask_allowed
from grader.core.words.message import say
from grader.core.words.numbers import show, show_interval

_MOST = 6
_TELLS = {
    Tells.CAUSE: say("course submit tells: what differs, where, and what causes it"),
    Tells.PLACE: say("course submit tells: what differs and where; course hint leads to the cause"),
    Tells.VERDICT: say("course submit tells: which checks passed; course hint tells the rest"),
}


def as_lines(view: AuthorView, language: str) -> Iterator[str]:
    """Yield what an author sees: the numbers drawn, what is expected, how far off is allowed, and known mistakes."""
    yield _TELLS[view.exercise.tells].said(_)
    yield from _LINES.of(view.exercise.work)(view, language)


def _stated(view: StatedView, _language: str) -> Iterator[str]:
    for ask in view.work.asks:
        yield from _ask(view, ask)


def _coded(view: CodedView, language: str) -> Iterator[str]:
    yield _("numbers: from the public seed") if view.public else _("numbers: from --seed")
    for check in view.work.checks:
        yield from _check(view, check)
    yield ""
    yield _("{count} wrong programs:").format(count=len(view.wrong))
    for wrong in view.wrong:
        reason = _(" (no name: {reason})").format(reason=wrong.unnamed) if wrong.unnamed else ""
        yield f"  {wrong.name}  {wrong.shown}{reason}"
        yield f"    {wrong.hint.said_in(language)}"


def _ask(view: StatedView, ask: Ask) -> Iterator[str]:
    answer = view.answers[ask.name]
    allowed = ask_allowed(ask, answer)
    yield ""
    yield f"{ask.name} = {ask.question}: {show(answer, 12)}"
    yield "  " + _("accepted: {interval}, {digits} digits").format(
        interval=show_interval(answer, allowed), digits=ask.digits
    )
    by_value: dict[str, list[str]] = {}
    for idea in view.ideas[ask.name]:
        names = by_value.setdefault(show(idea.value), [])
        if idea.name not in names:
            names.append(idea.name)
    for value, names in by_value.items():
        yield f"  {value}: {', '.join(names)}"


def _check(view: CodedView, check: Check) -> Iterator[str]:
    yield ""
    yield f"{check.name}: {', '.join(map(str, check.calls)) or 'run: script'}"
    yield _limits(check.limits)
    if check.device is not None:
        yield "  " + _("also tried on {device}, where there is one that submissions may use").format(
            device=check.device.name
        )
    if check.data is not None:
        yield from _training(view, check)
        return
    expected = view.references[check.name].expected
    for place, (numbers, probe) in enumerate(zip(view.numbers[check.name], expected, strict=True), 1):
        drawn = ", ".join(f"{name} = {_told(array.numbers, array.shape)}" for name, array in numbers.items())
        made = view.references[check.name].made_files[place - 2 : place - 1] if place > 1 else ()
        drawn = ", ".join(filter(None, [drawn, *(_file(file) for files in made for file in files)]))
        yield "  " + _("probe {place}: {numbers}").format(place=place, numbers=drawn)
        for item, wanted in zip(comparisons(check), probe, strict=True):
            for key, array in wanted.arrays.items():
                label = item.label if key in item.label.split() else f"{item.label} {key}"
                told = f"    {label}: {_told(array.reshape(-1), array.shape)}{_allowed(item, wanted, key)}"
                if wanted.upto is not None and item.counts(key):
                    compared = _("compared to step {step} of {steps}").format(step=wanted.upto, steps=len(array))
                    told += f" ({compared})"
                yield told


def _allowed(item: Comparison, wanted: Expected, key: str) -> str:
    """Return how far a program may be off."""
    if isinstance(item, CompareCost):
        return _(", at most {times} times as much").format(times=show(item.times))
    return f" ± {show(float(wanted.allowed(key).max(initial=0.0)), 2)}"


def _file(file: GivenFile) -> str:
    return f"{file.name}: {beginning(file)}"


def _training(view: CodedView, check: Check) -> Iterator[str]:
    reference = view.references[check.name]
    expected, made = reference.expected[0][0], reference.made
    assert made is not None
    for name, array in (*made.train, *made.test):
        yield "  " + _("data: {names}").format(names=f"{name} {shown_shape(array.shape)}")
    (metric,) = (name for name in expected.arrays if name != "target")
    runs = _told(expected.arrays[metric], (len(expected.arrays[metric]),))
    yield "  " + _("{metric} that the solution reaches: {runs} ({machine})").format(
        metric=metric, runs=runs, machine=made.machine
    )
    least, goal = (show(number, 4) for number in expected.arrays["target"])
    yield "  " + _("goal: {goal}; nothing is earned up to {least}").format(goal=goal, least=least)


def _tested(view: TestedView, _language: str) -> Iterator[str]:
    public = {file.name for file in view.work.files if file.public}
    for check in view.work.checks:
        yield ""
        yield f"{check.name}:"
        for test in check.tests:
            line = _("{test} (students have it)") if test.partition("::")[0] in public else _("{test} (hidden)")
            yield "  " + line.format(test=test)
        yield _limits(check.limits)


def _mixed(view: MixedView, language: str) -> Iterator[str]:
    yield from _coded(view.coded, language)
    yield from _tested(view.tested, language)


def _questions(view: QuestionsView, language: str) -> Iterator[str]:
    for posed in view.work.questions:
        yield ""
        yield f"{posed.name}: {posed.ask.said_in(language)}"
        yield "  " + _("attempts: {count}").format(count=posed.attempts)
        for line in _right((view.work.keys or {})[posed.name], language):
            yield "  " + line
        for point in view.points.get(posed.name, ()):
            at = ", ".join(f"{name} = {show(value)}" for name, value in point.at.items() if name.isidentifier())
            yield "  " + _("at {point}: {value}").format(point=at, value=show(point.expected))


def _right(key: Key, language: str) -> Iterator[str]:
    match key:
        case ChoiceKey(right=right, why=why) | TextKey(accepts=right, why=why):
            yield _("right: {answers}").format(answers=", ".join(right))
            for name, reason in why.items():
                yield f"{name}: {reason.said_in(language)}"
        case FormulaKey(graph=graph, of=of, why=reason):
            shown = graph.nodes[-1].expression if str(of) == graph.nodes[-1].name else None
            yield _("right: {answers}").format(answers=str(of) if shown is None else unparse(shown))
            if reason is not None:
                yield reason.said_in(language)


def _limits(limits: Limits) -> str:
    return "  " + _("limits: {wall} s wall, {cpu} s CPU, {memory} MiB, {output} KiB of output").format(
        wall=show(limits.wall),
        cpu=show(limits.cpu),
        memory=show(limits.memory / 2**20),
        output=show(limits.output / 1024),
    )


def _told(numbers: tuple[float | int, ...] | Floats, shape: tuple[int, ...]) -> str:
    told = [show(float(number)) for number in numbers]
    if not shape:
        return told[0] if told else "–"
    if len(told) > _MOST:
        half = _MOST // 2
        told = [*told[:half], f"… {len(told)} …", *told[-half:]]
    return f"[{', '.join(told)}]"


_LINES: Facets[Callable[[Any, str], Iterator[str]]] = Facets(
    {Stated: _stated, Coded: _coded, Tested: _tested, Mixed: _mixed, Questions: _questions}
)
