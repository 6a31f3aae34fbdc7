"""One part of the proof of an exercise, as a value that goes to a worker, and what the worker does with it."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import islice, product
from pathlib import Path

from grader.core.course.exercise import Check, Coded, Stated, Tested
from grader.core.course.sampling import seed_for
from grader.core.diagnose.diagnose import AnswerSide
from grader.core.findings.telling import told
from grader.core.judge.author_tests import author_tests_preloads
from grader.core.judge.explain import raised_finding
from grader.core.judge.judge import Reference, judge_check, skipped, why_void
from grader.core.program.source import Source
from grader.core.proof.findings import CheckSeen, Finding, Program, ProgramSeen
from grader.core.proof.programs import seed_findings
from grader.core.proof.solution import (
    DTYPES,
    RANDOM,
    dtype_finding,
    furthest,
    gradcheck_jobs,
    gradient_findings,
    has_gradient,
    line_of,
    random_finding,
    reseeded,
)
from grader.core.report import finding as report
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.observation import GradcheckJob, Job, Run, RunStatus
from grader.core.run.plan import preloads, program_jobs
from grader.core.words.errors import CouldNotJudge, CourseInvalid, Position
from grader.core.words.message import Message, say
from grader.grading.batch.task import Known, author_tests_in_turn, known_of, unpacked, warm_box
from grader.grading.judge.judge import AnswerKey, tested_against
from grader.grading.judge.judge_in_class import in_turn
from grader.grading.judge.reference import ReferenceObserver
from grader.grading.judge.wrong_programs import WrongObserver
from grader.grading.proof.mutation_task import MutationTask, Survivors, survivors
from grader.sandbox.port import Sandbox
from grader.store.students.programs import whole_program

# What a worker brings back: autograd's answers, what it found and how programs did, or which mutants live.
Outcome = dict[str, float] | list[Finding | ProgramSeen] | Survivors | CourseInvalid | CouldNotJudge


@dataclass(frozen=True)
class CheckTask:
    """A part of the proof.

    Attributes:
        key: an AnswerKey, pickled by us; the parts of one exercise share it.
        draw: the number of the draw. On the first one programs are judged closely, on the others all in one child.
        programs: to be judged; none asks for the solution itself, or for autograd's answers.
        more: draws on which a wrong program must fail as well.
        observe: a check at which the wrong programs are to be observed.
    """

    key: bytes
    isolation: str
    draw: int = 0
    programs: tuple[Program, ...] = ()
    more: tuple[int, ...] = ()
    observe: str = ""


@dataclass(frozen=True)
class _Observed:
    """What is known of an exercise whose reference is its solution."""

    key: AnswerKey
    observer: ReferenceObserver
    wrong: WrongObserver | None

    @property
    def work(self) -> Coded:
        assert isinstance(self.key.exercise.work, Coded)
        return self.key.exercise.work

    def references(self, box: Sandbox) -> dict[str, Reference]:
        return self.observer.checks(lambda jobs: _in_one_child(box, jobs))


@lru_cache(maxsize=64)
def _known(packed: bytes, draw: int) -> Known:
    first = unpacked(packed)
    return known_of(key_of_draw(first.key, draw)) if draw else first


def _observed(packed: bytes, draw: int) -> _Observed:
    known = _known(packed, draw)
    assert known.observer is not None
    return _Observed(known.key, known.observer, known.wrong)


def key_of_draw(key: AnswerKey, draw: int) -> AnswerKey:
    """Return the key with the numbers of one draw. They are the same on every machine: red here is red there."""
    seed = seed_for(b"course check %d" % draw, key.exercise.id, key.judging)
    return replace(key, seed=seed)


def check_outcome(task: CheckTask | MutationTask) -> Outcome:
    """Do one part. Whatever is raised is an outcome."""
    try:
        return survivors(task) if isinstance(task, MutationTask) else _done(task)
    except (CourseInvalid, CouldNotJudge) as error:
        return error
    except Exception as error:  # noqa: BLE001 - the boundary of a worker; what it cannot do is told
        place = traceback.extract_tb(error.__traceback__)[-1]
        words = f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"
        return CouldNotJudge(say("a bug of ours: {words}", words=words))


def _done(task: CheckTask) -> Outcome:
    known = _known(task.key, task.draw)
    work = known.key.exercise.work
    if isinstance(work, Tested):
        return [_by_tests(known.key, work, task.isolation, program) for program in task.programs]
    if isinstance(work, Stated):
        assert known.observer is not None
        return known.observer.answers(lambda jobs: in_turn(warm_box(task.isolation), jobs))
    return _of_checks(task, _observed(task.key, task.draw), work)


def _of_checks(task: CheckTask, known: _Observed, work: Coded) -> Outcome:
    sources = [source for each in task.programs if isinstance(source := _source(each), Source)]
    box = warm_box(task.isolation, preloads(work, known.observer.source, *(source.text for source in sources)))
    if task.observe:
        check = next(check for check in work.checks if check.name == task.observe)
        assert known.wrong is not None
        known.wrong.seen(check, known.references(box)[check.name], box.run_together)
        return []
    if not task.programs:
        return list(_solution(known, box))
    if task.draw:
        return list(seed_findings(task.draw, list(_side_by_side(known, box, task.programs))))
    return [each for program in task.programs for each in _on_all_draws(task, known, box, program)]


def _by_tests(key: AnswerKey, work: Tested, isolation: str, program: Program) -> ProgramSeen:
    """Put the author's tests to a program."""
    source = _source(program)
    if isinstance(source, report.Finding):
        return _unreadable(work, program, source)
    box = warm_box(isolation, author_tests_preloads(work, source.text))
    results = tested_against(key, work, source, box, author_tests_in_turn(box)).checks
    return ProgramSeen(program, tuple(_seen(_not_void(result), None) for result in results))


