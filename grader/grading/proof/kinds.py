"""How each kind of exercise is proved."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from grader.core.course.checks.author_tests import Tested
from grader.core.course.exercise import Coded, Mixed, Stated, Work
from grader.core.course.facets import Facets
from grader.core.course.questions import Questions
from grader.core.proof.findings import Finding, HoldsNothing, ProgramSeen
from grader.core.proof.programs import seed_findings, structure_findings
from grader.core.proof.solution import draw_findings, reference_findings
from grader.core.proof.stated import nearest_mistake, stated_findings, variants_findings
from grader.core.proof.weak_tests import cheat_findings
from grader.core.proof.words import question_findings
from grader.core.words.errors import Position
from grader.grading.judge.answer_key import Known
from grader.grading.judge.diagnosing import observe_wrong
from grader.grading.judge.kinds.mixed import KnownMixed
from grader.grading.judge.kinds.questions import KnownQuestions
from grader.grading.judge.kinds.stated import KnownStated
from grader.grading.judge.kinds.tested import KnownTested
from grader.grading.judge.programs import KnownCoded
from grader.grading.judge.reference import reference
from grader.grading.judge.steps import Steps, without_runs
from grader.grading.proof.cheats import passed_by_cheats, place_of_test
from grader.grading.proof.check_task import CheckTask, known_on
from grader.grading.proof.programs import as_judged, closely, on_draw, on_more_draws
from grader.grading.proof.proof import Proof
from grader.grading.proof.rule_names import misspelt_rules
from grader.grading.proof.solution import of_solution

W = TypeVar("W", bound=Work)
K = TypeVar("K", bound=Known)
S = TypeVar("S")
Places = Mapping[str, Position]
Languages = tuple[str, ...]
Answers = dict[str, float]
_TOLD_ONCE = frozenset({"tolerance-too-wide", "kink-unavoidable", "right-disagrees", "goal-out-of-reach"})
_MANY = 10**6
# A draw of a training is one of its data, and costs the solution five trainings.
_MOST_OF_TRAININGS = 4
OfPrograms = list[Finding | ProgramSeen | HoldsNothing]


class KindProof(ABC, Generic[W, K, S]):
    """How exercises of one kind are proved: their work, what is kept of them, and what a worker has seen of them."""

    @abstractmethod
    def steps(self, task: CheckTask, known: K) -> Steps[S]:
        """Do what the task asks for, on a worker."""

    @abstractmethod
    def findings(self, work: W, seen: S, places: Places) -> Iterable[Finding]:
        """Return what there is to mend by what a worker has seen."""

    @abstractmethod
    def take_in(self, proof: Proof, work: W, seen: S) -> None:
        """Add to the proof what a worker has seen."""

    def most_draws(self, _work: W) -> int:
        """Return on how many draws it is proved at most."""
        return _MANY

    @abstractmethod
    def of_files(self, work: W, seed: bytes, places: Places, languages: Languages) -> Iterator[Finding]:
        """Yield what the exercise's own files show by themselves."""


class StatedProof(KindProof[Stated, KnownStated, Answers]):
    """Numbers: autograd's answers are held to finite differences, and to what mistakes give."""

    def steps(self, _task: CheckTask, known: KnownStated) -> Steps[Answers]:
        return dict((yield from reference(known.observer)))

    def findings(self, work: Stated, seen: Answers, places: Places) -> Iterable[Finding]:
        return stated_findings(work, seen, places)

    def take_in(self, proof: Proof, work: Stated, seen: Answers) -> None:
        proof.findings += self.findings(work, seen, proof.places)
        proof.findings += variants_findings(work, proof.exercise.id, proof.places)
        off = [nearest_mistake(work, ask, seen[ask.name]) for ask in work.asks]
        proof.mistake = min((each for each in off if each is not None), default=None)

    def of_files(self, _work: Stated, _seed: bytes, _places: Places, _languages: Languages) -> Iterator[Finding]:
        return iter(())


class ProgramProof(KindProof[W, K, OfPrograms]):
    """Programs: those of the author's side are judged, and each must do as its role says."""

    def findings(self, _work: W, seen: OfPrograms, _places: Places) -> Iterable[Finding]:
        return [each for each in seen if isinstance(each, Finding)]

    def take_in(self, proof: Proof, work: W, seen: OfPrograms) -> None:
        proof.findings += self.findings(work, seen, proof.places)
        proof.seen += [each for each in seen if isinstance(each, ProgramSeen)]


