"""Names what is wrong with a program that was judged. It has no part in any verdict, and comes after them all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.core.course.exercise import Check, Coded
from grader.core.diagnose.diagnose import AS_IT_IS, AnswerSide, PutRight
from grader.core.diagnose.repairs import told_of
from grader.core.diagnose.settings import Asked, Change, changes_to, named_change, parameters_of
from grader.core.diagnose.wrong_programs import KnownWrong
from grader.core.judge.judge import judge_case
from grader.core.judge.reference import Reference
from grader.core.judge.shows import goes_by_its_own, with_diagnosis, with_evidence
from grader.core.program.rewriting.settings import Setting, with_settings
from grader.core.program.rewriting.written import Edit
from grader.core.program.source import Source
from grader.core.report.finding import finding
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.plan import program_jobs
from grader.grading.judge.repairing import Held, Search, repaired
from grader.grading.judge.steps import Alone, Look, Steps, at_once, observed
from grader.grading.judge.wrong_programs import WrongObserver

_FACTORS = frozenset({"factor-two-missing", "scaled"})
References = Mapping[str, Reference]


@dataclass(frozen=True)
class Diagnosing:
    """What naming the mistakes of programs needs of their exercise.

    Attributes:
        seed: of the numbers that may be shown.
        asked: the settings of the training that is asked for.
        search: looks for a change that makes a check pass, and keeps what it found before.
    """

    work: Coded
    seed: bytes
    wrong: WrongObserver
    asked: Mapping[Setting, Asked]
    search: Search


def diagnosed_results(
    known: Diagnosing,
    source: Source,
    results: Sequence[CheckResult],
    looks: Mapping[str, Look],
    references: References,
    passed_before: Iterable[Check] = (),
) -> Steps[tuple[CheckResult, ...]]:
    """Add to results what there is to see, and to those that did not pass what names them.

    Args:
        passed_before: checks that the program passes, beside those of the results.
    """
    cases = {name: look.case for name, look in looks.items() if look.case is not None}
    lost = {result.name for result in results if result.name in cases and result.verdict is not Verdict.PASS}
    checks = {check.name: check for check in known.work.checks}
    # Of a training it is not asked: it takes long, and chance has a part in it.
    passed = [check for name, check in checks.items() if _passed(name, looks) and check.data is None]
    passed += [check for check in passed_before if check.data is None]
    put_right: Mapping[str, PutRight] = {}
    elsewhere: list[tuple[Check, Sequence[KnownWrong]]] = []
    if lost:
        asked = [check for name, check in checks.items() if name in lost]
        yield from observe_wrong(known.wrong, [*asked, *passed], references)
        elsewhere = [(check, known.wrong.answer_side(check).wrong) for check in passed]
        trained = [look for name, look in looks.items() if name in lost and _is_trained(look)]
        put_right = yield from _with_settings_put_right(known, source, trained, references)
    # What fails where this program passes is not what this program does: of the same function, or of the whole run.
    sides = {
        name: known.wrong.answer_side(checks[name]).without(
            [each for check, wrong in elsewhere if check.asked == checks[name].asked for each in wrong]
        )
        for name in lost
    }

    def told(result: CheckResult, sides: Mapping[str, AnswerSide]) -> CheckResult:
        if result.name not in cases:
            return result
        case = cases[result.name]
        result, departure = with_evidence(result, case)
        if result.name not in lost:
            return result
        return with_diagnosis(result, case, departure, sides[result.name], put_right.get(result.name, AS_IT_IS))

    found = [told(result, sides) for result in results]
    in_part = _explained_in_part(found, checks, lost)
    if in_part:
        sides |= {name: replace(sides[name], wrong=()) for name in in_part}
        found = [
            told(result, sides) if result.name in in_part else each for result, each in zip(results, found, strict=True)
        ]
    return (yield from _with_a_repair(known, source, found, looks, put_right, references))


def _explained_in_part(results: Sequence[CheckResult], checks: Mapping[str, Check], lost: Collection[str]) -> set[str]:
    """Return checks with a cause whose functions fail another check that nothing explains.

    An idea is in a function or it is not: a wrong program that does at one check what this one does, and not at the
    next, does something else.
    """
    called = {
        each.name: checks[each.name].asked for each in results if each.name in lost and _is_called(checks[each.name])
    }
    open_to = [
        called[each.name]
        for each in results
        if each.name in called
        and called[each.name]
        and each.verdict is Verdict.FAIL
        and not each.causes
        # NaN and infinity come out of one idea as of another.
        and not any(found.kind in ("not-a-number", "infinite") for found in each.findings[:1])
    ]
    return {each.name for each in results if each.name in called and each.causes and called[each.name] in open_to}


def _is_called(check: Check) -> bool:
    """Whether a check asks for calls alone, and runs and trains nothing."""
    return not check.script and check.data is None


def _with_a_repair(
    known: Diagnosing,
    source: Source,
    results: Sequence[CheckResult],
    looks: Mapping[str, Look],
    put_right: Mapping[str, PutRight],
    references: References,
) -> Steps[tuple[CheckResult, ...]]:
    """Look for one small change with which the first check passes that nothing explains."""
    places = [
        i for i, each in enumerate(results) if each.name in looks and not each.causes and _is_open(looks[each.name])
    ]
    if not places or source.parts or source.faults:
        return tuple(results)
    result, look = results[places[0]], looks[results[places[0]].name]
    changes = put_right[result.name].changes if result.name in put_right else ()
    changed = _changed(source, changes)
    functions = () if look.check.script else tuple(call.function for call in look.check.calls if call.function)
    held = Held(look.check, known.work, changed, known.seed, references[result.name], look)
    mend = yield from repaired(held, known.search, parameters_of(known.work), functions)
    edits = [_unnamed(each, held) for each in mend.edits]
    beside = put_right[result.name].settings if edits and result.name in put_right else ()
    hints = tuple(each.hint for each in beside if each.hint not in result.findings)
    causes, where = told_of(edits, source, known.wrong.answer_side(look.check), mend.together or bool(beside))
    kind = "causes-together" if mend.together else "likely-cause"
    told = (finding(kind, causes=tuple(cause.name for cause in causes)),) if causes else ()
    repaired_result = replace(result, findings=(*result.findings, *hints, *told, *where), causes=causes)
    return tuple(repaired_result if each is result else each for each in results)


def _unnamed(edit: Edit, held: Held) -> Edit:
    """Return a change without its name where it is a factor before a rounding, which many factors would do for."""
    return replace(edit, name="") if edit.name in _FACTORS and held.of_whole_numbers else edit


def _passed(name: str, looks: Mapping[str, Look]) -> bool:
    return name in looks and looks[name].result.verdict is Verdict.PASS


def _is_open(look: Look) -> bool:
    """Whether a check failed in a run that came to its own end, and was of one set of data that can be asked again."""
    failed = look.result.verdict in (Verdict.FAIL, Verdict.ERROR) and look.case is not None
    return failed and look.check.data is None and _ended(look) and not goes_by_its_own(look.result)


def observe_wrong(wrong: WrongObserver, checks: Sequence[Check], references: References) -> Steps[None]:
    """Have run what is missing of the wrong programs at checks."""
    with wrong.missing(checks) as missing:
        found = yield from at_once([observed(programs) for programs in missing.values()])
        for check, runs in zip(missing, found, strict=True):
            wrong.take(check, references[check.name], runs)


def _is_trained(look: Look) -> bool:
    """Whether a check ran a training to its end, or to an exception, with the numbers that it was given."""
    return look.check.script and _ended(look) and not goes_by_its_own(look.result)


def _ended(look: Look) -> bool:
    return all(run.stop is None for run in look.runs)


def _with_settings_put_right(
    known: Diagnosing, source: Source, looks: Sequence[Look], references: References
) -> Steps[Mapping[str, PutRight]]:
    """Return what checks come to where the settings are those that are asked, by the name of the check.

    Settings that make no difference are told of nowhere.
    """
    changes = changes_to(source, known.asked, parameters_of(known.work)) if looks else ()
    if not changes:
        return {}
    again = yield from _looked_at_again(known, source, changes, looks, references)
    if len(changes) > 1 and again[0].result.verdict is Verdict.PASS:
        changes = yield from _needed(known, source, changes, looks[0], references)
    settings = tuple(named_change(change, source) for change in changes)
    put_right: dict[str, PutRight] = {}
    for before, look in zip(looks, again, strict=True):
        held = Held(look.check, known.work, source, known.seed, references[look.check.name], before)
        passes, further = look.result.verdict is Verdict.PASS, held.gets_further(look.runs)
        put_right[look.check.name] = PutRight(settings, passes, further, look.case, changes)
    return put_right


def _looked_at_again(
    known: Diagnosing,
    source: Source,
    changes: Sequence[Change],
    looks: Sequence[Look],
    references: References,
) -> Steps[list[Look]]:
    """Return checks as they are judged with settings changed."""
    changed = _changed(source, changes)
    found = yield [
        Alone(program_jobs(look.check, changed.text, changed.filename, known.seed, known.work)) for look in looks
    ]
    return [
        Look(
            look.check,
            runs,
            *judge_case(look.check, known.work, changed, known.seed, runs, references[look.check.name]),
        )
        for look, runs in zip(looks, found, strict=True)
    ]


def _changed(source: Source, changes: Sequence[Change]) -> Source:
    return replace(source, text=with_settings(source, {each.written: each.asked.value for each in changes}))


def _needed(
    known: Diagnosing, source: Source, changes: Sequence[Change], look: Look, references: References
) -> Steps[tuple[Change, ...]]:
    """Return the changes without which a check does not pass."""
    kept: list[Change] = []
    for place, change in enumerate(changes):
        others = [*kept, *changes[place + 1 :]]
        (again,) = yield from _looked_at_again(known, source, others, [look], references)
        if again.result.verdict is not Verdict.PASS:
            kept.append(change)
    return tuple(kept)
