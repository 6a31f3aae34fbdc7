"""The number of the rules of judging, and digests of an exercise: of what decides a mark, and of all else in it.

Seeds and the keys of results are made from the first digest. So it is taken over a canonical form and never over bytes
or `repr`: JSON with sorted keys, a word of the exercise's language for each kind of value, and without what equals its
default, so that neither a comment, nor a class with another name, nor a new field moves a key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, replace
from typing import Any

from grader.core.autodiff import expression as e
from grader.core.autodiff.graph import Arriving, Derivative, Graph, Node, ValueOf
from grader.core.course import exercise as x
from grader.core.course import questions as q
from grader.core.course.checks.author_tests import AuthorFile, AuthorTest, Tested
from grader.core.course.checks.call import Call
from grader.core.course.checks.device import Device
from grader.core.course.checks.given import Given, Shape
from grader.core.course.checks.limits import Limits
from grader.core.course.checks.rules import Rules
from grader.core.course.checks.training import DataSource
from grader.core.course.declared import Term
from grader.core.course.draws.draw import Array
from grader.core.course.facets import Facets
from grader.core.course.given_files import GivenFile
from grader.core.diagnose.wrong_programs import WrongProgram
from grader.core.program.features.bare_code import bare_code, bare_text

# Raise it by one, knowingly, whenever the same submission may get another verdict or score than before: a rule of
# comparison, a tolerance, what the recorders see, how points are added up. What was judged under an earlier number
# keeps its grade and is shown as stale, cached references are observed again, and released copies ask for new files.
# A change of words, speed or layout never raises it. `tests/grading/judge/test_golden.py` forces it.
JUDGING = 5

# What a value is called in a key for good, whatever its class is called. Comparisons and draws say it themselves.
_WORDS: Mapping[type, str] = {
    x.Stated: "stated",
    x.Coded: "program",
    Tested: "tested",
    x.Mixed: "mixed",
    q.Questions: "questions",
    q.Choice: "choice",
    q.Option: "option",
    q.ShortText: "text",
    q.TypedFormula: "formula",
    q.ChoiceKey: "right",
    q.TextKey: "accepts",
    q.FormulaKey: "equals",
    x.Ask: "ask",
    x.Check: "check",
    AuthorTest: "test",
    AuthorFile: "file",
    DataSource: "data",
    Device: "device",
    Call: "call",
    Given: "given",
    Limits: "limits",
    Shape: "shape",
    Rules: "rules",
    Array: "array",
    Graph: "graph",
    Node: "node",
    Arriving: "arriving",
    Derivative: "derivative",
    ValueOf: "value_of",
    WrongProgram: "wrong",
}
# What the author tells people, or `course check`; and where a file lies.
_TOLD: Mapping[type, frozenset[str]] = {
    x.Stated: frozenset({"ambiguous"}),
    x.Ask: frozenset({"expect", "ambiguous"}),
    AuthorFile: frozenset({"shown"}),
    q.Choice: frozenset({"ask"}),
    q.Option: frozenset({"text"}),
    q.ShortText: frozenset({"ask"}),
    q.TypedFormula: frozenset({"ask"}),
    q.ChoiceKey: frozenset({"why"}),
    q.TextKey: frozenset({"why"}),
    q.FormulaKey: frozenset({"why"}),
    WrongProgram: frozenset({"hint", "shown", "unnamed"}),
}


def judging_digest(
    exercise: x.Exercise, solution: bytes, wrong: Sequence[WrongProgram], right: Sequence[bytes] = ()
) -> str:
    """Return the SHA-256, as hexadecimal text, of all that verdicts, scores and named mistakes follow from.

    These are the checks with their draws, limits, comparisons and points, and the code of starter, tests, solution,
    and the author's other programs, wrong and right. Titles, prompts, hints and comments are none of it.
    """
    parts = {**_judged(exercise), "solution": bare_code(solution), "wrong": _form(tuple(wrong))}
    return _digest({**parts, "right": [bare_code(each) for each in right]} if right else parts)


def declared_digest(exercise: x.Exercise) -> str:
    """Return the digest of what decides a mark in exercise.yaml alone: the students' copy has no other files whole."""
    work = exercise.work
    return _digest(_judged(replace(exercise, work=_DECLARED.of(work)(work))))