def _source(program: Program) -> Source | report.Finding:
    return whole_program(program.content, program.shown)


def _unreadable(work: Coded | Tested, program: Program, fault: report.Finding) -> ProgramSeen:
    return ProgramSeen(
        program, (CheckSeen(work.checks[0].name, Verdict.ERROR, RunStatus.CRASHED, message=told(fault)),)
    )


def _on_all_draws(task: CheckTask, known: _Observed, box: Sandbox, program: Program) -> Iterator[ProgramSeen | Finding]:
    """Yield how a program does on the first draw, and that a wrong one gets full marks on another."""
    source = _source(program)
    if isinstance(source, report.Finding):
        yield _unreadable(known.work, program, source)
        return
    seen = _closely(known, box, program, source)
    yield seen
    if seen.lost is not None:
        for draw in task.more:
            again = _lost_again(_observed(task.key, draw), box, program, source, seen.lost.name)
            yield from seed_findings(draw, [again])


def _closely(known: _Observed, box: Sandbox, program: Program, source: Source) -> ProgramSeen:
    """Judge every check as a student's are, and name what is wrong with a wrong program."""
    work, references = known.work, known.references(box)
    seed, results, seen = known.key.seed, dict[str, CheckResult](), list[CheckSeen]()
    # It is our own code: what one child came to do whole needs none of its own.
    shared = _shared(box, known, [source]) if program.role == "wrong" else {}
    for check in work.checks:
        needed = next((name for name in check.needs if results[name].verdict is not Verdict.PASS), None)
        if needed is not None:
            results[check.name] = skipped(check, needed)
            seen.append(_seen(results[check.name], None))
            continue
        runs = shared.get((0, check.name)) or _alone(box, known, source, check)
        reference = references[check.name]
        side = None
        if program.role == "wrong" and not any(each.named for each in seen):
            assert known.wrong is not None
            side = partial(known.wrong.seen, check, reference, box.run_together)
        result = results[check.name] = _judged(check, known, source, runs, reference, side)
        share = _share(check, runs)
        if program.role in ("solution", "right") and share > 0.3:
            # A machine that was busy with something else for a moment says nothing about the program.
            share = min(share, _share(check, _alone(box, known, source, check)))
        off = furthest(check, runs, seed, reference)
        seen.append(replace(_seen(result, off), share=share, raised=_raised(source, runs)))
    return ProgramSeen(program, tuple(seen))


def _alone(box: Sandbox, known: _Observed, source: Source, check: Check) -> list[Run]:
    return in_turn(box, program_jobs(check, source.text, source.filename, known.key.seed, known.work))


def _seen(result: CheckResult, off: float | None) -> CheckSeen:
    message = told(result.findings[0]) if result.findings and result.verdict is not Verdict.PASS else None
    named = tuple(each.name for each in result.causes)
    return CheckSeen(result.name, result.verdict, result.status, named, message, off)


def _in_one_child(box: Sandbox, jobs: Sequence[Job]) -> list[Run]:
    """Run jobs of our own code in one child; from where that ends early, in children of their own."""
    runs = [run for run in box.run_together(jobs) if run.status is RunStatus.COMPLETED]
    return [*runs, *in_turn(box, jobs[len(runs) :])]


