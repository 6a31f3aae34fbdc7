"""How often the grader names what went wrong: over all wrong programs and all wrong values of the course.

    python bench/diagnosis.py [EXERCISE…]

Every wrong program is judged four times: with the author's whole list, with the program itself taken out of it, with
all programs of its name taken out, and with general forms alone. Every wrong value that one broken idea gives is put to
the exercise that it belongs to. An answer is right where a true name (the program's own, or one that its author says is
as true) is in the first tie; beside it stand how large ties are and how many are of one name. Right programs must be
given no name at all.

Two further tables are of programs that differ in two things, judged as the product judges them: see `second.py`.

What naming costs is measured on a class, in one process with a warm box, as a worker of `course grade` does it: first
where no wrong program has been observed yet, then where all are remembered.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from batch import class_of
from second import SECOND, Judge, of_programs, print_outcomes, with_second_differences

from grader.core.course.exercise import Check, Coded, Exercise, Stated
from grader.core.diagnose.diagnose import AnswerSide
from grader.core.diagnose.wrong_programs import KnownWrong, WrongProgram
from grader.core.judge.judge import judge_case
from grader.core.judge.shows import with_diagnosis, with_evidence
from grader.core.program.source import Source, read_source
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.jobs import Job
from grader.core.run.observation import Run
from grader.core.run.plan import program_jobs
from grader.core.stated.judge import ask_allowed, judge_asks
from grader.core.stated.mistakes import all_ideas
from grader.grading.batch.task import Task, close_boxes, judge_task, packed, unpacked
from grader.grading.judge import diagnosing, drivers
from grader.grading.judge.answer_key import AnswerKey, practice_key
from grader.grading.judge.diagnosing import observe_wrong
from grader.grading.judge.drivers import InTurn, driven
from grader.grading.judge.kinds.coded import CodedKind
from grader.grading.judge.reference import reference
from grader.sandbox.choose import make_box
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import CourseFiles, find_course

ROOT = Path(__file__).parent.parent
_KINDS = ("whole list", "itself out", "own name out", "forms alone")
_STUDENTS = 120


@dataclass
class Tally:
    """What became of a number of wrong submissions."""

    right: int = 0
    wrong: int = 0
    silent: int = 0
    sizes: list[int] = field(default_factory=list)

    def add(self, names: Sequence[str], true: set[str]) -> None:
        if not names:
            self.silent += 1
            return
        self.sizes.append(len(names))
        if true & set(names):
            self.right += 1
        else:
            self.wrong += 1

    def __str__(self) -> str:
        count = self.right + self.wrong + self.silent
        if not count:
            return f"{'–':>30}"
        ties = sum(self.sizes) / len(self.sizes) if self.sizes else 0.0
        alone = sum(size == 1 for size in self.sizes) / len(self.sizes) if self.sizes else 0.0
        return f"{self.right / count:6.1%} {self.silent:4} {self.wrong:4} {ties:5.2f} {alone:5.0%}"


@dataclass
class Spent:
    """Seconds inside of what is watched."""

    seconds: float = 0.0

    def watch(self, owner: object, name: str) -> None:
        inner = getattr(owner, name)

        def watched(*arguments: object, **named: object) -> object:
            begun = time.perf_counter()
            try:
                return inner(*arguments, **named)
            finally:
                self.seconds += time.perf_counter() - begun

        setattr(owner, name, watched)


class Bench:
    """One exercise's programs, judged in one warm box."""

    def __init__(self, files: CourseFiles, exercise: Exercise, box: Sandbox) -> None:
        self.key: AnswerKey = practice_key(files, exercise, b"bench/diagnosis")
        assert isinstance(exercise.work, Coded)
        self.work = exercise.work
        known = CodedKind().known(self.key, exercise.work)
        self.box = box
        run = InTurn(lambda: box)
        self.references = driven(reference(known.observer), run)
        self.wrong = known.wrong
        driven(observe_wrong(self.wrong, self.work.checks, self.references), run)

    def first_wrong(self, source: Source, kept: Sequence[Callable[[KnownWrong], bool]]) -> list[CheckResult | None]:
        """Return the first check that does not pass, diagnosed with each part of the author's list; None where none."""
        for check in self.work.checks:
            runs = self._runs(program_jobs(check, source.text, source.filename, self.key.seed, self.work))
            if self._judged(check, source, runs, None).verdict is Verdict.PASS:
                continue
            return [self._judged(check, source, runs, self._side(check, keep)) for keep in kept]
        return [None] * len(kept)

    def _side(self, check: Check, keep: Callable[[KnownWrong], bool]) -> AnswerSide:
        whole = self.wrong.answer_side(check)
        return replace(whole, wrong=[known for known in whole.wrong if keep(known)])

    def _judged(self, check: Check, source: Source, runs: Sequence[Run], side: AnswerSide | None) -> CheckResult:
        held_to = self.references[check.name]
        result, case = judge_case(check, self.work, source, self.key.seed, runs, held_to)
        if side is None or case is None:
            return result
        seen, departure = with_evidence(result, case)
        return with_diagnosis(seen, case, departure, side)

    def _runs(self, jobs: Sequence[Job]) -> list[Run]:
        return [self.box.run(job) for job in jobs]