def _as_it_is(work: x.Stated) -> x.Stated:
    return work


def _without_starter(work: x.Coded) -> x.Coded:
    # Nobody but the course has data.py and make_files.py.
    checks = tuple(replace(check, maker="") if check.maker else check for check in work.checks)
    return replace(work, starter=b"", makes="", checks=checks)


def _without_files(work: Tested) -> Tested:
    # In which file a test is found is not known where that file is hidden.
    checks = (replace(check, tests=tuple(test.rpartition("::")[2] for test in check.tests)) for check in work.checks)
    return replace(work, starter=b"", files=(), checks=tuple(checks))


def _without_both(work: x.Mixed) -> x.Mixed:
    return x.Mixed(_without_starter(work.coded), _without_files(work.tested))


def _without_keys(work: q.Questions) -> q.Questions:
    return replace(work, keys=None)


# What exercise.yaml alone says of a work.
_DECLARED: Facets[Callable[[Any], x.Work]] = Facets(
    {
        x.Stated: _as_it_is,
        x.Coded: _without_starter,
        Tested: _without_files,
        x.Mixed: _without_both,
        q.Questions: _without_keys,
    }
)


def wording_digest(exercise: x.Exercise, wrong: Sequence[WrongProgram]) -> str:
    """Return the digest of all that was written: it changes with a prompt, a hint, a comment, and what is judged."""
    hints = [[program.name, program.hint.texts, program.unnamed] for program in wrong]
    return _digest({"file": hashlib.sha256(exercise.content).hexdigest(), "hints": hints})


def _judged(exercise: x.Exercise) -> dict[str, Any]:
    return {"id": exercise.id, "reveal": exercise.reveal, "work": _form(exercise.work)}


def _digest(form: Mapping[str, Any]) -> str:
    text = json.dumps(form, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _form(value: Any) -> Any:
    """Return what JSON writes in one way only.

    Raises:
        TypeError: for a kind of value that has no word here yet.
    """
    if isinstance(value, GivenFile):
        # Of data every byte counts, and megabytes of them are no text of a key.
        code = value.name.endswith(".py")
        own = bare_code(value.content) if code else hashlib.sha256(value.content).hexdigest()
        return {"given_file": {"name": value.name, "content": own}}
    word = value.word if isinstance(value, Term) else _WORDS.get(type(value))
    if word is not None:
        return {word: _parts(value)}
    match value:
        case None | bool() | int() | float() | str():
            return value
        case bytes():
            return bare_code(value)
        case tuple() | list():
            return [_form(item) for item in value]
        case e.Number() | e.Name() | e.Negative() | e.Binary() | e.Apply():
            return e.unparse(value)
        case Mapping():
            return {name: _form(item) for name, item in value.items()}
    raise TypeError(f"{type(value).__name__} has no word in keys yet")


def _parts(value: Any) -> dict[str, Any]:
    told = _TOLD.get(type(value), frozenset())
    parts = {
        each.name: _form(part)
        for each in fields(value)
        if each.name not in told and (part := getattr(value, each.name)) != _default(each)
    }
    if isinstance(value, Term | q.TextKey) and value.rule:
        parts["rule"] = value.rule
    if isinstance(value, x.Check) and value.ask:
        parts["ask"] = bare_text(value.ask)
    if parts.get("makes"):
        parts["makes"] = bare_text(parts["makes"])
    if isinstance(value, x.Check) and value.maker:
        parts["maker"] = bare_text(value.maker)
    if isinstance(value, AuthorFile) and value.name.endswith(".py"):
        parts["text"] = bare_text(value.text)
    return parts


def _default(field: Field[Any]) -> Any:
    """Return the default of a field; what equals nothing where it has none."""
    if field.default_factory is not MISSING:
        make: Callable[[], Any] = field.default_factory
        return make()
    return field.default
