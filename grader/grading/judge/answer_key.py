"""What submissions of one exercise are held to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from grader.core.course.draws.draw import PUBLIC_SEED, seed_for
from grader.core.course.exercise import Exercise, Work
from grader.core.course.variants import of_student
from grader.core.diagnose.wrong_programs import WrongProgram
from grader.core.findings.telling import told
from grader.core.judge.digests import JUDGING, declared_digest, judging_digest
from grader.core.program.source import Source, read_source
from grader.core.program.syntax import syntax_fault
from grader.core.report.finding import Finding
from grader.core.words.errors import CouldNotJudge, CourseInvalid, Fault, Position
from grader.core.words.message import Message, say
from grader.store.course.course_files import CourseFiles, shown
from grader.store.release.files import Released
from grader.store.release.folder import NAME

# What a seed is for. A new number burns the numbers that were seen under the one before.
_HIDDEN, _PUBLIC = "hidden/2", "public/2"


@dataclass(frozen=True)
class AnswerKey:
    """What submissions of one exercise are held to.

    Attributes:
        solution: the solution's source; b"" for stated values, whose reference is autograd on the graph.
        shown: how messages call the file that the reference comes from.
        seed: of the probes that decide.
        shown_seed: of the probes that all that is told comes from; the same one in practice, which decides nothing.
        judging: the digest of all that decides a mark.
        wrong: the author's wrong programs, which name what a submission gets wrong.
        released: in the students' copy, what stands for the solution and the author's other programs.
        right: the author's other right programs, by file: how far they are from the solution is allowed to everybody.
        closely: whether a program is run at what may be shown where it passes, too. One student waits for it; a class
            would wait for as much again.
    """

    exercise: Exercise
    solution: bytes
    shown: str
    seed: bytes
    shown_seed: bytes
    judging: str
    wrong: tuple[WrongProgram, ...] = ()
    released: Released | None = None
    right: tuple[tuple[str, bytes], ...] = ()
    closely: bool = False

    @property
    def shows_what_decides(self) -> bool:
        """Whether there is one set of probes only."""
        return self.seed == self.shown_seed

    def for_student(self, student: str) -> AnswerKey:
        """Return the key with a student's own numbers, where the exercise has such; it decides by the same digest."""
        return replace(self, exercise=of_student(self.exercise, student))

    def with_one_seed(self, seed: bytes) -> AnswerKey:
        """Return the key with one set of probes, drawn from this seed."""
        return replace(self, seed=seed, shown_seed=seed)

    def with_work(self, work: Work) -> AnswerKey:
        """Return the key of a part of the work. It decides by the same digest and the same seeds."""
        return replace(self, exercise=replace(self.exercise, work=work))

    def invalid(self, message: Message) -> CourseInvalid:
        """Return what is raised where the file that the reference comes from is not right."""
        return CourseInvalid([Fault(Position(self.shown), message)])

    def read_solution(self) -> Source:
        """Return the solution as it is read.

        Raises:
            CourseInvalid: where it cannot be.
        """
        source = read_source(self.solution, self.shown)
        if isinstance(source, Finding):
            raise self.invalid(told(source))
        fault = syntax_fault(source)
        if fault is not None:
            raise self.invalid(told(fault))
        return source


def answer_key(files: CourseFiles, exercise: Exercise, secret: bytes) -> AnswerKey:
    """Return what marks are held to. Its seeds are the same for every student and every re-run.

    Raises:
        CourseInvalid: where a program is asked and there is no solution.
        CouldNotJudge: in a students' copy that does not fit.
    """
    key = practice_key(files, exercise)
    return key if key.released else replace(key, seed=seed_for(secret, _HIDDEN, exercise.id, key.judging))


def practice_key(files: CourseFiles, exercise: Exercise, drawn_from: bytes = PUBLIC_SEED) -> AnswerKey:
    """Return what practice is held to: one set of probes, all of which may be shown.

    Raises:
        CourseInvalid, CouldNotJudge: as `answer_key` does.
    """
    solution = files.solution(exercise.id)
    released = files.released(exercise.id) if solution is None else None
    if released is not None:
        hold_release(released, exercise, files.root)
        wrong = tuple(program for program, _ in released.wrong)
        judging = released.exercise
        file, seed = f"{exercise.id}: {NAME}", released.seed
        return AnswerKey(exercise, b"", file, seed, seed, judging, wrong, released)
    if not exercise.work.by_program:
        # Its reference is autograd on the graph; a solution.py would be for people.
        shown = files.shown(files.root / "exercises" / exercise.id / "exercise.yaml")
        return _key_of(exercise, b"", shown, drawn_from)
    shown = files.shown(files.solution_path(exercise.id))
    if solution is None:
        message = say("solution.py is missing; submissions cannot be graded without it")
        raise CourseInvalid([Fault(Position(shown), message)])
    if not exercise.work.observed:
        return _key_of(exercise, solution, shown, drawn_from)
    right = tuple(files.programs(exercise.id, "right").items())
    return _key_of(exercise, solution, shown, drawn_from, files.wrong_programs(exercise.id), right)


def _key_of(
    exercise: Exercise,
    solution: bytes,
    shown: str,
    drawn_from: bytes,
    wrong: tuple[WrongProgram, ...] = (),
    right: tuple[tuple[str, bytes], ...] = (),
) -> AnswerKey:
    judging = judging_digest(exercise, solution, wrong, [content for _, content in right])
    seed = seed_for(drawn_from, _PUBLIC, exercise.id, judging)
    return AnswerKey(exercise, solution, shown, seed, seed, judging, wrong, right=right)


def hold_release(released: Released, exercise: Exercise, root: Path) -> None:
    """Hold what was released to the exercise's files and to this grader; `root` is where the copy lies.

    Raises:
        CouldNotJudge: where they do not fit; says what to do.
    """
    if released.exercise != declared_digest(exercise):
        raise CouldNotJudge(_not_as_released(exercise))
    if released.judging > JUDGING:
        raise CouldNotJudge(
            say(
                "these files were released by a newer version of the grader. Install the one that lies beside them: "
                "pip install {wheel}",
                wheel=_wheel_in(root),
            )
        )
    if released.judging < JUDGING:
        raise CouldNotJudge(
            say(
                "these files were released by an older version of the grader, which judged by other rules. Get the "
                "course's files again; your own work is in work/ and stays"
            )
        )


def _not_as_released(exercise: Exercise) -> Message:
    given = exercise.work.given_files
    if not given:
        return say(
            "exercises/{id}/exercise.yaml is not the one that was released, so its answers do "
            "not match. Get the course's files again; your own work in work/ stays",
            id=exercise.id,
        )
    return say(
        "in exercises/{id} one of these files is not the one that was released, so the answers do not match: {files}. "
        "Get the course's files again; your own work in work/ stays",
        id=exercise.id,
        files=", ".join(("exercise.yaml", *(file.name for file in given))),
    )


def _wheel_in(root: Path) -> str:
    """Return how a shell is told the grader beside the copy: pip, cmd and PowerShell know no names with a star."""
    found = sorted(root.glob("course_grader-*.whl"), key=lambda path: path.stat().st_mtime)
    return f'"{shown(found[-1])}"' if found else "course_grader-….whl"


@dataclass(frozen=True)
class Known:
    """What a process keeps of an exercise from one submission to the next. Each kind of exercise adds what it needs."""

    key: AnswerKey

    @property
    def held(self) -> Known:
        """What of it is held to the solution: all of it, where nothing else is said."""
        return self

    @property
    def seconds(self) -> float:
        """The time that the solution itself took, in all runs that submissions are held to; 0 where nobody knows."""
        return 0.0
