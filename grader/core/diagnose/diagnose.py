"""Names what a program that is not right shows: the author's wrong programs first, then general patterns, then raises.

One ranking: the most specific explanation that reproduces the submission's numbers on all probes wins. An explanation
of some probes only is none. What explains equally well is one answer that names them all, the likeliest first; the
source decides which that is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from grader.core.compare.comparison import Pattern, comparisons
from grader.core.compare.tolerance import Expected, Observation
from grader.core.course.checks.recording import asks
from grader.core.course.draws.draw import Array
from grader.core.course.exercise import Check
from grader.core.diagnose.behaviour import Behaviour, behaviour_of
from grader.core.diagnose.behaviour_match import by_numbers, matches
from grader.core.diagnose.exceptions import Explained, explained
from grader.core.diagnose.settings import Change
from grader.core.diagnose.slips import agrees, instead, slips_of, told_apart
from grader.core.diagnose.training_patterns import patterns_of_training
from grader.core.diagnose.value_patterns import patterns_of_calls
from grader.core.diagnose.wrong_programs import KnownWrong, Seen
from grader.core.program.features.code_digest import Digest, built_in_of, habits_of
from grader.core.program.features.code_features import return_in_loop, role_of, uncalled_item
from grader.core.program.features.uses import rescales
from grader.core.program.source import Source
from grader.core.report.finding import Finding, finding
from grader.core.report.report import NamedMisconception


@dataclass(frozen=True)
class AnswerSide:
    """What the course's own side knows of an exercise: its solution's source, and its wrong programs as observed."""

    solution: Source
    wrong: Sequence[KnownWrong]

    def without(self, others: Sequence[KnownWrong]) -> AnswerSide:
        """Return the same without these programs, as they are known at other checks.

        In the students' copy many have one name, and none has a file: the source tells which is which.
        """
        sources = {id(each.source) for each in others}
        return replace(self, wrong=[each for each in self.wrong if id(each.source) not in sources])


@dataclass(frozen=True)
class Case:
    """A check that a submission did not pass, with what was seen of it.

    Attributes:
        observations: per signature, per probe.
        best: the signature that went best.
    """

    check: Check
    source: Source
    observations: Sequence[Sequence[Observation]]
    best: int
    expected: Sequence[tuple[Expected, ...]]
    numbers: Sequence[Mapping[str, Array]]


@dataclass(frozen=True)
class PutRight:
    """What a program came to with its settings as they are asked.

    Attributes:
        settings: those that had to be changed, as causes.
        passes: whether nothing else is wrong.
        further: whether the training got further with them, where its check follows it.
        case: what was seen of it; None where it is not to be diagnosed.
        changes: what was changed.
    """

    settings: tuple[NamedMisconception, ...] = ()
    passes: bool = False
    further: bool = False
    case: Case | None = None
    changes: tuple[Change, ...] = ()


AS_IT_IS = PutRight()


def causes_beside(case: Case, known: AnswerSide, put_right: PutRight) -> tuple[NamedMisconception, ...]:
    """Return the names that explain a program beside its settings; these themselves where nothing else is wrong.

    A program of the author's may have just these settings: then its name says more. A pattern of numbers says nothing
    where settings made the numbers.
    """
    with np.errstate(all="ignore"):
        named = _authors(case, known)
    if named or put_right.case is None:
        return named or put_right.settings
    if put_right.passes:
        return put_right.settings
    found = diagnosed(put_right.case, known)
    # The program ran with what only the solution says: whatever it put into an exception or a gradient may be that.
    said = all(change.asked.said for change in put_right.changes)
    return found if said else tuple(each for each in found if each.hint.kind == "author-hint" or not each.hint.fields)


def diagnosed(case: Case, known: AnswerSide, only_known: bool = False) -> tuple[NamedMisconception, ...]:
    """Return the names that explain a check that did not pass, the likeliest first; none where nothing explains it.

    Args:
        only_known: name the author's wrong programs alone, where the program's numbers are not those that it was given.
    """
    # What a submission's numbers overflow to is no match; that needs no warning.
    with np.errstate(all="ignore"):
        if only_known:
            return _authors(case, known)
        found = _authors(case, known) or _shown(case) or _slips(case)
        return found or _true(case, _patterns(case) or _raises(case) or _source(case))


def meaning(case: Case) -> Finding | None:
    """Say what the exception means that a submission ended with; None where it did not, or nothing is known of it."""
    found = _explained(case)
    return None if found is None else found.hint


def _authors(case: Case, known: AnswerSide) -> tuple[NamedMisconception, ...]:
    behaviours = [
        [behaviour_of(case.check, observation, case.source) for observation in observations]
        for observations in case.observations
    ]
    found = [
        wrong
        for wrong in known.wrong
        if _behaves_as(case, behaviours, wrong) and _shares_means(case, known, wrong) and _may_be(case, known, wrong)
    ]
    most = max((_specificity(case.check, wrong) for wrong in found), default=0)
    found = [wrong for wrong in found if _specificity(case.check, wrong) == most]
    if len(found) > 1:
        mine, right = habits_of(case.source), habits_of(known.solution)
        found.sort(key=lambda wrong: -_nearness(mine ^ right, habits_of(wrong.source) ^ right))
    names: dict[str, NamedMisconception] = {}
    for wrong in found:
        hint = finding("author-hint", text=wrong.program.hint)
        names.setdefault(wrong.program.name, NamedMisconception(wrong.program.name, hint))
    return _true(case, tuple(names.values()))


def _specificity(check: Check, wrong: KnownWrong) -> int:
    first = wrong.seen[0][0].single.observation
    return sum(item.specificity(first) for item in comparisons(check))


def _behaves_as(case: Case, behaviours: Sequence[Sequence[Behaviour]], wrong: KnownWrong) -> bool:
    """Whether a submission is like a wrong program under every signature, or under another one than that has."""

    def same(mine: Sequence[Behaviour], its: Sequence[Seen]) -> bool:
        return matches(case.check, mine, its, case.expected)

    if all(same(mine, its) for mine, its in zip(behaviours, wrong.seen, strict=True)):
        return True
    pairs = product(enumerate(behaviours), enumerate(wrong.seen))
    return any(here != there and same(mine, its) for (here, mine), (there, its) in pairs)


def _shares_means(case: Case, known: AnswerSide, wrong: KnownWrong) -> bool:
    """Where both gave nothing at all, whether the submission does what makes the wrong program wrong: prints, say."""
    if any(by_numbers(case.check, its) for its in wrong.seen):
        return True
    return built_in_of(wrong.source) - built_in_of(known.solution) <= built_in_of(case.source)


def _may_be(case: Case, known: AnswerSide, wrong: KnownWrong) -> bool:
    """Whether the source may have the wrong program's idea, where behaviour tells little.

    Many ideas raise one exception, or leave a training as far from its goal. Then something of what sets that program
    apart has to be there; of a training all of it.
    """
    failures = [seen.single.failure for its in wrong.seen for seen in its]
    raised = all(failure is not None and failure[0] == "raised" for failure in failures)
    if case.check.data is None and not raised:
        return True
    right = habits_of(known.solution)
    its, mine = habits_of(wrong.source) ^ right, habits_of(case.source) ^ right
    if raised:
        general = _explained(case)
        # What the exception says by itself is said in the author's words.
        said = general is not None and general.name == wrong.program.name
        return said or not its or not its.isdisjoint(mine)
    if isinstance(known.solution, Digest):
        # A students' copy does not know what else sets a program apart from the solution.
        return its <= mine
    # Of a training there is too little left to go by where words do not tell.
    return its <= mine and (bool(its) or not mine)


def _nearness(mine: frozenset[str], its: frozenset[str]) -> float:
    """Return how much of what sets two programs apart from the solution they share, from 0 to 1 (Jaccard index)."""
    return len(mine & its) / len(mine | its) if mine | its else 1.0


def _shown(case: Case) -> tuple[NamedMisconception, ...]:
    """Name what an observation shows by itself: the type of a tensor, say."""
    return _named([each for item in comparisons(case.check) for each in item.patterns(case.observations[case.best])])


def _slips(case: Case) -> tuple[NamedMisconception, ...]:
    return slips_of(case.check, case.source, case.observations[case.best])


def _true(case: Case, names: Sequence[NamedMisconception]) -> tuple[NamedMisconception, ...]:
    """Return the names for which the program has what they are about."""
    raised = next((each.raised for each in case.observations[case.best] if each.raised is not None), None)
    kept = [each if agrees(each.name, case.source, raised) else instead(each.name, case.source) for each in names]
    true = {each.name: each for each in kept if each is not None}
    return told_apart(tuple(true.values()), case.check, case.source)


def _patterns(case: Case) -> tuple[NamedMisconception, ...]:
    for observations in sorted(
        case.observations, key=lambda observations: observations is not case.observations[case.best]
    ):
        if any(observation.run.stop is not None or observation.raised is not None for observation in observations):
            continue
        arguments = (case.check, observations, case.expected, case.numbers)
        if case.check.data is not None:
            from grader.core.diagnose.reach_patterns import patterns_of_reach

            found = patterns_of_reach(case.check, observations[0], case.expected[0][0], rescales(case.source))
            return _named(list(found))
        patterns = patterns_of_calls(*arguments) or patterns_of_training(*arguments)
        if patterns:
            return _named(patterns)
    return ()


def _named(patterns: Sequence[Pattern | Explained]) -> tuple[NamedMisconception, ...]:
    return tuple(
        {pattern.name: NamedMisconception(pattern.name, pattern.hint) for pattern in patterns if pattern.name}.values()
    )


def _raises(case: Case) -> tuple[NamedMisconception, ...]:
    found = _explained(case)
    return () if found is None else _named([found])


def _explained(case: Case) -> Explained | None:
    for observation in case.observations[case.best]:
        raised = observation.raised
        if raised is not None:
            return explained(
                raised,
                role_of(case.source, raised.line),
                _steps_before(observation),
                lambda name, raised=raised: agrees(name, case.source, raised),  # type: ignore[misc]
            )
    return None


def _steps_before(observation: Observation) -> int:
    ran = observation.run.ran
    if ran is None or ran.raised is None:
        return 0
    return -1 if ran.trace is None else ran.trace.count


def _source(case: Case) -> tuple[NamedMisconception, ...]:
    """Name what the source shows, where the observation shows it as well."""
    observations = case.observations[case.best]
    printed = any("<built-in method" in observation.run.stdout for observation in observations)
    outputs = asks(case.check.compare, "output")
    values = [value for observation in observations if observation.called for value in observation.called.values]
    method = any(value.type_name == "builtin_function_or_method" for value in values)
    if ((printed and outputs) or method) and uncalled_item(case.source):
        hint = finding("method-not-called")
        return (NamedMisconception("item-not-called", hint),)
    if return_in_loop(case.source) and any(_short(*pair) for pair in zip(observations, case.expected, strict=True)):
        hint = finding("loop-left-at-once")
        return (NamedMisconception("returned-in-loop", hint),)
    return ()


def _short(observation: Observation, expected: tuple[Expected, ...]) -> bool:
    """Whether a training stopped too early: fewer backward calls, or values of a variable, than there should be."""
    ran, ours = observation.run.ran, expected[0].observation.run.ran
    if ran is None or ours is None:
        return False
    if ran.trace is not None and ours.trace is not None and ours.trace.count:
        return 0 < ran.trace.count < ours.trace.count
    return ran.stores is not None and ours.stores is not None and 1 < ran.stores.size < ours.stores.size