def programs(bench: Bench) -> Iterator[tuple[WrongProgram, list[CheckResult | None]]]:
    """Yield each wrong program with its first wrong check, diagnosed in four ways."""
    for program in bench.key.wrong:
        source = read_source(program.source, "submission.py")
        assert isinstance(source, Source)
        kept = [
            lambda known: True,
            lambda known, own=program: known.program != own,
            lambda known, own=program: known.program.name != own.name,
            lambda known: False,
        ]
        yield program, bench.first_wrong(source, kept)


def values(exercise: Exercise) -> Iterator[tuple[str, list[str]]]:
    """Yield the name behind each wrong value of an exercise, with the names that it is told by."""
    work = exercise.work
    assert isinstance(work, Stated)
    answers = {ask.name: work.graph.answer(ask.question, work.at) for ask in work.asks}
    for ask in work.asks:
        right = answers[ask.name]
        for idea in all_ideas(work.graph, work.at, ask.question):
            if abs(idea.value - right) <= ask_allowed(ask, right):
                continue
            results = judge_asks(work, {**answers, ask.name: idea.value}, answers, reveal=False)
            result = next(result for result in results if result.name == ask.name)
            yield idea.name, [named.name for named in result.causes]


def rights(files: CourseFiles, exercise: Exercise, bench: Bench) -> list[str]:
    """Return the right programs that are given a name, or no full marks."""
    folder = files.root / "solutions" / exercise.id
    found = []
    for path in [folder / "solution.py", *sorted((folder / "right").glob("*.py"))]:
        source = read_source(path.read_bytes(), path.name)
        assert isinstance(source, Source)
        (result,) = bench.first_wrong(source, [lambda known: True])
        if result is not None:
            names = ", ".join(named.name for named in result.causes) or "no name"
            found.append(f"{path.relative_to(ROOT)}: {result.name} {result.verdict.value} ({names})")
    return found


def further(files: CourseFiles, box: Sandbox, wanted: Iterable[str]) -> None:
    """Print what real programs are named, and those of the list with a second difference; right ones have no name."""
    judges = cache(lambda exercise: Judge(files, files.exercise(exercise), box))
    real = list(of_programs(judges))
    print("programs as they were handed in: first name")
    print_outcomes("programs/", [each for each in real if each.true])
    for each in real:
        print(
            f"    {each.outcome:6} {each.about}: {', '.join(each.first) or '-'} ({', '.join(each.true) or 'no name'})"
        )
        assert each.true or not each.first, f"{each.about} is given a name"
    print("wrong programs with a second difference: first name")
    exercises = [files.exercise(each) for each in wanted]
    found = [
        pair for each in exercises if isinstance(each.work, Coded) for pair in with_second_differences(judges(each.id))
    ]
    for kind in SECOND:
        print_outcomes(kind, [named for each, named in found if each == kind])
    print_outcomes("all", [named for _, named in found])
    for _, named in found:
        if named.outcome != "right":
            print(f"    {named.outcome:6} {named.about}: {', '.join(named.first) or '-'}")