def _shared(box: Sandbox, known: _Observed, sources: Sequence[Source]) -> dict[tuple[int, str], list[Run]]:
    """Return the runs that one child came to do whole, by place of the program and name of the check."""
    jobs = {
        (place, check.name): program_jobs(check, source.text, source.filename, known.key.seed, known.work)
        for (place, source), check in product(enumerate(sources), known.work.checks)
    }
    together = box.run_together([job for some in jobs.values() for job in some])
    runs = iter([run for run in together if run.status is RunStatus.COMPLETED])
    found = {part: list(islice(runs, len(some))) for part, some in jobs.items()}
    return {part: some for part, some in found.items() if len(some) == len(jobs[part])}


def _side_by_side(known: _Observed, box: Sandbox, programs: Sequence[Program]) -> Iterator[ProgramSeen]:
    """Yield how right programs do in one child; what one loses there is looked at once more in a child of its own."""
    references = known.references(box)
    # What cannot be read is told on the first draw.
    readable = [(program, source) for program in programs if isinstance(source := _source(program), Source)]
    shared = _shared(box, known, [source for _, source in readable])
    for place, (program, source) in enumerate(readable):
        for check in known.work.checks:
            runs = shared.get((place, check.name))
            if runs and _judged(check, known, source, runs, references[check.name]).verdict is Verdict.PASS:
                continue
            runs = _alone(box, known, source, check)
            result = _judged(check, known, source, runs, references[check.name])
            if result.verdict is not Verdict.PASS:
                yield ProgramSeen(program, (_seen(result, None),))
                break


def _lost_again(known: _Observed, box: Sandbox, program: Program, source: Source, name: str) -> ProgramSeen:
    """Return how a wrong program does on another draw: at the check that it lost, and at the others if it holds it."""
    references = known.references(box)
    for check in sorted(known.work.checks, key=lambda check: check.name != name):
        jobs = program_jobs(check, source.text, source.filename, known.key.seed, known.work)
        result = _judged(check, known, source, _in_one_child(box, jobs), references[check.name])
        if result.verdict is not Verdict.PASS:
            return ProgramSeen(program, (_seen(result, None),))
    return ProgramSeen(program, ())


def _judged(
    check: Check,
    known: _Observed,
    source: Source,
    runs: Sequence[Run],
    reference: Reference,
    side: Callable[[], AnswerSide] | None = None,
) -> CheckResult:
    return _not_void(judge_check(check, known.work, source, known.key.seed, runs, reference, side))


def _not_void(result: CheckResult) -> CheckResult:
    """Return the result of a check that we could judge.

    Raises:
        CouldNotJudge: where we could not.
    """
    if result.verdict is Verdict.VOID:
        raise CouldNotJudge(say("the program could not be run: {detail}", detail=why_void(result)))
    return result


def _share(check: Check, runs: Sequence[Run]) -> float:
    return max(max(run.usage.wall / check.limits.wall, run.usage.cpu / check.limits.cpu) for run in runs)


def _raised(source: Source, runs: Sequence[Run]) -> Message | None:
    of_runs = [run.ran.raised for run in runs if run.ran and run.ran.raised]
    of_loading = [raised for run in runs if run.loaded for raised in run.loaded.skipped]
    return next((told(raised_finding(raised, source)) for raised in (*of_runs, *of_loading)), None)


def _solution(known: _Observed, box: Sandbox) -> Iterator[Finding]:
    """Yield what is wrong with the solution by itself."""
    known.references(box)
    source, at = known.observer.program, Position(known.observer.program.filename)
    to_prove: list[tuple[Check, list[GradcheckJob]]] = []
    for check in known.work.checks:
        jobs = program_jobs(check, source.text, source.filename, known.key.seed, known.work, dtype="float64", ours=True)
        first = in_turn(box, jobs)
        again = jobs if "__future__" in source.text else tuple(reseeded(job, 1) for job in jobs)
        found = [
            random_finding(check, first, in_turn(box, again), line_of(source, RANDOM)),
            dtype_finding(check, first, "float64", line_of(source, DTYPES)),
        ]
        yield from (each for each in found if each is not None)
        # Of numbers that change from call to call, or of float32, there are no finite differences.
        if has_gradient(check) and not any(found):
            to_prove.append((check, gradcheck_jobs(jobs)))
    # In one child: what gradcheck imports takes longer than all that it does.
    runs = iter(_in_one_child(box, [job for _, some in to_prove for job in some]) if to_prove else ())
    for check, some in to_prove:
        yield from _gradients(check, list(islice(runs, len(some))), at)


def _gradients(check: Check, runs: Sequence[Run], at: Position) -> Iterator[Finding]:
    for run in runs:
        if run.status is RunStatus.SANDBOX_FAILED:
            raise CouldNotJudge(say("the solution could not be run: {detail}", detail=run.detail))
    yield from gradient_findings(check, runs, at)