class CodedProof(ProgramProof[Coded, KnownCoded]):
    """Programs that are held to the solution: it is looked at as well, and other draws are tried."""

    def steps(self, task: CheckTask, known: Known) -> Steps[OfPrograms]:
        whole, known = known, KnownCoded.of(known)
        told: OfPrograms = list(reference_findings((yield from reference(known.observer))))
        # Nothing is held to what everything passes.
        wide = any(isinstance(each, HoldsNothing) for each in told)
        if task.observe:
            if not wide:
                yield from _observe(known, task.observe)
            return []
        if not task.programs:
            told += yield from misspelt_rules(known, known.work)
            return told if wide else [*told, *(yield from of_solution(known))]
        if task.draw:
            return told if wide else [*told, *seed_findings(task.draw, (yield from on_draw(known, task.programs)))]
        if wide:
            return []
        found: OfPrograms = []
        for program in task.programs:
            seen = yield from closely(whole, program)
            found.append(seen)
            if seen.lost is not None and task.more:
                draws = [known_on(task.key, draw) for draw in task.more]
                again = yield from on_more_draws(draws, program, seen.lost.name)
                for draw, each in zip(task.more, again, strict=False):
                    found += seed_findings(draw, [each])
        return found

    def findings(self, work: Coded, seen: OfPrograms, places: Places) -> Iterable[Finding]:
        wide = (each for each in seen if isinstance(each, HoldsNothing))
        return [
            *super().findings(work, seen, places),
            *(Finding(each.name, places[each.check], each.message) for each in wide),
        ]

    def take_in(self, proof: Proof, work: Coded, seen: OfPrograms) -> None:
        super().take_in(proof, work, seen)
        # What is so on every draw is told once.
        first = {(each.name, each.at): each for each in reversed(proof.findings) if each.name in _TOLD_ONCE}
        proof.findings[:] = [
            each for each in proof.findings if each.name not in _TOLD_ONCE or each is first[each.name, each.at]
        ]

    def most_draws(self, work: Coded) -> int:
        return _MANY if all(check.data is None for check in work.checks) else _MOST_OF_TRAININGS

    def of_files(self, work: Coded, seed: bytes, places: Places, _languages: Languages) -> Iterator[Finding]:
        yield from structure_findings(work.checks, places)
        for check in work.checks:
            yield from draw_findings(check, seed, places[check.name])


class TestedProof(ProgramProof[Tested, KnownTested]):
    """Programs that are put to the author's tests; and these, that are put to cheats."""

    def steps(self, task: CheckTask, known: KnownTested) -> Steps[OfPrograms]:
        if not task.programs:
            passed = yield from passed_by_cheats(known)
            cheats = cheat_findings(passed, {each.test: place_of_test(known.work, each.test) for each in passed})
            return [*cheats, *(yield from misspelt_rules(known, known.work))]
        found: OfPrograms = []
        for program in task.programs:
            found.append((yield from as_judged(known, program)))
        return found

    def of_files(self, _work: Tested, _seed: bytes, _places: Places, _languages: Languages) -> Iterator[Finding]:
        return iter(())


class MixedProof(ProgramProof[Mixed, KnownMixed]):
    """Programs that are held to the solution and put to the author's tests: each part is proved as it is by itself."""

    _coded, _tested = CodedProof(), TestedProof()

    def steps(self, task: CheckTask, known: KnownMixed) -> Steps[OfPrograms]:
        found = yield from self._coded.steps(task, known)
        if task.programs or task.observe:
            return found
        of_tests = yield from self._tested.steps(task, known.tested)
        return [*found, *(each for each in of_tests if each not in found)]

    def findings(self, work: Mixed, seen: OfPrograms, places: Places) -> Iterable[Finding]:
        return self._coded.findings(work.coded, seen, places)

    def take_in(self, proof: Proof, work: Mixed, seen: OfPrograms) -> None:
        self._coded.take_in(proof, work.coded, seen)

    def most_draws(self, work: Mixed) -> int:
        return self._coded.most_draws(work.coded)

    def of_files(self, work: Mixed, seed: bytes, places: Places, languages: Languages) -> Iterator[Finding]:
        return self._coded.of_files(work.coded, seed, places, languages)


class QuestionsProof(KindProof[Questions, KnownQuestions, tuple[()]]):
    """Words: the author's files say it all, and nothing has to be run."""

    def steps(self, _task: CheckTask, _known: KnownQuestions) -> Steps[tuple[()]]:
        return without_runs(())

    def findings(self, _work: Questions, _seen: tuple[()], _places: Places) -> Iterable[Finding]:
        return ()

    def take_in(self, _proof: Proof, _work: Questions, _seen: tuple[()]) -> None:
        pass

    def of_files(self, work: Questions, _seed: bytes, places: Places, languages: Languages) -> Iterator[Finding]:
        return question_findings(work, places, languages)


def _observe(known: KnownCoded, name: str) -> Steps[None]:
    """Observe the wrong programs at a check, for all that are judged later."""
    references = yield from reference(known.observer)
    checks = [check for check in known.drawn.work.checks if check.name == name]
    yield from observe_wrong(known.wrong, checks, references)


PROOFS: Facets[KindProof[Any, Any, Any]] = Facets(
    {
        Stated: StatedProof(),
        Coded: CodedProof(),
        Tested: TestedProof(),
        Mixed: MixedProof(),
        Questions: QuestionsProof(),
    }
)