def what_naming_costs() -> None:
    """Judge a class with nothing remembered, and once more: what of the time goes into diagnosis?"""
    observing, naming = Spent(), Spent()
    # A reference is one program; more than one at a time are wrong programs.
    observing.watch(drivers, "_begin_ours")
    observing.watch(drivers, "_nth")
    naming.watch(diagnosing, "with_evidence")
    naming.watch(diagnosing, "with_diagnosis")
    files = find_course(ROOT)
    keys = {each.id: practice_key(files, each) for each in files.exercises() if isinstance(each.work, Coded)}
    works = [work for _, work in class_of(_STUDENTS, harsh=False) if work.exercise in keys and work.suffix == ".py"]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COURSE_CACHE"] = folder
        for when in ("nothing is remembered", "wrong programs are remembered"):
            observing.seconds = naming.seconds = 0.0
            begun = time.perf_counter()
            for work in works:
                task = Task(packed(keys[work.exercise]), work.text.encode(), f"{work.exercise}.py", "full", False)
                judge_task(task)
            spent = time.perf_counter() - begun
            close_boxes()
            unpacked.cache_clear()
            judging = spent - observing.seconds - naming.seconds
            print(
                f"{len(works)} programs of {_STUDENTS} students where {when}: judging {judging:.1f} s, observing wrong "
                f"programs {observing.seconds:.1f} s, naming {naming.seconds:.2f} s: diagnosis is "
                f"{(observing.seconds + naming.seconds) / judging:.1%} of judging (20 % allowed)"
            )


def main(wanted: Sequence[str]) -> None:
    files = find_course(ROOT)
    box = make_box("full", ["torch", "torch.optim"])
    rows: dict[str, list[Tally]] = {}
    by_name: dict[str, list[Tally]] = defaultdict(lambda: [Tally() for _ in _KINDS])
    silent: list[str] = []
    false: list[str] = []
    for exercise in files.exercises():
        if wanted and exercise.id not in wanted:
            continue
        tallies = rows[exercise.id] = [Tally() for _ in _KINDS]
        if isinstance(exercise.work, Stated):
            for name, names in values(exercise):
                tallies[-1].add(names, {name})
                by_name[name][-1].add(names, {name})
            continue
        bench = Bench(files, exercise, box)
        for program, results in programs(bench):
            assert results[0] is not None, f"{program.shown} gets full marks"
            for kind, result in enumerate(results):
                names = [named.name for named in result.causes] if result else []
                tallies[kind].add(names, {program.name, *program.also})
                by_name[program.name][kind].add(names, {program.name, *program.also})
                if not {program.name, *program.also} & set(names) and result is not None:
                    about = f"{program.shown} ({_KINDS[kind]}, {result.name}): {', '.join(names) or 'silent'}"
                    silent += [about] if kind == 0 or names else []
        false += rights(files, exercise, bench)
    further(files, box, rows)
    box.close()
    head = "   ".join(f"{kind:>28}" for kind in _KINDS)
    print(f"{'':32}{head}\n{'':32}" + "   ".join(["top-1 sil. miss  tie  alone"] * len(_KINDS)))
    for title, table in (("exercise", rows), ("misconception", dict(sorted(by_name.items())))):
        print(title)
        for name, tallies in table.items():
            print(f"  {name:30}" + "   ".join(f"{tally!s:>28}" for tally in tallies))
    total = [Tally(*(sum(getattr(t[kind], part) for t in rows.values()) for part in ("right", "wrong", "silent")),
                   [size for t in rows.values() for size in t[kind].sizes]) for kind in range(len(_KINDS))]  # fmt: skip
    print(f"{'all':32}" + "   ".join(f"{tally!s:>28}" for tally in total))
    for line in (*silent, *(f"NAMED THOUGH RIGHT: {each}" for each in false)):
        print(line)
    print(f"false names on right programs: {len(false)}")
    assert not false
    if not wanted:
        what_naming_costs()


if __name__ == "__main__":
    main(sys.argv[1:])
