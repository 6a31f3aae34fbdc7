"""Names what a program that is not right shows: the author's wrong programs first, then general forms, then raises.

One ranking: the most specific explanation that reproduces the submission's numbers on all probes wins. An explanation
of some probes only is none. What explains equally well is one answer that names them all, the likeliest first; the
source decides which that is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from grader.core.compare.printed_numbers import printed_numbers
from grader.core.compare.tolerance import Expected, Sight
from grader.core.course.exercise import Check, CompareOutput, CompareParameter
from grader.core.course.sampling import Array
from grader.core.diagnose.behaviour import Look, look_at, raised_in
from grader.core.diagnose.behaviour_match import alike, by_numbers
from grader.core.diagnose.exceptions import Explained, explained
from grader.core.diagnose.training_patterns import forms_of_training
from grader.core.diagnose.value_patterns import Form, forms_of_calls
from grader.core.diagnose.wrong_programs import KnownWrong, Seen
from grader.core.program.code_digest import built_in_of, habits_of
from grader.core.program.code_features import return_in_loop, role_of, uncalled_item
from grader.core.program.source import Source
from grader.core.report.finding import Finding, finding
from grader.core.report.report import NamedMisconception


@dataclass(frozen=True)
class AnswerSide:
    """What the course's own side knows of an exercise: its solution's source, and its wrong programs as observed."""

    solution: Source
    wrong: Sequence[KnownWrong]


@dataclass(frozen=True)
class Case:
    """A check that a submission did not pass, with what was seen of it.

    Attributes:
        sights: per signature, per probe.
        best: the signature that went best.
    """

    check: Check
    source: Source
    sights: Sequence[Sequence[Sight]]
    best: int
    expected: Sequence[tuple[Expected, ...]]
    numbers: Sequence[Mapping[str, Array]]


def diagnosed(case: Case, known: AnswerSide) -> tuple[NamedMisconception, ...]:
    """Return the names that explain a check that did not pass, the likeliest first; none where nothing explains it."""
    # What a submission's numbers overflow to is no match; that needs no warning.
    with np.errstate(all="ignore"):
        return _authors(case, known) or _forms(case) or _raises(case) or _source(case)


def meaning(case: Case) -> Finding | None:
    """Say what the exception means that a submission ended with; None where it did not, or nothing is known of it."""
    found = _explained(case)
    return None if found is None else found.hint


def _authors(case: Case, known: AnswerSide) -> tuple[NamedMisconception, ...]:
    looks = [[look_at(case.check, sight, case.source) for sight in sights] for sights in case.sights]
    found = [wrong for wrong in known.wrong if _behaves_as(case, looks, wrong) and _shares_means(case, known, wrong)]
    if any(isinstance(item, CompareOutput) for item in case.check.compare):
        # Other numbers may lie between those that are looked for: who prints more of them is the one.
        most = max((_printed(wrong) for wrong in found), default=0)
        found = [wrong for wrong in found if _printed(wrong) == most]
    if len(found) > 1:
        mine, right = habits_of(case.source), habits_of(known.solution)
        found.sort(key=lambda wrong: -_nearness(mine ^ right, habits_of(wrong.source) ^ right))
    names: dict[str, NamedMisconception] = {}
    for wrong in found:
        hint = finding("author-hint", text=wrong.program.hint)
        names.setdefault(wrong.program.name, NamedMisconception(wrong.program.name, hint))
    return tuple(names.values())


def _printed(wrong: KnownWrong) -> int:
    return len(printed_numbers(wrong.seen[0][0].single.sight.run.stdout))


def _behaves_as(case: Case, looks: Sequence[Sequence[Look]], wrong: KnownWrong) -> bool:
    """Whether a submission is like a wrong program under every signature, or under another one than that has."""

    def same(mine: Sequence[Look], its: Sequence[Seen]) -> bool:
        return alike(case.check, mine, its, case.expected)

    if all(same(mine, its) for mine, its in zip(looks, wrong.seen, strict=True)):
        return True
    pairs = product(enumerate(looks), enumerate(wrong.seen))
    return any(here != there and same(mine, its) for (here, mine), (there, its) in pairs)


def _shares_means(case: Case, known: AnswerSide, wrong: KnownWrong) -> bool:
    """Where both gave nothing at all, whether the submission does what makes the wrong program wrong: prints, say."""
    if any(by_numbers(case.check, its) for its in wrong.seen):
        return True
    return built_in_of(wrong.source) - built_in_of(known.solution) <= built_in_of(case.source)


def _nearness(mine: frozenset[str], its: frozenset[str]) -> float:
    """Return how much of what sets two programs apart from the solution they share, from 0 to 1 (Jaccard index)."""
    return len(mine & its) / len(mine | its) if mine | its else 1.0


def _forms(case: Case) -> tuple[NamedMisconception, ...]:
    parameter = _forms_of_parameter(case)
    if parameter:
        return _named(parameter)
    for sights in sorted(case.sights, key=lambda sights: sights is not case.sights[case.best]):
        if any(sight.run.stop is not None or raised_in(sight) is not None for sight in sights):
            continue
        arguments = (case.check, sights, case.expected, case.numbers)
        forms = forms_of_calls(*arguments) or forms_of_training(*arguments)
        if forms:
            return _named(forms)
    return ()


def _forms_of_parameter(case: Case) -> list[Form]:
    """Name what a parameter lacks to be one."""
    forms = []
    for item in case.check.compare:
        if isinstance(item, CompareParameter):
            values = [sight.run.ran.finals.get(item.name) for sight in case.sights[case.best] if sight.run.ran]
            tensors = [value for value in values if value is not None and value.kind == "tensor"]
            if tensors and all("float" not in value.dtype for value in tensors):
                forms.append(Form("integer-leaf", finding("holds-whole-numbers")))
            elif tensors and not any(value.requires_grad for value in tensors):
                forms.append(Form("graph-cut", finding("no-gradient-computed")))
    return forms


def _named(forms: Sequence[Form | Explained]) -> tuple[NamedMisconception, ...]:
    return tuple({form.name: NamedMisconception(form.name, form.hint) for form in forms if form.name}.values())


def _raises(case: Case) -> tuple[NamedMisconception, ...]:
    found = _explained(case)
    return () if found is None else _named([found])


def _explained(case: Case) -> Explained | None:
    for sight in case.sights[case.best]:
        raised = raised_in(sight)
        if raised is not None:
            return explained(raised, role_of(case.source, raised.line), _steps_before(sight))
    return None


def _steps_before(sight: Sight) -> int:
    ran = sight.run.ran
    if ran is None or ran.raised is None:
        return 0
    return -1 if ran.trace is None else ran.trace.count


def _source(case: Case) -> tuple[NamedMisconception, ...]:
    """Name what the source shows, where the observation shows it as well."""
    sights = case.sights[case.best]
    printed = any("<built-in method" in sight.run.stdout for sight in sights)
    outputs = any(isinstance(item, CompareOutput) for item in case.check.compare)
    values = [value for sight in sights if sight.called for value in sight.called.values]
    method = any(value.type_name == "builtin_function_or_method" for value in values)
    if ((printed and outputs) or method) and uncalled_item(case.source):
        hint = finding("method-not-called")
        return (NamedMisconception("item-not-called", hint),)
    if return_in_loop(case.source) and any(_short(*pair) for pair in zip(sights, case.expected, strict=True)):
        hint = finding("loop-left-at-once")
        return (NamedMisconception("returned-in-loop", hint),)
    return ()


def _short(sight: Sight, expected: tuple[Expected, ...]) -> bool:
    """Whether a training stopped too early."""
    mine = sight.run.ran.trace if sight.run.ran else None
    ours = expected[0].sight.run.ran.trace if expected[0].sight.run.ran else None
    return mine is not None and ours is not None and 0 < mine.count < ours.count
