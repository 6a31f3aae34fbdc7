"""The verdict on questions in words. Nothing runs, and nothing tells the answer before the last attempt."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from grader.core.course.questions import (
    Choice,
    ChoiceKey,
    FormulaKey,
    Key,
    Posed,
    Questions,
    ShortText,
    TextKey,
    TypedFormula,
)
from grader.core.questions.formula import compared, parse_typed, points
from grader.core.questions.texts import compact, mixes_alphabets
from grader.core.questions.written import Written
from grader.core.report.finding import Finding, finding
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.observation import RunStatus
from grader.core.words.numbers import show


def judge_questions(work: Questions, written: Written, seed: bytes) -> tuple[CheckResult, ...]:
    """Judge the answers to all questions; where nobody knows what is right, each is void.

    Args:
        seed: of the points at which formulas are compared.
    """
    return tuple(_judged(each, (work.keys or {}).get(each.name), written, seed) for each in work.questions)


def _judged(posed: Posed, key: Key | None, written: Written, seed: bytes) -> CheckResult:
    attempts = written.attempts(posed.name)
    counted = attempts[: posed.attempts]
    answer = counted[-1]
    if answer is None:
        return _result(posed, Verdict.FAIL, finding("no-answer", about=posed.name))
    if isinstance(answer, Finding):
        return _result(posed, Verdict.ERROR, answer)
    used = (finding("attempts-used", most=posed.attempts),) if len(attempts) > len(counted) else ()
    said = (*used, *_said(posed, answer))
    if key is None:
        return _result(posed, Verdict.VOID, *said, finding("recorded-not-judged"))
    last = len(counted) == posed.attempts
    result = _held(posed, key, answer, seed, last)
    more = posed.attempts - len(counted)
    left = (finding("attempts-left", count=more),) if more and result.verdict is Verdict.FAIL else ()
    return replace(result, findings=(*said, *result.findings, *left))


def _said(posed: Posed, answer: tuple[str, ...]) -> Iterator[Finding]:
    match posed:
        case Choice(options=options):
            yield from (
                finding("option-chosen", name=each.name, text=each.text) for each in options if each.name in answer
            )
        case _:
            yield finding("answer-written", found=answer[0])


def _held(posed: Posed, key: Key, answer: tuple[str, ...], seed: bytes, last: bool) -> CheckResult:
    match posed, key:
        case Choice(), ChoiceKey():
            return _choice(posed, key, answer, last)
        case ShortText(), TextKey():
            return _text(posed, key, answer[0], last)
        case TypedFormula(), FormulaKey():
            return _formula(posed, key, answer[0], seed, last)
    raise TypeError(f"{type(key).__name__} is no key to {type(posed).__name__}")


def _choice(choice: Choice, key: ChoiceKey, chosen: tuple[str, ...], last: bool) -> CheckResult:
    right = sum(name in key.right for name in chosen)
    if right == len(chosen) == len(key.right):
        return _result(choice, Verdict.PASS)
    # Guessing is worth nothing: every wrong one costs as much as a right one earns.
    share = max(0, 2 * right - len(chosen)) / len(key.right) if choice.several else 0.0
    told = reasons(choice, key, chosen) if last else ()
    return replace(_result(choice, Verdict.FAIL, *told), carried=round(share * choice.points, 2))


def _text(posed: ShortText, key: TextKey, text: str, last: bool) -> CheckResult:
    if compact(text) in map(compact, key.accepts):
        return _result(posed, Verdict.PASS)
    mixed = (finding("alphabets-mixed"),) if mixes_alphabets(text) else ()
    return _result(posed, Verdict.FAIL, *mixed, *(reasons(posed, key, (text,)) if last else ()))


def _formula(posed: TypedFormula, key: FormulaKey, text: str, seed: bytes, last: bool) -> CheckResult:
    right, at = compared(parse_typed(text, posed.names), points(key, posed.names, seed_of(seed, posed)))
    if right:
        return _result(posed, Verdict.PASS)
    if at is None:
        differs = finding("formula-without-value")
    else:
        shown = tuple((name, show(at.at[name], 3)) for name in posed.names)
        differs = finding("formula-differs", inputs=shown)
    return _result(posed, Verdict.FAIL, differs, *(reasons(posed, key, (text,)) if last else ()))


def reasons(posed: Posed, key: Key, answer: tuple[str, ...]) -> tuple[Finding, ...]:
    """Return what the author says of a wrong answer; for after the last attempt, and never before."""
    match posed, key:
        case Choice(options=options), ChoiceKey(why=why):
            return tuple(
                finding("why-option-is-wrong", text=option.text, what=why[option.name])
                for option in options
                if option.name in answer and option.name in why
            )
        case ShortText(), TextKey(why=why):
            same = (reason for wrong, reason in why.items() if compact(wrong) == compact(answer[0]))
            return tuple(finding("author-hint", text=reason) for reason in (next(same, None),) if reason is not None)
        case TypedFormula(), FormulaKey(why=why) if why is not None:
            return (finding("author-hint", text=why),)
    return ()


def seed_of(seed: bytes, posed: Posed) -> bytes:
    """Return the seed of the points of one question."""
    return hashlib.sha256(b"\0".join((b"formula", posed.name.encode(), seed))).digest()


def _result(posed: Posed, verdict: Verdict, *findings: Finding) -> CheckResult:
    return CheckResult(posed.name, RunStatus.NOT_RUN, verdict, posed.points, findings)
