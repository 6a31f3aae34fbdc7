"""The settings that an exercise asks for, and how a program's differ from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.core.course.checks.recording import names_of
from grader.core.course.exercise import Coded, Exercise
from grader.core.program.rewriting.settings import Setting, Written, settings_of
from grader.core.program.source import Source
from grader.core.report.finding import Finding, finding
from grader.core.report.report import NamedMisconception
from grader.core.words.numbers import show

_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w])")


@dataclass(frozen=True)
class Asked:
    """A setting as the solution has it.

    Attributes:
        value: None for the order in which data are written.
        said: whether the prompt or an example says it; what only the solution says is told to nobody.
    """

    value: float | None
    said: bool


@dataclass(frozen=True)
class Change:
    """A setting of a program that is not as it is asked."""

    setting: Setting
    written: Written
    asked: Asked


def parameters_of(work: Coded) -> tuple[str, ...]:
    """Return the names under which the checks of an exercise look for what is trained."""
    names = {
        name
        for check in work.checks
        if check.script
        for kind in ("final", "stores")
        for name in names_of(check.compare, kind)
    }
    return tuple(sorted(names))


def asked_settings(exercise: Exercise, work: Coded, solution: Source) -> Mapping[Setting, Asked]:
    """Return the settings of the solution's training; none where it has no training."""
    found = settings_of(solution, parameters_of(work))
    if not {Setting.EPOCHS, Setting.RATE} & {*found}:
        return {}
    said = {float(number) for _, text in exercise.prompt.texts for number in _NUMBER.findall(text)}
    for check in work.checks:
        said |= {number for example in check.examples for array in example.values() for number in array.numbers}
    asked = {
        setting: Asked(written.value, written.value in said)
        for setting, written in found.items()
        if written.value is not None
    }
    return asked if Setting.ORDER in found else {**asked, Setting.ORDER: Asked(None, said=True)}


def changes_to(source: Source, asked: Mapping[Setting, Asked], parameters: Sequence[str]) -> tuple[Change, ...]:
    """Return the settings of a program that are not as asked, where its text shows what they are."""
    if not asked:
        return ()
    found = settings_of(source, parameters)
    return tuple(
        Change(setting, found[setting], wanted)
        for setting, wanted in asked.items()
        if setting in found and (found[setting].value != wanted.value or setting is Setting.ORDER)
    )


def named_change(change: Change, source: Source) -> NamedMisconception:
    """Return what is said of a setting that is not as asked: what stands where, and what is asked."""
    return NamedMisconception(change.setting.value, _told(change, source))


def _told(change: Change, source: Source) -> Finding:
    fields = dict(_fields(change, source))
    if change.setting is Setting.ORDER:
        return finding("other-order", **fields)
    kind = {Setting.EPOCHS: "other-epochs", Setting.RATE: "other-rate", Setting.START: "other-start"}[change.setting]
    if not change.asked.said:
        return finding(f"{kind}-unsaid", **fields)
    return finding(kind, **fields, expected=change.asked.value)


def _fields(change: Change, source: Source) -> Iterator[tuple[str, object]]:
    yield from source.place(change.written.line).items()
    if change.written.value is not None:
        yield "found", show(change.written.value)
    elif change.setting is Setting.START:
        yield "found", source.line(change.written.line)
